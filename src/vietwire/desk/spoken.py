"""Sentences that other modules make (findings, refused moves) in the reader's language.

Those modules know nothing of interface languages and write plain English with values in it. Here
a sentence is recognised by its fixed words, its values are lifted out, and the Vietnamese sentence
of ``translations/vi/LC_MESSAGES/spoken.po`` is filled with them: ``{}`` stands for a value, in the
same order in both languages. A sentence that is not in the file stays English.
"""

from __future__ import annotations

import re
from functools import cache

from babel.messages.pofile import read_po
from flask_babel import get_locale

from vietwire.desk.i18n import TRANSLATIONS

PLACE = "{}"


@cache
def sentences(locale: str) -> dict[str, str]:
    """English sentence to the locale's, with ``{}`` for values; empty for English."""
    path = TRANSLATIONS / locale / "LC_MESSAGES" / "spoken.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


@cache
def _patterns(locale: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with values, the ones with the most fixed words first."""
    known = [(a, b) for a, b in sentences(locale).items() if PLACE in a]
    known.sort(key=lambda pair: -len(pair[0].replace(PLACE, "")))
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, a.split(PLACE))), re.DOTALL), b) for a, b in known
    )


def say(sentence: str, locale: str) -> str:
    """``sentence`` in ``locale``; unchanged where it is not known there."""
    whole = sentences(locale).get(sentence)
    if whole is not None:
        return whole
    for pattern, other in _patterns(locale):
        found = pattern.fullmatch(sentence)
        if found:
            values = [sentences(locale).get(value, value) for value in found.groups()]
            parts = other.split(PLACE)
            return parts[0] + "".join(v + p for v, p in zip(values, parts[1:], strict=True))
    return sentence


def spoken(sentence: object) -> str:
    """``sentence`` in the language of the page being made."""
    return say(str(sentence), str(get_locale()))
