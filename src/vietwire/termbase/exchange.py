"""Term files in and out (CSV, TBX), and what changed between two term bases.

Plain functions that return data; printing is for the command line.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vietwire.story import TARGET_LANGUAGES, VietwireError
from vietwire.termbase.base import TermBase
from vietwire.termbase.model import (
    COLUMNS,
    RENDERED,
    Concept,
    Fault,
    Status,
    TermBaseInvalid,
    TermKind,
)
from vietwire.termbase.table import FILE_NAME, parse_table, write_table
from vietwire.termbase.tbx import parse_tbx, write_tbx

#: The formats by the ending of the file's name.
FORMATS = (".csv", ".tbx")


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs between two term bases."""

    concept: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Diff:
    """What turns one term base into another: ids added and removed, cells changed, in id order."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class LanguageStats:
    """One language's part of a term base: how many terms have what.

    Phrases that are only suggested are counted by themselves.
    """

    language: str
    rendered: int
    attested: int
    confirm: int
    missing: int
    short: int
    forbidden: int
    suggested: int


@dataclass(frozen=True, slots=True)
class Stats:
    """A term base in figures. ``forms`` counts Vietnamese forms, abbreviations included."""

    version: str
    concepts: int
    forms: int
    dated: int
    kinds: dict[str, int]
    domains: dict[str, int]
    languages: tuple[LanguageStats, ...]


def check(folder: Path) -> list[Fault]:
    """Every fault of the glossary folder's term table; empty when it is in order."""
    try:
        TermBase.load(folder)
    except TermBaseInvalid as error:
        return error.faults
    return []


def read_terms(path: Path) -> tuple[Concept, ...]:
    """Read a term file, CSV or TBX by its name.

    :raises TermBaseInvalid: with every fault of the file.
    :raises VietwireError: for a name that is neither, or a file that cannot be read.
    """
    suffix = _format(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VietwireError(f"{path} cannot be read: {error.strerror or error}") from error
    parse = parse_tbx if suffix == ".tbx" else parse_table
    return parse(data, path.name)


def export_terms(base: TermBase, path: Path) -> None:
    """Write a term base to a CSV or TBX file, by its name; the file is whole or not there.

    :raises VietwireError: for a name that is neither, or a place that cannot be written.
    """
    write = write_tbx if _format(path) == ".tbx" else write_table
    _write_whole(path, write(base.concepts))


def import_terms(path: Path, folder: Path, *, replace: bool = False) -> Diff:
    """Take a term file into the glossary folder's table; returns what that changed.

    Concepts of the file are added to the table or take the place of those of the same id; with
    ``replace`` the table becomes exactly the file. The result is checked as a whole before a byte
    is written, so a fault leaves the base in use untouched.

    :raises TermBaseInvalid: with every fault of the file, or of the table it would make.
    :raises VietwireError: for a file that is neither CSV nor TBX, or cannot be read or written.
    """
    incoming = read_terms(path)
    target = folder / FILE_NAME
    try:
        current = TermBase.load(folder) if target.exists() else TermBase()
    except TermBaseInvalid:
        if not replace:
            raise
        current = TermBase()  # a table that cannot be read is mended by replacing it
    if replace:
        merged = list(incoming)
    else:
        newer = {concept.id: concept for concept in incoming}
        merged = [newer.pop(concept.id, concept) for concept in current.concepts]
        merged += newer.values()
    data = write_table(merged)
    parse_table(data, f"{FILE_NAME} with {path.name}")
    change = diff(current, TermBase(merged))
    if change or not target.exists():
        _write_whole(target, data)
    return change


def diff(before: TermBase, after: TermBase) -> Diff:
    """What changed from one term base to another, concept by concept and cell by cell."""
    old = {concept.id: concept.cells for concept in before.concepts}
    new = {concept.id: concept.cells for concept in after.concepts}
    changed = [
        Change(identifier, column, was, now)
        for identifier in sorted(old.keys() & new.keys())
        for column, was, now in zip(COLUMNS, old[identifier], new[identifier], strict=True)
        if was != now
    ]
    return Diff(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(old.keys() - new.keys())),
        tuple(changed),
    )


def stats(base: TermBase) -> Stats:
    """A term base in figures."""
    concepts = base.concepts
    return Stats(
        version=base.version,
        concepts=len(concepts),
        forms=sum(1 + len(c.variants) + len(c.abbreviations) for c in concepts),
        dated=sum(1 for c in concepts if c.valid_from or c.valid_until),
        kinds=_counted(c.kind.value for c in concepts),
        domains=_counted(c.domain or "(none)" for c in concepts),
        languages=tuple(_language_stats(concepts, language) for language in TARGET_LANGUAGES),
    )


def _language_stats(concepts: Iterable[Concept], language: str) -> LanguageStats:
    every = [(c, c.rendering(language)) for c in concepts]
    wanted = [(c, r) for c, r in every if c.kind is not TermKind.SUGGEST]
    return LanguageStats(
        language,
        rendered=sum(1 for _, r in wanted if r.text),
        attested=sum(1 for _, r in wanted if r.text and r.status is Status.ATTESTED),
        confirm=sum(1 for _, r in wanted if r.text and r.status is Status.CONFIRM),
        missing=sum(1 for c, r in wanted if not r.text and c.kind in RENDERED),
        short=sum(1 for _, r in wanted if r.short),
        forbidden=sum(len(r.forbidden) for _, r in wanted),
        suggested=sum(1 for c, r in every if c.kind is TermKind.SUGGEST and r.text),
    )


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))


def _format(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise VietwireError(f"{path}: a term file is named {' or '.join(FORMATS)}")
    return suffix


def _write_whole(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` so that a reader sees the old file or the new one, never a part."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise VietwireError(f"{path} cannot be written: {error.strerror or error}") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise VietwireError(f"{path} cannot be written: {error.strerror or error}") from error
