"""The checks of a draft's text as it stands now, against the term base as it stands now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from vietwire.story import Draft, DraftSegment, Finding, ForbiddenHit, TermHit


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Fresh findings and verified terms by segment index, and findings of the whole draft."""

    findings: Mapping[int, tuple[Finding, ...]]
    draft_findings: tuple[Finding, ...] = ()
    terms: Mapping[int, tuple[TermHit, ...]] = field(default_factory=dict)


#: (draft as stored, all its segments with the text to check) -> what the checks say now.
Recheck = Callable[[Draft, Sequence[DraftSegment]], Rechecked]


class Terms(Protocol):
    """What rechecking asks of a term base; ``vietwire.termbase.TermBase`` has it."""

    def find(
        self, text: str, language: str, *, on: date, context: str = ""
    ) -> tuple[TermHit, ...]: ...

    def verify(
        self, hits: Sequence[TermHit], target: str, language: str
    ) -> tuple[TermHit, ...]: ...

    def forbidden(
        self, text: str, language: str, *, source: str = "", on: date
    ) -> tuple[ForbiddenHit, ...]: ...


def rechecker(termbase: Terms, day_of: Callable[[Draft], date]) -> Recheck:
    """The product's own checks, with terms found anew: the term base may have been edited since.

    ``day_of`` answers the day a draft's story speaks from.
    """

    def recheck(draft: Draft, segments: Sequence[DraftSegment]) -> Rechecked:
        from vietwire.checks import check_draft, check_segment

        day = day_of(draft)
        language = draft.language
        context = "\n".join(s.source for s in segments)
        findings: dict[int, tuple[Finding, ...]] = {}
        terms: dict[int, tuple[TermHit, ...]] = {}
        for segment in segments:
            hits = termbase.find(segment.source, language, on=day, context=context)
            hits = termbase.verify(hits, segment.text, language)
            banned = termbase.forbidden(segment.text, language, source=segment.source, on=day)
            terms[segment.index] = hits
            findings[segment.index] = tuple(
                replace(finding, segment=segment.index)
                for finding in check_segment(
                    segment.source, segment.text, language, terms=hits, forbidden=banned
                )
            )
        whole = check_draft([(s.source, s.text) for s in segments], language)
        return Rechecked(findings, tuple(whole), terms)

    return recheck
