"""Units of measure after a figure: how each language names them, in signs and in words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from vietwire.checks.quantities import Figure, Figures, read_figures, source_figures
from vietwire.story import Finding, Severity

#: The signs that all languages of Latin letters share; Russian has its own for the same.
_SIGNS = {
    "km2": r"km\s?(?:<sup>)?[2²](?!\d)", "cm2": r"cm\s?(?:<sup>)?[2²](?!\d)",
    "m2": r"m\s?(?:<sup>)?[2²](?!\d)", "km3": r"km\s?(?:<sup>)?[3³](?!\d)",
    "cm3": r"cm\s?(?:<sup>)?[3³](?!\d)", "m3": r"m\s?(?:<sup>)?[3³](?!\d)",
    "km": "km", "cm": "cm", "mm": "mm", "m": "m", "kg": "kg", "mg": "mg", "g": "g", "ml": "ml",
    "ha": r"ha(?!\s\w+[dts]o(?!\w))",  # "en 2020 ha crecido" is no land
}  # fmt: skip
#: A mile at sea and one on land are one here: copy says miles for both.
_WORDS: dict[str, dict[str, str]] = {
    "vi": {
        "km2": r"(?:km|ki-?lô-?mét|cây số) vuông",
        "m2": r"(?:m|mét) vuông",
        "cm2": r"(?:cm|xen-?ti-?mét) vuông",
        "mi2": "dặm vuông",
        "ft2": "feet vuông",
        "km3": r"(?:km|ki-?lô-?mét) khối",
        "m3": r"(?:m|mét) khối",
        "cm3": r"(?:cm|xen-?ti-?mét) khối",
        "km": r"ki-?lô-?mét|cây số",
        "cm": r"xen-?ti-?mét|xăng-?ti-?mét",
        "mm": r"mi-?li-?mét",
        "m": "mét",
        "mile": "dặm|hải lý",
        "ft": "feet",
        "ha": r"héc-?ta|hecta",
        "t": "tấn(?! công)",
        "q": "tạ",
        "kg": r"ki-?lô-?gam|kilogram",
        "g": "gam|gram",
        "mg": r"mi-?li-?gam",
        "l": r"l[íi]t",
    },
    "en": {
        "km2": r"(?:sq\.?|square)[\s-]?(?:km|kilomet(?:re|er)s?)",
        "m2": r"(?:sq\.?|square)[\s-]?(?:m|met(?:re|er)s?)",
        "cm2": r"(?:sq\.?|square)[\s-]?(?:cm|centimet(?:re|er)s?)",
        "km3": r"(?:cu\.?|cubic)[\s-]?(?:km|kilomet(?:re|er)s?)",
        "m3": r"(?:cu\.?|cubic)[\s-]?(?:m|met(?:re|er)s?)",
        "cm3": r"(?:cu\.?|cubic)[\s-]?(?:cm|centimet(?:re|er)s?)",
        "mi2": r"(?:sq\.?|square)[\s-]?miles?",
        "ft2": r"(?:sq\.?|square)[\s-]?(?:feet|foot|ft)",
        "km": r"kms|kilomet(?:re|er)s?",
        "cm": r"centimet(?:re|er)s?",
        "mm": r"millimet(?:re|er)s?",
        "m": r"met(?:re|er)s?",
        "mile": r"(?:nautical )?miles?|mi|mph",
        "ft": "feet|foot|ft",
        "ha": "hectares?",
        "acre": "acres?",
        "t": r"(?:metric )?ton(?:ne)?s?",
        "q": "quintals?",
        "kg": r"kilo(?:gram(?:me)?)?s?",
        "g": r"gram(?:me)?s?",
        "mg": r"milligram(?:me)?s?",
        "l": r"lit(?:re|er)s?",
        "ml": r"millilit(?:re|er)s?",
    },
    "fr": {
        "km2": r"(?:km|kilomètres?)[\s-]carrés?",
        "m2": r"(?:m|mètres?)[\s-]carrés?",
        "cm2": r"centimètres?[\s-]carrés?",
        "km3": r"(?:km|kilomètres?)[\s-]cubes?",
        "m3": r"(?:m|mètres?)[\s-]cubes?",
        "cm3": r"centimètres?[\s-]cubes?",
        "km": "kilomètres?",
        "cm": "centimètres?",
        "mm": "millimètres?",
        "m": "mètres?",
        "mi2": r"mil(?:le|e)s? carrés?",
        "mile": r"milles?(?: (?:marins?|nautiques?))?|miles?",
        "ft2": r"pieds?[\s-]carrés?",
        "ft": "pieds?",
        "ha": "hectares?",
        "acre": "acres?",
        "t": "tonnes?|t",
        "q": "quintal|quintaux",
        "kg": r"kilo(?:gramme)?s?",
        "g": "grammes?",
        "mg": "milligrammes?",
        "l": "litres?",
        "ml": "millilitres?",
    },
    "es": {
        "km2": r"(?:km|kilómetros?) cuadrados?",
        "m2": r"(?:m|metros?) cuadrados?",
        "cm2": r"centímetros? cuadrados?",
        "km3": r"(?:km|kilómetros?) cúbicos?",
        "m3": r"(?:m|metros?) cúbicos?",
        "cm3": r"centímetros? cúbicos?",
        "km": "kilómetros?",
        "cm": "centímetros?",
        "mm": "milímetros?",
        "m": "metros?",
        "mi2": r"millas? cuadradas?",
        "mile": r"millas?(?: (?:náuticas?|marinas?))?",
        "ft2": "pies? cuadrados?",
        "ft": "pies?",
        "ha": "hectáreas?",
        "acre": "acres?",
        "t": "toneladas?|t",
        "q": "quintal(?:es)?",
        "kg": r"kilo(?:gramo)?s?",
        "g": "gramos?",
        "mg": "miligramos?",
        "l": "litros?",
        "ml": "mililitros?",
    },
    "zh": {
        "km2": "平方(?:公里|千米)",
        "m2": "平方米",
        "cm2": "平方厘米",
        "km3": "立方(?:公里|千米)",
        "m3": "立方米",
        "cm3": "立方厘米",
        "mi2": "平方英里",
        "km": "公里|千米",
        "cm": "厘米|公分",
        "mm": "毫米",
        "m": "米",
        "mile": "英里|海里",
        "ft2": "平方英尺",
        "ft": "英尺",
        "ha": "公顷",
        "acre": "英亩",
        "mu": "亩",
        "t": "吨",
        "kg": "公斤|千克",
        "g": "克(?![拉服隆里])",
        "mg": "毫克",
        "l": "升(?![至到为级幅])",
        "ml": "毫升",
    },
    "ru": {
        "km2": r"кв(?:\.|адратн\w+)\s?(?:км|километр\w*)|км\s?[2²](?!\d)",
        "m2": r"кв(?:\.|адратн\w+)\s?(?:м|метр\w*)|м\s?[2²](?!\d)",
        "cm2": r"кв(?:\.|адратн\w+)\s?(?:см|сантиметр\w*)|см\s?[2²](?!\d)",
        "km3": r"куб(?:\.|ическ\w+)\s?(?:км|километр\w*)|км\s?[3³](?!\d)",
        "m3": r"куб(?:\.|ическ\w+)\s?(?:м|метр\w*)|кубометр\w*|м\s?[3³](?!\d)",
        "cm3": r"куб(?:\.|ическ\w+)\s?(?:см|сантиметр\w*)|см\s?[3³](?!\d)",
        "km": r"км|километр\w*",
        "cm": r"см|сантиметр\w*",
        "mm": r"мм|миллиметр\w*",
        "m": r"м|метр\w*",
        "mi2": r"кв(?:\.|адратн\w+)\s?мил\w+",
        "mile": r"(?:морск\w+ )?мил(?:ь|я|и|е|ю|ям|ях|ями)",
        "ft2": r"кв(?:\.|адратн\w+)\s?фут\w*",
        "ft": r"фут(?:а|ов|ы|ах)?",
        "ha": r"га|гектар\w*",
        "acre": r"акр(?:а|ов|ы)?",
        "t": r"т|тонн\w*",
        "q": r"центнер\w*",
        "kg": r"кг|килограмм\w*|кило",
        "g": r"грамм\w*",
        "mg": r"мг|миллиграмм\w*",
        "l": r"л|литр\w*",
        "ml": r"мл|миллилитр\w*",
    },
}
#: "266 millions de mètres cubes", "100多吨", "17 тыс. кв. км", "a 30-kilometre road"
_LINK = {
    "fr": r"\.?[\s\u00a0\u202f]*-?(?:de |d['’])?",
    "es": r"\.?[\s\u00a0\u202f]*(?:de )?",
    "zh": r"\s?[多余]?\s?",
    "ru": r"\.?[\s\u00a0\u202f]*-?",
}
_GAP = r"[\s\u00a0\u202f]*[-‑]?"


@lru_cache(maxsize=16)
def _pattern(language: str) -> re.Pattern[str]:
    named = dict(_WORDS[language])
    if language != "ru":
        for unit, sign in _SIGNS.items():
            named[unit] = f"{named[unit]}|{sign}" if unit in named else sign
    # areas and volumes before the lengths that they begin like
    order = sorted(named, key=lambda unit: not unit.endswith(("2", "3")))
    units = "|".join(f"(?P<{unit}>{named[unit]})" for unit in order)
    bound = r"(?![^\W_\u3400-\u9fff])" if language == "zh" else r"(?![^\W_])"
    return re.compile(rf"{_LINK.get(language, _GAP)}(?:{units}){bound}", re.IGNORECASE)


def unit_after(text: str, end: int, language: str) -> tuple[str, int]:
    """The unit that stands after a figure's end, and where it ends; "" for none that is known."""
    match = _pattern(language).match(text, end)
    return (match.lastgroup or "", match.end()) if match else ("", end)


def check_units(
    ours: Figures, theirs: Figures, source: str, target: str, language: str
) -> Iterator[Finding]:
    """Figures that measure the same thing in both texts: 500 tonnes are not 500 kilos.

    A figure is compared where the source has it once and the target too, each time with a unit.
    """
    written = _by_value(theirs)
    for value, figures in _by_value(ours).items():
        others = written.get(value, [])
        if len(figures) != 1 or len(others) != 1:
            continue
        figure, other = figures[0], others[0]
        wanted, end = unit_after(source, figure.end, "vi")
        given, stop = unit_after(target, other.end, language)
        if wanted and given and wanted != given:
            yield Finding(
                Severity.BLOCK,
                "numbers",
                f"The unit has changed: “{source[figure.start : end]}” has become "
                f"“{target[other.start : stop]}”.",
                "Correct the unit; never convert.",
                (other.start, stop),
                (figure.start, end),
            )


def _by_value(figures: Figures) -> dict[float, list[Figure]]:
    found: dict[float, list[Figure]] = defaultdict(list)
    for figure in figures.figures:
        if figure.kind == "plain":
            found[figure.values[0]].append(figure)
    return found


def room_of_words(source: str, target: str, language: str) -> int:
    """How many characters more the units of the target take than the signs of the source.

    "millimètres" for "mm" makes a short sentence longer, and adds nothing to it.
    """
    signs: dict[str, int] = {}
    for figure in source_figures(source).figures:
        unit, end = unit_after(source, figure.end, "vi")
        if unit:
            width = end - figure.end
            signs[unit] = min(width, signs.get(unit, width))
    extra = 0
    for figure in read_figures(target, language).figures:
        unit, end = unit_after(target, figure.end, language)
        if unit in signs:
            extra += max(0, end - figure.end - signs[unit])
    return extra
