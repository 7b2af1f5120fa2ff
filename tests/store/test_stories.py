"""Stories are kept once, in versions; a new version overtakes the drafts of the older ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from vietwire.store import NotFound, StoreError
from vietwire.story import (
    Block,
    BlockKind,
    Channel,
    DraftStatus,
    MediaKind,
    Refusal,
    RefusalReason,
    Story,
)


def test_a_story_comes_back_as_it_went_in(store, clock):
    hanoi = timezone(timedelta(hours=7))
    story = Story(
        "vna-9",
        (
            Block(BlockKind.HEADLINE, "Tiêu đề"),
            Block(BlockKind.LIST_ITEM, "Mục một", level=1, marker="a)"),
            Block(BlockKind.CUE, "Phụ đề", start=1.5, end=3.25),
            Block(BlockKind.TABLE_CELL, "Ô", row=0, column=2),
        ),
        datetime(2020, 11, 12, 15, 30, tzinfo=hanoi),
        slug="asean37",
        keywords=("ASEAN", "Việt Nam"),
        event="asean-37",
        bureau="Hà Nội",
        byline="Nguyễn Văn A",
        dateline="Hà Nội",
        urgency=2,
        embargo=datetime(2020, 11, 13, 7, 0, tzinfo=hanoi),
        media_kind=MediaKind.TV,
        dated=date(2020, 11, 12),
    )
    store.add_story(story, origin="inbox/tin.md")

    back = store.story("vna-9")

    assert back == replace(story, version=1)
    assert back.received_at.tzinfo is UTC
    assert back.content_hash == story.content_hash


def test_the_same_story_twice_is_one_story(store, make_story):
    first = store.add_story(make_story())
    again = store.add_story(make_story(received_at=datetime(2020, 11, 13, tzinfo=UTC)))

    assert (first.outcome, again.outcome) == ("new", "same")
    assert again.story == first.story
    assert len(store.versions("vna-1")) == 1


def test_changed_content_is_the_next_version(store, make_story):
    store.add_story(make_story())
    added = store.add_story(make_story("vna-1", "Tiêu đề mới"))

    assert added.outcome == "version"
    assert added.story.version == 2
    assert [s.headline for s in store.versions("vna-1")] == [
        "Khai mạc Hội nghị Cấp cao ASEAN 37",
        "Tiêu đề mới",
    ]
    assert store.story("vna-1", 1).headline == "Khai mạc Hội nghị Cấp cao ASEAN 37"


def test_a_correction_of_an_older_version_is_not_stored(store, make_story):
    store.add_story(make_story(headline="Một"))
    second = store.add_story(make_story(headline="Hai"), after=1).story
    with pytest.raises(StoreError, match="vna-1 is at version 2 by now, and this corrects"):
        store.add_story(make_story(headline="Ba"), after=1)
    assert store.story("vna-1") == second
    assert store.add_story(make_story(headline="Hai"), after=1).outcome == "same"


def test_a_new_version_makes_unreleased_drafts_stale_and_says_so(store, make_story, make_draft):
    story = store.add_story(make_story()).story
    machine = store.save_machine_draft(make_draft(story, "en"))
    claimed = store.save_machine_draft(make_draft(story, "fr"))
    claimed = store.change_draft(
        claimed.id,
        revision=1,
        actor="lan",
        action="claim",
        status=DraftStatus.IN_REVIEW,
        claimed_by="lan",
    )
    killed = store.save_machine_draft(make_draft(story, "es"))
    store.change_draft(killed.id, revision=1, actor="mai", action="kill", status=DraftStatus.KILLED)

    added = store.add_story(make_story("vna-1", "Tiêu đề mới"))

    assert added.staled == (machine.id, claimed.id)
    after = store.draft(claimed.id)
    assert (after.status, after.claimed_by) == (DraftStatus.STALE, None)
    assert after.revision == claimed.revision + 1
    event = store.audit(draft_id=claimed.id)[0]
    assert (event.action, event.before, event.after) == ("outdate", "in_review", "stale")
    assert "version 2" in event.note
    assert store.draft(killed.id).status is DraftStatus.KILLED


def test_a_restricted_story_is_never_stored(store, make_story):
    with pytest.raises(StoreError, match="restricted"):
        store.add_story(make_story(channel=Channel.REFERENCE))
    assert store.versions("vna-1") == []
    assert store.audit() == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"source_id": ""}, "source id"),
        ({"source_id": "x" * 256}, "source id"),
        ({"blocks": ()}, "no text"),
        ({"received_at": datetime(2020, 11, 12)}, "time zone"),
        ({"embargo": datetime(2020, 11, 12)}, "time zone"),
    ],
)
def test_a_story_that_cannot_be_kept_is_refused_by_name(sqlite_store, make_story, fields, message):
    with pytest.raises(StoreError, match=message):
        sqlite_store.add_story(replace(make_story(), **fields))


def test_an_unknown_story_or_version_is_not_found(store, make_story):
    store.add_story(make_story())
    with pytest.raises(NotFound, match="nichts"):
        store.story("nichts")
    with pytest.raises(NotFound, match="version 7"):
        store.story("vna-1", 7)


def test_the_list_shows_latest_versions_with_how_far_they_are(store, make_story, make_draft, clock):
    story = store.add_story(make_story(), origin="a.md").story
    store.save_machine_draft(make_draft(story, "en"))
    new = store.add_story(make_story("vna-1", "Tiêu đề mới", slug="rcep")).story
    draft = store.save_machine_draft(make_draft(new, "fr"))
    clock.advance(hours=1)
    store.add_story(make_story("vna-2", "Ký kết Hiệp định RCEP"))

    rows = store.stories()

    assert [(r.source_id, r.version) for r in rows] == [("vna-2", 1), ("vna-1", 2)]
    assert rows[1].drafts == {"fr": (draft.id, DraftStatus.MACHINE)}
    assert [r.source_id for r in store.stories(text="HIEP DINH")] == ["vna-2"]
    assert [r.source_id for r in store.stories(slug="rcep")] == ["vna-1"]
    assert [r.source_id for r in store.stories(limit=1, offset=1)] == ["vna-1"]
    assert store.count_stories() == 2
    assert store.count_stories(text="Ký kết") == 1


def test_waiting_is_urgent_first_then_oldest(store, make_story, clock):
    store.add_story(make_story("slow"))
    clock.advance(minutes=1)
    store.add_story(make_story("later"))
    store.add_story(make_story("flash", urgency=1))

    waiting = store.waiting(["fr", "en"])

    assert [(w.source_id, w.language) for w in waiting] == [
        ("flash", "fr"),
        ("flash", "en"),
        ("slow", "fr"),
        ("slow", "en"),
        ("later", "fr"),
        ("later", "en"),
    ]


def test_waiting_leaves_out_what_has_a_draft_and_takes_the_latest_version(
    store, make_story, make_draft
):
    story = store.add_story(make_story()).story
    store.save_machine_draft(make_draft(story, "en"))
    assert store.waiting(["en"]) == []

    store.add_story(make_story("vna-1", "Tiêu đề mới"))

    assert [(w.version, w.reason) for w in store.waiting(["en"])] == [(2, "new")]


def test_a_rejected_draft_waits_only_when_a_new_translation_was_asked_for(
    store, make_story, make_draft
):
    story = store.add_story(make_story()).story
    for language, returned in (("en", True), ("fr", False)):
        draft = store.save_machine_draft(make_draft(story, language))
        store.change_draft(
            draft.id,
            revision=1,
            actor="lan",
            action="reject",
            status=DraftStatus.REJECTED,
            returned=returned,
        )
    assert [(w.language, w.reason) for w in store.waiting(["en", "fr"])] == [("en", "returned")]


def test_a_killed_story_waits_for_no_further_language(store, make_story, make_draft):
    for name, languages in (("killed", ("en", "fr")), ("one of two", ("en", "fr"))):
        story = store.add_story(make_story(name, f"Tiêu đề {name}")).story
        for language in languages:
            draft = store.save_machine_draft(make_draft(story, language))
            if name == "killed" or language == "en":
                store.change_draft(
                    draft.id, revision=1, actor="lan", action="kill", status=DraftStatus.KILLED
                )
    everywhere = ["en", "fr", "ru"]
    # Where one language was killed and another lives, it is the draft that was bad, not the story.
    assert [(w.source_id, w.language) for w in store.waiting(everywhere)] == [("one of two", "ru")]

    store.add_story(make_story("killed", "Tiêu đề đã sửa"))

    waiting = [w.language for w in store.waiting(everywhere) if w.source_id == "killed"]
    assert waiting == everywhere


def test_untouched_drafts_of_another_signature_wait_when_signatures_are_compared(
    store, make_story, make_draft, signature
):
    story = store.add_story(make_story()).story
    store.save_machine_draft(make_draft(story, "en"))
    held = store.save_machine_draft(make_draft(story, "fr"))
    store.change_draft(
        held.id, revision=1, actor="lan", action="claim", status=DraftStatus.IN_REVIEW
    )
    newer = str(replace(signature, termbase="tb2"))

    assert store.waiting(["en", "fr"]) == []
    assert store.waiting(["en", "fr"], signature_of=lambda language: str(signature)) == []
    waiting = store.waiting(["en", "fr"], signature_of=lambda language: newer)
    assert [(w.language, w.reason) for w in waiting] == [("en", "signature")]


def test_of_a_restricted_item_only_id_time_and_reason_are_kept(store, clock, database_url):
    secret = "tối mật"
    store.add_refusal(
        Refusal(RefusalReason.RESTRICTED, secret, clock(), "bctk-1", f"{secret}.md", f"r/{secret}")
    )
    store.add_refusal(Refusal(RefusalReason.EMPTY, "no text", clock(), "x", "x.md", "refused/x.md"))

    refusals = {r.source_id: r for r in store.refusals()}

    assert refusals["x"].kept_as == "refused/x.md"
    kept = refusals["bctk-1"]
    assert (kept.reason, kept.at, kept.origin, kept.kept_as) == (
        RefusalReason.RESTRICTED,
        clock(),
        "",
        "",
    )
    assert secret not in kept.message
    if database_url.startswith("sqlite"):
        store.close()
        path = Path(database_url.removeprefix("sqlite:///"))
        assert secret.encode() not in path.read_bytes()


def test_refusals_since_a_time_are_newest_first(store, clock):
    for name in ("a", "b", "c"):
        store.add_refusal(Refusal(RefusalReason.EMPTY, "no text", clock(), name))
        clock.advance(hours=1)
    since = clock() - timedelta(hours=2)
    assert [r.source_id for r in store.refusals(since)] == ["c", "b"]
