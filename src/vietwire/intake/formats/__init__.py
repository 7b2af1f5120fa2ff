"""Readers of the formats intake takes, and the choice between them by name and content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import PurePath

from vietwire.intake.encodings import decode
from vietwire.intake.outcome import Fault, Raw, unreadable

#: File name endings intake reads, and the format each is read as unless its content says other.
SUFFIXES = {
    ".txt": "text", ".text": "text", "": "text", ".md": "markdown", ".markdown": "markdown",
    ".docx": "docx", ".html": "html", ".htm": "html", ".xhtml": "html", ".json": "ninjs",
    ".ninjs": "ninjs", ".xml": "newsml", ".newsml": "newsml", ".srt": "subtitles",
    ".vtt": "subtitles",
}  # fmt: skip
_ENDINGS = ", ".join(filter(None, SUFFIXES))
_NAMES = {
    "text": "text", "markdown": "Markdown", "docx": "DOCX", "html": "HTML", "ninjs": "ninjs JSON",
    "newsml": "NewsML-G2", "subtitles": "SRT or VTT",
}  # fmt: skip
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Word (.doc) file"),
    (b"{\\rtf", "an RTF file"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
)


def read_raw(data: bytes, name: str) -> list[Raw]:
    """The items in a file, not yet judged.

    The name's ending chooses the reader; content that plainly is another format wins over it.

    :raises Fault: (UNREADABLE, ENCODING or EMPTY) with what is wrong and what to do.
    """
    for start, what in _FOREIGN:
        if data.startswith(start):
            raise unreadable(f"it is {what}; send text, Markdown, DOCX, HTML, ninjs or NewsML-G2")
    suffix = PurePath(name).suffix.lower()
    known = SUFFIXES.get(suffix)
    if data.startswith(b"PK\x03\x04") or known == "docx":
        from vietwire.intake.formats import docx

        return _guarded("docx", lambda: docx.read(data))
    text, encoding = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    chosen = _format_of(text, known)
    if chosen is None:
        raise unreadable(f"{suffix[:12]} files are not read; send one of {_ENDINGS}")
    raws = _guarded(chosen, lambda: _reader(chosen)(text))
    if not encoding.startswith("utf"):
        for raw in raws:
            raw.notes.append(f"read as {encoding}")
    return raws


def _format_of(text: str, known: str | None) -> str | None:
    start = text.lstrip("\ufeff \t\n")[:400]
    lowered = start.lower()
    if known in (None, "text", "html", "newsml", "ninjs"):
        if re.match(
            r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:\w+:)?news(?:item|message)\b", lowered
        ):
            return "newsml"
        if lowered.startswith(("<!doctype html", "<html")):
            return "html"
    if known in (None, "text"):
        if start.startswith("WEBVTT") or re.match(r"\d+\n\d\d:\d\d:\d\d[,.]\d{3} -->", start):
            return "subtitles"
        if start.startswith(("{", "[")) and _is_json(text):
            return "ninjs"
    return known


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _reader(chosen: str) -> Callable[[str], list[Raw]]:
    if chosen == "markdown":
        from vietwire.intake.formats.markdown import read
    elif chosen == "html":
        from vietwire.intake.formats.html import read
    elif chosen == "ninjs":
        from vietwire.intake.formats.ninjs import read
    elif chosen == "newsml":
        from vietwire.intake.formats.newsml import read
    elif chosen == "subtitles":
        from vietwire.intake.formats.subtitles import read
    else:
        from vietwire.intake.formats.plain import read
    return read


def _guarded(chosen: str, reader: Callable[[], list[Raw]]) -> list[Raw]:
    """Whatever a library makes of a broken file, the desk gets one line."""
    try:
        return reader()
    except Fault:
        raise
    except RecursionError:
        raise unreadable(f"cannot be read as {_NAMES[chosen]}: nested too deeply") from None
    except Exception as error:
        kind = type(error).__name__
        raise unreadable(f"cannot be read as {_NAMES[chosen]} ({kind}); send it again") from None
