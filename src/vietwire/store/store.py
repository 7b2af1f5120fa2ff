"""The one class that the rest of the product talks to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from vietwire.store.backup import backup_database, restore_database
from vietwire.store.database import utc_now
from vietwire.store.people import PeopleShelf, RunShelf
from vietwire.store.records import StoreError
from vietwire.store.releases import ReleaseShelf


class Store(ReleaseShelf, PeopleShelf, RunShelf):
    """An open store; close it, or use it as a context manager. Safe to share between threads."""

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], datetime] | None = None) -> Store:
        """Open the store at a SQLAlchemy URL and bring its schema up to date.

        ``sqlite:///path`` (the file and its folder are made) or ``postgresql://…``. ``clock``
        answers the time (aware); the system's in UTC without one.

        :raises StoreError: when it cannot be reached, or is of a newer vietwire.
        """
        store = cls(url, clock or utc_now)
        try:
            store.migrate()
        except DatabaseError as error:
            store.close()
            reason = str(error.orig).strip().splitlines()[0]
            raise StoreError(f"the database ({store.place}) cannot be opened: {reason}") from error
        except BaseException:
            store.close()
            raise
        return store

    def backup(self, path: Path) -> Path:
        """Copy the database to ``path`` while it is in use.

        :raises StoreError: on PostgreSQL (use pg_dump), or when ``path`` exists.
        """
        return backup_database(self.url, path)

    def restore(self, path: Path) -> Path | None:
        """Put a backup in the place of this database and open it again.

        Answers where the old database was kept. See ``restore_database``.
        """
        self.close()
        kept = restore_database(self.url, path, clock=self.clock)
        self.migrate()
        return kept
