"""Drafts: saved once by the machine, changed by people, every change with its audit event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    func,
    insert,
    select,
    update,
)

from vietwire.store import codec, tables
from vietwire.store.queue import DraftReader, draft_by_id, load_draft
from vietwire.store.records import (
    KEEP,
    Conflict,
    DraftInHand,
    Keep,
    StoreError,
)
from vietwire.store.stories import StoryShelf, version_row
from vietwire.story import (
    PIPELINE,
    Draft,
    DraftStatus,
    Finding,
    MachineDraft,
    Role,
    TermHit,
    check_language,
)

_D = tables.drafts
_G = tables.segments

#: What a forced translation leaves alone unless an editor wants it replaced.
_IN_HAND = (DraftStatus.IN_REVIEW, DraftStatus.APPROVED, DraftStatus.KILLED)


class DraftShelf(StoryShelf, DraftReader):
    """The store's part for writing drafts."""

    def save_machine_draft(
        self,
        made: MachineDraft,
        *,
        force: bool = False,
        actor: str = PIPELINE,
        supersede: bool = False,
    ) -> Draft:
        """Store a machine draft in one transaction; running again never doubles it.

        Where the story version already has a current draft in the language:

        - without ``force``: a draft of the same signature, or one a person has in hand, is answered
          unchanged; an untouched one of another signature, or a returned one, is replaced;
        - with ``force``: it is replaced whatever its signature. One in review, approved or killed
          is replaced only when ``actor`` is an active editor or admin, or with ``supersede``.

        The replaced draft stays in the history (``current`` False). A released one stays released
        and the new draft is the candidate for its correction.
        A draft for an older version of the story is stored as stale.

        :raises DraftInHand: see above.
        :raises NotFound: for an unknown story version.
        """
        check_language(made.language)
        if [s.index for s in made.segments] != list(range(len(made.segments))):
            raise StoreError(f"draft of {made.source_id}: segments must be numbered 0, 1, 2 …")
        now = self.clock()
        with self._writing() as connection:
            latest = self._lock_story(connection, made.source_id)
            story = version_row(connection, made.source_id, made.story_version)
            present = connection.execute(
                select(_D)
                .where(_D.c.source_id == made.source_id)
                .where(_D.c.story_version == made.story_version)
                .where(_D.c.language == made.language)
                .where(_D.c.is_current)
                .with_for_update()
            ).one_or_none()
            if present is not None:
                if not _replaces(made, present, force):
                    return load_draft(connection, present)
                if present.status in _IN_HAND and not (supersede or _edits(connection, actor)):
                    raise DraftInHand(load_draft(connection, present))
                self._supersede(connection, present, now, actor)
            number = 1 + (
                connection.scalar(
                    select(func.max(_D.c.number))
                    .where(_D.c.source_id == made.source_id)
                    .where(_D.c.story_version == made.story_version)
                    .where(_D.c.language == made.language)
                )
                or 0
            )
            status = DraftStatus.STALE if made.story_version < latest else DraftStatus.MACHINE
            draft_id = connection.execute(
                insert(_D)
                .values(
                    source_id=made.source_id,
                    story_version=made.story_version,
                    language=made.language,
                    number=number,
                    is_current=True,
                    status=status,
                    revision=1,
                    signature=str(made.signature),
                    source_headline=story.headline,
                    slug=story.slug,
                    event=story.event,
                    urgency=story.urgency,
                    media_kind=story.media_kind,
                    embargo=story.embargo,
                    received_at=story.received_at,
                    created_at=now,
                    updated_at=now,
                    returned=False,
                    outdated=False,
                    seconds=made.seconds,
                    findings=codec.findings_to_json(made.findings),
                    **codec.draft_summary(made.segments, made.findings, story, made.language),
                )
                .returning(_D.c.id)
            ).scalar_one()
            if made.segments:
                connection.execute(
                    insert(_G), [codec.segment_to_row(draft_id, s) for s in made.segments]
                )
            self._record(
                connection,
                now,
                actor,
                "translate",
                draft_id=draft_id,
                source_id=made.source_id,
                after=status,
                note=f"{made.language}, draft {number}: {made.signature}",
            )
            return load_draft(connection, draft_by_id(connection, draft_id))

    def _supersede(
        self, connection: Connection, present: Row[Any], now: datetime, actor: str
    ) -> None:
        connection.execute(
            update(_D)
            .where(_D.c.id == present.id)
            .values(
                is_current=False,
                claimed_by=None,
                returned=False,
                revision=_D.c.revision + 1,
                updated_at=now,
            )
        )
        self._record(
            connection,
            now,
            actor,
            "supersede",
            draft_id=present.id,
            source_id=present.source_id,
            before=present.status,
            note="replaced by a new machine translation; kept in the history",
        )

    def change_draft(
        self,
        draft_id: int,
        *,
        revision: int,
        actor: str,
        action: str,
        status: DraftStatus | None = None,
        segments: Mapping[int, str] | None = None,
        findings: Mapping[int, Sequence[Finding]] | None = None,
        terms: Mapping[int, Sequence[TermHit]] | None = None,
        draft_findings: Sequence[Finding] | None = None,
        claimed_by: str | Keep | None = KEEP,
        approved_by: str | Keep | None = KEEP,
        override_reason: str | Keep | None = KEEP,
        returned: bool | None = None,
        note: str = "",
    ) -> Draft:
        """Change a draft and write its audit events, in one transaction.

        ``segments``: new text by segment index; one audit event each, with before and after.
        ``findings`` and ``terms`` replace those of the segments named, ``draft_findings`` those of
        the whole draft. ``approved_by`` a name sets ``approved_at`` to now, None clears it.

        :raises Conflict: when ``revision`` is not the stored one.
        :raises NotFound:
        """
        now = self.clock()
        with self._writing() as connection:
            row = draft_by_id(connection, draft_id, lock=True)
            before = load_draft(connection, row)
            if before.revision != revision:
                raise Conflict(before)
            texts, found, hits = dict(segments or {}), dict(findings or {}), dict(terms or {})
            unknown = (texts.keys() | found.keys() | hits.keys()) - set(range(len(before.segments)))
            if unknown:
                raise StoreError(f"draft {draft_id} has no segment {min(unknown)}")
            after = tuple(
                replace(
                    s,
                    text=texts.get(s.index, s.text),
                    findings=tuple(found.get(s.index, s.findings)),
                    terms=tuple(hits.get(s.index, s.terms)),
                )
                for s in before.segments
            )
            _update_segments(connection, before, after)
            whole = before.findings if draft_findings is None else tuple(draft_findings)
            story = version_row(connection, before.source_id, before.story_version)
            values: dict[str, Any] = {
                "revision": revision + 1,
                "updated_at": now,
                "findings": codec.findings_to_json(whole),
                **codec.draft_summary(after, whole, story, before.language),
            }
            if status is not None:
                values["status"] = status
            if not isinstance(claimed_by, Keep):
                values["claimed_by"] = claimed_by
            if not isinstance(approved_by, Keep):
                values["approved_by"] = approved_by
                values["approved_at"] = None if approved_by is None else now
            if not isinstance(override_reason, Keep):
                values["override_reason"] = override_reason
            if returned is not None:
                values["returned"] = returned
            connection.execute(update(_D).where(_D.c.id == draft_id).values(**values))
            self._record_change(connection, now, actor, action, before, after, values, note)
            return load_draft(connection, draft_by_id(connection, draft_id))

    def _record_change(
        self,
        connection: Connection,
        now: datetime,
        actor: str,
        action: str,
        before: Draft,
        after: Sequence[Any],
        values: Mapping[str, Any],
        note: str,
    ) -> None:
        """One event for each segment whose text changed, and one for the move itself."""
        edited = False
        for old, new in zip(before.segments, after, strict=True):
            if old.text != new.text:
                edited = True
                self._record(
                    connection,
                    now,
                    actor,
                    action,
                    draft_id=before.id,
                    source_id=before.source_id,
                    segment=old.index,
                    before=old.text,
                    after=new.text,
                    note=note,
                )
        status = values.get("status", before.status)
        holder = values.get("claimed_by", before.claimed_by)
        moved = status != before.status
        if edited and not moved and holder == before.claimed_by:
            return
        was, now_is = (before.status, status) if moved else (before.claimed_by, holder)
        changed = was != now_is
        self._record(
            connection,
            now,
            actor,
            action,
            draft_id=before.id,
            source_id=before.source_id,
            before=was if changed else None,
            after=now_is if changed else None,
            note=note,
        )


def _replaces(made: MachineDraft, present: Row[Any], force: bool) -> bool:
    """Whether a new machine draft takes the place of the present one."""
    if force or (present.status == DraftStatus.REJECTED and present.returned):
        return True
    return present.status == DraftStatus.MACHINE and present.signature != str(made.signature)


def _edits(connection: Connection, actor: str) -> bool:
    """Whether the actor is a person who may replace other people's work."""
    role = connection.scalar(
        select(tables.users.c.role).where(tables.users.c.name == actor).where(tables.users.c.active)
    )
    return role in (Role.EDITOR, Role.ADMIN)


def _update_segments(connection: Connection, before: Draft, after: Sequence[Any]) -> None:
    changes = [
        {
            "at_position": new.index,
            "text": new.text,
            "findings": codec.findings_to_json(new.findings),
            "terms": codec.terms_to_json(new.terms),
        }
        for old, new in zip(before.segments, after, strict=True)
        if old != new
    ]
    if changes:
        connection.execute(
            update(_G)
            .where(_G.c.draft_id == before.id)
            .where(_G.c.position == bindparam("at_position")),
            changes,
        )
