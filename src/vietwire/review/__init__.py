"""The desk's workflow: who may move a draft where, and the verbs that do it."""

from __future__ import annotations

from vietwire.review.desk import Review
from vietwire.review.rechecking import Recheck, Rechecked, rechecker
from vietwire.review.statistics import PostEdit, post_edit
from vietwire.review.workflow import (
    TRANSITIONS,
    Action,
    Blocked,
    NotAllowed,
    Transition,
    can,
    check_can,
    check_machine_can,
    machine_can,
)
from vietwire.store import Conflict

__all__ = [
    "TRANSITIONS",
    "Action",
    "Blocked",
    "Conflict",
    "NotAllowed",
    "PostEdit",
    "Recheck",
    "Rechecked",
    "Review",
    "Transition",
    "can",
    "check_can",
    "check_machine_can",
    "machine_can",
    "post_edit",
    "rechecker",
]
