"""Scoring term obedience: the success rate, and wrong renderings to tell obeying from guessing.

The three modes (no terms, proper terms, random terms) are those of the WMT terminology tasks.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vietwire.story import TermHit, check_language
from vietwire.termbase.base import TermBase


@dataclass(frozen=True, slots=True)
class TermScore:
    """How many term mentions a set of translations obeyed. ``missed`` counts misses by concept."""

    language: str
    mentions: int
    obeyed: int
    missed: dict[str, int]

    @property
    def rate(self) -> float:
        """Term success rate, 0 to 1; 1 where there was nothing to obey."""
        return self.obeyed / self.mentions if self.mentions else 1.0


def score_terms(
    base: TermBase,
    hits: Sequence[Sequence[TermHit]],
    targets: Sequence[str],
    language: str,
) -> TermScore:
    """Verify every segment's hits in its translation.

    :raises ValueError: if there are not as many translations as segments.
    """
    check_language(language)
    if len(hits) != len(targets):
        raise ValueError(f"{len(hits)} segments but {len(targets)} translations")
    mentions = obeyed = 0
    missed: Counter[str] = Counter()
    for found, target in zip(hits, targets, strict=True):
        for hit in base.verify(found, target, language):
            mentions += 1
            if hit.obeyed:
                obeyed += 1
            else:
                missed[hit.concept] += 1
    return TermScore(language, mentions, obeyed, dict(missed.most_common()))


def random_renderings(
    base: TermBase, hits: Sequence[TermHit], language: str, *, seed: int = 0
) -> tuple[TermHit, ...]:
    """The hits with renderings of other concepts: what an engine could only write by obeying.

    Each rendering comes from a concept of about the same length, of the same domain where there are
    at least five, and is none that the hit's own concept accepts. The same seed, base and hits give
    the same answer.
    """
    check_language(language)
    pool = sorted(
        (c.id, c.domain, c.rendering(language).text)
        for c in base.concepts
        if c.rendering(language).text
    )
    chooser = random.Random(f"{seed}:{language}:{[(h.concept, h.start) for h in hits]}")  # noqa: S311
    drawn: list[TermHit] = []
    for hit in hits:
        own = base.concept(hit.concept)
        accepted = {form.casefold() for form in own.rendering(language).accepted} if own else set()
        accepted.add(hit.rendering.casefold())
        rivals = [row for row in pool if row[2].casefold() not in accepted]
        near = [row for row in rivals if own and row[1] == own.domain]
        if len(near) >= 5:
            rivals = near
        if not rivals:
            drawn.append(hit)
            continue
        rivals.sort(key=lambda row: (abs(len(row[2]) - len(hit.rendering)), row))
        drawn.append(replace(hit, rendering=chooser.choice(rivals[:10])[2]))
    return tuple(drawn)
