"""Backups are taken while the store is in use, and put back with the old database kept aside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from vietwire.store import Store, StoreError, restore_database


def path_of(store: Store) -> Path:
    return Path(store.url.removeprefix("sqlite:///"))


@pytest.fixture
def backup(sqlite_store, make_story, make_draft, tmp_path):
    """A backup with one story and draft, taken while the store is open and written to."""
    story = sqlite_store.add_story(make_story()).story
    sqlite_store.save_machine_draft(make_draft(story))
    path = sqlite_store.backup(tmp_path / "backups" / "monday.sqlite3")
    sqlite_store.add_story(make_story("after-the-backup"))
    return path


def test_a_restored_store_is_as_it_was_and_the_old_one_is_kept(sqlite_store, backup, clock):
    before = sqlite_store.audit(source_id="vna-1")

    kept = sqlite_store.restore(backup)

    assert [row.source_id for row in sqlite_store.stories()] == ["vna-1"]
    assert sqlite_store.audit() == before
    assert sqlite_store.draft(1).headline.startswith("[en]")
    assert kept.name == "vietwire.sqlite3.before-restore-20201112T080000Z"
    with Store.open(f"sqlite:///{kept}") as old:
        assert old.story("after-the-backup").version == 1


def test_a_backup_is_one_file_that_others_can_read(backup):
    assert [p.name for p in backup.parent.iterdir()] == ["monday.sqlite3"]
    with closing(sqlite3.connect(backup)) as raw:
        assert raw.execute("SELECT count(*) FROM drafts").fetchone() == (1,)


def test_an_existing_file_is_not_overwritten(sqlite_store, backup):
    before = backup.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        sqlite_store.backup(backup)
    assert backup.read_bytes() == before


def test_a_damaged_database_can_be_replaced(sqlite_store, backup, clock):
    path = path_of(sqlite_store)
    sqlite_store.close()
    path.write_bytes(b"\0" * 5000)

    kept = restore_database(sqlite_store.url, backup, clock=clock)

    assert kept.read_bytes() == b"\0" * 5000
    assert sqlite_store.story("vna-1").version == 1


def test_a_missing_database_is_made_from_the_backup(backup, tmp_path, clock):
    url = f"sqlite:///{tmp_path / 'new' / 'place.sqlite3'}"
    assert restore_database(url, backup, clock=clock) is None
    with Store.open(url) as store:
        assert store.story("vna-1").version == 1


def foreign(path):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE mine (x)")
        raw.commit()


def damaged(path):
    """One page of data is overwritten; head and schema are whole."""
    good = path.with_name("monday.sqlite3").read_bytes()
    with closing(sqlite3.connect(path.with_name("monday.sqlite3"))) as raw:
        [page] = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'drafts'").fetchone()
    size = 4096
    path.write_bytes(good[: (page - 1) * size] + b"\xff" * size + good[page * size :])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.write_text("hello"), "not a vietwire backup"),
        (lambda path: path.write_bytes(b""), "not a vietwire backup"),
        (foreign, "not a vietwire backup"),
        (damaged, "damaged"),
    ],
)
def test_a_file_that_is_not_ours_or_not_sound_changes_nothing(sqlite_store, backup, make, message):
    path = backup.with_name("other.sqlite3")
    make(path)
    with pytest.raises(StoreError, match=message):
        sqlite_store.restore(path)
    assert sqlite_store.story("after-the-backup").version == 1
    assert not list(path_of(sqlite_store).parent.glob("*before-restore*"))


def test_a_database_that_another_process_has_open_is_not_replaced(sqlite_store, backup):
    with Store.open(sqlite_store.url) as other:
        other.stories()
        with pytest.raises(StoreError, match="in use"):
            sqlite_store.restore(backup)
        assert other.story("after-the-backup").version == 1
    sqlite_store.restore(backup)


def test_an_old_backup_is_brought_up_to_date(tmp_path, sqlite_store):
    from vietwire.store.database import Database, migrate_to, utc_now

    old = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}", utc_now)
    migrate_to(old._engine, "0001")
    old.close()
    sqlite_store.restore(tmp_path / "old.sqlite3")
    assert sqlite_store.released() == []


@pytest.mark.postgresql
def test_postgresql_says_what_to_use_instead(postgres_server, tmp_path):
    with Store.open(postgres_server.database()) as store:
        with pytest.raises(StoreError, match="pg_dump"):
            store.backup(tmp_path / "x")
        with pytest.raises(StoreError, match="pg_restore"):
            store.restore(tmp_path / "x")
