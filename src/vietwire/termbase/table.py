"""The term table: reading and writing the CSV that editors keep, and finding every fault in it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from vietwire.story import TARGET_LANGUAGES
from vietwire.termbase.model import (
    Concept,
    Fault,
    Rendering,
    Status,
    TermBaseInvalid,
    TermKind,
)
from vietwire.termbase.vietnamese import key

#: The table's file in the glossary folder.
FILE_NAME = "terms.csv"
#: Between the entries of a list inside one cell.
SEPARATOR = " | "

_HEAD = ("concept", "kind", "domain", "vi", "vi_variants", "vi_abbr", "context")
_PARTS = ("", "_short", "_forms", "_forbidden", "_status")
_TAIL = ("valid_from", "valid_until", "source", "note")
COLUMNS: tuple[str, ...] = (
    *_HEAD,
    *(language + part for language in TARGET_LANGUAGES for part in _PARTS),
    *_TAIL,
)

_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_KINDS = {kind.value: kind for kind in TermKind}
_STATUSES = {status.value: status for status in Status}


def read_table(path: Path) -> tuple[Concept, ...]:
    """Read a term table.

    :raises TermBaseInvalid: with every fault of the file, row by row.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise TermBaseInvalid([Fault(0, "", f"cannot be read: {reason}")], path.name) from error
    return parse_table(data, path.name)


def parse_table(data: bytes, name: str = FILE_NAME) -> tuple[Concept, ...]:
    """Read a term table from the bytes of a CSV file (UTF-8, with or without a BOM).

    :raises TermBaseInvalid: with every fault of the file, row by row.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        message = "not UTF-8: save the table as CSV UTF-8"
        raise TermBaseInvalid([Fault(row, "", message)], name) from error
    # One pass over the whole file is far cheaper than one per cell.
    text = unicodedata.normalize("NFC", text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise TermBaseInvalid([Fault(0, "", f"not a CSV table: {error}")], name) from error
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise TermBaseInvalid([Fault(0, "", "empty: the first row must name the columns")], name)
    faults = _header_faults(rows[0])
    if faults:
        raise TermBaseInvalid(faults, name)
    header = [cell.strip() for cell in rows[0]]
    order = [header.index(column) for column in COLUMNS]
    numbered: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cells):
            continue  # spreadsheets leave blank rows behind; they mean nothing
        if len(cells) != len(header):
            message = f"has {len(cells)} cells, the header has {len(header)}"
            faults.append(Fault(number, "", message))
            continue
        numbered.append((number, [cells[at].strip() for at in order]))
    concepts, found = concepts_from_cells(numbered)
    faults += found
    if faults:
        raise TermBaseInvalid(faults, name)
    return concepts


def _header_faults(header: Sequence[str]) -> list[Fault]:
    names = [cell.strip() for cell in header]
    faults = [
        Fault(1, name or f"number {at}", "unknown column; known ones are in docs/terms.md")
        for at, name in enumerate(names, start=1)
        if name not in COLUMNS
    ]
    faults += [
        Fault(1, name, "the column stands twice")
        for name in dict.fromkeys(names)
        if name in COLUMNS and names.count(name) > 1
    ]
    faults += [Fault(1, name, "the column is missing") for name in COLUMNS if name not in names]
    return faults


def concepts_from_cells(
    rows: Iterable[tuple[int, Sequence[str]]],
) -> tuple[tuple[Concept, ...], list[Fault]]:
    """Concepts from numbered rows of cells in the order of COLUMNS, and every fault found."""
    concepts: list[Concept] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    forms: dict[str, list[tuple[int, str, Concept]]] = {}
    for number, cells in rows:
        if not any(cells):
            continue
        row = _Row(number, cells, faults)
        concept = row.concept()
        first = seen.setdefault(concept.id, number)
        if first != number:
            row.fault("concept", f"duplicate concept {concept.id!r}, first in row {first}")
        for form in dict.fromkeys((concept.vi, *concept.variants, *concept.abbreviations)):
            if not form:
                continue
            others = forms.setdefault(key(form), [])
            for other_row, other_form, other in others:
                if other.id != concept.id and _clash(form, concept, other_form, other):
                    row.fault(
                        _column_of(form, concept),
                        f"Vietnamese form {form!r} also stands in row {other_row} "
                        f"({other.id}), valid at the same time",
                    )
            others.append((number, form, concept))
        concepts.append(concept)
    return tuple(concepts), faults


def _column_of(form: str, concept: Concept) -> str:
    if form == concept.vi:
        return "vi"
    return "vi_abbr" if form in concept.abbreviations else "vi_variants"


def _clash(form: str, concept: Concept, other_form: str, other: Concept) -> bool:
    """Whether two concepts claim one Vietnamese form with nothing to tell them apart.

    A difference of capitals tells them apart where a name is meant (Đức and đức); so does context.
    """
    if form != other_form and (form.isupper() or other_form.isupper()):
        return False
    if concept.context and other.context and concept.context != other.context:
        return False
    return concept.overlaps(other)


class _Row:
    """One row's cells in the order of COLUMNS, read with its faults noted."""

    def __init__(self, number: int, cells: Sequence[str], faults: list[Fault]) -> None:
        self.number = number
        self.cells = cells
        self._faults = faults

    def fault(self, column: str, message: str) -> None:
        self._faults.append(Fault(self.number, column, message))

    def concept(self) -> Concept:
        cells = self.cells
        identifier, kind_name, domain, vi = cells[0], cells[1], cells[2], cells[3]
        if not _KEBAB.fullmatch(identifier):
            self.fault("concept", f"{identifier!r} is not a lower-case-with-hyphens identifier")
        kind = _KINDS.get(kind_name)
        if kind is None:
            self.fault("kind", f"{kind_name!r} is not one of: {', '.join(_KINDS)}")
            kind = TermKind.TRANSLATE
        if not vi:
            self.fault("vi", "empty: a concept needs its Vietnamese form")
        renderings = {}
        at = len(_HEAD)
        for language in TARGET_LANGUAGES:
            if any(cells[at : at + 5]):
                renderings[language] = self._rendering(language, at, kind)
            at += 5
        if kind is TermKind.TRANSLATE and not any(r.text for r in renderings.values()):
            self.fault("", "kind is translate, but no language has a rendering")
        if kind is TermKind.FORBID and not any(r.forbidden for r in renderings.values()):
            self.fault("", "kind is forbid, but no language has a forbidden form")
        valid_from = self._day("valid_from", cells[at])
        valid_until = self._day("valid_until", cells[at + 1])
        if valid_from and valid_until and valid_from > valid_until:
            self.fault("valid_until", f"{valid_until} is before valid_from {valid_from}")
        return Concept(
            identifier,
            kind,
            domain,
            vi,
            self._list("vi_variants", cells[4]),
            self._list("vi_abbr", cells[5]),
            self._list("context", cells[6]),
            renderings,
            valid_from,
            valid_until,
            cells[at + 2],
            cells[at + 3],
        )

    def _rendering(self, language: str, at: int, kind: TermKind) -> Rendering:
        text, short, forms_cell, forbidden_cell, status_name = self.cells[at : at + 5]
        forms = self._list(language + "_forms", forms_cell)
        forbidden = self._list(language + "_forbidden", forbidden_cell)
        status = _STATUSES.get(status_name)
        if status is None:
            self.fault(language + "_status", f"{status_name!r} is not one of: attested, confirm")
            status = Status.CONFIRM
        if not text:
            if short or forms:
                self.fault(language, "empty rendering, but a short form or other forms are given")
            elif status is Status.ATTESTED:
                self.fault(language, "empty rendering, but its status is attested")
        elif status is Status.NONE and kind is TermKind.TRANSLATE:
            self.fault(language + "_status", "empty: say attested or confirm")
        accepted = {form.casefold() for form in (text, short, *forms) if form}
        for form in forbidden:
            if form.casefold() in accepted:
                self.fault(
                    language + "_forbidden", f"forbidden form {form!r} is also an accepted one"
                )
        return Rendering(text, short, forms, forbidden, status)

    def _list(self, column: str, cell: str) -> tuple[str, ...]:
        if not cell:
            return ()
        entries = tuple(entry.strip() for entry in cell.split("|"))
        if not all(entries):
            self.fault(column, "an empty entry between two '|'")
        return tuple(dict.fromkeys(entry for entry in entries if entry))

    def _day(self, column: str, cell: str) -> date | None:
        if not cell:
            return None
        try:
            if not _ISO.fullmatch(cell):
                raise ValueError(cell)
            return date.fromisoformat(cell)
        except ValueError:
            self.fault(column, f"{cell!r} is not a date such as 2020-11-15")
            return None


def cells_of(concept: Concept) -> list[str]:
    """A concept as the cells of its row, in the order of COLUMNS."""

    def joined(entries: tuple[str, ...]) -> str:
        return SEPARATOR.join(entries)

    cells = [
        concept.id,
        concept.kind.value,
        concept.domain,
        concept.vi,
        joined(concept.variants),
        joined(concept.abbreviations),
        joined(concept.context),
    ]
    for language in TARGET_LANGUAGES:
        r = concept.rendering(language)
        cells += [r.text, r.short, joined(r.forms), joined(r.forbidden), r.status.value]
    cells += [
        concept.valid_from.isoformat() if concept.valid_from else "",
        concept.valid_until.isoformat() if concept.valid_until else "",
        concept.source,
        concept.note,
    ]
    return cells


def write_table(concepts: Iterable[Concept]) -> bytes:
    """The term table of these concepts as CSV (UTF-8, LF): what ``parse_table`` reads back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(cells_of(concept) for concept in concepts)
    return out.getvalue().encode()
