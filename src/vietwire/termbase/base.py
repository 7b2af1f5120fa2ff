"""The term base: find terms in a source, verify them in a target, and spot what is forbidden."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from vietwire.story import Finding, ForbiddenHit, TermHit, check_language
from vietwire.termbase.consistency import consistent, first_mentions, in_full
from vietwire.termbase.finding import Finder, Match
from vietwire.termbase.model import RENDERING_AT, Concept, Rendering, TermKind
from vietwire.termbase.table import FILE_NAME, read_table
from vietwire.termbase.verifying import Matcher, Span, matcher
from vietwire.termbase.verifying.beside import (
    compounded,
    is_adjective,
    shortened,
    with_adjectives,
)
from vietwire.termbase.verifying.countries import adjectives

#: What a body of the house's own country is called in a story about another's.
_ABROAD = {"national-assembly": "parliament"}
_HOME_NAME = "Việt Nam"


class _Ban(NamedTuple):
    """A forbidden form and whose it is."""

    form: str
    concept: Concept
    instead: str
    everywhere: bool


class TermBase:
    """Concepts with their Vietnamese forms and approved renderings. Immutable; safe to share."""

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self.concepts: tuple[Concept, ...] = tuple(concepts)
        self._by_id: Mapping[str, Concept] = {c.id: c for c in self.concepts}
        self._bans: dict[str, dict[str, list[_Ban]]] = {}

    @classmethod
    def load(cls, folder: Path) -> TermBase:
        """Read ``terms.csv`` of a glossary folder.

        :raises TermBaseInvalid: with every fault of the table, by row and column.
        """
        # Hundreds of thousands of cells, none of them in a cycle: the collector would walk them
        # over and over for nothing (a quarter of the time at 20,000 rows).
        collecting = gc.isenabled()
        gc.disable()
        try:
            return cls(read_table(folder / FILE_NAME))
        finally:
            if collecting:
                gc.enable()

    def __len__(self) -> int:
        return len(self.concepts)

    def __contains__(self, concept: object) -> bool:
        return concept in self._by_id

    def concept(self, identifier: str) -> Concept | None:
        """The concept of this id, None where there is none."""
        return self._by_id.get(identifier)

    @cached_property
    def version(self) -> str:
        """Twelve hex digits over the content; the order of rows and columns does not count."""
        rows = sorted("\x1f".join(concept.cells) for concept in self.concepts)
        return hashlib.sha256("\x1e".join(rows).encode()).hexdigest()[:12]

    @cached_property
    def _finder(self) -> Finder:
        return Finder(c for c in self.concepts if c.kind is not TermKind.SUGGEST)

    @cached_property
    def _suggester(self) -> Finder:
        return Finder(c for c in self.concepts if c.kind is TermKind.SUGGEST)

    # Source ---------------------------------------------------------------------------------

    def matches(self, text: str, *, on: date, context: str = "") -> tuple[Match, ...]:
        """Every term found in a Vietnamese text, whatever its renderings: see ``find``."""
        return self._finder.find(text, on=on, context=context)

    def find(self, text: str, language: str, *, on: date, context: str = "") -> tuple[TermHit, ...]:
        """The terms of a Vietnamese text that have a rendering in ``language``.

        ``on`` is the story's date: titles change hands. ``context`` is more of the story, for
        short forms that need a telling word near them. Hits are in source order and do not overlap;
        offsets are characters of ``text``. An abbreviation is rendered by the short form where the
        base has one. A term to keep is rendered as it stands in the source.

        :raises UnknownLanguage: for a language vietwire does not publish in.
        """
        check_language(language)
        hits = []
        for match in self.matches(text, on=on, context=context):
            concept = match.entry.concept
            surface = text[match.start : match.end]
            rendering = concept.rendering(language)
            wanted = rendering.text
            if match.entry.abbreviation and rendering.short:
                wanted = rendering.short
            if not wanted and concept.kind is TermKind.KEEP:
                wanted = surface
            if wanted:
                hits.append(TermHit(concept.id, surface, match.start, match.end, wanted))
        return tuple(hits)

    def suggestions(
        self, text: str, language: str, *, on: date, beside: Sequence[TermHit] = ()
    ) -> tuple[TermHit, ...]:
        """The stock phrases of a Vietnamese text (kind suggest), with their usual renderings.

        What overlaps one of the terms ``beside`` is left to the term. Otherwise as ``find``.
        """
        check_language(language)
        hits = []
        for match in self._suggester.find(text, on=on):
            wanted = match.entry.concept.rendering(language).text
            inside = any(match.start < hit.end and hit.start < match.end for hit in beside)
            if wanted and not inside:
                surface = text[match.start : match.end]
                concept = match.entry.concept.id
                hits.append(TermHit(concept, surface, match.start, match.end, wanted))
        return tuple(hits)

    # Target ---------------------------------------------------------------------------------

    def verify(self, hits: Sequence[TermHit], target: str, language: str) -> tuple[TermHit, ...]:
        """The hits with ``obeyed`` and ``target_span`` filled in.

        A term is obeyed when its rendering, its short form or another accepted form stands in the
        target, inflected as the language inflects; a country's name also by its adjective. A hit
        whose rendering is not one of its concept's (a random term of an evaluation, a story's own
        choice) must find that rendering.
        Two mentions of one term take two places where the target has two, and may share one where
        it has one: good copy writes "it" for the second.
        """
        finder = matcher(check_language(language))
        taken: set[Span] = set()
        places: dict[tuple[str, str], list[Span]] = {}
        done: list[TermHit | None] = [None] * len(hits)
        # Longer renderings choose first, so that "ASEAN" does not take the one in "ASEAN Summit".
        for at in sorted(range(len(hits)), key=lambda i: -len(hits[i].rendering)):
            hit = hits[at]
            key = (hit.concept, hit.rendering)
            if key not in places:
                places[key] = [
                    span
                    for form in self._accepted(hit, language)
                    for span in finder.occurrences(form, target)
                ]
            spans = places[key]
            free = [s for s in spans if all(s[1] <= t[0] or t[1] <= s[0] for t in taken)]
            span = min(free, default=None) or min(spans, default=None)
            if span:
                taken.add(span)
            done[at] = replace(hit, obeyed=span is not None, target_span=span)
        verified = [hit for hit in done if hit is not None]
        return self._beside_others(verified, target, language)

    def _beside_others(
        self, hits: Sequence[TermHit], target: str, language: str
    ) -> tuple[TermHit, ...]:
        """The hits, those obeyed too that stand in a form which they have only beside another."""
        missed = {
            at: self._by_id[hit.concept]
            for at, hit in enumerate(hits)
            if not hit.obeyed
            and hit.concept in self._by_id
            and hit.rendering in self._by_id[hit.concept].rendering(language).accepted
        }
        if not missed:
            return tuple(hits)
        pairs: dict[str, Span] = {}
        if language == "zh":
            pairs = shortened((c.rendering(language).text for c in missed.values()), target)
        found = list(hits)
        for at, concept in missed.items():
            span = pairs.get(concept.rendering(language).text)
            span = span or self._beside_one(concept, hits, target, language)
            if span:
                found[at] = replace(hits[at], obeyed=True, target_span=span)
        return tuple(found)

    def _beside_one(
        self, concept: Concept, hits: Sequence[TermHit], target: str, language: str
    ) -> Span | None:
        """Where a missed concept stands in a form that it has only beside the countries of hits."""
        rendering = concept.rendering(language)
        if concept.domain == "country":
            return compounded(rendering.text, _derived(concept, language), target, language)
        forms: Iterable[str] = ()
        abroad = self._by_id.get(_ABROAD.get(concept.id, ""))
        if abroad is not None and self._is_abroad(hits):
            forms = abroad.rendering(language).accepted
        elif concept.domain == "office" and language in ("fr", "es"):
            concepts = (self._by_id.get(hit.concept) for hit in hits)
            countries = (c for c in concepts if c is not None and c.domain == "country")
            beside = chain.from_iterable(_derived(country, language) for country in countries)
            forms = with_adjectives(rendering.accepted, beside)
        return _first(forms, matcher(language), target)

    def _is_abroad(self, hits: Sequence[TermHit]) -> bool:
        """Whether a sentence names another country, alone or in a title, and not the house's."""
        if any(_HOME_NAME in hit.source_form for hit in hits):
            return False
        concepts = [(hit, self._by_id.get(hit.concept)) for hit in hits]
        return any(
            concept.domain == "country" or self._names_a_country(hit, concept)
            for hit, concept in concepts
            if concept is not None
        )

    def _names_a_country(self, hit: TermHit, concept: Concept) -> bool:
        """Whether a term has a country in it, in Vietnamese and in English: Tuấn Anh has none."""
        titled = concept.rendering("en").text
        return any(
            f" {country.vi} " in f"{hit.source_form} "
            and any(
                word in titled
                for word in (*country.rendering("en").accepted, *_derived(country, "en"))
            )
            for country in self._countries
        )

    @cached_property
    def _countries(self) -> tuple[Concept, ...]:
        return tuple(concept for concept in self.concepts if concept.domain == "country")

    def _accepted(self, hit: TermHit, language: str) -> tuple[str, ...]:
        concept = self._by_id.get(hit.concept)
        rendering = concept.rendering(language) if concept else Rendering()
        accepted = rendering.accepted
        if hit.rendering in accepted:
            return (*accepted, *adjectives(rendering.text, language))
        if concept and rendering.text and hit.rendering == in_full(concept, language):
            return (hit.rendering, *accepted)
        return (hit.rendering,)

    # Across a story -------------------------------------------------------------------------

    def first_mentions(
        self,
        sources: Sequence[str],
        hits: Sequence[Sequence[TermHit]],
        language: str,
        *,
        brief: frozenset[int] = frozenset(),
    ) -> list[tuple[TermHit, ...]]:
        """The hits of a story with full renderings at first mention and short ones later.

        See ``consistency.first_mentions``.
        """
        return first_mentions(self, sources, hits, check_language(language), brief=brief)

    def consistent(
        self, segments: Sequence[tuple[Sequence[TermHit], str]], language: str
    ) -> tuple[Finding, ...]:
        """Findings where a story calls one thing by two names: see ``consistency.consistent``."""
        return consistent(self, segments, check_language(language))

    # Forbidden ------------------------------------------------------------------------------

    def forbidden(
        self, text: str, language: str, *, source: str = "", on: date
    ) -> tuple[ForbiddenHit, ...]:
        """What house style forbids in a target text, in any inflection and any capitals.

        The forbidden forms of a concept of kind forbid (South China Sea) are forbidden wherever
        they stand. Those of any other concept are wrong names for it, and forbidden where the
        source has it (German Prime Minister where the source has Thủ tướng Đức); without
        ``source`` they too are forbidden everywhere. What is part of a longer approved rendering of
        a concept of the source is left alone.

        :raises UnknownLanguage: for a language vietwire does not publish in.
        """
        finder = matcher(check_language(language))
        bans = self._bans_of(language)
        if not text or not bans:
            return ()
        clues = finder.text_clues(text)
        candidates = {
            (ban.concept.id, ban.form): ban for clue in clues for ban in bans.get(clue, ())
        }
        in_source: dict[str, Concept] | None = None
        hits: list[ForbiddenHit] = []
        for ban in candidates.values():
            if not ban.concept.valid_on(on):
                continue
            spans = finder.occurrences(ban.form, text, names=False)
            if not spans:
                continue
            if in_source is None:
                found = self.matches(source, on=on) if source else ()
                in_source = {m.entry.concept.id: m.entry.concept for m in found}
            if source and not ban.everywhere and ban.concept.id not in in_source:
                continue
            approved = [
                span
                for other in in_source.values()
                for form in other.rendering(language).accepted
                if len(form) > len(ban.form)
                for span in finder.occurrences(form, text)
            ]
            hits += [
                ForbiddenHit(ban.form, start, end, ban.instead, ban.concept.id)
                for start, end in spans
                if not any(s <= start and end <= e for s, e in approved)
            ]
        return _without_overlaps(hits)

    def _bans_of(self, language: str) -> dict[str, list[_Ban]]:
        """Forbidden forms by the clues that a text which holds them has; built when first asked."""
        if language not in self._bans:
            finder = matcher(language)
            index: dict[str, list[_Ban]] = {}
            at = RENDERING_AT[language] + 3
            for concept in self.concepts:
                if not concept.cells[at]:
                    continue
                rendering = concept.rendering(language)
                for form in rendering.forbidden:
                    ban = _Ban(form, concept, rendering.text, concept.kind is TermKind.FORBID)
                    for clue in finder.clues(form):
                        index.setdefault(clue, []).append(ban)
            self._bans[language] = index
        return self._bans[language]


def _derived(country: Concept, language: str) -> tuple[str, ...]:
    """The adjectives and people of a country, by the table of countries and by its own forms."""
    rendering = country.rendering(language)
    forms = (form for form in rendering.forms if is_adjective(form, rendering.text, language))
    return (*adjectives(rendering.text, language), *forms)


def _first(forms: Iterable[str], finder: Matcher, target: str) -> Span | None:
    """Where one of some forms stands first in a target."""
    spans = (span for form in dict.fromkeys(forms) for span in finder.occurrences(form, target))
    return min(spans, default=None)


def _without_overlaps(hits: Sequence[ForbiddenHit]) -> tuple[ForbiddenHit, ...]:
    """The longest of hits on the same words, in order."""
    kept: list[ForbiddenHit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
        if all(hit.end <= k.start or k.end <= hit.start for k in kept):
            kept.append(hit)
    return tuple(sorted(kept, key=lambda h: h.start))
