"""Many writers at once: threads of one desk and processes of several, on both databases."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from vietwire.store import Conflict, Store, StoreError
from vietwire.story import DraftStatus

WRITERS = 6


def at_once(work, count=WRITERS):
    """Run ``work(number)`` in threads that start together; answers results or exceptions."""
    barrier = threading.Barrier(count)

    def run(number):
        barrier.wait()
        try:
            return work(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_one_of_many_savers_wins_and_the_others_are_told(store, make_story, make_draft):
    draft = store.save_machine_draft(make_draft(store.add_story(make_story()).story))

    results = at_once(
        lambda n: store.change_draft(
            draft.id, revision=1, actor=f"p{n}", action="save", segments={0: f"text {n}"}
        )
    )

    won = [r for r in results if not isinstance(r, Exception)]
    assert len(won) == 1
    assert all(isinstance(r, Conflict) for r in results if r is not won[0])
    assert store.draft(draft.id) == won[0]
    assert len(store.audit(draft_id=draft.id)) == 2


def test_retrying_savers_lose_nothing(store, make_story, make_draft):
    draft = store.save_machine_draft(make_draft(store.add_story(make_story()).story))

    def add_mark(number):
        while True:
            now = store.draft(draft.id)
            try:
                return store.change_draft(
                    draft.id,
                    revision=now.revision,
                    actor=f"p{number}",
                    action="save",
                    segments={0: now.segments[0].text + f"<{number}>"},
                )
            except Conflict:
                continue

    results = at_once(add_mark, 4)

    assert not [r for r in results if isinstance(r, Exception)]
    final = store.draft(draft.id)
    assert final.revision == 5
    assert all(f"<{n}>" in final.segments[0].text for n in range(4))


def test_the_same_story_at_once_is_kept_once(store, make_story):
    story = make_story()
    outcomes = [added.outcome for added in at_once(lambda n: store.add_story(story))]
    assert sorted(outcomes) == ["new"] + ["same"] * (WRITERS - 1)
    assert len(store.versions("vna-1")) == 1


def test_different_versions_at_once_are_numbered_in_turn(store, make_story):
    results = at_once(lambda n: store.add_story(make_story("vna-1", f"Tiêu đề {n}")))
    assert sorted(r.story.version for r in results) == list(range(1, WRITERS + 1))


def test_the_same_draft_at_once_is_kept_once(store, make_story, make_draft):
    made = make_draft(store.add_story(make_story()).story)
    results = at_once(lambda n: store.save_machine_draft(made))
    assert len({r.id for r in results}) == 1
    assert len(store.draft_history("vna-1", 1, "en")) == 1


def test_forced_drafts_at_once_leave_one_current(store, make_story, make_draft):
    made = make_draft(store.add_story(make_story()).story)
    results = at_once(lambda n: store.save_machine_draft(made, force=True), 4)
    assert sorted(r.number for r in results) == [1, 2, 3, 4]
    history = store.draft_history("vna-1", 1, "en")
    assert [row.current for row in history] == [False, False, False, True]


def test_a_new_version_and_a_late_draft_never_leave_a_live_old_draft(store, make_story, make_draft):
    story = store.add_story(make_story()).story

    def work(number):
        if number:
            return store.save_machine_draft(make_draft(story, ("en", "fr", "es")[number - 1]))
        return store.add_story(make_story("vna-1", "Tiêu đề mới"))

    results = at_once(work, 4)

    assert not [r for r in results if isinstance(r, Exception)]
    assert {row.status for row in store.drafts()} == {DraftStatus.STALE}


PROCESS = """
import sys
from datetime import UTC, datetime
from vietwire.store import Conflict, Store, StoreError
from vietwire.story import (
    Block, BlockKind, DraftSegment, MachineDraft, Signature, Story
)
url, me = sys.argv[1:]
signature = Signature("t", "m", "1", "n", "d", "tb", "0")
with Store.open(url) as store:
    for number in range(5):
        blocks = (Block(BlockKind.HEADLINE, f"Tin {number}"),)
        story = store.add_story(Story(f"s{number}", blocks, datetime.now(UTC))).story
        segment = DraftSegment(0, 0, story.headline, "News", "News")
        made = MachineDraft(story.source_id, 1, "en", signature, (segment,))
        draft = store.save_machine_draft(made)
        while True:
            now = store.draft(draft.id)
            text = now.segments[0].text + me
            try:
                store.change_draft(
                    draft.id, revision=now.revision, actor=me, action="save", segments={0: text}
                )
                break
            except Conflict:
                pass
"""


@pytest.mark.slow
def test_several_processes_share_one_store(database_url):
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROCESS, database_url, name],
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in "abc"
    ]
    errors = [process.communicate(timeout=120)[1] for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0], errors
    with Store.open(database_url) as store:
        rows = store.drafts()
        assert len(rows) == 5
        for row in rows:
            text = store.draft(row.id).segments[0].text
            assert sorted(text.removeprefix("News")) == ["a", "b", "c"]
            assert row.revision == 4


def test_readers_are_not_kept_waiting_by_a_writer(store, make_story):
    store.add_story(make_story())
    with store._writing() as connection:
        connection.exec_driver_sql("UPDATE stories SET latest_version = 1")
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(store.story, "vna-1").result(timeout=20).version == 1


def test_a_database_that_stays_locked_is_one_clear_line(sqlite_url, make_story, monkeypatch):
    monkeypatch.setattr("vietwire.store.database.BUSY_SECONDS", 0.1)
    with Store.open(sqlite_url) as holder, Store.open(sqlite_url) as other:  # noqa: SIM117
        with holder._writing(), pytest.raises(StoreError, match="busy for more than"):
            other.add_story(make_story())
