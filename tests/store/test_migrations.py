"""Migrations bring an old database with its data up to date, and end at the tables of the code."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect, text

from vietwire.store import DraftFilter, Store, StoreAway, StoreError
from vietwire.store.database import Database, alembic_config, migrate_to, utc_now
from vietwire.store.tables import SCHEMA_VERSION, metadata
from vietwire.story import DraftStatus

OLD = {
    "stories": [{"source_id": "old-1", "latest_version": 1}],
    "story_versions": [
        {
            "source_id": "old-1",
            "version": 1,
            "content_hash": "0" * 64,
            "added_at": datetime(2020, 11, 1, tzinfo=UTC),
            "received_at": datetime(2020, 11, 1, tzinfo=UTC),
            "origin": "inbox/old.md",
            "headline": "Tiêu đề",
            "slug": "cu",
            "keywords": json.dumps(["ASEAN"]),
            "event": "",
            "bureau": "",
            "byline": "",
            "dateline": "",
            "urgency": 4,
            "channel": "PB",
            "media_kind": "text",
            "language": "vi",
            "blocks": json.dumps([{"kind": "headline", "text": "Tiêu đề"}]),
            "search_text": "tieu de",
        }
    ],
    "drafts": [
        {
            "id": 7,
            "source_id": "old-1",
            "story_version": 1,
            "language": "en",
            "number": 1,
            "is_current": True,
            "status": "approved",
            "revision": 3,
            "signature": "engine:old",
            "headline": "Headline",
            "source_headline": "Tiêu đề",
            "slug": "cu",
            "event": "",
            "urgency": 4,
            "media_kind": "text",
            "received_at": datetime(2020, 11, 1, tzinfo=UTC),
            "created_at": datetime(2020, 11, 1, tzinfo=UTC),
            "updated_at": datetime(2020, 11, 2, tzinfo=UTC),
            "approved_by": "lan",
            "approved_at": datetime(2020, 11, 2, tzinfo=UTC),
            "returned": False,
            "seconds": 1.0,
            "findings": "[]",
            "segment_count": 1,
            "edited_count": 0,
            "term_count": 0,
            "missed_count": 0,
            "block_count": 0,
            "warn_count": 0,
            "note_count": 0,
            "search_text": "headline",
        }
    ],
    "segments": [
        {
            "draft_id": 7,
            "position": 0,
            "block": 0,
            "source": "Tiêu đề",
            "separator": "",
            "machine_text": "Headline",
            "text": "Headline",
            "origin": "machine",
            "terms": "[]",
            "findings": "[]",
        }
    ],
    "audit": [
        {
            "at": datetime(2020, 11, 2, tzinfo=UTC),
            "actor": "lan",
            "action": "approve",
            "draft_id": 7,
            "source_id": "old-1",
            "note": "",
        }
    ],
}


def fill(url: str) -> None:
    """Write rows as the first schema had them, without help from today's code."""
    database = Database(url, utc_now)
    migrate_to(database._engine, "0001")
    with database._writing() as connection:
        for table, rows in OLD.items():
            for row in rows:
                values = {
                    name: value.strftime("%Y-%m-%d %H:%M:%S.%f")
                    if database.is_sqlite and isinstance(value, datetime)
                    else value
                    for name, value in row.items()
                }
                names = ", ".join(values)
                marks = ", ".join(f":{name}" for name in values)
                connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)
    database.close()


def test_an_old_database_with_data_is_brought_up_to_date(bare_database_url):
    fill(bare_database_url)

    with Store.open(bare_database_url) as store:
        draft = store.draft(7)
        assert (draft.status, draft.revision) == (DraftStatus.APPROVED, 3)
        assert draft.approved_at == datetime(2020, 11, 2, tzinfo=UTC)
        assert draft.outdated is False
        assert store.story("old-1").keywords == ("ASEAN",)
        assert [e.actor for e in store.audit(draft_id=7)] == ["lan"]
        # What was approved before the memory existed is found by it.
        assert store.memory("en", ["Tiêu đề"]) == {"Tiêu đề": "Headline"}
        with store._reading() as connection:
            hashes = connection.execute(text("SELECT source_hash FROM segments")).scalars().all()
        assert hashes == [hashlib.sha256("Tiêu đề".encode()).hexdigest()]
        assert len(store.drafts(DraftFilter(outdated=False))) == 1


def test_the_migrated_schema_is_the_one_of_the_code(bare_database_url):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with Store.open(bare_database_url) as store, store._reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": False})
        differences = compare_metadata(context, metadata)
        names = {i["name"] for i in inspect(connection).get_indexes("drafts")}
    assert differences == []
    assert names >= {i.name for i in metadata.tables["drafts"].indexes}


def test_the_number_in_the_code_is_the_newest_migration():
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(alembic_config())
    assert scripts.get_heads() == [SCHEMA_VERSION]


def test_a_database_of_a_newer_vietwire_is_refused(bare_database_url):
    with Store.open(bare_database_url) as store, store._writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer vietwire"):
        Store.open(bare_database_url)


def test_several_may_open_a_new_database_at_once(bare_database_url):
    failures = []

    def open_it() -> None:
        try:
            Store.open(bare_database_url).close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Store.open(bare_database_url) as store:
        assert store.counts() == {}


def test_a_migration_that_fails_leaves_the_old_schema(bare_database_url, monkeypatch):
    fill(bare_database_url)

    def fail(*args, **kwargs):
        raise RuntimeError("disk full")

    # create_index is the last step of the second migration, after tables and columns.
    import alembic.op

    monkeypatch.setattr(alembic.op, "create_index", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        Store.open(bare_database_url)
    monkeypatch.undo()
    database = Database(bare_database_url, utc_now)
    assert database._schema_version() == "0001"
    with database._reading() as connection:
        assert "releases" not in inspect(connection).get_table_names()
    database.close()
    with Store.open(bare_database_url) as store:
        assert store.draft(7).headline == "Headline"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("not a url", "not a database URL"),
        ("mysql://host/name", "not supported"),
        ("sqlite://", "needs a file"),
    ],
)
def test_urls_that_cannot_be_used_are_named(url, message):
    with pytest.raises(StoreError, match=message):
        Store.open(url)


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "x.sqlite3"
    path.write_text("not a database at all, but long enough to look at " * 40)
    with pytest.raises(StoreError, match=r"x\.sqlite3"):
        Store.open(f"sqlite:///{path}")


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="file"):
        Store.open(f"sqlite:///{tmp_path / 'file' / 'x.sqlite3'}")
    (tmp_path / "folder.sqlite3").mkdir()
    with pytest.raises(StoreError, match=r"folder\.sqlite3"):
        Store.open(f"sqlite:///{tmp_path / 'folder.sqlite3'}")


def test_a_server_that_is_not_there_is_one_clear_line(tmp_path):
    with pytest.raises(StoreAway, match="does not answer") as caught:
        Store.open(f"postgresql://vietwire@/none?host={tmp_path}")
    assert "\n" not in str(caught.value)


def test_sqlite_runs_in_wal_with_foreign_keys(sqlite_store):
    with sqlite_store._reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() >= 5000


def test_opening_an_up_to_date_store_does_not_load_alembic(sqlite_url):
    import subprocess
    import sys

    code = (
        "import sys; from vietwire.store import Store; "
        f"Store.open({sqlite_url!r}).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
