"""The articles of renderings in English, French and Spanish, where a machine got them wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

#: The definite articles, but for French l'.
ARTICLES = {"en": ("the",), "fr": ("le", "la", "les"), "es": ("el", "la", "los", "las")}
#: What a preposition and the article after it become.
CONTRACTED = {
    "fr": {("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux"},
    "es": {("de", "el"): "del", ("a", "el"): "al"},
}
#: Of an article after one of these, the article is too much: "its the", "Russia's the".
_DETERMINERS = {
    "en": r"the|its|his|her|their|our|your|this|that|[^\W\d_]+['’]s|[^\W\d_]+s['’]",
    "fr": r"le|la|les|du|des|au|aux|ce|cet|cette|ces|son|sa|ses|leur|leurs|notre|nos|votre|vos",
    "es": r"el|la|los|las|del|al|este|esta|estos|estas|su|sus|nuestro|nuestra|nuestros|nuestras",
}
_TWO = {
    language: re.compile(rf"(?<![\w'’-])((?i:{first})) (?:{'|'.join(ARTICLES[language])}) $")
    for language, first in _DETERMINERS.items()
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
_PREPOSITION_AND_ARTICLE = re.compile(r"(?<![\w'’-])(de|à|a) (les?|el) $", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…][”\"»\s]*$")


def with_article(article: str, rendering: str) -> str:
    """Return a rendering after its article ("" = none): "the East Sea", "l'Assemblée"."""
    space = " " if article and not article.endswith("'") else ""
    return f"{article}{space}{rendering}"


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
        if head.endswith("d'"):
            head = f"{head[:-1]}e "
        return head + with_article(articles[rendering], "")

    return _before_each(text, articles, write)


def begin_with_article(text: str, language: str, articles: Mapping[str, str]) -> str:
    """Give the rendering that a whole sentence begins with its article: "East Sea is calm."

    Headlines, which do without one, end without a full stop.
    """
    if language not in _PREPOSITIONS or not _SENTENCE_END.search(text):
        return text
    for rendering, article in articles.items():
        rest = text[len(rendering) :]
        if text[: len(rendering)].casefold() == rendering.casefold() and rest[:1] in " ,":
            return with_article(article.capitalize(), rendering) + rest
    return text


def join_articles(text: str, language: str, renderings: Iterable[str]) -> str:
    """Write what the article of a rendering and the preposition or article before it make together.

    Only before one of the ``renderings`` (without their article): "de le faire" is good French, and
    "de El Salvador" good Spanish. "de le Premier ministre" becomes "du Premier ministre"; of "la la
    Réserve" one remains, and of "Russia's the Parliament" the first.
    """
    joined, two = CONTRACTED.get(language, {}), _TWO.get(language)

    def write(head: str, rendering: str) -> str:
        pair = _PREPOSITION_AND_ARTICLE.search(head)
        # "El" and "Le" may begin a name
        if pair and pair[2].islower() and (made := joined.get((pair[1].lower(), pair[2]))):
            return f"{head[: pair.start()]}{made.capitalize() if pair[1][0].isupper() else made} "
        if two and (found := two.search(head)):
            return f"{head[: found.start()]}{found[1]} "
        return head

    return _before_each(text, renderings, write)


def _before_each(text: str, renderings: Iterable[str], write: Callable[[str, str], str]) -> str:
    """The text with what ``write`` makes of all that stands before each rendering in it."""
    for rendering in dict.fromkeys(renderings):
        if rendering not in text:
            continue
        whole = re.compile(rf"(?<![\w-]){re.escape(rendering)}(?!\w)")
        match = whole.search(text, 1)
        while match:
            head = write(text[: match.start()], rendering)
            text = head + text[match.start() :]
            match = whole.search(text, len(head) + len(rendering))
    return text
