"""Who may do what with a draft, and what it becomes: one table, and nothing else decides.

``check_can`` raises with a sentence that can be shown; ``can`` answers. The desk's buttons and the
writes behind them ask the same question here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vietwire.story import Actor, Draft, DraftStatus, Finding, Role, VietwireError


class Action(StrEnum):
    """What can be done with a draft. The values are also the action names in the audit log."""

    CLAIM = "claim"
    TAKE_OVER = "take_over"
    RELEASE_CLAIM = "release_claim"
    SAVE = "save"
    APPROVE = "approve"
    RETURN = "return_to_machine"
    REJECT = "reject"
    REOPEN = "reopen"
    CORRECT = "correct"
    KILL = "kill"
    RELEASE = "release"
    OUTDATE = "outdate"


class NotAllowed(VietwireError):
    """The move is not open to this person, or not from this status. Nothing was written."""


class Blocked(VietwireError):
    """Blocking findings stop an approval. ``findings`` are those, freshly checked."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        count = len(findings)
        what = "a blocking finding stands" if count == 1 else f"{count} blocking findings stand"
        first = findings[0]
        where = "" if first.segment is None else f" (segment {first.segment + 1})"
        super().__init__(f"not approved: {what}; first{where}: {first.message}")
        self.findings = findings


#: People who may work on any draft, whatever its language.
EDITORS = frozenset({Role.EDITOR, Role.ADMIN})
EVERYONE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    ``roles`` may do it; ``needs_language``: a reviewer must be one of the draft's language;
    ``needs_claim``: a reviewer must hold the claim (an editor may act whoever holds it);
    ``needs_reason``: a sentence must be given and is kept in the audit log;
    ``by_pipeline``: the program does it by itself, on rules that people set.
    """

    to: DraftStatus
    roles: frozenset[Role] = EVERYONE
    needs_language: bool = True
    needs_claim: bool = False
    needs_reason: bool = False
    by_pipeline: bool = False


_M = DraftStatus.MACHINE
_I = DraftStatus.IN_REVIEW
_A = DraftStatus.APPROVED
_R = DraftStatus.RELEASED
_J = DraftStatus.REJECTED
_S = DraftStatus.STALE
_K = DraftStatus.KILLED
_NOBODY: frozenset[Role] = frozenset()

#: The one table: (status, action) -> what it takes and where it leads.
TRANSITIONS: dict[tuple[DraftStatus, Action], Transition] = {
    (_M, Action.CLAIM): Transition(_I),
    (_I, Action.CLAIM): Transition(_I),
    (_I, Action.TAKE_OVER): Transition(_I, EDITORS),
    (_I, Action.RELEASE_CLAIM): Transition(_I, needs_claim=True),
    (_I, Action.SAVE): Transition(_I, needs_claim=True),
    (_I, Action.APPROVE): Transition(_A, needs_claim=True),
    (_I, Action.RETURN): Transition(_J, needs_claim=True, needs_reason=True),
    (_I, Action.REJECT): Transition(_J, needs_claim=True, needs_reason=True),
    (_J, Action.REOPEN): Transition(_I),
    (_A, Action.REOPEN): Transition(_I),
    (_A, Action.RELEASE): Transition(_R, EDITORS, by_pipeline=True),
    (_R, Action.CORRECT): Transition(_I, EDITORS, needs_reason=True),
    **{
        (status, Action.KILL): Transition(_K, EDITORS, needs_reason=True)
        for status in (_M, _I, _A, _R, _J, _S)
    },
    **{
        (status, Action.OUTDATE): Transition(_S, _NOBODY, by_pipeline=True)
        for status in (_M, _I, _A, _J)
    },
}


def check_can(action: Action, actor: Actor, draft: Draft) -> Transition:
    """The row of the table that lets ``actor`` do ``action`` on ``draft`` now.

    A reason, where one is needed, is asked for when the action is carried out.

    :raises NotAllowed: with a sentence for the person.
    """
    raise NotImplementedError


def can(action: Action, actor: Actor, draft: Draft) -> bool:
    """Whether ``check_can`` would let it pass."""
    try:
        check_can(action, actor, draft)
    except NotAllowed:
        return False
    return True
