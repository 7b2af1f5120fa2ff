"""Through English: one engine from Vietnamese, others from English."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from vietwire.engines.base import (
    Candidate,
    Engine,
    Request,
    SegmentEngine,
    TermHint,
    obeyed,
    rank,
)
from vietwire.story import Signature

PIVOT = "en"


class PivotEngine(SegmentEngine):
    """Two legs. The engines of the legs belong to whoever opened them.

    A term is hinted on both: on the first with its English rendering (given, or what the first
    engine makes of the phrase alone), on the second with the wanted rendering, where that English
    rendering stands in the English text.
    """

    def __init__(
        self, name: str, first: Engine, second: Mapping[str, Callable[[], Engine]]
    ) -> None:
        """Join ``first`` (Vietnamese to English) with one opener per further language."""
        self.name = name
        self.first = first
        self._second = dict(second)
        self._opened: dict[str, Engine] = {}
        self.languages = frozenset({PIVOT, *second})
        self.max_source_tokens = first.max_source_tokens

    def second(self, target: str) -> Engine:
        """Return the engine of the second leg, opened on first use."""
        if target not in self._opened:
            self._opened[target] = self._second[target]()
        return self._opened[target]

    def signature(self, termbase_version: str) -> Signature:
        """Join the signatures of all legs."""
        legs = [self.first.signature(termbase_version)] + [
            self.second(code).signature(termbase_version) for code in sorted(self._second)
        ]

        def joined(values: Sequence[str]) -> str:
            return "+".join(dict.fromkeys(values))

        return replace(
            legs[0],
            engine="pivot",
            model=joined([leg.model for leg in legs]),
            revision=joined([leg.revision for leg in legs]),
            quantisation=joined([leg.quantisation for leg in legs]),
            decoding=joined([leg.decoding for leg in legs]),
        )

    def count_tokens(self, text: str, hints: Sequence[TermHint], target: str) -> int:
        """Return the length for the first leg."""
        if isinstance(self.first, SegmentEngine):
            return self.first.count_tokens(text, hints, PIVOT)
        return len(text.split())

    def count_output(self, texts: Sequence[str], target: str) -> int:
        """Return the tokens of the leg that wrote ``texts``."""
        last = self.first if target == PIVOT else self.second(target)
        return last.count_output(texts, target)

    def decode(
        self, parts: Sequence[Request], target: str, candidates: int, strength: int
    ) -> list[list[Candidate]]:
        """See :class:`SegmentEngine`."""
        if target == PIVOT:
            return self.first.translate(parts, PIVOT, candidates=candidates, strength=strength)
        english = self._english_forms([hint for part in parts for hint in part.hints])
        middle = [
            Request(
                part.text,
                tuple(replace(h, rendering=english[_key(h)], forms=()) for h in part.hints),
            )
            for part in parts
        ]
        keep = 1 if strength <= 0 else 3
        first = self.first.translate(middle, PIVOT, candidates=keep, strength=strength)
        onward: list[Request] = []
        owners: list[tuple[int, float]] = []
        for index, (part, found) in enumerate(zip(parts, first, strict=True)):
            for candidate in found:
                onward.append(Request(candidate.text, _found(part.hints, english, candidate.text)))
                owners.append((index, candidate.score))
        answers = self.second(target).translate(
            onward, target, candidates=candidates, strength=strength
        )
        pools: list[list[Candidate]] = [[] for _ in parts]
        for (index, before), answer in zip(owners, answers, strict=True):
            pools[index] += [Candidate(c.text, (before + c.score) / 2) for c in answer]
        return [
            rank(pool, part.hints, by_terms=strength > 0, limit=candidates)
            for part, pool in zip(parts, pools, strict=True)
        ]

    def _english_forms(self, hints: Sequence[TermHint]) -> dict[str, str]:
        """Return what each hinted phrase is called in English on the way."""
        known = {_key(hint): hint.pivot for hint in hints}
        unknown = [key for key, form in known.items() if not form]
        found = self.first.translate([Request(key) for key in unknown], PIVOT)
        for key, candidates in zip(unknown, found, strict=True):
            known[key] = candidates[0].text.rstrip(".!?… ") or key
        return known


def _key(hint: TermHint) -> str:
    return hint.source_form


def _found(
    hints: Sequence[TermHint], english: Mapping[str, str], text: str
) -> tuple[TermHint, ...]:
    """Return the hints as they stand in the English text, without those that do not."""
    folded = text.casefold()
    if len(folded) != len(text):
        folded = text
    placed: list[TermHint] = []
    for hint in sorted(hints, key=lambda h: -len(english[_key(h)])):
        form = english[_key(hint)]
        at = folded.find(form.casefold())
        while at >= 0 and any(at < p.end and p.start < at + len(form) for p in placed):
            at = folded.find(form.casefold(), at + 1)
        if at >= 0 and obeyed([replace(hint, rendering=form, forms=())], text):
            placed.append(replace(hint, source_form=form, start=at, end=at + len(form)))
    return tuple(sorted(placed, key=lambda h: h.start))
