"""Connections, transactions and the schema: what SQLite and PostgreSQL do differently is here."""

from __future__ import annotations

import hashlib
import sqlite3
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from vietwire.store import tables
from vietwire.store.records import StoreError

#: Seconds a writer waits for another one before giving up.
BUSY_SECONDS = 30
#: Key of the PostgreSQL advisory lock that lets one process at a time migrate.
_MIGRATION_LOCK = tables.APPLICATION_ID


def utc_now() -> datetime:
    return datetime.now(UTC)


def fold(text: str) -> str:
    """Text for searching: no case, no accents, đ as d ("Biển Đông" is found by "bien dong")."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(c for c in plain if not unicodedata.combining(c))


def digest(text: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite URL; None for another database.

    :raises StoreError: for something that is no database URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            f"database_url: {url!r} is not a database URL (sqlite:///path or postgresql://…)"
        ) from error
    if parsed.get_backend_name() != "sqlite":
        return None
    if not parsed.database or parsed.database == ":memory:":
        raise StoreError("database_url: SQLite needs a file (sqlite:///path)")
    return Path(parsed.database)


class StoreAway(StoreError):
    """The database is busy or gone; it may well answer later."""


class Database:
    """An engine, a clock, and transactions that are either reading or writing."""

    def __init__(self, url: str, clock: Callable[[], datetime]) -> None:
        self.url = url
        self.clock = clock
        self._engine = _make_engine(url)
        #: Where the data is, for messages; never a password.
        self.place = str(sqlite_path(url) or "PostgreSQL")

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give all connections back. A closed store opens again by itself when used."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A transaction that reads."""
        with _told_plainly(self.place), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that may write. On SQLite it has the write lock from its start, so that
        what it read cannot change before it writes."""
        with (
            _told_plainly(self.place),
            self._engine.connect().execution_options(vietwire_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def _insert_new(self, table: Table, **values: Any) -> Insert:
        """An insert that does nothing where the key is taken."""
        if self.is_sqlite:
            return sqlite.insert(table).values(**values).on_conflict_do_nothing()
        return postgresql.insert(table).values(**values).on_conflict_do_nothing()

    def _record(
        self,
        connection: Connection,
        at: datetime,
        actor: str,
        action: str,
        *,
        draft_id: int | None = None,
        source_id: str | None = None,
        segment: int | None = None,
        before: str | None = None,
        after: str | None = None,
        note: str = "",
    ) -> None:
        """Write an audit event in the transaction of the change it tells of."""
        connection.execute(
            insert(tables.audit).values(
                at=at,
                actor=actor,
                action=action,
                draft_id=draft_id,
                source_id=source_id,
                segment=segment,
                before=before,
                after=after,
                note=note,
            )
        )

    def migrate(self) -> str:
        """Bring the schema up to date; answers its number. Safe with several processes at once.

        :raises StoreError: when the database is of a newer vietwire.
        """
        if self._schema_version() == tables.SCHEMA_VERSION:
            return tables.SCHEMA_VERSION
        migrate_to(self._engine, "head")
        return tables.SCHEMA_VERSION

    def _schema_version(self) -> str | None:
        with self._reading() as connection:
            if not self._engine.dialect.has_table(connection, "alembic_version"):
                return None
            rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
            return rows[0][0] if rows else None


@contextmanager
def _told_plainly(place: str) -> Iterator[None]:
    """A database that is busy, full or gone is one clear line for the user."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        if "locked" in reason:
            reason = f"it was busy for more than {BUSY_SECONDS} seconds; try again"
        raise StoreAway(f"the database ({place}) does not answer: {reason}") from error


def migrate_to(engine: Engine, revision: str) -> None:
    """Run the migrations up to ``revision`` in one transaction ("head" for all).

    :raises StoreError: when the database is at a number that this vietwire does not know.
    """
    from alembic import command
    from alembic.util import CommandError

    config = alembic_config()
    with engine.connect().execution_options(vietwire_write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            if "locate revision" in str(error):
                raise StoreError(
                    "the database was made by a newer vietwire; install that version, "
                    "or restore a backup made with this one"
                ) from error
            raise


def alembic_config() -> Any:
    """Alembic's configuration; the migrations travel inside the package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _make_engine(url: str) -> Engine:
    path = sqlite_path(url)
    if path is not None:
        return _sqlite_engine(path)
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "postgresql+psycopg":
        raise StoreError(
            f"database_url: {parsed.drivername} is not supported; use sqlite:///path "
            "or postgresql://user@host/name"
        )
    # Hidden parameters: an error's text goes into logs, and they would be a story's.
    return create_engine(
        parsed, json_serializer=tables.to_json, pool_pre_ping=True, hide_parameters=True
    )


def _sqlite_engine(path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder of the database cannot be made: {error}") from error
    engine = create_engine(
        f"sqlite:///{path}",
        json_serializer=tables.to_json,
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _connect(raw: sqlite3.Connection, record: object) -> None:
        # The driver must not begin transactions by itself: "begin" below does, and chooses how.
        raw.isolation_level = None
        _write_ahead(raw)
        raw.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("vietwire_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _write_ahead(raw: sqlite3.Connection) -> None:
    """Switch the file to WAL, once in its life. The busy timeout does not cover this switch."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                raw.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.05)
