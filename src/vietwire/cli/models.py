"""``vietwire models``: the networks in the registry."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from vietwire.cli.common import JsonOption, console, print_json, settings

app = typer.Typer(help="The networks in the registry.", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(help="Registry name.")]


@app.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """Every model: licence, languages, whether it is on this machine."""
    from rich.table import Table

    from vietwire.engines.hub import installed
    from vietwire.engines.registry import list_models

    chosen = settings()
    rows = []
    for entry in list_models(chosen.models):
        if not entry.on_hub:
            state = "part of vietwire"
        elif installed(chosen.models, entry):
            state = "pulled"
        else:
            state = "to be pulled"
        if not entry.commercial and entry.licence not in chosen.accept_licences:
            state += ", licence to be acknowledged"
        rows.append((entry, state))
    if as_json:
        print_json(
            [
                {
                    **{k: v for k, v in asdict(entry).items() if k not in ("tags", "prompt")},
                    "languages": sorted(entry.languages),
                    "state": state,
                }
                for entry, state in rows
            ]
        )
        return
    table = Table()
    for name in ("model", "languages", "licence", "size", "state"):
        table.add_column(name)
    for entry, state in rows:
        size = f"{entry.size_mb} MB" if entry.size_mb else ""
        marker = "* " if entry.id == chosen.engine else ""
        languages = " ".join(sorted(entry.languages))
        table.add_row(marker + entry.id, languages, entry.licence, size, state)
    console.print(table)
    console.print("* in use. Choose another with VIETWIRE_ENGINE=NAME.", style="dim")


@app.command()
def pull(
    name: NameArgument,
    revision: Annotated[
        str, typer.Option(help="Commit to take where the registry pins none.")
    ] = "",
) -> None:
    """Fetch a model from the hub; resumes, verifies, and works offline afterwards."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from vietwire.engines.hub import pull as fetch

    chosen = settings()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=console,
    ) as progress:
        bar = progress.add_task(name, total=None)

        def show(file: str, done: int, total: int) -> None:
            progress.update(bar, description=file, completed=done, total=total)

        folder = fetch(
            chosen.models,
            name,
            accepted=chosen.accept_licences,
            revision=revision,
            progress=show,
        )
    console.print(f"{name} is complete in {folder}", markup=False)


@app.command()
def card(name: NameArgument) -> None:
    """Show a model's card: what it is, its licence, scores and limits."""
    from rich.markdown import Markdown

    from vietwire.engines.registry import card as read_card

    console.print(Markdown(read_card(settings().models, name)))
