"""What a machine leaves undone around renderings: their articles, and in Russian their cases.

Only what is certain is touched; the rest is for the person who reviews the draft.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from vietwire import text
from vietwire.placeables import find_placeables
from vietwire.story import TermHit
from vietwire.termbase.cases import put_in_case

if TYPE_CHECKING:
    from vietwire.termbase import TermBase

#: Before what is in a place, not on its way there.
_INSIDE = re.compile(r"(?<!\w)(?:ở|tại|trong|trên|giữa) $", re.IGNORECASE)
#: What ends a sentence; a headline or a label has none of it.
_SENTENCE = re.compile(r"[.!?…][”\"»)\s]*$")
_MONTH = re.compile(r"(?<!\w)tháng \d", re.IGNORECASE)


def article(termbase: TermBase | None, hit: TermHit, language: str, source: str) -> str:
    """Return the article that a hit's rendering takes where it stands in the source, or "".

    The base's, for the full rendering, with a short form in brackets or without. But English has
    none between a title and a name (Prime Minister Boris Johnson, of whom the base need not know),
    nor in headlines.
    """
    concept = termbase.concept(hit.concept) if termbase else None
    if concept is None or (language == "en" and not _SENTENCE.search(source)):
        return ""
    rendering = concept.rendering(language)
    after = source[hit.end : hit.end + 2]
    title = language == "en" and concept.domain == "office"
    named = title and after[:1] == " " and after[1:].isupper()
    full = hit.rendering.partition(" (")[0] == rendering.text.partition(" (")[0]
    return rendering.article if full and not named else ""


def settle(
    target: str,
    source: str,
    hits: Sequence[TermHit],
    language: str,
    termbase: TermBase | None,
) -> str:
    """Return a translation with its renderings set right.

    ``hits`` are the terms of the source and the stock phrases that may have been suggested.
    """
    target = text.drop_doubles(target, language, source)
    if language == "ru":
        return _cases(target, source, hits)
    return _articles(target, source, hits, language, termbase)


def _articles(
    target: str, source: str, hits: Sequence[TermHit], language: str, termbase: TermBase | None
) -> str:
    """A stock phrase may stand without an article, and a title but for the beginning: "the post of
    Prime Minister"."""
    articles, names, opening = {}, {}, {}
    for hit in hits:
        if found := article(termbase, hit, language, source):
            articles[hit.rendering] = found
            concept = termbase.concept(hit.concept) if termbase else None
            if concept and concept.domain != "phrase":
                opening[hit.rendering] = found
                if concept.domain != "office":
                    names[hit.rendering] = found
    if not articles:
        return target
    target = text.begin_with_article(target, language, opening)
    return text.join_articles(text.set_articles(target, language, names), language, articles)


def _cases(target: str, source: str, hits: Sequence[TermHit]) -> str:
    months = []
    if _MONTH.search(source):
        places = find_placeables(source, "ru")
        months = [place.rendering for place in places if _MONTH.match(place.phrase)]
    inside = {hit.rendering for hit in hits if _INSIDE.search(source, 0, hit.start)}
    return put_in_case(target, [*(hit.rendering for hit in hits), *months], inside=inside)
