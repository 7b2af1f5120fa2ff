"""From what a reader found to a story: fields judged, defaults filled in, the text checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath

from vietwire.intake import fields as values
from vietwire.intake import wire
from vietwire.intake.events import Events
from vietwire.intake.outcome import Fault, Raw, Value, storable
from vietwire.intake.restricted import channel_is_restricted, fold, lines_are_marked
from vietwire.intake.structure import shape
from vietwire.story import (
    LANGUAGE_NAMES,
    SOURCE_LANGUAGE,
    Block,
    BlockKind,
    Channel,
    MediaKind,
    RefusalReason,
    Story,
)

#: File names that say nothing: two such files are two stories, so their text is part of the id.
_GENERIC = frozenset(
    [
        "text",
        "txt",
        "tin",
        "bai",
        "story",
        "document",
        "doc",
        "untitled",
        "new",
        "noname",
        "file",
        "scan",
        "upload",
        "ban-tin",
        "moi",
        "tin-moi",
        "bai-moi",
        "van-ban",
        "new-text-document",
        "tai-lieu",
    ]
)
_PHOTO = re.compile(r"(?:chùm )?ảnh\s*\d+\s*[:.–-]", re.I)
_PLACEHOLDERS = ("headline", "standfirst")


@dataclass(frozen=True, slots=True)
class Setting:
    """What judging an item needs besides the item."""

    received_at: datetime
    max_chars: int = 60_000
    defaults: Mapping[str, str] = field(default_factory=dict)
    events: Events = field(default_factory=Events)


def default_id(name: str, data: bytes) -> str:
    """A source id from a file's name, so that the corrected file is the same story's next version.

    A name that says nothing ("document1.docx") has the digest of the content added.
    """
    base = PureWindowsPath(PurePosixPath(name).name).name
    stem = re.sub(r"(?:\.[A-Za-z][A-Za-z0-9]{0,8}){1,2}$", "", base)
    slug = re.sub(r"[^a-z0-9]+", "-", fold(stem)).strip("-")[:100]
    if not slug or re.sub(r"[-\d]+$", "", slug) in _GENERIC or slug.isdigit():
        slug = f"{slug or 'story'}-{hashlib.sha256(data).hexdigest()[:12]}"
    return slug


def build(raw: Raw, source_id: str, setting: Setting) -> tuple[Story, tuple[str, ...]]:
    """Judge one item and make it a story, with notes for the desk.

    ``source_id`` is used where the item declares none.

    :raises Fault: with the reason it is refused.
    """
    for name, value in setting.defaults.items():
        if value:
            values.put_named(raw, name, value)
    refuse_restricted(raw)
    if raw.fault is not None:
        raise raw.fault
    get = raw.fields.get
    kind = values.kind_of(raw.fields["kind"]) if get("kind") else MediaKind.TEXT
    if get("channel"):
        values.channel_of(raw.fields["channel"])
    identifier = values.source_id_of(get("source_id") or Value(source_id))
    urgency = values.urgency_of(raw.fields["urgency"]) if get("urgency") else 4
    embargo = values.embargo_of(raw.fields["embargo"]) if get("embargo") else None
    dated = values.date_of(raw.fields["date"]) if get("date") else None
    keywords = values.keywords_of(raw.fields["keywords"]) if get("keywords") else ()

    blocks = _headed(raw)
    blocks = _of_kind(blocks, kind)
    blocks, dateline, day = _take_dateline(blocks)
    blocks, byline = _take_byline(blocks)
    if dated is None and day is not None:
        reference = values.parse_time(get("reference").text) if get("reference") else None  # type: ignore[union-attr]
        today = reference or setting.received_at
        dated = wire.full_date(day, today.astimezone(values.HANOI).date())
    _check_text(blocks, setting.max_chars)

    def own(name: str, otherwise: str = "") -> str:
        value = raw.fields.get(name)
        return " ".join(value.text.split()) if value else otherwise

    byline = own("byline", byline)
    headline = blocks[0].text if blocks[0].kind is BlockKind.HEADLINE else ""
    event = setting.events.get(own("event")) if own("event") else None
    notes = list(raw.notes)
    if own("event") and event is None and setting.events.known:
        notes.append(f"event {own('event')[:60]!r} is not in events.toml")
    if not own("event"):
        event = setting.events.find(keywords, headline)
    slug = own("slug") or (event.slug if event else "") or (keywords[0] if keywords else "")
    story = Story(
        source_id=identifier,
        blocks=blocks,
        received_at=setting.received_at,
        slug=slug,
        keywords=keywords,
        event=own("event") or (event.id if event else ""),
        bureau=own("bureau") or wire.bureau_of(byline),
        byline=byline,
        dateline=own("dateline") or dateline or own("located"),
        urgency=urgency,
        embargo=embargo,
        channel=Channel.PUBLISH,
        media_kind=kind,
        dated=dated,
    )
    return story, tuple(notes)


def refuse_restricted(raw: Raw) -> None:
    """The second look, at the parsed item: its channel, its fields, the lines of its text.

    :raises Fault: (RESTRICTED), saying nothing of the item.
    """
    channel = raw.fields.get("channel")
    texts = [value.text for value in raw.fields.values()]
    lines = [*texts, *(block.text for block in raw.blocks)]
    marked = channel is not None and channel_is_restricted(channel.text)
    if marked or lines_are_marked(lines):
        raise Fault(RefusalReason.RESTRICTED, "")


# -- blocks ----------------------------------------------------------------------------------


def _headed(raw: Raw) -> tuple[Block, ...]:
    """The blocks in their final order: headline, standfirst, then the body; empty ones gone."""
    from vietwire.text import normalise

    blocks = [replace(block, text=normalise(storable(block.text)).strip()) for block in raw.blocks]
    blocks = [block for block in blocks if block.text]
    if raw.typed:
        blocks = shape(blocks)
    top: list[Block] = []
    for name in _PLACEHOLDERS:
        kind = BlockKind(name)
        if name in raw.fields:
            text = " ".join(normalise(raw.fields[name].text).split())
            # A body that repeats the headline or standfirst at its top says it only once.
            if blocks and fold(blocks[0].text) == fold(text):
                del blocks[0]
        else:
            index = next((i for i, b in enumerate(blocks[:3]) if b.kind is kind), None)
            if index is None and kind is BlockKind.HEADLINE and _opens_with_headline(blocks):
                index = 0
            if index is None:
                continue
            text = blocks.pop(index).text
        if text:
            top.append(Block(kind, text))
    if top and top[-1].kind is BlockKind.HEADLINE:
        found = _standfirst_above_dateline(blocks)
        if found is not None:
            top.append(Block(BlockKind.STANDFIRST, blocks.pop(found).text))
    return (*top, *blocks)


def _opens_with_headline(blocks: list[Block]) -> bool:
    """A first heading is the headline; so is a first paragraph that has anything below it."""
    if not blocks:
        return False
    first = blocks[0]
    if first.kind is BlockKind.HEADING:
        return not first.marker
    return first.kind is BlockKind.PARAGRAPH and wire.find_dateline(first.text) is None


def _standfirst_above_dateline(blocks: list[Block]) -> int | None:
    """A paragraph between the headline and the one with the dateline is the standfirst."""
    if len(blocks) < 2 or any(b.kind is not BlockKind.PARAGRAPH for b in blocks[:2]):
        return None
    if wire.find_dateline(blocks[0].text) or not wire.find_dateline(blocks[1].text):
        return None
    return 0


def _of_kind(blocks: tuple[Block, ...], kind: MediaKind) -> tuple[Block, ...]:
    """Paragraphs of a photo set are captions, those of a graphic labels."""
    plain = [b for b in blocks if b.kind is BlockKind.PARAGRAPH]
    if kind is MediaKind.GRAPHIC:
        return tuple(replace(b, kind=BlockKind.LABEL) if b in plain else b for b in blocks)
    if kind is not MediaKind.PHOTO:
        return blocks
    numbered = [b for b in plain if _PHOTO.match(b.text)]
    captioned = any(b.kind is BlockKind.CAPTION for b in blocks)
    captions = numbered if numbered or captioned else plain
    return tuple(replace(b, kind=BlockKind.CAPTION) if b in captions else b for b in blocks)


_Day = tuple[int, int, int | None]


def _take_dateline(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], str, _Day | None]:
    """Take the dateline off the paragraph that opens the story (or off its standfirst)."""
    opening = (BlockKind.STANDFIRST, BlockKind.PARAGRAPH, BlockKind.CAPTION, BlockKind.CUE)
    tried = 0
    for index, block in enumerate(blocks):
        if block.kind not in opening:
            continue
        found = wire.find_dateline(block.text)
        if found:
            rest = (replace(block, text=found.rest[:1].upper() + found.rest[1:]),)
            kept = rest if found.rest else ()
            return (*blocks[:index], *kept, *blocks[index + 1 :]), found.text, found.day
        tried += 1
        if tried == 2:
            break
    return blocks, "", None


def _take_byline(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], str]:
    """Take a closing byline off, and the end mark off the last paragraph."""
    byline = ""
    if len(blocks) > 2 and blocks[-1].kind is BlockKind.PARAGRAPH:
        if wire.is_byline(blocks[-1].text):
            byline, blocks = blocks[-1].text, blocks[:-1]
        else:
            text, byline = wire.split_closing(blocks[-1].text)
            blocks = (*blocks[:-1], replace(blocks[-1], text=text))
    return tuple(replace(b, text=wire.without_end_mark(b.text)) for b in blocks), byline


def _check_text(blocks: tuple[Block, ...], limit: int) -> None:
    body = [b for b in blocks if b.kind is not BlockKind.HEADLINE]
    if not blocks:
        raise Fault(RefusalReason.EMPTY, "it is empty: no headline and no body")
    if not body:
        raise Fault(
            RefusalReason.EMPTY,
            "it has one paragraph only: put the headline on the first line and the body below it",
        )
    length = sum(len(b.text) for b in blocks)
    if length > limit:
        raise Fault(
            RefusalReason.TOO_LONG,
            f"it has {length} characters; more than {limit} are not taken (max_story_chars)",
        )
    from vietwire.text import detect_language

    guess = detect_language("\n".join(b.text for b in blocks))
    if guess is None or not guess.certain:
        raise Fault(
            RefusalReason.CANNOT_TELL,
            "its language cannot be told with certainty; a longer Vietnamese text is needed",
        )
    if guess.language != SOURCE_LANGUAGE:
        language = LANGUAGE_NAMES.get(guess.language, f"another language ({guess.language})")
        raise Fault(
            RefusalReason.NOT_VIETNAMESE, f"it reads as {language}; the desk takes Vietnamese"
        )
