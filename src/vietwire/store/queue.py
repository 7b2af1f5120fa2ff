"""Reading drafts: one, a page of the queue, how many, their history, memory and audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, literal, or_, select, tuple_

from vietwire.store import codec, tables
from vietwire.store.database import Database, digest, fold
from vietwire.store.records import DraftFilter, DraftRow, NotFound
from vietwire.story import AuditEvent, Draft, DraftStatus, Severity

_D = tables.drafts
_G = tables.segments
_A = tables.audit

_ALL = DraftFilter()
#: Values in one IN list; both databases take more, but plans stay small.
_CHUNK = 500


class DraftReader(Database):
    """The store's part for finding drafts."""

    def draft(self, draft_id: int) -> Draft:
        """:raises NotFound:"""
        with self._reading() as connection:
            return load_draft(connection, draft_by_id(connection, draft_id))

    def current_draft(self, source_id: str, version: int, language: str) -> Draft | None:
        """The draft that counts, or None where there is none."""
        with self._reading() as connection:
            row = connection.execute(
                select(_D)
                .where(_D.c.source_id == source_id)
                .where(_D.c.story_version == version)
                .where(_D.c.language == language)
                .where(_D.c.is_current)
            ).one_or_none()
            return None if row is None else load_draft(connection, row)

    def drafts(self, filter: DraftFilter = _ALL) -> list[DraftRow]:
        """A page of the queue."""
        orders: dict[str, tuple[Any, ...]] = {
            "urgency": (_D.c.urgency, _D.c.received_at),
            "oldest": (_D.c.received_at,),
            "newest": (_D.c.received_at.desc(),),
            "updated": (_D.c.updated_at.desc(),),
        }
        query = (
            _filtered(select(_D), filter)
            .order_by(*orders[filter.order], _D.c.id)
            .limit(filter.limit)
            .offset(filter.offset)
        )
        with self._reading() as connection:
            return [codec.draft_row(row) for row in connection.execute(query)]

    def count_drafts(self, filter: DraftFilter = _ALL) -> int:
        """How many drafts the filter lets through, whatever its page."""
        with self._reading() as connection:
            query = _filtered(select(func.count()).select_from(_D), filter)
            return connection.scalar(query) or 0

    def next_draft(self, draft_id: int, *, claimed_by: str) -> int | None:
        """The draft in the same language that follows in the queue ("urgency") and waits for a
        person: free, or in the hands of ``claimed_by``. After the last comes the first.

        :raises NotFound:
        """
        with self._reading() as connection:
            here = draft_by_id(connection, draft_id)
            order = (_D.c.urgency, _D.c.received_at, _D.c.id)
            place = tuple_(*(literal(here._mapping[column], column.type) for column in order))
            query = (
                select(_D.c.id)
                .where(_D.c.language == here.language)
                .where(_D.c.status.in_((DraftStatus.MACHINE, DraftStatus.IN_REVIEW)))
                .where(_D.c.is_current)
                .where(or_(_D.c.claimed_by.is_(None), _D.c.claimed_by == claimed_by))
                .where(_D.c.id != here.id)
                .order_by(tuple_(*order) < place, *order)
                .limit(1)
            )
            return connection.scalar(query)

    def counts(self) -> dict[tuple[str, DraftStatus], int]:
        """Current drafts per language and status."""
        query = (
            select(_D.c.language, _D.c.status, func.count())
            .where(_D.c.is_current)
            .group_by(_D.c.language, _D.c.status)
        )
        with self._reading() as connection:
            return {(lang, DraftStatus(s)): n for lang, s, n in connection.execute(query)}

    def draft_history(self, source_id: str, version: int, language: str) -> list[DraftRow]:
        """All drafts of a story version in a language, replaced ones too, by number."""
        query = (
            select(_D)
            .where(_D.c.source_id == source_id)
            .where(_D.c.story_version == version)
            .where(_D.c.language == language)
            .order_by(_D.c.number)
        )
        with self._reading() as connection:
            return [codec.draft_row(row) for row in connection.execute(query)]

    def memory(
        self, language: str, sources: Sequence[str], *, source_id: str | None = None
    ) -> dict[str, str]:
        """Approved text for those of ``sources`` that were translated before, word for word.

        Of several, the one from ``source_id`` wins, then the most recently approved. Text that an
        editor let pass in spite of a blocking finding is not offered again.
        """
        hashes = sorted({digest(source) for source in sources if source.strip()})
        wanted = set(sources)
        best: dict[str, tuple[bool, datetime, int, str]] = {}
        with self._reading() as connection:
            for start in range(0, len(hashes), _CHUNK):
                query = (
                    select(
                        _G.c.source,
                        _G.c.text,
                        _G.c.findings,
                        _D.c.id,
                        _D.c.source_id,
                        _D.c.approved_at,
                    )
                    .join(_D, _D.c.id == _G.c.draft_id)
                    .where(_G.c.source_hash.in_(hashes[start : start + _CHUNK]))
                    .where(_D.c.language == language)
                    .where(_D.c.approved_at.is_not(None))
                    .where(
                        or_(
                            _D.c.status == DraftStatus.RELEASED,
                            and_(
                                _D.c.is_current,
                                _D.c.status.in_((DraftStatus.APPROVED, DraftStatus.STALE)),
                            ),
                        )
                    )
                )
                for row in connection.execute(query):
                    if row.source not in wanted or not row.text.strip():
                        continue
                    if any(f["severity"] == Severity.BLOCK for f in row.findings):
                        continue
                    key = (row.source_id == source_id, row.approved_at, row.id, row.text)
                    if row.source not in best or key > best[row.source]:
                        best[row.source] = key
        return {source: key[-1] for source, key in best.items()}

    def audit(
        self,
        draft_id: int | None = None,
        source_id: str | None = None,
        *,
        actor: str | None = None,
        limit: int = 200,
    ) -> list[AuditEvent]:
        """The audit log, newest first. ``source_id`` takes the story's events and its drafts'."""
        query = select(_A).order_by(_A.c.id.desc()).limit(limit)
        if draft_id is not None:
            query = query.where(_A.c.draft_id == draft_id)
        if source_id is not None:
            query = query.where(_A.c.source_id == source_id)
        if actor is not None:
            query = query.where(_A.c.actor == actor)
        with self._reading() as connection:
            return [codec.audit_from_row(row) for row in connection.execute(query)]


def draft_by_id(connection: Connection, draft_id: int, *, lock: bool = False) -> Row[Any]:
    query = select(_D).where(_D.c.id == draft_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"no draft {draft_id}")
    return row


def load_draft(connection: Connection, row: Row[Any]) -> Draft:
    rows = connection.execute(
        select(_G).where(_G.c.draft_id == row.id).order_by(_G.c.position)
    ).all()
    return codec.draft_from_rows(row, rows)


def _filtered(query: Select[Any], filter: DraftFilter) -> Select[Any]:
    conditions = {
        _D.c.event: filter.event,
        _D.c.source_id: filter.source_id,
    }
    for column, value in conditions.items():
        if value:
            query = query.where(column == value)
    if filter.slug:
        part = filter.slug.lower()
        query = query.where(func.lower(_D.c.slug).contains(part, autoescape=True))
    if filter.languages:
        query = query.where(_D.c.language.in_(filter.languages))
    if filter.statuses:
        query = query.where(_D.c.status.in_(filter.statuses))
    if filter.urgency is not None:
        query = query.where(_D.c.urgency <= filter.urgency)
    if filter.story_version is not None:
        query = query.where(_D.c.story_version == filter.story_version)
    if filter.claimed_by is not None:
        query = query.where(
            _D.c.claimed_by == filter.claimed_by if filter.claimed_by else _D.c.claimed_by.is_(None)
        )
    if filter.text:
        query = query.where(_D.c.search_text.contains(fold(filter.text), autoescape=True))
    if filter.since is not None:
        query = query.where(_D.c.received_at >= filter.since)
    if filter.until is not None:
        query = query.where(_D.c.received_at <= filter.until)
    if filter.blocking is not None:
        query = query.where(_D.c.block_count > 0 if filter.blocking else _D.c.block_count == 0)
    if filter.outdated is not None:
        query = query.where(_D.c.outdated.is_(filter.outdated))
    if filter.releasable_at is not None:
        query = query.where(or_(_D.c.embargo.is_(None), _D.c.embargo <= filter.releasable_at))
    if filter.current is not None:
        query = query.where(_D.c.is_current.is_(filter.current))
    return query
