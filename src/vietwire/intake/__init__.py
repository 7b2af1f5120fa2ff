"""Intake: stories from folders, files, the desk's form and upload, and feeds.

An item becomes a :class:`~vietwire.story.Story` in the store, or a
:class:`~vietwire.story.Refusal` with a reason the desk can read. A restricted item (BCTK) is known
before it is parsed, and leaves nothing but its source id, the time and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from vietwire.intake.assemble import Setting
from vietwire.intake.events import Event, Events
from vietwire.intake.feed import FeedUnavailable, Transport
from vietwire.intake.fields import FIELD_NAMES
from vietwire.intake.form import form_of
from vietwire.intake.outcome import Outcome, Refused, Taken
from vietwire.intake.reading import read_story as _read_story
from vietwire.intake.service import Intake, read_folder
from vietwire.story import Story

__all__ = [
    "FIELD_NAMES",
    "Event",
    "Events",
    "FeedUnavailable",
    "Intake",
    "Outcome",
    "Refused",
    "Taken",
    "Transport",
    "form_of",
    "read_folder",
    "read_story",
]


def read_story(
    path_or_bytes: Path | bytes,
    *,
    name: str = "",
    received_at: datetime,
    defaults: Mapping[str, str] | None = None,
    max_chars: int = 60_000,
    events: Events | None = None,
) -> list[Story]:
    """The stories in a file or in bytes, stored nowhere.

    ``name`` tells the format by its ending and gives the source id of a story that declares none;
    ``received_at`` is timezone-aware; ``defaults`` are values for fields the item leaves out;
    ``max_chars`` is the length beyond which a story is over-long, in characters.

    :raises Refused: for the first item that intake would not take, with its ``refusal``.
    """
    setting = Setting(received_at, max_chars, defaults or {}, events or Events())
    return _read_story(path_or_bytes, name=name, setting=setting)
