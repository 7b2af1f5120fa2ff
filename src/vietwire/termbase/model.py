"""What the term base holds: concepts, their renderings, and the faults of a table of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from vietwire.story import TARGET_LANGUAGES, VietwireError
from vietwire.text import articles


class TermKind(StrEnum):
    """TRANSLATE: use the approved rendering. KEEP: stays as it is in the source.

    FORBID: a wording that house style never uses; its forbidden forms block wherever they stand.
    SUGGEST: the usual rendering of a stock phrase, given to a machine that missed it; a person may
    write it otherwise, so it is no term that a draft is held to.
    """

    TRANSLATE = "translate"
    KEEP = "keep"
    FORBID = "forbid"
    SUGGEST = "suggest"


#: The domains of places.
PLACES = frozenset({"country", "capital", "place"})
#: The kinds that need a rendering.
RENDERED = frozenset((TermKind.TRANSLATE, TermKind.SUGGEST))


class Status(StrEnum):
    """Whether a rendering was seen in published copy, or is still for the desk to confirm."""

    ATTESTED = "attested"
    CONFIRM = "confirm"
    NONE = ""


class Rendering(NamedTuple):
    """How a concept is written in one language.

    ``text`` is the approved rendering in full, in dictionary form ("" = none agreed yet: no hint is
    given, nothing is verified); ``short`` what later mentions use; ``forms`` other accepted forms,
    including inflections that no rule would derive; ``forbidden`` forms that must not appear;
    ``article`` the one that ``text`` takes in running text ("" = none).
    """

    text: str = ""
    short: str = ""
    forms: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    status: Status = Status.NONE
    article: str = ""

    @property
    def accepted(self) -> tuple[str, ...]:
        """Every form that obeys the term, the approved one first."""
        return tuple(dict.fromkeys(f for f in (self.text, self.short, *self.forms) if f))


NO_RENDERING = Rendering()

#: Between the entries of a list inside one cell.
SEPARATOR = " | "
_HEAD = ("concept", "kind", "domain", "vi", "vi_variants", "vi_abbr", "context")
_PARTS = ("", "_short", "_forms", "_forbidden", "_status")
#: The definite articles, of the languages whose renderings may take one.
ARTICLES: dict[str, tuple[str, ...]] = {**articles.ARTICLES, "fr": ("le", "la", "les", "l'", "l’")}


def _columns(language: str) -> tuple[str, ...]:
    articled = ("_article",) if language in ARTICLES else ()
    return tuple(language + part for part in (*_PARTS, *articled))


#: The table's columns, in the order that it is written in.
COLUMNS: tuple[str, ...] = (
    *_HEAD,
    *(column for language in TARGET_LANGUAGES for column in _columns(language)),
    "valid_from",
    "valid_until",
    "source",
    "note",
)
#: Where each language's columns begin.
RENDERING_AT = {language: COLUMNS.index(language) for language in TARGET_LANGUAGES}


class Concept:
    """One row of the term base, read from its cells when asked.

    A table of twenty thousand rows is mostly cells that no story touches, so a concept keeps its
    cells as they stand in the table (in the order of ``COLUMNS``) and takes them apart on demand.
    """

    __slots__ = ("_renderings", "cells", "id")

    def __init__(self, cells: tuple[str, ...]) -> None:
        self.cells = cells
        self.id = cells[0]
        self._renderings: dict[str, Rendering] | None = None

    @classmethod
    def of(cls, **values: str) -> Concept:
        """A concept from cells by the name of their column; the others are empty."""
        unknown = values.keys() - set(COLUMNS)
        if unknown:
            raise ValueError(f"unknown columns: {sorted(unknown)}")
        return cls(tuple(values.get(column, "") for column in COLUMNS))

    def with_cells(self, **values: str) -> Concept:
        """The same concept with some cells replaced."""
        return Concept.of(**{**dict(zip(COLUMNS, self.cells, strict=True)), **values})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Concept) and self.cells == other.cells

    def __hash__(self) -> int:
        return hash(self.cells)

    def __repr__(self) -> str:
        return f"Concept({self.id!r}, {self.vi!r})"

    @property
    def kind(self) -> TermKind:
        return TermKind(self.cells[1])

    @property
    def domain(self) -> str:
        return self.cells[2]

    @property
    def vi(self) -> str:
        """The full Vietnamese form."""
        return self.cells[3]

    @property
    def variants(self) -> tuple[str, ...]:
        """Other full Vietnamese forms."""
        return entries(self.cells[4])

    @property
    def abbreviations(self) -> tuple[str, ...]:
        """Short Vietnamese forms."""
        return entries(self.cells[5])

    @property
    def context(self) -> tuple[str, ...]:
        """Words of which one must stand near a short form for it to be meant."""
        return entries(self.cells[6])

    @property
    def valid_from(self) -> date | None:
        """The first day on which the concept is meant by its forms; None = always was."""
        return _day(self.cells[-4])

    @property
    def valid_until(self) -> date | None:
        """The last day on which the concept is meant by its forms; None = still is."""
        return _day(self.cells[-3])

    @property
    def source(self) -> str:
        """Where the renderings were seen."""
        return self.cells[-2]

    @property
    def note(self) -> str:
        return self.cells[-1]

    @property
    def renderings(self) -> Mapping[str, Rendering]:
        """The renderings by language; a language that the table says nothing on is absent."""
        if self._renderings is None:
            found = {}
            for language, at in RENDERING_AT.items():
                text, short, forms, forbidden, status = self.cells[at : at + 5]
                if text or short or forms or forbidden or status:
                    article = self.cells[at + 5] if language in ARTICLES else ""
                    article = article.replace("’", "'")
                    found[language] = Rendering(
                        text, short, entries(forms), entries(forbidden), Status(status), article
                    )
            self._renderings = found
        return self._renderings

    def rendering(self, language: str) -> Rendering:
        """The concept's rendering in a language; an empty one where the base has none."""
        return self.renderings.get(language, NO_RENDERING)

    def valid_on(self, day: date) -> bool:
        first, last = self.cells[-4], self.cells[-3]
        if not first and not last:
            return True
        # ISO dates sort as text.
        text = day.isoformat()
        return (not first or first <= text) and (not last or text <= last)

    def overlaps(self, other: Concept) -> bool:
        """Whether there is a day on which both concepts are valid."""
        starts = [d for d in (self.valid_from, other.valid_from) if d]
        ends = [d for d in (self.valid_until, other.valid_until) if d]
        return not starts or not ends or max(starts) <= min(ends)


def entries(cell: str) -> tuple[str, ...]:
    """The entries of a list cell."""
    if not cell:
        return ()
    if "|" not in cell:
        return (cell,)
    return tuple(dict.fromkeys(entry.strip() for entry in cell.split("|")))


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a term file.

    ``row`` counts as a spreadsheet does: the header is row 1, the first concept row 2; 0 means the
    file as a whole. ``column`` is the column's name, "" for a whole row.
    """

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "file"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.message}"


class TermBaseInvalid(VietwireError):
    """A term file that cannot be used. ``faults`` lists all of them, in order of row."""

    def __init__(self, faults: Sequence[Fault], name: str = "terms.csv") -> None:
        self.faults = sorted(faults)
        self.name = name
        count = len(self.faults)
        more = f" (and {count - 1} more)" if count > 1 else ""
        super().__init__(f"{name}: {self.faults[0]}{more}; run: vietwire terms check")
