"""kill -9 at any moment: the next run finishes the work, nothing is lost and nothing doubled."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from vietwire.newsroom import open_newsroom
from vietwire.settings import Settings
from vietwire.store import DraftFilter

Run = Callable[..., "subprocess.CompletedProcess[str]"]

STORIES = 6
KILLS = 5


def drafts_of(project: Path) -> list[tuple[str, int, str, int]]:
    with open_newsroom(Settings.load(project, {})) as room:
        rows = room.store.drafts(DraftFilter(current=None, limit=None))
    return [(row.source_id, row.story_version, row.language, row.number) for row in rows]


@pytest.mark.slow
def test_a_killed_batch_is_finished_by_the_next_one(
    project: Path, environment: dict[str, str], vietwire: Run, story_text: Callable[[int], str]
) -> None:
    inbox = project / "outputs" / "inbox"
    inbox.mkdir(parents=True)
    for number in range(STORIES):
        (inbox / f"hop-{number}.md").write_text(story_text(number), encoding="utf-8")
    chooser = random.Random(37)
    seen: set[tuple[str, int, str, int]] = set()
    for _ in range(KILLS):
        batch = subprocess.Popen(
            [sys.executable, "-c", BATCH], cwd=project, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        before = len(drafts_of(project))
        deadline = time.monotonic() + 60
        # Wait for it to be in the middle of its work, then a random moment more.
        while len(drafts_of(project)) == before and batch.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(chooser.uniform(0, 0.15))
        batch.send_signal(signal.SIGKILL)
        batch.wait()
        now = drafts_of(project)
        assert len(now) == len(set(now))
        assert seen <= set(now), "a draft that was there is gone"
        seen = set(now)
    done = subprocess.run(
        [sys.executable, "-c", BATCH], cwd=project, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    expected = {
        (f"hop-{n}", 1, language, 1)
        for n in range(STORIES)
        for language in Settings(project).languages
    }
    assert set(drafts_of(project)) == expected
    assert len(drafts_of(project)) == len(expected)
    again = json.loads(vietwire("queue", "--json").stdout)
    assert len(again) == len(expected)


#: The steps of the overnight run without Prefect, so that the kill hits our own work.
BATCH = """
from vietwire import batch
from vietwire.newsroom import open_newsroom
from vietwire.settings import Settings
settings = Settings.load()
with batch.batch_lock(settings.outputs), open_newsroom(settings) as room:
    report = batch.start_report(room, "overnight")
    batch.take_in(room, report)
    for job in batch.jobs_waiting(room):
        report.lines.append(batch.do_job(room, job))
    batch.finish_report(room, report)
"""
