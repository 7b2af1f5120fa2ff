"""The dummy engine: copies the source and says plainly that nothing was translated."""

from __future__ import annotations

from collections.abc import Sequence

from vietwire.engines.base import Candidate, Request, SegmentEngine, TermHint, vietwire_version
from vietwire.engines.steering import code_switched
from vietwire.story import TARGET_LANGUAGES, Signature


class DummyEngine(SegmentEngine):
    """For tests and for trying the desk; never chosen unless asked for by name.

    Its text is ``[NOT TRANSLATED en] …`` followed by the source with hinted renderings put in the
    place of their phrases. Its tokens are words.
    """

    name = "dummy"
    languages = frozenset(TARGET_LANGUAGES)

    def __init__(self, max_source_tokens: int = 256) -> None:
        self.max_source_tokens = max_source_tokens

    def count_tokens(self, text: str, hints: Sequence[TermHint], target: str) -> int:
        return len(text.split())

    def count_output(self, texts: Sequence[str], target: str) -> int:
        return sum(len(text.split()) for text in texts)

    def decode(
        self, parts: Sequence[Request], target: str, candidates: int, strength: int
    ) -> list[list[Candidate]]:
        return [
            [
                Candidate(
                    f"[NOT TRANSLATED {target}] {code_switched(part.text, part.hints, target)}", 0.0
                )
            ]
            for part in parts
        ]

    def signature(self, termbase_version: str) -> Signature:
        return Signature(
            "dummy", "none", "none", "none", "copy", termbase_version, vietwire_version()
        )
