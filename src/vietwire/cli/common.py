"""What the commands share: settings, output, and errors as one clear line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from vietwire.settings import Settings
from vietwire.story import check_language

if TYPE_CHECKING:
    from vietwire.newsroom import Newsroom

console = Console()
errors = Console(stderr=True)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def settings() -> Settings:
    """The settings of the project folder we stand in."""
    return Settings.load()


@contextmanager
def newsroom() -> Iterator[Newsroom]:
    """An open newsroom for one command."""
    from vietwire.newsroom import open_newsroom

    with open_newsroom(settings()) as opened:
        yield opened


def print_json(value: Any) -> None:
    """Plain JSON on stdout, one document."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def languages_of(value: str, otherwise: Sequence[str]) -> tuple[str, ...]:
    """Read ``en,fr``; empty means ``otherwise``. Unknown codes are refused."""
    codes = [code.strip() for code in value.split(",") if code.strip()]
    return tuple(dict.fromkeys(check_language(code) for code in codes)) or tuple(otherwise)


def existing(paths: Sequence[Path]) -> list[Path]:
    """The paths, each made absolute.

    :raises typer.BadParameter: for one that does not exist.
    """
    for path in paths:
        if not path.exists():
            raise typer.BadParameter(f"{path} does not exist")
    return [path.resolve() for path in paths]
