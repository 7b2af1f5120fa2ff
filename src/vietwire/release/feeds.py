"""What has gone out, for machines to follow: one index, and one Atom feed per language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from vietwire.release.files import write_unless_same
from vietwire.store import Store
from vietwire.story import LANGUAGE_NAMES, ReleasedItem

#: Items a feed shows, newest first; the index has them all.
FEED_LENGTH = 50
ATOM = "http://www.w3.org/2005/Atom"


def write_feeds(store: Store, outputs: Path, languages: Iterable[str]) -> None:
    """Write ``released/index.json`` and the feeds of ``languages`` anew.

    They are made from the store and the released files, so writing them again mends them; those
    that would not change are left alone.
    """
    latest: dict[tuple[str, str], ReleasedItem] = {}
    for item in store.released():
        kept = latest.setdefault((item.source_id, item.language), item)
        if item.item_version > kept.item_version:
            latest[item.source_id, item.language] = item
    entries = [entry for item in latest.values() if (entry := _entry(outputs, item))]
    entries.sort(key=lambda entry: (entry["updated"], entry["uri"]), reverse=True)
    index = {"items": entries}
    write_unless_same(
        outputs / "released" / "index.json", json.dumps(index, ensure_ascii=False, indent=1) + "\n"
    )
    for language in sorted(set(languages)):
        chosen = [entry for entry in entries if entry["language"] == language]
        write_unless_same(
            outputs / "released" / language / "feed.atom", _atom(language, chosen[:FEED_LENGTH])
        )


def _entry(outputs: Path, item: ReleasedItem) -> dict[str, Any] | None:
    """An item as its released file tells it; None when the file is gone."""
    name = next((file for file in item.files if file.endswith(".json")), None)
    if name is None:
        return None
    try:
        news = json.loads((outputs / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {
        "uri": news["uri"],
        "version": news["version"],
        "language": item.language,
        "status": news["pubStatus"],
        "headline": news["headlines"][0]["value"],
        "slug": news.get("slugline", ""),
        "updated": news["versionCreated"],
        "source_id": item.source_id,
        "files": [file.removeprefix("released/") for file in item.files],
    }


def _atom(language: str, entries: list[dict[str, Any]]) -> str:
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": language})
    _add(feed, "id", f"urn:newsml:vietwire:feed:{language}")
    _add(feed, "title", f"vietwire: {LANGUAGE_NAMES.get(language, language)}")
    _add(feed, "updated", entries[0]["updated"] if entries else "1970-01-01T00:00:00Z")
    author = ET.SubElement(feed, f"{{{ATOM}}}author")
    _add(author, "name", "vietwire")
    for entry in entries:
        node = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _add(node, "id", entry["uri"])
        _add(node, "title", entry["headline"])
        _add(node, "updated", entry["updated"])
        _add(node, "summary", entry["headline"])
        for file in entry["files"]:
            kind = {"json": "application/json", "txt": "text/plain"}.get(file.rsplit(".", 1)[-1])
            relation = "alternate" if file.endswith(".txt") else "related"
            ET.SubElement(
                node,
                f"{{{ATOM}}}link",
                {
                    "rel": relation,
                    "href": file.removeprefix(f"{language}/"),
                    "type": kind or "application/x-subrip",
                },
            )
        if entry["status"] == "canceled":
            ET.SubElement(node, f"{{{ATOM}}}category", {"term": "canceled"})
    ET.indent(feed)
    return ET.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text
