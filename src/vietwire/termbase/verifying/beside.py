"""Forms that a term has only beside another: 中美, "ministre indonésien de la Défense"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from vietwire.termbase.verifying import Span

#: The one character that stands for a country beside another's, by its approved name.
_CHARACTERS = {
    "越南": "越", "中国": "中", "美国": "美", "俄罗斯": "俄", "日本": "日", "韩国": "韩",
    "朝鲜": "朝", "印度": "印", "欧洲联盟": "欧", "欧洲": "欧", "英国": "英", "法国": "法",
    "德国": "德", "意大利": "意", "西班牙": "西", "荷兰": "荷", "瑞士": "瑞", "加拿大": "加",
    "澳大利亚": "澳", "新西兰": "新", "新加坡": "新", "泰国": "泰", "老挝": "老", "柬埔寨": "柬",
    "缅甸": "缅", "马来西亚": "马", "菲律宾": "菲", "文莱": "文", "古巴": "古", "墨西哥": "墨",
    "巴西": "巴", "巴基斯坦": "巴", "以色列": "以", "巴勒斯坦": "巴", "伊朗": "伊",
    "伊拉克": "伊", "土耳其": "土", "叙利亚": "叙", "乌克兰": "乌", "白俄罗斯": "白",
    "蒙古国": "蒙", "埃及": "埃", "沙特阿拉伯": "沙", "亚美尼亚": "亚", "阿塞拜疆": "阿",
    "哈萨克斯坦": "哈",
}  # fmt: skip
#: Those that a sentence may use though its source names the country in another way: Mỹ - Trung.
_USUAL = frozenset("越中美俄日韩朝印欧英法德澳")
#: Words that begin or end like such a character, and the day of a month.
_OTHERS = (
    "欧盟", "美洲", "亚洲", "澳门", "澳洲", "中东", "中部", "中央", "中心", "日益", "印尼",
    "其中", "集中", "当中",
)  # fmt: skip
_IN_OTHER_WORDS = re.compile(rf"{'|'.join((*_CHARACTERS, *_OTHERS))}|(?<=[\d今昨明近当次翌])\s?日")


#: What may stand between two such characters; the hyphen last, for a pattern.
_JOINTS = "、·—–-"


@cache
def _run(letters: frozenset[str]) -> re.Pattern[str]:
    one = f"[{''.join(sorted(letters))}]"
    return re.compile(rf"{one}(?:[{_JOINTS}]?{one})+")


def shortened(names: Iterable[str], target: str) -> dict[str, Span]:
    """Where approved Chinese names of countries stand as one character in 中美, 越欧, 美日印澳.

    Names that do not stand so are left out.
    """
    characters = {name: _CHARACTERS[name] for name in names if name in _CHARACTERS}
    characters = {name: letter for name, letter in characters.items() if letter in target}
    if not characters:
        return {}
    text = _IN_OTHER_WORDS.sub(lambda match: "\0" * len(match[0]), target)
    found: dict[str, Span] = {}
    for run in _run(_USUAL.union(characters.values())).finditer(text):
        if len(set(run[0]) - set(_JOINTS)) < 2:
            continue
        for name, character in characters.items():
            at = run[0].find(character)
            if at >= 0:
                found.setdefault(name, (run.start() + at, run.start() + at + 1))
    return found


#: What a country's name becomes before a hyphen and another's adjective, by its approved name.
_PREFIXES = {
    "en": {
        "China": "Sino", "France": "Franco", "United Kingdom": "Anglo", "Russia": "Russo",
        "India": "Indo", "Spain": "Hispano", "Italy": "Italo",
    },
    "fr": {
        "Chine": "sino", "France": "franco", "Royaume-Uni": "anglo|britannico", "Russie": "russo",
        "Inde": "indo", "Japon": "nippo", "États-Unis": "américano", "Vietnam": "vietnamo",
        "Allemagne": "germano", "Espagne": "hispano", "Italie": "italo",
    },
    "es": {
        "China": "sino|chino", "Francia": "franco", "Reino Unido": "anglo|británico",
        "Rusia": "ruso", "India": "indo", "Japón": "nipo", "Estados Unidos": "estadounidense",
        "Vietnam": "vietnamita", "Alemania": "germano", "España": "hispano", "Italia": "[ií]talo",
    },
    "ru": {
        "США": "американо", "Япония": "японо", "Франция": "франко", "Германия": "германо",
        "Великобритания": "англо", "Индия": "индо",
    },
}  # fmt: skip


def compounded(name: str, adjectives: Iterable[str], target: str, language: str) -> Span | None:
    """Where a country stands in an adjective of two: sino-vietnamien, российско-вьетнамский."""
    if "-" not in target:
        return None
    pattern = _compound(name, tuple(adjectives), language)
    found = pattern.search(target) if pattern else None
    return found.span() if found else None


@lru_cache(maxsize=1024)
def _compound(name: str, adjectives: tuple[str, ...], language: str) -> re.Pattern[str] | None:
    prefix = _PREFIXES.get(language, {}).get(name, "")
    first, second = [prefix] if prefix else [], []
    if language == "ru":
        stems = [
            re.escape(a.removesuffix("ий")) for a in adjectives if a.endswith(("ский", "цкий"))
        ]
        first += [f"{stem}о" for stem in stems]
        second = [rf"(?<=о-){stem}[а-я]{{1,3}}(?!\w)" for stem in stems]
    options = [*(rf"(?<![\w-])(?:{form})(?=-[^\W\d])" for form in first), *second]
    return re.compile("|".join(options), re.IGNORECASE) if options else None


#: What goes on with an office after the adjective of a country.
_GOES_ON = re.compile(r"(?P<head>[^\W\d_][\w-]*) (?P<rest>(?:de|du|des|del|d['’])\b.+)")


def with_adjectives(forms: Iterable[str], adjectives: Iterable[str]) -> Iterator[str]:
    """An office's French or Spanish forms with a country's adjective after the first word.

    "ministre des Affaires étrangères" beside "indonésien" is "ministre indonésien des Affaires
    étrangères".
    """
    derived = tuple(adjectives)
    for form in forms:
        match = _GOES_ON.fullmatch(form)
        if match is not None:
            yield from (f"{match['head']} {adjective} {match['rest']}" for adjective in derived)


_ENGLISH = re.compile(r"(?:an|ese|ish|i|iot|eek|ech|ine|ene|ar|[dg]er)$")
#: What the name of a country has after the name of its people: Uzbekistan, Slovakia, Turkey.
_AFTER_THE_PEOPLE = frozenset(("stan", "istan", "ia", "ey", "land"))


def is_adjective(form: str, name: str, language: str) -> bool:
    """Whether a form that the table accepts for a place's name is its adjective or its people.

    By its small letter, which English does not tell adjectives by: there by its ending, which is
    not that of another spelling of the name (Teheran).
    """
    if " " in form or form == name:
        return False
    if language != "en":
        return form[:1].islower() and name[:1].isupper()
    if form[-3:] == name[-3:]:
        return False
    return name.removeprefix(form) in _AFTER_THE_PEOPLE or (
        form[:2] == name[:2] and bool(_ENGLISH.search(form))
    )
