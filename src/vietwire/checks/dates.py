"""Days, months, weekdays and times of day in the six languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from vietwire.checks.words import words


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is given; ``sure`` is False where it may be a fraction (1/3)."""

    day: int | None
    month: int
    year: int | None
    start: int
    end: int
    sure: bool = True
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; ``hour`` as written, so 6 for 6 p.m.

    ``half`` is the half of the day it lies in, "am" or "pm", or "" where the text leaves it open.
    """

    hour: int
    minute: int
    start: int
    end: int
    half: str = ""


#: The months' names (in Russian without their endings), January first.
MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "ru": "январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр",
}
_SHORT = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "es": "ene feb abr may jun jul ago sept oct nov dic",
    "ru": "янв фев мар апр мая июн июл авг сен окт ноя дек",
}
_WEEKDAYS = {
    "vi": ("hai", "ba", "tư", "năm", "sáu", "bảy", "nhật"),
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "zh": ("一", "二", "三", "四", "五", "六", "日"),
    "ru": ("понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресень"),
}
_D = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_M = r"(?P<month>0?[1-9]|1[0-2])"
_Y = r"(?P<year>(?:19|20)\d\d)"
_NUMERIC = re.compile(rf"(?<![\d.,/-]){_D}(?P<sep>[/.-]){_M}(?:(?P=sep){_Y})?(?![\d/]|[.,-]\d|%)")
_MONTH_YEAR = re.compile(rf"(?<![\d.,/]){_M}[/.-]{_Y}(?![\d/])")
_RANGE = re.compile(
    rf"(?<![\d.,/])(?P<first>0?[1-9]|[12]\d|3[01])\s*(?:-|–|đến|tới|và|,)\s*(?:ngày\s+)?{_D}/{_M}"
    rf"(?:/{_Y})?(?![\d/]|[.,]\d)"
)
#: 30/10-2/11. With a word between, its ends are two dates.
_ACROSS = re.compile(
    rf"(?<![\d.,/-])(?P<first>0?[1-9]|[12]\d|3[01])/(?P<before>0?[1-9]|1[0-2])\s*[-–]\s*{_D}/{_M}"
    rf"(?:/{_Y})?(?![\d/]|[.,]\d)"
)
_WORDED_VI = re.compile(
    rf"(?<![\d.,])(?<!\d/)(?:(?P<first>\d{{1,2}})\s*(?:-|–|đến|tới|và|&|,)\s*(?:ngày\s+)?)?{_D}\s+tháng\s+(?P<month>\d{{1,2}}|[^\W\d_]+(?:\s+(?:một|hai))?)"
    rf"(?:\s*(?:năm|,|/)\s*{_Y})?",
    re.IGNORECASE,
)
_MONTH_VI = re.compile(
    rf"(?<!\d )(?<!\w)tháng\s+(?P<month>\d{{1,2}}\b|[^\W\d_]+(?:\s+(?:một|hai))?)"
    rf"(?:\s*(?:năm|,|/|-)\s*{_Y})?",
    re.IGNORECASE,
)
_MONTHS_VI = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8,
    "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
#: Before "tháng 3" where it counts: "một tháng 3 lần", "lương tháng 6 triệu", "các tháng 1, 4".
BEFORE_A_COUNT = re.compile(
    r"(?:\d|(?<!\w)(?:mỗi|một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười|vài|mấy|nhiều|các|những|từng"
    r"|hàng|hằng|lương|nhập|mạng))\s*$",
    re.IGNORECASE,
)
#: After a number that counts: what makes it larger or is measured, and what is counted.
AMOUNTS = "triệu|nghìn|ngàn|tỷ|tỉ|đồng|kg|cân"
UNITS = "ngày|người|cuộc|vụ|chiếc|suất|buổi|giờ|tuần"
_AMOUNT = re.compile(rf"\s(?:{AMOUNTS}|lần|tuổi)(?!\w)")
_UNIT = re.compile(rf"\s(?:{UNITS})(?!\w)")
_SURE_BEFORE = re.compile(
    r"(?:ngày|hôm|sáng|trưa|chiều|tối|đêm|mùng|mồng|rạng sáng|TTXVN|Nội"
    r"|thứ \w+|nhật),?\s*\(?\s*$",
    re.IGNORECASE,
)
#: Before 24-1 and 14.9, as some papers write a day and its month.
_DAY_BEFORE = re.compile(
    r"(?<!\w)(?<!các )(?<!những )(?<!mỗi )(?<!một )(?<!\d )"
    r"(?:ngày|hôm|sáng|trưa|chiều|tối|đêm|mùng|mồng)(?: (?:nay|qua|mai|kia),?)?\s*\(?\s*$",
    re.IGNORECASE,
)
#: After 3-5 where it is no day: "uống ngày 3-5 lần".
_TIMES_AFTER = re.compile(rf"\s(?:{AMOUNTS}|{UNITS}|lần|viên|bữa|tiếng|cốc|ly|giọt|lượt)(?!\w)")
_ZH = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年)?\s*(?P<month>\d{1,2})月(?!个)\s*"
    r"(?:(?P<first>\d{1,2})(?:日?\s*(?:至|到|和|、|-|—|~|–)\s*"
    r"|日\s*\d{1,2}[时時点點](?:\d{1,2}分)?\s*[至到](?=\d{1,2}[日号])))?"
    r"(?:(?P<day>\d{1,2})(?!\d|月)[日号]?)?"
)
_CLOCK = {
    "vi": re.compile(
        r"(?<![\d.,/])(?P<hour>[01]?\d|2[0-4])(?:\s?[hg:]\s?|\s+giờ\s*)(?P<minute>[0-5]\d)?(?!\d)"
        r"(?=\W|$|phút)"
    ),
    "other": re.compile(
        r"(?<![\d.,/])(?P<hour>[01]?\d|2[0-4])(?:[:.h]|\s?h\s?|[時时点點](?:钟)?)(?P<minute>[0-5]\d)?(?![\d%])"
    ),
    "half": re.compile(
        r"(?<![\d.,])(?P<hour>1[0-2]|0?\d)(?:[:.](?P<minute>[0-5]\d))?\s?[ap]\.?m\b", re.IGNORECASE
    ),
    # an hour without minutes is a time where the part of the day follows it
    "worded es": re.compile(
        r"(?<![\d.,:/])(?P<hour>1[0-2]|0?\d)(?P<minute>(?!))?(?=\sde\sla\s(?:mañana|tarde|noche|madrugada)(?!\w))"
    ),
    "worded ru": re.compile(
        r"(?<![\d.,:/])(?P<hour>1[0-2]|0?\d)\sчас(?:а|ов)?(?:\s(?P<minute>[0-5]\d)\sминут\w*)?"
        r"(?=\s(?:утра|дня|вечера|ночи)(?!\w))"
    ),
}  # fmt: skip


@lru_cache(maxsize=8)
def _worded(language: str) -> re.Pattern[str]:
    """Dates with the month in words: "November 12-15, 2020", "12 de noviembre", "12 ноября"."""
    listed = {*MONTHS[language].split(), *_SHORT[language].split()}
    if language == "en":
        listed = {name.title() for name in listed}
    names = "|".join(sorted(listed, key=len, reverse=True))
    if language == "ru":
        names = rf"(?:{names})[а-яё]*"
    space = r"[\s\u00a0\u202f]"
    number = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th|er|º|\.º|-?го|-?е)?"
    between = "-|–|—|&|to|and|au|et|a|al|y|по|до|и|through|until|,"
    link = rf"{space}*(?:{between}){space}*(?:(?:le|el|the){space})?"
    of = rf"{space}+(?:(?:of|de|del mes de){space}+)?"
    before = rf"(?:(?:{number.format('first')}{link})?{number.format('day')}{of})?"
    after = ""
    if language == "en":
        after = (
            # not April 9 to 6am, April 9 to 6:30
            rf"(?:{space}{number.format('first2')}{link}(?=\d)(?!\d+(?:{space}?[ap]\.?m|:\d)))?"
            rf"(?:{space}?{number.format('day2')}(?![\d%,.]\d|\d))?"
        )
    year = rf"(?:,?{space}*(?:de{space}+|del{space}+)?(?P<year>(?:19|20)\d\d))?"
    return re.compile(
        rf"(?<![\w.]){before}(?P<month>{names})\b\.?{after}{year}",
        re.IGNORECASE if language != "en" else 0,
    )


_ADJECTIVE_RU = "ск(?:ий|ого|ому|им|ом|ая|ой|ую|ое|ие|их|ими)"


def _month_number(name: str, language: str) -> int | None:
    name = name.lower().rstrip(".")
    full = MONTHS[language].split()
    short = _SHORT[language].split()
    if language == "es":
        short.insert(2, "marzo")  # "mar" is the sea
    for index in range(12):
        if language == "ru":
            # апрельский, мартовский
            if index == 4:
                if re.fullmatch(rf"ма(?:й|я|е|ю|ем|й{_ADJECTIVE_RU})", name):
                    return 5
                continue
            adjective = rf"{full[index]}(?:ь|ов)?{_ADJECTIVE_RU}"
            endings = rf"{full[index]}(?:ь|я|е|ю|ём|ем|а|у|ом)?"
            if re.fullmatch(rf"(?:{endings}|{adjective}|{short[index]})", name):
                return index + 1
        elif name in {full[index], short[index]}:
            return index + 1
    return None


def _int(match: re.Match[str], name: str) -> int | None:
    value = match.groupdict().get(name)
    return int(value) if value else None


def _counts(text: str, start: int, end: int) -> bool:
    """Whether "tháng 5" counts something: "mỗi tháng 5 triệu", five million a month, not May."""
    if _AMOUNT.match(text, end):
        return True
    return bool(_UNIT.match(text, end) and BEFORE_A_COUNT.search(text, 0, start))


def find_days(text: str, language: str) -> list[Day]:
    """Dates of a text, those within another left out; both ends of a range."""
    found: list[Day] = []
    for day in _all_days(text, language):
        if not any(
            day.start < other.end
            and other.start < day.end
            and (day.start, day.end) != (other.start, other.end)
            for other in found
        ):
            found.append(day)
    return sorted(found, key=lambda day: day.start)


def _day_and_month(text: str, start: int, end: int) -> bool:
    """Whether 24-1 or 14.9 in a Vietnamese text is a day and its month."""
    return bool(_DAY_BEFORE.search(text, 0, start) and not _TIMES_AFTER.match(text, end))


def _all_days(text: str, language: str) -> Iterator[Day]:
    if language in {"vi", "fr", "es", "ru", "en"}:
        if language == "vi":
            yield from _vietnamese_days(text)
        else:
            yield from _worded_days(text, language)
        for match in _NUMERIC.finditer(text):
            other = match.group("sep") != "/" and not match.group("year")
            if other and not (language == "vi" and _day_and_month(text, *match.span())):
                continue
            # 1/3 may be a fraction; 24/7 is not the 24th of July
            sure = bool(match["year"] or _SURE_BEFORE.search(text, 0, match.start())) or (
                int(match["day"]) > int(match["month"]) and match.group() != "24/7"
            )
            yield Day(
                int(match["day"]),
                int(match["month"]),
                _int(match, "year"),
                *match.span(),
                sure,
                language == "en",
            )
    if language == "zh":
        for match in _ZH.finditer(text):
            month = int(match["month"])
            if not 1 <= month <= 12:
                continue
            if match["first"]:
                yield Day(int(match["first"]), month, _int(match, "year"), *match.span())
            yield Day(_int(match, "day"), month, _int(match, "year"), *match.span())


def _vietnamese_days(text: str) -> Iterator[Day]:
    for match in _ACROSS.finditer(text):
        year = _int(match, "year")
        yield Day(int(match["first"]), int(match["before"]), year, *match.span())
        yield Day(int(match["day"]), int(match["month"]), year, *match.span())
    for match in _RANGE.finditer(text):
        sure = match.group()[len(match["first"]) :].lstrip()[0] != ","
        for name in ("first", "day"):
            yield Day(
                int(match[name]), int(match["month"]), _int(match, "year"), *match.span(), sure
            )
    for match in _MONTH_YEAR.finditer(text):
        if re.search(r"tháng\s*$", text[: match.start()], re.IGNORECASE):
            yield Day(None, int(match["month"]), int(match["year"]), *match.span())
    for pattern in (_WORDED_VI, _MONTH_VI):
        for match in pattern.finditer(text):
            name = match["month"].lower()
            month = (
                int(name)
                if name.isdigit()
                else _MONTHS_VI.get(name, _MONTHS_VI.get(name.split()[0]))
            )
            if match["month"] == "năm":
                continue  # "8 tháng năm 2020": eight months of a year; May has a capital
            if pattern is _MONTH_VI and _counts(text, *match.span()):
                continue
            if month and month <= 12:
                year = _int(match, "year")
                if match.groupdict().get("first"):
                    yield Day(_int(match, "first"), month, year, *match.span())
                yield Day(_int(match, "day"), month, year, *match.span())


#: At the beginning of a sentence an adjective has a capital: "Январские фьючерсы".
_OPENS = re.compile(r"(?:^|[.!?…:]\s)[\s«„“\"—–-]*$")
_MONTHLY_RU = re.compile(rf"[А-Я][а-я]+{_ADJECTIVE_RU}")


def _worded_days(text: str, language: str) -> Iterator[Day]:
    for match in _worded(language).finditer(text):
        name = match["month"]
        if language == "en" and not name[0].isupper():
            continue
        month = _month_number(name, language)
        if month is None:
            continue
        groups = match.groupdict()
        if language != "en" and name[0].isupper() and not groups["day"]:
            monthly = language == "ru" and _MONTHLY_RU.fullmatch(name)
            if not (monthly and _OPENS.search(text, 0, match.start("month"))):
                continue  # Mars, Mai Tien Dung, Хун Сен: months have no capital here
        if language == "fr" and name.lower() == "sept" and not (groups["day"] and groups["year"]):
            continue  # seven
        days = [groups.get(key) for key in ("first", "day", "first2", "day2")]
        given = [int(day) for day in days if day and int(day) <= 31]
        if (
            language == "en"
            and name in {"May", "March", "Mar"}
            and not given
            and not groups["year"]
        ):
            before = text[: match.start()].rstrip()
            if not before or before[-1] in '.!?"“':
                continue  # "March against ..." at the start of a sentence
        if language == "en" and not given and not groups["year"] and _is_name(text, match):
            continue
        each: list[int | None] = [*given] or [None]
        for day in each:
            yield Day(day, month, _int(match, "year"), *match.span())


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether "May" or "Jan" without a day is part of a name: Jan Egeland, Cape May, Beira-Mar."""
    before, after = text[: match.start("month")], text[match.end("month") :]
    if re.search(r"[A-Z][a-z]+[-–/]$", before) and _month_number(
        re.split(r"[^A-Za-z]", before)[-2], "en"
    ):
        return False  # April-June
    if len(match["month"]) == 3 and re.match(r"\s[A-Z]", after):
        return True
    if re.search(r"(?:\w-|\d\s)$", before):
        return not before.lower().endswith("mid-")
    word = re.search(r"(\w+)\s$", before)
    return word is not None and word[1][0].isupper() and word[1].lower() not in _BEFORE_A_MONTH


_BEFORE_A_MONTH = words(
    """
    in on by since last this next early late mid from until till during of every and or to between
    before after throughout around for through the as monday tuesday wednesday thursday friday
    saturday sunday
    """
)


def find_clocks(text: str, language: str) -> list[Clock]:
    """Times of day: 18h30, 18 giờ, 6:30 p.m., 18时30分."""
    found: list[Clock] = []
    patterns = ("vi",) if language == "vi" else ("half", "other")
    if language in {"es", "ru"}:
        patterns = (*patterns, f"worded {language}")
    for name in patterns:
        for match in _CLOCK[name].finditer(text):
            if any(match.start() < c.end and c.start < match.end() for c in found):
                continue
            if name == "other" and "." in match.group() and language in {"en", "zh"}:
                continue
            hour, minute = int(match["hour"]), int(match["minute"] or 0)
            if name == "half":
                half = "pm" if "p" in match.group().lower() else "am"
            elif name == "vi":
                half = _half_of_the_day(hour, match.end(), text)
            else:
                half = _half_written(hour, *match.span(), text, language)
            found.append(Clock(hour, minute, *match.span(), half))
    return found


#: The part of the day that a Vietnamese time is followed by: 8 giờ 30 phút sáng.
PART_OF_DAY = re.compile(r"(?:\s?phút)?\s(?P<part>rạng sáng|sáng|trưa|chiều|tối|đêm)(?!\w)")
_LATER = re.compile(r"(?<!\w)(?:trưa|chiều|tối|đêm|khuya)(?!\w)", re.IGNORECASE)
#: The hours that each part of the day has on a clock of twelve, and what they lie in.
_HOURS = {
    "rạng sáng": (range(1, 7), range(0)),
    "sáng": (range(1, 12), range(0)),
    "trưa": (range(10, 12), (12, 1, 2)),
    "chiều": (range(0), (12, 1, 2, 3, 4, 5, 6)),
    "tối": (range(0), range(5, 12)),
    "đêm": (range(1, 5), range(7, 12)),
}


def _half_of_the_day(hour: int, end: int, text: str) -> str:
    """Whether a Vietnamese time is before noon or after, "" where that is not plain.

    Copy uses the clock of twenty-four hours, and that of twelve with a part of the day: "8 giờ" is
    in the morning unless the text speaks of an evening.
    """
    if hour > 12 or hour == 0:
        return "am" if hour in {0, 24} else "pm"
    part = PART_OF_DAY.match(text, end)
    if part is not None:
        before, after = _HOURS[part["part"]]
        return "am" if hour in before else "pm" if hour in after else ""
    if _LATER.search(text):
        return ""
    return "pm" if hour == 12 else "am"


#: The parts of the day beside a time on a clock of twelve: those before noon, those after it, and
#: those that have the last hours of the day and may have the first.
_PARTS = {
    "fr": ("du matin", "de l['’]après-midi|du soir", "(?!)"),
    "es": ("de la (?:mañana|madrugada)", "de la tarde", "de la noche"),
    "zh": ("凌晨|清晨|早晨|早上|早|上午", "下午|午后|傍晚", "晚上|晚间|晚|夜间|深夜"),
    "ru": ("утра", "дня|вечера", "ночи"),
}
#: What stands between a time and the part of the day that follows it: "9 h|eures 20 du soir".
_LINK = {"fr": r"(?:eures?)?(?:\s\d\d)?\s", "es": r"(?:\s?h(?:oras)?)?\s", "ru": r"\s"}


@lru_cache(maxsize=8)
def _parts(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What ``_PARTS`` has for a language, ready to be matched beside a time."""
    shape = r"(?:{})\s?$" if language == "zh" else _LINK[language] + r"(?:{})(?!\w)"
    names = ("am", "pm", "night")
    return tuple(
        (name, re.compile(shape.format(part)))
        for name, part in zip(names, _PARTS[language], strict=True)
    )


#: Words that make a bare hour one of the second half of the day: "hacia las 9:20, ya de noche".
_LATER_WRITTEN = {
    "fr": re.compile(r"soir|après-midi|nuit|midi", re.IGNORECASE),
    "es": re.compile(r"tarde|noche|mediodía", re.IGNORECASE),
    "zh": re.compile(r"下午|午后|傍晚|晚|夜|中午"),
    "ru": re.compile(r"вечер|дня|днём|днем|ноч|полдень|полудня", re.IGNORECASE),
}
_MIDNIGHT_EN = re.compile(r"night|(?<![^\W\d])[ap]\.?m(?!\w)", re.IGNORECASE)


def _half_written(hour: int, start: int, end: int, text: str, language: str) -> str:
    """Whether a time in a target is before noon or after, "" where that is not plain.

    French, Spanish, Chinese and Russian copy counts to twenty-four: 9:20 is in the morning unless
    the text speaks of an evening. English 9:20 may be either, but 12:00 is noon unless something
    says that it is midnight.
    """
    if 12 < hour < 24:
        return "pm"
    if language == "en" and hour == 12:
        return "" if _MIDNIGHT_EN.search(text) else "pm"
    if language not in _PARTS or hour in {0, 24}:
        return ""
    for part, pattern in _parts(language):
        if language == "zh":
            stands = pattern.search(text, max(0, start - 4), start)
        else:
            stands = pattern.match(text, end)
        if stands is None:
            continue
        if hour == 12:
            return {"pm": "pm", "night": "am"}.get(part, "")  # 12 de la mañana may be noon
        return part if part != "night" else "pm" if hour > 6 else "am" if language == "ru" else ""
    if _LATER_WRITTEN[language].search(text):
        return ""
    return "pm" if hour == 12 else "am"


_VI_WEEKDAY = re.compile(
    r"[Cc]hủ [Nn]hật|[Tt]hứ\s+(?P<name>Hai|Ba|Tư|Năm|Sáu|Bảy)\b"
    r"|(?:sáng|trưa|chiều|tối|đêm|ngày)\s+thứ\s+(?P<low>hai|ba|tư|năm|sáu|bảy)\b"
    r"|[Tt]hứ\s+(?P<dated>hai|ba|tư|năm|sáu|bảy)(?=,?\s*\(?(?:ngày\s+)?\d{1,2}/\d)"
)
_VI_PERHAPS = re.compile(r"thứ\s+(hai|ba|tư|năm|sáu|bảy)\b", re.IGNORECASE)
_ZH_WEEKDAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])(?!年|边|期|到|围)")


@lru_cache(maxsize=8)
def _weekday_names(language: str) -> re.Pattern[str]:
    names = _WEEKDAYS[language]
    if language == "ru":
        # среда is also the environment: only where it is plainly the day
        forms = [f"(?P<d{i}>{name}[а-яё]{{0,3}})" for i, name in enumerate(names) if i != 2]
        forms.append(r"(?P<d2>(?:в|во|на|со?)\s+сред(?:у|ы|ой))")
    else:
        forms = [f"(?P<d{i}>{name}s?)" for i, name in enumerate(names)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)


def possible_weekdays(text: str) -> set[int]:
    """Weekdays that a Vietnamese text may mean: "thứ ba" is Tuesday as well as the third."""
    names = _WEEKDAYS["vi"]
    return {names.index(match[1].lower()) for match in _VI_PERHAPS.finditer(text)}


def find_weekdays(text: str, language: str) -> list[tuple[int, int, int]]:
    """(weekday with Monday 0, start, end) for every weekday plainly meant as one."""
    if language == "vi":
        names = _WEEKDAYS["vi"]
        return [
            (names.index((m["name"] or m["low"] or m["dated"] or "nhật").lower()), *m.span())
            for m in _VI_WEEKDAY.finditer(text)
        ]
    if language == "zh":
        return [
            (6 if m[1] == "天" else _WEEKDAYS["zh"].index(m[1]), *m.span())
            for m in _ZH_WEEKDAY.finditer(text)
        ]
    return [
        (int((m.lastgroup or "d0")[1:]), *m.span()) for m in _weekday_names(language).finditer(text)
    ]
