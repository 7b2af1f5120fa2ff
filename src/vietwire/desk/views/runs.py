"""Runs of the pipeline and their reports."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template

from vietwire import batch
from vietwire.desk.access import room
from vietwire.store import RunRow

pages = Blueprint("runs", __name__, url_prefix="/runs")

SHOWN = 50


def _summary(run: RunRow) -> str:
    report: Any = run.report or {}
    text = report.get("summary", "")
    return text if isinstance(text, str) else ""


@pages.get("")
def index() -> str:
    folder = room().settings.outputs / "reports"
    names = sorted((p.name for p in folder.glob("*.md")), reverse=True) if folder.is_dir() else []
    now = room().clock()
    rows = [
        (run, _summary(run), batch.is_cut_off(room().settings.outputs, run, now))
        for run in room().store.runs(limit=SHOWN)
    ]
    return render_template("runs.html", rows=rows, reports=names[:SHOWN])


@pages.get("/<name>")
def report(name: str) -> str:
    folder = (room().settings.outputs / "reports").resolve()
    path = (folder / name).resolve()
    if path.parent != folder or path.suffix != ".md" or not path.is_file():
        abort(404)
    return render_template("report.html", name=name, text=path.read_text(encoding="utf-8"))
