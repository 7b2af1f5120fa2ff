"""The one place where store, engine, term base and clock are chosen and handed to the rest."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from vietwire.settings import Settings
from vietwire.story import Draft, ReleasedItem, check_language

if TYPE_CHECKING:
    from vietwire.engines import Engine
    from vietwire.intake import Intake
    from vietwire.review import Review
    from vietwire.store import Store
    from vietwire.termbase import TermBase
    from vietwire.translation import Translator

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The time now, in UTC, timezone-aware."""
    return datetime.now(UTC)


@dataclass
class Newsroom:
    """What the verbs of the product work with. Each part is opened when first used.

    So that ``vietwire queue`` never loads an engine and the desk never loads one either, engine
    and term base are properties; a test may assign its own to ``engine_factory``.
    """

    settings: Settings
    store: Store
    clock: Clock
    engine_factory: Callable[[Settings], Engine] | None = None

    @cached_property
    def termbase(self) -> TermBase:
        from vietwire.termbase import TermBase

        return TermBase.load(self.settings.glossary)

    @cached_property
    def engine(self) -> Engine:
        if self.engine_factory is not None:
            return self.engine_factory(self.settings)
        from vietwire.engines import open_engine

        return open_engine(
            self.settings.engine, models=self.settings.models, settings=self.settings
        )

    def translator(self) -> Translator:
        """A translator over this newsroom's engine and term base."""
        from vietwire.translation import Translator

        return Translator(
            self.engine,
            self.termbase,
            batch_size=self.settings.batch_size,
            retries=self.settings.term_retries,
        )

    @cached_property
    def intake(self) -> Intake:
        from vietwire.intake import Intake

        return Intake(
            self.store,
            inbox=self.settings.inbox,
            settings=self.settings,
            clock=self.clock,
        )

    @cached_property
    def review(self) -> Review:
        from vietwire.review import Review

        return Review(self.store, self.termbase, self.clock)

    def release_approved(self) -> list[ReleasedItem]:
        """Write what is approved and not under embargo to ``outputs/released`` and the feeds."""
        from vietwire.release import release_approved

        return release_approved(
            self.store, self.settings.outputs, self.settings.glossary, self.clock
        )

    def preview(self, draft: Draft, reviewer: str) -> str:
        """The clean text of ``draft`` as it would go out now, approved by ``reviewer``."""
        from vietwire.release import preview

        settings = self.settings
        return preview(self.store, settings.outputs, settings.glossary, self.clock, draft, reviewer)

    def propagate_kills(self) -> list[ReleasedItem]:
        """Withdraw what went out from killed drafts; nothing else is released."""
        from vietwire.release import propagate_kills

        return propagate_kills(
            self.store, self.settings.outputs, self.settings.glossary, self.clock
        )

    def translate_now(
        self, source_id: str, languages: Sequence[str], actor: str, *, force: bool = False
    ) -> None:
        """Start translating one stored story in a child process and return at once.

        Under ``vietwire up`` it runs as the Prefect flow ``translate_one``, so that it shows there
        too; without a Prefect server it runs plainly. Its output goes to ``outputs/logs``.
        """
        for code in languages:
            check_language(code)
        if os.environ.get("PREFECT_API_URL"):
            command = [sys.executable, str(self.settings.flows / "translate_one.py")]
        else:
            command = [sys.executable, "-m", "vietwire", "translate"]
        command += ["--source-id", source_id, "--to", ",".join(languages), "--actor", actor]
        if force:
            command.append("--force")
        logs = self.settings.outputs / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "VIETWIRE_HOME": str(self.settings.home)}
        with (logs / "translate_now.log").open("ab") as log:
            child = subprocess.Popen(
                command,
                cwd=self.settings.home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )  # in our process group: what stops the desk stops it too
        # Somebody must wait for it: a desk runs for weeks, and each one would stay a zombie.
        threading.Thread(target=child.wait, name="translate-now", daemon=True).start()


@contextmanager
def open_newsroom(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    engine_factory: Callable[[Settings], Engine] | None = None,
) -> Iterator[Newsroom]:
    """Open the store (bringing its schema up to date) and hand out a newsroom; close it after.

    Engines stay cached for the life of the process (``engines.close_engines`` ends them).
    """
    from vietwire.store import Store

    settings.outputs.mkdir(parents=True, exist_ok=True)
    store = Store.open(settings.resolved_database_url, clock=clock)
    try:
        store.migrate()
        yield Newsroom(settings, store, clock, engine_factory)
    finally:
        store.close()
