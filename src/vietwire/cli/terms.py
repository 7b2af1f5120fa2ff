"""``vietwire terms``: the newsroom's term base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vietwire.cli.common import JsonOption, console, languages_of, print_json, settings
from vietwire.story import LANGUAGE_NAMES, TARGET_LANGUAGES

if TYPE_CHECKING:
    from vietwire.termbase import Fault
    from vietwire.termbase.exchange import Diff

app = typer.Typer(help="The newsroom's term base.", no_args_is_help=True)
FileArgument = Annotated[Path, typer.Argument(help="A .csv or .tbx file.")]


@app.command()
def check(as_json: JsonOption = False) -> None:
    """Say every fault of the term table, by row and column."""
    from vietwire.termbase import TermBase, exchange

    folder = settings().glossary
    faults = exchange.check(folder)
    if as_json:
        print_json([asdict(fault) for fault in faults])
    elif faults:
        _print_faults(faults)
        console.print(_counted(faults), style="red")
    else:
        base = TermBase.load(folder)
        console.print(f"{len(base)} concepts in order, version {base.version}")
    if faults:
        raise typer.Exit(1)


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="Vietnamese text.")],
    to: Annotated[str, typer.Option("--to", help="Languages; all when left out.")] = "",
    day: Annotated[str, typer.Option(help="Valid on this day, YYYY-MM-DD; today when empty.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Find the terms of a Vietnamese text and show what they are to be called."""
    from rich.table import Table

    from vietwire.termbase import TermBase
    from vietwire.text import normalise

    try:
        on = date.fromisoformat(day) if day else datetime.now(UTC).date()
    except ValueError as error:
        raise typer.BadParameter(f"--day: {day!r} is not a date such as 2020-11-12") from error
    base = TermBase.load(settings().glossary)
    languages = languages_of(to, TARGET_LANGUAGES)
    clean = normalise(text)
    hits = {language: base.find(clean, language, on=on) for language in languages}
    if as_json:
        print_json({language: [asdict(hit) for hit in found] for language, found in hits.items()})
        return
    phrases = {
        language: base.suggestions(clean, language, on=on, beside=found)
        for language, found in hits.items()
    }
    table = Table()
    for name in ("in the source", "concept", *(LANGUAGE_NAMES[code] for code in languages)):
        table.add_column(name, overflow="fold")
    rows: dict[tuple[int, str, str], dict[str, str]] = {}
    for mark, found_in in (("", hits), (" (suggested)", phrases)):
        for language, found in found_in.items():
            for hit in found:
                key = (hit.start, hit.source_form, hit.concept + mark)
                rows.setdefault(key, {})[language] = hit.rendering
    for (_, form, concept), renderings in sorted(rows.items()):
        table.add_row(form, concept, *(renderings.get(language, "") for language in languages))
    console.print(table if rows else "no terms found")


@app.command("import")
def import_file(
    file: FileArgument,
    replace: Annotated[
        bool, typer.Option(help="The table becomes exactly the file; else the file is merged in.")
    ] = False,
) -> None:
    """Take a term file into the glossary; a file with any fault changes nothing."""
    from vietwire.termbase import TermBaseInvalid
    from vietwire.termbase.exchange import import_terms

    try:
        change = import_terms(file, settings().glossary, replace=replace)
    except TermBaseInvalid as error:
        _print_faults(error.faults)
        _print_line(f"{error.name}: {_counted(error.faults)}; nothing was changed", style="red")
        raise typer.Exit(1) from error
    _print_diff(change)


@app.command("export")
def export_file(file: FileArgument) -> None:
    """Write the term base to a CSV or TBX file."""
    from vietwire.termbase import TermBase
    from vietwire.termbase.exchange import export_terms

    base = TermBase.load(settings().glossary)
    export_terms(base, file)
    _print_line(f"{len(base)} concepts written to {file}")


@app.command()
def stats(as_json: JsonOption = False) -> None:
    """The term base in figures."""
    from rich.box import SIMPLE
    from rich.table import Table

    from vietwire.termbase import TermBase
    from vietwire.termbase.exchange import stats as figures

    found = figures(TermBase.load(settings().glossary))
    if as_json:
        print_json(asdict(found))
        return
    console.print(
        f"{found.concepts} concepts, {found.forms} Vietnamese forms, "
        f"{found.dated} with dates, version {found.version}"
    )
    table = Table(box=SIMPLE, padding=(0, 0, 0, 1))  # eight columns in eighty characters
    table.add_column("language")
    columns = ("rendered", "attested", "confirm", "missing", "short", "forbidden")
    for name in (*columns, "suggested"):
        table.add_column(name, justify="right")
    for row in found.languages:
        terms = (row.rendered, row.attested, row.confirm, row.missing, row.short, row.forbidden)
        numbers = (str(number) for number in (*terms, row.suggested))
        table.add_row(LANGUAGE_NAMES[row.language], *numbers)
    console.print(table)


@app.command()
def diff(file: FileArgument, as_json: JsonOption = False) -> None:
    """What would change from the term base in use to a term file."""
    from vietwire.termbase import TermBase, TermBaseInvalid
    from vietwire.termbase.exchange import diff as compare
    from vietwire.termbase.exchange import read_terms

    try:
        change = compare(TermBase.load(settings().glossary), TermBase(read_terms(file)))
    except TermBaseInvalid as error:
        _print_faults(error.faults)
        _print_line(f"{error.name}: {_counted(error.faults)}", style="red")
        raise typer.Exit(1) from error
    if as_json:
        print_json(asdict(change))
    else:
        _print_diff(change)


def _print_line(line: str, style: str = "") -> None:
    """One line as it is, however long: it may go into a file or through grep."""
    console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def _print_faults(faults: Sequence[Fault]) -> None:
    for fault in faults:
        _print_line(str(fault))


def _counted(faults: Sequence[Fault]) -> str:
    return f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"


def _print_diff(change: Diff) -> None:
    for sign, identifiers in (("+", change.added), ("-", change.removed)):
        for identifier in identifiers:
            _print_line(f"{sign} {identifier}")
    for cell in change.changed:
        _print_line(f"~ {cell.concept} {cell.column}: {cell.before!r} -> {cell.after!r}")
    console.print(
        f"{len(change.added)} added, {len(change.removed)} removed, {len(change.changed)} changed"
    )
