"""Releases and kills are recorded with the draft's status, once, on both databases."""

from __future__ import annotations

import pytest

from vietwire.store import Conflict, NotFound, StoreError
from vietwire.story import DraftStatus, ReleasedItem


@pytest.fixture
def approved(store, make_story, make_draft):
    story = store.add_story(make_story()).story
    draft = store.save_machine_draft(make_draft(story))
    return store.change_draft(
        draft.id,
        revision=1,
        actor="lan",
        action="approve",
        status=DraftStatus.APPROVED,
        approved_by="lan",
    )


def item(draft, clock, version=1):
    files = (f"released/en/{draft.id}.json",)
    return ReleasedItem(draft.id, draft.source_id, 1, "en", clock(), files, item_version=version)


def kill(store, draft):
    now = store.draft(draft.id)
    return store.change_draft(
        draft.id, revision=now.revision, actor="mai", action="kill", status=DraftStatus.KILLED
    )


def test_a_release_and_the_status_are_one_change(store, approved, clock):
    done = store.record_release(item(approved, clock), revision=approved.revision)
    assert (done.status, done.revision) == (DraftStatus.RELEASED, approved.revision + 1)
    assert store.released() == [item(approved, clock)]
    assert store.audit(draft_id=approved.id)[0].action == "release"


def test_a_release_of_a_draft_that_changed_is_refused_whole(store, approved, clock):
    with pytest.raises(Conflict):
        store.record_release(item(approved, clock), revision=approved.revision - 1)
    assert store.released() == []
    assert store.draft(approved.id).status is DraftStatus.APPROVED


def test_the_same_release_twice_is_refused(store, approved, clock):
    store.record_release(item(approved, clock), revision=approved.revision)
    now = store.draft(approved.id)
    with pytest.raises(Conflict):
        store.record_release(item(approved, clock), revision=now.revision)
    assert len(store.released()) == 1


def test_one_version_of_an_item_is_live(store, approved, clock):
    first = store.record_release(item(approved, clock), revision=approved.revision)
    again = store.change_draft(
        first.id,
        revision=first.revision,
        actor="mai",
        action="approve",
        status=DraftStatus.APPROVED,
        approved_by="mai",
    )
    clock.advance(hours=1)
    store.record_release(item(approved, clock, 2), revision=again.revision)
    assert [i.item_version for i in store.released(live=True)] == [2]
    assert [i.item_version for i in store.released(live=False)] == [1]
    assert [i.item_version for i in store.released(source_id="vna-1", language="en")] == [2, 1]
    assert store.released(language="fr") == []
    assert [i.item_version for i in store.released(since=clock())] == [2]


def test_the_texts_of_the_last_version_of_each_item_are_kept(store, approved, clock):
    first = store.record_release(
        item(approved, clock), revision=approved.revision, texts={"a.txt": "Một"}
    )
    assert [texts for _, texts in store.release_texts()] == [{"a.txt": "Một"}]
    again = store.change_draft(
        first.id,
        revision=first.revision,
        actor="mai",
        action="approve",
        status=DraftStatus.APPROVED,
        approved_by="mai",
    )
    store.record_release(item(approved, clock, 2), revision=again.revision, texts={"a.txt": "Hai"})
    [(now, texts)] = store.release_texts()
    assert (now.item_version, texts) == (2, {"a.txt": "Hai"})

    kill(store, approved)
    assert store.release_texts() == [], "its kill is due"
    store.record_kill(approved.id, texts={"a.txt": "KILL"})
    [(now, texts)] = store.release_texts()
    assert (now.killed_at, texts, now.files) == (clock(), {"a.txt": "KILL"}, ("a.txt",))


def test_a_kill_is_due_until_it_is_recorded(store, approved, clock):
    released = store.record_release(item(approved, clock), revision=approved.revision)
    with pytest.raises(StoreError, match="not killed"):
        store.record_kill(released.id)
    kill(store, released)
    assert [i.draft_id for i in store.kills_due()] == [released.id]
    clock.advance(minutes=1)
    done = store.record_kill(released.id)
    assert done.killed_at == clock()
    assert store.kills_due() == []
    clock.advance(minutes=1)
    assert store.record_kill(released.id) == done
    events = [e.action for e in store.audit(draft_id=released.id)]
    assert events.count("kill_released") == 1


def test_a_kill_of_what_never_went_out_is_not_found(store, approved):
    kill(store, approved)
    assert store.kills_due() == []
    with pytest.raises(NotFound, match="nothing was released"):
        store.record_kill(approved.id)
