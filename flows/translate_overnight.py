"""The overnight run as a Prefect flow: intake, then every waiting story into every language.

Prefect decides when and how often; what the steps mean is in ``vietwire``. Only ids and counts
pass through Prefect, never a story's text.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import cast
from uuid import UUID

from prefect import flow, get_run_logger, task
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.tasks import exponential_backoff
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from vietwire import batch
from vietwire.newsroom import Newsroom, open_newsroom
from vietwire.reports import DraftLine, RunReport
from vietwire.settings import Settings
from vietwire.story import VietwireError

RETRIES = 3
console = Console()
#: What the command line names. No parameter of the flow: Prefect keeps those, and the name of a
#: restricted file must be kept nowhere.
named: list[Path] = []


@task(name="intake", retries=2, retry_delay_seconds=5, cache_policy=NO_CACHE, persist_result=False)
def take_in(newsroom: Newsroom, report: RunReport, paths: list[Path]) -> int:
    return len(batch.take_in(newsroom, report, paths))


@task(
    name="translate",
    task_run_name="{job.source_id} v{job.version} {job.language}",
    retries=RETRIES,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_jitter_factor=0.5,
    retry_condition_fn=lambda _task, _run, state: batch.may_pass(
        state.result(raise_on_failure=False)
    ),
    cache_policy=NO_CACHE,
    persist_result=False,
)
def translate(newsroom: Newsroom, job: batch.Job) -> DraftLine:
    return batch.do_job(newsroom, job)


@flow(name="translate-overnight", persist_result=False, validate_parameters=True)
def translate_overnight(paths: list[str] | None = None) -> str:
    """Take in what waits and translate it into all languages; gives the report's summary line.

    Args:
        paths: Further files or folders to take in, besides the inbox and the feeds. Prefect keeps
            what is written here: never name a restricted (BCTK) file.
    """
    logger = get_run_logger()
    settings = Settings.load()
    with batch.batch_lock(settings.outputs), open_newsroom(settings) as newsroom:
        report, run_id = batch.start_overnight(newsroom)
        take_in(newsroom, report, [Path(p) for p in paths or []] + named)
        jobs = batch.jobs_waiting(newsroom)
        report.waiting_before = len(jobs)
        logger.info("%d drafts to make", len(jobs))
        # Prefect's types say that it might be awaited; in a flow like this one it is done.
        tracker = cast(
            UUID, create_progress_artifact(progress=0.0, key="overnight", description="drafts")
        )
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        ) as progress:
            bar = progress.add_task("translating", total=len(jobs))
            for number, job in enumerate(jobs, 1):
                progress.update(bar, description=f"{job.source_id} → {job.language}")
                state = translate(newsroom, job, return_state=True)
                try:
                    report.lines.append(state.result())
                except Exception as error:  # one bad story never stops the rest
                    logger.error("%s v%d %s failed", job.source_id, job.version, job.language)
                    report.lines.append(batch.failed_line(job, error))
                progress.advance(bar)
                if number % 5 == 0 or number == len(jobs):
                    update_progress_artifact(tracker, progress=100.0 * number / len(jobs))
        file = batch.finish_report(newsroom, report, run_id)
        create_markdown_artifact(report.to_markdown(), key="run-report", description="overnight")
        logger.info(report.summary())
        if report.lines:
            console.print(report.table())
        for line in report.failed:
            console.print(
                f"failed: {line.source_id} {line.language}: {line.error}", style="red", markup=False
            )
        for refusal in report.refusal_lines():
            console.print(f"refused: {refusal}", style="yellow", markup=False)
        for note in report.notes:
            console.print(f"note: {note}", style="yellow", markup=False)
        console.print(report.summary(), style="bold")
        console.print(f"report: {file.relative_to(settings.home)}")
        if report.failed:
            raise VietwireError(f"{report.summary()} The report says why: {file}")
        return report.summary()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", help="further files or folders to take in")
    named.extend(map(Path, parser.parse_args().paths))
    return batch.run_in_terminal(translate_overnight, console)


if __name__ == "__main__":
    sys.exit(main())
