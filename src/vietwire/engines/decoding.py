"""What a network is, seen from the engines: rows of tokens in, scored hypotheses out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

#: The beam of an engine that says nothing of its own: large networks take their time.
USUAL_BEAM = 4


@dataclass(frozen=True, slots=True)
class Decoding:
    """How hypotheses are searched for; part of a draft's signature.

    ``length_factor`` and ``length_extra`` bound the output: at most ``factor * source + extra``
    tokens, the source counted in steps of eight. ``repetition_penalty`` 1 and
    ``no_repeat_ngram`` 0 mean none.
    """

    beam: int = 2
    length_penalty: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0
    length_factor: float = 2.0
    length_extra: int = 16

    def __str__(self) -> str:
        """Return a short form such as ``beam2,lp1,rep1,ngram0,len2x+16``."""
        return (
            f"beam{self.beam},lp{self.length_penalty:g},rep{self.repetition_penalty:g},"
            f"ngram{self.no_repeat_ngram},len{self.length_factor:g}x+{self.length_extra}"
        )

    def longest(self, source: int) -> int:
        """Return the most output tokens for a source of so many tokens."""
        return int(self.length_factor * rounded(source)) + self.length_extra

    def against_loops(self) -> Decoding:
        """Return the same search with means against repetition, for segments that ran wild."""
        return replace(
            self,
            repetition_penalty=max(self.repetition_penalty, 1.2),
            no_repeat_ngram=self.no_repeat_ngram or 4,
        )


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Output tokens without tags, end or padding; ``score`` is their mean log-probability."""

    tokens: tuple[str, ...]
    score: float


class Tokens(Protocol):
    """The tokeniser of a network, with its way of naming languages."""

    def unwanted(self, row: Sequence[str]) -> tuple[str, ...]:
        """Return the pieces that an output for the source ``row`` must not have.

        Tags and markers never; bytes of characters that have no piece only where the source has
        such a character: copied they make one, invented they make debris.
        """
        ...

    def source(self, text: str, target: str) -> list[str]:
        """Return the network's input for a source text: tag, pieces, end of sentence."""
        ...

    def start(self, target: str) -> list[str]:
        """Return the tokens that every output in this language starts with (often none)."""
        ...

    def target(self, text: str, target: str) -> list[str]:
        """Return a text of the target language as output tokens, without start and end."""
        ...

    def text(self, tokens: Sequence[str]) -> str:
        """Return output tokens as text."""
        ...

    def ids(self, tokens: Sequence[str]) -> list[int]:
        """Return the numbers of tokens in the network's vocabulary."""
        ...

    def pieces(self, ids: Sequence[int]) -> list[str]:
        """Return the tokens with these numbers."""
        ...


class Network(Protocol):
    """A loaded network. Its answers for a row depend on nothing but the row and the arguments."""

    @property
    def tokens(self) -> Tokens:
        """The network's tokeniser."""
        ...

    def generate(
        self,
        rows: Sequence[Sequence[str]],
        target: str,
        decoding: Decoding,
        count: int = 1,
        prefixes: Sequence[Sequence[str]] | None = None,
    ) -> list[list[Hypothesis]]:
        """Return up to ``count`` hypotheses a row, best first.

        ``prefixes`` are output tokens that a row's hypotheses have to start with.
        """
        ...

    def score(
        self,
        rows: Sequence[Sequence[str]],
        outputs: Sequence[Sequence[str]],
        target: str,
    ) -> list[float]:
        """Return the mean log-probability of each output given its row, the end included."""
        ...

    def close(self) -> None:
        """Give the memory back."""
        ...


def rounded(length: int, step: int = 8) -> int:
    """Round a length up to a multiple of ``step``."""
    return -(-length // step) * step


def loops(tokens: Sequence[str], times: int = 4) -> bool:
    """Whether the same run of one to eight tokens follows itself ``times`` times.

    Digits and their separators do not count: 10.000.000.000 is a number, not a loop.
    """
    words = [token for token in tokens if token.strip("▁0123456789.,")]
    for size in range(1, 9):
        run = 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            if run >= size * (times - 1):
                return True
    return False
