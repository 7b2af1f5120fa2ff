"""Copies of a SQLite store, and putting one back. PostgreSQL has pg_dump and pg_restore."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from vietwire.store import tables
from vietwire.store.database import sqlite_path
from vietwire.store.records import StoreError

_COMPANIONS = ("", "-wal", "-shm")


def backup_database(url: str, path: Path) -> Path:
    """Copy the SQLite database at ``url`` to ``path`` while others use it (online backup).

    :raises StoreError: on PostgreSQL, when ``path`` exists, or when it cannot be written.
    """
    source = _file_of(url, "back it up with pg_dump")
    if path.exists():
        raise StoreError(f"{path} exists already; choose another name")
    if not source.is_file():
        raise StoreError(f"there is no database at {source} yet")
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, partial)
        partial.replace(path)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: the backup could not be written: {error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return path


def restore_database(url: str, path: Path, *, clock: Callable[[], datetime]) -> Path | None:
    """Put the backup ``path`` in the place of the SQLite database at ``url``.

    Works where the present database is missing or damaged. Answers where the old one was kept.

    :raises StoreError: when ``path`` is not a sound vietwire database, or the present one is in
        use. Nothing has changed then.
    """
    target = _file_of(url, "restore it with pg_restore")
    check_backup(path)
    if target.exists() and path.resolve() == target.resolve():
        raise StoreError(f"{path} is the database itself")
    _check_unused(target)
    fresh = target.with_name(target.name + ".restoring")
    kept: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        _copy(path, fresh)
        if target.exists():
            stamp = clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
            kept = _free_name(target.with_name(f"{target.name}.before-restore-{stamp}"))
            for suffix in _COMPANIONS:
                old = target.with_name(target.name + suffix)
                if old.exists():
                    old.rename(kept.with_name(kept.name + suffix))
        fresh.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{target}: the backup could not be put in place: {error}") from error
    finally:
        fresh.unlink(missing_ok=True)
    return kept


def check_backup(path: Path) -> None:
    """Check that a file is a whole and sound database of ours.

    :raises StoreError: naming what is wrong with it.
    """
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as raw:
            if raw.execute("PRAGMA application_id").fetchone()[0] != tables.APPLICATION_ID:
                raise StoreError(f"{path} is not a vietwire backup")
            faults = [row[0] for row in raw.execute("PRAGMA integrity_check(3)")]
            if faults != ["ok"]:
                raise StoreError(f"{path} is damaged: {faults[0]}")
            raw.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is not a vietwire backup, or is damaged: {error}") from error


def _check_unused(target: Path) -> None:
    """In WAL mode everyone who has the file open holds a lock on it, also when idle."""
    if not target.exists():
        return
    with closing(sqlite3.connect(target, timeout=1, isolation_level=None)) as raw:
        try:
            raw.execute("PRAGMA locking_mode=EXCLUSIVE")
            raw.execute("BEGIN EXCLUSIVE")
            raw.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StoreError(
                    f"{target} is in use; stop the desk and the worker first"
                ) from error
        except sqlite3.DatabaseError:
            return  # Damaged: this is what a restore is for.


def _copy(source: Path, target: Path) -> None:
    """Copy a database page by page, then push it to the disk as one file without a WAL."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _free_name(path: Path) -> Path:
    free, count = path, 1
    while free.exists():
        count += 1
        free = path.with_name(f"{path.name}-{count}")
    return free


def _file_of(url: str, instead: str) -> Path:
    path = sqlite_path(url)
    if path is None:
        raise StoreError(f"this store is PostgreSQL: {instead}")
    return path
