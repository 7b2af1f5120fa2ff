"""Drafts are saved once, changed under an optimistic lock, and every change is in the audit log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from vietwire.store import Conflict, DraftFilter, DraftInHand, NotFound, StoreError
from vietwire.story import (
    DraftSegment,
    DraftStatus,
    Finding,
    Role,
    Severity,
    TermHit,
    UnknownLanguage,
)

BLOCK = Finding(Severity.BLOCK, "numbers", "12 is missing", "put it back", (0, 4), (1, 3), 1)
WARN = Finding(Severity.WARN, "length", "short", "look")
NOTE = Finding(Severity.NOTE, "typography", "quotes", "look")
HIT = TermHit("east-sea", "Biển Đông", 0, 9, "East Sea", True, (5, 13))
MISS = TermHit("asean", "ASEAN", 0, 5, "ASEAN", False)


@pytest.fixture
def story(store, make_story):
    return store.add_story(make_story(slug="asean37", event="asean-37", urgency=3)).story


@pytest.fixture
def draft(store, story, make_draft):
    return store.save_machine_draft(make_draft(story))


def claim(store, draft, actor="lan"):
    return store.change_draft(
        draft.id,
        revision=draft.revision,
        actor=actor,
        action="claim",
        status=DraftStatus.IN_REVIEW,
        claimed_by=actor,
    )


def approve(store, draft, actor="lan", **fields):
    return store.change_draft(
        draft.id,
        revision=draft.revision,
        actor=actor,
        action="approve",
        status=DraftStatus.APPROVED,
        claimed_by=None,
        approved_by=actor,
        **fields,
    )


def test_a_draft_comes_back_as_it_was_made(store, story, make_draft, signature, clock):
    segments = (
        DraftSegment(0, 0, "Tiêu đề", "Headline", "Headline", " ", "memory", None, (HIT,), ()),
        DraftSegment(1, 1, "Câu.", "One.", "One.", "", "machine", -0.25, (MISS,), (BLOCK,)),
    )
    made = make_draft(story, segments=segments, findings=(WARN, NOTE), seconds=1.5)

    draft = store.save_machine_draft(made)

    assert store.draft(draft.id) == draft
    assert draft.segments == segments
    assert draft.findings == (WARN, NOTE)
    assert (draft.status, draft.revision, draft.number) == (DraftStatus.MACHINE, 1, 1)
    assert draft.signature == str(signature)
    assert draft.headline == "Headline"
    assert (draft.slug, draft.event, draft.urgency) == ("asean37", "asean-37", 3)
    assert draft.created_at == clock()
    assert draft.seconds == 1.5
    row = store.drafts()[0]
    assert (row.segments, row.terms, row.terms_missed) == (2, 2, 1)
    assert (row.blocking, row.warnings, row.notes) == (1, 1, 1)


def test_the_same_machine_draft_again_changes_nothing(store, story, draft, make_draft):
    again = store.save_machine_draft(make_draft(story))

    assert again == draft
    assert len(store.draft_history("vna-1", 1, "en")) == 1
    assert [e.action for e in store.audit(draft_id=draft.id)] == ["translate"]


def test_force_makes_a_new_draft_and_keeps_the_old_one(store, story, draft, make_draft):
    new = store.save_machine_draft(make_draft(story), force=True, actor="mai")

    assert (new.number, new.current) == (2, True)
    assert store.draft(draft.id).current is False
    assert [(r.number, r.current) for r in store.draft_history("vna-1", 1, "en")] == [
        (1, False),
        (2, True),
    ]
    event = store.audit(draft_id=draft.id)[0]
    assert (event.action, event.actor) == ("supersede", "mai")
    assert store.current_draft("vna-1", 1, "en") == new


def test_an_untouched_draft_of_another_signature_is_replaced_without_force(
    store, story, draft, make_draft, signature
):
    other = replace(signature, termbase="tb2")
    new = store.save_machine_draft(make_draft(story, signature=other))
    assert (new.number, new.signature) == (2, str(other))


def test_a_draft_in_hand_is_left_alone_without_force(store, story, draft, make_draft, signature):
    held = claim(store, draft)
    other = make_draft(story, signature=replace(signature, termbase="tb2"))
    assert store.save_machine_draft(other) == held


@pytest.mark.parametrize("move", [claim, lambda store, draft: approve(store, claim(store, draft))])
def test_force_does_not_take_a_draft_out_of_somebodys_hands(store, story, draft, make_draft, move):
    held = move(store, draft)
    store.add_user("binh", Role.REVIEWER, password_hash="x", languages=["en"])
    for actor in ("pipeline", "binh"):
        with pytest.raises(DraftInHand) as caught:
            store.save_machine_draft(make_draft(story), force=True, actor=actor)
        assert caught.value.current == held
        assert "lan" in str(caught.value)
    assert store.draft(draft.id) == held


def test_an_editor_may_replace_a_draft_in_hand_and_is_named(store, story, draft, make_draft):
    store.add_user("mai", Role.EDITOR, password_hash="x")
    held = claim(store, draft)

    new = store.save_machine_draft(make_draft(story), force=True, actor="mai")

    assert new.number == 2
    old = store.draft(draft.id)
    assert (old.status, old.current, old.claimed_by) == (DraftStatus.IN_REVIEW, False, None)
    assert old.revision == held.revision + 1
    assert store.audit(draft_id=draft.id)[0].actor == "mai"


def test_a_returned_draft_is_replaced_even_by_the_same_signature(store, story, draft, make_draft):
    store.change_draft(
        draft.id,
        revision=1,
        actor="lan",
        action="return_to_machine",
        status=DraftStatus.REJECTED,
        returned=True,
        note="names are wrong",
    )
    new = store.save_machine_draft(make_draft(story))
    assert (new.number, new.status) == (2, DraftStatus.MACHINE)
    assert store.waiting(["en"]) == []


def test_a_rejected_draft_stays_until_forced(store, story, draft, make_draft):
    store.change_draft(
        draft.id, revision=1, actor="lan", action="reject", status=DraftStatus.REJECTED
    )
    assert store.save_machine_draft(make_draft(story)).id == draft.id
    assert store.save_machine_draft(make_draft(story), force=True).number == 2


def test_a_draft_that_comes_too_late_is_stale_at_once(store, story, make_story, make_draft):
    store.add_story(make_story("vna-1", "Tiêu đề mới"))
    draft = store.save_machine_draft(make_draft(story))
    assert draft.status is DraftStatus.STALE


def test_bad_drafts_are_refused_by_name(store, story, make_draft):
    with pytest.raises(UnknownLanguage, match="de"):
        store.save_machine_draft(make_draft(story, "de"))
    with pytest.raises(NotFound, match="version 5"):
        store.save_machine_draft(replace(make_draft(story), story_version=5))
    with pytest.raises(NotFound, match="nothing"):
        store.save_machine_draft(replace(make_draft(story), source_id="nothing"))
    made = make_draft(story)
    with pytest.raises(StoreError, match="numbered"):
        store.save_machine_draft(replace(made, segments=made.segments[1:]))
    assert store.drafts() == []


def test_text_status_and_audit_change_together(store, draft, clock):
    clock.advance(minutes=5)
    changed = store.change_draft(
        draft.id,
        revision=1,
        actor="lan",
        action="save",
        status=DraftStatus.IN_REVIEW,
        claimed_by="lan",
        segments={0: "Summit opens", 2: "East Sea is the topic."},
        findings={1: (BLOCK,)},
        terms={2: (HIT,)},
        draft_findings=(WARN,),
        note="first pass",
    )

    assert store.draft(draft.id) == changed
    assert changed.revision == 2
    assert changed.headline == "Summit opens"
    assert [s.text for s in changed.segments][::2] == ["Summit opens", "East Sea is the topic."]
    assert [s.machine_text for s in changed.segments] == [s.machine_text for s in draft.segments]
    assert changed.segments[1].findings == (BLOCK,)
    assert changed.segments[2].terms == (HIT,)
    assert changed.blocking == (BLOCK,)
    assert changed.updated_at == clock()
    row = store.drafts()[0]
    assert (row.edited, row.terms, row.blocking, row.warnings) == (2, 1, 1, 1)
    move, second, first = store.audit(draft_id=draft.id)[:3]
    assert (first.segment, first.before, first.after) == (
        0,
        draft.segments[0].text,
        "Summit opens",
    )
    assert second.segment == 2
    assert (move.segment, move.before, move.after) == (None, "machine", "in_review")
    assert {e.actor for e in (first, second, move)} == {"lan"}
    assert {e.at for e in (first, second, move)} == {clock()}


def test_a_change_that_fails_leaves_nothing_behind(store, draft, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(store, "_record", fail)
    with pytest.raises(RuntimeError):
        store.change_draft(
            draft.id,
            revision=1,
            actor="lan",
            action="save",
            status=DraftStatus.IN_REVIEW,
            segments={0: "x"},
        )
    monkeypatch.undo()
    assert store.draft(draft.id) == draft
    assert len(store.audit(draft_id=draft.id)) == 1


def test_the_slower_of_two_gets_the_stored_draft_back(store, draft):
    mine = store.change_draft(
        draft.id, revision=1, actor="lan", action="save", segments={0: "Lan's"}
    )
    with pytest.raises(Conflict) as caught:
        store.change_draft(draft.id, revision=1, actor="mai", action="save", segments={0: "Mai's"})
    assert caught.value.current == mine
    assert store.draft(draft.id).segments[0].text == "Lan's"
    assert "mai" not in {e.actor for e in store.audit(draft_id=draft.id)}


def test_an_unknown_draft_or_segment_is_an_error(store, draft):
    with pytest.raises(NotFound, match="draft 999"):
        store.draft(999)
    with pytest.raises(NotFound):
        store.change_draft(999, revision=1, actor="lan", action="save")
    with pytest.raises(StoreError, match="no segment 9"):
        store.change_draft(draft.id, revision=1, actor="lan", action="save", segments={9: "x"})
    assert store.draft(draft.id).revision == 1


def test_approval_keeps_who_and_when_and_can_be_taken_back(store, draft, clock):
    approved = approve(store, claim(store, draft), override_reason="the name is right")
    assert (approved.approved_by, approved.approved_at) == ("lan", clock())
    assert approved.override_reason == "the name is right"
    reopened = store.change_draft(
        draft.id,
        revision=approved.revision,
        actor="lan",
        action="reopen",
        status=DraftStatus.IN_REVIEW,
        approved_by=None,
        override_reason=None,
    )
    assert (reopened.approved_by, reopened.approved_at, reopened.override_reason) == (
        None,
        None,
        None,
    )


def test_the_audit_log_cannot_be_changed_or_emptied(store, draft):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    statements = ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"]
    if not store.is_sqlite:
        statements.append("TRUNCATE audit")
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), store._writing() as connection:
            connection.execute(text(statement))
    assert [e.actor for e in store.audit(draft_id=draft.id)] == ["pipeline"]


def test_the_audit_log_of_a_story_has_its_drafts_newest_first(store, draft, make_story):
    store.add_story(make_story("other"))
    claim(store, draft)
    assert [e.action for e in store.audit(source_id="vna-1")] == [
        "claim",
        "translate",
        "story_added",
    ]
    assert [e.action for e in store.audit(source_id="vna-1", limit=1)] == ["claim"]
    assert [e.draft_id for e in store.audit(actor="lan")] == [draft.id]


@pytest.fixture
def queue(store, make_story, make_draft, clock):
    """Six drafts: a flash and a normal story in three languages each."""
    drafts = {}
    for name, urgency, slug in (("flash", 1, "rcep"), ("slow", 5, "asean37")):
        headline = {"flash": "Ký Hiệp định RCEP", "slow": "Bế mạc hội nghị"}[name]
        story = store.add_story(
            make_story(name, headline, urgency=urgency, slug=slug, event=f"e-{slug}")
        ).story
        for language in ("en", "fr", "ru"):
            drafts[name, language] = store.save_machine_draft(make_draft(story, language))
        clock.advance(hours=1)
    return drafts


def names(rows):
    return [(row.source_id, row.language) for row in rows]


def test_the_queue_is_urgent_first_and_pages(store, queue):
    rows = store.drafts()
    assert names(rows) == [
        ("flash", "en"),
        ("flash", "fr"),
        ("flash", "ru"),
        ("slow", "en"),
        ("slow", "fr"),
        ("slow", "ru"),
    ]
    assert names(store.drafts(DraftFilter(limit=2, offset=2))) == names(rows)[2:4]
    assert store.count_drafts(DraftFilter(limit=2, offset=2)) == 6
    assert names(store.drafts(DraftFilter(order="newest", limit=1))) == [("slow", "en")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"languages": ("ru", "fr"), "urgency": 1}, [("flash", "fr"), ("flash", "ru")]),
        ({"slug": "asean37", "languages": ("en",)}, [("slow", "en")]),
        ({"event": "e-rcep", "languages": ("en",)}, [("flash", "en")]),
        ({"source_id": "slow", "languages": ("en",)}, [("slow", "en")]),
        ({"text": "hiep dinh", "languages": ("en",)}, [("flash", "en")]),
        ({"text": "[FR] Bế"}, [("slow", "fr")]),
        ({"text": "100%"}, []),
        ({"text": "_"}, []),
        ({"claimed_by": "lan"}, [("slow", "ru")]),
        ({"claimed_by": "", "languages": ("ru",)}, [("flash", "ru")]),
        ({"statuses": (DraftStatus.IN_REVIEW,)}, [("slow", "ru")]),
        ({"blocking": True}, [("flash", "fr")]),
    ],
)
def test_the_queue_can_be_filtered(store, queue, fields, expected):
    claim(store, queue["slow", "ru"])
    store.change_draft(
        queue["flash", "fr"].id, revision=1, actor="x", action="check", draft_findings=(BLOCK,)
    )
    filter = DraftFilter(**fields)
    assert names(store.drafts(filter)) == expected
    assert store.count_drafts(filter) == len(expected)


def test_the_queue_can_be_filtered_by_age(store, queue, clock):
    boundary = clock() - timedelta(minutes=90)
    assert {r.source_id for r in store.drafts(DraftFilter(until=boundary))} == {"flash"}
    assert {r.source_id for r in store.drafts(DraftFilter(since=boundary))} == {"slow"}


def test_embargoed_drafts_are_not_releasable_before_their_time(
    store, make_story, make_draft, clock
):
    embargo = clock() + timedelta(hours=2)
    story = store.add_story(make_story(embargo=embargo)).story
    store.save_machine_draft(make_draft(story))
    assert store.drafts(DraftFilter(releasable_at=embargo - timedelta(seconds=1))) == []
    assert len(store.drafts(DraftFilter(releasable_at=embargo))) == 1


def test_counts_are_of_current_drafts_by_language_and_status(store, queue, make_draft):
    claim(store, queue["slow", "ru"])
    store.save_machine_draft(make_draft(store.story("flash"), "en"), force=True)
    assert store.counts() == {
        ("en", DraftStatus.MACHINE): 2,
        ("fr", DraftStatus.MACHINE): 2,
        ("ru", DraftStatus.MACHINE): 1,
        ("ru", DraftStatus.IN_REVIEW): 1,
    }


def test_memory_offers_only_approved_text_word_for_word(store, story, draft):
    source = story.blocks[1].text
    assert store.memory("en", [source]) == {}

    approve(
        store,
        store.change_draft(
            draft.id, revision=1, actor="lan", action="save", segments={1: "It opened on 12/11."}
        ),
    )

    assert store.memory("en", [source, "Câu khác."]) == {source: "It opened on 12/11."}
    assert store.memory("fr", [source]) == {}
    assert store.memory("en", [source.lower()]) == {}


def test_memory_survives_the_next_version_of_the_story(store, story, draft, make_story):
    approve(store, draft)
    store.add_story(make_story("vna-1", "Tiêu đề mới"))
    assert store.draft(draft.id).status is DraftStatus.STALE
    assert story.blocks[1].text in store.memory("en", [story.blocks[1].text])


def test_memory_does_not_offer_what_became_stale_without_an_approval(
    store, story, draft, make_story
):
    claim(store, draft)
    store.add_story(make_story("vna-1", "Tiêu đề mới"))
    assert store.draft(draft.id).status is DraftStatus.STALE
    assert store.memory("en", [story.blocks[1].text]) == {}


def test_memory_prefers_the_same_story_then_the_latest(store, make_story, make_draft, clock):
    said = {}
    for name in ("first", "second", "third"):
        story = store.add_story(make_story(name)).story
        draft = store.save_machine_draft(make_draft(story, texts=[name] * 3))
        approve(store, draft)
        said[name] = story.blocks[1].text
        clock.advance(minutes=1)
    source = said["first"]
    assert store.memory("en", [source]) == {source: "third"}
    assert store.memory("en", [source], source_id="first") == {source: "first"}


def test_memory_does_not_offer_what_was_rejected_killed_or_let_pass(
    store, story, draft, make_draft
):
    source = story.blocks[1].text
    approved = approve(store, draft, findings={1: (BLOCK,)})
    assert source not in store.memory("en", [source])
    killed = store.change_draft(
        draft.id,
        revision=approved.revision,
        actor="mai",
        action="kill",
        status=DraftStatus.KILLED,
        findings={1: ()},
    )
    assert store.memory("en", [source]) == {}
    store.change_draft(
        draft.id,
        revision=killed.revision,
        actor="mai",
        action="test",
        status=DraftStatus.APPROVED,
    )
    assert source in store.memory("en", [source])


def test_the_next_draft_follows_in_the_queue_and_after_the_last_comes_the_first(
    store, make_story, make_draft, clock
):
    def made(name, urgency, minutes=0, language="en"):
        received = clock() + timedelta(minutes=minutes)
        story = store.add_story(make_story(name, urgency=urgency, received_at=received)).story
        return store.save_machine_draft(make_draft(story, language))

    last = made("last", 5)
    theirs = claim(store, made("theirs", 2), "minh")
    second, first, twin = made("second", 3, 5), made("first", 3), made("twin", 3, 5)
    made("other language", 1, language="fr")
    approve(store, claim(store, made("approved", 1)))
    mine = claim(store, made("mine", 4))
    order = [first.id, second.id, twin.id, mine.id, last.id]
    assert [store.next_draft(i, claimed_by="lan") for i in order] == [*order[1:], order[0]]
    assert store.next_draft(theirs.id, claimed_by="lan") == first.id
    assert store.next_draft(twin.id, claimed_by="linh") == last.id
    assert store.next_draft(order[0], claimed_by="minh") == second.id
    rows = store.drafts(DraftFilter(languages=("en",)))
    assert [row.id for row in rows if row.id in order] == order


def test_a_draft_alone_has_no_next(store, draft):
    assert store.next_draft(draft.id, claimed_by="lan") is None
    with pytest.raises(NotFound):
        store.next_draft(99, claimed_by="lan")
