"""Ordinals as the five languages spell them: 37th, thirty-seventh, XXXVII, 37-й, 第三十七届."""

from __future__ import annotations

_EN_UNITS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_EN_TEENS = "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_EN_TENTHS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"

_FR_UNITS = [
    "premier",
    "deuxième",
    "troisième",
    "quatrième",
    "cinquième",
    "sixième",
    "septième",
    "huitième",
    "neuvième",
    "dixième",
    "onzième",
    "douzième",
    "treizième",
    "quatorzième",
    "quinzième",
    "seizième",
]
_FR_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}

_ES_UNITS = [
    "primero",
    "segundo",
    "tercero",
    "cuarto",
    "quinto",
    "sexto",
    "séptimo",
    "octavo",
    "noveno",
    "décimo",
    "undécimo",
    "duodécimo",
]
_ES_TENS = {
    "décimo": 10,
    "vigésimo": 20,
    "trigésimo": 30,
    "cuadragésimo": 40,
    "quincuagésimo": 50,
}

_RU_UNITS = [
    "первый",
    "второй",
    "третий",
    "четвертый",
    "пятый",
    "шестой",
    "седьмой",
    "восьмой",
    "девятый",
    "десятый",
    "одиннадцатый",
    "двенадцатый",
    "тринадцатый",
    "четырнадцатый",
    "пятнадцатый",
    "шестнадцатый",
    "семнадцатый",
    "восемнадцатый",
    "девятнадцатый",
]
_RU_TENS = {"двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60}
_RU_TENTHS = {
    "двадцатый": 20,
    "тридцатый": 30,
    "сороковой": 40,
    "пятидесятый": 50,
    "шестидесятый": 60,
}


def _numbered(words: list[str]) -> dict[str, int]:
    return {word: value for value, word in enumerate(words, start=1)}


def _spanish() -> tuple[dict[str, int], dict[str, int]]:
    ordinals: dict[str, int] = {}
    tens: dict[str, int] = {}
    # "primer ministro" is a title and "segundo" a unit of time: both stay words.
    for word, value in {**_numbered(_ES_UNITS), **_ES_TENS}.items():
        if value < 3:
            continue
        for ending in ("o", "a"):
            ordinals[word[:-1] + ending] = value
            if word in _ES_TENS:
                tens[word[:-1] + ending] = value
    ordinals["tercer"] = 3
    for word, value in _ES_TENS.items():  # decimoquinta, vigesimotercer
        leading = word.translate(str.maketrans("áéí", "aei"))
        for unit, more in _numbered(_ES_UNITS[:9]).items():
            for ending in ("o", "a"):
                ordinals[leading + unit[:-1] + ending] = value + more
        ordinals[f"{leading}primer"], ordinals[f"{leading}tercer"] = value + 1, value + 3
    return ordinals, tens


_ES_ORDINALS, _ES_LEADING = _spanish()

#: Per language: words that are an ordinal by themselves, and tens that a unit may follow.
ORDINALS: dict[str, dict[str, int]] = {
    "en": {
        **_numbered(f"{_EN_UNITS} {_EN_TEENS}".split()),
        **{word: 20 + 10 * n for n, word in enumerate(_EN_TENTHS.split())},
    },
    "fr": {
        **{w: v for w, v in _numbered(_FR_UNITS).items() if v > 1},
        "vingtième": 20,
        "trentième": 30,
        "quarantième": 40,
        "cinquantième": 50,
        "unième": 1,
    },
    "es": _ES_ORDINALS,
    "ru": {**{w: v for w, v in _numbered(_RU_UNITS).items() if v > 1}, **_RU_TENTHS},
}
TENS: dict[str, dict[str, int]] = {
    "en": {word: 20 + 10 * n for n, word in enumerate(_EN_TENS.split())},
    "fr": _FR_TENS,
    "es": _ES_LEADING,
    "ru": _RU_TENS,
}
#: Units that only follow tens (they are other words when alone).
UNITS_AFTER_TENS: dict[str, dict[str, int]] = {
    "en": {},
    "fr": {"unième": 1},
    "es": {"primero": 1, "primera": 1, "primer": 1, "segundo": 2, "segunda": 2},
    "ru": {"первый": 1},
}

_HAN = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def chinese_number(text: str) -> int | None:
    """The value of 1 to 9999 in Chinese figures (三十七); None for anything else."""
    if not text or any(c not in _HAN and c not in "十百千" for c in text):
        return None
    if all(c in _HAN for c in text):
        return int("".join(str(_HAN[c]) for c in text))
    total, figure = 0, 0
    for c in text:
        if c in _HAN:
            figure = _HAN[c]
        else:
            total += (figure or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            figure = 0
    return total + figure
