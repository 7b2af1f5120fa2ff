"""The documents say what is true: commands, settings and links are checked against the code."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from vietwire.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("glossary/*.md")]
    + [*ROOT.glob("models/*.md"), *ROOT.glob("models/cards/*.md"), *ROOT.glob("samples/*.md")]
)
#: A command in a code block or in backticks, up to its first argument that is a value.
COMMAND = re.compile(r"(?:^|[`\s/])vietwire ((?!vietwire)[a-z][a-z-]*(?: [a-z][a-z-]*)?)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)")


def commands() -> dict[str, set[str]]:
    """Command names and, for groups, their subcommands, as Typer knows them."""
    from typer.main import get_command

    from vietwire.cli import app

    top = get_command(app)
    return {
        name: set(getattr(command, "commands", {}))
        for name, command in top.commands.items()  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_in_the_documents_exists(page: Path) -> None:
    known = commands()
    for code in CODE.findall(page.read_text(encoding="utf-8")):
        for words in COMMAND.findall(code):
            name, *rest = words.split()
            assert name in known, f"{page}: vietwire {words}"
            if known[name] and rest:
                assert rest[0] in known[name], f"{page}: vietwire {words}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_in_the_documents_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_every_setting_is_in_the_operations_guide() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for setting in fields(Settings):
        if setting.name != "home":
            assert f"`{setting.name}`" in guide, setting.name


def test_the_desk_guide_names_every_file_of_translations() -> None:
    guide = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
    files = list((ROOT / "src" / "vietwire" / "desk" / "translations").rglob("*.po"))
    assert files
    assert [file.name for file in files if f"`{file.name}`" not in guide] == []


def test_the_page_on_outputs_says_where_refused_files_lie() -> None:
    from vietwire.intake import Intake

    settings = Settings(ROOT)
    refused = Intake(None, inbox=settings.inbox, settings=settings, clock=None).refused  # type: ignore[arg-type]
    place = refused.relative_to(settings.outputs).as_posix()
    assert f"`{place}/`" in (ROOT / "outputs" / "README.md").read_text(encoding="utf-8")


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    wanted = set(re.findall(r"`?make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert wanted <= targets


def test_help_answers_and_names_every_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vietwire", "--help"], capture_output=True, text=True, check=True
    )
    for name in commands():
        assert name in done.stdout
