"""What intake says about an item: taken, or refused with a reason the desk can read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vietwire.story import Block, Refusal, RefusalReason, Story, VietwireError

#: The only sentence that is ever written about a restricted item.
RESTRICTED_MESSAGE = "restricted channel (BCTK): not taken in, and nothing of it is kept"


class Refused(VietwireError):
    """An item intake will not take. ``refusal`` is what the store records; the message names the
    file too."""

    def __init__(self, refusal: Refusal) -> None:
        place = f"{refusal.origin}: " if refusal.origin else ""
        super().__init__(f"{place}{refusal.message}")
        self.refusal = refusal


class Fault(VietwireError):
    """Why an item is refused, raised inside intake before origin and time are known.

    ``is_field`` marks a wrong value in a named field, which whoever typed it can put right.
    """

    def __init__(
        self, reason: RefusalReason, message: str, *, is_field: bool = False, source_id: str = ""
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.is_field = is_field
        self.source_id = source_id


def unreadable(message: str) -> Fault:
    return Fault(RefusalReason.UNREADABLE, message)


def wrong_value(message: str) -> Fault:
    """A field with a value that cannot be used; refused as unreadable, the field named."""
    return Fault(RefusalReason.UNREADABLE, message, is_field=True)


class Outcome(StrEnum):
    """NEW, SAME and VERSION are the store's answers; FAILED means try again, nothing was lost."""

    NEW = "new"
    SAME = "same"
    VERSION = "version"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one item.

    ``origin`` is the file, address or "form"; empty for a restricted item. ``version`` is 0 where
    no story was stored. ``notes`` are remarks for the desk: unknown fields, a guessed encoding,
    why an item FAILED.
    """

    origin: str
    outcome: Outcome
    source_id: str = ""
    version: int = 0
    refusal: Refusal | None = None
    notes: tuple[str, ...] = ()


def storable(text: str) -> str:
    """Without what no database takes: control characters, and halves of a surrogate pair."""
    return _UNSTORABLE.sub(" ", text)


_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Value:
    """A field as written: its text, and the line it stands on (0 where there are no lines)."""

    text: str
    line: int = 0


@dataclass
class Raw:
    """One item as a format reader hands it over: fields by name, and blocks as they were found.

    ``headline`` and ``standfirst`` are fields where the format has them; otherwise they are taken
    from the blocks. ``origin`` is the item's own name within a file of several.
    """

    fields: dict[str, Value] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: Why this item cannot be taken, found while reading it; those beside it can.
    fault: Fault | None = None
    #: Text in which the numbering and list marks of a typed document are still to be read.
    typed: bool = False

    def put(self, name: str, text: str | None, line: int = 0) -> None:
        """Set a field unless it is empty or already set."""
        text = storable(text or "").strip()
        if text and name not in self.fields:
            self.fields[name] = Value(text, line)


@dataclass(frozen=True, slots=True)
class Reading:
    """One item of a file, read to the end: a story with notes, or a refusal.

    ``is_field`` marks a refusal for a wrong value in a field.
    """

    story: Story | None = None
    refusal: Refusal | None = None
    notes: tuple[str, ...] = ()
    is_field: bool = False


def refusal_of(fault: Fault, *, at: datetime, source_id: str, origin: str) -> Refusal:
    """The record of a fault. Of a restricted item nothing but id, time and reason goes in."""
    if fault.reason is RefusalReason.RESTRICTED:
        return Refusal(fault.reason, RESTRICTED_MESSAGE, at, source_id)
    return Refusal(fault.reason, str(fault), at, source_id, origin)
