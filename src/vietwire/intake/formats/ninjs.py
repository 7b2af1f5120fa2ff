"""ninjs, the IPTC's News in JSON: versions 2 and 3, and what 1.x has the same."""

from __future__ import annotations

import json
import re
from typing import Any

from vietwire.intake.fields import put_named
from vietwire.intake.formats.html import blocks_of as blocks_of_html
from vietwire.intake.outcome import Raw, unreadable
from vietwire.intake.structure import blocks_of_lines
from vietwire.story import Block, BlockKind

_GONE = ("canceled", "cancelled", "withheld")


def read(text: str) -> list[Raw]:
    """One item, or each of a JSON array (or of ``items``).

    Names are compared without regard to case, since 3.1 writes ``versionCreated`` where 2.x wrote
    ``versioncreated``.

    :raises Fault: (UNREADABLE) for broken JSON or JSON that is no news item.
    """
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise unreadable(f"{where}: broken JSON ({error.msg})") from None
    items = data if isinstance(data, list) else [data]
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        items = data["items"]
    if not items:
        raise unreadable("the JSON holds no item")
    return [_item(item) for item in items]


def _item(item: Any) -> Raw:
    raw = Raw()
    if not isinstance(item, dict):
        raw.fault = unreadable(
            "the JSON is not a ninjs item: an object with uri, headlines and bodies"
        )
        return raw
    item = {str(name).lower(): value for name, value in item.items()}
    names = ("headlines", "headline", "bodies", "body_html", "body_text", "body_xhtml", "body")
    if not any(name in item for name in names):
        raw.fault = unreadable("the JSON is not a ninjs item: it has neither headlines nor bodies")
    elif str(item.get("pubstatus") or "").lower() in _GONE:
        raw.fault = unreadable(
            "its sender has withdrawn it (pubstatus); kill the story on the desk"
        )
    for name in ("uri", "guid"):
        raw.put("source_id", _string(item, name))
    raw.put("source_id", _string(item, "source_id"))
    for name in ("slugline", "slug", "urgency", "event", "bureau", "channel", "dateline", "kind"):
        if item.get(name) is not None:
            put_named(raw, name, _joined(item[name]))
    raw.put("kind", _string(item, "type"))
    raw.put("embargo", _string(item, "embargoed"))
    raw.put("byline", _string(item, "byline") or _string(item, "by"))
    raw.put("date", _string(item, "date") or _string(item, "contentcreated"))
    raw.put("date", _string(item, "versioncreated") or _string(item, "firstcreated"))
    raw.put("located", _string(item, "located"))
    for event in item.get("events") or []:
        if isinstance(event, dict):
            raw.put("event", str(event.get("uri") or event.get("name") or "").rpartition("/")[2])
    raw.put("keywords", _joined(item.get("keywords")) or _joined(item.get("subjects")))
    raw.put("headline", _line(*_main(item, "headlines", "headline")))
    raw.put("standfirst", _line(*_main(item, "descriptions", "description", role="summary")))
    body, kind = _main(item, "bodies", "body")
    others = {
        str(entry.get("role") or "main").lower()
        for entry in _entries(item.get("bodies"))
        if str(entry.get("value") or "").strip()
    } - {"main"}
    if others and body:
        raw.notes.append(f"only the main body is used; the item has others: {', '.join(others)}")
    if _is_markup(body, kind):
        raw.blocks = blocks_of_html(body, raw)
    else:
        raw.blocks, raw.typed = blocks_of_lines(body), True
    raw.blocks += _captions(item)
    return raw


def _string(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return str(value) if isinstance(value, str | int | float) else ""


def _joined(value: Any) -> str:
    """A list of strings or of named things, one to a line."""
    if isinstance(value, list):
        return "\n".join(filter(None, map(_joined, value)))
    if isinstance(value, dict):
        return str(value.get("name") or value.get("value") or "")
    return "" if value is None else str(value)


def _entries(value: Any) -> list[dict[str, Any]]:
    """A list of objects, names in lower case, also where a sender wrote one object or a text."""
    found = value if isinstance(value, list) else [value]
    named = [{"value": entry} if isinstance(entry, str) else entry for entry in found]
    return [
        {str(name).lower(): part for name, part in entry.items()}
        for entry in named
        if isinstance(entry, dict)
    ]


def _is_markup(text: str, kind: str) -> bool:
    return "html" in kind or "xml" in kind or (not kind and text.lstrip().startswith("<"))


_MARKUP = re.compile(r"</?(?:a|b|br|em|i|p|span|strong|sub|sup|u)\b[^<>]*>|&(?:[a-z]+|#\d+);", re.I)


def _line(text: str, kind: str) -> str:
    """A headline or summary as plain text; markup in it is read even where none is declared."""
    if not (_is_markup(text, kind) or _MARKUP.search(text)):
        return text
    return " ".join(block.text for block in blocks_of_html(text))


def _main(item: dict[str, Any], plural: str, single: str, role: str = "main") -> tuple[str, str]:
    """The text that matters most of several, and its content type.

    HTML before plain text, because it keeps the structure; then the one of the wanted role; then
    the first.
    """
    found: list[tuple[int, str, str]] = []
    for entry in _entries(item.get(plural)):
        value, kind = str(entry.get("value") or ""), str(entry.get("contenttype") or "").lower()
        if value.strip():
            rank = 2 * _is_markup(value, kind) + (str(entry.get("role") or role).lower() == role)
            found.append((rank, value, kind))
    for name, kind in (("_html", "text/html"), ("_xhtml", "text/html"), ("_text", "text/plain")):
        if _string(item, single + name).strip():
            found.append((0, _string(item, single + name), kind))
    if _string(item, single).strip():
        found.append((0, _string(item, single), ""))
    if not found:
        return "", ""
    best = max(found, key=lambda entry: entry[0])
    return best[1], best[2]


def _captions(item: dict[str, Any]) -> list[Block]:
    """The captions of pictures that come with the item (associations)."""
    associations = item.get("associations")
    if isinstance(associations, dict):
        associations = list(associations.values())
    captions: list[Block] = []
    for entry in associations if isinstance(associations, list) else []:
        if not isinstance(entry, dict):
            continue
        entry = {str(name).lower(): value for name, value in entry.items()}
        if str(entry.get("type") or "") not in ("picture", "graphic", "video"):
            continue
        text = _line(*_main(entry, "descriptions", "description", role="caption"))
        if text.strip():
            captions.append(Block(BlockKind.CAPTION, " ".join(text.split())))
    return captions
