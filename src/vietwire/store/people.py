"""People, their sessions at the desk, attempts to log in; and the runs of the pipeline."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Text, cast, delete, func, insert, select, update

from vietwire.store import tables
from vietwire.store.database import Database, digest
from vietwire.store.records import DeskSession, NotFound, RunRow, StoreError, User
from vietwire.story import PIPELINE, Role, check_language

_U = tables.users
_L = tables.login_attempts
_T = tables.desk_sessions
_N = tables.runs

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
#: Login attempts are of use for throttling, not as a record of people's days.
_KEEP_ATTEMPTS = timedelta(days=30)


class PeopleShelf(Database):
    """The store's part for users, logins and sessions."""

    def add_user(
        self,
        name: str,
        role: Role,
        *,
        password_hash: str,
        languages: Sequence[str] = (),
        display_name: str = "",
        ui_language: str = "en",
        actor: str = "",
    ) -> User:
        """Add a person. Names are kept in small letters.

        :raises StoreError: for a name that is taken or not usable, or a reviewer of no language.
        """
        key = name.strip().lower()
        if not _NAME.fullmatch(key) or key == PIPELINE:
            raise StoreError(
                f"user name {name!r}: use 1 to 64 letters a-z, digits, dots, hyphens "
                f"or underscores, and not {PIPELINE!r}"
            )
        languages = _languages(role, languages)
        now = self.clock()
        with self._writing() as connection:
            if connection.scalar(select(_U.c.name).where(_U.c.name == key)):
                raise StoreError(f"there is already a user {key!r}")
            connection.execute(
                insert(_U).values(
                    name=key,
                    role=role.value,
                    languages=list(languages),
                    display_name=display_name.strip(),
                    active=True,
                    ui_language=ui_language,
                    password_hash=password_hash,
                    created_at=now,
                )
            )
            self._record(
                connection,
                now,
                actor or key,
                "user_add",
                after=key,
                note=_describe(role, languages),
            )
            return _user(_user_row(connection, key))

    def user(self, name: str) -> User:
        """:raises NotFound:"""
        with self._reading() as connection:
            return _user(_user_row(connection, name.strip().lower()))

    def users(self, *, active: bool | None = None) -> list[User]:
        """By name."""
        query = select(_U).order_by(_U.c.name)
        if active is not None:
            query = query.where(_U.c.active.is_(active))
        with self._reading() as connection:
            return [_user(row) for row in connection.execute(query)]

    def change_user(
        self,
        name: str,
        *,
        role: Role | None = None,
        languages: Sequence[str] | None = None,
        display_name: str | None = None,
        active: bool | None = None,
        ui_language: str | None = None,
        actor: str = "",
    ) -> User:
        """Change what is given. Switching ``active`` off ends the user's sessions.

        :raises NotFound:
        :raises StoreError: for a reviewer of no language, or when no active admin would be left.
        """
        key = name.strip().lower()
        now = self.clock()
        with self._writing() as connection:
            old = _user(_user_row(connection, key, lock=True))
            new_role = role or old.role
            chosen = _languages(new_role, old.languages if languages is None else languages)
            is_active = old.active if active is None else active
            was_admin = old.active and old.role is Role.ADMIN
            if was_admin and not (is_active and new_role is Role.ADMIN):
                _check_other_admin(connection, key)
            values = {
                "role": new_role.value,
                "languages": list(chosen),
                "active": is_active,
                "display_name": old.display_name if display_name is None else display_name.strip(),
                "ui_language": ui_language or old.ui_language,
            }
            connection.execute(update(_U).where(_U.c.name == key).values(**values))
            if not is_active:
                self._end_sessions(connection, key, now)
            before, after = _rights(old), _rights(_user(_user_row(connection, key)))
            if before != after:
                self._record(
                    connection,
                    now,
                    actor or key,
                    "user_change",
                    before=before,
                    after=after,
                    note=key,
                )
            return _user(_user_row(connection, key))

    def set_password_hash(self, name: str, password_hash: str, *, actor: str = "") -> None:
        """Keep a new password hash as given. Also ends the user's sessions.

        :raises NotFound:
        """
        key = name.strip().lower()
        now = self.clock()
        with self._writing() as connection:
            _user_row(connection, key, lock=True)
            connection.execute(
                update(_U).where(_U.c.name == key).values(password_hash=password_hash)
            )
            self._end_sessions(connection, key, now)
            self._record(connection, now, actor or key, "user_password", after=key)

    def record_login_attempt(self, name: str, address: str, *, success: bool) -> None:
        """Note an attempt to log in, and forget those of more than a month ago."""
        now = self.clock()
        with self._writing() as connection:
            connection.execute(
                insert(_L).values(
                    at=now, name=_attempt_name(name), address=address[:64], success=success
                )
            )
            connection.execute(delete(_L).where(_L.c.at < now - _KEEP_ATTEMPTS))

    def failed_logins_since(
        self, since: datetime, *, name: str | None = None, address: str | None = None
    ) -> int:
        """Failed attempts after ``since`` of a name, an address, or a name from an address.

        A success wipes out the failures before it, for a name (with or without address) but not
        for an address alone: one good account must not open the door to guessing the others.
        """
        conditions = [_L.c.at > since]
        if name is not None:
            conditions.append(_L.c.name == _attempt_name(name))
        if address is not None:
            conditions.append(_L.c.address == address[:64])
        failures = select(func.count()).where(*conditions, ~_L.c.success)
        with self._reading() as connection:
            if name is not None:
                last = connection.scalar(select(func.max(_L.c.id)).where(*conditions, _L.c.success))
                if last is not None:
                    failures = failures.where(_L.c.id > last)
            return connection.scalar(failures) or 0

    def create_session(self, user: str, *, lifetime: timedelta) -> str:
        """Start a session; answers its secret id (256 bits), of which only a hash is stored.

        :raises NotFound: for an unknown or inactive user.
        """
        key = user.strip().lower()
        token = secrets.token_urlsafe(32)
        now = self.clock()
        with self._writing() as connection:
            if not _user_row(connection, key).active:
                raise NotFound(f"no active user {key!r}")
            connection.execute(delete(_T).where(_T.c.expires_at < now - _KEEP_ATTEMPTS))
            connection.execute(
                insert(_T).values(
                    token_hash=digest(token),
                    user_name=key,
                    created_at=now,
                    expires_at=now + lifetime,
                )
            )
        return token

    def session(self, token: str) -> DeskSession | None:
        """The session of that id while it has not ended or expired and its user is active."""
        query = (
            select(_T.c.user_name, _T.c.created_at, _T.c.expires_at)
            .join(_U, _U.c.name == _T.c.user_name)
            .where(_T.c.token_hash == digest(token))
            .where(_T.c.ended_at.is_(None))
            .where(_T.c.expires_at > self.clock())
            .where(_U.c.active)
        )
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else DeskSession(row.user_name, row.created_at, row.expires_at)

    def end_session(self, token: str) -> None:
        """Log out. An unknown or ended session is no error."""
        with self._writing() as connection:
            connection.execute(
                update(_T)
                .where(_T.c.token_hash == digest(token))
                .where(_T.c.ended_at.is_(None))
                .values(ended_at=self.clock())
            )

    def end_sessions(self, user: str) -> int:
        """Log a person out everywhere; answers how many sessions ended."""
        with self._writing() as connection:
            return self._end_sessions(connection, user.strip().lower(), self.clock())

    def _end_sessions(self, connection: Connection, user: str, now: datetime) -> int:
        return connection.execute(
            update(_T)
            .where(_T.c.user_name == user)
            .where(_T.c.ended_at.is_(None))
            .where(_T.c.expires_at > now)
            .values(ended_at=now)
        ).rowcount


class RunShelf(Database):
    """The store's part for the runs of the pipeline."""

    def start_run(self, kind: str, report: Mapping[str, Any] | None = None) -> int:
        """Note that a run began, and what is to be told of it so far; answers its number."""
        with self._writing() as connection:
            return connection.execute(
                insert(_N)
                .values(kind=kind, started_at=self.clock(), report=report and dict(report))
                .returning(_N.c.id)
            ).scalar_one()

    def note_run(self, run_id: int, report: Mapping[str, Any]) -> None:
        """Keep how far a run has come that has not ended."""
        with self._writing() as connection:
            connection.execute(
                update(_N)
                .where(_N.c.id == run_id)
                .where(_N.c.finished_at.is_(None))
                .values(report=dict(report))
            )

    def finish_run(self, run_id: int, report: Mapping[str, Any]) -> None:
        """Note that a run ended, with its report (anything JSON can hold).

        :raises NotFound:
        """
        with self._writing() as connection:
            done = connection.execute(
                update(_N)
                .where(_N.c.id == run_id)
                .values(finished_at=self.clock(), report=dict(report))
            )
            if not done.rowcount:
                raise NotFound(f"no run {run_id}")

    def runs(
        self, *, kind: str | None = None, source_id: str | None = None, limit: int = 50
    ) -> list[RunRow]:
        """Newest first. ``source_id``: only those whose report names that story."""
        query = select(_N).order_by(_N.c.id.desc()).limit(limit)
        if kind is not None:
            query = query.where(_N.c.kind == kind)
        if source_id is not None:
            # By the text: the two databases look into JSON each in their own way.
            named = tables.to_json({"source_id": source_id})[1:-1]
            query = query.where(cast(_N.c.report, Text).contains(named, autoescape=True))
        with self._reading() as connection:
            return [
                RunRow(row.id, row.kind, row.started_at, row.finished_at, row.report)
                for row in connection.execute(query)
            ]


def _languages(role: Role, languages: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(check_language(code) for code in languages))
    if role is Role.REVIEWER and not chosen:
        raise StoreError("a reviewer needs at least one language")
    return chosen


def _check_other_admin(connection: Connection, name: str) -> None:
    others = connection.scalar(
        select(func.count())
        .where(_U.c.role == Role.ADMIN)
        .where(_U.c.active)
        .where(_U.c.name != name)
    )
    if not others:
        raise StoreError(f"{name} is the only active admin; make another one first")


def _attempt_name(name: str) -> str:
    return name.strip().lower()[:64]


def _describe(role: Role, languages: Sequence[str]) -> str:
    return f"{role.value} {','.join(languages)}".strip()


def _rights(user: User) -> str:
    return _describe(user.role, user.languages) + ("" if user.active else " (switched off)")


def _user_row(connection: Connection, name: str, *, lock: bool = False) -> Row[Any]:
    query = select(_U).where(_U.c.name == name)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"no user {name!r}")
    return row


def _user(row: Row[Any]) -> User:
    return User(
        name=row.name,
        role=Role(row.role),
        languages=tuple(row.languages),
        display_name=row.display_name,
        active=row.active,
        ui_language=row.ui_language,
        password_hash=row.password_hash,
        created_at=row.created_at,
    )
