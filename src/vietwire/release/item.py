"""One released item: a draft put together again, with everything that goes round its text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vietwire.release.styles import Style, byline_text, dateline_place
from vietwire.story import BlockKind, Draft, Story
from vietwire.text import rejoin


@dataclass(frozen=True, slots=True)
class Part:
    """A block of the story with its translated text. Layout fields are those of the block."""

    kind: BlockKind
    text: str
    level: int = 0
    marker: str = ""
    start: float | None = None
    end: float | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What goes out, before it has a form. ``dateline`` ends where the text begins.

    ``correction`` is the note of a later version, "" for the first.
    """

    uri: str
    version: int
    created: datetime
    first_created: datetime
    draft: Draft
    story: Story
    style: Style
    headline: str
    parts: tuple[Part, ...]
    place: str
    event: str
    keywords: tuple[str, ...]
    dateline: str
    byline: str
    reviewer: str
    statement: str
    correction: str


def item_uri(source_id: str, language: str) -> str:
    """The identifier that all versions of a story in a language share, as a URN."""
    from urllib.parse import quote

    return f"urn:newsml:vietwire:{quote(source_id, safe='')}:{language}"


def compose(
    draft: Draft,
    story: Story,
    style: Style,
    *,
    version: int,
    created: datetime,
    first_created: datetime,
    reviewer: str,
    event: str,
    rendering_of: Callable[[str], str | None],
) -> Item:
    """Put a draft together.

    ``event`` is the event's name in the language of the draft. ``rendering_of`` says what a
    Vietnamese name or term is called there, None when that is not known.
    """

    def place_of(place: str) -> str:
        return rendering_of(place) or place

    parts = _parts(draft, story)
    headline = next((p.text for p in parts if p.kind is BlockKind.HEADLINE), "")
    place = dateline_place(story.dateline)
    place = place_of(place) if place else ""
    engine = dict(part.split(":", 1) for part in draft.signature.split("|") if ":" in part)
    statement = style.statement.format(
        engine=engine.get("engine", ""),
        model=engine.get("model", ""),
        reviewer=reviewer,
        agency=style.agency,
        agency_name=style.agency_name,
    )
    correction = ""
    if version > 1:
        correction = style.correction_text.format(
            version=version, date=style.date_text(created.date()), agency=style.agency
        )
    return Item(
        uri=item_uri(draft.source_id, draft.language),
        version=version,
        created=created,
        first_created=first_created,
        draft=draft,
        story=story,
        style=style,
        headline=headline or draft.headline,
        parts=tuple(p for p in parts if p.kind is not BlockKind.HEADLINE),
        place=place,
        event=event,
        keywords=_keywords(story.keywords, rendering_of),
        dateline=style.date_line(place, story.day),
        byline=byline_text(style, story.byline, place_of),
        reviewer=reviewer,
        statement=statement,
        correction=correction,
    )


def _keywords(
    keywords: Sequence[str], rendering_of: Callable[[str], str | None]
) -> tuple[str, ...]:
    """The keywords as a reader of the language would look for them, each once.

    One that is not known there goes out as it is written only if it is a name without Vietnamese
    letters ("RCEP"): the others ("an ninh") would be of no use to that reader.
    """
    known = (rendering_of(word) or (word if _is_plain_name(word) else "") for word in keywords)
    return tuple(dict.fromkeys(filter(None, known)))


def _is_plain_name(word: str) -> bool:
    """Whether a keyword looks like a name or a code, and not like a Vietnamese word."""
    return word.isascii() and any(char.isupper() or char.isdigit() for char in word)


def _parts(draft: Draft, story: Story) -> list[Part]:
    """The story's blocks in their order, with the draft's text; blocks without text drop out."""
    pairs: dict[int, list[tuple[str, str]]] = {}
    for segment in draft.segments:
        pairs.setdefault(segment.block, []).append((segment.text, segment.separator))
    parts = []
    for number, block in enumerate(story.blocks):
        text = rejoin(pairs.get(number, []), draft.language).strip(" \n")
        if text:
            parts.append(
                Part(
                    block.kind,
                    text,
                    block.level,
                    block.marker,
                    block.start,
                    block.end,
                    block.row,
                )
            )
    return parts
