"""Placeables: dates, times, sums, numbers and people of a segment, and how to write each.

A placeable is what a translator places rather than translates: 15/11 is November 15, 1,4 triệu USD
is 140万美元, Phạm Bình Minh is Pham Binh Minh or Фам Бинь Минь. Small networks copy well and
convert badly, so that the conversion is done here, exactly, and given to the engine as a hint, as
the term base's renderings are. The forms are those of the house's styles (``glossary/styles``).
"""

from __future__ import annotations

from collections.abc import Iterator

from vietwire.checks.quantities import source_figures
from vietwire.placeables.base import Placeable
from vietwire.placeables.clocks import place_clocks
from vietwire.placeables.dates import place_dates
from vietwire.placeables.figures import place_figures
from vietwire.placeables.local import place_local_names
from vietwire.placeables.people import place_people

__all__ = ["Placeable", "find_placeables"]


def find_placeables(text: str, language: str) -> tuple[Placeable, ...]:
    """Dates, times and figures in digits, and names, of a Vietnamese segment, in order and apart.

    What can be read in two ways (1/3, "1,500 USD") is left out: a wrong hint is worse than none.
    Names are left out for Chinese.
    """
    found = [
        *_figures_and_dates(text, language),
        *place_people(text, language),
        *place_local_names(text, language),
    ]
    kept: list[Placeable] = []
    for place in sorted(found, key=lambda p: (p.start, -p.end)):
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return tuple(kept)


def _figures_and_dates(text: str, language: str) -> Iterator[Placeable]:
    if not any(char.isdigit() for char in text):
        return
    read = source_figures(text)
    doubtful = [(day.start, day.end) for day in read.days if not day.sure]
    figures = [
        figure
        for figure in read.figures
        if not any(start < figure.end and figure.start < end for start, end in doubtful)
    ]
    yield from place_dates([day for day in read.days if day.sure], text, language)
    yield from place_clocks(read.clocks, text, language)
    yield from place_figures(figures, text, language)
