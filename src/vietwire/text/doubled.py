"""What a machine says twice."""

from __future__ import annotations

import re

_UNIT = r"VND|USD|EUR|US\$|\$|€"
_SUM = r"\d[\d.,]*(?: (?:thousand|million|billion|trillion))?"
_CURRENCY_TWICE = re.compile(
    rf"(?<![\w$])(?:{_UNIT})\s?(?={_SUM} (?:VND|USD|EUR|dongs?|dollars?|euros?)\b)"
)


def drop_doubles(text: str, language: str) -> str:
    """Leave out what certainly stands twice: the first of "VND2.5 trillion VND" in English.

    A network that is given "2.5 trillion VND" ready-made may put the sign before it all the same.
    """
    return _CURRENCY_TWICE.sub("", text) if language == "en" else text
