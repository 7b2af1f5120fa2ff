"""One story now, into chosen languages: for an editor who cannot wait for the night."""

from __future__ import annotations

import argparse
import sys

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.tasks import exponential_backoff
from rich.console import Console

from vietwire import batch
from vietwire.newsroom import Newsroom, open_newsroom
from vietwire.reports import DraftLine
from vietwire.settings import Settings
from vietwire.story import VietwireError, check_language

console = Console()


@task(
    name="translate-now",
    task_run_name="{job.source_id} v{job.version} {job.language}",
    retries=2,
    retry_delay_seconds=exponential_backoff(backoff_factor=1),
    retry_condition_fn=lambda _task, _run, state: batch.may_pass(
        state.result(raise_on_failure=False)
    ),
    cache_policy=NO_CACHE,
    persist_result=False,
)
def translate(newsroom: Newsroom, job: batch.Job, force: bool, actor: str | None) -> DraftLine:
    return batch.do_job(newsroom, job, force=force, actor=actor)


@flow(name="translate-one", persist_result=False)
def translate_one(
    source_id: str,
    languages: list[str] | None = None,
    force: bool = False,
    actor: str | None = None,
) -> str:
    """Translate the newest version of one stored story.

    Args:
        source_id: The story's source id, as the desk shows it.
        languages: Language codes such as en and fr; those of the settings when empty.
        force: Translate again although a draft exists; the old one stays in the history.
        actor: Your name at the desk, for the history. A draft that somebody has in hand is
            replaced only for an editor.
    """
    logger = get_run_logger()
    settings = Settings.load()
    wanted = [check_language(code) for code in languages or settings.languages]
    with open_newsroom(settings) as newsroom:
        story = newsroom.store.story(source_id)
        jobs = batch.jobs_of([story], wanted)
        report, run_id = batch.start_one(newsroom, jobs)
        for job in batch.one_by_one(newsroom, report, run_id, jobs):
            state = translate(newsroom, job, force, actor, return_state=True)
            try:
                report.lines.append(state.result())
            except Exception as error:
                report.lines.append(batch.failed_line(job, error))
        file = batch.finish_report(newsroom, report, run_id)
        create_markdown_artifact(report.to_markdown(), key="run-report", description="one story")
        logger.info(report.summary())
        console.print(report.table())
        for line in report.failed:
            console.print(
                f"failed: {line.source_id} {line.language}: {line.error}", style="red", markup=False
            )
        for note in report.notes:
            console.print(f"note: {note}", style="yellow", markup=False)
        if report.failed:
            raise VietwireError(f"{report.summary()} The report says why: {file}")
        return report.summary()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source-id", required=True)
    parser.add_argument("--to", default="", help="such as en,fr; the settings' when left out")
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--actor", default=None)
    arguments = parser.parse_args()
    languages = [code for code in arguments.to.split(",") if code]
    return batch.run_in_terminal(
        lambda: translate_one(arguments.source_id, languages, arguments.force, arguments.actor),
        console,
    )


if __name__ == "__main__":
    sys.exit(main())
