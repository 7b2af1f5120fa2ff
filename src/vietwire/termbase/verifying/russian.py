"""Russian by a morphological analyser: a phrase's head inflects, what depends on it stays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar, NamedTuple

from vietwire.termbase.verifying.phrases import Phrases, Word, is_acronym

_ORDINAL_ENDING = frozenset(
    [
        "й",
        "я",
        "е",
        "го",
        "му",
        "м",
        "ю",
        "х",
        "ми",
        "ой",
        "ый",
        "ая",
        "ое",
        "ые",
        "ого",
        "ому",
        "ом",
        "ую",
        "ых",
        "ым",
        "ыми",
        "ей",
        "его",
        "ему",
        "ем",
        "их",
        "им",
        "ими",
    ]
)
# Case endings that an undictionaried name takes (Фук, Фука, Фуку, Фуком).
_NAME_ENDINGS = ("а", "у", "ом", "ем", "е", "ы", "и", "я", "ю", "й", "ой", "ей", "ою", "ею")
_POS = {"NOUN": "NOUN", "ADJF": "ADJF", "PRTF": "ADJF", "NUMR": "NUMR"}


class Reading(NamedTuple):
    """One grammatical reading of a word form."""

    lemma: str
    pos: str
    case: str
    number: str
    gender: str


@cache
def _analyser() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=32768)
def readings(word: str) -> tuple[Reading, ...]:
    """The readings of a word (small letters), likeliest first; only those of dictionary words.

    Names that the dictionary lacks give none: guesses about them do more harm than good.
    """
    analyser = _analyser()
    parts = word.rsplit("-", 1)
    if not analyser.word_is_known(word) and not (
        len(parts) == 2 and analyser.word_is_known(parts[1])
    ):
        return ()
    found = []
    for parse in analyser.parse(word):
        tag = parse.tag
        if tag.POS in _POS:
            case = {"gen2": "gent", "acc2": "accs", "loc2": "loct"}.get(str(tag.case), tag.case)
            found.append(
                Reading(
                    parse.normal_form.replace("ё", "е"),
                    _POS[str(tag.POS)],
                    str(case),
                    str(tag.number),
                    str(tag.gender),
                )
            )
    return tuple(dict.fromkeys(found))


class Russian(Phrases):
    """Words agree with their head in case, number and gender; dependents stand as they are."""

    language = "ru"
    roman_numerals = True
    small_words = frozenset({"и", "в", "о", "по", "на", "с", "для", "до", "к"})
    conjunctions: ClassVar[dict[str, str]] = {"&": "и"}

    def word_key(self, text: str) -> str:
        return text.casefold().replace("ё", "е")

    def retouch(self, words: list[Word]) -> list[Word]:
        out: list[Word] = []
        at = 0
        while at < len(words):
            word = words[at]
            rest = words[at + 1 : at + 3]
            if (
                word.kind == "number"
                and len(rest) == 2
                and rest[0].kind == "hyphen"
                and rest[0].glued
                and rest[1].glued
                and rest[1].key in _ORDINAL_ENDING
            ):
                text = word.text + rest[0].text + rest[1].text
                out.append(
                    Word(text, word.key, word.start, rest[1].end, "number", True, word.glued)
                )
                at += 3
                continue
            if len(rest) == 2 and _compound(word, *rest):
                text = word.text + rest[0].text + rest[1].text
                key = f"{word.key}-{rest[1].key}"
                out.append(Word(text, key, word.start, rest[1].end, "word", False, word.glued))
                at += 3
                continue
            out.append(word)
            at += 1
        return out

    def ordinal_lemma(self, word: Word) -> str:
        if word.kind != "word" or word.key[:3] not in _ORDINAL_STEMS:
            return word.key
        for reading in readings(word.key):
            if reading.pos == "ADJF":
                return reading.lemma
        parses = _analyser().parse(word.key)
        return next((p.normal_form.replace("ё", "е") for p in parses if "Anum" in p.tag), word.key)

    def same(self, wanted: Word, given: Word) -> bool:
        if wanted.key == given.key:
            return True
        if is_acronym(wanted.text):
            return False
        if wanted.key[:2] != given.key[:2]:
            return False
        mine = readings(wanted.key)
        if not mine:
            named = wanted.text[0].isupper() and _declined_name(wanted.key, given.key)
            return named or _declined_adjective(wanted.key, given.key)
        lemmas = {r.lemma for r in mine}
        if any(r.lemma in lemmas for r in readings(given.key)):
            return True
        return wanted.text[0].isupper() and _declined_name(wanted.key, given.key)

    def agrees(self, pattern: Sequence[Word], given: Sequence[Word]) -> bool:
        roles = _roles(tuple(pattern))
        return _agree(pattern, given, roles)

    def decline(self, rendering: str, case: str) -> str:
        """A noun phrase that stands in the nominative in another ``case`` (gent, datv, accs ...).

        Its head, what agrees with it, and what is joined to it by "и" change; names after a title
        stand as they are. "" where the phrase cannot be put so: no noun, or one that is counted.
        """
        pattern = self.words(rendering)
        roles = _roles(pattern) if pattern else ()
        if _HEAD not in roles or _COUNTED in roles:
            return ""
        first = roles.index(_HEAD)
        head = pattern[first]
        parse = _parsed(head.key, "NOUN")
        if parse is None:
            return ""
        if "-" in head.text and case == "accs" and parse.tag.number == "plur":
            return ""  # страны-члены: living or not?
        out, at = "", 0
        for place, (word, role) in enumerate(zip(pattern, roles, strict=True)):
            form = word.text
            before = pattern[place - 1].key if place > first else ""
            if role in (_HEAD, _WITH_HEAD):
                form = _inflected(word, case, parse, noun=role == _HEAD)
            elif before in ("и", ",") and _nominative_only(word):
                if before == ",":  # another title, with words of its own
                    return ""
                form = _inflected(word, case, _parsed(word.key, "NOUN"), noun=True)
            elif word.ordinal and word.start < head.start:
                written = word.text[0].isdigit()
                form = (_ordinal if written else _ordinal_word)(word.text, case, parse)
            if not form:
                return ""
            out += rendering[at : word.start] + form
            at = word.end
        return out + rendering[at:]


def _nominative_only(word: Word) -> bool:
    """Whether a word is a noun that can be read as the nominative and not as the genitive."""
    cases = {r.case for r in readings(word.key) if r.pos == "NOUN"}
    return "nomn" in cases and "gent" not in cases


def _parsed(key: str, pos: str) -> Any:
    """The likeliest reading of a word as a noun or adjective in the nominative, or ``None``."""
    for parse in _analyser().parse(key):
        if _POS.get(str(parse.tag.POS)) == pos and parse.tag.case == "nomn":
            return parse
    return None


def _inflected(word: Word, case: str, head: Any, *, noun: bool) -> str:
    """A word that goes with ``head``, in ``case``; "" where the analyser cannot say."""
    parse = head if noun else _parsed(word.key, "ADJF") or _parsed(word.key, "NOUN")
    if parse is None:
        return ""
    wanted = {case, str(parse.tag.number)}
    if _POS.get(str(parse.tag.POS)) == "ADJF":
        wanted = {case, str(head.tag.number)}
        if head.tag.number == "sing":
            wanted.add(str(head.tag.gender))
        if case == "accs" and (head.tag.number == "plur" or head.tag.gender == "masc"):
            # living ones have the genitive's form
            wanted = (wanted - {"accs"}) | {"gent" if head.tag.animacy == "anim" else "nomn"}
    form = parse.inflect(wanted)
    if form is None:
        return ""
    text = str(form.word)
    if "ё" not in word.text:
        text = text.replace("ё", "е")
    return text[:1].upper() + text[1:] if word.text[:1].isupper() else text


def _ordinal_word(text: str, case: str, head: Any) -> str:
    """Вторая мировая война: второй, вторую."""
    word = Word(text, text.lower(), 0, len(text), "word")
    return _inflected(word, case, head, noun=False)


#: Endings of an ordinal in figures by case: masculine and neuter, feminine, plural.
_ORDINAL_ENDINGS = {
    "gent": ("го", "й", "х"),
    "datv": ("му", "й", "м"),
    "ablt": ("м", "й", "ми"),
    "loct": ("м", "й", "х"),
}


def _ordinal(text: str, case: str, head: Any) -> str:
    """37-й саммит: 37-го, 37-му ... as the head asks."""
    figures, _, ending = text.partition("-")
    if not ending:
        return text
    if case == "accs":
        if head.tag.animacy == "anim":
            return ""
        return f"{figures}-ю" if ending == "я" else text
    column = 2 if head.tag.number == "plur" else int(head.tag.gender == "femn")
    return f"{figures}-{_ORDINAL_ENDINGS[case][column]}"


def _compound(left: Word, hyphen: Word, right: Word) -> bool:
    """Whether three pieces are one word: премьер-министр, Южно-Китайское; not Лаос-Вьетнам."""
    if hyphen.kind != "hyphen" or not hyphen.glued or not right.glued:
        return False
    if left.kind != "word" or right.kind != "word" or left.key.isascii() or right.key.isascii():
        return False
    return right.text.islower() or left.key.endswith("о") or left.key in ("премьер", "вице")


_ORDINAL_STEMS = frozenset(
    [
        "вто",
        "тре",
        "чет",
        "пят",
        "шес",
        "сед",
        "вос",
        "дев",
        "дес",
        "оди",
        "две",
        "три",
        "сор",
        "пер",
        "два",
    ]
)


def _declined_name(name: str, given: str) -> bool:
    """Whether ``given`` is a case form of a name that the dictionary lacks, by its ending."""
    if name == given:
        return True
    stem = name[:-1] if name[-1] in "аяйь" else name
    if name[-1] in "оиуеёэюы":  # Токио, Хошимин is declined, Баку is not
        return False
    return given.startswith(stem) and given[len(stem) :] in (*_NAME_ENDINGS, "")


_ADJECTIVE_ENDINGS = frozenset(
    ("ий", "ого", "ому", "им", "ом", "ая", "ой", "ую", "ое", "ие", "их", "ими")
)


def _declined_adjective(adjective: str, given: str) -> bool:
    """Whether ``given`` is a form of an adjective that the dictionary lacks (бангкокский)."""
    stem = adjective.removesuffix("ий")
    return (
        adjective.endswith(("ский", "цкий"))
        and given.startswith(stem)
        and given[len(stem) :] in _ADJECTIVE_ENDINGS
    )


# What a word of a phrase does when the phrase inflects.
_FIXED, _HEAD, _WITH_HEAD, _LOOSE = "fixed", "head", "with head", "loose"
# What is counted (три столпа, трех столпах) changes in ways of its own.
_COUNTED = "counted"


@lru_cache(maxsize=8192)
def _roles(pattern: tuple[Word, ...]) -> tuple[str, ...]:
    """Each word's role: the first noun in the nominative is the head; adjectives before it that
    agree with it go with it; later nouns in the nominative (Республика Корея, a title and a name)
    may inflect or stand; everything else (genitives, what follows a preposition) stands as it is.
    """
    roles = [_FIXED] * len(pattern)
    if any(r.pos == "NUMR" for r in readings(pattern[0].key)):
        return (_COUNTED,) * len(pattern)
    head = _head(pattern)
    for at in range(len(pattern) if head is None else head):
        word = pattern[at]
        if word.kind == "word" and not is_acronym(word.text) and not readings(word.key):
            roles[at] = _LOOSE
    if head is None:
        # A phrase without a noun (объединённый) moves as one.
        for at, word in enumerate(pattern):
            if is_acronym(word.text) or word.kind != "word":
                continue
            if any(r.case == "nomn" for r in readings(word.key)):
                roles[at] = _WITH_HEAD
        return tuple(roles)
    roles[head] = _HEAD
    heads = [r for r in readings(pattern[head].key) if r.pos == "NOUN" and r.case == "nomn"]
    for at in range(head):
        if any(
            r.pos == "ADJF" and r.case == "nomn" and any(_together(h, r) for h in heads)
            for r in readings(pattern[at].key)
        ):
            roles[at] = _WITH_HEAD
    governed = False  # after a preposition or a genitive nothing is in the head's case
    for at in range(head + 1, len(pattern)):
        word = pattern[at]
        if word.kind != "word":
            continue
        if is_acronym(word.text):
            continue
        found = readings(word.key)
        if not found:
            if word.text[0].isupper():
                roles[at] = _LOOSE
            elif word.text.islower():
                governed = governed or word.key != "и"
            continue
        numbers = {h.number for h in heads}
        if not governed and any(r.case == "nomn" and (r.number in numbers) for r in found):
            adjective = any(r.pos == "ADJF" and r.case == "nomn" for r in found)
            genitive = any(r.pos == "NOUN" and r.case == "gent" for r in found)
            if not genitive or adjective or word.text[0].isupper():
                roles[at] = _LOOSE
                continue
        # "министр иностранных дел Фам Бинь Минь": a person's name is again in the head's case.
        named = word.text[0].isupper() and pattern[at - 1].text[0].isupper()
        if named and {"nomn"} <= {r.case for r in found} <= {"nomn", "accs"}:
            roles[at] = _LOOSE
            continue
        governed = True
    return tuple(roles)


def _head(pattern: Sequence[Word]) -> int | None:
    """The first noun in the nominative; what is a noun only at a pinch (старшие) comes last."""
    doubtful = None
    for at, word in enumerate(pattern):
        if word.kind != "word" or is_acronym(word.text):
            continue
        nominative = {r.pos for r in readings(word.key) if r.case == "nomn"}
        if nominative == {"NOUN"}:
            return at
        if "NOUN" in nominative and doubtful is None:
            doubtful = at
    return doubtful


def _together(noun: Reading, adjective: Reading) -> bool:
    if noun.case != adjective.case or noun.number != adjective.number:
        return False
    return noun.number == "plur" or noun.gender == adjective.gender or noun.gender == "None"


def _agree(pattern: Sequence[Word], given: Sequence[Word], roles: tuple[str, ...]) -> bool:
    head: list[Reading] | None = None
    for want, give, role in zip(pattern, given, roles, strict=True):
        if role == _FIXED and want.kind == "word" and want.key != give.key:
            return False
        if role == _HEAD:
            lemmas = {r.lemma for r in readings(want.key) if r.pos == "NOUN" and r.case == "nomn"}
            head = [r for r in readings(give.key) if r.pos == "NOUN" and r.lemma in lemmas]
            if not head:
                return want.key == give.key or not readings(give.key)
    with_head = [
        [r for r in readings(give.key) if r.pos == "ADJF"]
        for give, role in zip(given, roles, strict=True)
        if role == _WITH_HEAD
    ]
    if head is None:
        return _share(with_head)
    fitting = [
        noun
        for noun in head
        if all(any(_together(noun, adjective) for adjective in words) for words in with_head)
    ]
    if not fitting:
        return False
    for want, give, role in zip(pattern, given, roles, strict=True):
        if role == _LOOSE and want.key != give.key:
            lemmas = {r.lemma for r in readings(want.key)}
            cases = {r.case for r in readings(give.key) if r.lemma in lemmas}
            if cases and not cases & {noun.case for noun in fitting}:
                return False
    return True


def _share(words: list[list[Reading]]) -> bool:
    if not words:
        return True
    common = {(r.case, r.number) for r in words[0]}
    for later in words[1:]:
        common &= {(r.case, r.number) for r in later}
    return bool(common)
