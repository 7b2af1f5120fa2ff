"""Files of released items: safe names, and writing that is whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
import unicodedata
from datetime import date
from pathlib import Path

#: Seconds after which a half-written file has no writer any more.
_ABANDONED_AFTER = 600


def file_stem(day: date, slug: str, source_id: str, language: str) -> str:
    """``<date>-<slug>-<source id>-<language>`` in small ASCII letters, digits and hyphens.

    Slug and source id come from outside and may hold anything. Where the source id loses something
    on the way, a piece of its hash keeps two stories from sharing a name.
    """
    name = _plain(source_id, 60)
    if name != source_id.lower():
        name = "-".join(filter(None, (name, hashlib.sha256(source_id.encode()).hexdigest()[:8])))
    parts = (day.isoformat(), _plain(slug, 40), name, language)
    return "-".join(part for part in parts if part)


def _plain(text: str, limit: int) -> str:
    folded = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    ascii_only = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:limit].rstrip("-")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, and a power cut too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    partial = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files for the owner alone; these are for others to fetch.
        partial.chmod(0o644)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_unless_same(path: Path, text: str) -> bool:
    """``write_whole`` where the file does not hold ``text`` already; whether it was written."""
    try:
        if path.read_bytes() == text.encode():
            return False
    except FileNotFoundError:
        pass
    write_whole(path, text)
    return True


def remove_partials(folder: Path) -> None:
    """Remove what killed writers left. A young one may belong to somebody who writes right now."""
    for partial in folder.rglob(".*.part"):
        try:
            if time.time() - partial.stat().st_mtime > _ABANDONED_AFTER:
                partial.unlink()
        except FileNotFoundError:
            pass  # Its writer was done.
