"""The overnight run on a real Prefect server, from files in the inbox to drafts and a report."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from vietwire.newsroom import open_newsroom
from vietwire.settings import Settings

Run = Callable[..., "subprocess.CompletedProcess[str]"]

SECRET = "Nội dung mật tuyệt đối không được rời khỏi cơ quan"


@pytest.mark.slow
def test_overnight_drafts_everything_once_and_refuses_with_reasons(
    project: Path, vietwire: Run, story_text: Callable[[int], str]
) -> None:
    inbox = project / "outputs" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "hop-1.md").write_text(story_text(1), encoding="utf-8")
    (inbox / "english.md").write_text(
        "# Leaders meet online\n\nThe leaders of the ten countries met online on Thursday to "
        "discuss recovery from the pandemic and regional cooperation.\n",
        encoding="utf-8",
    )
    (inbox / "tham-khao.md").write_text(
        f"---\nchannel: BCTK\nsource_id: bctk-9\n---\n# Báo cáo tham khảo\n\n{SECRET}.\n",
        encoding="utf-8",
    )
    first = vietwire("overnight")
    assert "5 drafts of 1 story" in first.stdout
    assert "refused" in first.stdout
    assert "Traceback" not in first.stdout + first.stderr
    assert "CancelledError" not in first.stdout + first.stderr
    rows = json.loads(vietwire("queue", "--json").stdout)
    assert sorted(row["language"] for row in rows) == ["en", "es", "fr", "ru", "zh"]
    reports = sorted((project / "outputs" / "reports").glob("*.json"))
    assert len(reports) == 1
    report = json.loads(reports[0].read_text(encoding="utf-8"))
    assert {r["reason"] for r in report["refusals"]} == {"not_vietnamese", "restricted"}
    assert all(line["outcome"] == "drafted" for line in report["lines"])

    second = vietwire("overnight")
    assert "Nothing new to translate" in second.stdout
    assert len(json.loads(vietwire("queue", "--json").stdout)) == 5

    # Not one byte of the restricted text in the database, the logs, the reports or Prefect.
    needle = SECRET.encode()
    for path in (project / "outputs").rglob("*"):
        if path.is_file() and "restricted" not in path.parts:
            assert needle not in path.read_bytes(), path
    with open_newsroom(Settings.load(project, {})) as room:
        restricted = [r for r in room.store.refusals() if r.reason == "restricted"]
    assert [r.source_id for r in restricted] == ["bctk-9"]


@pytest.mark.slow
def test_one_bad_story_never_stops_the_rest(
    project: Path, vietwire: Run, story_text: Callable[[int], str]
) -> None:
    inbox = project / "outputs" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "broken.docx").write_bytes(b"PK\x03\x04 this is no document")
    (inbox / "hop-2.md").write_text(story_text(2), encoding="utf-8")
    done = vietwire("overnight", VIETWIRE_LANGUAGES="en,zh")
    assert "2 drafts of 1 story" in done.stdout
    assert re.search(r"refused: .*broken\.docx", done.stdout)
