"""Reading numbers, in digits or words, in the formats of the six languages."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from vietwire.checks.number_words import ADD, LINK, SCALE, TABLES, TIMES, Word


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in running text; ``values`` has two where its format leaves a doubt."""

    values: tuple[float, ...]
    start: int
    end: int
    spelled: bool
    ordinal: bool = False


#: Languages whose full stop groups thousands and whose comma is the decimal mark.
COMMA_DECIMAL = {"vi", "fr", "es", "ru"}
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
    if language in COMMA_DECIMAL:
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

    def takes(self, word: Word, language: str) -> bool:
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

    def add(self, word: Word) -> None:
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
    table = TABLES[language]
    if language == "fr":
        text = re.sub(r"(?i)(quatre)[- ](vingt)", r"\1i\2", text)
        text = _A_MILLION_BILLIONS.sub(lambda m: "billiards".rjust(len(m.group())), text)
    elif language == "es":
        text = _A_MILLION_MILLIONS.sub(lambda m: "billones".rjust(len(m.group())), text)
    elif language == "vi":
        # nothing stands in the hundreds: "hai nghìn không trăm hai mươi"
        text = _NO_SCALE.sub(lambda m: " " * len(m.group()), text)
        text = _NO_HUNDREDS.sub(lambda m: " " * len(m.group()), text)
    tokens = list(_TOKENS[language in _SPACE_GROUPS].finditer(text))
    found: list[Numeral] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.lastgroup == "word" and token.group().lower() not in table:
            if language == "ru" and (value := _russian_compound(token.group().lower())):
                found.append(Numeral((value,), *token.span(), True))
            index += 1
            continue
        numeral, index = _read(text, tokens, index, table, language)
        if numeral is not None:
            found.append(numeral)
            if language == "vi" and _years_follow(text, tokens, index, numeral, table):
                index += 1  # "hai năm" are two years and no five
    return found


def _read(
    text: str,
    tokens: list[re.Match[str]],
    index: int,
    table: dict[str, Word],
    language: str,
) -> tuple[Numeral | None, int]:
    """Read the longest number that starts at a token; and say where to go on."""
    begin = index
    current = _Sum()
    readings: tuple[float, ...] = ()
    factor = 1.0
    end = 0
    ordinal = False
    written = False
    while index < len(tokens):
        token = tokens[index]
        if index > begin and not _GAP.fullmatch(text, tokens[index - 1].end(), token.start()):
            break
        if token.group("number"):
            values = read_digits(token.group(), language)
            after = _next_scale(text, tokens, index, table)
            goes_on = after or _ends_a_thousand(token.group(), current, language)
            if current.started and not (
                current.scaled and not current.group and goes_on and values[0] < current.scaled
            ):
                break
            gap = text[tokens[index - 1].end() : token.start()].strip()
            if current.started and gap and not (language == "ru" and gap == "."):  # 2 тыс. 253
                break  # 1 triệu - 2 triệu is a range
            if not current.started:
                readings = values
            current.group, current.last, current.digits = values[0], 10, True
            current.started = written = True
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
            if following.value == 0.5 and current.scaled and not current.group:
                current.total += current.scaled / 2  # un million et demi, un millón y medio
                end = tokens[index + 1].end()
                index += 2
                break
            if not current.takes(following, language):
                break
            index += 1
            continue
        if not current.takes(word, language):
            break
        if language == "vi" and index > begin and _is_year(tokens, index, table):
            break
        if index > begin and _only_beside(token.group().lower(), word, ordinal, language):
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
        Numeral((value, *others), tokens[begin].start(), end, not written, ordinal),
        index,
    )


def _ends_a_thousand(digits: str, current: _Sum, language: str) -> bool:
    """Whether digits go on with the thousands before them: Spanish "mil 253", Russian "2 тыс. 253".

    Russian may begin the next sentence with a date there, so only three digits count.
    """
    shortest = {"es": 1, "ru": 3}.get(language)
    if shortest is None or current.scaled != 1e3 or not digits.isdigit():
        return False
    return shortest <= len(digits) <= 3 and not (language == "es" and digits[0] == "0")


#: Words that no number ends with: "dix premiers" are the first ten, the 21st is "vingt et unième".
_ALONE_FR = frozenset(("premier", "première", "premiers", "premières", "second", "seconde"))


def _only_beside(text: str, word: Word, ordinal: bool, language: str) -> bool:
    """Whether an ordinal stands beside a number and is no part of it: "los veinte primeros"."""
    if language == "fr":
        return text in _ALONE_FR
    return language == "es" and word.ordinal and not ordinal


def _is_year(tokens: list[re.Match[str]], index: int, table: dict[str, Word]) -> bool:
    """Whether "năm" after a number counts years: 25 is "hai mươi lăm", 205 "hai trăm linh năm"."""
    if tokens[index].group().lower() != "năm" or tokens[index - 1].group().lower() in _LINKS_VI:
        return False
    following = tokens[index + 1].group().lower() if index + 1 < len(tokens) else ""
    word = table.get(following)
    return word is None or word.does not in (SCALE, TIMES)


def _years_follow(
    text: str,
    tokens: list[re.Match[str]],
    index: int,
    numeral: Numeral,
    table: dict[str, Word],
) -> bool:
    """Whether the word right after a number counts its years; "ít nhất năm" are five at least."""
    return (
        not numeral.ordinal
        and index < len(tokens)
        and _GAP.fullmatch(text, numeral.end, tokens[index].start()) is not None
        and _is_year(tokens, index, table)
    )


_LINKS_VI = frozenset(("linh", "lẻ"))
#: Words that begin like a scale: "năm 1976 tỷ lệ này", "1.210 tỷ phú"
_NO_SCALE = re.compile(
    r"(?<!\w)(?:(?:tỷ|tỉ) (?:lệ|phú|số|trọng|giá|suất)|triệu (?:phú|tập|hồi|chứng))(?!\w)",
    re.IGNORECASE,
)
_NO_HUNDREDS = re.compile(r"(?<=nghìn |.ngàn |triệu )không trăm(?= \w)", re.IGNORECASE)
_A_MILLION_MILLIONS = re.compile(r"millones de millones", re.IGNORECASE)
_A_MILLION_BILLIONS = re.compile(r"millions? de milliards", re.IGNORECASE)
_PREFIXES_RU = {
    "двух": 2, "двадцати": 20, "двухсот": 200, "трех": 3, "трехсот": 300, "четырех": 4, "пяти": 5,
    "шести": 6, "семи": 7, "восьми": 8, "девяти": 9, "десяти": 10, "одиннадцати": 11,
    "двенадцати": 12, "тринадцати": 13, "четырнадцати": 14, "пятнадцати": 15, "шестнадцати": 16,
    "семнадцати": 17, "восемнадцати": 18, "девятнадцати": 19, "тридцати": 30, "сорока": 40,
    "пятидесяти": 50, "шестидесяти": 60, "семидесяти": 70, "восьмидесяти": 80, "девяносто": 90,
    "сто": 100, "пятисот": 500, "тысяче": 1000, "полутора": 1.5,
}  # fmt: skip
_COMPOUND_RU = re.compile(
    rf"(?P<first>{'|'.join(sorted(_PREFIXES_RU, key=len, reverse=True))})"
    rf"(?P<second>двух|трех|четырех|пяти|шести|семи|восьми|девяти)?"
    r"(?P<scale>миллион|миллиард|тысяч)?(?:лет|днев|час|минут|месячн|недельн|метров|километров"
    r"|градус|процент|кратн|сторонн|этажн|местн|тонн|миллиметров|балльн|кол[её]сн|вековой|н|$)"
)


def _russian_compound(word: str) -> float:
    """The number in двухчасовой, двадцатипятилетие, десятимиллионный; 0 where there is none."""
    found = _COMPOUND_RU.match(word.replace("ё", "е"))
    if not found or found.end() == len(word) == found.end("first"):
        return 0.0
    value = float(_PREFIXES_RU[found["first"]])
    if found["second"]:
        if value < 20 or value % 10:
            return 0.0
        value += _PREFIXES_RU[found["second"]]
    return value * {"миллион": 1e6, "миллиард": 1e9, "тысяч": 1e3}.get(found["scale"] or "", 1)


def _next_scale(text: str, tokens: list[re.Match[str]], index: int, table: dict[str, Word]) -> bool:
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
#: "40多万": more than 400,000
_OVER = re.compile("[多余]")
_HAN_NUMBER = re.compile(
    r"(?P<digits>\d+(?:[.,]\d+)*(?:\s?[多余]?(?:[百万亿兆]|千(?![米克瓦卡伏焦赫]))+(?:\d+(?:\.\d+)?[百千万亿]+)*)?)"
    r"|(?!千[米克瓦])(?P<han>(?:[零〇一二两三四五六七八九十百千万亿]|(?<=[十百千])[多余](?=[万亿]))+|半|双)"
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
    run = _OVER.sub("", run)
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
    run = _OVER.sub("", run)
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
#: A letter or digit that is not Chinese: 教父II has a numeral, XIVa has none.
_LATIN_WORD = r"[^\W\u3400-\u9fff]"
_ROMAN = re.compile(
    rf"(?<![.'’-])(?<!{_LATIN_WORD})(?P<roman>X{{0,4}}(?:IX|IV|V?I{{0,3}})|L?X{{0,3}}(?:IX|IV|V?I{{0,3}}))"
    rf"(?:e|ème|er|º|ª)?(?!{_LATIN_WORD})"
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
