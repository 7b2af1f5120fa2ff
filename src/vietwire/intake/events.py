"""The events the newsroom is following, and the slug of each, from ``glossary/events.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vietwire.intake.restricted import fold
from vietwire.story import VietwireError


@dataclass(frozen=True, slots=True)
class Event:
    """An event, its slug, and the words (folded) that tell a story is about it."""

    id: str
    slug: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Events:
    """All known events. Empty where the file does not exist: then nothing is filled in."""

    known: tuple[Event, ...] = ()

    @classmethod
    def load(cls, file: Path) -> Events:
        """Read the file: one table an event, its keywords in ``keywords``.

        :raises VietwireError: naming the file, when it is not TOML.
        """
        if not file.is_file():
            return cls()
        try:
            tables: Any = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise VietwireError(f"{file.name}: {error}") from None
        for wrapper in ("events", "event"):
            if isinstance(tables.get(wrapper), list | dict):
                tables = tables[wrapper]
                break
        if isinstance(tables, dict):
            tables = [{"id": name, **t} for name, t in tables.items() if isinstance(t, dict)]
        return cls(tuple(_event(t) for t in tables if isinstance(t, dict) and t.get("id")))

    def get(self, identifier: str) -> Event | None:
        return next((event for event in self.known if event.id == identifier), None)

    def find(self, keywords: Iterable[str], headline: str) -> Event | None:
        """The event a story's keywords name, else its headline; the longest word decides."""
        own = {fold(keyword) for keyword in keywords}
        text = fold(headline)
        best: tuple[int, int, Event] | None = None
        for event in self.known:
            for word in event.words:
                in_text = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
                rank = (2 if in_text else 1, len(word))
                if (in_text or word in own) and (best is None or rank > best[:2]):
                    best = (*rank, event)
        return best[2] if best else None


def _event(table: dict[str, Any]) -> Event:
    keywords = table.get("keywords") or ()
    if isinstance(keywords, str):
        keywords = keywords.split(",")
    words = tuple(dict.fromkeys(fold(str(word).strip()) for word in keywords if str(word).strip()))
    slug = table.get("slug")
    return Event(str(table["id"]), slug if isinstance(slug, str) else "", words)
