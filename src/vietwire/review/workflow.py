"""Who may do what with a draft, and what it becomes: one table, and nothing else decides.

``check_can`` raises with a sentence that can be shown; ``can`` answers. The desk's buttons and the
writes behind them ask the same question here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vietwire.story import (
    LANGUAGE_NAMES,
    STRONGEST,
    Actor,
    Draft,
    DraftStatus,
    Finding,
    Role,
    VietwireError,
)


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
    """Blocking findings stop an approval.

    ``findings`` are those, freshly checked; ``draft`` is the draft as it is stored with them.
    """

    def __init__(self, findings: tuple[Finding, ...], draft: Draft | None = None) -> None:
        count = len(findings)
        what = "a blocking finding stands" if count == 1 else f"{count} blocking findings stand"
        first = findings[0]
        where = "" if first.segment is None else f" (segment {first.segment + 1})"
        super().__init__(f"not approved: {what}; first{where}: {first.message}")
        self.findings = findings
        self.draft = draft


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


#: How each action reads in a sentence: "draft 4 is approved and cannot be …".
_SPOKEN = {
    Action.CLAIM: "claimed",
    Action.TAKE_OVER: "taken over",
    Action.RELEASE_CLAIM: "put down",
    Action.SAVE: "edited",
    Action.APPROVE: "approved",
    Action.RETURN: "returned to the machine",
    Action.REJECT: "rejected",
    Action.REOPEN: "reopened",
    Action.CORRECT: "corrected",
    Action.KILL: "killed",
    Action.RELEASE: "released",
    Action.OUTDATE: "made stale",
}


def check_can(action: Action, actor: Actor, draft: Draft) -> Transition:
    """The row of the table that lets ``actor`` do ``action`` on ``draft`` now.

    A reason, where one is needed, is asked for when the action is carried out.

    :raises NotAllowed: with a sentence for the person.
    """
    action = Action(action)
    spoken = _SPOKEN[action]
    row = TRANSITIONS.get((draft.status, action))
    if row is None:
        status = draft.status.value.replace("_", " ")
        raise NotAllowed(f"draft {draft.id} is {status} and cannot be {spoken}")
    if not draft.current and action is not Action.KILL:
        raise NotAllowed(
            f"draft {draft.id} was replaced by a newer translation and cannot be {spoken}"
        )
    if actor.role not in row.roles:
        who = " or ".join(sorted(f"an {role.value}" for role in row.roles & EDITORS))
        raise NotAllowed(f"draft {draft.id} can only be {spoken} by {who or 'the program itself'}")
    if action is Action.RETURN:
        check_machine_can(draft)
    _check_holder(action, actor, draft)
    if actor.role is not Role.REVIEWER:
        return row
    if row.needs_language and draft.language not in actor.languages:
        language = LANGUAGE_NAMES.get(draft.language, draft.language)
        raise NotAllowed(f"draft {draft.id} is in {language}, which {actor.name} does not review")
    if row.needs_claim and draft.claimed_by != actor.name:
        holder = f"{draft.claimed_by} has it" if draft.claimed_by else "claim it first"
        raise NotAllowed(f"draft {draft.id} cannot be {spoken} without claiming it: {holder}")
    return row


def machine_can(draft: Draft) -> bool:
    """Whether the machine has stronger means left than those that made ``draft``."""
    return draft.strength < STRONGEST


def check_machine_can(draft: Draft) -> None:
    """:raises NotAllowed: if it has none, and returning would only give the same again."""
    if not machine_can(draft):
        raise NotAllowed(
            f"draft {draft.id} cannot be returned again, as the machine has nothing better: edit "
            "it, or have an editor translate the story again with another engine"
        )


def _check_holder(action: Action, actor: Actor, draft: Draft) -> None:
    """Claiming depends on who has the draft, for everybody."""
    holder = draft.claimed_by
    if action is Action.CLAIM and holder is not None:
        who = "you have" if holder == actor.name else f"{holder} has"
        raise NotAllowed(f"draft {draft.id} is claimed already: {who} it")
    if action is Action.TAKE_OVER and holder in (None, actor.name):
        raise NotAllowed(f"draft {draft.id} need not be taken over: nobody else has it")
    if action is Action.RELEASE_CLAIM and holder is None:
        raise NotAllowed(f"draft {draft.id} is claimed by nobody")


def can(action: Action, actor: Actor, draft: Draft) -> bool:
    """Whether ``check_can`` would let it pass."""
    try:
        check_can(action, actor, draft)
    except NotAllowed:
        return False
    return True


def diagram() -> str:
    """The table as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", "    [*] --> machine: translate"]
    moves: dict[tuple[str, str], list[str]] = {}
    for (status, action), row in TRANSITIONS.items():
        moves.setdefault((status.value, row.to.value), []).append(action.value)
    lines += [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in moves.items()]
    return "\n".join(lines)


def table() -> str:
    """The table as Markdown, for the docs."""
    head = "| From | Action | To | Who | Needs |\n|---|---|---|---|---|"
    rows = []
    for (status, action), row in TRANSITIONS.items():
        who = [role.value for role in Role if role in row.roles]
        if row.by_pipeline:
            who.append("the program")
        needs = []
        if Role.REVIEWER in row.roles:
            needs += ["language"] * row.needs_language + ["claim"] * row.needs_claim
        needs += ["reason"] * row.needs_reason
        cells = (status.value, action.value, row.to.value, ", ".join(who), ", ".join(needs))
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join([head, *rows])


def page() -> str:
    """``docs/draft-states.md`` as it should be; a test holds the file against it."""
    return f"""# The states of a draft

This page is written by `python -m vietwire.review` from the one table that decides who may do what
(`src/vietwire/review/workflow.py`); a test fails when the two differ.

A draft is made by the machine, claimed and edited by a person, approved by a person, and only then
released. A new version of the story makes the unreleased drafts of the older one stale; one that
is already out is flagged, so that the desk can correct it.

```mermaid
{diagram()}
```

## Who may do what

"Language" and "claim" are asked of reviewers: the draft must be in a language they review, and
they must hold it. Editors and admins work in every language and may act whoever holds the draft.
A reason is kept in the audit log.

{table()}

- `claim` of a draft somebody else holds is refused to reviewers; an editor takes it over.
- `approve` checks the whole draft again. A blocking finding stops it, unless an editor or admin
  gives a reason for letting it pass.
- `return_to_machine` also rejects, and asks for a new machine translation: the next run makes a new
  draft by stronger means and the old one stays in the history. A draft made by the strongest means
  (after {STRONGEST} returns) cannot be returned again: the machine has nothing better.
- `correct` takes a released draft back into review; approving it again releases a correction.
- `kill` of a released draft replaces what went out by a kill notice.
"""
