"""A batch: take in what waits, translate it, report. The same steps with Prefect and without it."""

from __future__ import annotations

import fcntl
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from vietwire.reports import DraftLine, RunReport, line_for
from vietwire.settings import Settings
from vietwire.story import RefusalReason, VietwireError
from vietwire.translation import translate_story

if TYPE_CHECKING:
    from rich.console import Console

    from vietwire.intake import Taken
    from vietwire.newsroom import Newsroom
    from vietwire.store import RunRow
    from vietwire.story import Story

#: Said of a translation whose process was killed.
CUT_OFF = "the translation was cut off before it was done; ask for it again"
#: What a run over chosen stories is given whose lock is not to be seen, as it is another machine's.
LONGEST = timedelta(days=1)
#: The locks of this process's runs, held until it ends.
_held: dict[int, IO[str]] = {}


class BatchRunning(VietwireError):
    """Another batch holds the lock; two at once would only do the same work twice."""


@dataclass(frozen=True, slots=True)
class Job:
    """One story version to be put into one language."""

    source_id: str
    version: int
    language: str


@contextmanager
def batch_lock(outputs: Path) -> Iterator[None]:
    """Let one batch run at a time on this machine. The kernel frees the lock if we are killed.

    :raises BatchRunning: if another process holds it.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    with (outputs / ".batch.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BatchRunning(
                "another overnight run is at work; wait for it, or translate one story with "
                "`vietwire translate`"
            ) from error
        yield


def start_report(newsroom: Newsroom, kind: str) -> RunReport:
    """An empty report that names the engine."""
    signature = newsroom.engine.signature(newsroom.termbase.version)
    return RunReport(kind=kind, started_at=newsroom.clock(), signature=str(signature))


def start_overnight(newsroom: Newsroom) -> tuple[RunReport, int]:
    """The report and the number of an overnight run that begins now, under ``batch_lock``.

    The lock is ours, so a run without an end was cut off: it is closed, and the report says that
    this one finishes its work.
    """
    report = start_report(newsroom, "overnight")
    close_cut_off(newsroom, report)
    for run in newsroom.store.runs(kind="overnight"):
        if run.finished_at is None:
            began = f"the run begun on {run.started_at:%Y-%m-%d at %H:%M} UTC was cut off"
            newsroom.store.finish_run(run.id, {"summary": "Cut off; the next run did the rest."})
            report.notes.append(f"{began}; what it made stands, and this run does the rest")
    return report, newsroom.store.start_run("overnight")


def start_one(newsroom: Newsroom, jobs: Sequence[Job] = ()) -> tuple[RunReport, int]:
    """The report and the number of a run over chosen stories, ``jobs`` as far as they are known.

    Where no engine can be opened the run begins all the same: each of its jobs then fails with the
    reason, and the desk shows that with the story.
    """
    run_id = newsroom.store.start_run("one", _so_far((), jobs))
    _hold(newsroom.settings.outputs, run_id)
    try:
        report = start_report(newsroom, "one")
    except Exception:
        report = RunReport(kind="one", started_at=newsroom.clock())
    close_cut_off(newsroom, report)
    return report, run_id


def one_by_one(
    newsroom: Newsroom, report: RunReport, run_id: int, jobs: Sequence[Job]
) -> Iterator[Job]:
    """The jobs of a run over chosen stories; before each the store is told which are left, so that
    a run which is killed leaves word of them."""
    from vietwire.store import StoreAway

    for number, job in enumerate(jobs):
        with suppress(StoreAway):
            newsroom.store.note_run(run_id, _so_far(report.lines, jobs[number:]))
        yield job


def _so_far(lines: Iterable[DraftLine], left: Iterable[Job]) -> dict[str, Any]:
    return {"lines": [asdict(line) for line in lines], "left": [asdict(job) for job in left]}


def _lock_file(outputs: Path, run_id: int) -> Path:
    return outputs / ".runs" / f"{run_id}.lock"


def _hold(outputs: Path, run_id: int) -> None:
    """Show that the run is alive: the kernel frees the lock when its process ends, however."""
    path = _lock_file(outputs, run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    unlocked = path.with_suffix(".new")  # a lock file that is not locked means a dead run
    _held[run_id] = unlocked.open("w")
    fcntl.flock(_held[run_id], fcntl.LOCK_EX)
    unlocked.rename(path)


def _let_go(outputs: Path, run_id: int) -> None:
    if run_id in _held:
        _held.pop(run_id).close()
    _lock_file(outputs, run_id).unlink(missing_ok=True)


def is_cut_off(outputs: Path, run: RunRow, now: datetime) -> bool:
    """Whether a run over chosen stories has no end and cannot be alive any more."""
    if run.kind != "one" or run.finished_at is not None:
        return False
    try:
        with _lock_file(outputs, run.id).open() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return now - run.started_at > LONGEST
    except BlockingIOError:
        return False
    return True


def left_of(newsroom: Newsroom, run: RunRow) -> list[Job]:
    """What an unfinished run over chosen stories has yet to do, or would have had to."""
    left = [Job(**job) for job in (run.report or {}).get("left", ())]
    made = (newsroom.store.current_draft(j.source_id, j.version, j.language) for j in left)
    return [
        job
        for job, draft in zip(left, made, strict=True)
        if draft is None or draft.created_at < run.started_at
    ]


def close_cut_off(newsroom: Newsroom, report: RunReport) -> None:
    """End the runs over chosen stories that were killed, and name in ``report`` what they left."""
    outputs = newsroom.settings.outputs
    for run in newsroom.store.runs(kind="one"):
        if not is_cut_off(outputs, run, newsroom.clock()):
            continue
        left = left_of(newsroom, run)
        lines = [*(run.report or {}).get("lines", ())]
        lines += [{**asdict(job), "outcome": "failed", "error": CUT_OFF} for job in left]
        newsroom.store.finish_run(run.id, {"lines": lines, "summary": "Cut off."})
        _let_go(outputs, run.id)
        named = ", ".join(f"{job.source_id} v{job.version} {job.language}" for job in left)
        report.notes.append(
            f"the run over chosen stories begun on {run.started_at:%Y-%m-%d at %H:%M} UTC was cut "
            f"off; what it made stands, and not done is: {named or 'nothing'}"
        )


class IntakeRunning(VietwireError):
    """Somebody takes in at this moment; two at once would move each other's files away."""


@contextmanager
def intake_lock(outputs: Path, *, wait: bool) -> Iterator[None]:
    """Let one at a time read the inbox and the feeds on this machine.

    :raises IntakeRunning: if another does, and we are not to ``wait``.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    with (outputs / ".intake.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IntakeRunning(
                "what waits is being taken in at this moment; wait for it"
            ) from error
        yield


def take_in(
    newsroom: Newsroom, report: RunReport, paths: Sequence[Path] = (), *, wait: bool = True
) -> list[Taken]:
    """Intake from the inbox, the feeds and ``paths``; outcomes go into the report.

    :raises IntakeRunning: see ``intake_lock``.
    """
    with intake_lock(newsroom.settings.outputs, wait=wait):
        taken = list(newsroom.intake.take_inbox())
        if paths:
            taken += newsroom.intake.take_paths(paths)
        for url in newsroom.settings.feeds:
            taken += newsroom.intake.take_feed(url)
    note_taken(report, taken)
    return taken


def note_taken(report: RunReport, taken: Iterable[Taken]) -> None:
    """Count outcomes and list refusals; of a restricted item only id, time and reason."""
    taken = list(taken)
    counted = Counter(str(item.outcome) for item in taken)
    for outcome, number in counted.items():
        report.taken[outcome] = report.taken.get(outcome, 0) + number
    for item in taken:
        refusal = item.refusal
        if refusal is None:
            # A feed that is down, or a story taken with something the sender should know.
            report.notes += [f"{item.origin}: {note}" for note in item.notes]
            continue
        restricted = refusal.reason is RefusalReason.RESTRICTED
        report.refusals.append(
            {
                "source_id": refusal.source_id,
                "origin": "" if restricted else refusal.origin,
                "reason": str(refusal.reason),
                "message": refusal.message,
            }
        )


def jobs_waiting(newsroom: Newsroom, languages: Sequence[str] | None = None) -> list[Job]:
    """What waits for translation, urgent stories first, then the oldest."""
    wanted = tuple(languages or newsroom.settings.languages)
    waiting = newsroom.store.waiting(wanted)
    return [Job(w.source_id, w.version, w.language) for w in waiting]


def jobs_of(stories: Iterable[Story], languages: Sequence[str]) -> list[Job]:
    """The jobs of chosen stories, story by story."""
    return [Job(story.source_id, story.version, code) for story in stories for code in languages]


def do_job(
    newsroom: Newsroom, job: Job, *, force: bool = False, actor: str | None = None
) -> DraftLine:
    """Translate one job and give its report line. Errors pass through to the caller."""
    story = newsroom.store.story(job.source_id, job.version)
    before = newsroom.store.current_draft(job.source_id, job.version, job.language)
    draft = translate_story(newsroom, story, job.language, force=force, actor=actor)
    fresh = before is None or before.id != draft.id
    return line_for(draft, "drafted" if fresh else "unchanged")


def may_pass(error: object) -> bool:
    """Whether it is worth trying again: not where a person must mend something first."""
    from vietwire.store import StoreAway

    return not isinstance(error, VietwireError) or isinstance(error, StoreAway)


def failed_line(job: Job, error: BaseException) -> DraftLine:
    """The report line of a job that failed for good. The error's text, never the story's."""
    message = str(error) if isinstance(error, VietwireError) else type(error).__name__
    return DraftLine(job.source_id, job.version, job.language, "failed", error=message)


def broke_off(error: Exception, log_name: str) -> str:
    """What is said of an error that nobody foresaw; its traceback goes to ``outputs/logs``.

    Where no log can be written, as outside a project folder, the error's own text must do.
    """
    kind = type(error).__name__
    try:
        log = Settings.load().outputs / "logs" / log_name
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
    except (VietwireError, OSError):
        return f"broke off ({kind}: {' '.join(str(error).split())})"
    return f"broke off ({kind}); see {log}"


def run_in_terminal(run: Callable[[], object], console: Console) -> int:
    """Run a flow for the terminal and give the exit code; what goes wrong is one line.

    The traceback of an error that nobody foresaw goes to ``outputs/logs/flows.log``.
    """
    try:
        run()
    except VietwireError as error:
        line = f"vietwire: {error}"
    except Exception as error:
        line = f"vietwire: the run {broke_off(error, 'flows.log')}, and run it again"
    else:
        return 0
    console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
    return 1


def finish_report(newsroom: Newsroom, report: RunReport, run_id: int | None = None) -> Path:
    """Stamp the report, keep it in the store and under ``outputs/reports``; returns the file."""
    report.finished_at = newsroom.clock()
    if run_id is not None:
        newsroom.store.finish_run(run_id, report.to_dict())
        _let_go(newsroom.settings.outputs, run_id)
    return report.write(newsroom.settings.outputs / "reports")
