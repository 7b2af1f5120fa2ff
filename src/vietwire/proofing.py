"""Proofing a draft: its terms found and verified, and every check run, segment by segment.

Translation does it to the machine's text and review to people's, so that both are held to the same
rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from vietwire import checks
from vietwire.story import Finding, TermHit
from vietwire.termbase.consistency import consistent

if TYPE_CHECKING:
    from vietwire.termbase import TermBase


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found in one segment: its terms as verified, and its findings."""

    terms: tuple[TermHit, ...]
    findings: tuple[Finding, ...]


def proof(
    pairs: Sequence[tuple[str, str]],
    language: str,
    *,
    termbase: TermBase,
    day: date,
    context: str = "",
) -> tuple[list[Proof], tuple[Finding, ...]]:
    """Proof the (source, target) segments of one draft, in story order.

    ``day`` decides which terms are valid. ``context`` is the whole source text, for terms whose
    short form is ambiguous; the segments joined where it is left out. Returns a proof for each
    segment, findings numbered by its place in ``pairs``, and the findings of the whole draft.
    """
    context = context or "\n".join(source for source, _ in pairs)
    verified = [
        tuple(
            termbase.verify(
                termbase.find(source, language, on=day, context=context), target, language
            )
        )
        for source, target in pairs
    ]
    mentions = [(terms, target) for terms, (_, target) in zip(verified, pairs, strict=True)]
    departures = consistent(termbase, mentions, language)
    proofs: list[Proof] = []
    for number, ((source, target), terms) in enumerate(zip(pairs, verified, strict=True)):
        findings = checks.check_segment(
            source,
            target,
            language,
            terms=terms,
            forbidden=termbase.forbidden(target, language, source=source, on=day),
        )
        own = (finding for finding in departures if finding.segment == number)
        proofs.append(Proof(terms, tuple(replace(f, segment=number) for f in (*findings, *own))))
    return proofs, tuple(checks.check_draft(pairs, language))
