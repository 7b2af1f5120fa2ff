"""Run reports as files."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from vietwire.reports import RunReport

MOMENT = datetime(2020, 11, 12, 2, 0, tzinfo=UTC)


def report(number: int) -> RunReport:
    return RunReport("one", MOMENT, notes=[f"report {number}"])


def test_reports_of_one_kind_and_second_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        files = list(pool.map(lambda number: report(number).write(tmp_path), range(20)))
    assert len(set(files)) == 20
    assert tmp_path / "20201112-020000-one.md" in files
    assert tmp_path / "20201112-020000-one-20.md" in files
    for number, file in enumerate(files):
        assert f"report {number}\n" in file.read_text(encoding="utf-8")
        data = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        assert data["notes"] == [f"report {number}"]
    assert len(list(tmp_path.iterdir())) == 40
