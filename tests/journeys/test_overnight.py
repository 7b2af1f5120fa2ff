"""The overnight run on a real Prefect server, from files in the inbox to drafts and a report."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import psycopg
import pytest

from vietwire.newsroom import Newsroom

Run = Callable[..., "subprocess.CompletedProcess[str]"]

SECRET = "Nội dung mật tuyệt đối không được rời khỏi cơ quan"


@pytest.mark.slow
def test_overnight_drafts_everything_once_and_refuses_with_reasons(
    project: Path,
    vietwire: Run,
    standing_prefect: str,
    inbox: Callable[[int, int], None],
    open_desk: Callable[[], AbstractContextManager[Newsroom]],
    database_url: str,
) -> None:
    # Once with a Prefect server of the command's own, otherwise, as that is quicker, with one that
    # stands: where the store is elsewhere, so may Prefect be.
    standing = partial(vietwire, PREFECT_API_URL=standing_prefect)
    first_run = vietwire if database_url.startswith("sqlite") else standing
    inbox(1, 2)
    folder = project / "outputs" / "inbox"
    (folder / "english.md").write_text(
        "# Leaders meet online\n\nThe leaders of the ten countries met online on Thursday to "
        "discuss recovery from the pandemic and regional cooperation.\n",
        encoding="utf-8",
    )
    (folder / "tham-khao.md").write_text(
        f"---\nchannel: BCTK\nsource_id: bctk-9\n---\n# Báo cáo tham khảo\n\n{SECRET}.\n",
        encoding="utf-8",
    )
    first = first_run("overnight")
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

    second = standing("overnight")
    assert "Nothing new to translate" in second.stdout
    assert len(json.loads(vietwire("queue", "--json").stdout)) == 5

    # Not one byte of the restricted text in the database, the logs, the reports or Prefect.
    needle = SECRET.encode()
    for path in (project / "outputs").rglob("*"):
        if path.is_file() and "restricted" not in path.parts:
            assert needle not in path.read_bytes(), path
    assert SECRET not in everything_in(database_url)
    with open_desk() as room:
        restricted = [r for r in room.store.refusals() if r.reason == "restricted"]
    assert [r.source_id for r in restricted] == ["bctk-9"]


def everything_in(url: str) -> str:
    """Every row of every table of a PostgreSQL database, as text; of SQLite the file was read."""
    if url.startswith("sqlite"):
        return ""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchall()
        rows = [
            str(row)
            for (table,) in tables
            for row in connection.execute(f'SELECT t::text FROM "{table}" AS t')
        ]
    assert any("hop-1" in row for row in rows)
    return "\n".join(rows)


@pytest.mark.slow
def test_one_bad_story_never_stops_the_rest(
    project: Path,
    vietwire: Run,
    inbox: Callable[[int, int], None],
    sqlite_url: str,
    open_desk: Callable[[], AbstractContextManager[Newsroom]],
    standing_prefect: str,
) -> None:
    """One file cannot be read, and one story cannot be kept however often it is tried."""
    with open_desk():
        pass  # makes the tables
    database = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    database.execute(
        "CREATE TRIGGER bad BEFORE INSERT ON drafts WHEN NEW.source_id = 'hop-5' "
        "BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    database.close()
    inbox(3, 7)
    (project / "outputs" / "inbox" / "broken.docx").write_bytes(b"PK\x03\x04 this is no document")

    done = vietwire(
        "overnight", check=False, VIETWIRE_LANGUAGES="en", PREFECT_API_URL=standing_prefect
    )

    assert done.returncode == 1
    assert "3 drafts of 3 stories, 1 failed" in done.stdout
    assert re.search(r"refused: .*broken\.docx", done.stdout)
    assert "failed: hop-5 en: IntegrityError" in done.stdout
    assert "The report says why" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    (file,) = (project / "outputs" / "reports").glob("*-overnight.json")
    report = json.loads(file.read_text(encoding="utf-8"))
    # Urgent first: hop-5 has urgency 1, hop-6 2, hop-3 4, hop-4 5.
    assert [(line["source_id"], line["outcome"]) for line in report["lines"]] == [
        ("hop-5", "failed"),
        ("hop-6", "drafted"),
        ("hop-3", "drafted"),
        ("hop-4", "drafted"),
    ]


@pytest.mark.slow
def test_one_story_goes_into_the_languages_of_the_settings(
    project: Path,
    environment: dict[str, str],
    vietwire: Run,
    standing_prefect: str,
    story_text: Callable[[int], str],
) -> None:
    (project / "hop.md").write_text(story_text(1), encoding="utf-8")
    vietwire("intake", "hop.md")
    flow = subprocess.run(
        [sys.executable, str(project / "flows" / "translate_one.py"), "--source-id", "hop-1"],
        cwd=project,
        env={**environment, "VIETWIRE_LANGUAGES": "en,ru", "PREFECT_API_URL": standing_prefect},
        capture_output=True,
        text=True,
    )
    assert flow.returncode == 0, flow.stdout + flow.stderr
    rows = json.loads(vietwire("queue", "--json").stdout)
    assert sorted(row["language"] for row in rows) == ["en", "ru"]


@pytest.mark.slow
def test_the_name_of_a_restricted_file_is_kept_nowhere(project: Path, vietwire: Run) -> None:
    """Prefect keeps the parameters of a flow; what is named on the command line is not one."""
    name = "BCTK-bao-cao-dac-biet-so-7"
    (project / f"{name}.md").write_text(f"# Một báo cáo\n\n{SECRET}.\n", encoding="utf-8")
    done = vietwire("overnight", f"{name}.md")
    assert "1 story refused" in done.stdout
    assert name not in done.stdout
    kept = [path for path in (project / "outputs").rglob("*") if path.is_file()]
    assert any("prefect" in path.parts and path.suffix == ".db" for path in kept)
    named = [p for p in kept if name in str(p) or name.encode() in p.read_bytes()]
    assert named == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_sample_stories_through_the_shipped_network(
    vietwire: Run,
    standing_prefect: str,
    open_desk: Callable[[], AbstractContextManager[Newsroom]],
) -> None:
    """What ``make run`` does, on the network that a fresh clone has."""
    run = partial(vietwire, PREFECT_API_URL=standing_prefect, VIETWIRE_ENGINE="embedded")
    first = run("overnight", "samples")
    assert "50 drafts of 10 stories" in first.stdout
    rows = json.loads(vietwire("queue", "--json").stdout)
    assert len(rows) == 50
    assert {row["language"] for row in rows} == {"en", "fr", "es", "zh", "ru"}
    terms = obeyed = 0
    with open_desk() as room:
        for row in rows:
            draft = room.store.draft(row["id"])
            assert draft.signature.startswith("engine:embedded|")
            assert all(segment.text.strip() for segment in draft.segments)
            assert all("<to>" not in segment.text for segment in draft.segments)
            found = [term for segment in draft.segments for term in segment.terms]
            terms += len(found)
            obeyed += sum(term.obeyed is True for term in found)
    assert terms > 500
    assert obeyed >= 0.97 * terms
    second = run("overnight", "samples")
    assert "Nothing new to translate" in second.stdout
