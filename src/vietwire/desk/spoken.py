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
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
#: How the checks write a date: day, month and year as far as they are known.
_DATE = re.compile(rf"(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)})(?: (\d{{4}}))?")


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
            before = _fixed(pattern)
            values = [
                value if fixed.endswith(("“", "'")) else _value(value, locale)
                for fixed, value in zip(before, found.groups(), strict=True)
            ]
            parts = other.split(PLACE)
            said = parts[0] + "".join(v + p for v, p in zip(values, parts[1:], strict=True))
            return said[:1].upper() + said[1:] if sentence[:1].isupper() else said
    return sentence


@cache
def _fixed(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """The fixed words before each value. A value in quotation marks is a quotation, not ours."""
    return tuple(pattern.pattern.split("(.+?)")[:-1])


def _value(value: str, locale: str) -> str:
    """A value that is itself a word, a date or a sentence of ours; otherwise as it is."""
    date = _DATE.fullmatch(value)
    if date is None:
        return say(value, locale)
    day, month, year = date.groups()
    number = str(_MONTHS.index(month) + 1)
    if day is None and year is None:
        return f"tháng {number}"
    return "/".join(part for part in (day, number, year) if part)


def spoken(sentence: object) -> str:
    """``sentence`` in the language of the page being made."""
    return say(str(sentence), str(get_locale()))
