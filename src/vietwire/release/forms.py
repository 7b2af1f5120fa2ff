"""The forms an item goes out in: clean text, XHTML, subtitles and ninjs 3."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from typing import Any

from vietwire.release.item import Item, Part
from vietwire.release.styles import Style
from vietwire.story import BlockKind

STANDARD = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
}
_RUN_IN = (BlockKind.PARAGRAPH, BlockKind.QUOTE)


def plain_text(item: Item) -> str:
    """Clean text for pasting: headline, text, byline; then what a desk wants to know of it."""
    lines = [item.headline, ""]
    lines += [f"{body}\n" for body in _text_blocks(item)]
    if item.byline:
        lines += [item.byline, ""]
    lines.append("--")
    if item.correction:
        lines.append(item.correction)
    if item.draft.slug:
        lines.append(item.draft.slug)
    if item.keywords:
        lines.append(", ".join(item.keywords))
    lines.append(item.statement)
    return "\n".join(lines) + "\n"


def body_text(item: Item) -> str:
    """The text alone, one blank line between paragraphs, the dateline run in."""
    return "\n\n".join(_text_blocks(item))


def _text_blocks(item: Item) -> Iterator[str]:
    dateline = item.dateline
    for kind, group in groupby(item.parts, key=lambda part: part.kind):
        parts = list(group)
        if kind is BlockKind.LIST_ITEM:
            yield "\n".join(f"{'  ' * p.level}{p.marker or '-'} {p.text}" for p in parts)
        elif kind is BlockKind.TABLE_CELL:
            rows = groupby(parts, key=lambda part: part.row)
            yield "\n".join(" | ".join(cell.text for cell in row) for _, row in rows)
        elif kind is BlockKind.CUE:
            yield "\n".join(p.text for p in parts)
        elif kind is BlockKind.HEADING:
            for part in parts:
                yield f"{part.marker} {part.text}".strip()
        else:
            for part in parts:
                start, dateline = _run_in(part, dateline)
                yield start + part.text


def _run_in(part: Part, dateline: str) -> tuple[str, str]:
    """The dateline goes before the first paragraph, and once."""
    return (dateline, "") if part.kind in _RUN_IN else ("", dateline)


def xhtml(item: Item) -> str:
    """The text as XHTML fragments that any newsroom system takes."""
    out: list[str] = []
    dateline = item.dateline
    for kind, group in groupby(item.parts, key=lambda part: part.kind):
        parts = list(group)
        if kind is BlockKind.LIST_ITEM:
            out.append(_list(parts))
        elif kind is BlockKind.TABLE_CELL:
            rows = groupby(parts, key=lambda part: part.row)
            cells = ("".join(f"<td>{escape(c.text)}</td>" for c in row) for _, row in rows)
            out.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")
        else:
            for part in parts:
                start, dateline = _run_in(part, dateline)
                out.append(_element(part, escape(start + part.text)))
    return "".join(out)


def _element(part: Part, text: str) -> str:
    if part.kind is BlockKind.HEADING:
        level = min(max(part.level, 1) + 1, 6)
        return f"<h{level}>{escape(part.marker + ' ') if part.marker else ''}{text}</h{level}>"
    if part.kind is BlockKind.QUOTE:
        return f"<blockquote><p>{text}</p></blockquote>"
    named = (BlockKind.STANDFIRST, BlockKind.CAPTION, BlockKind.LABEL, BlockKind.CUE)
    if part.kind in named:
        return f'<p class="{part.kind.value}">{text}</p>'
    return f"<p>{text}</p>"


def _list(parts: Sequence[Part]) -> str:
    """Nested lists from levels; markers that count are kept as written."""
    out: list[str] = []
    depth = -1
    for part in parts:
        level = min(max(part.level, 0), depth + 1)
        if level > depth:
            out.append("<ul>")
        else:
            out.append("</li>" + "</ul></li>" * (depth - level))
        depth = level
        counted = part.marker.strip("-•*+ –")
        out.append(f"<li>{escape(part.marker + ' ') if counted else ''}{escape(part.text)}")
    out.append("</li></ul>" * (depth + 1))
    return "".join(out)


def subtitles(item: Item) -> str:
    """SubRip subtitles of the cues that have times; "" where there are none."""
    cues = [
        p
        for p in item.parts
        if p.kind is BlockKind.CUE and p.start is not None and p.end is not None
    ]
    return "\n".join(
        f"{number}\n{_srt_time(cue.start)} --> {_srt_time(cue.end)}\n{cue.text}\n"
        for number, cue in enumerate(cues, 1)
    )


def _srt_time(seconds: float | None) -> str:
    millis = round((seconds or 0) * 1000)
    hours, rest = divmod(millis, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02},{rest % 1000:03}"


def ninjs(item: Item) -> str:
    """The item as ninjs 3.0 JSON (IPTC, https://iptc.org/std/ninjs/)."""
    text = body_text(item)
    draft, story, style = item.draft, item.story, item.style
    notes = [item.statement, *([item.correction] if item.correction else [])]
    value: dict[str, Any] = {
        "uri": item.uri,
        "standard": STANDARD,
        # Captions and scripts are text too: the pictures travel by other ways.
        "type": "text",
        "profile": f"{story.media_kind.value}-translation",
        "representationType": "full",
        "version": str(item.version),
        "firstCreated": _iso(item.first_created),
        "versionCreated": _iso(item.created),
        "contentCreated": _iso(story.received_at),
        "pubStatus": "usable",
        "urgency": draft.urgency,
        "language": draft.language,
        "slugline": draft.slug,
        "located": item.place,
        "by": item.byline,
        "copyrightHolder": style.agency_name,
        "edNote": " ".join(notes),
        "headlines": [_text("main", item.headline)],
        "descriptions": [
            *(_text("summary", p.text) for p in item.parts if p.kind is BlockKind.STANDFIRST),
            _text("translation-statement", item.statement),
        ],
        "bodies": [
            {**_text("main", text), "charCount": len(text)},
            {"role": "richtext", "contentType": "text/html", "value": xhtml(item)},
        ],
        # ninjs 3 has no keywords of its own and allows no other property: they are subjects.
        "subjects": [{"name": word, "rel": "about"} for word in item.keywords],
        "events": [{"name": item.event, "rel": "about"}] if item.event else [],
        "infoSources": [
            {"name": style.agency_name, "role": "origin"},
            {"name": _engine_name(draft.signature), "role": "machine-translation"},
            {"name": item.reviewer, "role": "review"},
        ],
        "altIds": [
            {"role": "source", "value": draft.source_id},
            {"role": "source-version", "value": str(draft.story_version)},
        ],
    }
    return _dump({key: each for key, each in value.items() if each not in ("", [])})


def kill_ninjs(uri: str, version: int, language: str, style: Style, notice: Notice) -> str:
    """What replaces a killed item: the same identifier, cancelled, without its text."""
    return _dump(
        {
            "uri": uri,
            "standard": STANDARD,
            "type": "text",
            "version": str(version),
            "versionCreated": _iso(notice.at),
            "pubStatus": "canceled",
            "language": language,
            "copyrightHolder": style.agency_name,
            "edNote": notice.text,
            "headlines": [_text("main", notice.headline)],
            "bodies": [_text("main", notice.text)],
        }
    )


class Notice:
    """A kill notice in the language of the item."""

    def __init__(self, style: Style, headline: str, at: datetime) -> None:
        date = style.date_text(at.date())
        self.at = at
        self.headline = style.kill_headline.format(headline=headline, agency=style.agency)
        self.text = style.kill_text.format(
            headline=style.quoted(headline),
            date=date,
            agency=style.agency,
            agency_name=style.agency_name,
        )

    def plain(self) -> str:
        return f"{self.headline}\n\n{self.text}\n"


def _text(role: str, value: str) -> dict[str, Any]:
    return {"role": role, "contentType": "text/plain", "value": value}


def _engine_name(signature: str) -> str:
    parts = dict(part.split(":", 1) for part in signature.split("|") if ":" in part)
    names = [parts.get(name, "") for name in ("model", "revision")]
    return f"vietwire {parts.get('engine', '')} ({' '.join(filter(None, names))})"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
