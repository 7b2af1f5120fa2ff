"""What a posted draft form says: which segments the person changed, and nothing they did not.

Each text box travels with a fingerprint of the text it was filled with. A box whose text still has
that fingerprint is not an edit, so saving never writes back stale text over somebody else's.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from vietwire.story import Draft

_NAME = re.compile(r"text-(\d{1,6})")
_BREAKS = re.compile(r"[ \t]*[\r\n]+[ \t]*")


def tidy(text: str) -> str:
    """A posted text as it will be stored: composed, no space at the ends, on one line.

    A segment is one sentence, so a line break typed or pasted into it is a space.
    """
    return _BREAKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fingerprint(text: str) -> str:
    """Short hash of a text as a box would send it back unchanged."""
    return hashlib.sha256(tidy(text).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Edits:
    """``texts``: changed text by segment index. ``was``: the fingerprint each box started from."""

    texts: Mapping[int, str]
    was: Mapping[int, str]

    def changed_under(self, current: Draft) -> set[int]:
        """Segments whose stored text is no longer the one that the person's page showed."""
        return {
            segment.index
            for segment in current.segments
            if segment.index in self.was and fingerprint(segment.text) != self.was[segment.index]
        }


def read_edits(form: Mapping[str, str], draft: Draft) -> Edits:
    """The edits in a posted form. Boxes for segments that do not exist are left out."""
    by_index = {segment.index: segment for segment in draft.segments}
    texts: dict[int, str] = {}
    was: dict[int, str] = {}
    for name, value in form.items():
        match = _NAME.fullmatch(name)
        segment = by_index.get(int(match[1])) if match else None
        if segment is None:
            continue
        before = form.get(f"was-{segment.index}", "") or fingerprint(segment.text)
        was[segment.index] = before
        text = tidy(value)
        if fingerprint(text) != before:
            texts[segment.index] = text
    return Edits(texts, was)


def kept_text(form: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a person typed into a form that could not be taken, to be shown to them again.

    Of a draft only the boxes that differ from what they were filled with; of a story's form all.
    """
    kept = []
    for name, value in form.items():
        match = _NAME.fullmatch(name)
        if match:
            if form.get(f"was-{match[1]}") != fingerprint(value):
                kept.append((f"{int(match[1]) + 1}", value))
        elif name in ("headline", "standfirst", "body", "reason", "override_reason") and value:
            kept.append((name, value))
    return kept
