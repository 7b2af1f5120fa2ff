"""What the store takes and answers beside the nouns of ``vietwire.story``, and what it raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal

from vietwire.story import (
    Actor,
    Draft,
    DraftStatus,
    MediaKind,
    Role,
    Story,
    VietwireError,
)


class StoreError(VietwireError):
    """The database cannot be used as asked; the message says what to do."""


class NotFound(StoreError):
    """No story, draft, user or release of that name or number."""


class Conflict(StoreError):
    """Somebody else changed the draft in the meantime. Nothing was written.

    ``current`` is the draft as it is stored now; the caller still holds the text it wanted to save.
    """

    def __init__(self, current: Draft) -> None:
        super().__init__(
            f"draft {current.id} was changed by somebody else in the meantime "
            f"(it is now at revision {current.revision})"
        )
        self.current = current


class DraftInHand(StoreError):
    """A forced translation would replace a draft that a person has in review or has approved."""

    def __init__(self, current: Draft) -> None:
        holder = current.claimed_by or current.approved_by
        by = f" ({holder})" if holder else ""
        super().__init__(
            f"draft {current.id} of {current.source_id} in {current.language} is "
            f"{current.status.value.replace('_', ' ')}{by}: only an editor may replace it"
        )
        self.current = current


class Keep(Enum):
    """Stands for "leave as it is" where None means something."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a story handed to the store.

    ``outcome``: "new" (first time), "same" (known already, nothing stored), "version" (changed
    content, stored as the next version). ``staled``: ids of the drafts of older versions that
    became stale. ``outdated``: ids of released drafts that now say less than the story does.
    """

    story: Story
    outcome: Literal["new", "same", "version"]
    staled: tuple[int, ...] = ()
    outdated: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A line of the list of stories: the latest version, and how far its drafts are.

    ``drafts`` has the current draft of the latest version per language: (draft id, status).
    """

    source_id: str
    version: int
    headline: str
    slug: str
    event: str
    bureau: str
    urgency: int
    media_kind: MediaKind
    received_at: datetime
    added_at: datetime
    origin: str
    embargo: datetime | None = None
    drafts: Mapping[str, tuple[int, DraftStatus]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A line of the desk's queue. Counts are of the draft as it stands now.

    ``headline`` is the draft's, ``source_headline`` the story's. ``terms`` counts term hits,
    ``terms_missed`` those known not to be obeyed. ``edited`` counts segments a person changed.
    ``returned``: a reviewer asked for a new machine translation. ``outdated``: released, but a
    newer version of the story exists. ``received_at`` is the story's, which decides its age.
    """

    id: int
    source_id: str
    story_version: int
    language: str
    status: DraftStatus
    revision: int
    number: int
    current: bool
    headline: str
    source_headline: str
    slug: str
    event: str
    urgency: int
    media_kind: MediaKind
    received_at: datetime
    created_at: datetime
    updated_at: datetime
    segments: int
    edited: int
    terms: int
    terms_missed: int
    blocking: int
    warnings: int
    notes: int
    seconds: float
    claimed_by: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    embargo: datetime | None = None
    returned: bool = False
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class DraftFilter:
    """Which drafts, in which order, which page. Empty fields do not filter.

    ``slug`` may be a part of it, in any case. ``urgency`` takes that IPTC urgency and everything
    more urgent (1 is a flash). ``text`` looks into both headlines, the slug and the event, without
    regard to case or accents. ``since`` and ``until`` bound the time at which the story was
    received. ``claimed_by`` "" means claimed by nobody. ``releasable_at`` keeps those whose
    embargo, if any, has passed at that time.
    ``order``: "urgency" (most urgent, then oldest; the desk's order), "oldest", "newest",
    "updated" (last changed first). ``limit`` None means all.
    """

    languages: tuple[str, ...] = ()
    statuses: tuple[DraftStatus, ...] = ()
    slug: str = ""
    event: str = ""
    urgency: int | None = None
    source_id: str = ""
    story_version: int | None = None
    claimed_by: str | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    blocking: bool | None = None
    outdated: bool | None = None
    releasable_at: datetime | None = None
    current: bool | None = True
    order: Literal["urgency", "oldest", "newest", "updated"] = "urgency"
    limit: int | None = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story version that still needs a machine draft in a language.

    ``reason``: "new" (no draft yet), "returned" (a person sent the draft back to the machine),
    "signature" (untouched draft of another engine or term base).
    """

    source_id: str
    version: int
    urgency: int
    received_at: datetime
    language: str
    reason: Literal["new", "returned", "signature"] = "new"


@dataclass(frozen=True, slots=True)
class User:
    """A person who may log in to the desk. ``languages`` limits a reviewer."""

    name: str
    role: Role
    languages: tuple[str, ...] = ()
    display_name: str = ""
    active: bool = True
    ui_language: str = "en"
    password_hash: str = field(default="", repr=False)
    created_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        return Actor(self.name, self.role, self.languages, self.display_name)


@dataclass(frozen=True, slots=True)
class DeskSession:
    """Somebody's time at the desk, from login to logout or expiry."""

    user: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of the pipeline. ``finished_at`` None: under way, or it was killed."""

    id: int
    kind: str
    started_at: datetime
    finished_at: datetime | None = None
    report: Mapping[str, Any] | None = None
