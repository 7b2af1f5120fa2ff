"""A batch's beginning and end."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from vietwire import batch
from vietwire.newsroom import Newsroom
from vietwire.settings import Settings
from vietwire.store import Store, StoreAway, StoreError
from vietwire.story import VietwireError

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def room(store: Store, clock, tmp_path: Path) -> Iterator[Newsroom]:
    settings = Settings(
        tmp_path, glossary=ROOT / "glossary", models=ROOT / "models", engine="dummy"
    )
    yield Newsroom(settings, store, clock)


def test_a_run_that_was_cut_off_is_closed_and_named_by_the_next_one(room: Newsroom, clock) -> None:
    report, whole = batch.start_overnight(room)
    room.store.finish_run(whole, report.to_dict())
    assert report.notes == []
    clock.advance(minutes=5)
    _, cut_off = batch.start_overnight(room)
    other = room.store.start_run("one")
    clock.advance(minutes=5)

    report, number = batch.start_overnight(room)

    assert report.notes == [
        "the run begun on 2020-11-12 at 08:05 UTC was cut off; what it made stands, and this run "
        "does the rest"
    ]
    ended = {run.id: run.finished_at is not None for run in room.store.runs()}
    assert ended == {whole: True, cut_off: True, other: False, number: False}
    again, _ = batch.start_overnight(room)
    assert len(again.notes) == 1


def test_only_what_may_pass_by_itself_is_tried_again() -> None:
    assert batch.may_pass(ConnectionError())
    assert batch.may_pass(StoreAway("busy"))
    assert not batch.may_pass(StoreError("no such draft"))
    assert not batch.may_pass(VietwireError("mend the glossary"))


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    for name in ("flows", "models", "glossary", "outputs"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("VIETWIRE_HOME", str(tmp_path))
    return Console(file=io.StringIO(), width=60)


def read(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_flow_that_ends_well_says_nothing_more(said: Console) -> None:
    assert batch.run_in_terminal(lambda: json.dumps("done"), said) == 0
    assert read(said) == ""


def test_an_error_for_the_user_is_its_line(said: Console) -> None:
    def run() -> None:
        raise VietwireError("the [glossary] is broken; mend it " + "and mend it " * 9)

    assert batch.run_in_terminal(run, said) == 1
    assert read(said).count("\n") == 1
    assert read(said).startswith("vietwire: the [glossary] is broken")


def test_an_unforeseen_error_is_one_line_and_its_trace_is_in_the_log(
    said: Console, tmp_path: Path
) -> None:
    def run() -> None:
        raise ConnectionError("no route")

    assert batch.run_in_terminal(run, said) == 1
    log = tmp_path / "outputs" / "logs" / "flows.log"
    assert read(said) == (
        f"vietwire: the run broke off (ConnectionError); see {log}, and run it again\n"
    )
    assert "no route" in log.read_text(encoding="utf-8")
