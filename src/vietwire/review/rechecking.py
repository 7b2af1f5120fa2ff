"""The checks of a draft's text as it stands now, against the term base as it stands now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from vietwire.proofing import proof
from vietwire.story import Draft, DraftSegment, Finding, TermHit

if TYPE_CHECKING:
    from vietwire.termbase import TermBase


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Fresh findings and verified terms by segment index, and findings of the whole draft."""

    findings: Mapping[int, tuple[Finding, ...]]
    draft_findings: tuple[Finding, ...] = ()
    terms: Mapping[int, tuple[TermHit, ...]] = field(default_factory=dict)


#: (draft as stored, all its segments with the text to check) -> what the checks say now.
Recheck = Callable[[Draft, Sequence[DraftSegment]], Rechecked]


def rechecker(termbase: TermBase, day_of: Callable[[Draft], date]) -> Recheck:
    """The product's own checks, with terms found anew: the term base may have been edited since.

    ``day_of`` answers the day a draft's story speaks from.
    """

    def recheck(draft: Draft, segments: Sequence[DraftSegment]) -> Rechecked:
        pairs = [(segment.source, segment.text) for segment in segments]
        proofs, whole = proof(pairs, draft.language, termbase=termbase, day=day_of(draft))
        numbered = list(zip((segment.index for segment in segments), proofs, strict=True))
        return Rechecked(
            {
                index: tuple(replace(finding, segment=index) for finding in found.findings)
                for index, found in numbered
            },
            whole,
            {index: found.terms for index, found in numbered},
        )

    return recheck
