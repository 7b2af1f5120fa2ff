"""Splitting a sentence that is too long for an engine, at the best place there is."""

from __future__ import annotations

import re
from collections.abc import Callable

#: Places to cut, strongest first. A cut falls after the match.
_CUTS: tuple[re.Pattern[str], ...] = (
    re.compile(r"[.!?…]+[\"”’»)]*\s+(?=\S)|[。！？]+[”’」』）]*(?=\S)|\n\s*(?=\S)"),
    re.compile(r"[;:]\s+(?=\S)|\s[–—-]\s+(?=\S)|[；：](?=\S)"),
    re.compile(
        r",\s+(?=(?:và|nhưng|song|đồng thời|trong khi|trong đó|tuy|mặc dù|bởi|vì|do|nên|để|nhằm|khi"
        r"|sau khi|trước khi|qua đó|từ đó|cũng như|góp phần)\s)"
    ),
    re.compile(r",[\"”’»)]*\s+(?=\S)|[)\]”»]\s+(?=\S)|，(?=\S)"),
    re.compile(
        r"\s+(?=(?:và|nhưng|hoặc|mà|để|nhằm|khi|vì|do|nên|rằng|trong|tại|với|của|cho|theo)\s)"
    ),
    re.compile(r"\s+(?=\S)"),
)


def split_clauses(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Cut text into parts that each fit; ``''.join(result) == text``.

    ``fits`` answers whether an engine can take a part whole (by its own token count) and should
    allow any part of a text that it allows. Cuts fall at sentence ends, then semicolons, commas
    before a conjunction, commas, conjunctions, spaces, and only in the end between characters;
    near the middle, so that no part is a scrap. White space stays at the end of the part before
    the cut. Text that fits comes back as the only part; empty text as no part.

    :raises ValueError: if not even one character fits.
    """
    if not text:
        return []
    result: list[str] = []
    waiting = [text]
    while waiting:
        part = waiting.pop()
        if fits(part):
            result.append(part)
            continue
        cut = _best_cut(part)
        waiting += (part[cut:], part[:cut])
    return result


def _best_cut(text: str) -> int:
    if len(text) < 2:
        raise ValueError(f"not even the one character {text!r} fits")
    middle = len(text) / 2
    low, high = len(text) * 0.2, len(text) * 0.8
    spare: int | None = None
    for pattern in _CUTS:
        cuts = [m.end() for m in pattern.finditer(text) if 0 < m.end() < len(text)]
        if not cuts:
            continue
        cut = min(cuts, key=lambda place: abs(place - middle))
        if low <= cut <= high:
            return cut
        # A lopsided cut at a good place is still better than one in the middle of a word.
        spare = cut if spare is None else spare
    return spare if spare is not None else len(text) // 2
