"""Whether a rendering stands in a target text, in any form that its language gives it.

One matcher a language, all with the same two questions: where does this phrase stand
(``occurrences``), and which of many phrases could stand here at all (``clues``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Protocol

from vietwire.story import check_language

Span = tuple[int, int]


class Matcher(Protocol):
    """Finds phrases of one language in its text."""

    def occurrences(self, phrase: str, text: str, *, names: bool = True) -> list[Span]:
        """Where ``phrase`` stands in ``text``, inflection allowed, in order, without overlaps.

        ``names`` False forgives capitals: a forbidden name stays forbidden in small letters.
        """
        ...

    def clues(self, phrase: str) -> Iterable[str]:
        """Keys of which at least one is in ``text_clues`` of every text that holds the phrase."""
        ...

    def text_clues(self, text: str) -> frozenset[str]:
        """The keys of a text that ``clues`` of a phrase are looked up in."""
        ...


@cache
def matcher(language: str) -> Matcher:
    """The matcher of a target language. Its dictionaries load when first needed.

    :raises UnknownLanguage: for a language that vietwire does not publish in.
    """
    check_language(language)
    if language == "zh":
        from vietwire.termbase.verifying.chinese import Chinese

        return Chinese()
    if language == "ru":
        from vietwire.termbase.verifying.russian import Russian

        return Russian()
    from vietwire.termbase.verifying.latin import English, French, Spanish

    return {"en": English, "fr": French, "es": Spanish}[language]()
