"""Scores of matches and votes: two figures joined by a dash, whose order tells who won."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vietwire.checks.quantities import ADDRESS, Figures
from vietwire.story import Finding, Severity

_PAIR = re.compile(
    r"(?<![^\W\u3400-\u9fff])(?<![.,/:–-])(?P<first>\d{1,3})\s?(?:[-–—‑:：/]|比)\s?(?P<second>\d{1,3})"
    r"(?![\d.,]\d|[^\W\u3400-\u9fff]|[/:–-]\d)"
)
#: Who lost has the smaller figure first in Vietnamese, but in English and French often the larger.
_LOST = re.compile(r"(?<!\w)(?:thua|thất bại|bại trận|gục ngã|thất thủ)(?!\w)", re.IGNORECASE)
#: 11-9 and 20-7 are days.
_DAY = re.compile(
    r"(?:ngày|hôm|sáng|trưa|chiều|tối|đêm|tháng|sự kiện|vụ|khủng bố|dịp|lễ|mùng|mồng)\s\(?$",
    re.IGNORECASE,
)


def check_scores(ours: Figures, source: str, target: str) -> Iterator[Finding]:
    """A score whose two figures have changed places: 2-1 as 1-2."""
    pairs = _pairs(source)
    if not pairs:
        return
    written = _pairs(target)
    for (first, second), (start, end) in pairs.items():
        span = written.get((second, first))
        if span is None or (first, second) in written or (second, first) in pairs:
            continue
        # 2/11 may be a day, which English copy may turn round; 24/7 is 7/24 in Chinese
        if any(day.start < end and start < day.end for day in ours.days):
            continue
        if _DAY.search(source, max(0, start - 12), start):
            continue
        if _LOST.search(re.split(r"[,;.]\s", source[:start])[-1]):
            continue
        yield Finding(
            Severity.WARN,
            "numbers",
            f"The order has changed: “{source[start:end]}” has become “{target[slice(*span)]}”.",
            "Correct the order against the source, or make sure that the sides have changed "
            "places too.",
            span,
            (start, end),
        )


def _pairs(text: str) -> dict[tuple[int, int], tuple[int, int]]:
    """Where each two figures stand that a dash, a colon, a slash or 比 joins."""
    plain = ADDRESS.sub(lambda match: " " * len(match.group()), text)
    return {(int(m["first"]), int(m["second"])): m.span() for m in _PAIR.finditer(plain)}
