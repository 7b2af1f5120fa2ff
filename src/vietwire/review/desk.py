"""What people do with drafts. The verbs of the desk, without SQL and without pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from vietwire.review.rechecking import Recheck, Rechecked, rechecker
from vietwire.review.workflow import (
    EDITORS,
    TRANSITIONS,
    Action,
    Blocked,
    NotAllowed,
    can,
    check_can,
)
from vietwire.store import KEEP, Conflict, DraftFilter, Keep, NotFound, Store
from vietwire.story import Actor, Draft, DraftSegment, DraftStatus, Finding, Severity

if TYPE_CHECKING:
    from vietwire.termbase import TermBase

_LINE_BREAK = re.compile(r"\s*[\r\n]+\s*")


class Review:
    """The desk's verbs. Every one checks the table first and answers the draft as stored after.

    All raise ``NotAllowed``, ``store.Conflict`` (somebody was faster) and ``store.NotFound``.
    ``revision`` is that of the draft the person was looking at. Nothing is written when any of
    these is raised.
    """

    def __init__(
        self,
        store: Store,
        termbase: TermBase | None,
        clock: Callable[[], datetime],
        *,
        recheck: Recheck | None = None,
    ) -> None:
        """``recheck`` replaces the product's own checks, which need the ``termbase`` (tests)."""
        if recheck is None:
            if termbase is None:
                raise ValueError("a Review needs a term base, or its own recheck")
            recheck = rechecker(termbase, self._day_of)
        self.store = store
        self.clock = clock
        self._recheck = recheck

    def can(self, action: str | Action, actor: Actor, draft: Draft) -> bool:
        """Whether ``check_can`` would let it pass."""
        return can(Action(action), actor, draft)

    def check_can(self, action: str | Action, actor: Actor, draft: Draft) -> None:
        """:raises NotAllowed: with a sentence for the person."""
        check_can(Action(action), actor, draft)

    def actions(self, actor: Actor, draft: Draft) -> tuple[Action, ...]:
        """What this person may do with this draft now: the buttons to show."""
        return tuple(action for action in Action if can(action, actor, draft))

    def claim(self, draft_id: int, actor: Actor, revision: int) -> Draft:
        """Take the draft in hand. An editor takes it over from whoever has it.

        Claiming what one has already is no change.
        """
        draft = self.store.draft(draft_id)
        if draft.claimed_by == actor.name and (draft.status, Action.SAVE) in TRANSITIONS:
            return draft
        taken = draft.claimed_by is not None and actor.role in EDITORS
        return self._move(
            draft,
            Action.TAKE_OVER if taken else Action.CLAIM,
            actor,
            revision,
            claimed_by=actor.name,
        )

    def release_claim(self, draft_id: int, actor: Actor, revision: int) -> Draft:
        """Put it down for others; what was saved stays."""
        draft = self.store.draft(draft_id)
        return self._move(draft, Action.RELEASE_CLAIM, actor, revision, claimed_by=None)

    def save(self, draft_id: int, actor: Actor, revision: int, edits: Mapping[int, str]) -> Draft:
        """Save new text by segment index; the edited segments are checked again.

        Line breaks in a segment become spaces and space round it goes. Text that is the same as
        what is stored is no edit; without edits nothing is written.
        """
        draft = self.store.draft(draft_id)
        check_can(Action.SAVE, actor, draft)
        if draft.revision != revision:
            raise Conflict(draft)
        unknown = edits.keys() - {s.index for s in draft.segments}
        if unknown:
            raise NotFound(f"draft {draft_id} has no segment {min(unknown)}")
        tidy = {index: _tidy(text) for index, text in edits.items()}
        changed = {s.index for s in draft.segments if tidy.get(s.index, s.text) != s.text}
        if not changed:
            return draft
        segments = [
            replace(s, text=tidy[s.index]) if s.index in changed else s for s in draft.segments
        ]
        fresh = self._recheck(draft, segments)
        return self.store.change_draft(
            draft_id,
            revision=revision,
            actor=actor.name,
            action=Action.SAVE,
            segments={index: tidy[index] for index in changed},
            findings={i: f for i, f in fresh.findings.items() if i in changed},
            terms={i: t for i, t in fresh.terms.items() if i in changed},
            draft_findings=fresh.draft_findings,
        )

    def approve(
        self, draft_id: int, actor: Actor, revision: int, override_reason: str = ""
    ) -> Draft:
        """Approve for release after checking everything again.

        :raises Blocked: when blocking findings stand and no editor gives an ``override_reason``.
            The fresh findings are stored with the draft first (its revision grows where they
            differ from those stored).
        """
        draft = self.store.draft(draft_id)
        row = check_can(Action.APPROVE, actor, draft)
        if draft.revision != revision:
            raise Conflict(draft)
        fresh = self._recheck(draft, draft.segments)
        blocking = _blocking(fresh)
        reason = override_reason.strip()
        if blocking and not (reason and actor.role in EDITORS):
            if _differs(draft, fresh):
                draft = self.store.change_draft(
                    draft_id,
                    revision=revision,
                    actor=actor.name,
                    action="check",
                    findings=fresh.findings,
                    terms=fresh.terms,
                    draft_findings=fresh.draft_findings,
                    note=f"approval stopped by {len(blocking)} blocking finding(s)",
                )
            raise Blocked(blocking, draft)
        return self.store.change_draft(
            draft_id,
            revision=revision,
            actor=actor.name,
            action=Action.APPROVE,
            status=row.to,
            findings=fresh.findings,
            terms=fresh.terms,
            draft_findings=fresh.draft_findings,
            claimed_by=None,
            approved_by=actor.name,
            override_reason=reason if blocking else None,
            note=_override_note(reason, blocking) if blocking else "",
        )

    def return_to_machine(self, draft_id: int, actor: Actor, revision: int, reason: str) -> Draft:
        """Ask for a new machine translation: rejected, and waiting for the next run."""
        draft = self.store.draft(draft_id)
        return self._move(
            draft, Action.RETURN, actor, revision, reason, claimed_by=None, returned=True
        )

    def reject(self, draft_id: int, actor: Actor, revision: int, reason: str) -> Draft:
        """Not to be published in this language; can be reopened."""
        draft = self.store.draft(draft_id)
        return self._move(draft, Action.REJECT, actor, revision, reason, claimed_by=None)

    def reopen(self, draft_id: int, actor: Actor, revision: int, reason: str = "") -> Draft:
        """Take an approved or rejected draft back into review, claimed by ``actor``."""
        draft = self.store.draft(draft_id)
        return self._move(draft, Action.REOPEN, actor, revision, reason, claimed_by=actor.name)

    def correct(self, draft_id: int, actor: Actor, revision: int, reason: str) -> Draft:
        """Take a released draft back into review; approving it again releases a correction."""
        draft = self.store.draft(draft_id)
        return self._move(draft, Action.CORRECT, actor, revision, reason, claimed_by=actor.name)

    def kill(self, draft_id: int, actor: Actor, revision: int, reason: str) -> Draft:
        """Never publish it, and withdraw it where it went out (``release`` replaces the files)."""
        draft = self.store.draft(draft_id)
        return self._move(draft, Action.KILL, actor, revision, reason, claimed_by=None)

    def kill_story(self, source_id: str, actor: Actor, reason: str) -> list[Draft]:
        """Kill every draft of a story that is out or could still go out, in all languages.

        Answers those killed. A later version of the story starts afresh.
        """
        rows = self.store.drafts(DraftFilter(source_id=source_id, current=None, limit=None))
        open_rows = [
            row
            for row in rows
            if (row.status, Action.KILL) in TRANSITIONS
            and (row.current or row.status is DraftStatus.RELEASED)
        ]
        return [self.kill(row.id, actor, row.revision, reason) for row in open_rows]

    def _move(
        self,
        draft: Draft,
        action: Action,
        actor: Actor,
        revision: int,
        reason: str = "",
        *,
        claimed_by: str | Keep | None = KEEP,
        returned: bool = False,
    ) -> Draft:
        """One row of the table, carried out. Every move but an approval takes approval away."""
        row = check_can(action, actor, draft)
        reason = reason.strip()
        if row.needs_reason and not reason:
            raise NotAllowed(f"draft {draft.id}: say why, so that the desk can read it later")
        keeps_approval = action is Action.KILL
        return self.store.change_draft(
            draft.id,
            revision=revision,
            actor=actor.name,
            action=action,
            status=row.to,
            claimed_by=claimed_by,
            approved_by=KEEP if keeps_approval else None,
            override_reason=KEEP if keeps_approval else None,
            returned=returned,
            note=reason,
        )

    def _day_of(self, draft: Draft) -> date:
        return self.store.story(draft.source_id, draft.story_version).day


def _tidy(text: str) -> str:
    """A segment as a form sends it, as it is kept: composed (NFC), on one line."""
    return unicodedata.normalize("NFC", _LINE_BREAK.sub(" ", text)).strip(" \t\n")


def _blocking(fresh: Rechecked) -> tuple[Finding, ...]:
    ordered = [f for index in sorted(fresh.findings) for f in fresh.findings[index]]
    return tuple(f for f in (*ordered, *fresh.draft_findings) if f.severity is Severity.BLOCK)


def _differs(draft: Draft, fresh: Rechecked) -> bool:
    def stored(segment: DraftSegment) -> bool:
        return tuple(fresh.findings.get(segment.index, segment.findings)) == segment.findings

    return tuple(fresh.draft_findings) != draft.findings or not all(map(stored, draft.segments))


def _override_note(reason: str, blocking: Sequence[Finding]) -> str:
    """What was let pass stays readable in the audit log."""
    passed = "; ".join(f.message.rstrip(".") for f in blocking)
    return f"in spite of: {passed}. Reason: {reason}"
