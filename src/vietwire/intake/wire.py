"""The forms of the wire: dateline, byline and end mark of a Vietnam News Agency item."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_TTXVN = r"(?:TTXVN|Vietnam\+|VNA)"
_DAY = re.compile(
    r"(?<!\d)(\d{1,2})(?:[/.-]|\s+tháng\s+)(\d{1,2})(?:(?:[/.-]|\s+năm\s+)(\d{4}))?(?!\d)"
)
_DASH = r"\s*[-–—:]+\s*"
_DATELINES = (
    # Hà Nội (TTXVN 12/11) - ...        Hà Nội, 12/11 (TTXVN) - ...
    re.compile(
        rf"(?P<line>[^()\n;:]{{2,60}}?\s*\([^()\n]{{0,30}}{_TTXVN}[^()\n]{{0,40}}\)){_DASH}"
    ),
    # TTXVN (Hà Nội 12/11) - ...
    re.compile(rf"(?P<line>{_TTXVN}\s*\([^()\n]{{2,60}}\)){_DASH}"),
    # Hà Nội, ngày 12/11 - ...
    re.compile(
        r"(?P<line>[^\W\d_][^()\n.;:\d]{1,50}?,\s*(?:ngày\s+)?\d{1,2}/\d{1,2}(?:/\d{4})?)\s*[-–—]\s+"
    ),
)
# The place may stand alone on its line, with the day.
_DATELINE_ALONE = re.compile(
    rf"(?P<line>[^()\n;:]{{2,60}}?\s*\([^()\n]{{0,30}}{_TTXVN}[^()\n]{{0,20}}\d{{1,2}}/\d{{1,2}}[^()\n]{{0,10}}\))"
)
_END_MARK = re.compile(r"\s*\.?\s*/\s*\.\s*$|\s*\.\s*/\s*$")
_BYLINE_WORDS = frozenset(
    [
        "và",
        "tại",
        "pv",
        "phóng",
        "viên",
        "thường",
        "trú",
        "theo",
        "nhóm",
        "ctv",
        "cộng",
        "tác",
        "từ",
        "ở",
        "tổng",
        "hợp",
    ]
)
_BUREAU = re.compile(r"\b(?:tại|ở|từ)\s+([^()/,;.\n]+)")


class Dateline(NamedTuple):
    """``text`` as written, without the dash; ``rest`` of the paragraph; day and month if told."""

    text: str
    rest: str
    day: tuple[int, int, int | None] | None


def find_dateline(paragraph: str) -> Dateline | None:
    """The dateline a paragraph opens with, if it does."""
    for pattern in _DATELINES:
        found = pattern.match(paragraph)
        if found and _is_place(found["line"]):
            rest = paragraph[found.end() :].strip()
            return Dateline(found["line"].strip(), rest, _day_in(found["line"]))
    alone = _DATELINE_ALONE.fullmatch(paragraph)
    if alone and _is_place(alone["line"]):
        return Dateline(alone["line"].strip(), "", _day_in(alone["line"]))
    return None


def _is_place(line: str) -> bool:
    """A place is written with capitals; a clause with "(TTXVN)" in it is not a dateline."""
    place = re.sub(r"\([^()]*\)|,?\s*(?:ngày\s+)?\d.*$", "", line).replace(",", " ")
    words = place.split()
    small = sum(word[0].islower() for word in words)
    return len(words) <= 8 and small <= len(words) // 3


def _day_in(text: str) -> tuple[int, int, int | None] | None:
    found = _DAY.search(text)
    if not found:
        return None
    return int(found[1]), int(found[2]), int(found[3]) if found[3] else None


def full_date(day: tuple[int, int, int | None], today: date) -> date | None:
    """A dateline's day with its year: the one told, else the last such day up to next week."""
    number, month, year = day
    try:
        if year is not None:
            return date(year, month, number)
        this_year = date(today.year, month, number)
        return this_year if (this_year - today).days <= 7 else date(today.year - 1, month, number)
    except ValueError:
        return None


def is_byline(paragraph: str) -> bool:
    """Whether a closing paragraph is a byline: names, "PV TTXVN tại Jakarta", "(TTXVN)"."""
    text = paragraph.strip()
    if len(text) > 100 or not re.search(rf"\b{_TTXVN}", text) or text.lower().startswith("ảnh"):
        return False
    words = re.findall(r"[^\W_][\w.+]*", text)
    return (
        bool(words)
        and not text.endswith((".", "!", "?", ":"))
        and all(word[0].isupper() or word.lower() in _BYLINE_WORDS for word in words)
    )


def bureau_of(byline: str) -> str:
    """ "PV TTXVN tại Jakarta" is from the bureau in Jakarta; empty where no bureau is named."""
    found = _BUREAU.search(byline) if re.search(_TTXVN, byline) else None
    return found[1].strip() if found else ""


def split_closing(paragraph: str) -> tuple[str, str]:
    """A last paragraph parted at its end mark: ``...phát triển./. Văn A (TTXVN)``."""
    head, mark, tail = paragraph.rpartition("./.")
    if mark and tail.strip() and is_byline(tail):
        return f"{head}.", tail.strip()
    return paragraph, ""


def without_end_mark(paragraph: str) -> str:
    """Drop the wire's closing ``./.``, keeping the full stop."""
    last = paragraph.split()[-1:] or [""]
    if not _END_MARK.search(paragraph) or re.search(r"\w\.\w", last[0]):
        return paragraph  # no mark, or the end of an address
    text = _END_MARK.sub("", paragraph)
    return text if text.endswith((".", "!", "?", "…", "”", '"')) else f"{text}."
