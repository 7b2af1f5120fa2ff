"""What a careful editor would look for in a translation before reading it.

Pure functions of source and target. Each check has a name (``CHECKS``), and each finding says how
grave it is, where it stands, what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence

from vietwire.checks.content import (
    check_empty,
    check_language_of,
    check_length,
    check_repetition,
    check_untranslated,
    check_vietnamese,
)
from vietwire.checks.draft import check_draft
from vietwire.checks.figures import check_figures
from vietwire.checks.marks import (
    check_addresses,
    check_forbidden,
    check_terms,
    check_typography,
)
from vietwire.checks.names import check_acronyms, check_names
from vietwire.story import Finding, ForbiddenHit, Severity, TermHit, check_language

__all__ = ["CHECKS", "check_draft", "check_segment"]

#: Every check, and what it looks for.
CHECKS: dict[str, str] = {
    "numbers": "figures, their units and scores, and times of day, across formats and scale words",
    "dates": "days, months, years and weekdays",
    "money": "sums and their currency",
    "percent": "percentages",
    "ordinals": "37th, 37e, XXXVII, 第37届, 37-й",
    "acronyms": "acronyms, codes such as COVID-19, and the plus of ASEAN+3",
    "names": "names of Vietnamese people",
    "length": "missing or doubled content",
    "repetition": "loops",
    "language": "output in the wrong language or script",
    "vietnamese": "Vietnamese left in the output",
    "empty": "no translation at all",
    "address": "web and e-mail addresses, handles, hashtags",
    "term": "approved renderings that are missing",
    "forbidden": "forms that must never be printed",
    "typography": "spaces, quotes and marks of the language, debris of the machine",
    "untranslated": "the source copied instead of translated",
    "consistency": "one thing by two names in a story (termbase.consistency)",
}


def check_segment(
    source: str,
    target: str,
    language: str,
    *,
    terms: Sequence[TermHit] = (),
    forbidden: Sequence[ForbiddenHit] = (),
) -> tuple[Finding, ...]:
    """Compare one Vietnamese segment with its translation; the gravest findings first.

    ``terms`` are the segment's hits after verification (``obeyed`` None is passed over),
    ``forbidden`` what the term base found in the target. An empty target gets one finding only.

    :raises UnknownLanguage: for a language vietwire does not publish in.
    """
    check_language(language)
    findings = list(check_empty(source, target))
    if not target.strip() or findings:
        return tuple(findings)
    findings += check_forbidden(target, language, forbidden)
    findings += check_typography(source, target, language)
    findings += check_addresses(source, target)
    wrong = [*check_untranslated(source, target), *check_language_of(source, target, language)]
    findings += wrong
    if any(f.severity is Severity.BLOCK for f in wrong):
        # of text that is not a translation nothing else is worth saying
        return _sorted(findings)
    findings += check_vietnamese(source, target, language)
    findings += check_repetition(source, target, language)
    findings += check_length(source, target, language)
    findings += check_terms(terms, target)
    findings += check_figures(source, target, language)
    findings += check_acronyms(source, target, language)
    findings += check_names(source, target, language)
    return _sorted(findings)


_ORDER = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.NOTE: 2}


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (_ORDER[f.severity], f.span or (0, 0))))
