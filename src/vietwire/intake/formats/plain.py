"""Plain text: front matter, then a headline on the first line and paragraphs below it."""

from __future__ import annotations

from vietwire.intake.fields import put_all, split_front_matter
from vietwire.intake.formats.subtitles import timed_lines
from vietwire.intake.outcome import Raw
from vietwire.intake.structure import blocks_of_lines


def read(text: str) -> list[Raw]:
    """One item. Subtitle cues in the body (a script with times) become cues."""
    raw = Raw(typed=True)
    fields, body = split_front_matter(text)
    put_all(raw, fields)
    rest, cues = timed_lines(body)
    raw.blocks = blocks_of_lines(rest) + cues
    return [raw]
