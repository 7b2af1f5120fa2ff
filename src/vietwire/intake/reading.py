"""Reading a file to the end: is it restricted, what is in it, is each item a story."""

from __future__ import annotations

import json
import re
from pathlib import Path

from vietwire.intake.assemble import Setting, build, default_id
from vietwire.intake.encodings import decode
from vietwire.intake.files import read_file
from vietwire.intake.formats import read_raw
from vietwire.intake.outcome import Fault, Raw, Reading, Refused, refusal_of
from vietwire.intake.restricted import is_restricted, restricted_id
from vietwire.story import RefusalReason, Story

_RESTRICTED = Fault(RefusalReason.RESTRICTED, "")


def read_items(
    data: bytes, *, name: str, setting: Setting, source_id: str = "", path: str = ""
) -> list[Reading]:
    """Every item of a file, each a story or a refusal; one bad item does not stop the others.

    ``source_id`` is given to an item that declares none, in place of one made from the name.
    ``path`` is the file's place below the folder that was read, whose folders can be marked too.
    """
    if is_restricted(data, path or name):
        return _read_restricted(data, name, setting)
    fallback = source_id or default_id(name, data)
    try:
        raws = read_raw(data, name)
    except Fault as fault:
        return [_refused(fault, fallback, name, setting)]
    readings: list[Reading] = []
    for number, raw in enumerate(raws, 1):
        own = fallback if number == 1 else f"{fallback}-{number}"
        readings.append(read_one(raw, own, name, setting, data))
    return readings


def read_one(raw: Raw, source_id: str, name: str, setting: Setting, data: bytes) -> Reading:
    """Judge one item that a reader found. ``data`` only serves to name a restricted one."""
    try:
        story, notes = build(raw, source_id, setting)
    except Fault as fault:
        if fault.reason is RefusalReason.RESTRICTED:
            return _refused(fault, restricted_id(data), name, setting)
        declared = raw.fields.get("source_id")
        return _refused(fault, declared.text[:200] if declared else source_id, name, setting)
    except (RecursionError, ValueError, TypeError, KeyError, IndexError) as error:
        kind = type(error).__name__
        puzzle = Fault(RefusalReason.UNREADABLE, f"cannot be made sense of ({kind})")
        return _refused(puzzle, source_id, name, setting)
    return Reading(story, notes=notes)


def _refused(fault: Fault, source_id: str, name: str, setting: Setting) -> Reading:
    refusal = refusal_of(fault, at=setting.received_at, source_id=source_id, origin=name)
    return Reading(refusal=refusal, is_field=fault.is_field)


def _read_restricted(data: bytes, name: str, setting: Setting) -> list[Reading]:
    """A restricted file is not parsed, but for a message of several items: those without the
    marking are read, each alone. Where no single item carries it, the whole file does."""
    parts = _split(data)
    marked = [is_restricted(part) for part in parts]
    if len(parts) < 2 or not any(marked):
        return [_refused(_RESTRICTED, restricted_id(data), name, setting)]
    readings: list[Reading] = []
    for part, is_marked in zip(parts, marked, strict=True):
        if is_marked:
            readings.append(_refused(_RESTRICTED, restricted_id(part), name, setting))
        else:
            readings += read_items(part, name="", setting=setting)
    return readings


def _split(data: bytes) -> list[bytes]:
    """The items of a JSON array or a newsMessage, each as a file of its own; none if neither."""
    from xml.etree.ElementTree import ParseError, tostring

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        text = decode(data)[0].lstrip("\ufeff \r\n\t")
        if text.startswith("["):
            return [json.dumps(item, ensure_ascii=False).encode() for item in json.loads(text)]
        if not text.startswith("<"):
            return []
        text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
        root = fromstring(text.encode(), forbid_dtd=True)
        items = [e for e in root.iter() if str(e.tag).endswith("}newsItem") or e.tag == "newsItem"]
        return [tostring(item, encoding="utf-8") for item in items]
    except (Fault, ValueError, TypeError, RecursionError, ParseError, DefusedXmlException):
        return []


def read_story(path_or_bytes: Path | bytes, *, name: str = "", setting: Setting) -> list[Story]:
    """The stories in a file or in bytes.

    :raises Refused: for the first item that intake would not take. Of a restricted one the
        exception holds the source id, the time and the reason, and is chained to nothing.
    """
    refused: Refused | None = None
    stories: list[Story] = []
    if isinstance(path_or_bytes, Path):
        name = name or path_or_bytes.name
        try:
            data = read_file(path_or_bytes)
        except Fault as fault:
            refused = Refused(
                refusal_of(fault, at=setting.received_at, source_id=fault.source_id, origin=name)
            )
    else:
        data = path_or_bytes
    if refused is None:
        for reading in read_items(data, name=name, setting=setting):
            if reading.refusal is not None:
                refused = Refused(reading.refusal)
                break
            if reading.story is not None:
                stories.append(reading.story)
    if refused is not None:
        raise refused
    return stories
