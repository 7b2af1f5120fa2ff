"""Placeables: the dates, sums and numbers of a Vietnamese segment, and how each is to be written.

A placeable is what a translator places rather than translates: 15/11 is November 15, 1,4 triệu USD
is 140万美元. Small networks copy a figure well and convert it badly, so that the conversion is
done here, exactly, and given to the engine as a hint, as the term base's renderings are. The forms
are those of the house's styles (``glossary/styles``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vietwire.checks.dates import Day
from vietwire.checks.numerals import read_digits
from vietwire.checks.quantities import Figure, read_figures


@dataclass(frozen=True, slots=True)
class Placeable:
    """A phrase of the source, its place there, and its rendering.

    ``forms`` are other ways of writing the same. ``converted`` is False where the rendering is the
    phrase itself, as a small number's is.
    """

    phrase: str
    start: int
    end: int
    rendering: str
    forms: tuple[str, ...] = ()

    @property
    def converted(self) -> bool:
        """Whether the language writes it otherwise than Vietnamese does."""
        return self.rendering != self.phrase


def find_placeables(text: str, language: str) -> tuple[Placeable, ...]:
    """The dates and figures of a Vietnamese segment in digits, in order, none within another.

    What can be read in two ways (1/3, "1,500 USD") is left out: a wrong hint is worse than none.
    """
    figures = read_figures(text, "vi")
    doubtful = [(day.start, day.end) for day in figures.days if not day.sure]
    found = [
        *_dates([day for day in figures.days if day.sure], text, language),
        *(
            place
            for place in _figures(figures.figures, text, language)
            if not any(start < place.end and place.start < end for start, end in doubtful)
        ),
    ]
    kept: list[Placeable] = []
    for place in sorted(found, key=lambda p: (p.start, -p.end)):
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return tuple(kept)


# Dates

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_MONTHS_ALONE_RU = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"


def _dates(days: Sequence[Day], text: str, language: str) -> Iterator[Placeable]:
    spans: dict[tuple[int, int], list[Day]] = {}
    for day in days:
        spans.setdefault((day.start, day.end), []).append(day)
    for (start, end), together in spans.items():
        phrase = text[start:end]
        if len(together) > 2 or not any(char.isdigit() for char in phrase):
            continue
        last = together[-1]
        first = together[0].day if len(together) == 2 else None
        if len(together) == 2 and (first is None or last.day is None or first >= last.day):
            continue
        joined = not re.search(r"-|–|đến|tới", phrase)  # "12 and 15", no range
        forms = _written(first, last, joined, language)
        yield Placeable(phrase, start, end, forms[0], tuple(forms[1:]))


def _written(first: int | None, last: Day, joined: bool, language: str) -> list[str]:
    """The ways to write a date, the house's first."""
    year, month = last.year, last.month
    if language == "zh":
        start = f"{year}年" if year else ""
        if last.day is None:
            return [f"{start}{month}月"]
        if first is not None:
            link = "和" if joined else "至"
            return [f"{start}{month}月{first}日{link}{last.day}日"]
        return [f"{start}{month}月{last.day}日"]
    names = _MONTHS_ALONE_RU if language == "ru" and last.day is None else _MONTHS[language]
    name = names.split()[month - 1]
    if language == "en":
        days = "" if last.day is None else str(last.day)
        if first is not None:
            days = f"{first} and {days}" if joined else f"{first}-{days}"
        forms = [
            f"{name} {days}, {year}" if days and year else f"{name} {days or year or ''}".strip()
        ]
        if days:
            forms += [f"{days} {name} {year or ''}".strip(), f"{name} {days}"]
        return list(dict.fromkeys(forms))
    days = "" if last.day is None else str(last.day)
    if days == "1" and language == "fr":
        days = "1er"
    if first is not None:
        start = "1er" if first == 1 and language == "fr" else str(first)
        links = {"fr": ("au", "et"), "es": ("al", "y"), "ru": ("-", "и")}
        link = links[language][joined]
        days = f"{start}-{days}" if link == "-" else f"{start} {link} {days}"
    of = " de " if language == "es" else " "
    plain = f"{days}{of}{name}" if days else name
    if not year:
        return [plain]
    end = f"{year} года" if language == "ru" else str(year)
    return [f"{plain}{of}{end}", *([plain] if days else [])]


# Figures

_DECIMAL = {"en": ".", "fr": ",", "es": ",", "zh": ".", "ru": ","}
_THOUSANDS = {"en": ",", "fr": " ", "es": " ", "zh": "", "ru": " "}
_SCALED = re.compile(r"nghìn|ngàn|triệu|tỷ|tỉ|vạn", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A currency's name: for one, for two to four (in Russian), for more."""

    one: str
    few: str
    many: str


def _unit(names: str) -> _Unit:
    forms = names.split("|")
    return _Unit(forms[0], forms[1] if len(forms) == 3 else forms[-1], forms[-1])


_CURRENCIES = {
    "USD": {"fr": "dollar|dollars", "es": "dólar|dólares", "zh": "美元",
            "ru": "доллар США|доллара США|долларов США"},
    "VND": {"fr": "dông|dôngs", "es": "dong|dongs", "zh": "越盾", "ru": "донг|донга|донгов"},
    "EUR": {"en": "euro|euros", "fr": "euro|euros", "es": "euro|euros", "zh": "欧元", "ru": "евро"},
    "JPY": {"en": "yen", "fr": "yen|yens", "es": "yen|yenes", "zh": "日元", "ru": "иена|иены|иен"},
    "GBP": {"en": "pound|pounds", "fr": "livre sterling|livres sterling",
            "es": "libra esterlina|libras esterlinas", "zh": "英镑",
            "ru": "фунт стерлингов|фунта стерлингов|фунтов стерлингов"},
    "CNY": {"en": "yuan", "fr": "yuan|yuans", "es": "yuan|yuanes", "zh": "元",
            "ru": "юань|юаня|юаней"},
    "KRW": {"en": "won", "fr": "won|wons", "es": "won|wones", "zh": "韩元",
            "ru": "вона|воны|вон"},
    "THB": {"en": "baht", "fr": "baht|bahts", "es": "baht|bahts", "zh": "泰铢",
            "ru": "бат|бата|батов"},
    "RUB": {"en": "rouble|roubles", "fr": "rouble|roubles", "es": "rublo|rublos", "zh": "卢布",
            "ru": "рубль|рубля|рублей"},
}  # fmt: skip


def _figures(figures: Sequence[Figure], text: str, language: str) -> Iterator[Placeable]:
    for figure in figures:
        phrase = text[figure.start : figure.end]
        start = figure.start + len(phrase) - len(phrase.lstrip())
        phrase = phrase.strip()
        if figure.spelled or not phrase[:1].isdigit() or len(figure.values) > 1:
            continue
        if figure.kind == "ordinals":
            continue
        forms = list(_ways(figure, phrase, language))
        if forms:
            yield Placeable(phrase, start, start + len(phrase), forms[0], tuple(forms[1:]))


def _ways(figure: Figure, phrase: str, language: str) -> Iterator[str]:
    value = figure.values[0]
    digits = re.match(r"\d+(?:[.,]\d+)*", phrase)
    if digits is None:
        return
    plain = phrase == digits.group() and phrase.isdigit()
    number, scale = (
        (phrase, 1.0) if plain else _number(value, bool(_SCALED.search(phrase)), language)
    )
    if plain:
        number = digits.group()
    elif figure.kind == "plain" and read_digits(digits.group(), "vi")[0] != value and scale == 1.0:
        pass
    if figure.kind == "percent":
        yield number + {"fr": "\u00a0%"}.get(language, "%")
    elif figure.kind == "money":
        if digits.group().isdigit() and value < 10_000:
            number = digits.group()
        yield from _money(number, scale, value, figure.currency, language)
    else:
        yield number


def _number(value: float, scaled: bool, language: str) -> tuple[str, float]:
    """A number as the language writes it, and the scale word's value (1.0: none).

    ``scaled`` is whether the source has a scale word: 1.4 triệu stays "1.4 million", 1.400.000
    stays in digits.
    """
    if language == "zh":
        for scale, word in ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")):
            if value >= scale and (scaled or _short(value / scale)):
                return _digits(value / scale, "zh") + word, scale
        return _digits(value, "zh"), 1.0
    if scaled:
        for scale, one, many in _SCALE_WORDS[language]:
            if value >= scale and _short(value / scale, 3):
                word = one if value / scale < 2 and language in {"fr", "es"} else many
                if language == "es" and scale != 1e9 and value / scale != 1:
                    word = many
                if language == "es" and scale == 1e9 and (value / scale) % 1:
                    continue  # 1 500 millones
                return f"{_digits(value / scale, language)} {word}", scale
    return _digits(value, language), 1.0


_SCALE_WORDS = {
    "en": ((1e12, "trillion", "trillion"), (1e9, "billion", "billion"),
           (1e6, "million", "million")),
    "fr": ((1e9, "milliard", "milliards"), (1e6, "million", "millions")),
    "es": ((1e12, "billón", "billones"), (1e9, "mil millones", "mil millones"),
           (1e6, "millón", "millones")),
    "ru": ((1e12, "трлн", "трлн"), (1e9, "млрд", "млрд"), (1e6, "млн", "млн")),
}  # fmt: skip


def _short(number: float, places: int = 2) -> bool:
    """Whether a number has no more than so many places."""
    return abs(number - round(number, places)) < 1e-9 * max(1.0, number)


def _digits(value: float, language: str) -> str:
    whole, _, rest = f"{value:.6f}".rstrip("0").partition(".")
    groups = f"{int(whole):,}"
    if len(whole) == 4 and language in {"es", "ru"}:
        groups = whole  # groups of three begin at five digits
    grouped = groups.replace(",", _THOUSANDS[language])
    return grouped + (_DECIMAL[language] + rest if rest else "")


def _money(
    number: str, scale: float, value: float, currency: str, language: str
) -> Iterator[str]:
    names = _CURRENCIES.get(currency, {}).get(language)
    if language == "en" and not names:
        yield f"{number} {currency}"
        return
    if names is None:
        return
    unit = _unit(names)
    if language == "zh":
        yield number + unit.one
        return
    name = unit.many
    if scale == 1.0:
        if value < 2 if language == "fr" else value == 1:
            name = unit.one
        elif language == "ru":
            name = _russian(value, unit)
    link = " "
    if language in {"fr", "es"} and scale >= 1e6:
        link = " d'" if language == "fr" and name[0] == "e" else " de "
    yield f"{number}{link}{name}"


def _russian(value: float, unit: _Unit) -> str:
    if value % 1:
        return unit.few
    tens, ones = int(value) % 100, int(value) % 10
    if 11 <= tens <= 14 or ones == 0 or ones >= 5:
        return unit.many
    return unit.one if ones == 1 else unit.few
