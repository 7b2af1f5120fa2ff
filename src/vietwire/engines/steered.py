"""An engine over a sequence-to-sequence network: hints written into the source, and retries.

Strength 0 decodes once. Strength 1 looks at the n-best of a wide beam. Strength 2 and more
tries the other ways of giving the hint (other forms, the rendering in place of the phrase, no hint
at all) and, for hints that are still not obeyed, forces the rendering into the best hypothesis at
each word boundary and decodes on from there, or leaves the rest as it is, keeping the places the
network finds most likely (lexically constrained decoding in the manner of Hokamp and Liu, 2017, by
forced prefixes).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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
        takes_placeables: bool = False,
    ) -> None:
        """Wrap a loaded network.

        :param identity: signature without term base and decoding, which are filled in here.
        :param understands_inline: the network was trained on inline markers; otherwise hints are
            given by code-switching the source.
        :param takes_placeables: it was trained on dates, figures and people as hints, too.
        """
        self.name = name
        self.network = network
        self.languages = languages
        self.max_source_tokens = max_source_tokens
        self.takes_placeables = takes_placeables
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
        placed = "+placeables" if self.takes_placeables else ""
        return replace(
            self._identity,
            decoding=f"{self.decoding},in{self.max_source_tokens},hints-{how}{placed}",
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
            self._harder(parts, found, target)
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

    def _harder(self, parts: Sequence[Request], pools: list[list[Candidate]], target: str) -> None:
        """Add to the candidates of each part with hints what every other means gives.

        All parts go through each means together, so that every core has work.
        """
        hinted = [index for index, part in enumerate(parts) if part.hints]
        variants: list[tuple[int, Request]] = []
        for index in hinted:
            part = parts[index]
            ways = [Request(part.text)]
            for at in _lacking(part, pools[index]):
                ways += [with_form(part, at, form) for form in part.hints[at].forms[:3]]
            variants += [
                (index, way)
                for way in ways
                if self.count_tokens(way.text, way.hints, target) <= self.max_source_tokens
            ]
        for write, asked in (
            (self._writers[0], variants),
            (self._writers[1], [(index, parts[index]) for index in hinted]),
        ):
            answers = self._search([way for _, way in asked], write, target, self.decoding, 2)
            for (index, _), answer in zip(asked, answers, strict=True):
                pools[index] += answer
        self._force([(parts[index], pools[index]) for index in hinted], target)

    def _force(self, work: Sequence[tuple[Request, list[Candidate]]], target: str) -> None:
        """Force renderings that the best candidate of a part lacks into it, one after the other.

        Adds what comes of it to the part's candidates.
        """
        for turn in range(max((len(part.hints) for part, _ in work), default=0)):
            places: list[_Place] = []
            for part, pool in work:
                if turn >= len(part.hints):
                    continue
                best = rank(pool, part.hints, by_terms=True, limit=1)[0]
                if not obeyed([part.hints[turn]], best.text):
                    places.append(self._place(part, pool, part.hints[turn], best.text, target))
            if not places:
                continue
            rows = [place.row for place in places for _ in place.prefixes]
            prefixes = [prefix for place in places for prefix in place.prefixes]
            # One hypothesis a place is enough: the places compete, not the beams.
            greedy = replace(self.decoding, beam=1)
            found = iter(self.network.generate(rows, target, greedy, 1, prefixes))
            made = [
                [*(next(found)[0].tokens for _ in place.prefixes), *place.spliced]
                for place in places
            ]
            rows = [place.row for place, some in zip(places, made, strict=True) for _ in some]
            scores = iter(self.network.score(rows, [o for some in made for o in some], target))
            for place, some in zip(places, made, strict=True):
                self._keep(place, some, [next(scores) for _ in some])

    def _place(
        self, part: Request, pool: list[Candidate], hint: TermHint, text: str, target: str
    ) -> _Place:
        tokens = self.network.tokens
        output = tokens.target(text, target)
        rendering = _inside(tokens, hint.rendering, target)
        starts = _places(output, hint, part.text) if rendering else []
        # A rendering is followed by what the network likes, or by the word that stood there:
        # left to itself it may take the rendering for the beginning of a longer word.
        prefixes = [[*output[:at], *rendering] for at in starts]
        prefixes += [
            [*output[:at], *rendering, *_word(output, at)] for at in starts if at < len(output)
        ]
        # And with all that follows as it is: decoded anew it may lose the renderings that it has.
        spliced = [
            [*output[:at], *rendering, *output[end:]]
            for at in starts
            for end in sorted({at, at + len(_bare(_word(output, at)))})
        ]
        row = tokens.source(self._writers[0](part.text, part.hints, target), target)
        return _Place(part, pool, hint, row, prefixes, spliced)

    def _keep(
        self, place: _Place, outputs: Sequence[Sequence[str]], scores: Sequence[float]
    ) -> None:
        tokens = self.network.tokens
        obedient = [
            (output, Candidate(tokens.text(output), score))
            for output, score in zip(outputs, scores, strict=True)
            if obeyed([place.hint], tokens.text(output))
        ]
        # One that runs in circles is better than none: the checks say so on the draft.
        placed = [c for output, c in obedient if not loops(output)] or [c for _, c in obedient]
        place.pool.extend(rank(placed, place.part.hints, by_terms=True, limit=3))


@dataclass(frozen=True, slots=True)
class _Place:
    """A hint that is to be forced into a part.

    ``prefixes`` are outputs up to the rendering, to be decoded on from; ``spliced`` whole ones.
    """

    part: Request
    pool: list[Candidate]
    hint: TermHint
    row: list[str]
    prefixes: list[list[str]]
    spliced: list[list[str]]


def _lacking(part: Request, pool: list[Candidate]) -> Sequence[int]:
    """Return which hints the best candidate does not obey.

    All of them where it obeys each: then it was its use of one that was found wanting.
    """
    best = rank(pool, part.hints, by_terms=True, limit=1)[0]
    every = range(len(part.hints))
    return [at for at in every if not obeyed([part.hints[at]], best.text)] or every


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
    if at < len(output) and output[at].startswith("▁"):
        while end < len(output) and not output[end].startswith("▁"):
            end += 1
    return output[at:end]


def _bare(word: Sequence[str]) -> Sequence[str]:
    """Return the tokens of a word without the punctuation that follows it."""
    end = len(word)
    while end and not any(char.isalnum() for char in word[end - 1]):
        end -= 1
    return word[:end]


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
