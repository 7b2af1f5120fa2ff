"""The desk's form: read as a typed text, and filled with a stored story that is to be corrected."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from vietwire.intake.assemble import Setting, build
from vietwire.intake.fields import FIELD_NAMES, HANOI, put_named
from vietwire.intake.formats.plain import read as read_plain
from vietwire.intake.outcome import Fault, Raw
from vietwire.story import Block, BlockKind, Story

_IN_FIELDS = (BlockKind.HEADLINE, BlockKind.STANDFIRST)


def raw_of_form(fields: Mapping[str, str], body: str) -> Raw:
    """One item from the form. What stands in a field goes before what the body says."""
    raw = read_plain(body.replace("\r\n", "\n"))[0]
    for name in FIELD_NAMES:
        if fields.get(name):
            raw.fields.pop(name, None)
            put_named(raw, name, fields[name])
    return raw


def form_of(story: Story) -> tuple[dict[str, str], tuple[BlockKind, ...]]:
    """What the form holds to give ``story`` again, and the kinds of its blocks that would be lost.

    The form takes plain text, which has no tables, for one. Whether a block survives is found by
    reading the form again.
    """
    fields = {
        "headline": _first(story.blocks, BlockKind.HEADLINE),
        "standfirst": _first(story.blocks, BlockKind.STANDFIRST),
        "slug": story.slug,
        "keywords": ", ".join(story.keywords),
        "event": story.event,
        "bureau": story.bureau,
        "byline": story.byline,
        "dateline": story.dateline,
        "urgency": str(story.urgency),
        "embargo": f"{story.embargo.astimezone(HANOI):%Y-%m-%dT%H:%M}" if story.embargo else "",
        "kind": story.media_kind.value,
        "date": story.dated.isoformat() if story.dated else "",
        "source_id": story.source_id,
    }
    body = _body([block for block in story.blocks if block.kind not in _IN_FIELDS])
    try:
        setting = Setting(story.received_at, max_chars=sys.maxsize)
        again, _ = build(raw_of_form(fields, body), story.source_id, setting)
    except Fault:
        return {**fields, "body": body}, ()  # said when the form is sent
    lost = [block.kind for block in story.blocks if block not in again.blocks]
    if again.blocks != story.blocks and not lost:
        lost = [block.kind for block in story.blocks if block.kind not in _IN_FIELDS]
    return {**fields, "body": body}, tuple(dict.fromkeys(lost))


def _first(blocks: Sequence[Block], kind: BlockKind) -> str:
    return next((block.text for block in blocks if block.kind is kind), "")


def _body(blocks: Sequence[Block]) -> str:
    """Paragraphs with an empty line between, list items below one another."""
    text = ""
    before = None
    for block in blocks:
        beside = block.kind is before is BlockKind.LIST_ITEM
        text += ("\n" if beside else "\n\n") + _line(block)
        before = block.kind
    return text.strip("\n")


def _line(block: Block) -> str:
    marked = f"{block.marker} {block.text}" if block.marker else block.text
    if block.kind is BlockKind.QUOTE:
        return f"> {block.text}"
    if block.kind is BlockKind.LIST_ITEM:
        return "  " * block.level + marked
    if block.start is not None and block.end is not None:
        return f"{_clock(block.start)} --> {_clock(block.end)}\n{block.text}"
    return marked


def _clock(seconds: float) -> str:
    minutes, millis = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{millis // 1000:02},{millis % 1000:03}"
