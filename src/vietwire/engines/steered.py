"""An engine over a sequence-to-sequence network: hints written into the source, and retries.

Strength 0 decodes once. Strength 1 looks at the n-best of a wide beam. Strength 2 and more
tries the other ways of giving the hint (other forms, the rendering in place of the phrase, no hint
at all) and, for hints that are still not obeyed, forces the rendering into the best hypothesis at
each word boundary and decodes on from there, keeping the places the network finds most likely
(lexically constrained decoding in the manner of Hokamp and Liu, 2017, by forced prefixes).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from vietwire.engines.base import (
    Candidate,
    Request,
    SegmentEngine,
    TermHint,
    obeyed,
    rank,
    vietwire_version,
)
from vietwire.engines.decoding import Decoding, Hypothesis, Network, Tokens, loops
from vietwire.engines.steering import code_switched, inline, quoted, with_form
from vietwire.story import Signature

WIDE_BEAM = 8
#: How many places are tried for a rendering that has to be forced.
PLACES = 6

Writer = Callable[[str, Sequence[TermHint], str], str]


class SteeredEngine(SegmentEngine):
    """Any network that implements :class:`vietwire.engines.decoding.Network`."""

    def __init__(
        self,
        name: str,
        network: Network,
        *,
        languages: frozenset[str],
        max_source_tokens: int,
        decoding: Decoding,
        identity: Signature,
        understands_inline: bool = False,
    ) -> None:
        """Wrap a loaded network.

        :param identity: signature without term base and decoding, which are filled in here.
        :param understands_inline: the network was trained on inline markers; otherwise hints are
            given by code-switching the source.
        """
        self.name = name
        self.network = network
        self.languages = languages
        self.max_source_tokens = max_source_tokens
        self.decoding = decoding
        self._identity = identity
        self._writers: list[Writer] = (
            [inline, code_switched]
            if understands_inline
            else [
                code_switched,
                quoted,
            ]
        )

    def signature(self, termbase_version: str) -> Signature:
        """Return what identifies this engine's output."""
        how = "inline" if self._writers[0] is inline else "codeswitch"
        return replace(
            self._identity,
            decoding=f"{self.decoding},in{self.max_source_tokens},hints-{how}",
            termbase=termbase_version,
            vietwire=vietwire_version(),
        )

    def close(self) -> None:
        """Unload the network."""
        if not self._closed:
            super().close()
            self.network.close()

    def count_tokens(self, text: str, hints: Sequence[TermHint], target: str) -> int:
        """Return the length of the network's input, tag, markers and end included."""
        return len(self.network.tokens.source(self._writers[0](text, hints, target), target))

    def count_output(self, texts: Sequence[str], target: str) -> int:
        """Return the tokens of ``texts``, ends of sentence included."""
        return sum(len(self.network.tokens.target(text, target)) + 1 for text in texts)

    def decode(
        self, parts: Sequence[Request], target: str, candidates: int, strength: int
    ) -> list[list[Candidate]]:
        """See :class:`SegmentEngine`."""
        if strength <= 0:
            found = self._search(parts, self._writers[0], target, self.decoding, candidates)
            return [
                rank(pool, part.hints, by_terms=False, limit=candidates)
                for part, pool in zip(parts, found, strict=True)
            ]
        if strength == 1:
            wide = replace(self.decoding, beam=max(WIDE_BEAM, self.decoding.beam))
            found = self._search(parts, self._writers[0], target, wide, WIDE_BEAM)
        else:
            found = self._search(parts, self._writers[0], target, self.decoding, candidates)
            for part, pool in zip(parts, found, strict=True):
                if part.hints:
                    pool += self._harder(part, pool, target)
        return [
            rank(pool, part.hints, by_terms=True, limit=candidates)
            for part, pool in zip(parts, found, strict=True)
        ]

    def _search(
        self,
        parts: Sequence[Request],
        write: Writer,
        target: str,
        decoding: Decoding,
        count: int,
    ) -> list[list[Candidate]]:
        """Decode parts in one way; where the best runs in circles or is empty, once more."""
        tokens = self.network.tokens
        rows = [tokens.source(write(part.text, part.hints, target), target) for part in parts]
        found = self.network.generate(rows, target, decoding, count)
        wild = [
            index
            for index, hypotheses in enumerate(found)
            if _wild(hypotheses[0], decoding.longest(len(rows[index])))
            or not tokens.text(hypotheses[0].tokens)
        ]
        if wild:
            again = self.network.generate(
                [rows[i] for i in wild], target, decoding.against_loops(), max(count, 4)
            )
            for index, hypotheses in zip(wild, again, strict=True):
                found[index] = hypotheses
        pools = [[self._candidate(h) for h in hypotheses] for hypotheses in found]
        return [[c for c in pool if c.text] or pool for pool in pools]

    def _candidate(self, hypothesis: Hypothesis) -> Candidate:
        return Candidate(self.network.tokens.text(hypothesis.tokens), hypothesis.score)

    def _harder(self, part: Request, pool: list[Candidate], target: str) -> list[Candidate]:
        """Return more candidates for a part by every other means there is."""
        variants = [Request(part.text)]
        for index, hint in enumerate(part.hints):
            variants += [with_form(part, index, form) for form in hint.forms[:3]]
        variants = [
            v
            for v in variants
            if self.count_tokens(v.text, v.hints, target) <= self.max_source_tokens
        ]
        more = [
            candidate
            for found in self._search(variants, self._writers[0], target, self.decoding, 2)
            for candidate in found
        ]
        more += self._search([part], self._writers[1], target, self.decoding, 2)[0]
        best = rank([*pool, *more], part.hints, by_terms=True, limit=1)[0]
        return more + self._forced(part, best, target)

    def _forced(self, part: Request, best: Candidate, target: str) -> list[Candidate]:
        """Force the renderings that are not in ``best`` into it, one after the other."""
        tokens = self.network.tokens
        row = tokens.source(self._writers[0](part.text, part.hints, target), target)
        made: list[Candidate] = []
        for hint in part.hints:
            if obeyed([hint], best.text):
                continue
            output = tokens.target(best.text, target)
            rendering = _inside(tokens, hint.rendering, target)
            if not rendering:
                continue
            places = _places(output, hint, part.text)
            # A rendering is followed by what the network likes, or by the word that stood there:
            # left to itself it may take the rendering for the beginning of a longer word.
            prefixes = [[*output[:at], *rendering] for at in places]
            prefixes += [
                [*output[:at], *rendering, *_word(output, at)] for at in places if at < len(output)
            ]
            # One hypothesis a place is enough: the places compete, not the beams.
            greedy = replace(self.decoding, beam=1)
            found = self.network.generate([row] * len(prefixes), target, greedy, 1, prefixes)
            outputs = [hypotheses[0].tokens for hypotheses in found]
            scores = self.network.score([row] * len(outputs), outputs, target)
            obedient = [
                (output, Candidate(tokens.text(output), score))
                for output, score in zip(outputs, scores, strict=True)
                if obeyed([hint], tokens.text(output))
            ]
            # One that runs in circles is better than none: the checks say so on the draft.
            placed = [c for output, c in obedient if not loops(output)] or [c for _, c in obedient]
            if placed:
                ranked = rank(placed, part.hints, by_terms=True, limit=3)
                made += ranked
                best = ranked[0]
        return made


def _inside(tokens: Tokens, rendering: str, target: str) -> list[str]:
    """Return a rendering as tokens inside a sentence: in Chinese, without a space before it."""
    if target == "zh":
        mark = "，"
        pieces = tokens.target(mark + rendering, target)
        for count in (1, 2):
            if "".join(pieces[:count]).strip("▁") == mark:
                return pieces[count:]
    return tokens.target(rendering, target)


def _word(output: Sequence[str], at: int) -> Sequence[str]:
    """Return the tokens of the word that begins at ``at``; one token where words have no mark."""
    end = at + 1
    if output[at].startswith("▁"):
        while end < len(output) and not output[end].startswith("▁"):
            end += 1
    return output[at:end]


def _wild(hypothesis: Hypothesis, longest: int) -> bool:
    return len(hypothesis.tokens) >= longest or loops(hypothesis.tokens)


def _places(output: Sequence[str], hint: TermHint, source: str) -> list[int]:
    """Return where in the output a rendering may start, nearest to where its phrase is first."""
    spaced = sum(token.startswith("▁") for token in output) * 4 > len(output)
    starts = [
        at
        for at in range(len(output) + 1)
        if at in (0, len(output)) or not spaced or output[at].startswith("▁")
    ]
    expected = len(output) * hint.start / max(1, len(source))
    return sorted(sorted(starts, key=lambda at: (abs(at - expected), at))[:PLACES])
