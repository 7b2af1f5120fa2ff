"""kill -9 at any moment: the next run finishes the work, nothing is lost and nothing doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from vietwire.newsroom import Newsroom
from vietwire.settings import Settings
from vietwire.store import DraftFilter

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Drafts = Callable[[], list[tuple[str, int, str, int]]]

STORIES = 6
KILLS = 5
PATIENCE = 120.0


@pytest.fixture
def drafts(open_desk: Callable[[], AbstractContextManager[Newsroom]]) -> Drafts:
    """Every draft that is stored, replaced ones too."""

    def read() -> list[tuple[str, int, str, int]]:
        with open_desk() as room:
            rows = room.store.drafts(DraftFilter(current=None, limit=None))
        return [(row.source_id, row.story_version, row.language, row.number) for row in rows]

    return read


@pytest.fixture
def chooser() -> random.Random:
    """Another moment each time; a test that fails shows the seed."""
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    return random.Random(seed)


def everything(stories: int) -> list[tuple[str, int, str, int]]:
    """What a whole batch has made: one draft a story and language."""
    languages = Settings(Path()).languages
    return sorted((f"hop-{n}", 1, language, 1) for n in range(stories) for language in languages)


def wait_for_more(drafts: Drafts, process: subprocess.Popen[str]) -> None:
    """Until the process has made a draft, or has ended."""
    before = len(drafts())
    deadline = time.monotonic() + PATIENCE
    while len(drafts()) == before and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.usefixtures("database_url")
def test_a_killed_batch_is_finished_by_the_next_one(
    project: Path,
    environment: dict[str, str],
    vietwire: Run,
    inbox: Callable[[int, int], None],
    drafts: Drafts,
    chooser: random.Random,
) -> None:
    inbox(0, STORIES)
    seen: set[tuple[str, int, str, int]] = set()
    for _ in range(KILLS):
        batch = subprocess.Popen(
            [sys.executable, "-c", BATCH], cwd=project, env=environment, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for_more(drafts, batch)
        time.sleep(chooser.uniform(0, 0.15))
        batch.send_signal(signal.SIGKILL)
        batch.wait()
        now = drafts()
        assert len(now) == len(set(now))
        assert seen <= set(now), "a draft that was there is gone"
        seen = set(now)
    done = subprocess.run(
        [sys.executable, "-c", BATCH], cwd=project, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert sorted(drafts()) == everything(STORIES)
    again = json.loads(vietwire("queue", "--json").stdout)
    assert len(again) == len(everything(STORIES))


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


@pytest.fixture
def overnight(
    project: Path, environment: dict[str, str]
) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """``vietwire overnight`` in a process group of its own, started but not waited for."""
    with ExitStack() as stack:

        def start(**extra: str) -> subprocess.Popen[str]:
            return stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "vietwire", "overnight"],
                    cwd=project,
                    env={**environment, **extra},
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    start_new_session=True,
                    # Tests that run in the background have Ctrl-C switched off.
                    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                )
            )

        yield start


@pytest.mark.slow
@pytest.mark.usefixtures("database_url")
def test_a_killed_overnight_run_is_finished_by_the_next_one(
    request: pytest.FixtureRequest,
    environment: dict[str, str],
    overnight: Callable[..., subprocess.Popen[str]],
    vietwire: Run,
    inbox: Callable[[int, int], None],
    drafts: Drafts,
    chooser: random.Random,
    processes: Callable[[], dict[int, str]],
) -> None:
    stories = 10
    inbox(0, stories)
    power_cut = "VIETWIRE_DATABASE_URL" not in environment
    prefect = {} if power_cut else {"PREFECT_API_URL": request.getfixturevalue("standing_prefect")}
    run = overnight(**prefect)
    wait_for_more(drafts, run)
    time.sleep(chooser.uniform(0, 1.5))
    # On SQLite everything ends in the same moment, Prefect's server and database too. On PostgreSQL
    # Prefect is the operator's and stays; the kernel ends the flow of the command that is killed.
    os.killpg(run.pid, signal.SIGKILL)
    if power_cut:
        for process in processes():
            os.kill(process, signal.SIGKILL)
    assert run.wait(10) == -signal.SIGKILL
    deadline = time.monotonic() + PATIENCE
    while processes():
        assert time.monotonic() < deadline, processes()
        time.sleep(0.1)
    made = drafts()
    assert 0 < len(made) < len(everything(stories)), "killed too late for this test"
    assert len(made) == len(set(made))

    second = vietwire("overnight", **prefect)

    left = len(everything(stories)) - len(made)
    assert f"{left} drafts of" in second.stdout
    assert "was cut off; what it made stands, and this run does the rest" in " ".join(
        second.stdout.split()
    )
    assert "Traceback" not in second.stdout + second.stderr
    assert sorted(drafts()) == everything(stories)
    current = json.loads(vietwire("queue", "--json").stdout)
    assert sorted((d["source_id"], d["language"]) for d in current) == sorted(
        (story, language) for story, _, language, _ in everything(stories)
    )
    assert processes() == {}


@pytest.mark.slow
def test_a_flow_that_the_system_kills_is_one_clear_line(
    standing_prefect: str,
    overnight: Callable[..., subprocess.Popen[str]],
    inbox: Callable[[int, int], None],
    drafts: Drafts,
    processes: Callable[[], dict[int, str]],
) -> None:
    """As when memory runs out: the kernel takes the process with the network in it."""
    inbox(0, 10)
    run = overnight(PREFECT_API_URL=standing_prefect)
    wait_for_more(drafts, run)
    (flow,) = [number for number, line in processes().items() if "translate_overnight.py" in line]
    os.kill(flow, signal.SIGKILL)
    output, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode == 1
    assert output.strip() == (
        "vietwire: translate_overnight was killed (SIGKILL); run it again: what is done stays "
        "done, and the rest follows"
    )
    assert processes() == {}


@pytest.mark.slow
def test_ctrl_c_stops_an_overnight_run_without_noise(
    standing_prefect: str,
    overnight: Callable[..., subprocess.Popen[str]],
    inbox: Callable[[int, int], None],
    drafts: Drafts,
    processes: Callable[[], dict[int, str]],
) -> None:
    inbox(0, 10)
    run = overnight(PREFECT_API_URL=standing_prefect)
    wait_for_more(drafts, run)
    run.send_signal(signal.SIGINT)
    output, _ = run.communicate(timeout=PATIENCE)
    assert (run.returncode, output.strip()) == (130, "stopped")
    assert processes() == {}


#: A translation of one story that an editor asked for, at the moment before it does anything.
ONE = """
import time
from vietwire import batch
from vietwire.newsroom import open_newsroom
from vietwire.settings import Settings
with open_newsroom(Settings.load()) as room:
    jobs = batch.jobs_of([room.store.story("hop-1")], ["en", "fr"])
    report, run = batch.start_one(room, jobs)
    for job in batch.one_by_one(room, report, run, jobs):
        if job.language == "fr":
            print("under way", flush=True)
            time.sleep(600)
        report.lines.append(batch.do_job(room, job))
"""


@pytest.mark.usefixtures("database_url")
def test_a_killed_translation_of_one_story_is_closed_and_named_by_the_next_run(
    project: Path,
    environment: dict[str, str],
    vietwire: Run,
    story_text: Callable[[int], str],
    drafts: Drafts,
    open_desk: Callable[[], AbstractContextManager[Newsroom]],
) -> None:
    for number in (1, 2):
        (project / f"hop-{number}.md").write_text(story_text(number), encoding="utf-8")
    vietwire("intake", "hop-1.md")
    one = subprocess.Popen(
        [sys.executable, "-c", ONE], cwd=project, env=environment, text=True, stdout=subprocess.PIPE
    )
    with one:
        assert one.stdout is not None
        assert one.stdout.readline() == "under way\n"
        assert "cut off" not in vietwire("translate", "hop-2.md", "--to", "en").stdout, "it lives"
        one.send_signal(signal.SIGKILL)

    said = " ".join(vietwire("translate", "hop-2.md", "--to", "fr").stdout.split())

    assert "note: the run over chosen stories begun on" in said
    assert "was cut off; what it made stands, and not done is: hop-1 v1 fr" in said
    with open_desk() as room:
        runs = room.store.runs(kind="one")
    assert all(run.finished_at for run in runs)
    report = runs[-1].report or {}
    assert report["summary"] == "Cut off."
    assert [(line["language"], line["error"]) for line in report["lines"]] == [
        ("en", ""),
        ("fr", "the translation was cut off before it was done; ask for it again"),
    ]
    assert "cut off" not in vietwire("translate", "hop-2.md", "--to", "en").stdout, "said once"
    assert not list((project / "outputs" / ".runs").iterdir())
    assert sorted(drafts()) == [
        ("hop-1", 1, "en", 1),
        ("hop-2", 1, "en", 1),
        ("hop-2", 1, "fr", 1),
    ]
