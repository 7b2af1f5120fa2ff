"""Cleaning and filtering of parallel text, one sentence pair at a time.

All functions are pure. Text is NFC throughout; languages are the two-letter codes
``vi en fr es zh ru``.
"""

from __future__ import annotations

import re
import unicodedata

LANGUAGES = ("vi", "en", "fr", "es", "zh", "ru")
TARGETS = ("en", "fr", "es", "zh", "ru")

_SPACE = re.compile(r"[\s\u00a0\u2009\u202f\u200b\ufeff]+")
_BULLET = re.compile(r"^(?:[-*+•#>]+|\d+\))\s+")
_MARKUP = re.compile(
    r"<[^<>]{1,80}>|\$[^$]+\$|\{|\}|`|\\|\||https?:|www\.|%[sdifu0-9(]|&[a-zA-Z#]|\[\[|\]\(|==|"
    r"@@|\*\*|[A-Za-z0-9]_[A-Za-z0-9]|\w\(\)|=>|->|\.\w{2,4}/|^\W+$|\t|\bQCoreApplication\b"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d.,\u00a0 ]*\d|\d")
_NON_DIGIT = re.compile(r"\D")
_HAN_SPACE = re.compile(
    r"(?<=[\u3400-\u9fff，。！？；：、“”（）])\s+(?=[\u3400-\u9fff，。！？；：、“”（）])"
)
_FULLWIDTH = {",": "，", "?": "？", "!": "！", ";": "；", ":": "：", "(": "（", ")": "）"}
_HALF_AFTER_HAN = re.compile(r"(?<=[\u3400-\u9fff）》”])\s*([,?!;:()])\s*")
_HALF_BEFORE_HAN = re.compile(r"\s*([,?!;()])\s*(?=[\u3400-\u9fff《“])")
_HAN_STOP = re.compile(r"(?<=[\u3400-\u9fff）》”])\.(?=$|[”’）])")

# Expected characters for one Vietnamese character, from the data.
_RATIO = {"vi": 1.0, "en": 1.0, "fr": 1.15, "es": 1.1, "zh": 0.32, "ru": 1.05}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMON: dict[str, frozenset[str]] = {
    "en": _words(
        """
        the of and to in a is that for it on with as was be by are at this from or have has an
        not you i he she we they his her their its will can but if your do my what how there
        were been who which when so all one about no more than
        """
    ),
    "fr": _words(
        """
        le la les de des du un une et à en est que qui dans pour sur pas plus ce cette au aux
        par avec il elle ils nous vous je se son sa ses ne sont être ou mais si votre l d c s qu
        n j m on leur ont a été fait comme tout
        """
    ),
    "es": _words(
        """
        el la los las de del un una y a en es que por para con no se su sus al lo como más o
        pero si este esta ha han son fue ser me te mi tu le les nos yo él ella está hay qué cómo
        usted ya muy
        """
    ),
    "ru": _words(
        """
        и в не на что с по это как для из к от о но а я он она мы вы они у за его её их все или
        если был была было были быть ты до при также мне есть так же бы то со только ли этот эта
        эти том который которые чтобы нет ни во где когда
        """
    ),
}
_WORD = re.compile(r"[^\W\d_]+")


def tidy(text: str, language: str) -> str:
    """Return ``text`` in NFC with plain spaces, bullets gone and the language's punctuation.

    Chinese gets full-width punctuation next to Han characters and loses spaces between them.
    """
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    text = _BULLET.sub("", text)
    if language == "zh":
        text = _HALF_AFTER_HAN.sub(lambda m: _FULLWIDTH[m.group(1)], text)
        text = _HALF_BEFORE_HAN.sub(lambda m: _FULLWIDTH[m.group(1)], text)
        text = _HAN_STOP.sub("。", text)
        text = _HAN_SPACE.sub("", text)
        text = text.replace("......", "……")
    else:
        text = text.replace("...", "…")
    return text


def numbers(text: str) -> set[str]:
    """Return the digit groups of ``text`` with separators taken out."""
    return {_NON_DIGIT.sub("", found) for found in _NUMBER.findall(text)}


def language_fault(text: str, language: str) -> str:
    """Say why ``text`` does not look like ``language``; an empty string if it does."""
    letters = len(_LETTER.findall(text))
    if letters == 0:
        return "no letters"
    han = len(_HAN.findall(text)) / letters
    cyrillic = len(_CYRILLIC.findall(text)) / letters
    if language == "zh":
        return "" if han >= 0.4 else "script"
    if language == "ru":
        return "" if cyrillic >= 0.5 else "script"
    if han > 0 or cyrillic > 0.05:
        return "script"
    vietnamese = len(_VIETNAMESE.findall(text)) / letters
    if language == "vi":
        return "" if len(text) < 25 or vietnamese >= 0.04 else "language"
    if vietnamese > 0.08:
        return "language"
    words = _WORD.findall(text.lower())
    if len(words) >= 7 and not any(word in _COMMON[language] for word in words):
        return "language"
    return ""


def pair_fault(
    source: str, target: str, source_language: str, language: str, short: bool = False
) -> str:
    """Say why the pair should not be learnt from, or return an empty string.

    ``short`` relaxes the checks that make no sense for dictionary entries.
    """
    if not source or not target:
        return "empty"
    if len(source) > 500 or len(target) > 500:
        return "long"
    if _MARKUP.search(source) or _MARKUP.search(target):
        return "markup"
    if source.lower() == target.lower():
        return "copy"
    fault = language_fault(source, source_language) or language_fault(target, language)
    if fault:
        return fault
    if short:
        return "" if len(source) <= 60 and len(target) <= 60 else "long"
    expected = _RATIO[language] / _RATIO[source_language] * len(source)
    if len(target) > 2.2 * expected + 15 or len(target) < expected / 2.2 - 10:
        return "ratio"
    here, there = numbers(source), numbers(target)
    if here and there and not here & there:
        return "numbers"
    if len(here ^ there) > 3:
        return "numbers"
    if language == "es" and target.endswith("?") and "¿" not in target:
        return "typography"
    if language == "es" and target.endswith("!") and "¡" not in target:
        return "typography"
    return ""
