"""What a machine says twice."""

from __future__ import annotations

import re

_UNIT = r"VND|USD|EUR|US\$|\$|€"
_SUM = r"\d[\d.,]*(?: (?:thousand|million|billion|trillion))?"
_CURRENCY_TWICE = re.compile(
    rf"(?<![\w$])(?:{_UNIT})\s?(?={_SUM} (?:VND|USD|EUR|dongs?|dollars?|euros?)\b)"
)
#: A word right after itself; short ones (had had) and some others may well stand twice.
_WORD_TWICE = re.compile(
    r"(?<![\w'’-])(?!that\b|nous\b|vous\b)([^\W\d_A-ZÀ-ÞА-ЯЁ]{4,}|[A-ZА-ЯЁ]{2,8})(?: \1)+"
    r"(?![\w'’-])"
)
_HAN_TWICE = re.compile(r"((?!一)[\u4e00-\u9fff]{2,8}?|(?<!\d)\d{1,2}[月日号])\1+")
_TWICE_IN_SOURCE = re.compile(r"(?<!\w)(\w{2,})[\s-]\1(?!\w)", re.IGNORECASE)


def drop_doubles(text: str, language: str, source: str) -> str:
    """Leave out what certainly stands twice: a word said again, "VND2.5 trillion VND" in English.

    A network stutters, and one that is given "2.5 trillion VND" ready-made may put the sign before
    it all the same. What is said again after a comma stays: it may stand for another word, and the
    person who reviews the draft has to see that.
    """
    if language == "en":
        text = _CURRENCY_TWICE.sub("", text)
    if _TWICE_IN_SOURCE.search(source):  # Bora Bora
        return text
    return (_HAN_TWICE if language == "zh" else _WORD_TWICE).sub(r"\1", text)
