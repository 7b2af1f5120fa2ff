"""How much people changed what the machine wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vietwire.story import Draft


@dataclass(frozen=True, slots=True)
class PostEdit:
    """Post-edit effort over one or more drafts.

    ``segments`` had machine text; ``edited`` of them a person changed. ``characters`` is the
    length of the text as it stands; ``distance`` the Levenshtein distance between machine text
    and it, in characters.
    """

    segments: int = 0
    edited: int = 0
    characters: int = 0
    distance: int = 0

    @property
    def rate(self) -> float:
        """Character edits per character of final text: 0 is untouched, 1 is written anew."""
        return self.distance / self.characters if self.characters else float(self.distance > 0)

    def __add__(self, other: PostEdit) -> PostEdit:
        return PostEdit(
            self.segments + other.segments,
            self.edited + other.edited,
            self.characters + other.characters,
            self.distance + other.distance,
        )


def post_edit(drafts: Iterable[Draft]) -> PostEdit:
    """The effort over all segments that the machine made or memory filled in."""
    total = PostEdit()
    for draft in drafts:
        for segment in draft.segments:
            changed = segment.text != segment.machine_text
            distance = edit_distance(segment.machine_text, segment.text) if changed else 0
            total += PostEdit(1, int(changed), len(segment.text), distance)
    return total


def edit_distance(a: str, b: str) -> int:
    """Levenshtein distance in characters, by the bit-parallel method of Myers (1999).

    Hyyrö's form of 2003; Python's integers serve as bit vectors of any length.
    """
    if not a or not b:
        return len(a) + len(b)
    places: dict[str, int] = {}
    for i, letter in enumerate(a):
        places[letter] = places.get(letter, 0) | 1 << i
    mask, last = (1 << len(a)) - 1, 1 << len(a) - 1
    up, down, distance = mask, 0, len(a)
    for letter in b:
        match = places.get(letter, 0)
        diagonal = (((match & up) + up) ^ up) | match | down
        right = down | ~(diagonal | up) & mask
        left = up & diagonal
        distance += bool(right & last) - bool(left & last)
        right = right << 1 | 1
        up = (left << 1 | ~(diagonal | right)) & mask
        down = right & diagonal & mask
    return distance
