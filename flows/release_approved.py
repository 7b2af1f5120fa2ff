"""Write every approved draft to the released files and feeds. People approve; this only carries."""

from __future__ import annotations

import sys

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.tasks import exponential_backoff
from rich.console import Console

from vietwire import batch
from vietwire.newsroom import Newsroom, open_newsroom
from vietwire.settings import Settings

console = Console()


@task(
    name="release",
    retries=3,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    cache_policy=NO_CACHE,
    persist_result=False,
)
def release(newsroom: Newsroom) -> list[str]:
    return [
        f"{item.source_id} v{item.story_version} {item.language}: {', '.join(item.files)}"
        for item in newsroom.release_approved()
    ]


@flow(name="release-approved", persist_result=False)
def release_approved() -> int:
    """Release what is approved and not under embargo; gives the number of items."""
    with open_newsroom(Settings.load()) as newsroom:
        lines = release(newsroom)
    get_run_logger().info("%d released", len(lines))
    if lines:
        create_markdown_artifact("\n".join(f"- {line}" for line in lines), key="released")
    for line in lines:
        console.print(line, markup=False)
    console.print(f"{len(lines)} released.", style="bold")
    return len(lines)


if __name__ == "__main__":
    sys.exit(batch.run_in_terminal(release_approved, console))
