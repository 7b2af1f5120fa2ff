"""The term table: reading and writing the CSV that editors keep, and finding every fault in it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from vietwire.story import TARGET_LANGUAGES
from vietwire.termbase.model import (
    ARTICLES,
    COLUMNS,
    RENDERED,
    SEPARATOR,
    Concept,
    Fault,
    Status,
    TermBaseInvalid,
    TermKind,
    entries,
)
from vietwire.termbase.vietnamese import folded_forms

#: The table's file in the glossary folder.
FILE_NAME = "terms.csv"

_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
# What no XML file, so no TBX, can hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_AT = {column: at for at, column in enumerate(COLUMNS)}
_LISTS = ("vi_variants", "vi_abbr", "context") + tuple(
    language + part for language in TARGET_LANGUAGES for part in ("_forms", "_forbidden")
)


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
    for sign, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(rows[0]) == 1 and sign in rows[0][0]:
            message = f"separated by {called}: save the table as CSV UTF-8 with commas"
            raise TermBaseInvalid([Fault(1, "", message)], name)
    faults = _header_faults(rows[0])
    if faults:
        raise TermBaseInvalid(faults, name)
    header = [cell.strip() for cell in rows[0]]
    order = [header.index(column) for column in COLUMNS]
    in_order = order == list(range(len(COLUMNS)))
    width = len(header)
    numbered: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cells):
            continue  # spreadsheets leave blank rows behind; they mean nothing
        if len(cells) != width:
            faults.append(Fault(number, "", f"has {len(cells)} cells, the header has {width}"))
            continue
        stripped = list(map(str.strip, cells))
        numbered.append((number, stripped if in_order else [stripped[at] for at in order]))
    if _CONTROL.search(text):
        faults += _control_faults(numbered)
    concepts, found = concepts_from_cells(numbered)
    faults += found
    if faults:
        raise TermBaseInvalid(faults, name)
    return concepts


def _control_faults(rows: Iterable[tuple[int, Sequence[str]]]) -> list[Fault]:
    return [
        Fault(number, column, f"a control character (U+{ord(found[0]):04X}): take it out")
        for number, cells in rows
        for column, cell in zip(COLUMNS, cells, strict=True)
        if (found := _CONTROL.search(cell))
    ]


def _header_faults(header: Sequence[str]) -> list[Fault]:
    names = [cell.strip() for cell in header]
    faults = [
        Fault(1, name or f"number {at}", "unknown column; glossary/README.md lists the columns")
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
    rows: Iterable[tuple[int, list[str]]],
) -> tuple[tuple[Concept, ...], list[Fault]]:
    """Concepts from numbered rows of cells in the order of COLUMNS, and every fault found.

    The checks go column by column: nearly all cells of a large table are in order, and a column is
    passed over at the speed of a set.
    """
    kept = [(number, cells) for number, cells in rows if any(cells)]
    numbers = [number for number, _ in kept]
    faults: list[Fault] = []
    for column in _LISTS:
        _tidy_lists(column, kept, faults)
    columns = dict(zip(COLUMNS, zip(*(cells for _, cells in kept), strict=True), strict=False))
    if columns:
        _check_heads(numbers, columns, faults)
        for language in TARGET_LANGUAGES:
            _check_renderings(language, numbers, columns, faults)
        for language in ARTICLES:
            _check_articles(language, numbers, columns, faults)
        _check_kinds(numbers, columns, faults)
        _check_dates(numbers, columns, faults)
    concepts = tuple(Concept(tuple(cells)) for _, cells in kept)
    if columns:
        _check_forms(numbers, concepts, columns, faults)
    return concepts, sorted(faults)


Columns = Mapping[str, tuple[str, ...]]


def _tidy_lists(column: str, rows: Sequence[tuple[int, list[str]]], faults: list[Fault]) -> None:
    """Bring a column's lists to one spelling; an empty entry between two bars is a fault."""
    at = _AT[column]
    for number, cells in rows:
        cell = cells[at]
        if "|" in cell:
            found = [entry.strip() for entry in cell.split("|")]
            if not all(found):
                faults.append(Fault(number, column, "an empty entry beside a '|'"))
            cells[at] = SEPARATOR.join(dict.fromkeys(entry for entry in found if entry))


def _among(
    column: str,
    numbers: Sequence[int],
    columns: Columns,
    allowed: frozenset[str],
    faults: list[Fault],
) -> None:
    unknown = set(columns[column]) - allowed
    if unknown:
        choices = ", ".join(sorted(allowed - {""}))
        faults += [
            Fault(number, column, f"{cell!r} is not one of: {choices}")
            for number, cell in zip(numbers, columns[column], strict=True)
            if cell in unknown
        ]


def _check_heads(numbers: Sequence[int], columns: Columns, faults: list[Fault]) -> None:
    seen: dict[str, int] = {}
    for number, identifier in zip(numbers, columns["concept"], strict=True):
        if not _KEBAB.fullmatch(identifier):
            message = f"{identifier!r} is not a lower-case-with-hyphens identifier"
            faults.append(Fault(number, "concept", message))
        elif (first := seen.setdefault(identifier, number)) != number:
            message = f"duplicate concept {identifier!r}, first in row {first}"
            faults.append(Fault(number, "concept", message))
    _among("kind", numbers, columns, frozenset(kind.value for kind in TermKind), faults)
    if "" in columns["vi"]:
        faults += [
            Fault(number, "vi", "empty: a concept needs its Vietnamese form")
            for number, cell in zip(numbers, columns["vi"], strict=True)
            if not cell
        ]


def _check_renderings(
    language: str, numbers: Sequence[int], columns: Columns, faults: list[Fault]
) -> None:
    status_column = f"{language}_status"
    _among(status_column, numbers, columns, frozenset(status.value for status in Status), faults)
    cells = zip(
        numbers,
        columns["kind"],
        *(columns[language + part] for part in ("", "_short", "_forms", "_forbidden", "_status")),
        strict=True,
    )
    for number, kind, text, short, forms, forbidden, status in cells:
        if not text:
            if short or forms:
                message = "empty rendering, but a short form or other forms are given"
                faults.append(Fault(number, language, message))
            elif status == "attested":
                faults.append(Fault(number, language, "empty rendering, but said to be attested"))
            elif status and kind in RENDERED:
                message = f"empty rendering: fill it in, or empty {status_column} too"
                faults.append(Fault(number, language, message))
        elif not status and kind in RENDERED:
            faults.append(Fault(number, status_column, "empty: say attested or confirm"))
        if forbidden:
            accepted = {form.casefold() for form in (text, short, *entries(forms))}
            faults += [
                Fault(
                    number, f"{language}_forbidden", f"forbidden form {form!r} is an accepted one"
                )
                for form in entries(forbidden)
                if form.casefold() in accepted
            ]


def _check_articles(
    language: str, numbers: Sequence[int], columns: Columns, faults: list[Fault]
) -> None:
    column = f"{language}_article"
    _among(column, numbers, columns, frozenset(("", *ARTICLES[language])), faults)
    faults += [
        Fault(number, column, "an article, but no rendering")
        for number, article, text in zip(numbers, columns[column], columns[language], strict=True)
        if article and not text
    ]


def _check_kinds(numbers: Sequence[int], columns: Columns, faults: list[Fault]) -> None:
    """A concept to translate or suggest has some rendering; one to forbid, a forbidden form."""
    rendered = zip(*(columns[language] for language in TARGET_LANGUAGES), strict=True)
    banned = zip(*(columns[f"{language}_forbidden"] for language in TARGET_LANGUAGES), strict=True)
    for number, kind, texts, bans in zip(numbers, columns["kind"], rendered, banned, strict=True):
        if kind in RENDERED and not any(texts):
            faults.append(Fault(number, "", f"kind is {kind}, but no language has a rendering"))
        elif kind == "forbid" and not any(bans):
            faults.append(Fault(number, "", "kind is forbid, but no language has a forbidden form"))


def _check_dates(numbers: Sequence[int], columns: Columns, faults: list[Fault]) -> None:
    wrong: set[str] = set()
    for column in ("valid_from", "valid_until"):
        bad = {cell for cell in set(columns[column]) if cell and not _is_day(cell)}
        wrong |= bad
        if bad:
            faults += [
                Fault(number, column, f"{cell!r} is not a date such as 2020-11-15")
                for number, cell in zip(numbers, columns[column], strict=True)
                if cell in bad
            ]
    faults += [
        Fault(number, "valid_until", f"{last} is before valid_from {first}")
        for number, first, last in zip(
            numbers, columns["valid_from"], columns["valid_until"], strict=True
        )
        if first and last and last < first and not {first, last} & wrong
    ]


def _is_day(cell: str) -> bool:
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return _ISO.fullmatch(cell) is not None


def _check_forms(
    numbers: Sequence[int],
    concepts: Sequence[Concept],
    columns: Columns,
    faults: list[Fault],
) -> None:
    """No Vietnamese form may mean two concepts on one day with nothing to tell them apart."""
    owners: list[tuple[int, str, str]] = []
    for column in ("vi", "vi_variants", "vi_abbr"):
        for row, cell in enumerate(columns[column]):
            if not cell:
                continue
            if column == "vi" or "|" not in cell:
                owners.append((row, column, cell))
            else:
                owners += [(row, column, form) for form in entries(cell)]
    claims: dict[str, list[tuple[int, str, str]]] = {}
    folded = folded_forms([form for _, _, form in owners])
    if len(set(folded)) == len(folded):
        return
    for claim, form in zip(owners, folded, strict=True):
        claims.setdefault(form, []).append(claim)
    wrong_dates = {fault.row for fault in faults if fault.column in ("valid_from", "valid_until")}
    for claimed in claims.values():
        for later in range(1, len(claimed)):
            row, column, form = claimed[later]
            for other_row, _, other_form in claimed[:later]:
                concept, other = concepts[row], concepts[other_row]
                if concept.id == other.id or numbers[row] in wrong_dates:
                    continue
                if numbers[other_row] not in wrong_dates and _clash(
                    form, concept, other_form, other
                ):
                    message = (
                        f"Vietnamese form {form!r} also stands in row {numbers[other_row]} "
                        f"({other.id}), valid at the same time"
                    )
                    faults.append(Fault(numbers[row], column, message))


def _clash(form: str, concept: Concept, other_form: str, other: Concept) -> bool:
    """Whether two concepts claim one Vietnamese form with nothing to tell them apart.

    A difference of capitals tells an acronym from a word (BAN and ban); so does context.
    """
    if form != other_form and form.isupper() != other_form.isupper():
        return False
    if concept.context and other.context and concept.context != other.context:
        return False
    return concept.overlaps(other)


def write_table(concepts: Iterable[Concept]) -> bytes:
    """The term table of these concepts as CSV (UTF-8, LF): what ``parse_table`` reads back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(concept.cells for concept in concepts)
    return out.getvalue().encode()
