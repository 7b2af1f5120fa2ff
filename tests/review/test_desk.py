"""The desk's verbs on a real store: claim, edit, approve, send back, reopen, correct, kill."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vietwire.review import Action, Blocked, Conflict, NotAllowed, Rechecked, Review
from vietwire.store import NotFound
from vietwire.story import (
    Actor,
    DraftStatus,
    Finding,
    ReleasedItem,
    Role,
    Severity,
    TermHit,
)

LAN = Actor("lan", Role.REVIEWER, ("en",))
BINH = Actor("binh", Role.REVIEWER, ("en",))
OLEG = Actor("oleg", Role.REVIEWER, ("ru",))
MAI = Actor("mai", Role.EDITOR)


def recheck(draft, segments):
    """A stand-in for the checks: "BAD" in a segment blocks it, and is a missed term."""
    findings = {
        s.index: (
            (Finding(Severity.BLOCK, "bad", "BAD is there", "take it out", segment=s.index),)
            if "BAD" in s.text
            else ()
        )
        for s in segments
    }
    terms = {s.index: (TermHit("t", "x", 0, 1, "good", "BAD" not in s.text),) for s in segments}
    whole = (Finding(Severity.NOTE, "whole", str(sum(map(bool, findings.values()))), ""),)
    return Rechecked(findings, whole, terms)


@pytest.fixture
def review(store, clock):
    return Review(store, None, clock, recheck=recheck)


@pytest.fixture
def draft(store, make_story, make_draft):
    story = store.add_story(make_story()).story
    return store.save_machine_draft(make_draft(story))


@pytest.fixture
def claimed(review, draft):
    return review.claim(draft.id, LAN, draft.revision)


@pytest.fixture
def approved(review, claimed):
    return review.approve(claimed.id, LAN, claimed.revision)


@pytest.fixture
def released(store, approved, clock):
    item = ReleasedItem(approved.id, "vna-1", 1, "en", clock(), ("released/en/x.json",))
    return store.record_release(item, revision=approved.revision)


def test_a_claimed_draft_is_in_review_and_has_a_name(claimed, store):
    assert (claimed.status, claimed.claimed_by) == (DraftStatus.IN_REVIEW, "lan")
    event = store.audit(draft_id=claimed.id)[0]
    assert (event.actor, event.action, event.before, event.after) == (
        "lan",
        "claim",
        "machine",
        "in_review",
    )


def test_claiming_ones_own_draft_again_changes_nothing(review, claimed):
    assert review.claim(claimed.id, LAN, claimed.revision) == claimed


def test_another_reviewer_cannot_claim_it_but_an_editor_takes_it_over(review, claimed, store):
    with pytest.raises(NotAllowed, match="lan has it"):
        review.claim(claimed.id, BINH, claimed.revision)

    taken = review.claim(claimed.id, MAI, claimed.revision)

    assert taken.claimed_by == "mai"
    event = store.audit(draft_id=claimed.id)[0]
    assert (event.action, event.before, event.after) == ("take_over", "lan", "mai")
    with pytest.raises(NotAllowed, match="mai has it"):
        review.save(claimed.id, LAN, taken.revision, {0: "x"})


def test_a_claim_put_down_is_free_for_others_and_keeps_the_work(review, claimed):
    saved = review.save(claimed.id, LAN, claimed.revision, {0: "Lan's headline"})
    free = review.release_claim(saved.id, LAN, saved.revision)
    assert free.claimed_by is None
    mine = review.claim(free.id, BINH, free.revision)
    assert (mine.claimed_by, mine.headline) == ("binh", "Lan's headline")


def test_saving_keeps_text_and_checks_the_edited_segments_again(review, claimed, store):
    saved = review.save(claimed.id, LAN, claimed.revision, {1: "BAD text", 2: "Fine text"})

    assert [s.text for s in saved.segments][1:] == ["BAD text", "Fine text"]
    assert [f.check for f in saved.segments[1].findings] == ["bad"]
    assert saved.segments[1].terms[0].obeyed is False
    assert saved.segments[0].terms == ()
    assert saved.findings[0].message == "1"
    mended = review.save(claimed.id, LAN, saved.revision, {1: "good text"})
    assert mended.segments[1].findings == ()
    edits = [e for e in store.audit(draft_id=claimed.id) if e.segment == 1]
    assert (edits[0].before, edits[0].after) == ("BAD text", "good text")


def test_a_segment_is_kept_on_one_line_and_composed(review, claimed):
    saved = review.save(claimed.id, LAN, claimed.revision, {0: "  one \r\n two cafe\u0301 \n"})
    assert saved.segments[0].text == "one two caf\u00e9"
    french = review.save(claimed.id, LAN, saved.revision, {0: "« oui »\u00a0: 12\u202f%"})
    assert french.segments[0].text == "« oui »\u00a0: 12\u202f%"


def test_saving_without_a_change_writes_nothing(review, claimed, store):
    before = len(store.audit(draft_id=claimed.id))
    same = {s.index: s.text + "\r\n" for s in claimed.segments}
    assert review.save(claimed.id, LAN, claimed.revision, same) == claimed
    assert len(store.audit(draft_id=claimed.id)) == before


def test_a_segment_that_is_not_there_is_an_error(review, claimed):
    with pytest.raises(NotFound, match="no segment 17"):
        review.save(claimed.id, LAN, claimed.revision, {17: "x"})


def test_the_slower_editor_gets_a_conflict_and_loses_nothing(review, claimed):
    theirs = review.save(claimed.id, MAI, claimed.revision, {0: "Mai's"})
    for again in (
        lambda: review.save(claimed.id, LAN, claimed.revision, {0: "Lan's"}),
        lambda: review.approve(claimed.id, LAN, claimed.revision),
        lambda: review.reject(claimed.id, LAN, claimed.revision, "why"),
    ):
        with pytest.raises(Conflict) as caught:
            again()
        assert caught.value.current == theirs


def test_a_reviewer_approves_what_passes_the_checks(approved, store, clock):
    assert approved.status is DraftStatus.APPROVED
    assert (approved.approved_by, approved.approved_at) == ("lan", clock())
    assert approved.claimed_by is None
    assert approved.override_reason is None
    assert store.audit(draft_id=approved.id)[0].action == "approve"


def test_a_blocking_finding_stops_an_approval_and_is_stored(review, store, draft):
    # The text went bad without the checks: approval must find it out.
    bad = store.change_draft(draft.id, revision=1, actor="x", action="save", segments={1: "BAD"})
    claimed = review.claim(draft.id, LAN, bad.revision)
    assert claimed.blocking == ()

    with pytest.raises(Blocked, match=r"segment 2.*BAD is there") as caught:
        review.approve(draft.id, LAN, claimed.revision)

    stored = store.draft(draft.id)
    assert stored.status is DraftStatus.IN_REVIEW
    assert stored.blocking == caught.value.findings
    assert caught.value.draft == stored
    with pytest.raises(Blocked):
        review.approve(draft.id, LAN, stored.revision)
    assert store.draft(draft.id) == stored


def test_only_an_editor_overrides_a_block_and_only_with_a_reason(review, store, draft):
    store.change_draft(draft.id, revision=1, actor="x", action="save", segments={1: "BAD"})
    now = review.claim(draft.id, LAN, 2)
    for actor, reason in ((LAN, "I am sure"), (MAI, ""), (MAI, "  ")):
        with pytest.raises(Blocked):
            review.approve(draft.id, actor, store.draft(draft.id).revision, reason)
    now = store.draft(draft.id)

    approved = review.approve(draft.id, MAI, now.revision, "it is a quotation")

    assert approved.status is DraftStatus.APPROVED
    assert (approved.approved_by, approved.override_reason) == ("mai", "it is a quotation")
    note = store.audit(draft_id=draft.id)[0].note
    assert "BAD is there" in note
    assert "it is a quotation" in note


def test_a_reason_without_a_block_is_not_an_override(review, claimed):
    assert review.approve(claimed.id, MAI, claimed.revision, "just so").override_reason is None


def test_a_reviewer_of_another_language_or_without_claim_cannot_approve(review, claimed):
    for actor in (OLEG, BINH):
        with pytest.raises(NotAllowed):
            review.approve(claimed.id, actor, claimed.revision)


@pytest.mark.parametrize(("verb", "returned"), [("return_to_machine", True), ("reject", False)])
def test_sending_back_needs_a_reason_and_keeps_it(review, claimed, store, verb, returned):
    with pytest.raises(NotAllowed, match="say why"):
        getattr(review, verb)(claimed.id, LAN, claimed.revision, "  ")

    back = getattr(review, verb)(claimed.id, LAN, claimed.revision, "names are wrong")

    assert (back.status, back.claimed_by, back.returned) == (
        DraftStatus.REJECTED,
        None,
        returned,
    )
    assert store.audit(draft_id=claimed.id)[0].note == "names are wrong"
    assert bool(store.waiting(["en"])) is returned


def test_a_returned_draft_that_is_reopened_does_not_wait_any_more(review, claimed, store):
    back = review.return_to_machine(claimed.id, LAN, claimed.revision, "names")
    again = review.reopen(back.id, BINH, back.revision)
    assert (again.status, again.claimed_by, again.returned) == (
        DraftStatus.IN_REVIEW,
        "binh",
        False,
    )
    assert store.waiting(["en"]) == []


def test_reopening_takes_the_approval_away(review, approved):
    again = review.reopen(approved.id, LAN, approved.revision)
    assert (again.status, again.approved_by, again.approved_at) == (
        DraftStatus.IN_REVIEW,
        None,
        None,
    )


def test_a_released_draft_is_corrected_by_an_editor_with_a_reason(review, released):
    with pytest.raises(NotAllowed):
        review.correct(released.id, LAN, released.revision, "typo")
    with pytest.raises(NotAllowed, match="say why"):
        review.correct(released.id, MAI, released.revision, "")
    again = review.correct(released.id, MAI, released.revision, "typo in the headline")
    assert (again.status, again.claimed_by) == (DraftStatus.IN_REVIEW, "mai")


def test_a_kill_is_final_and_keeps_who_had_approved(review, released, store):
    killed = review.kill(released.id, MAI, released.revision, "wrong from the start")
    assert (killed.status, killed.approved_by) == (DraftStatus.KILLED, "lan")
    assert review.actions(MAI, killed) == ()
    assert [item.draft_id for item in store.kills_due()] == [released.id]


def test_the_buttons_are_what_the_writes_allow(review, claimed):
    assert review.actions(LAN, claimed) == (
        Action.RELEASE_CLAIM,
        Action.SAVE,
        Action.APPROVE,
        Action.RETURN,
        Action.REJECT,
    )
    assert review.actions(BINH, claimed) == ()
    assert review.can("take_over", MAI, claimed)
    with pytest.raises(NotAllowed):
        review.check_can("approve", BINH, claimed)


def test_a_draft_that_does_not_exist_is_not_found(review):
    with pytest.raises(NotFound):
        review.claim(404, LAN, 1)


def test_a_story_version_that_comes_in_ends_the_review(review, claimed, store, make_story, clock):
    clock.advance(minutes=1)
    store.add_story(make_story("vna-1", "Tiêu đề mới"))
    with pytest.raises(NotAllowed, match="stale"):
        review.save(claimed.id, LAN, claimed.revision, {0: "x"})
    assert store.draft(claimed.id).updated_at == claimed.updated_at + timedelta(minutes=1)


def test_a_story_is_killed_in_all_languages(review, released, store, make_draft, make_story):
    story = store.story("vna-1")
    french = store.save_machine_draft(make_draft(story, "fr"))
    other = store.save_machine_draft(make_draft(store.add_story(make_story("vna-2")).story))
    with pytest.raises(NotAllowed):
        review.kill_story("vna-1", LAN, "wrong")

    killed = review.kill_story("vna-1", MAI, "wrong")

    assert {d.id for d in killed} == {released.id, french.id}
    assert {d.status for d in killed} == {DraftStatus.KILLED}
    assert store.draft(other.id).status is DraftStatus.MACHINE
    assert review.kill_story("vna-1", MAI, "wrong") == []
