"""What the other languages of a story call the same thing, offered beside each term.

The spans that the checks left with each draft say where a rendering stands, so nothing is looked
up again and a page costs no more than reading the story's other drafts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vietwire.story import Draft, DraftSegment, DraftStatus, TermHit

_SETTLED = frozenset({DraftStatus.APPROVED, DraftStatus.RELEASED})


@dataclass(frozen=True, slots=True)
class Choice:
    """What one language's draft has for a term.

    ``form`` is the wording as it stands there; "" where a person wrote something that the term
    base does not know. ``by_person``: somebody edited that segment or approved the draft.
    """

    language: str
    form: str
    by_person: bool
    draft_id: int
    segment: int


def choices(concepts: Iterable[str], others: Sequence[Draft]) -> Mapping[str, tuple[Choice, ...]]:
    """For each concept what ``others`` have, in their order.

    What a person decided counts before what the machine wrote, the first mention before later ones.
    """
    wanted = set(concepts)
    found: dict[str, list[Choice]] = {}
    for draft in others:
        best: dict[str, tuple[tuple[bool, bool], Choice]] = {}
        for segment in draft.segments:
            by_person = draft.status in _SETTLED or _touched(segment)
            for hit in segment.terms:
                if hit.concept not in wanted:
                    continue
                form = _stands(hit, segment.text)
                if not form and not by_person:
                    continue
                rank = (not form, not by_person)
                if hit.concept not in best or rank < best[hit.concept][0]:
                    choice = Choice(draft.language, form, by_person, draft.id, segment.index)
                    best[hit.concept] = (rank, choice)
        for concept, (_rank, choice) in best.items():
            found.setdefault(concept, []).append(choice)
    return {concept: tuple(each) for concept, each in found.items()}


def _touched(segment: DraftSegment) -> bool:
    """Whether a person wrote it: here, or in the approved segment that it was taken from."""
    return segment.text != segment.machine_text or segment.origin == "memory"


def _stands(hit: TermHit, text: str) -> str:
    if not hit.obeyed or hit.target_span is None:
        return ""
    return text[slice(*hit.target_span)]
