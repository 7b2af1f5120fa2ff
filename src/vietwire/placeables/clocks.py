"""Times of day, written as each language's desk writes them.

As the agency prints them: 6pm and 8:30am in English, 18h and 8h30 in French, 18:00 in Spanish and
Russian, 18时 in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vietwire.checks.dates import PART_OF_DAY, Clock
from vietwire.placeables.base import Placeable

#: Words before a time that make it one. After others "8 giờ" may be how long something takes.
_BEFORE = re.compile(
    r"(?<!\w)(?:lúc|hồi|tính (?:đến|tới))(?: khoảng| đúng| gần)?\s*\(?\s*$", re.IGNORECASE
)
#: What follows a time: a day, a part of it, a place's time.
_AFTER = re.compile(
    r"\s?\(?(?:(?:sáng|trưa|chiều|tối|đêm|rạng sáng|ngày|cùng ngày|hôm|thứ \w+"
    r"|giờ (?:Hà Nội|Việt Nam|địa phương|GMT))(?!\w)|\d{1,2}[/-]\d{1,2}(?!\d))"
)
#: The part of the day belongs to the day here: 2 giờ sáng nay.
_THIS = re.compile(r"\s(?:nay|mai|qua|kia)(?!\w)")
_GOES_ON = re.compile(r"\s?(?:rưỡi|kém|hơn|đồng hồ|\d|[-–/])")
_MINUTES = re.compile(r"\s?phút(?!\w)")
_MEASURED = re.compile(r"(?:trong|suốt|sau|mất|kéo dài|hơn|gần|cả|mỗi|thêm)(?: \w+)?\s*$", re.I)


def place_clocks(clocks: Sequence[Clock], text: str, language: str) -> Iterator[Placeable]:
    """Those of the times found in a text that are surely times of day, and of which half of it."""
    for clock in clocks:
        if not clock.half or clock.hour == 24:
            continue
        if "g" in text[clock.start : clock.end].replace("giờ", ""):
            continue  # 8 g: grams
        end = clock.end
        minutes = _MINUTES.match(text, end)
        if minutes is not None:
            end = minutes.end()
        if not _surely_a_time(clock, text[: clock.start], text[end:]):
            continue
        part = PART_OF_DAY.match(text, end)
        if part is not None and not _THIS.match(text, part.end()) and clock.hour <= 12:
            end = part.end()
        hour = clock.hour % 12 + (12 if clock.half == "pm" else 0)
        forms = _written(hour, clock.minute, language)
        phrase = text[clock.start : end].rstrip()
        yield Placeable(phrase, clock.start, clock.start + len(phrase), forms[0], forms[1:])


def _surely_a_time(clock: Clock, before: str, after: str) -> bool:
    if re.search(r"[\w./:-]$", before) or _GOES_ON.match(after):
        return False
    if _BEFORE.search(before):
        return True
    return bool(_AFTER.match(after)) and not _MEASURED.search(before)


def _written(hour: int, minute: int, language: str) -> tuple[str, ...]:
    """The ways to write a time of day, the house's first; ``hour`` is 0 to 23."""
    minutes = f"{minute:02}"
    digits = f"{hour}:{minutes}"
    if language == "en":
        half = "am" if hour < 12 else "pm"
        dial = str(hour % 12 or 12)
        if hour == 0:
            return (digits, f"{hour}:{minutes}am", f"12:{minutes}am")  # midnight of which day?
        short = f"{dial}:{minutes}" if minute else dial
        spelled = f"{half[0]}.m."
        return (f"{short}{half}", f"{short} {half}", f"{short} {spelled}",
                f"{dial}:{minutes} {half}", f"{dial}:{minutes} {spelled}", digits)  # fmt: skip
    if language == "fr":
        spaced = f"{hour} heures {minutes}" if minute else f"{hour} heures"
        return (f"{hour}h{minutes if minute else ''}", f"{hour}h{minutes}", spaced)
    if language == "zh":
        return (f"{hour}时{minute}分" if minute else f"{hour}时", digits,
                f"{hour}点{minute}分" if minute else f"{hour}点")  # fmt: skip
    whole = {"es": f"{hour} horas", "ru": f"{hour} часов"}[language]
    return (digits,) if minute else (digits, whole)
