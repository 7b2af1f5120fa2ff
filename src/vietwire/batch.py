"""A batch: take in what waits, translate it, report. The same steps with Prefect and without it."""

from __future__ import annotations

import fcntl
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vietwire.reports import DraftLine, RunReport, line_for
from vietwire.story import RefusalReason, VietwireError
from vietwire.translation import translate_story

if TYPE_CHECKING:
    from vietwire.intake import Taken
    from vietwire.newsroom import Newsroom


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


def take_in(newsroom: Newsroom, report: RunReport, paths: Sequence[Path] = ()) -> list[Taken]:
    """Intake from the inbox, the feeds and ``paths``; outcomes go into the report."""
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


def do_job(
    newsroom: Newsroom, job: Job, *, force: bool = False, actor: str | None = None
) -> DraftLine:
    """Translate one job and give its report line. Errors pass through to the caller."""
    story = newsroom.store.story(job.source_id, job.version)
    before = newsroom.store.current_draft(job.source_id, job.version, job.language)
    draft = translate_story(newsroom, story, job.language, force=force, actor=actor)
    fresh = before is None or before.id != draft.id
    return line_for(draft, "drafted" if fresh else "unchanged")


def failed_line(job: Job, error: BaseException) -> DraftLine:
    """The report line of a job that failed for good. The error's text, never the story's."""
    message = str(error) if isinstance(error, VietwireError) else type(error).__name__
    return DraftLine(job.source_id, job.version, job.language, "failed", error=message)


def finish_report(newsroom: Newsroom, report: RunReport, run_id: int | None = None) -> Path:
    """Stamp the report, keep it in the store and under ``outputs/reports``; returns the file."""
    report.finished_at = newsroom.clock()
    if run_id is not None:
        newsroom.store.finish_run(run_id, report.to_dict())
    return report.write(newsroom.settings.outputs / "reports")
