"""``vietwire doctor``: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from vietwire.settings import Settings
from vietwire.story import VietwireError

#: What each import name is for, and the package that brings it.
NEEDED = {
    "ctranslate2": "ctranslate2",
    "sentencepiece": "sentencepiece",
    "torch": "torch",
    "transformers": "transformers",
    "prefect": "prefect",
    "langdetect": "langdetect",
    "sqlalchemy": "sqlalchemy",
    "flask": "flask",
}
MIN_FREE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Result:
    """One thing looked at. ``state``: ok, warning or wrong; ``remedy`` says what to do."""

    name: str
    state: str
    message: str
    remedy: str = ""


def examine(home: Path | None = None) -> list[Result]:
    """Look at everything an installation needs; each part is looked at even if another is wrong."""
    results = [_python(), _packages()]
    try:
        settings = Settings.load(home)
    except VietwireError as error:
        results.append(
            Result(
                "project folder", "wrong", str(error), "cd into the checkout, or set VIETWIRE_HOME"
            )
        )
        return results
    results.append(Result("project folder", "ok", str(settings.home)))
    results.append(_environment())
    looks: list[tuple[str, Callable[[Settings], Result], str]] = [
        ("outputs", _outputs, "make the folder writable, or set VIETWIRE_OUTPUTS"),
        ("database", _database, "check VIETWIRE_DATABASE_URL, or `vietwire restore FILE`"),
        ("term base", _termbase, "`vietwire terms check` lists every fault"),
        (
            "engine",
            _engine,
            "`vietwire models list`; `git checkout -- models` for the embedded one",
        ),
        ("Prefect", _prefect, "pip install -c constraints.txt -e ."),
    ]
    for name, look, remedy in looks:
        try:
            results.append(look(settings))
        except VietwireError as error:
            results.append(Result(name, "wrong", str(error), remedy))
        except Exception as error:  # the doctor reports whatever it meets
            results.append(Result(name, "wrong", f"{type(error).__name__}: {error}", remedy))
    return results


def _python() -> Result:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Result("Python", "ok", version)


def _packages() -> Result:
    missing = [
        package for name, package in NEEDED.items() if importlib.util.find_spec(name) is None
    ]
    if missing:
        return Result(
            "packages",
            "wrong",
            f"missing: {', '.join(missing)}",
            "pip install -c constraints.txt -e .",
        )
    return Result("packages", "ok", f"all {len(NEEDED)} found")


def _environment() -> Result:
    """A misspelt variable is read by nobody; only here can it be told from another program's."""
    known = {f"VIETWIRE_{field.name.upper()}" for field in fields(Settings)}
    strange = sorted(n for n in os.environ if n.startswith("VIETWIRE_") and n not in known)
    if strange:
        return Result(
            "environment",
            "warning",
            f"no such setting: {', '.join(strange)}",
            "see docs/operations.md for the names",
        )
    return Result("environment", "ok", "every VIETWIRE_ variable is a setting")


def _outputs(settings: Settings) -> Result:
    settings.outputs.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.outputs):
        pass
    free = shutil.disk_usage(settings.outputs).free
    if free < MIN_FREE_BYTES:
        return Result(
            "outputs", "warning", f"{free >> 20} MiB free in {settings.outputs}", "free some disk"
        )
    return Result("outputs", "ok", f"{settings.outputs} is writable, {free >> 30} GiB free")


def _database(settings: Settings) -> Result:
    from vietwire.newsroom import open_newsroom

    with open_newsroom(settings) as room:
        drafts = sum(room.store.counts().values())
        people = len(room.store.users())
    if not people:
        return Result(
            "database",
            "warning",
            f"{drafts} drafts, nobody can log in",
            "vietwire user add NAME --role admin",
        )
    return Result("database", "ok", f"{drafts} drafts, {people} people")


def _termbase(settings: Settings) -> Result:
    from vietwire.termbase import TermBase

    base = TermBase.load(settings.glossary)
    return Result("term base", "ok", f"{len(base)} concepts, version {base.version}")


def _engine(settings: Settings) -> Result:
    from vietwire.engines import Request, open_engine

    engine = open_engine(settings.engine, models=settings.models, settings=settings)
    answer = engine.translate([Request("Việt Nam là thành viên của ASEAN.")], "en")
    if not answer[0][0].text.strip():
        return Result("engine", "wrong", f"{settings.engine} gave an empty translation")
    if settings.engine == "dummy":
        return Result(
            "engine",
            "warning",
            "the dummy engine translates nothing",
            "unset VIETWIRE_ENGINE to use the embedded network",
        )
    return Result("engine", "ok", f"{settings.engine} translates")


def _prefect(settings: Settings) -> Result:
    from vietwire.prefect_child import flow_script, page_of, running_server

    for name in ("translate_overnight", "translate_one", "release_approved"):
        flow_script(settings, name)
    given = os.environ.get("PREFECT_API_URL")
    if given:
        return Result("Prefect", "ok", f"using {given}")
    url = running_server(settings)
    state = f"server at {page_of(url)}" if url else "no server running; `vietwire up` starts one"
    return Result("Prefect", "ok", state)
