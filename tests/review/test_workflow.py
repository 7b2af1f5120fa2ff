"""The one table, as a full matrix: every status, every action, every role."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from vietwire.review import TRANSITIONS, Action, NotAllowed, can, check_can
from vietwire.review.workflow import page
from vietwire.store.stories import UNRELEASED
from vietwire.story import Actor, Draft, DraftStatus, Role

NOW = datetime(2020, 11, 12, tzinfo=UTC)
DRAFT = Draft(
    id=4,
    source_id="vna-1",
    story_version=1,
    language="fr",
    status=DraftStatus.MACHINE,
    revision=1,
    signature="",
    segments=(),
    findings=(),
    headline="",
    slug="",
    event="",
    urgency=4,
    created_at=NOW,
    updated_at=NOW,
)
LAN = Actor("lan", Role.REVIEWER, ("fr", "en"))
OUTSIDER = Actor("oleg", Role.REVIEWER, ("ru",))
EDITOR = Actor("mai", Role.EDITOR)
ADMIN = Actor("boss", Role.ADMIN)
ROLES = {Role.REVIEWER: LAN, Role.EDITOR: EDITOR, Role.ADMIN: ADMIN}

M, P, A, R, J, S, K = DraftStatus
#: What the desk agreed on, written out a second time on purpose: for each status, who may do what
#: when the person holds the claim. r: reviewer of the language, e: editor, a: admin.
AGREED = {
    M: {"claim": "rea", "kill": "ea"},
    P: {
        "release_claim": "rea",
        "save": "rea",
        "approve": "rea",
        "return_to_machine": "rea",
        "reject": "rea",
        "kill": "ea",
    },
    A: {"reopen": "rea", "release": "ea", "kill": "ea"},
    R: {"correct": "ea", "kill": "ea"},
    J: {"reopen": "rea", "kill": "ea"},
    S: {"kill": "ea"},
    K: {},
}


def draft(status: DraftStatus, claimed_by: str | None = None, **fields) -> Draft:
    return replace(DRAFT, status=status, claimed_by=claimed_by, **fields)


@pytest.mark.parametrize(("status", "action", "role"), list(product(DraftStatus, Action, Role)))
def test_every_status_action_and_role(status, action, role):
    actor = ROLES[role]
    allowed = role.value[0] in AGREED[status].get(action.value, "")
    held = draft(status, actor.name if status is P else None)
    assert can(action, actor, held) is allowed
    if not allowed:
        with pytest.raises(NotAllowed, match="draft 4"):
            check_can(action, actor, held)


@pytest.mark.parametrize(("status", "action"), list(product(DraftStatus, Action)))
def test_a_reviewer_of_other_languages_may_do_nothing(status, action):
    assert not can(action, OUTSIDER, draft(status))
    assert not can(action, OUTSIDER, draft(status, OUTSIDER.name))


@pytest.mark.parametrize(
    ("actor", "holder", "allowed"),
    [
        (LAN, None, {"claim"}),
        (LAN, "binh", set()),
        (
            LAN,
            "lan",
            {"release_claim", "save", "approve", "return_to_machine", "reject"},
        ),
        (EDITOR, None, {"claim", "save", "approve", "return_to_machine", "reject", "kill"}),
        (
            EDITOR,
            "lan",
            {
                "take_over",
                "release_claim",
                "save",
                "approve",
                "return_to_machine",
                "reject",
                "kill",
            },
        ),
        (
            EDITOR,
            "mai",
            {"release_claim", "save", "approve", "return_to_machine", "reject", "kill"},
        ),
    ],
)
def test_what_is_open_in_review_depends_on_who_holds_it(actor, holder, allowed):
    assert {a.value for a in Action if can(a, actor, draft(P, holder))} == allowed


def test_the_person_is_told_why_not():
    cases = [
        (Action.APPROVE, LAN, draft(A), "is approved and cannot be approved"),
        (Action.APPROVE, OUTSIDER, draft(P), "in French, which oleg does not review"),
        (Action.APPROVE, LAN, draft(P, "binh"), "binh has it"),
        (Action.SAVE, LAN, draft(P), "claim it first"),
        (Action.CLAIM, LAN, draft(P, "binh"), "binh has it"),
        (Action.CLAIM, LAN, draft(P, "lan"), "you have it"),
        (Action.KILL, LAN, draft(R), "by an admin or an editor"),
        (Action.OUTDATE, ADMIN, draft(M), "by the program itself"),
        (Action.APPROVE, EDITOR, draft(P, "mai", current=False), "replaced by a newer"),
    ]
    for action, actor, subject, message in cases:
        with pytest.raises(NotAllowed, match=message):
            check_can(action, actor, subject)


@pytest.mark.parametrize("status", [s for s in DraftStatus if s is not K])
def test_a_replaced_draft_can_only_be_killed(status):
    replaced = draft(status, "mai", current=False)
    assert {a for a in Action if can(a, EDITOR, replaced)} == {Action.KILL}


def test_moves_lead_where_the_design_says():
    path = [
        (M, Action.CLAIM, P),
        (P, Action.APPROVE, A),
        (A, Action.RELEASE, R),
        (R, Action.CORRECT, P),
        (P, Action.REJECT, J),
        (P, Action.RETURN, J),
        (J, Action.REOPEN, P),
    ]
    for status, action, to in path:
        assert TRANSITIONS[status, action].to is to
    assert {row.to for (_, action), row in TRANSITIONS.items() if action is Action.KILL} == {K}


def test_nothing_leaves_killed_and_only_a_kill_leaves_stale():
    assert not [status for status, _ in TRANSITIONS if status is K]
    assert [action for status, action in TRANSITIONS if status is S] == [Action.KILL]


def test_only_an_approved_draft_can_be_released_and_only_a_review_leads_to_approved():
    assert {s for (s, _), row in TRANSITIONS.items() if row.to is R} == {A}
    assert {s for (s, _), row in TRANSITIONS.items() if row.to is A} == {P}
    assert not any(row.by_pipeline for row in TRANSITIONS.values() if row.to is A)


def test_what_the_store_makes_stale_by_itself_is_what_the_table_says():
    table = {status for status, action in TRANSITIONS if action is Action.OUTDATE}
    assert table == set(UNRELEASED)
    assert all(
        row.to is S and row.by_pipeline and not row.roles
        for (_, action), row in TRANSITIONS.items()
        if action is Action.OUTDATE
    )


def test_the_page_in_the_docs_is_the_table_of_the_code():
    file = Path(__file__).parents[2] / "docs" / "draft-states.md"
    assert file.read_text(encoding="utf-8") == page(), (
        "run: python -m vietwire.review > docs/draft-states.md"
    )
