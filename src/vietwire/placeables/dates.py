"""Days and months, written as each language's desk writes them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from vietwire.checks.dates import AMOUNTS, BEFORE_A_COUNT, MONTHS, UNITS, Day
from vietwire.placeables.base import Placeable

_MONTHS = {
    "en": MONTHS["en"].title(),
    "fr": MONTHS["fr"],
    "es": MONTHS["es"],
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_MONTHS_ALONE_RU = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"


def place_dates(days: Sequence[Day], text: str, language: str) -> Iterator[Placeable]:
    """Those of the ``days`` found in a text that are surely dates; a range is one place."""
    spans: dict[tuple[int, int], list[Day]] = {}
    for day in days:
        spans.setdefault((day.start, day.end), []).append(day)
    for (start, end), together in spans.items():
        phrase = text[start:end]
        if len(together) > 2 or not any(char.isdigit() for char in phrase):
            continue
        last = together[-1]
        if together[0].month != last.month:
            if _surely_a_date(last, True, text):
                yield Placeable(phrase, start, end, _across(together[0], last, language))
            continue
        first = together[0].day if len(together) == 2 else None
        if len(together) == 2 and (first is None or last.day is None or first >= last.day):
            continue
        if not _surely_a_date(last, first is not None, text):
            continue
        joined = not re.search(r"-|–|đến|tới", phrase)  # "12 and 15", no range
        forms = _written(first, last, joined, language)
        yield Placeable(phrase, start, end, forms[0], tuple(forms[1:]))


#: The lunar calendar's days are no January 15; a text that names it may mean any date so.
_LUNAR = re.compile(r"âm lịch|lịch âm|nông lịch", re.IGNORECASE)
_LUNAR_DAY = re.compile(r"(?:mùng|mồng|rằm)\s*$", re.IGNORECASE)
_DAY_STRONG = (
    r"(?<!cả )(?<!suốt )(?<!mỗi )ngày|hôm|sáng|sớm|trưa|chiều|tối|(?<!ngày )đêm|khuya"
    r"|(?:hôm|ngày|sáng|trưa|chiều|tối|đêm) (?:nay|qua|mai),?"
    r"|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7]),?|nhật,?"
)
#: Words before 15/3 that make it a day. Without one it may be a set of tennis, a house, a class.
_BEFORE_A_DAY = re.compile(
    rf"(?<!\w)(?:{_DAY_STRONG}|từ|đến|tới|trước|sau|vào|hết|dịp|lễ|phiên)\s*\(?\s*$", re.IGNORECASE
)
#: The first day of several that have the month in common: ngày 1 đến 3-2-2019.
_DAY_TO = re.compile(r"(?<![\d/.-])\d{1,2}\s?(?:-|–|đến|tới|và|,)\s?(?:hết\s)?(?:ngày\s)?$")
#: Before 15 tháng 3, which after "từ" may be fifteen months and three days.
_BEFORE_DAY_AND_MONTH = re.compile(rf"(?<!\w)(?:{_DAY_STRONG})\s*\(?\s*$", re.IGNORECASE)
#: After tháng 3, where it counts or is the first of several months.
_AFTER_A_COUNT = re.compile(
    r"\s?(?:[-–/.,:&]|và|đến|tới|hoặc|hay)?\s?\d"
    rf"|\s(?:{AMOUNTS}|{UNITS}|Giáp|Ất|Bính|Đinh|Mậu|Kỷ|Canh|Tân|Nhâm|Quý)(?!\w)"
)


def _surely_a_date(day: Day, several: bool, text: str) -> bool:
    """Whether a date is one of the calendar, whole, and not a number that looks like it."""
    phrase, before, after = text[day.start : day.end], text[: day.start], text[day.end :]
    if day.day and day.day > calendar.monthrange(day.year or 2000, day.month)[1]:
        return False
    if _LUNAR.search(text) or _LUNAR_DAY.search(before) or re.search(r"giêng|chạp", phrase, re.I):
        return False
    if re.search(r"[\w./:-]$", before) or re.match(r"[\w/]|-\w", after):
        return False
    if _DAY_TO.search(before):
        return False
    if day.day is None:
        counted = not day.year and _AFTER_A_COUNT.match(after)
        return not (counted or BEFORE_A_COUNT.search(before))
    if several and "," in phrase:
        return False
    if re.match(r"\s?\d", after):
        return False  # 24/2 4h: a number broken in two
    if day.year and not several:
        return True
    if "/" in phrase:
        alone = not several and re.search(r"[^\d%]\s\($", before) and after.startswith(")")
        return bool(alone or _BEFORE_A_DAY.search(before))
    return bool(_BEFORE_DAY_AND_MONTH.search(before))


def _across(first: Day, last: Day, language: str) -> str:
    """The way to write a range whose ends lie in two months."""
    link = {"en": "-", "fr": " au ", "es": " al ", "zh": "至", "ru": " — "}[language]
    start = _written(None, replace(first, year=None), True, language)[0]
    end = _written(None, last, True, language)[0]
    if language == "zh" and last.year:  # the year comes first
        end = end.removeprefix(f"{last.year}年")
        start = f"{last.year}年{start}"
    return f"{start}{link}{end}"


def _written(first: int | None, last: Day, joined: bool, language: str) -> list[str]:
    """The ways to write a date, the house's first."""
    year, month = last.year, last.month
    if language == "zh":
        start = f"{year}年" if year else ""
        if last.day is None:
            return [f"{start}{month}月"]
        if first is not None:
            link = "和" if joined else "至"
            return [f"{start}{month}月{first}日{link}{last.day}日"]
        return [f"{start}{month}月{last.day}日"]
    names = _MONTHS_ALONE_RU if language == "ru" and last.day is None else _MONTHS[language]
    name = names.split()[month - 1]
    if language == "en":
        days = "" if last.day is None else str(last.day)
        if first is not None:
            days = f"{first} and {days}" if joined else f"{first}-{days}"
        forms = [
            f"{name} {days}, {year}" if days and year else f"{name} {days or year or ''}".strip()
        ]
        if days:
            forms += [f"{days} {name} {year or ''}".strip(), f"{name} {days}"]
        return list(dict.fromkeys(forms))
    days = "" if last.day is None else str(last.day)
    if days == "1" and language == "fr":
        days = "1er"
    if first is not None:
        start = "1er" if first == 1 and language == "fr" else str(first)
        links = {"fr": ("au", "et"), "es": ("al", "y"), "ru": ("-", "и")}
        link = links[language][joined]
        days = f"{start}-{days}" if link == "-" else f"{start} {link} {days}"
    of = " de " if language == "es" else " "
    plain = f"{days}{of}{name}" if days else name
    if not year:
        return [plain]
    end = f"{year} года" if language == "ru" else str(year)
    return [f"{plain}{of}{end}", *([plain] if days else [])]
