"""Numbers, shares and sums of money, written as each language's desk writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vietwire.checks.numerals import COMMA_DECIMAL
from vietwire.checks.quantities import LABELS_VI, Figure
from vietwire.placeables.base import Placeable

_THOUSANDS = {"en": ",", "fr": " ", "es": " ", "zh": "", "ru": " "}
#: Scale words of each language, largest first: value, the word for one, the word for more.
_SCALES = {
    "en": ((1e12, "trillion", "trillion"), (1e9, "billion", "billion"),
           (1e6, "million", "million")),
    "fr": ((1e9, "milliard", "milliards"), (1e6, "million", "millions")),
    "es": ((1e12, "billón", "billones"), (1e9, "mil millones", "mil millones"),
           (1e6, "millón", "millones")),
    "zh": ((1e12, "万亿", "万亿"), (1e8, "亿", "亿"), (1e4, "万", "万")),
    "ru": ((1e12, "трлн", "трлн"), (1e9, "млрд", "млрд"), (1e6, "млн", "млн")),
}  # fmt: skip
#: Names of currencies: for one, in Russian for two to four, for more. English writes the other
#: codes (10 million USD), as the house does.
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
    "AUD": {"fr": "dollar australien|dollars australiens",
            "es": "dólar australiano|dólares australianos", "zh": "澳元",
            "ru": "австралийский доллар|австралийских доллара|австралийских долларов"},
    "SGD": {"fr": "dollar singapourien|dollars singapouriens",
            "es": "dólar singapurense|dólares singapurenses", "zh": "新元",
            "ru": "сингапурский доллар|сингапурских доллара|сингапурских долларов"},
}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SCALED = re.compile(r"nghìn|ngàn|triệu|tỷ|tỉ|vạn", re.IGNORECASE)
_SHARE = re.compile(r"(?<!điểm )(?:%|phần trăm)", re.IGNORECASE)  # 0.25 points are not 0.25%
#: A number before the figure that it makes a range with: "5-7 triệu USD".
_RANGE = re.compile(
    r"(?<![\w.,/:–-])(?P<first>\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)\s?(?P<link>-|–|đến|tới)\s?$"
)
#: What is numbered, not counted: "loại 1 - 20.000 đồng" is no range, "khoản 1,2" no decimal.
_LABEL = re.compile(rf"(?<!\w)(?:{LABELS_VI})\s$", re.IGNORECASE)
#: Before digits that are dialled or copied, not counted.
_COPIED = re.compile(
    r"(?:ĐT|điện thoại|di động|hotline|tel|fax|gọi|CMND|CCCD|tài khoản|STK|MST|BKS|biển số|IP"
    r"|to[aạ] độ|tọa độ)\W*(?:số\W*)?$",
    re.IGNORECASE,
)
#: What goes on with the number: 2 triệu rưỡi, 3 chục triệu, 1 triệu 6 (1.6 million), 21 độ vĩ bắc.
_GOES_ON = re.compile(
    r"\s?(?:rưỡi|chục|trăm|tá|nửa|mốt|linh|lẻ)(?!\w)|\s(?:độ )?(?:vĩ|kinh)(?: độ|,|\s[bnđt])",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    r"(?<!\w)(?:một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mười|trăm|chục|rưỡi|linh|lẻ)(?!\w)",
    re.IGNORECASE,
)
#: After a sum: another country's dollar or pound, "đồng yên", "USD Canada".
_OTHER_MONEY = re.compile(
    r"\s(?:\w*[A-ZĐÚẤÁ]|rúp|ruble|euro|đô|bảng|won|baht|yên|yen|nhân dân|rupee|peso|franc|lira|xu)"
)


def place_figures(figures: Sequence[Figure], text: str, language: str) -> Iterator[Placeable]:
    """Those of the ``figures`` of a text that can be read in one way; a range is one place."""
    for figure in figures:
        start, end = figure.start, figure.start + len(text[figure.start : figure.end].rstrip())
        digits = _NUMBER.match(text, start, end)
        if figure.spelled or digits is None or figure.kind == "ordinals":
            continue
        if len(figure.values) > 1 or not _vietnamese(digits.group()):
            continue
        words = text[digits.end() : end].strip()
        if figure.kind == "money" and not _SCALED.sub("", words).strip():
            continue  # its sign stands before it ($5 tỷ) or after the other end of a range
        if figure.kind == "percent" and not _SHARE.search(words):
            continue
        if not _surely_a_figure(figure, digits.group(), words, text[:start], text[end:]):
            continue
        scaled = _SCALED.search(words) is not None
        rendering, unit = _written_figure(figure, digits.group(), scaled, language)
        before = _RANGE.search(text, max(0, start - 12), start)
        if before is not None and not _LABEL.search(text, 0, before.start()):
            low, high = before["first"], digits.group()
            if 0 < _value(low) * 100 <= _value(high):
                continue  # 20-30.000: twenty or twenty thousand
            year = re.fullmatch(r"(?:19|20)\d\d", low)
            if words and not year and _value(low) < _value(high):  # not 500.000 đến 10 triệu
                start = before.start()
                rendering = _written_range(before, figure, high, rendering, unit, language)
        if rendering:
            yield Placeable(text[start:end], start, end, rendering)


def _surely_a_figure(figure: Figure, digits: str, words: str, before: str, after: str) -> bool:
    """Whether a figure is whole and counts what it seems to."""
    scale = _SCALED.search(words)
    if _SPELLED.search(words.replace("phần trăm", "")) or _GOES_ON.match(after):
        return False
    if re.search(r"(?:trăm|nghìn|ngàn|triệu|tỷ|tỉ|vạn)\s$", before, re.IGNORECASE):
        return False  # the end of a longer one: 9 tỉ 5 đồng
    if scale and (re.match(r"\s?\d", after) or scale.group().istitle()):
        return False  # 1 triệu 6; Vạn Phúc is a street
    if not digits.isdigit() and (_COPIED.search(before) or re.search(r"[^\W\d_]\.?$", before)):
        return False
    if not words and re.fullmatch(r"\d+,\d+", digits) and _LABEL.search(before):
        return False
    if figure.kind != "money":
        return True
    name = _SCALED.sub("", words).strip()
    if re.match(r"(?:Đồng|Yên|Bảng|Tệ|Bạt)\b", name) or _OTHER_MONEY.match(after):
        return False  # 10 Đồng Khởi; 5 tỷ đô la Đài Loan
    if scale or "." in digits:
        return True
    # 2 bảng đấu (groups), 25 đồng phạm (accomplices), 3 tệ nạn (evils)
    return name.lower() not in {"bảng", "đồng", "tệ", "yên", "bạt"} or not re.match(r"\s\w", after)


def _vietnamese(digits: str) -> bool:
    """Whether separators are used as Vietnamese uses them: 1.234.567,8 but not 14.5 or 1,500."""
    return bool(re.fullmatch(r"\d+(?:,\d{1,2}|,\d{4,})?|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", digits))


def _written_figure(figure: Figure, digits: str, scaled: bool, language: str) -> tuple[str, float]:
    """A figure as the language writes it, and what its scale word counts.

    "" where its currency has no name here.
    """
    value = figure.values[0]
    number, scale = digits, 1.0
    if scaled or not digits.isdigit():
        number, scale = _number(value, scaled, language, digits)
    if figure.kind == "percent":
        number += " %" if language == "fr" else "%"  # typography makes the space hard
    elif figure.kind == "money":
        number = _money(number, scale, value, figure.currency, language)
    return number, scale


def _number(value: float, scaled: bool, language: str, digits: str) -> tuple[str, float]:
    """A number as the language writes it, and what its scale word counts (1.0: it has none).

    ``scaled`` is whether the source has a scale word: 1,4 triệu becomes 1.4 million, 1.400.000
    stays in digits; but Chinese counts both in 万. ``digits`` is how the source writes it: 7,0
    keeps its nought.
    """
    for scale, one, many in _SCALES[language]:
        count = value / scale
        if count < 1 or not (scaled or (language == "zh" and _places(count) <= 2 and count < 1e4)):
            continue
        if language != "zh" and _places(count) > 3:
            continue
        if language == "es" and scale == 1e9 and (count % 1 or count == 1):
            continue  # 22 400 millones, 1000 millones
        singular = count < 2 if language == "fr" else count == 1
        gap = "" if language == "zh" else " "
        return _digits(count, language, digits) + gap + (one if singular else many), scale
    return _digits(value, language, digits), 1.0


def _places(number: float) -> int:
    """How many decimal places a number has."""
    return len(f"{number:.6f}".rstrip("0").partition(".")[2])


def _digits(value: float, language: str, source: str = "") -> str:
    """A number in digits, with the noughts at the end that the source gives the same number."""
    whole, _, rest = f"{value:.6f}".rstrip("0").partition(".")
    if source and _value(source) == value:
        rest = source.partition(",")[2]
    groups = f"{int(whole):,}"
    if len(whole) == 4 and language in {"es", "ru"}:
        groups = whole  # groups of three begin at five digits
    groups = groups.replace(",", _THOUSANDS[language])
    mark = "," if language in COMMA_DECIMAL else "."
    return groups + (mark + rest if rest else "")


def _money(number: str, scale: float, value: float, currency: str, language: str) -> str:
    names = _CURRENCIES.get(currency, {}).get(language)
    if names is None:
        return f"{number} {currency}" if language == "en" else ""
    forms = names.split("|")
    if language == "zh":
        return number + forms[0]
    name = forms[-1]
    if scale == 1.0:
        if len(forms) == 3:
            name = forms[_russian_number(value)]
        elif value == 1 or (value < 2 and language == "fr"):
            name = forms[0]
    link = " "
    if scale >= 1e6 and language in {"fr", "es"}:
        link = " d'" if language == "fr" and name[0] == "e" else " de "
    return f"{number}{link}{name}"


def _russian_number(value: float) -> int:
    """Which form of a noun follows a number: 0 as for one, 1 as for two, 2 as for five."""
    if value % 1:
        return 1
    tens, ones = int(value) % 100, int(value) % 10
    if 11 <= tens <= 14 or ones == 0 or ones >= 5:
        return 2
    return 0 if ones == 1 else 1


_TO = {"en": " to ", "fr": " à ", "es": " a ", "zh": "至", "ru": "-"}


def _written_range(
    before: re.Match[str], figure: Figure, digits: str, rendering: str, unit: float, language: str
) -> str:
    """Both ends of a range, given the second; "" where they would need different scale words.

    They share scale and unit: 5-7 triệu is 5-7 million, 200-300 nghìn 200,000-300,000.
    """
    scale = round(figure.values[0] / _value(digits), 6)
    low = _value(before["first"]) * scale
    if language == "zh":
        first, _ = _number(low, scale > 1, "zh", before["first"])
        return f"{first}{'%' if figure.kind == 'percent' else ''}至{rendering}"
    if low < unit > 1 or _places(low / unit) > 3:
        return ""
    link = "-" if before["link"] in "-–" else _TO[language]
    return _digits(low / unit, language, before["first"]) + link + rendering


def _value(digits: str) -> float:
    return float(digits.replace(".", "").replace(",", "."))
