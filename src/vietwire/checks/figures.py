"""Whether the figures of a source stand in its translation, and no others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from vietwire.checks.dates import Clock, Day, find_weekdays, possible_weekdays
from vietwire.checks.numerals import COMMA_DECIMAL, read_digits
from vietwire.checks.quantities import (
    LABELS_VI,
    Figure,
    Figures,
    names_currency,
    rate_to_one,
    read_figures,
    source_figures,
)
from vietwire.checks.scores import check_scores
from vietwire.checks.units import check_units
from vietwire.story import Finding, Severity

_WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHECK_OF = {"plain": "numbers", "percent": "percent", "money": "money", "ordinals": "ordinals"}
_CALLED = {
    "plain": "number",
    "percent": "percentage",
    "money": "sum of money",
    "ordinals": "ordinal",
}


def check_figures(source: str, target: str, language: str) -> Iterator[Finding]:
    """Numbers, percentages, money, ordinals, dates, weekdays and times of day."""
    ours = source_figures(source)
    theirs = read_figures(target, language)
    yield from _numbers(ours, theirs, source, target, language)
    yield from check_units(ours, theirs, source, target, language)
    yield from check_scores(ours, source, target)
    yield from _dates(ours, theirs)
    yield from _clocks(ours, theirs, source, target, language)
    yield from _weekdays(source, target, language, ours, theirs)


def _numbers(
    ours: Figures, theirs: Figures, source: str, target: str, language: str
) -> Iterator[Finding]:
    doubtful = [(day.start, day.end) for day in ours.days if not day.sure]
    wanted = [
        figure
        for figure in ours.figures
        if (not figure.spelled or (figure.kind == "ordinals" and figure.values[0] > 10))
        and not any(a <= figure.start and figure.end <= b for a, b in doubtful)
    ]
    known = _explained(ours)
    strange = [
        figure
        for figure in theirs.figures
        if not ours.has(*figure.values) and not known & set(figure.values)
    ]
    added = [figure for figure in strange if not figure.spelled]
    articles = language != "zh" and not strange
    rates = _rates(wanted, theirs, target, language)
    missing = [
        figure
        for figure in wanted
        if not _stands(figure, theirs)
        and not _part_of_the_year(figure, source, target)
        and not (articles and _said_by_an_article(figure, source))
        and not (_is_one_of_money(figure) and figure.currency in rates)
    ]
    for figure in wanted:
        if figure not in missing:
            yield from _same_kind(figure, theirs, target, language)
            yield from _decimal_mark(figure, ours, theirs, target, language)
    for figure in missing[:6]:
        other = _counterpart(figure, added)
        if other is None and figure.kind == "ordinals":
            # a wrong Roman numeral: the XXXII Cumbre for the 37th
            other = next((r for r in theirs.romans if not ours.has(*r.values)), None)
        if other is not None:
            added = [left for left in added if left is not other]
        yield _wrong_number(figure, other, target, language)
    yield from _spelled_ordinals(ours, theirs, strange, source, target, language)
    yield from _romans(ours, theirs, source, known)
    for figure in added[:6]:
        yield Finding(
            Severity.WARN,
            _CHECK_OF[figure.kind],
            f"The {_CALLED[figure.kind]} “{figure.text}” is not in the Vietnamese.",
            "Take it out, or make sure that the source says it in other words.",
            (figure.start, figure.end),
        )


#: What is a part of a whole or of a year, not the second or the fourth of a row.
_PARTS = re.compile(r"quarter|half|quart|tiers?|tercios?|треть|трети|четверт[ьи]", re.IGNORECASE)


def _often(figures: Figures) -> Counter[float]:
    """How many figures of a text may mean each value."""
    return Counter(value for figure in figures.figures for value in set(figure.values))


def _spelled_ordinals(
    ours: Figures,
    theirs: Figures,
    strange: list[Figure],
    source: str,
    target: str,
    language: str,
) -> Iterator[Finding]:
    """ "lần thứ hai" may go unsaid (again), but not become the third time."""
    written = {value for f in (*theirs.figures, *theirs.romans) for value in f.values}
    missing = [
        figure
        for figure in ours.figures
        if _is_small_ordinal(figure)
        and not written & set(figure.values)
        # "cùng kỳ năm ngoái": a year
        and (figure.text != "năm" or source[: figure.start].rstrip().endswith("thứ"))
    ]
    if not missing or (find_weekdays(target, language) and possible_weekdays(source)):
        return  # thứ hai may be Monday
    here, there = _often(ours), _often(theirs)
    # the two of "hai năm" explains "two years", and no "second" beside them
    others = [
        figure
        for figure in theirs.figures
        if _is_small_ordinal(figure)
        and not _PARTS.fullmatch(figure.text)
        and not (figure.values == (2.0,) and _SECONDS_VI.search(source))
        and (figure in strange or there[figure.values[0]] > here[figure.values[0]] > 0)
    ]
    for figure, other in zip(missing, others, strict=False):
        yield Finding(
            Severity.BLOCK,
            "ordinals",
            f"The ordinal “{figure.text}” has become “{other.text}”.",
            "Correct the figure against the source.",
            (other.start, other.end),
            (figure.start, figure.end),
        )


def _is_small_ordinal(figure: Figure) -> bool:
    return figure.kind == "ordinals" and figure.spelled and 1 < figure.values[0] <= 10


#: What "second" and "seconde" are too.
_SECONDS_VI = re.compile(r"(?<!\w)giây(?!\w)", re.IGNORECASE)


def _romans(ours: Figures, theirs: Figures, source: str, known: set[float]) -> Iterator[Finding]:
    """Đại hội XIII may become the 13th or 十三大, but no other number, and not nothing."""
    others = "".join(word for word in source.split() if not _ROMAN_DIGITS.fullmatch(word))
    capitals = sum(map(str.isupper, others)) > sum(map(str.islower, others))
    for roman in ours.romans:
        if not _ROMAN_DIGITS.fullmatch(roman.text) or theirs.has(*roman.values):
            continue
        ordinals = [f for f in theirs.figures if f.kind == "ordinals"]
        strange = (f for f in (*ordinals, *theirs.romans) if not ours.has(*f.values))
        other = next((f for f in strange if not known & set(f.values)), None)
        if other is not None:
            yield Finding(
                Severity.BLOCK,
                "ordinals",
                f"The ordinal “{roman.text}” has become “{other.text}”.",
                "Correct the figure against the source.",
                (other.start, other.end),
                (roman.start, roman.end),
            )
        elif not capitals:  # in a line of capitals, VI and XI may be syllables
            yield Finding(
                Severity.WARN,
                "ordinals",
                f"The ordinal “{roman.text}” is missing from the translation.",
                "Put it back, in the form of the language.",
                source_span=(roman.start, roman.end),
            )


#: As Vietnamese writes them, two letters and more: "Xe" (vehicle) is not X with a French ending.
_ROMAN_DIGITS = re.compile(r"[IVXLC]{2,}")


def _stands(figure: Figure, theirs: Figures) -> bool:
    if theirs.has(*figure.values):
        return True
    value = figure.values[0]
    if value % 1 == 0.5 and theirs.has(0.5) and theirs.has(value // 1):
        return True  # an hour and a half
    if len(figure.text) == 4 and any(c.hour * 100 + c.minute == value for c in theirs.clocks):
        return True  # 0230 as 02:30
    if value == 50 and figure.kind == "percent":
        return theirs.has(0.5)
    # "những năm 1990" as "the 90s"
    return (
        value.is_integer() and 1900 <= value < 2100 and not value % 10 and theirs.has(value % 100)
    )


#: What is numbered with a 1, not counted.
_LABEL = re.compile(
    rf"(?<!\w)(?:{LABELS_VI}|lần|lượt|giai đoạn|cấp|mức|bảng|ngày|phút)\s$", re.IGNORECASE
)
_ONE_OF = re.compile(r"(?<![/:.,–-])1 [^\W\d_]")


def _said_by_an_article(figure: Figure, source: str) -> bool:
    """Whether a figure is a lone 1 that counts one thing: over 1 metre, more than a metre."""
    if figure.values != (1.0,) or figure.kind not in {"plain", "money"}:
        return False
    if not _ONE_OF.match(source, figure.start):
        return False
    labelled = _LABEL.search(source, max(0, figure.start - 12), figure.start)
    return figure.kind == "money" or not labelled


def _is_one_of_money(figure: Figure) -> bool:
    return figure.kind == "money" and figure.values == (1.0,)


def _rates(wanted: list[Figure], theirs: Figures, target: str, language: str) -> set[str]:
    """The currencies that the target has a rate to, which says their 1: 6.6 to the dollar."""
    if not any(map(_is_one_of_money, wanted)):
        return set()
    return {rate_to_one(target, figure.end, language) for figure in theirs.figures} - {""}


_MONTHS_OF_A_YEAR = re.compile(r"\s?tháng (?:đầu|cuối)(?: năm)?(?!\w)")
_PART_OF_A_YEAR = {
    3: re.compile(r"quarter|trimestre|квартал|季", re.IGNORECASE),
    6: re.compile(r"half|semestre|mitad|полугоди|半年", re.IGNORECASE),
    9: re.compile(r"quarters|trimestres|квартал|季", re.IGNORECASE),
}


def _part_of_the_year(figure: Figure, source: str, target: str) -> bool:
    """Whether "6 tháng đầu năm" has become the first half of the year, 3 or 9 months quarters."""
    part = _PART_OF_A_YEAR.get(int(figure.values[0])) if figure.values[0] % 1 == 0 else None
    if part is None or not _MONTHS_OF_A_YEAR.match(source, figure.end):
        return False
    return part.search(target) is not None


def _explained(ours: Figures) -> set[float]:
    """Values that the target may rightly hold though the source shows them otherwise."""
    values = {1.0}  # "the first", "a": said in many ways
    for clock in ours.clocks:
        values.update((*_hours(clock), float(clock.minute), *_run_together(clock)))
    for day in ours.days:
        if day.day == 1 and not day.sure:
            values.add(day.month * 2.0)  # vòng 1/8, the round of 16
    for value in ours.values:
        if value.is_integer() and 10 <= value < 100 and not value % 10:
            values.update((1900 + value, 2000 + value))
        if value == 0.5:
            values.add(50.0)
        if value.is_integer() and 1900 <= value < 2100 and not value % 10:
            values.add(value % 100)
    return values


def _counterpart(figure: Figure, added: list[Figure]) -> Figure | None:
    alike = [other for other in added if other.kind == figure.kind]
    return (alike or added or [None])[0]  # type: ignore[list-item]


def _wrong_number(figure: Figure, other: Figure | None, target: str, language: str) -> Finding:
    check = _CHECK_OF[figure.kind]
    called = _CALLED[figure.kind]
    where = (figure.start, figure.end)
    if other is None:
        return Finding(
            Severity.WARN,
            check,
            f"The {called} “{figure.text}” is missing from the translation.",
            "Put it back, in the format of the language.",
            source_span=where,
        )
    span = (other.start, other.end)
    run = target[other.start : other.end]
    digits = run[: len(run) - len(run.lstrip("0123456789.,"))]
    if digits and set(read_digits(digits.strip(".,"), "vi")) & set(
        read_digits(_digits(figure), "vi")
    ):
        return Finding(
            Severity.BLOCK,
            check,
            f"“{run}” keeps the Vietnamese format and does not read as “{figure.text}” here.",
            "Write the number with the separators and scale words of the language.",
            span,
            where,
        )
    return Finding(
        Severity.BLOCK,
        check,
        f"The {called} “{figure.text}” has become “{other.text}”.",
        "Correct the figure against the source.",
        span,
        where,
    )


_MARKS_SWAPPED = str.maketrans(",.", ".,")


def _decimal_mark(
    figure: Figure, ours: Figures, theirs: Figures, target: str, language: str
) -> Iterator[Finding]:
    """A figure that stands in the target with the decimal mark of another language.

    Its value is plain for all that: nobody groups digits in ones or twos. Where it stands in the
    right form as often as in the source, the other form is another thing (Windows 8.1).
    """
    digits = _digits(figure)
    if "," not in digits or len(digits.rpartition(",")[2]) == 3:
        return
    wrong = digits.translate(_MARKS_SWAPPED) if language in COMMA_DECIMAL else digits
    if wrong not in target:
        return
    # among the figures 5.24 may be missing: it is a time as well
    found = re.search(rf"(?<![\d.,]){re.escape(wrong)}(?!\d|[.,]\d)", target)
    if found is None:
        return
    right = sum(figure.values[0] in f.values and _digits(f) != wrong for f in theirs.figures)
    if right >= sum(_digits(f) == digits for f in ours.figures):
        return
    yield Finding(
        Severity.NOTE if language == "es" else Severity.WARN,  # half of America writes 5.24
        _CHECK_OF[figure.kind],
        f"“{wrong}” has the decimal mark of another language.",
        "Write the number with the separators and scale words of the language.",
        found.span(),
        (figure.start, figure.end),
    )


def _digits(figure: Figure) -> str:
    """The digits with their separators that a figure's text begins with; "0" for none."""
    text = figure.text
    return text[: len(text) - len(text.lstrip("0123456789.,"))].strip(".,") or "0"


def _same_kind(figure: Figure, theirs: Figures, target: str, language: str) -> Iterator[Finding]:
    """The number stands, but does it still count the same thing?"""
    if figure.kind not in {"percent", "money"}:
        return
    matches = [f for f in theirs.figures if set(f.values) & set(figure.values)]
    if not matches or any(m.kind == figure.kind and m.currency == figure.currency for m in matches):
        return
    match = matches[0]
    span = (match.start, match.end)
    where = (figure.start, figure.end)
    if figure.kind == "percent":
        yield Finding(
            Severity.WARN,
            "percent",
            f"“{figure.text}” is a percentage, “{match.text}” does not look like one.",
            "Add the per cent sign or word.",
            span,
            where,
        )
    elif match.kind == "money":
        yield Finding(
            Severity.BLOCK,
            "money",
            f"The currency has changed: “{figure.text}” has become “{match.text}”.",
            "Correct the currency; never convert.",
            span,
            where,
        )
    elif not (
        rate_to_one(target, match.end, language)
        and names_currency(target, figure.currency, language)
    ):
        yield Finding(
            Severity.WARN,
            "money",
            f"The currency of “{figure.text}” is missing after “{match.text}”.",
            "Name the currency.",
            span,
            where,
        )


def _dates(ours: Figures, theirs: Figures) -> Iterator[Finding]:
    unmatched = [
        day
        for day in theirs.days
        if day.sure and not _day_known(day, ours) and not (ours.may and day.month == 5)
    ]
    for day in ours.days:
        if not day.sure or _day_found(day, theirs):
            if day.sure and day.year and not theirs.has(day.year):
                yield _missing_year(day)
            continue
        if unmatched:
            other = unmatched.pop(0)
            yield Finding(
                Severity.BLOCK,
                "dates",
                f"The date {_say(day)} has become {_say(other)}.",
                "Correct the date against the source.",
                (other.start, other.end),
                (day.start, day.end),
            )
        else:
            yield Finding(
                Severity.WARN,
                "dates",
                f"The date {_say(day)} is missing from the translation.",
                "Put it back, in the form of the language.",
                source_span=(day.start, day.end),
            )
    for other in unmatched:
        yield Finding(
            Severity.WARN,
            "dates",
            f"The date {_say(other)} is not in the Vietnamese.",
            "Take it out, or make sure that the source says it in other words.",
            (other.start, other.end),
        )


def _missing_year(day: Day) -> Finding:
    return Finding(
        Severity.NOTE,
        "dates",
        f"The year {day.year} of the source is not in the translation.",
        "Add it unless the style of the language leaves out the current year.",
        source_span=(day.start, day.end),
    )


def _same_day(ours: Day, theirs: Day) -> bool:
    pairs = [(theirs.day, theirs.month)]
    if theirs.swapped:
        pairs.append((theirs.month, theirs.day or 0))
    years = not (ours.year and theirs.year) or ours.year == theirs.year
    return years and any(
        month == ours.month and (day is None or ours.day is None or day == ours.day)
        for day, month in pairs
    )


def _day_found(day: Day, theirs: Figures) -> bool:
    if any(
        _same_day(day, other) and (other.day is not None or day.day is None or theirs.has(day.day))
        for other in theirs.days
    ):
        return True
    # "on the 12th": the month may go unsaid, but not change
    return not theirs.days and theirs.has(day.day or day.month)


def _day_known(day: Day, ours: Figures) -> bool:
    return any(
        _same_day(other, day) and (other.day is not None or day.day is None or ours.has(day.day))
        for other in ours.days
    )


def _say(day: Day) -> str:
    parts = [str(day.day)] if day.day else []
    parts.append(date(2000, day.month, 1).strftime("%B"))
    if day.year:
        parts.append(str(day.year))
    return " ".join(parts)


def _clocks(
    ours: Figures, theirs: Figures, source: str, target: str, language: str
) -> Iterator[Finding]:
    for clock in ours.clocks:
        kept = source[clock.start : clock.end]
        at = target.find(kept) if language in _NO_HOURS_WITH_H and "h" in kept else -1
        if at >= 0:
            yield Finding(
                Severity.WARN,
                "numbers",
                f"The time “{kept}” stands as Vietnamese writes it.",
                "Write it in the form of the language.",
                (at, at + len(kept)),
                (clock.start, clock.end),
            )
            continue
        if any(_same_time(clock, other) for other in theirs.clocks):
            continue
        strange = (o for o in theirs.clocks if not any(_same_time(c, o) for c in ours.clocks))
        other = next((o for o in strange if _half_a_day_off(clock, o)), None)
        if other is not None:
            yield Finding(
                Severity.BLOCK,
                "numbers",
                f"The time “{kept}” has become “{target[other.start : other.end]}”.",
                "Correct the time against the source; do not convert time zones.",
                (other.start, other.end),
                (clock.start, clock.end),
            )
            continue
        minute = not clock.minute or theirs.has(clock.minute) or theirs.has(0.5)
        if minute and theirs.has(*_hours(clock)):
            continue
        if theirs.has(*_run_together(clock)):
            continue
        if clock.hour in {0, 12, 24} and not theirs.clocks:
            continue  # noon, midnight
        yield Finding(
            Severity.WARN,
            "numbers",
            f"The time {clock.hour}:{clock.minute:02} is missing from the translation.",
            "Put it back, in the form of the language; do not convert time zones.",
            source_span=(clock.start, clock.end),
        )


#: French writes 18h30, too, and Spanish 18 h.
_NO_HOURS_WITH_H = {"en", "zh", "ru"}


def _hours(clock: Clock) -> set[float]:
    """What the hour of a time may be written as: 3 or 15 in the afternoon."""
    later = {clock.hour + 12.0} if clock.half == "pm" and clock.hour < 12 else set()
    return {float(clock.hour), float(clock.hour % 12 or 12), *later}


def _run_together(clock: Clock) -> tuple[float, float]:
    """What a time looks like as 1930 and as 19.30."""
    return float(clock.hour * 100 + clock.minute), clock.hour + clock.minute / 100


def _same_time(clock: Clock, other: Clock) -> bool:
    return _same_dial(clock, other) and (not other.half or clock.half in {"", other.half})


def _half_a_day_off(clock: Clock, other: Clock) -> bool:
    return _same_dial(clock, other) and not _same_time(clock, other)


def _same_dial(clock: Clock, other: Clock) -> bool:
    """Whether two times put the hands of a clock in the same place."""
    return clock.hour % 12 == other.hour % 12 and clock.minute == other.minute


def _weekdays(
    source: str, target: str, language: str, ours: Figures, theirs: Figures
) -> Iterator[Finding]:
    said = find_weekdays(source, "vi")
    written = find_weekdays(target, language)
    expected = {weekday for weekday, _, _ in said}
    perhaps = possible_weekdays(source)
    for weekday, start, end in written:
        if expected and weekday not in expected and weekday not in perhaps:
            names = " or ".join(_WEEKDAY_NAMES[day] for day in sorted(expected))
            yield Finding(
                Severity.BLOCK,
                "dates",
                f"The weekday has changed: the source says {names}, “{target[start:end]}” is "
                f"{_WEEKDAY_NAMES[weekday]}.",
                "Correct the weekday against the source.",
                (start, end),
                said[0][1:],
            )
            return
    if expected and not written:
        return
    days = [d for d in (*ours.days, *theirs.days) if d.day and d.year and d.sure]
    real = {_weekday(day) for day in days} - {None}
    if len(real) == 1 and len(written) == 1 and written[0][0] not in real:
        day = days[0]
        weekday, start, end = written[0]
        (right,) = real
        yield Finding(
            Severity.WARN,
            "dates",
            f"{_say(day)} was a {_WEEKDAY_NAMES[right or 0]}, not a {_WEEKDAY_NAMES[weekday]}.",
            "Check the date and the weekday with the source.",
            (start, end),
        )


def _weekday(day: Day) -> int | None:
    try:
        return date(day.year or 0, day.month, day.day or 0).weekday()
    except ValueError:
        return None
