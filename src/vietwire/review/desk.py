"""What people do with drafts. The verbs of the desk, without SQL and without pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vietwire.review.workflow import Action
from vietwire.store import Store
from vietwire.story import Actor, Draft, DraftSegment, Finding, TermHit


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Fresh findings and verified terms by segment index, and findings of the whole draft."""

    findings: Mapping[int, tuple[Finding, ...]]
    draft_findings: tuple[Finding, ...] = ()
    terms: Mapping[int, tuple[TermHit, ...]] = field(default_factory=dict)


#: (draft as stored, all its segments with the text to check) -> what the checks say now.
Recheck = Callable[[Draft, Sequence[DraftSegment]], Rechecked]


class Review:
    """The desk's verbs. Every one checks the table first and answers the draft as stored after.

    All raise ``NotAllowed``, ``store.Conflict`` (somebody was faster) and ``store.NotFound``.
    ``revision`` is that of the draft the person was looking at.
    """

    def __init__(
        self,
        store: Store,
        termbase: Any,
        clock: Callable[[], datetime],
        *,
        recheck: Recheck | None = None,
    ) -> None:
        """``recheck`` replaces the product's own checks (tests)."""
        raise NotImplementedError

    def can(self, action: str | Action, actor: Actor, draft: Draft) -> bool:
        raise NotImplementedError

    def check_can(self, action: str | Action, actor: Actor, draft: Draft) -> None:
        """:raises NotAllowed:"""

    def actions(self, actor: Actor, draft: Draft) -> tuple[Action, ...]:
        """What this person may do with this draft now: the buttons to show."""
        raise NotImplementedError

    def claim(self, draft_id: int, actor: Actor, revision: int) -> Draft:
        """Take the draft in hand. An editor takes it over from whoever has it."""
        raise NotImplementedError

    def release_claim(self, draft_id: int, actor: Actor, revision: int) -> Draft:
        """Put it down for others; what was saved stays."""
        raise NotImplementedError

    def save(self, draft_id: int, actor: Actor, revision: int, edits: Mapping[int, str]) -> Draft:
        """Save new text by segment index; the edited segments are checked again."""
        raise NotImplementedError

    def approve(
        self, draft_id: int, actor: Actor, revision: int, override_reason: str = ""
    ) -> Draft:
        """Approve for release after checking everything again.

        :raises Blocked: when blocking findings stand and no editor gives an ``override_reason``.
            The fresh findings are stored with the draft first (its revision grows).
        """
        raise NotImplementedError

    def return_to_machine(self, draft_id: int, actor: Actor, revision: int, reason: str) -> Draft:
        """Ask for a new machine translation: rejected, and waiting for the next run."""
        raise NotImplementedError

    def reject(self, draft_id: int, actor: Actor, revision: int, reason: str) -> Draft:
        """Not to be published in this language; can be reopened."""
        raise NotImplementedError

    def reopen(self, draft_id: int, actor: Actor, revision: int, reason: str = "") -> Draft:
        """Take an approved or rejected draft back into review, claimed by ``actor``."""
        raise NotImplementedError

    def correct(self, draft_id: int, actor: Actor, revision: int, reason: str) -> Draft:
        """Take a released draft back into review; approving it again releases a correction."""
        raise NotImplementedError

    def kill(self, draft_id: int, actor: Actor, revision: int, reason: str) -> Draft:
        """Never publish it, and withdraw it where it went out (``release`` replaces the files)."""
        raise NotImplementedError
