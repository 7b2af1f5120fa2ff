"""What the term base holds: concepts, their renderings, and the faults of a table of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from vietwire.story import VietwireError


class TermKind(StrEnum):
    """TRANSLATE: use the approved rendering. KEEP: stays as it is in the source.

    FORBID: a wording that house style never uses; its forbidden forms block wherever they stand.
    """

    TRANSLATE = "translate"
    KEEP = "keep"
    FORBID = "forbid"


class Status(StrEnum):
    """Whether a rendering was seen in published copy, or is still for the desk to confirm."""

    ATTESTED = "attested"
    CONFIRM = "confirm"
    NONE = ""


class Rendering(NamedTuple):
    """How a concept is written in one language.

    ``text`` is the approved rendering in full, in dictionary form ("" = none agreed yet: no hint is
    given, nothing is verified); ``short`` what later mentions use; ``forms`` other accepted forms,
    including inflections that no rule would derive; ``forbidden`` forms that must not appear.
    """

    text: str = ""
    short: str = ""
    forms: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    status: Status = Status.NONE

    @property
    def accepted(self) -> tuple[str, ...]:
        """Every form that obeys the term, the approved one first."""
        return tuple(dict.fromkeys(f for f in (self.text, self.short, *self.forms) if f))


NO_RENDERING = Rendering()


class Concept(NamedTuple):
    """One row of the term base.

    ``vi`` is the full Vietnamese form, ``variants`` other full forms, ``abbreviations`` its short
    forms. ``context`` lists words of which one must stand near a short form for it to be meant.
    ``valid_from`` and ``valid_until`` are inclusive; None = open.
    """

    id: str
    kind: TermKind
    domain: str
    vi: str
    variants: tuple[str, ...]
    abbreviations: tuple[str, ...]
    context: tuple[str, ...]
    renderings: Mapping[str, Rendering]
    valid_from: date | None
    valid_until: date | None
    source: str
    note: str

    def rendering(self, language: str) -> Rendering:
        """The concept's rendering in a language; an empty one where the base has none."""
        return self.renderings.get(language, NO_RENDERING)

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def overlaps(self, other: Concept) -> bool:
        """Whether there is a day on which both concepts are valid."""
        starts = [d for d in (self.valid_from, other.valid_from) if d]
        ends = [d for d in (self.valid_until, other.valid_until) if d]
        return not starts or not ends or max(starts) <= min(ends)


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
