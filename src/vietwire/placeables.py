"""Placeables: the dates, sums, numbers and people of a Vietnamese segment, and how to write each.

A placeable is what a translator places rather than translates: 15/11 is November 15, 1,4 triệu USD
is 140万美元, Phạm Bình Minh is Pham Binh Minh. Small networks copy well and convert badly, so that
the conversion is done here, exactly, and given to the engine as a hint, as the term base's
renderings are. The forms are those of the house's styles (``glossary/styles``).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vietwire.checks.dates import Day
from vietwire.checks.names import find_people
from vietwire.checks.quantities import Figure, source_figures


@dataclass(frozen=True, slots=True)
class Placeable:
    """A phrase of the source, its place there, and its rendering.

    ``forms`` are other ways of writing the same.
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
    """Dates and figures in digits, and people, of a Vietnamese segment, in order and apart.

    What can be read in two ways (1/3, "1,500 USD") is left out: a wrong hint is worse than none.
    People are left out for Chinese and Russian, which respell names.
    """
    found = [*_figures_and_dates(text, language), *_people(text, language)]
    kept: list[Placeable] = []
    for place in sorted(found, key=lambda p: (p.start, -p.end)):
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return tuple(kept)


def _people(text: str, language: str) -> Iterator[Placeable]:
    if language in {"zh", "ru"}:
        return
    chinese = _CHINESE_NAMES_NEAR.search(text)
    for person in find_people(text):
        phrase = text[person.start : person.end]
        # Lý or Trương may be Li or Zhang, whose name is written otherwise, and "ông" tells nothing
        sure = person.firm or (
            not person.shared and _ADDRESSED.search(text, 0, person.start) is not None
        )
        if (chinese or not sure) and not re.match(r"Nguyễn|.* Thị ", person.name):
            continue
        yield Placeable(phrase, person.start, person.end, person.plain)


#: Where Chinese and Korean names in Vietnamese reading are to be expected.
_CHINESE_NAMES_NEAR = re.compile(
    r"Trung Quốc|Hoa ngữ|gốc Hoa|Tân Hoa|Đài Loan|Hong Kong|Hồng Kông|Hongkong|Ma ?[Cc]au|Bắc Kinh"
    r"|Thượng Hải|Singapore|Malaysia|Hàn Quốc|Triều Tiên|Cbiz|TVB|Kim Dung|minh tinh|tài tử"
)
_ADDRESSED = re.compile(
    r"(?<!\w)(?:ông|bà|anh|chị|em|cháu|cô|cụ|thầy|bị can|bị cáo|đại tá|trung tá|đại úy|đại uý)\s$",
    re.IGNORECASE,
)


def _figures_and_dates(text: str, language: str) -> Iterator[Placeable]:
    if not any(char.isdigit() for char in text):
        return
    read = source_figures(text)
    doubtful = [(day.start, day.end) for day in read.days if not day.sure]
    figures = [
        figure
        for figure in read.figures
        if not any(start < figure.end and figure.start < end for start, end in doubtful)
    ]
    yield from _dates([day for day in read.days if day.sure], text, language)
    yield from _figures(figures, text, language)


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
        if not _surely_a_date(last, first is not None, text):
            continue
        joined = not re.search(r"-|–|đến|tới", phrase)  # "12 and 15", no range
        forms = _written(first, last, joined, language)
        yield Placeable(phrase, start, end, forms[0], tuple(forms[1:]))


#: The lunar calendar's days are no January 15; a text that names it may mean any date so.
_LUNAR = re.compile(r"âm lịch|lịch âm|nông lịch", re.IGNORECASE)
_LUNAR_DAY = re.compile(r"(?:mùng|mồng|rằm)\s*$", re.IGNORECASE)
_DAY_STRONG = (
    r"(?<!cả )(?<!suốt )(?<!mỗi )ngày|hôm|sáng|sớm|trưa|chiều|tối|(?<!ngày )đêm|khuya"
    r"|(?:hôm|ngày|sáng|trưa|chiều|tối|đêm) (?:nay|qua|mai),?|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7]),?|nhật,?"
)
#: Words before 15/3 that make it a day. Without one it may be a set of tennis, a house, a class.
_BEFORE_A_DAY = re.compile(
    rf"(?<!\w)(?:{_DAY_STRONG}|từ|đến|tới|trước|sau|vào|hết|dịp|lễ|phiên)\s*\(?\s*$", re.IGNORECASE
)
#: The first day of several that have the month in common: ngày 1 đến 3-2-2019.
_DAY_TO = re.compile(r"(?<![\d/.-])\d{1,2}\s?(?:-|–|đến|tới|và|,)\s?(?:hết\s)?(?:ngày\s)?$")
#: Before 15 tháng 3, which after "từ" may be fifteen months and three days.
_BEFORE_DAY_AND_MONTH = re.compile(rf"(?<!\w)(?:{_DAY_STRONG})\s*\(?\s*$", re.IGNORECASE)
#: Before tháng 3 where it counts: "một tháng 3 lần", "lương tháng 6 triệu", "các tháng 1, 4".
_BEFORE_A_COUNT = re.compile(
    r"(?:\d|(?<!\w)(?:mỗi|một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười|vài|mấy|nhiều|các|những|từng"
    r"|hàng|hằng|lương|nhập|mạng))\s*$",
    re.IGNORECASE,
)
#: After it, where it counts or is the first of several months.
_AFTER_A_COUNT = re.compile(
    r"\s?(?:[-–/.,:&]|và|đến|tới|hoặc|hay)?\s?\d|\s(?:triệu|nghìn|ngàn|tỷ|tỉ|đồng|kg|cân|ngày|người"
    r"|cuộc|vụ|chiếc|suất|buổi|giờ|tuần|Giáp|Ất|Bính|Đinh|Mậu|Kỷ|Canh|Tân|Nhâm|Quý)(?!\w)"
)


def _surely_a_date(day: Day, several: bool, text: str) -> bool:
    """Whether a date is one of the calendar, whole, and not a number that looks like it."""
    phrase, before, after = text[day.start : day.end], text[: day.start], text[day.end :]
    if day.day and day.day > calendar.monthrange(day.year or 2000, day.month)[1]:
        return False
    if _LUNAR.search(text) or _LUNAR_DAY.search(before) or re.search(r"giêng|chạp", phrase, re.I):
        return False
    if re.search(r"[\w./:-]$", before) or re.match(r"[\w/]|-\w", after):
        return False
    if _DAY_TO.search(before):
        return False
    if day.day is None:
        counted = not day.year and _AFTER_A_COUNT.match(after)
        return not (counted or _BEFORE_A_COUNT.search(before))
    if several and "," in phrase:
        return False
    if re.match(r"\s?\d", after):
        return False  # 24/2 4h: a number broken in two
    if day.year and not several:
        return True
    if "/" in phrase:
        alone = not several and re.search(r"[^\d%]\s\($", before) and after.startswith(")")
        return bool(alone or _BEFORE_A_DAY.search(before))
    return bool(_BEFORE_DAY_AND_MONTH.search(before))


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
_LABEL = re.compile(
    r"(?<!\w)(?:năm|tháng|quý|kỳ|kì|khóa|khoá|loại|nhóm|hạng|giải|số|lớp|vùng|bậc|đợt|top"
    r"|vòng|cỡ|khối|tầng|phòng|gói|điều|khoản|câu|tổ|bài|chương|mục|quận|phường|lô|khu|tuyến|tập|thứ|tuổi)"
    r"\s$",
    re.IGNORECASE,
)
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


def _figures(figures: Sequence[Figure], text: str, language: str) -> Iterator[Placeable]:
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
    return groups + (_DECIMAL[language] + rest if rest else "")


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
