"""The one class that the rest of the product talks to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from vietwire.store.records import (
    KEEP,
    Added,
    DeskSession,
    DraftFilter,
    DraftRow,
    Keep,
    RunRow,
    StoryRow,
    User,
    Waiting,
)
from vietwire.story import (
    PIPELINE,
    AuditEvent,
    Draft,
    DraftStatus,
    Finding,
    MachineDraft,
    Refusal,
    ReleasedItem,
    Role,
    Story,
    TermHit,
)


def restore_database(url: str, path: Path, *, clock: Callable[[], datetime]) -> Path | None:
    """Put the backup ``path`` in the place of the SQLite database at ``url``.

    Works where the present database is missing or damaged. Answers where the old one was kept.

    :raises StoreError: when ``path`` is not a sound vietwire database, or the present one is in use.
    """
    raise NotImplementedError


class Store:
    """An open store; close it, or use it as a context manager. Safe to share between threads."""

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], datetime] | None = None) -> Store:
        """Open the store at a SQLAlchemy URL and bring its schema up to date.

        ``sqlite:///path`` (the file and its folder are made) or ``postgresql://…``. ``clock``
        answers the time (aware); the system's in UTC without one.

        :raises StoreError: when it cannot be reached, or is of a newer vietwire.
        """
        raise NotImplementedError

    def __enter__(self) -> Store:
        raise NotImplementedError

    def __exit__(self, *error: object) -> None: ...
    def close(self) -> None: ...
    def migrate(self) -> str:
        """Bring the schema up to date; answers its number. Safe with several processes at once."""
        raise NotImplementedError

    # stories
    def add_story(self, story: Story, *, origin: str = "") -> Added:
        """Keep a story once. A known source id with new content becomes its next version and
        makes the older, unreleased drafts stale. ``origin``: where it came from (file name, feed).

        :raises StoreError: for a restricted story, which must not be stored at all.
        """
        raise NotImplementedError

    def story(self, source_id: str, version: int | None = None) -> Story:
        """One version of a story, the latest by default. :raises NotFound:"""
        raise NotImplementedError

    def versions(self, source_id: str) -> list[Story]:
        """All versions, oldest first; empty where the story is unknown."""
        raise NotImplementedError

    def stories(
        self,
        *,
        text: str = "",
        slug: str = "",
        event: str = "",
        limit: int | None = 100,
        offset: int = 0,
    ) -> list[StoryRow]:
        """Latest versions, newest first."""
        raise NotImplementedError

    def count_stories(self, *, text: str = "", slug: str = "", event: str = "") -> int:
        raise NotImplementedError

    def waiting(
        self, languages: Sequence[str], *, signature_of: Callable[[str], str] | None = None
    ) -> list[Waiting]:
        """What needs a machine draft: urgent first, then oldest, then in the order of ``languages``.

        Latest versions only. Without ``signature_of``: no draft yet, or returned to the machine.
        With it (language -> signature in use now) also drafts nobody has touched that another
        engine, model or term base made.
        """
        raise NotImplementedError

    def add_refusal(self, refusal: Refusal) -> None:
        """Record a refusal. Of a restricted item only source id, time and reason are kept."""
        raise NotImplementedError

    def refusals(self, since: datetime | None = None) -> list[Refusal]:
        """Newest first."""
        raise NotImplementedError

    # drafts
    def save_machine_draft(
        self,
        made: MachineDraft,
        *,
        force: bool = False,
        actor: str = PIPELINE,
        supersede: bool = False,
    ) -> Draft:
        """Store a machine draft in one transaction; running again never doubles it.

        Where the story version already has a current draft in the language:
        - without ``force``: a draft of the same signature, or one a person has in hand, is answered
          unchanged; an untouched one of another signature, or a returned one, is replaced;
        - with ``force``: it is replaced whatever its signature. One in review or approved is
          replaced only when ``actor`` is an active editor or admin, or with ``supersede``.
        The replaced draft stays in the history (``current`` False). A released one stays released
        and the new draft is the candidate for its correction.
        A draft for an older version of the story is stored as stale.

        :raises DraftInHand: see above. :raises NotFound: for an unknown story version.
        """
        raise NotImplementedError

    def draft(self, draft_id: int) -> Draft:
        """:raises NotFound:"""
        raise NotImplementedError

    def current_draft(self, source_id: str, version: int, language: str) -> Draft | None:
        """The draft that counts, or None where there is none."""
        raise NotImplementedError

    def drafts(self, filter: DraftFilter = DraftFilter()) -> list[DraftRow]:
        raise NotImplementedError  # noqa: B008

    def count_drafts(self, filter: DraftFilter = DraftFilter()) -> int:  # noqa: B008
        """How many drafts the filter lets through, whatever its page."""
        raise NotImplementedError

    def counts(self) -> dict[tuple[str, DraftStatus], int]:
        """Current drafts per language and status."""
        raise NotImplementedError

    def draft_history(self, source_id: str, version: int, language: str) -> list[DraftRow]:
        """All drafts of a story version in a language, replaced ones too, by number."""
        raise NotImplementedError

    def memory(
        self, language: str, sources: Sequence[str], *, source_id: str | None = None
    ) -> dict[str, str]:
        """Approved text for those of ``sources`` that were translated before, word for word.

        Of several, the one from ``source_id`` wins, then the most recently approved.
        """
        raise NotImplementedError

    def change_draft(
        self,
        draft_id: int,
        *,
        revision: int,
        actor: str,
        action: str,
        status: DraftStatus | None = None,
        segments: Mapping[int, str] | None = None,
        findings: Mapping[int, Sequence[Finding]] | None = None,
        terms: Mapping[int, Sequence[TermHit]] | None = None,
        draft_findings: Sequence[Finding] | None = None,
        claimed_by: str | None | Keep = KEEP,
        approved_by: str | None | Keep = KEEP,
        override_reason: str | None | Keep = KEEP,
        returned: bool | None = None,
        note: str = "",
    ) -> Draft:
        """Change a draft and write its audit events, in one transaction.

        ``segments``: new text by segment index; one audit event each, with before and after.
        ``findings`` and ``terms`` replace those of the segments named, ``draft_findings`` those of
        the whole draft. ``approved_by`` a name sets ``approved_at`` to now, None clears it.

        :raises Conflict: when ``revision`` is not the stored one. :raises NotFound:
        """
        raise NotImplementedError

    def audit(
        self,
        draft_id: int | None = None,
        source_id: str | None = None,
        *,
        actor: str | None = None,
        limit: int = 200,
    ) -> list[AuditEvent]:
        """The audit log, newest first. ``source_id`` takes the story's events and its drafts'."""
        raise NotImplementedError

    # releases
    def record_release(
        self, item: ReleasedItem, *, revision: int, actor: str = PIPELINE, note: str = ""
    ) -> Draft:
        """Mark an approved draft released and record the item, in one transaction. Once only."""
        raise NotImplementedError

    def record_kill(
        self, draft_id: int, *, files: Sequence[str] = (), actor: str = PIPELINE, note: str = ""
    ) -> ReleasedItem:
        """Mark the item that went out from a draft as killed. Once only."""
        raise NotImplementedError

    def released(
        self,
        *,
        source_id: str | None = None,
        language: str | None = None,
        live: bool | None = None,
        since: datetime | None = None,
    ) -> list[ReleasedItem]:
        """What went out, newest first. ``live``: the last version of each item, not killed."""
        raise NotImplementedError

    # people
    def add_user(
        self,
        name: str,
        role: Role,
        *,
        password_hash: str,
        languages: Sequence[str] = (),
        display_name: str = "",
        ui_language: str = "en",
        actor: str = "",
    ) -> User:
        """:raises StoreError: for a name that is taken or not usable, or a reviewer of no language."""
        raise NotImplementedError

    def user(self, name: str) -> User:
        """:raises NotFound:"""
        raise NotImplementedError

    def users(self, *, active: bool | None = None) -> list[User]:
        raise NotImplementedError

    def change_user(
        self,
        name: str,
        *,
        role: Role | None = None,
        languages: Sequence[str] | None = None,
        display_name: str | None = None,
        active: bool | None = None,
        ui_language: str | None = None,
        actor: str = "",
    ) -> User:
        """Change what is given. Switching ``active`` off ends the user's sessions."""
        raise NotImplementedError

    def set_password_hash(self, name: str, password_hash: str, *, actor: str = "") -> None:
        """Also ends the user's sessions."""
        raise NotImplementedError

    def record_login_attempt(self, name: str, address: str, *, success: bool) -> None: ...
    def failed_logins_since(
        self, since: datetime, *, name: str | None = None, address: str | None = None
    ) -> int:
        """Failed attempts after ``since`` (and after the last success), of a name, an address, or
        a name from an address."""
        raise NotImplementedError

    def create_session(self, user: str, *, lifetime: timedelta) -> str:
        """Start a session; answers its secret id, of which only a hash is stored."""
        raise NotImplementedError

    def session(self, token: str) -> DeskSession | None:
        """The session of that id while it has not ended or expired and its user is active."""
        raise NotImplementedError

    def end_session(self, token: str) -> None: ...
    def end_sessions(self, user: str) -> int:
        raise NotImplementedError

    # runs
    def start_run(self, kind: str) -> int:
        raise NotImplementedError

    def finish_run(self, run_id: int, report: Mapping[str, Any]) -> None: ...
    def runs(self, *, kind: str | None = None, limit: int = 50) -> list[RunRow]:
        """Newest first."""
        raise NotImplementedError

    # whole database (SQLite)
    def backup(self, path: Path) -> Path:
        """Copy the database to ``path`` while it is in use. SQLite only.

        :raises StoreError: on PostgreSQL (use pg_dump), or when ``path`` exists.
        """
        raise NotImplementedError

    def restore(self, path: Path) -> Path | None:
        """Put a backup in the place of this database and open it. See ``restore_database``."""
        raise NotImplementedError
