"""The ``vietwire`` command. Starts fast: what is heavy is imported by the command that needs it."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vietwire import __version__
from vietwire.cli import models, terms, users
from vietwire.cli.common import (
    JsonOption,
    YesOption,
    console,
    errors,
    existing,
    languages_of,
    newsroom,
    print_json,
    settings,
)
from vietwire.story import TARGET_LANGUAGES, DraftStatus, VietwireError, check_language

app = typer.Typer(
    name="vietwire",
    help="Vietnamese news stories, translated into five languages, checked, queued for people.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(terms.app, name="terms")
app.add_typer(models.app, name="models")
app.add_typer(users.app, name="user")

if TYPE_CHECKING:
    from vietwire.reports import RunReport

ToOption = Annotated[
    str, typer.Option("--to", help="Languages, e.g. en,fr; the settings' when left out.")
]
ForceOption = Annotated[
    bool,
    typer.Option(
        help="Translate again although a draft exists, every sentence, also those that people "
        "approved before; the old draft is kept."
    ),
]


#: The exit code that Typer, without a word, makes of Ctrl-C.
CTRL_C = 130


def main() -> None:
    """Run the command; every error is one line and exit code 1, never a traceback.

    Wrong arguments are Typer's to explain (exit code 2).
    """
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except (VietwireError, OSError) as error:
        # An OSError names the file and what the system says: a full disk, a folder not writable.
        errors.print(
            f"vietwire: {error}", style="red", markup=False, highlight=False, soft_wrap=True
        )
        sys.exit(1)
    except Exception as error:
        from vietwire.batch import broke_off

        line = f"vietwire: the command {broke_off(error, 'commands.log')}"
        errors.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except SystemExit as end:
        if end.code == CTRL_C:
            errors.print("stopped", style="yellow")
        raise


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vietwire {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def up(
    port: Annotated[int, typer.Option(help="The desk's port; the settings' when 0.")] = 0,
) -> None:
    """Prefect's server, schedules and worker, and the desk, together. Ctrl-C stops them all."""
    from vietwire.up import run_up

    run_up(settings(), console, desk_port=port)


@app.command()
def overnight(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Further files or folders to take in.")
    ] = None,
) -> None:
    """The overnight run, now: take in what waits and translate it, as a Prefect flow."""
    from vietwire.prefect_child import prefect_server, run_flow

    wanted = [str(path) for path in existing(paths or [])]
    chosen = settings()
    with newsroom() as room:
        len(room.termbase)  # a broken term base is said before anything starts
    with ExitStack() as stack:
        with console.status("starting Prefect (10 to 30 seconds)"):
            server = stack.enter_context(prefect_server(chosen))
        code = run_flow(chosen, server, "translate_overnight", wanted)
    if code:
        raise typer.Exit(code)
    with newsroom() as room:
        waiting = sum(
            number
            for (_, status), number in room.store.counts().items()
            if status == DraftStatus.MACHINE
        )
    console.print(f"\n{waiting} machine drafts wait for review ({chosen.outputs}).")
    console.print("Open the desk:  [bold]make up[/bold]")


@app.command()
def intake(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders; the inbox and the feeds when left out."),
    ] = None,
) -> None:
    """Take stories in without translating them; the overnight run does that."""
    from vietwire import batch
    from vietwire.reports import RunReport

    wanted = existing(paths or [])
    with newsroom() as room:
        report = RunReport("intake", room.clock())
        if wanted:
            batch.note_taken(report, room.intake.take_paths(wanted))
        else:
            batch.take_in(room, report, wait=False)
    if not report.taken:
        console.print("Nothing waits to be taken in.")
    for outcome, number in sorted(report.taken.items()):
        console.print(f"{outcome}: {number}")
    _print_refusals(report)
    if report.refusals or report.taken.get("failed"):
        raise typer.Exit(1)


@app.command()
def translate(
    paths: Annotated[list[Path] | None, typer.Argument(help="Story files or folders.")] = None,
    to: ToOption = "",
    force: ForceOption = False,
    source_id: Annotated[
        str, typer.Option(help="A story that is already stored, instead of files.")
    ] = "",
    actor: Annotated[str, typer.Option(help="Who asks, for the audit log.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Translate stories now, in this process, without Prefect."""
    from vietwire import batch

    if bool(paths) == bool(source_id):
        raise typer.BadParameter("give story files, or --source-id for a stored story")
    wanted = existing(paths or [])
    with newsroom() as room:
        languages = languages_of(to, room.settings.languages)
        stories = [room.store.story(source_id)] if source_id else []
        report, run_id = batch.start_one(room, batch.jobs_of(stories, languages))
        if wanted:
            taken = room.intake.take_paths(wanted)
            batch.note_taken(report, taken)
            stories = [room.store.story(t.source_id) for t in taken if t.version]
        for job in batch.one_by_one(room, report, run_id, batch.jobs_of(stories, languages)):
            try:
                line = batch.do_job(room, job, force=force, actor=actor or None)
            except Exception as error:  # one bad story never stops the rest
                if not isinstance(error, VietwireError):
                    batch.broke_off(error, "commands.log")
                line = batch.failed_line(job, error)
            report.lines.append(line)
        batch.finish_report(room, report, run_id)
    if as_json:
        print_json(report.to_dict())
    else:
        if report.lines:
            console.print(report.table())
        for line in report.failed:
            console.print(
                f"failed: {line.source_id} {line.language}: {line.error}", style="red", markup=False
            )
        _print_refusals(report)
        console.print(report.summary())
    not_taken = report.refusals or report.taken.get("failed")
    if report.failed or (not_taken and not report.lines):
        raise typer.Exit(1)


def _print_refusals(report: RunReport) -> None:
    """What intake would not take, could not take, or has to say of what it took."""
    for line in report.refusal_lines():
        console.print(f"refused: {line}", style="yellow", markup=False, soft_wrap=True)
    for note in report.notes:
        console.print(f"note: {note}", style="yellow", markup=False, soft_wrap=True)


@app.command()
def mt(
    to: Annotated[str, typer.Option("--to", help="The language, e.g. en.")],
    terms_on: Annotated[
        bool, typer.Option("--terms/--no-terms", help="Steer the engine with the term base.")
    ] = True,
    engine: Annotated[str, typer.Option(help="Registry name; the settings' when empty.")] = "",
    day: Annotated[
        str, typer.Option(help="Day for the validity of terms, YYYY-MM-DD; today when empty.")
    ] = "",
) -> None:
    """Translate lines from standard input, one segment a line, nothing stored."""
    from dataclasses import replace
    from datetime import UTC, date, datetime

    from vietwire.engines import open_engine
    from vietwire.termbase import TermBase
    from vietwire.text import normalise
    from vietwire.translation import Translator

    check_language(to)
    chosen = settings()
    if engine:
        chosen = replace(chosen, engine=engine)
    try:
        on = date.fromisoformat(day) if day else datetime.now(UTC).date()
    except ValueError as error:
        raise typer.BadParameter(f"--day: {day!r} is not a date such as 2020-11-12") from error
    translator = Translator(
        open_engine(chosen.engine, models=chosen.models, settings=chosen),
        TermBase.load(chosen.glossary) if terms_on else None,
        batch_size=chosen.batch_size,
        retries=chosen.term_retries,
        steer=terms_on,
    )
    lines = _lines(sys.stdin.buffer.read())
    for start in range(0, len(lines), chosen.batch_size * 4):
        chunk = [
            " ".join(normalise(line).split())
            for line in lines[start : start + chosen.batch_size * 4]
        ]
        for answer in translator.translate(chunk, to, day=on):
            sys.stdout.write(" ".join(answer.text.splitlines()) + "\n")
        sys.stdout.flush()


def _lines(data: bytes) -> list[str]:
    """The lines of standard input. Only a line feed ends one: ``str.splitlines`` would also cut at
    form feeds and Unicode's separators, and the output would no longer match line by line.

    :raises VietwireError: naming the line that is not UTF-8.
    """
    try:
        # utf-8-sig: a byte order mark is no word of the first segment.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise VietwireError(f"standard input, line {number}: not UTF-8") from error
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


@app.command()
def queue(
    language: Annotated[str, typer.Option("--to", help="One language, e.g. en.")] = "",
    status: Annotated[str, typer.Option(help="One status, e.g. machine or in_review.")] = "",
    as_json: JsonOption = False,
) -> None:
    """The drafts on the desk, urgent and old first."""
    from dataclasses import asdict

    from rich.table import Table

    from vietwire.store import DraftFilter

    if language:
        check_language(language)
    if status and status not in list(DraftStatus):
        raise typer.BadParameter(f"--status: choose from {', '.join(DraftStatus)}")
    with newsroom() as room:
        rows = room.store.drafts(
            DraftFilter(
                languages=(language,) if language else (),
                statuses=(DraftStatus(status),) if status else (),
                limit=None,
            )
        )
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    table = Table(expand=True)
    table.add_column("draft", min_width=5, justify="right")
    # Ids are there to be copied into the next command; a headline can be cut.
    table.add_column("story", overflow="fold", min_width=19, max_width=21)
    table.add_column("to", min_width=2)
    table.add_column("status", min_width=9)
    table.add_column("urg", min_width=3, justify="right")
    table.add_column("headline", overflow="ellipsis", no_wrap=True, ratio=1)
    for row in rows:
        table.add_row(
            str(row.id), row.source_id, row.language, row.status, str(row.urgency), row.headline
        )
    console.print(table)
    console.print(f"{len(rows)} drafts")


@app.command()
def release(as_json: JsonOption = False) -> None:
    """Write approved drafts to outputs/released and the feeds."""
    from dataclasses import asdict

    with newsroom() as room:
        items = room.release_approved()
    if as_json:
        print_json([asdict(item) for item in items])
        return
    for item in items:
        console.print(
            f"{item.source_id} {item.language}: {', '.join(item.files)}",
            markup=False,
            soft_wrap=True,
        )
    console.print(f"{len(items)} released.")


@app.command()
def desk(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "",
    port: Annotated[int, typer.Option(help="Port; the settings' when 0.")] = 0,
) -> None:
    """The desk alone, without Prefect."""
    from vietwire.desk import serve
    from vietwire.processes import free_port

    with newsroom() as room:
        address = host or room.settings.desk_host
        number = free_port(port or room.settings.desk_port, address, only=True)
        console.print(f"desk: http://{address}:{number}")
        serve(room, address, number)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Copy the desk's SQLite database to a file while it is in use."""
    with newsroom() as room:
        room.store.backup(file)
    console.print(f"backed up to {file}", markup=False)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")], yes: YesOption = False
) -> None:
    """Put a backup in the place of the desk's database; the present one is kept aside."""
    if not file.is_file():
        raise typer.BadParameter(f"{file} does not exist")
    if not yes:
        typer.confirm("Replace the desk's database?", abort=True)
    from vietwire.newsroom import system_clock
    from vietwire.store import restore_database

    aside = restore_database(settings().resolved_database_url, file, clock=system_clock)
    console.print(f"restored from {file}" + (f"; the old one is {aside}" if aside else ""))


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Say what is wrong with this installation and how to mend it."""
    from dataclasses import asdict

    from vietwire.doctor import examine

    results = examine()
    if as_json:
        print_json([asdict(result) for result in results])
    else:
        for result in results:
            mark = {"ok": "[green]ok[/green]", "warning": "[yellow]warn[/yellow]"}.get(
                result.state, "[red]wrong[/red]"
            )
            console.print(f"{mark:>5} {result.name}: ", end="")
            console.print(result.message, markup=False, highlight=False)
            if result.remedy:
                console.print(f"      do: {result.remedy}", markup=False, highlight=False)
    if any(result.state == "wrong" for result in results):
        raise typer.Exit(1)


@app.command()
def evaluate(
    data: Annotated[Path, typer.Argument(help="Folder with vi.txt and en.txt, fr.txt, ...")],
    engine: Annotated[str, typer.Option(help="Registry name; the settings' when empty.")] = "",
    to: Annotated[
        str, typer.Option("--to", help="Languages, e.g. en,fr; all five when left out.")
    ] = "",
    term_test: Annotated[
        bool, typer.Option("--terms", help="Term success in three modes instead of quality.")
    ] = False,
    limit: Annotated[int, typer.Option(help="Only the first N lines; all when 0.")] = 0,
    record: Annotated[
        bool, typer.Option(help="Write the scores into the engine's registry entry.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure an engine: chrF, BLEU, TER, speed; with --terms how well it obeys the term base."""
    from vietwire.evaluation import evaluate_quality, evaluate_terms, quality_table, term_table

    chosen = settings()
    languages = languages_of(to, TARGET_LANGUAGES)
    name = engine or chosen.engine
    if term_test:
        scores = evaluate_terms(chosen, name, data, languages, limit=limit)
        table = term_table(scores)
    else:
        scores = evaluate_quality(chosen, name, data, languages, limit=limit, record=record)
        table = quality_table(scores)
    if as_json:
        print_json(scores)
    else:
        console.print(table)
