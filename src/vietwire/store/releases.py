"""What went out: one live item per story and language, with the versions before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, func, insert, not_, select, update

from vietwire.store import codec, tables
from vietwire.store.drafts import DraftShelf
from vietwire.store.queue import draft_by_id, load_draft
from vietwire.store.records import Conflict, NotFound, StoreError
from vietwire.story import PIPELINE, Draft, DraftStatus, ReleasedItem

_R = tables.releases
_D = tables.drafts


class ReleaseShelf(DraftShelf):
    """The store's part for releases and kills."""

    def record_release(
        self,
        item: ReleasedItem,
        *,
        revision: int,
        texts: Mapping[str, str] | None = None,
        actor: str = PIPELINE,
        note: str = "",
    ) -> Draft:
        """Mark an approved draft released and record the item, in one transaction.

        ``texts`` is what its files hold, by file name: ``release_texts`` gives it back.

        The item that was live before, if any, is superseded, and its draft no longer outdated.

        :raises Conflict: when the draft changed since ``revision`` or is no longer approved.
        """
        with self._writing() as connection:
            self._lock_story(connection, item.source_id)
            row = draft_by_id(connection, item.draft_id, lock=True)
            if row.revision != revision or row.status != DraftStatus.APPROVED or not row.is_current:
                raise Conflict(load_draft(connection, row))
            same_item = (_R.c.source_id == item.source_id, _R.c.language == item.language)
            earlier = connection.scalars(
                select(_R.c.draft_id).where(*same_item).where(_R.c.is_live)
            ).all()
            connection.execute(update(_R).where(*same_item).values(is_live=False))
            connection.execute(update(_D).where(_D.c.id.in_(earlier)).values(outdated=False))
            connection.execute(
                insert(_R).values(
                    draft_id=item.draft_id,
                    source_id=item.source_id,
                    story_version=item.story_version,
                    language=item.language,
                    item_version=item.item_version,
                    released_at=item.released_at,
                    files=list(item.files),
                    texts=dict(texts or {}),
                    killed_at=None,
                    is_live=True,
                )
            )
            connection.execute(
                update(_D)
                .where(_D.c.id == item.draft_id)
                .values(
                    status=DraftStatus.RELEASED,
                    claimed_by=None,
                    revision=_D.c.revision + 1,
                    updated_at=self.clock(),
                )
            )
            self._record(
                connection,
                self.clock(),
                actor,
                "release" if item.item_version == 1 else "release_correction",
                draft_id=item.draft_id,
                source_id=item.source_id,
                before=DraftStatus.APPROVED,
                after=DraftStatus.RELEASED,
                note=note or ", ".join(item.files),
            )
            return load_draft(connection, draft_by_id(connection, item.draft_id))

    def record_kill(
        self,
        draft_id: int,
        *,
        texts: Mapping[str, str] | None = None,
        actor: str = PIPELINE,
        note: str = "",
    ) -> ReleasedItem:
        """Mark the live item that went out from a draft as killed; nothing changes the second time.

        The draft itself must be killed already (``Review.kill``). ``texts`` is the kill notice, by
        file name.

        :raises NotFound: when nothing went out from that draft.
        :raises StoreError: when the draft is not killed.
        """
        now = self.clock()
        notice = dict(texts or {})
        with self._writing() as connection:
            draft = draft_by_id(connection, draft_id, lock=True)
            row = connection.execute(
                select(_R)
                .where(_R.c.draft_id == draft_id)
                .order_by(_R.c.item_version.desc())
                .limit(1)
            ).one_or_none()
            if row is None:
                raise NotFound(f"nothing was released from draft {draft_id}")
            if draft.status != DraftStatus.KILLED:
                raise StoreError(f"draft {draft_id} is not killed; kill it first")
            if row.killed_at is None:
                connection.execute(
                    update(_R)
                    .where(_R.c.id == row.id)
                    .values(
                        killed_at=now,
                        is_live=False,
                        files=list(notice) or row.files,
                        texts=notice,
                    )
                )
                connection.execute(update(_D).where(_D.c.id == draft_id).values(outdated=False))
                self._record(
                    connection,
                    now,
                    actor,
                    "kill_released",
                    draft_id=draft_id,
                    source_id=row.source_id,
                    note=note or ", ".join(notice),
                )
            killed = connection.execute(select(_R).where(_R.c.id == row.id)).one()
            return codec.released_from_row(killed)

    def released(
        self,
        *,
        source_id: str | None = None,
        language: str | None = None,
        live: bool | None = None,
        since: datetime | None = None,
    ) -> list[ReleasedItem]:
        """What went out, newest first. ``live``: the last version of each item, not killed."""
        query = select(_R).order_by(_R.c.released_at.desc(), _R.c.id.desc())
        if source_id is not None:
            query = query.where(_R.c.source_id == source_id)
        if language is not None:
            query = query.where(_R.c.language == language)
        if live is not None:
            query = query.where(_R.c.is_live.is_(live))
        if since is not None:
            query = query.where(_R.c.released_at >= since)
        with self._reading() as connection:
            return [codec.released_from_row(row) for row in connection.execute(query)]

    def kills_due(self) -> list[ReleasedItem]:
        """Items still out although their draft was killed: their files wait to be replaced."""
        query = (
            select(_R)
            .join(_D, _D.c.id == _R.c.draft_id)
            .where(_R.c.is_live)
            .where(_D.c.status == DraftStatus.KILLED)
            .order_by(_R.c.id)
        )
        with self._reading() as connection:
            return [codec.released_from_row(row) for row in connection.execute(query)]

    def release_texts(self) -> list[tuple[ReleasedItem, dict[str, str]]]:
        """What stands, or should stand, in the files of every item: its last version or its notice.

        Not those whose kill is due, and not those recorded without texts.
        """
        last = (
            select(_R.c.source_id, _R.c.language, func.max(_R.c.item_version).label("version"))
            .group_by(_R.c.source_id, _R.c.language)
            .subquery()
        )
        query = (
            select(_R)
            .join(
                last,
                and_(
                    _R.c.source_id == last.c.source_id,
                    _R.c.language == last.c.language,
                    _R.c.item_version == last.c.version,
                ),
            )
            .join(_D, _D.c.id == _R.c.draft_id)
            .where(not_(and_(_R.c.is_live, _D.c.status == DraftStatus.KILLED)))
            .order_by(_R.c.id)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [(codec.released_from_row(row), dict(row.texts)) for row in rows if row.texts]
