"""Between the frozen nouns and what the database keeps: JSON for the small, rows for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from vietwire.store.database import digest, fold
from vietwire.store.records import DraftRow
from vietwire.story import (
    AuditEvent,
    Block,
    BlockKind,
    Channel,
    Draft,
    DraftSegment,
    DraftStatus,
    Finding,
    MediaKind,
    ReleasedItem,
    Severity,
    Story,
    TermHit,
)


def blocks_to_json(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Only what differs from a plain paragraph is written."""
    out = []
    for block in blocks:
        item: dict[str, Any] = {"kind": block.kind.value, "text": block.text}
        if block.level:
            item["level"] = block.level
        if block.marker:
            item["marker"] = block.marker
        for name in ("start", "end", "row", "column"):
            if (value := getattr(block, name)) is not None:
                item[name] = value
        out.append(item)
    return out


def blocks_from_json(items: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    return tuple(Block(**{**item, "kind": BlockKind(item["kind"])}) for item in items)


def findings_to_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "severity": f.severity.value,
            "check": f.check,
            "message": f.message,
            "action": f.action,
            "span": list(f.span) if f.span else None,
            "source_span": list(f.source_span) if f.source_span else None,
            "segment": f.segment,
        }
        for f in findings
    ]


def findings_from_json(items: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            Severity(item["severity"]),
            item["check"],
            item["message"],
            item["action"],
            _span(item["span"]),
            _span(item["source_span"]),
            item["segment"],
        )
        for item in items
    )


def terms_to_json(terms: Iterable[TermHit]) -> list[dict[str, Any]]:
    return [
        {
            "concept": t.concept,
            "source_form": t.source_form,
            "start": t.start,
            "end": t.end,
            "rendering": t.rendering,
            "obeyed": t.obeyed,
            "target_span": list(t.target_span) if t.target_span else None,
        }
        for t in terms
    ]


def terms_from_json(items: Iterable[Mapping[str, Any]]) -> tuple[TermHit, ...]:
    return tuple(TermHit(**{**item, "target_span": _span(item["target_span"])}) for item in items)


def _span(value: Sequence[int] | None) -> tuple[int, int] | None:
    return (value[0], value[1]) if value else None


def story_to_row(story: Story) -> dict[str, Any]:
    return {
        "source_id": story.source_id,
        "version": story.version,
        "content_hash": story.content_hash,
        "received_at": story.received_at,
        "dated": story.dated,
        "headline": story.headline,
        "slug": story.slug,
        "keywords": list(story.keywords),
        "event": story.event,
        "bureau": story.bureau,
        "byline": story.byline,
        "dateline": story.dateline,
        "urgency": story.urgency,
        "embargo": story.embargo,
        "channel": story.channel.value,
        "media_kind": story.media_kind.value,
        "language": story.language,
        "blocks": blocks_to_json(story.blocks),
        "search_text": fold(f"{story.headline}\n{story.slug}\n{story.event}\n{story.source_id}"),
    }


def story_from_row(row: Row[Any]) -> Story:
    return Story(
        source_id=row.source_id,
        blocks=blocks_from_json(row.blocks),
        received_at=row.received_at,
        slug=row.slug,
        keywords=tuple(row.keywords),
        event=row.event,
        bureau=row.bureau,
        byline=row.byline,
        dateline=row.dateline,
        urgency=row.urgency,
        embargo=row.embargo,
        channel=Channel(row.channel),
        media_kind=MediaKind(row.media_kind),
        language=row.language,
        version=row.version,
        dated=row.dated,
    )


def segment_to_row(draft_id: int, segment: DraftSegment) -> dict[str, Any]:
    return {
        "draft_id": draft_id,
        "position": segment.index,
        "block": segment.block,
        "source": segment.source,
        "source_hash": digest(segment.source),
        "separator": segment.separator,
        "machine_text": segment.machine_text,
        "text": segment.text,
        "origin": segment.origin,
        "score": segment.score,
        "terms": terms_to_json(segment.terms),
        "findings": findings_to_json(segment.findings),
    }


def segment_from_row(row: Row[Any]) -> DraftSegment:
    return DraftSegment(
        index=row.position,
        block=row.block,
        source=row.source,
        machine_text=row.machine_text,
        text=row.text,
        separator=row.separator,
        origin=row.origin,
        score=row.score,
        terms=terms_from_json(row.terms),
        findings=findings_from_json(row.findings),
    )


def draft_from_rows(row: Row[Any], segments: Iterable[Row[Any]]) -> Draft:
    return Draft(
        id=row.id,
        source_id=row.source_id,
        story_version=row.story_version,
        language=row.language,
        status=DraftStatus(row.status),
        revision=row.revision,
        signature=row.signature,
        segments=tuple(segment_from_row(s) for s in segments),
        findings=findings_from_json(row.findings),
        headline=row.headline,
        slug=row.slug,
        event=row.event,
        urgency=row.urgency,
        created_at=row.created_at,
        updated_at=row.updated_at,
        claimed_by=row.claimed_by,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        override_reason=row.override_reason,
        number=row.number,
        current=row.is_current,
        seconds=row.seconds,
        embargo=row.embargo,
        returned=row.returned,
        outdated=row.outdated,
    )


def draft_row(row: Row[Any]) -> DraftRow:
    return DraftRow(
        id=row.id,
        source_id=row.source_id,
        story_version=row.story_version,
        language=row.language,
        status=DraftStatus(row.status),
        revision=row.revision,
        number=row.number,
        current=row.is_current,
        headline=row.headline,
        source_headline=row.source_headline,
        slug=row.slug,
        event=row.event,
        urgency=row.urgency,
        media_kind=MediaKind(row.media_kind),
        received_at=row.received_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        segments=row.segment_count,
        edited=row.edited_count,
        terms=row.term_count,
        terms_missed=row.missed_count,
        blocking=row.block_count,
        warnings=row.warn_count,
        notes=row.note_count,
        seconds=row.seconds,
        claimed_by=row.claimed_by,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        embargo=row.embargo,
        returned=row.returned,
        outdated=row.outdated,
    )


def draft_summary(
    segments: Sequence[DraftSegment], findings: Sequence[Finding], story: Row[Any], language: str
) -> dict[str, Any]:
    """The columns of a draft that follow from its text: headline, counts, what search finds."""
    severities = Counter(
        f.severity for group in (*(s.findings for s in segments), findings) for f in group
    )
    headline = draft_headline(segments, story.blocks, language)
    return {
        "headline": headline,
        "segment_count": len(segments),
        "edited_count": sum(s.text != s.machine_text for s in segments),
        "term_count": sum(len(s.terms) for s in segments),
        "missed_count": sum(t.obeyed is False for s in segments for t in s.terms),
        "block_count": severities[Severity.BLOCK],
        "warn_count": severities[Severity.WARN],
        "note_count": severities[Severity.NOTE],
        "search_text": fold(
            f"{headline}\n{story.headline}\n{story.slug}\n{story.event}\n{story.source_id}"
        ),
    }


def draft_headline(
    segments: Sequence[DraftSegment], blocks: Sequence[Mapping[str, Any]], language: str
) -> str:
    """The translated headline: the current text of the story's headline block."""
    place = next(
        (i for i, block in enumerate(blocks) if block["kind"] == BlockKind.HEADLINE.value), 0
    )
    joint = "" if language == "zh" else " "
    return joint.join(s.text.strip() for s in segments if s.block == place and s.text.strip())


def audit_from_row(row: Row[Any]) -> AuditEvent:
    return AuditEvent(
        at=row.at,
        actor=row.actor,
        action=row.action,
        draft_id=row.draft_id,
        source_id=row.source_id,
        segment=row.segment,
        before=row.before,
        after=row.after,
        note=row.note,
        id=row.id,
    )


def released_from_row(row: Row[Any]) -> ReleasedItem:
    return ReleasedItem(
        draft_id=row.draft_id,
        source_id=row.source_id,
        story_version=row.story_version,
        language=row.language,
        released_at=row.released_at,
        files=tuple(row.files),
        killed_at=row.killed_at,
        item_version=row.item_version,
    )
