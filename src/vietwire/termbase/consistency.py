"""One rendering per concept per story: in full at first mention, short afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from vietwire.story import Finding, Severity, TermHit
from vietwire.termbase.model import PLACES, Concept, Rendering
from vietwire.termbase.verifying import Span, matcher
from vietwire.termbase.verifying.beside import is_adjective
from vietwire.termbase.verifying.countries import adjectives

_ORDINAL = re.compile(r"\d+\D|[IVXL]+$")
# Chinese has no spaces: a character beside a word does not make it part of a longer one.
_HAN = "\u4e00-\u9fff"


class Concepts(Protocol):
    """Where a concept is looked up by its id."""

    def concept(self, identifier: str) -> Concept | None: ...


def in_full(concept: Concept, language: str) -> str:
    """A concept's rendering as first mentioned: in full, with its short form in brackets.

    An office takes no bracket (Prime Minister, later PM), and a country or place only a true
    acronym (RoK, but not HCM City).
    """
    rendering = concept.rendering(language)
    text, short = rendering.text, rendering.short
    if not short or _holds(text, short) or concept.domain == "office":
        return text
    if concept.domain in ("country", "place") and not (short.isalpha() and short[-1].isupper()):
        return text
    number, _, name = short.partition(" ")
    if _ORDINAL.match(number) and name and text.startswith(f"{number} "):
        short = name  # 15th East Asia Summit (EAS)
    brackets = "{}（{}）" if language == "zh" else "{} ({})"
    return brackets.format(text, short)


def _holds(text: str, short: str) -> bool:
    """Whether a rendering has its short form in it already, as words of their own."""
    return re.search(rf"(?<![^\W{_HAN}]){re.escape(short)}(?![^\W{_HAN}])", text) is not None


def first_mentions(
    base: Concepts,
    sources: Sequence[str],
    hits: Sequence[Sequence[TermHit]],
    language: str,
    *,
    brief: frozenset[int] = frozenset(),
) -> list[tuple[TermHit, ...]]:
    """The hits of a story's segments with the rendering each mention should have.

    Where the source writes a name out for the first time, its rendering is the full one with the
    short form in brackets (without, where the source gives the abbreviation itself right after);
    where it writes it out again, the short one. An abbreviation in the source is left as ``find``
    rendered it: whoever wrote the story knew that readers know it. ``brief`` are the indexes of
    segments too short for a full form (headlines, labels): they neither get one nor count.
    """
    met: set[str] = set()
    result: list[tuple[TermHit, ...]] = []
    for number, (source, found) in enumerate(zip(sources, hits, strict=True)):
        row: list[TermHit] = []
        for hit in found:
            concept = base.concept(hit.concept)
            rendering = concept.rendering(language) if concept else Rendering()
            if (
                concept is None
                or not rendering.short
                or hit.rendering != rendering.text
                or hit.source_form in concept.abbreviations
                or number in brief
            ):
                row.append(hit)
            elif _bracketed(source, hit.end):
                met.add(hit.concept)
                row.append(hit)
            elif hit.concept in met:
                row.append(replace(hit, rendering=rendering.short))
            else:
                met.add(hit.concept)
                row.append(replace(hit, rendering=in_full(concept, language)))
        result.append(tuple(row))
    return result


def _bracketed(source: str, end: int) -> bool:
    """Whether the source goes on with something in brackets, as in "... (RCEP)"."""
    return source[end : end + 2].lstrip().startswith("(")


def consistent(
    base: Concepts, segments: Sequence[tuple[Sequence[TermHit], str]], language: str
) -> tuple[Finding, ...]:
    """Where a story in one language calls one thing by two names.

    ``segments`` are (verified hits, target text) in story order. The first full form that the
    story uses is the one it should keep; the short form beside it is as the house does it. Returns
    one finding for each mention that departs, with ``segment`` filled in. A short form that comes
    before the full one, where the source has the full one first, is noted.
    """
    chosen: dict[tuple[str, str], str] = {}
    introduced: set[str] = set()
    findings: list[Finding] = []
    for number, (hits, target) in enumerate(segments):
        for hit in hits:
            concept = base.concept(hit.concept)
            if concept is None or not hit.obeyed or hit.target_span is None:
                continue
            rendering = concept.rendering(language)
            if adjectives(rendering.text, language):
                continue  # a country and its adjective are no two names of one thing
            used = _form_used(rendering, target, hit.target_span, language)
            if not used or _is_derived(used, concept, rendering, language):
                continue
            if used == rendering.short and used != rendering.text:
                written_out = hit.source_form not in concept.abbreviations
                if hit.concept not in introduced and written_out:
                    findings.append(
                        _finding(
                            Severity.NOTE,
                            f"{used!r} stands at first mention, where the source is in full",
                            f"Write {in_full(concept, language)!r} at first mention.",
                            hit,
                            number,
                        )
                    )
                introduced.add(hit.concept)
                continue
            introduced.add(hit.concept)
            # a minister and a "Ngoại trưởng" of one sentence are often two people
            named = hit.source_form if concept.domain == "office" else ""
            first = chosen.setdefault((hit.concept, named), used)
            if used != first:
                findings.append(
                    _finding(
                        Severity.WARN,
                        f"{used!r} here, {first!r} earlier in the story for {hit.source_form!r}",
                        f"Keep one rendering in a story: {rendering.text!r}.",
                        hit,
                        number,
                    )
                )
    return tuple(findings)


def _finding(severity: Severity, message: str, action: str, hit: TermHit, number: int) -> Finding:
    return Finding(
        severity,
        "consistency",
        message,
        action,
        span=hit.target_span,
        source_span=(hit.start, hit.end),
        segment=number,
    )


def _is_derived(used: str, concept: Concept, rendering: Rendering, language: str) -> bool:
    """Whether a form is the adjective of a place: as little a second name as a country's is."""
    return concept.domain in PLACES and is_adjective(used, rendering.text, language)


def _form_used(rendering: Rendering, target: str, span: Span, language: str) -> str:
    """Which accepted form stands at a span of the target; spellings of one name count as one."""
    finder = matcher(language)
    for form in rendering.accepted:
        if any(s <= span[0] and span[1] <= e for s, e in finder.occurrences(form, target)):
            return form
    return ""
