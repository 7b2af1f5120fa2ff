"""The desk's workflow: who may move a draft where, and the verbs that do it."""

from __future__ import annotations

from vietwire.review.desk import Recheck, Rechecked, Review
from vietwire.review.workflow import (
    TRANSITIONS,
    Action,
    Blocked,
    NotAllowed,
    Transition,
    can,
    check_can,
)
from vietwire.store import Conflict

__all__ = [
    "TRANSITIONS",
    "Action",
    "Blocked",
    "Conflict",
    "NotAllowed",
    "Recheck",
    "Rechecked",
    "Review",
    "Transition",
    "can",
    "check_can",
]
