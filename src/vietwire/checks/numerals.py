"""Number words and number formats of the six languages.

Tables of our own: no library known to us reads numbers in Vietnamese, Chinese and Russian (with its
cases) as well as in English, French and Spanish, and a draft needs one answer from all of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

#: What a word does to the number being read: adds a value, multiplies by ten or a hundred, scales.
ADD, TIMES, SCALE, LINK = "add", "times", "scale", "link"


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in running text; ``values`` has two where its format leaves a doubt."""

    values: tuple[float, ...]
    start: int
    end: int
    spelled: bool
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    does: str
    value: float
    ordinal: bool = False


def _pairs(listed: str) -> Iterator[tuple[str, float]]:
    for item in listed.split():
        word, value = item.split("=")
        for form in word.split("/"):
            yield form, float(value)


def _table(
    add: str = "", times: str = "", scale: str = "", link: str = "", ordinal: str = ""
) -> dict[str, _Word]:
    table = {word: _Word(ADD, value) for word, value in _pairs(add)}
    table |= {word: _Word(TIMES, value) for word, value in _pairs(times)}
    table |= {word: _Word(SCALE, value) for word, value in _pairs(scale)}
    table |= {word: _Word(LINK, 0) for word in link.split()}
    table |= {word: _Word(ADD, value, True) for word, value in _pairs(ordinal)}
    return table


_VI = _table(
    add="một/mốt=1 hai/đôi=2 ba=3 bốn/tư=4 năm/lăm=5 sáu=6 bảy/bẩy=7 tám=8 chín=9 mười=10",
    times="mươi=10 chục=10 trăm=100",
    scale="nghìn/ngàn=1e3 vạn=1e4 triệu=1e6 tỷ/tỉ=1e9",
    link="lẻ linh",
    ordinal="nhất=1 nhì=2",
)
_EN = _table(
    add="zero=0 one/once=1 two/both/twice/couple=2 three/thrice=3 four=4 five=5 six=6 seven=7"
    " eight=8 nine=9 ten/decade=10 eleven=11 twelve/dozen=12 thirteen=13 fourteen=14 fifteen=15"
    " sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50"
    " sixty=60 seventy=70 eighty=80 ninety=90",
    times="hundred=100",
    scale="thousand=1e3 million/mln/millions=1e6 billion/bln/bn/billions=1e9 trillion=1e12",
    link="and",
    ordinal="first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10"
    " eleventh=11 twelfth=12 thirteenth=13 fourteenth=14 fifteenth=15 sixteenth=16 seventeenth=17"
    " eighteenth=18 nineteenth=19 twentieth=20 thirtieth=30 fortieth=40 fiftieth=50 hundredth=100"
    " quarter=4 half=0.5",
)
_FR = _table(
    add="zéro=0 un/une=1 deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9"
    " dix/dizaine/décennie=10 onze=11 douze/douzaine=12 treize=13 quatorze=14 quinze/quinzaine=15"
    " seize=16 vingt/vingtaine=20 trente=30 quarante=40 cinquante=50 soixante=60 quatreivingt=80"
    " quatreivingts=80 demi/moitié=0.5",
    times="cent/cents=100",
    scale="mille=1e3 million/millions=1e6 milliard/milliards/mds/md=1e9 billion/billions=1e12",
    link="et",
    ordinal="premier/première/premiers/premières=1 second/seconde/deuxième/deuxièmes=2 troisième=3"
    " tiers=3 quatrième/quart=4 cinquième=5 sixième=6 septième=7 huitième=8 neuvième=9 dixième=10"
    " onzième=11 douzième=12 treizième=13 quatorzième=14 quinzième=15 seizième=16 vingtième=20"
    " trentième=30 quarantième=40 cinquantième=50 soixantième=60 centième=100 unième=1",
)


def _both_genders(listed: str) -> str:
    """Spanish ordinals as o: also -a, -os, -as."""
    result = []
    for item in listed.split():
        word, value = item.split("=")
        result.append("/".join(word + end for end in ("o", "a", "os", "as")) + "=" + value)
    return " ".join(result)


_ES = _table(
    add="cero=0 un/uno/una=1 dos/ambos/ambas=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8"
    " nueve=9 diez/década/decena=10 once=11 doce/docena=12 trece=13 catorce=14 quince/quincena=15"
    " dieciséis=16 diecisiete=17 dieciocho=18 diecinueve=19 veinte=20 veintiuno/veintiún=21"
    " veintidós=22 veintitrés=23 veinticuatro=24 veinticinco=25 veintiséis=26 veintisiete=27"
    " veintiocho=28 veintinueve=29 treinta=30 cuarenta=40 cincuenta=50 sesenta=60 setenta=70"
    " ochenta=80 noventa=90 cien/ciento=100 doscientos/doscientas=200 trescientos/trescientas=300"
    " cuatrocientos=400 quinientos/quinientas=500 seiscientos=600 setecientos=700 ochocientos=800"
    " novecientos=900 medio/media/mitad=0.5",
    scale="mil/miles=1e3 millón/millones=1e6 billón/billones=1e12",
    link="y",
    ordinal="primer=1 tercer=3 tercio=3 "
    + _both_genders(
        "primer=1 segund=2 tercer=3 cuart=4 quint=5 sext=6 séptim=7 octav=8 noven=9 décim=10"
        " undécim=11 duodécim=12 vigésim=20 trigésim=30 cuadragésim=40 quincuagésim=50"
        " decimotercer=13 decimocuart=14 decimoquint=15 decimosext=16 decimoséptim=17"
        " decimoctav=18 decimonoven=19 vigesimoprimer=21 vigesimosegund=22 vigesimotercer=23"
    ),
)


def _russian_table() -> dict[str, _Word]:
    table = _table(
        add="ноль=0 один/одна/одно/одного/одной/одному/одну/одним/одном=1"
        " два/две/двух/двум/двумя/оба/обе/обеих/обоих/обеим/обоим/дважды/двое=2"
        " три/трёх/трех/трём/трем/тремя/трижды/трое=3 четыре/четырёх/четырех/четырём/четырем=4"
        " сорок/сорока=40 сто/ста=100 двести/двухсот=200 триста/трехсот/трёхсот=300"
        " четыреста=400 полтора/полторы=1.5 половина/половины/половину=0.5 десяток/десятки=10"
        " десятилетие/десятилетия=10",
        scale="тысяча/тысячи/тысяч/тысячу/тысячам/тысячами/тыс=1e3"
        " миллион/миллиона/миллионов/миллионам/млн=1e6"
        " миллиард/миллиарда/миллиардов/миллиардам/млрд=1e9"
        " триллион/триллиона/триллионов/трлн=1e12",
        ordinal="треть/трети=3 четверть/четверти=4",
    )
    soft = (
        "пят=5 шест=6 сем=7 восем=8 девят=9 десят=10 одиннадцат=11 двенадцат=12 тринадцат=13"
        " четырнадцат=14 пятнадцат=15 шестнадцат=16 семнадцат=17 восемнадцат=18 девятнадцат=19"
        " двадцат=20 тридцат=30"
    )
    for stem, value in _pairs(soft):
        for end in ("ь", "и", "ью"):
            table[stem + end] = _Word(ADD, value)
    table |= {form: _Word(ADD, 8) for form in ("восьми", "восемью")}
    for stem, value in _pairs("пят=50 шест=60 сем=70 восем=80"):
        table[stem + "ьдесят"] = table[stem + "идесяти"] = _Word(ADD, value)
    for stem, value in _pairs("девяност=90"):
        table[stem + "о"] = table[stem + "а"] = _Word(ADD, value)
    for stem, value in _pairs("пят=500 шест=600 сем=700 восем=800 девят=900"):
        table[stem + "ьсот"] = table[stem + "исот"] = _Word(ADD, value)
    hard = ["ый", "ой", "ого", "ому", "ым", "ом", "ая", "ую", "ое", "ые", "ых", "ыми"]
    ordinals = (
        "перв=1 втор=2 четверт=4 пят=5 шест=6 седьм=7 восьм=8 девят=9 десят=10 одиннадцат=11"
        " двенадцат=12 тринадцат=13 четырнадцат=14 пятнадцат=15 шестнадцат=16 семнадцат=17"
        " восемнадцат=18 девятнадцат=19 двадцат=20 тридцат=30 сороков=40 пятидесят=50"
        " шестидесят=60 семидесят=70 восьмидесят=80 девяност=90 сот=100"
    )
    for stem, value in _pairs(ordinals):
        for end in hard:
            table.setdefault(stem + end, _Word(ADD, value, True))
    for end in ("его", "ему", "им", "ем", "я", "ей", "ю", "е", "и"):
        table["треть" + end] = _Word(ADD, 3, True)
    table["третий"] = _Word(ADD, 3, True)
    return table


_TABLES = {"vi": _VI, "en": _EN, "fr": _FR, "es": _ES, "ru": _russian_table()}

#: Languages whose full stop groups thousands and whose comma is the decimal mark.
_COMMA_DECIMAL = {"vi", "fr", "es", "ru"}
_SPACE_GROUPS = {"fr", "ru", "es"}
_RUN = r"\d+(?:[.,]\d+)*"
_GROUPED = r"\d{1,3}(?:[\u00a0\u2009\u202f ]\d{3})+(?!\d)(?:,\d+)?"
_GROUPED_HARD = r"\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+(?!\d)(?:[.,]\d+)?"
_TOKENS = {
    True: re.compile(rf"(?P<number>{_GROUPED}|{_RUN})|(?P<word>[^\W\d_]+)"),
    False: re.compile(rf"(?P<number>{_GROUPED_HARD}|{_RUN})|(?P<word>[^\W\d_]+)"),
}
_GAP = re.compile(r"[\s\u00a0\u2009\u202f]*[-‑.]?[\s\u00a0\u2009\u202f]*")


def read_digits(run: str, language: str) -> tuple[float, ...]:
    """The values that a run of digits with separators can have in a language, likeliest first."""
    run = re.sub(r"[\s\u00a0\u2009\u202f]", "", run)
    marks = [char for char in run if char in ".,"]
    if not marks:
        return (float(run),)
    groups = re.split("[.,]", run)
    as_groups = float("".join(groups))
    as_decimal = float("".join(groups[:-1]) + "." + groups[-1])
    if len(set(marks)) == 2:
        return (as_decimal,)
    threes = all(len(group) == 3 for group in groups[1:]) and 0 < len(groups[0]) <= 3
    if len(marks) > 1:
        return (as_groups,) if threes else (as_decimal, as_groups)
    if not threes or groups[0] == "0":
        return (as_decimal,)
    comma = marks[0] == ","
    if language in _COMMA_DECIMAL:
        if comma:
            return (as_decimal, as_groups) if language == "vi" else (as_decimal,)
        return (as_groups, as_decimal) if language == "ru" else (as_groups,)
    return (as_groups,) if comma else (as_decimal,)


def numerals(text: str, language: str) -> list[Numeral]:
    """Every number of a text, in digits or words, with scales (1,2 triệu) worked in."""
    return _chinese(text) if language == "zh" else _alphabetic(text, language)


@dataclass(slots=True)
class _Sum:
    """A number being read from left to right."""

    total: float = 0.0
    group: float = 0.0
    last: float = 0.0
    digits: bool = False
    started: bool = False
    scaled: float = 0.0

    def takes(self, word: _Word, language: str) -> bool:
        if word.does == ADD:
            if self.digits or word.value < 1:
                return not self.started
            if not self.started:
                return True
            if word.value < 10:
                if self.last == 10:  # mười hai, dix-sept
                    return language in {"vi", "fr"}
                return self.last >= 20
            if word.value < 20:
                return self.last >= 100 or (language == "fr" and self.last in (60, 80))
            return self.last >= (100 if word.value < 100 else 1000)
        if word.does == TIMES:
            return (self.started and self.last < 10) or (word.value == 100 and not self.group)
        if not self.started:
            return language not in {"vi", "zh"}
        return self.group > 0 or word.value > self.scaled

    def add(self, word: _Word) -> None:
        self.started = True
        if word.does == ADD:
            self.group += word.value
            self.last = word.value
        elif word.does == TIMES:
            unit = self.last if self.group else 1
            self.group += unit * word.value - (unit if self.group else 0)
            self.last = unit * 10 if word.value == 10 else word.value
        else:
            if not self.group and not self.total:
                self.total = word.value  # "a million", "mil millones"
            elif not self.group:
                self.total *= word.value
            elif self.scaled and word.value > self.scaled:
                self.total = (self.total + self.group) * word.value
            else:
                self.total += self.group * word.value
            self.group = 0.0
            self.last = self.scaled = word.value
            self.digits = False


def _alphabetic(text: str, language: str) -> list[Numeral]:
    table = _TABLES[language]
    if language == "fr":
        text = re.sub(r"(?i)(quatre)[- ](vingt)", r"\1i\2", text)
    tokens = list(_TOKENS[language in _SPACE_GROUPS].finditer(text))
    found: list[Numeral] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.lastgroup == "word" and token.group().lower() not in table:
            index += 1
            continue
        numeral, index = _read(text, tokens, index, table, language)
        if numeral is not None:
            found.append(numeral)
    return found


def _read(
    text: str,
    tokens: list[re.Match[str]],
    index: int,
    table: dict[str, _Word],
    language: str,
) -> tuple[Numeral | None, int]:
    """Read the longest number that starts at a token; and say where to go on."""
    begin = index
    current = _Sum()
    readings: tuple[float, ...] = ()
    factor = 1.0
    end = 0
    ordinal = False
    while index < len(tokens):
        token = tokens[index]
        if index > begin and not _GAP.fullmatch(text, tokens[index - 1].end(), token.start()):
            break
        if token.group("number"):
            values = read_digits(token.group(), language)
            after = _next_scale(text, tokens, index, table)
            if current.started and not (
                current.scaled and not current.group and after and values[0] < current.scaled
            ):
                break
            if not current.started:
                readings = values
            current.group, current.last, current.digits = values[0], 10, True
            current.started = True
            end = token.end()
            index += 1
            if not after:
                break
            continue
        word = table.get(token.group().lower())
        if word is None:
            break
        if word.does == LINK:
            following = (
                table.get(tokens[index + 1].group().lower()) if index + 1 < len(tokens) else None
            )
            if not current.started or following is None or following.does != ADD or current.digits:
                break
            if not current.takes(following, language):
                break
            index += 1
            continue
        if not current.takes(word, language):
            break
        if word.does == SCALE and readings and len(readings) > 1:
            factor *= word.value
        current.add(word)
        ordinal = ordinal or word.ordinal
        end = token.end()
        index += 1
        if word.ordinal and language != "es":  # trigésima séptima
            break
    if not current.started or index == begin:
        return None, begin + 1
    value = current.total + current.group
    others = tuple(other * factor for other in readings[1:]) if len(readings) > 1 else ()
    return (
        Numeral((value, *others), tokens[begin].start(), end, not readings, ordinal),
        index,
    )


def _next_scale(
    text: str, tokens: list[re.Match[str]], index: int, table: dict[str, _Word]
) -> bool:
    if index + 1 >= len(tokens) or not tokens[index + 1].group("word"):
        return False
    word = table.get(tokens[index + 1].group().lower())
    if word is None or word.does not in (SCALE, TIMES):
        return False
    return bool(_GAP.fullmatch(text, tokens[index].end(), tokens[index + 1].start()))


_HAN_DIGITS = dict(
    zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
_HAN_SCALES = {"十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8, "兆": 1e12}
_HAN_NUMBER = re.compile(
    r"(?P<digits>\d+(?:[.,]\d+)*(?:\s?(?:[百万亿兆]|千(?![米克瓦卡伏焦赫]))+(?:\d+(?:\.\d+)?[百千万亿]+)*)?)"
    r"|(?!千[米克瓦])(?P<han>[零〇一二两三四五六七八九十百千万亿]+|半|双)"
)


def _chinese(text: str) -> list[Numeral]:
    found = []
    for match in _HAN_NUMBER.finditer(text):
        before = text[match.start() - 1] if match.start() else ""
        if match.group("digits"):
            values = _han_digits(match.group())
            found.append(Numeral(values, *match.span(), False, before == "第"))
        else:
            value = {"半": 0.5, "双": 2.0}.get(match.group())
            if value is None:
                value = read_han(match.group())
            found.append(Numeral((value,), *match.span(), True, before == "第"))
    return found


def _han_digits(run: str) -> tuple[float, ...]:
    total = section = 0.0
    for number, scales in re.findall(r"(\d+(?:[.,]\d+)*)\s?([百千万亿兆]*)", run):
        # 3亿6千3百万: hundreds and thousands wait for the 万 or 亿 that counts them
        small = math.prod(_HAN_SCALES[scale] for scale in scales if scale in "百千")
        large = math.prod(_HAN_SCALES[scale] for scale in scales if scale not in "百千")
        section += read_digits(number, "zh")[0] * small
        if large > 1:
            total += section * large
            section = 0.0
    return (total + section,)


@lru_cache(maxsize=1024)
def read_han(run: str) -> float:
    """The value of a number in Chinese characters: 三十七 = 37, 两亿五千万, 二〇二〇 = 2020."""
    if all(char in _HAN_DIGITS for char in run):
        return float("".join(str(_HAN_DIGITS[char]) for char in run))
    total = section = unit = 0.0
    for char in run:
        if char in _HAN_DIGITS:
            unit = _HAN_DIGITS[char]
            continue
        scale = _HAN_SCALES[char]
        if scale < 1e4:
            section += (unit or 1) * scale
        else:
            section += unit
            if scale > 1e4 and total and total < scale:
                total = (total + section) * scale
            else:
                total += (section or 1) * scale
            section = 0
        unit = 0
    return total + section + unit


_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN = re.compile(
    r"(?<![\w.'’-])(?P<roman>X{0,4}(?:IX|IV|V?I{0,3})|L?X{0,3}(?:IX|IV|V?I{0,3}))(?:e|ème|er|º|ª)?(?!\w)"
)


def romans(text: str) -> list[Numeral]:
    """Roman numerals of one to 89; a lone letter counts only where no word could be meant."""
    found = []
    for match in _ROMAN.finditer(text):
        digits = match.group("roman")
        if not digits or digits in {"I", "L"}:
            continue
        values = [_ROMAN_VALUES[char] for char in digits]
        total = sum(
            -value if value < max(values[index:]) else value for index, value in enumerate(values)
        )
        found.append(Numeral((float(total),), *match.span(), True, True))
    return found
