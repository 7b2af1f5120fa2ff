"""Figures in their context: what is a sum of money, a share, an ordinal, a code, a date."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from vietwire.checks.dates import Clock, Day, find_clocks, find_days
from vietwire.checks.numerals import Numeral, numerals, read_digits, read_han, romans

ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>«»“”\"\u3000-\u9fff\uff00-\uffef]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@#])[@#][^\W\d]\w*",
    re.ASCII,
)
#: Digits that are part of a name: COVID-19, G20, A/H5N1, 5G, ASEAN+3, 25-CT/TW.
_L = "A-Za-z0-9ĐđА-яЁё"
CODE = re.compile(
    rf"(?<![{_L}])(?!(?:USD?|VND|VNĐ|EUR|JPY|GBP|CNY|RMB|AUD|SGD|CAD|NZD|HKD)\d)"
    rf"(?:[A-ZĐА-ЯЁ][{_L}]*[-/+＋]?\d[{_L}/-]*|[A-ZĐА-ЯЁ]{{2,}}(?:-[A-Za-z]+)*[-+＋/]\s?\d+[{_L}]*"
    rf"|\d+(?:G|K|D|[A-Z]{{2,5}})(?![{_L}$])|\d+(?:[-/][A-ZĐ]{{2,}}[{_L}-]*)+|\d+[+＋]\d+)"
    r"|(?<![^\W\d_])(?:[kcdm]?m|ha)\s?(?:<sup>\s?)?[23](?!\d)"
)
#: "BN1.214" is no code but patient (bệnh nhân) 1,214.
PATIENT = re.compile(r"(?<!\w)BN(?=\d)")
_CURRENCIES: dict[str, dict[str, str]] = {
    "vi": {
        "USD": r"USD|US\$|đô ?la(?: Mỹ)?|\$",
        "VND": r"VND|VNĐ|đồng"
        r"(?!\s(?:xu|tiền|bằng|phục|đội|ý|thuận|loạt|thời|minh|hồ|nghiệp|chí|bào|hành|phạm|tình|hương))|đ(?!\w)",
        "EUR": r"EUR|euro|ơ-?rô|€",
        "JPY": r"JPY|yên|yen",
        "GBP": r"GBP|bảng(?: Anh)?",
        "CNY": r"CNY|NDT|nhân dân tệ|tệ",
        "KRW": r"KRW|won",
        "THB": r"THB|baht|bạt",
        "RUB": r"RUB|rúp|ruble",
        "AUD": r"AUD|A\$|đô ?la (?:Australia|Úc)",
        "CAD": r"CAD|CA?\$|đô ?la Canada",
        "NZD": r"NZD|NZ\$|đô ?la New Zealand",
        "HKD": r"HKD|HK\$|đô ?la (?:Hong Kong|Hồng ?[Kk]ông)",
        "SGD": r"SGD|đô ?la Singapore",
    },
    "en": {
        "USD": r"USD|US\$|(?:US )?dollars?|\$",
        "VND": r"VND|dongs?|Vietnamese dongs?",
        "EUR": r"EUR|euros?|€",
        "JPY": r"JPY|yen|¥",
        "GBP": r"GBP|pounds?|£",
        "CNY": r"CNY|RMB|yuan|renminbi",
        "KRW": r"KRW|won",
        "THB": r"THB|baht",
        "RUB": r"RUB|roubles?|rubles?",
        "AUD": r"AUD|A\$|Australian dollars?",
        "CAD": r"CAD|CA?\$|Canadian dollars?",
        "NZD": r"NZD|NZ\$|New Zealand dollars?",
        "HKD": r"HKD|HK\$|Hong Kong dollars?",
        "SGD": r"SGD|S\$|Singapore(?:an)? dollars?",
    },
    "fr": {
        "USD": r"USD|US\$|dollars?|\$",
        "VND": r"VND|dôngs?|dongs?",
        "EUR": r"EUR|euros?|€",
        "JPY": r"JPY|yens?",
        "GBP": r"GBP|livres?",
        "CNY": r"CNY|RMB|yuans?",
        "KRW": r"KRW|wons?",
        "THB": r"THB|bahts?",
        "RUB": r"RUB|roubles?",
        "AUD": r"AUD|dollars? australiens?",
        "CAD": r"CAD|dollars? canadiens?",
        "NZD": r"NZD|dollars? néo-zélandais",
        "HKD": r"HKD|dollars? de Hong ?-?Kong|dollars? hongkongais",
        "SGD": r"SGD|dollars? singapouriens?",
    },
    "es": {
        "USD": r"USD|US\$|dólares|dólar|\$",
        "VND": r"VND|dongs?",
        "EUR": r"EUR|euros?|€",
        "JPY": r"JPY|yenes|yen",
        "GBP": r"GBP|libras?",
        "CNY": r"CNY|RMB|yuanes|yuan",
        "KRW": r"KRW|wones|won",
        "THB": r"THB|bahts?",
        "RUB": r"RUB|rublos?",
        "AUD": r"AUD|dólares australianos",
        "CAD": r"CAD|dólares canadienses",
        "NZD": r"NZD|dólares neozelandeses",
        "HKD": r"HKD|dólares (?:de Hong Kong|hongkoneses)",
        "SGD": r"SGD|dólares (?:de Singapur|singapurenses)",
    },
    "zh": {
        "USD": r"美元|美金|USD|US\$|\$",
        "VND": r"越南盾|越盾|盾|VND",
        "EUR": r"欧元|EUR|€",
        "JPY": r"日元|日圆",
        "GBP": r"英镑",
        "CNY": r"人民币|元(?!首)|CNY|RMB",
        "KRW": r"韩元|韩圆",
        "THB": r"泰铢",
        "RUB": r"卢布",
        "AUD": r"澳元|澳大利亚元",
        "CAD": r"加元|加拿大元",
        "NZD": r"新西兰元|纽元",
        "HKD": r"港元|港币",
        "SGD": r"新加坡元|新元",
    },
    "ru": {
        "USD": r"USD|US\$|долл\w*|\$",
        "VND": r"VND|донг\w*",
        "EUR": r"EUR|евро|€",
        "JPY": r"JPY|иен\w*|йен\w*",
        "GBP": r"GBP|фунт\w*",
        "CNY": r"CNY|юан\w*",
        "KRW": r"KRW|вон(?!\w)|воны",
        "THB": r"THB|бат(?:ов|а|ы)?(?!\w)",
        "RUB": r"RUB|руб\w*",
        "AUD": r"AUD|австралийск\w+ долл\w*",
        "CAD": r"CAD|канадск\w+ долл\w*",
        "NZD": r"NZD|новозеландск\w+ долл\w*",
        "HKD": r"HKD|гонконгск\w+ долл\w*",
        "SGD": r"SGD|сингапурск\w+ долл\w*",
    },
}
#: Looked for before the dollar of the United States.
_OTHER_DOLLARS = {"AUD", "SGD", "CAD", "NZD", "HKD"}
_PERCENT = {
    "vi": r"%|phần trăm|điểm phần trăm",
    "en": r"%|percent|per cent|percentage",
    "fr": r"%|pour cent|points? de pourcentage",
    "es": r"%|por ciento|puntos? porcentual(?:es)?",
    "zh": r"%|％|个百分点",
    "ru": r"%|процент\w*",
}
_ORDINAL_AFTER = {
    "vi": r"(?!)",
    "en": r"(?:st|nd|rd|th)\b",
    "fr": r"(?:er|re|ère|e|è|ème|ième|nd|nde)s?\b",
    "es": r"\s?\.?[ªº°]|\.?(?:er|ra|ro|do|da|to|ta|mo|ma|vo|va|no|na)\b",
    "zh": r"(?!)",
    "ru": r"-(?:й|я|е|го|му|м|ю|ой|ый|ий|ая|ое|ого|ому|ом|ей|х|ых|ми|ми|ые|ю|ую)\b",
}
_SPACE = r"[\s\u00a0\u202f]*"
_ABBREVIATED = r"(?:(?<=млрд)\.|(?<=трлн)\.|(?<=млн)\.|(?<=тыс)\.)"


_SHORT_YEARS = re.compile(r"(?<!\d)(?P<first>(?:19|20)\d\d)\s?[-–/]\s?(?P<second>\d\d)(?![\d/])")
_ZH_DECADE = re.compile(r"(\d{2})\s?世纪\s?(\d{2})\s?年代")
#: Tenths: 三成 is 30%, 七成五 75%; but 三成员国 are three member states.
_TENTHS_ZH = re.compile(
    r"(?<![\d.十百千万第])(?P<tenths>[一二两三四五六七八九1-9])成"
    r"(?:(?P<hundredths>[一二三四五六七八九半](?![定直样个]))"
    r"|(?![一二三四五六七八九半\d立功为员长果就本品交熟语分绩人年天了份型效家婚群行对形像双不]))"
)
#: What grows by a multiple of itself: 增加两倍, but not 增加到两倍.
_BY_TIMES_ZH = re.compile(
    r"(?:增加|增长|增|上升|上涨|升|涨|提高|提升|扩大|高出|高|多出|多|翻)(?:了|近|约|逾|超过|大约|将近)*$"
)
_DOUBLED_ZH = re.compile("翻番|翻倍|倍增|成倍")
_DECADES_VI = re.compile(r"thập (?:kỷ|kỉ|niên)", re.IGNORECASE)
#: Words that a number is a label behind: "vòng 1", "quận 1", "khoản 1" count nothing.
LABELS_VI = (
    "năm|tháng|quý|kỳ|kì|khóa|khoá|loại|nhóm|hạng|giải|số|lớp|vùng|bậc|đợt|top|vòng|cỡ|khối|tầng"
    "|phòng|gói|điều|khoản|câu|tổ|bài|chương|mục|quận|phường|lô|khu|tuyến|tập|thứ|tuổi"
)
_LEADING_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_RANGE_GAP = re.compile(
    r"[\s\u00a0]*(?:[-–—~]|to|and|or|et|à|ou|y|al?|o|до|и|или|至|到|đến|tới|và|hoặc"
    r"|(?:and|or) more|(?:ou|et) plus|[oy] más|(?:и|или) более)"
    r"(?:[\s\u00a0]+(?:the|el|un|los|las|les?|du|del?|des))?[\s\u00a0]*"
)
_OR_MORE_RU = re.compile(r"(?<=\d)(?:\s(?:и|или) более)(?=\s(?:тысяч|миллион|миллиард|млн|млрд))")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts: ``kind`` is plain, percent, money or ordinals."""

    values: tuple[float, ...]
    start: int
    end: int
    text: str
    kind: str = "plain"
    currency: str = ""
    spelled: bool = False


@dataclass(slots=True)
class Figures:
    """Everything countable in a text, and ``values``: all that may stand for a number in it."""

    figures: list[Figure] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    romans: list[Figure] = field(default_factory=list)
    codes: list[tuple[str, int, int]] = field(default_factory=list)
    values: set[float] = field(default_factory=set)
    #: "tháng năm" may be May as well as "month and year".
    may: bool = False

    def has(self, *wanted: float) -> bool:
        """Whether any of the values stands in the text, give or take what a format can lose."""
        return any(
            value in self.values or any(abs(value - v) <= 1e-9 * abs(value) for v in self.values)
            for value in wanted
        )


def _money(language: str) -> str:
    """A pattern of the currencies, each a group with its code as its name."""
    return "|".join(
        f"(?P<{code}>{pattern})"
        for code, pattern in sorted(
            _CURRENCIES[language].items(), key=lambda item: item[0] not in _OTHER_DOLLARS
        )
    )


@lru_cache(maxsize=16)
def _after(language: str) -> re.Pattern[str]:
    # "de dólares", "de USD"; a word in between is one too many
    link = r"(?:de|d'|của)?"
    bound = "" if language == "zh" else r"(?![^\W\d_])"
    return re.compile(
        rf"(?P<ordinal>{_ORDINAL_AFTER[language]})|{_SPACE}[-‑]?(?P<percent>{_PERCENT[language]})"
        rf"|{_ABBREVIATED}?{_SPACE}{link}{_SPACE}[-]?(?:{_money(language)}){bound}",
        re.IGNORECASE,
    )


@lru_cache(maxsize=16)
def _before(language: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<AUD>A\$|AUD)|(?P<SGD>(?<!U)S\$|SGD)|(?P<CAD>CAN?\s?\$|(?<!\w)C\$|CAD)"
        rf"|(?P<NZD>NZ\s?\$|NZD)|(?P<HKD>HK\s?\$|HKD)|(?P<USD>US\$|\$US|USD|\$)|(?P<EUR>€|EUR)|(?P<GBP>£|GBP)"
        rf"|(?P<JPY>¥|JPY)|(?P<VND>VND|VNĐ)|(?P<CNY>CNY|RMB)|(?P<percent>百分之)){_SPACE}$"
    )


#: What joins a rate to the currency of which one is meant.
_RATE = {
    "en": r"(?:to|per|for|against|a)\s(?:(?:the|a|one)\s)?(?:US\s|U\.S\.\s)?",
    "fr": r"(?:pour|par|contre|le)\s(?:(?:un|le)\s)?",
    "es": r"(?:por|al?|frente al)\s(?:(?:cada|un|el)\s)?",
    "zh": r"(?:每|兑)",
    "ru": r"(?:за|к|на)\s(?:одн\w+\s)?(?:американск\w+\s)?",
}


def names_currency(text: str, currency: str, language: str) -> bool:
    """Whether a currency's name or sign stands anywhere in a text."""
    return re.search(_CURRENCIES[language][currency], text, re.IGNORECASE) is not None


@lru_cache(maxsize=8)
def _rate(language: str) -> re.Pattern[str]:
    bound = "" if language == "zh" else r"(?![^\W\d_]|\d)"
    return re.compile(rf"\s?{_RATE[language]}(?:{_money(language)}){bound}", re.IGNORECASE)


def rate_to_one(text: str, end: int, language: str) -> str:
    """The currency of which a figure that ends here buys one ("6.6 to the dollar"), "" for none."""
    match = _rate(language).match(text, end)
    return (match.lastgroup or "") if match else ""


_BLANK = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


@lru_cache(maxsize=256)
def source_figures(text: str) -> Figures:
    """What :func:`read_figures` finds in a Vietnamese text, which is asked for again and again.

    Shared: not to be changed.
    """
    return read_figures(text, "vi")


def read_figures(text: str, language: str) -> Figures:
    """Find everything countable in a text of one of the six languages."""
    text = text.translate(_BLANK)
    result = Figures()
    plain = _blank(text, ADDRESS)
    if language == "vi":
        plain = _blank(plain, PATIENT)
    for match in CODE.finditer(plain):
        result.codes.append((match.group(), *match.span()))
        result.values.update(float(digits) for digits in re.findall(r"\d+", match.group()))
    plain = _blank(plain, CODE)
    if language == "ru":  # "50 и более миллионов"
        plain = _OR_MORE_RU.sub(lambda m: " " * len(m.group()), plain)
    for match in _SHORT_YEARS.finditer(plain):
        result.values.add(float(match["first"][:2] + match["second"]))
    result.days = find_days(plain, language)
    result.clocks = find_clocks(plain, language)
    for day in result.days:
        result.values.update(float(n) for n in (day.day, day.month, day.year) if n)
        result.values.update(float(n) for n in re.findall(r"\d+", plain[day.start : day.end]))
    for clock in result.clocks:
        result.values.update((float(clock.hour), float(clock.minute)))
    decades = list(_ZH_DECADE.finditer(plain)) if language == "zh" else []
    for match in decades:
        result.values.add((float(match[1]) - 1) * 100 + float(match[2]))
    taken = [match.span() for match in decades]
    taken += [(d.start, d.end) for d in result.days if d.sure]
    taken += [(c.start, c.end) for c in result.clocks]
    taken += [match.span("second") for match in _SHORT_YEARS.finditer(plain)]
    tenths = [_tenths(match) for match in _TENTHS_ZH.finditer(plain)] if language == "zh" else []
    taken += [(tenth.start, tenth.end) for tenth in tenths]
    for numeral in _shared_scale(numerals(plain, language), plain, language):
        result.values.update(numeral.values)
        if not any(start < numeral.end and numeral.start < end for start, end in taken):
            result.figures.append(_in_context(numeral, plain, language))
    if language == "zh":
        result.figures = [*(_multiplied(figure, plain) for figure in result.figures), *tenths]
        for figure in result.figures:
            result.values.update(figure.values)
        if _DOUBLED_ZH.search(plain):
            result.values.add(2.0)
    for match in _DECADES_VI.finditer(plain) if language == "vi" else ():
        for figure in result.figures:
            if not plain[figure.end : match.start()].strip() and figure.end <= match.start():
                result.values.update(value * 10 for value in figure.values)
    result.figures = _shared_unit(result.figures, plain)
    result.may = language == "vi" and "tháng năm" in plain
    for numeral in romans(text):
        result.values.update(numeral.values)
        run = text[numeral.start : numeral.end]
        result.romans.append(
            Figure(numeral.values, numeral.start, numeral.end, run, "ordinals", "", True)
        )
    return result


def _tenths(match: re.Match[str]) -> Figure:
    """The percentage that a match of ``_TENTHS_ZH`` is."""
    tenths, hundredths = match["tenths"], match["hundredths"]
    value = 10 * (float(tenths) if tenths.isdecimal() else read_han(tenths))
    if hundredths:
        value += 5.0 if hundredths == "半" else read_han(hundredths)
    return Figure((value,), *match.span(), match.group(), "percent", "", True)


def _multiplied(figure: Figure, text: str) -> Figure:
    """A Chinese figure with the multiple that it means: 增加两倍 is threefold, 翻两番 fourfold."""
    if not text.startswith(("倍", "番"), figure.end):
        return figure
    value, before = figure.values[0], text[max(0, figure.start - 8) : figure.start]
    if text[figure.end] == "倍" and _BY_TIMES_ZH.search(before):
        return replace(figure, values=(*figure.values, value + 1))
    if text[figure.end] == "番" and before.endswith(("翻", "翻了")) and value < 10:
        return replace(figure, values=(2.0**value,))
    return figure


def _shared_scale(found: list[Numeral], text: str, language: str) -> list[Numeral]:
    """ "340 to 500 million": the first number may mean millions too."""
    result: list[Numeral] = []
    for numeral, following in itertools.zip_longest(found, found[1:]):
        if following is not None and not numeral.spelled and not following.spelled:
            gap = text[numeral.end : following.start]
            run = _LEADING_DIGITS.match(text, following.start)
            if run and len(gap) <= 8 and _RANGE_GAP.fullmatch(gap):
                scale = following.values[0] / (read_digits(run.group(), language)[0] or 1)
                if scale >= 100 and numeral.values[0] < 10_000:
                    both = (*numeral.values, numeral.values[0] * scale)
                    numeral = replace(numeral, values=both)
        elif following is not None and following.spelled:
            gap = text[numeral.end : following.start]
            scale = _spelled_scale(following.values[0])
            if scale and numeral.values[0] < 1000 and _RANGE_GAP.fullmatch(gap):
                both = (*numeral.values, numeral.values[0] * scale)
                numeral = replace(numeral, values=both)
        result.append(numeral)
    return result


def _spelled_scale(value: float) -> float:
    """The scale word that a round number in words ends with: of three million a million."""
    return next((s for s in (1e12, 1e9, 1e8, 1e6, 1e4, 1e3) if value >= s and not value % s), 0)


def _shared_unit(figures: list[Figure], text: str) -> list[Figure]:
    """ "60 to 70 percent", "$434-868": both are percentages, both are money."""
    result = list(figures)
    for index in range(len(result) - 1):
        first, second = result[index], result[index + 1]
        if first.kind == second.kind:
            continue
        gap = text[first.end : second.start].rstrip("$€£¥ ")
        if len(gap) > 10 or not (_RANGE_GAP.fullmatch(gap) or gap.strip() in {"", "-"}):
            continue
        if first.values[0].is_integer() and 1900 <= first.values[0] < 2100:
            continue  # a year
        if first.kind == "plain" and second.kind in {"percent", "money"}:
            result[index] = replace(first, kind=second.kind, currency=second.currency)
        elif (
            second.kind == "plain"
            and first.kind in {"percent", "money"}
            and _before("").search(text, max(0, first.start - 5), first.start)
        ):
            result[index + 1] = replace(second, kind=first.kind, currency=first.currency)
    return result


_IN_A_ROW_VI = re.compile(r"(?:thứ|khóa|khoá|kỳ)\s+$", re.IGNORECASE)


def _in_context(numeral: Numeral, text: str, language: str) -> Figure:
    kind, currency = "plain", ""
    if numeral.ordinal:
        kind = "ordinals"
    after = _after(language).match(text, numeral.end)
    before = _before(language).search(text, max(0, numeral.start - 6), numeral.start)
    end = numeral.end
    if before and before.lastgroup:
        kind, currency = _named(before.lastgroup)
    elif after and after.lastgroup and after.group():
        kind, currency = _named(after.lastgroup)
        end = after.end()
    elif language == "vi" and _IN_A_ROW_VI.search(text, max(0, numeral.start - 9), numeral.start):
        kind = "ordinals"
    return Figure(
        numeral.values,
        numeral.start,
        end,
        text[numeral.start : end].strip(),
        kind,
        currency,
        numeral.spelled,
    )


def _named(group: str) -> tuple[str, str]:
    if group == "percent":
        return "percent", ""
    if group == "ordinal":
        return "ordinals", ""
    return "money", group


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: "\x00" * len(match.group()), text)
