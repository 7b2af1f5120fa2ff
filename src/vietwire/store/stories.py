"""Stories and their versions, what waits for translation, and what intake refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)

from vietwire.store import codec, tables
from vietwire.store.database import Database, fold
from vietwire.store.records import Added, NotFound, StoreError, StoryRow, Waiting
from vietwire.story import (
    PIPELINE,
    Channel,
    DraftStatus,
    MediaKind,
    Refusal,
    RefusalReason,
    Story,
    check_language,
)

_S = tables.stories
_V = tables.story_versions
_D = tables.drafts

#: Drafts that a newer story version makes stale. What is released stays released, and is flagged.
UNRELEASED = (
    DraftStatus.MACHINE,
    DraftStatus.IN_REVIEW,
    DraftStatus.APPROVED,
    DraftStatus.REJECTED,
)
#: What the desk reads of a restricted item; its own words are not kept.
RESTRICTED_MESSAGE = "Restricted channel (BCTK): it may not leave the house and was not taken in."


class StoryShelf(Database):
    """The store's part for stories."""

    def add_story(self, story: Story, *, origin: str = "", after: int | None = None) -> Added:
        """Keep a story once. A known source id with new content becomes its next version and
        makes the older, unreleased drafts stale. ``origin``: where it came from (file name, feed).
        ``after``: the version that it corrects, which must still be the latest.

        :raises StoreError: for a restricted story, which must not be stored at all, for one
            without source id or text, for times without time zone, and for another latest version.
        """
        if story.channel is not Channel.PUBLISH:
            raise StoreError(f"story {story.source_id} is restricted and must not be stored")
        if not story.source_id or len(story.source_id) > 255:
            raise StoreError("a story needs a source id of 1 to 255 characters")
        if not story.blocks:
            raise StoreError(f"story {story.source_id} has no text")
        for name in ("received_at", "embargo"):
            moment = getattr(story, name)
            if moment is not None and moment.tzinfo is None:
                raise StoreError(f"story {story.source_id}: {name} has no time zone")
        now = self.clock()
        with self._writing() as connection:
            connection.execute(self._insert_new(_S, source_id=story.source_id, latest_version=0))
            latest = self._lock_story(connection, story.source_id)
            if latest:
                known = version_row(connection, story.source_id, latest)
                if known.content_hash == story.content_hash:
                    return Added(codec.story_from_row(known), "same")
            if after is not None and after != latest:
                raise StoreError(
                    f"{story.source_id} is at version {latest} by now, and this corrects version "
                    f"{after}: nothing was stored"
                )
            stored = replace(story, version=latest + 1)
            connection.execute(
                insert(_V).values(**codec.story_to_row(stored), added_at=now, origin=origin)
            )
            connection.execute(
                update(_S)
                .where(_S.c.source_id == story.source_id)
                .values(latest_version=stored.version)
            )
            self._record(
                connection,
                now,
                PIPELINE,
                "story_added" if not latest else "story_version",
                source_id=story.source_id,
                after=f"version {stored.version}",
                note=origin,
            )
            if not latest:
                return Added(stored, "new")
            staled = self._make_stale(connection, stored, now)
            outdated = self._flag_outdated(connection, stored, now)
            return Added(stored, "version", staled, outdated)

    def _lock_story(self, connection: Connection, source_id: str) -> int:
        """Hold the story until the transaction ends; answers its latest version (0: none yet)."""
        latest = connection.scalar(
            select(_S.c.latest_version).where(_S.c.source_id == source_id).with_for_update()
        )
        if latest is None:
            raise NotFound(f"no story {source_id!r}")
        return latest

    def _make_stale(self, connection: Connection, story: Story, now: datetime) -> tuple[int, ...]:
        rows = connection.execute(
            select(_D.c.id, _D.c.status)
            .where(_D.c.source_id == story.source_id)
            .where(_D.c.story_version < story.version)
            .where(_D.c.is_current)
            .where(_D.c.status.in_(UNRELEASED))
            .order_by(_D.c.id)
            .with_for_update()
        ).all()
        for row in rows:
            connection.execute(
                update(_D)
                .where(_D.c.id == row.id)
                .values(
                    status=DraftStatus.STALE,
                    claimed_by=None,
                    revision=_D.c.revision + 1,
                    updated_at=now,
                )
            )
            self._record(
                connection,
                now,
                PIPELINE,
                "outdate",
                draft_id=row.id,
                source_id=story.source_id,
                before=row.status,
                after=DraftStatus.STALE,
                note=f"story version {story.version} came in",
            )
        return tuple(row.id for row in rows)

    def _flag_outdated(
        self, connection: Connection, story: Story, now: datetime
    ) -> tuple[int, ...]:
        """Flag what is out in the world from an older version."""
        live = select(tables.releases.c.draft_id).where(
            tables.releases.c.source_id == story.source_id, tables.releases.c.is_live
        )
        rows = connection.execute(
            select(_D.c.id)
            .where(_D.c.id.in_(live))
            .where(_D.c.story_version < story.version)
            .where(~_D.c.outdated)
            .order_by(_D.c.id)
        ).all()
        for row in rows:
            connection.execute(
                update(_D)
                .where(_D.c.id == row.id)
                .values(outdated=True, revision=_D.c.revision + 1, updated_at=now)
            )
            self._record(
                connection,
                now,
                PIPELINE,
                "correction_due",
                draft_id=row.id,
                source_id=story.source_id,
                note=f"released, but story version {story.version} came in",
            )
        return tuple(row.id for row in rows)

    def story(self, source_id: str, version: int | None = None) -> Story:
        """One version of a story, the latest by default.

        :raises NotFound:
        """
        with self._reading() as connection:
            return codec.story_from_row(version_row(connection, source_id, version))

    def versions(self, source_id: str) -> list[Story]:
        """All versions, oldest first; empty where the story is unknown."""
        with self._reading() as connection:
            rows = connection.execute(
                select(_V).where(_V.c.source_id == source_id).order_by(_V.c.version)
            )
            return [codec.story_from_row(row) for row in rows]

    def stories(
        self,
        *,
        text: str = "",
        slug: str = "",
        event: str = "",
        limit: int | None = 100,
        offset: int = 0,
    ) -> list[StoryRow]:
        """Latest versions, newest first."""
        query = (
            _latest(select(_V), text, slug, event)
            .order_by(_V.c.received_at.desc(), _V.c.source_id)
            .limit(limit)
            .offset(offset)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
            wanted = {row.source_id: row.version for row in rows}
            current: dict[str, dict[str, tuple[int, DraftStatus]]] = {name: {} for name in wanted}
            for draft in connection.execute(
                select(_D.c.id, _D.c.source_id, _D.c.story_version, _D.c.language, _D.c.status)
                .where(_D.c.is_current)
                .where(_D.c.source_id.in_(list(wanted)))
            ):
                if wanted[draft.source_id] == draft.story_version:
                    current[draft.source_id][draft.language] = (
                        draft.id,
                        DraftStatus(draft.status),
                    )
        return [_story_row(row, current[row.source_id]) for row in rows]

    def count_stories(self, *, text: str = "", slug: str = "", event: str = "") -> int:
        """How many stories ``stories`` would list without a limit."""
        with self._reading() as connection:
            query = _latest(select(func.count()).select_from(_V), text, slug, event)
            return connection.scalar(query) or 0

    def waiting(
        self, languages: Sequence[str], *, signature_of: Callable[[str], str] | None = None
    ) -> list[Waiting]:
        """What needs a machine draft: urgent first, then oldest, then as ``languages`` go.

        Latest versions only, and nothing more of one whose drafts were all killed.
        Without ``signature_of``: no draft yet, or returned to the machine.
        With it (language -> signature in use now) also drafts nobody has touched that another
        engine, model or term base made.
        """
        found: list[tuple[tuple[int, datetime, str, int], Waiting]] = []
        others = _D.alias()
        of_version = (
            select(others.c.id)
            .where(others.c.source_id == _V.c.source_id)
            .where(others.c.story_version == _V.c.version)
            .where(others.c.is_current)
        )
        alive = of_version.where(others.c.status != DraftStatus.KILLED)
        killed = and_(of_version.exists(), ~alive.exists())
        with self._reading() as connection:
            for rank, language in enumerate(languages):
                check_language(language)
                cases: list[ColumnElement[bool]] = [
                    and_(_D.c.id.is_(None), ~killed),
                    and_(_D.c.status == DraftStatus.REJECTED, _D.c.returned),
                ]
                if signature_of is not None:
                    cases.append(
                        and_(
                            _D.c.status == DraftStatus.MACHINE,
                            _D.c.signature != signature_of(language),
                        )
                    )
                query = (
                    select(
                        _V.c.source_id, _V.c.version, _V.c.urgency, _V.c.received_at, _D.c.status
                    )
                    .join(
                        _S,
                        and_(_S.c.source_id == _V.c.source_id, _S.c.latest_version == _V.c.version),
                    )
                    .outerjoin(
                        _D,
                        and_(
                            _D.c.source_id == _V.c.source_id,
                            _D.c.story_version == _V.c.version,
                            _D.c.language == language,
                            _D.c.is_current,
                        ),
                    )
                    .where(or_(*cases))
                )
                for row in connection.execute(query):
                    item = Waiting(
                        row.source_id,
                        row.version,
                        row.urgency,
                        row.received_at,
                        language,
                        "new"
                        if row.status is None
                        else "returned"
                        if row.status == DraftStatus.REJECTED
                        else "signature",
                    )
                    key = (row.urgency, row.received_at, row.source_id, rank)
                    found.append((key, item))
        return [item for _, item in sorted(found, key=lambda pair: pair[0])]

    def add_refusal(self, refusal: Refusal) -> None:
        """Record a refusal. Of a restricted item only source id, time and reason are kept."""
        restricted = refusal.reason is RefusalReason.RESTRICTED
        with self._writing() as connection:
            connection.execute(
                insert(tables.refusals).values(
                    at=refusal.at,
                    reason=refusal.reason.value,
                    source_id=refusal.source_id[:255],
                    message="" if restricted else refusal.message,
                    origin="" if restricted else refusal.origin,
                    kept_as="" if restricted else refusal.kept_as,
                )
            )

    def refusals(self, since: datetime | None = None) -> list[Refusal]:
        """Newest first."""
        table = tables.refusals
        query = select(table).order_by(table.c.at.desc(), table.c.id.desc())
        if since is not None:
            query = query.where(table.c.at >= since)
        with self._reading() as connection:
            return [_refusal(row) for row in connection.execute(query)]


def _refusal(row: Row[Any]) -> Refusal:
    reason = RefusalReason(row.reason)
    message = RESTRICTED_MESSAGE if reason is RefusalReason.RESTRICTED else row.message
    return Refusal(reason, message, row.at, row.source_id, row.origin, row.kept_as)


def version_row(connection: Connection, source_id: str, version: int | None) -> Row[Any]:
    query = select(_V).where(_V.c.source_id == source_id)
    if version is None:
        query = query.order_by(_V.c.version.desc()).limit(1)
    else:
        query = query.where(_V.c.version == version)
    row = connection.execute(query).one_or_none()
    if row is None:
        suffix = "" if version is None else f" version {version}"
        raise NotFound(f"no story {source_id!r}{suffix}")
    return row


def _latest(query: Select[Any], text: str, slug: str, event: str) -> Select[Any]:
    query = query.join(
        _S, and_(_S.c.source_id == _V.c.source_id, _S.c.latest_version == _V.c.version)
    )
    if text:
        query = query.where(_V.c.search_text.contains(fold(text), autoescape=True))
    if slug:
        query = query.where(_V.c.slug == slug)
    if event:
        query = query.where(_V.c.event == event)
    return query


def _story_row(row: Row[Any], drafts: dict[str, tuple[int, DraftStatus]]) -> StoryRow:
    return StoryRow(
        source_id=row.source_id,
        version=row.version,
        headline=row.headline,
        slug=row.slug,
        event=row.event,
        bureau=row.bureau,
        urgency=row.urgency,
        media_kind=MediaKind(row.media_kind),
        received_at=row.received_at,
        added_at=row.added_at,
        origin=row.origin,
        embargo=row.embargo,
        drafts=drafts,
    )
