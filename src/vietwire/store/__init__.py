"""The database of the desk: stories, drafts, people, runs and the audit log.

SQLite in one file by default, PostgreSQL by URL; nothing else changes between the two. All SQL of
the product is in this package. It takes and answers the frozen values of ``vietwire.story`` and the
rows of ``vietwire.store.records``.

Every change of a draft is one transaction: text, status and audit event are written together or
not at all.
"""

from __future__ import annotations

from vietwire.store.backup import restore_database
from vietwire.store.database import StoreAway
from vietwire.store.records import (
    KEEP,
    Added,
    Conflict,
    DeskSession,
    DraftFilter,
    DraftInHand,
    DraftRow,
    Keep,
    NotFound,
    RunRow,
    StoreError,
    StoryRow,
    User,
    Waiting,
)
from vietwire.store.store import Store

__all__ = [
    "KEEP",
    "Added",
    "Conflict",
    "DeskSession",
    "DraftFilter",
    "DraftInHand",
    "DraftRow",
    "Keep",
    "NotFound",
    "RunRow",
    "Store",
    "StoreAway",
    "StoreError",
    "StoryRow",
    "User",
    "Waiting",
    "restore_database",
]
