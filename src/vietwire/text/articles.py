"""The articles of renderings in English, French and Spanish, where a machine got them wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

_JOINED = {
    "fr": {"de le": "du", "de les": "des", "à le": "au", "à les": "aux"},
    "es": {"de el": "del", "a el": "al"},
}
_DOUBLED = {
    "en": re.compile(r"the the", re.IGNORECASE),
    "fr": re.compile(r"(?:le|la|les|du|des|au|aux) (?:le|la|les)", re.IGNORECASE),
    "es": re.compile(r"(?:el|la|los|las|del|al) (?:el|la|los|las)", re.IGNORECASE),
}
# Words after which a name that takes an article is never without. French "en" is one that is.
_PREPOSITIONS = {
    "en": re.compile(
        r"\b(?:of|in|on|at|to|for|with|by|from|under|about|during|after|before|between|against"
        r"|into|within|across|and) $",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:de|à|dans|sur|avec|par|pour|sous|entre|après|avant|pendant|depuis|vers|contre|et"
        r"|via|selon) $|\bd'$",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:de|a|en|sobre|con|por|para|bajo|entre|tras|durante|desde|hacia|contra|y|según"
        r"|ante|mediante) $",
        re.IGNORECASE,
    ),
}
_LAST_TWO = re.compile(r"(?<![\w'’-])(\w+) (\w+) $")


def set_articles(text: str, language: str, articles: Mapping[str, str]) -> str:
    """Give renderings their article where they stand bare after a preposition: "in East Sea".

    ``articles`` are the articles of renderings. Elsewhere the place may be right without one (a
    headline, "the last ASEAN Summit"), so it is left alone.
    """
    prepositions = _PREPOSITIONS.get(language)
    if prepositions is None:
        return text

    def write(head: str, rendering: str) -> str:
        if not prepositions.search(head):
            return head
        article = articles[rendering]
        if head.endswith("d'"):
            head = f"{head[:-1]}e "
        return head + article + ("" if article.endswith("'") else " ")

    return _before_each(text, articles, write)


def join_articles(text: str, language: str, renderings: Iterable[str]) -> str:
    """Write what the article of a rendering and the preposition or article before it make together.

    Only before one of the ``renderings`` (without their article): "de le faire" is good French, and
    "de El Salvador" good Spanish. "de le Premier ministre" becomes "du Premier ministre"; of "la la
    Réserve" one remains.
    """
    joined, doubled = _JOINED.get(language, {}), _DOUBLED.get(language)

    def write(head: str, rendering: str) -> str:
        match = _LAST_TWO.search(head)
        if match is None or not match[2].islower():  # "El" and "La" may begin a name
            return head
        pair = match.group()[:-1]
        made = joined.get(pair.lower(), "")
        if not made and doubled is not None and doubled.fullmatch(pair):
            made = match[1]
        if not made:
            return head
        return head[: match.start()] + (made.capitalize() if pair[0].isupper() else made) + " "

    return _before_each(text, renderings, write)


def _before_each(text: str, renderings: Iterable[str], write: Callable[[str, str], str]) -> str:
    """The text with what ``write`` makes of all that stands before each rendering in it."""
    for rendering in dict.fromkeys(renderings):
        whole = re.compile(rf"(?<![\w-]){re.escape(rendering)}(?!\w)")
        match = whole.search(text, 1)
        while match:
            head = write(text[: match.start()], rendering)
            text = head + text[match.start() :]
            match = whole.search(text, len(head) + len(rendering))
    return text
