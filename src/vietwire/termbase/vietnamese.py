"""Vietnamese text as the syllables that terms are compared by.

Two spellings of one term give the same keys: case, tone-mark placement (hòa/hoà), hyphens with and
without spaces, newsroom abbreviations (HNCC, LHQ), and the ways to write an ordinal (lần thứ 37,
lần thứ XXXVII, lần thứ ba mươi bảy, 37) are folded. What folding must not confuse (names,
acronyms) is decided afterwards on the surface: see ``finding``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from vietwire.text import fold_tones

HYPHEN = "-"
_HYPHENS = frozenset("-‐‑‒–—―−")
# A run of letters or of digits (1.234,5 is one), or any one other sign.
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]|_")
# Parts of addresses and hashtags are not words of the sentence.
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[@#]\w+"
    r"|\b(?:[A-Za-z0-9-]+\.)+(?:vn|org|com|net|gov|edu|int|info|eu|asia)\b(?:/\S*)?"
)
#: The key of a sign that no term can match across.
BARRIER = "\0"


class Syllable(NamedTuple):
    """One key and the span of the text it stands for."""

    key: str
    start: int
    end: int
    surface: str


# What newsroom copy abbreviates inside longer names; written out before comparing, so that
# "HNCC ASEAN - LHQ" is "Hội nghị Cấp cao ASEAN - Liên hợp quốc". Full forms of one meaning that
# differ by house or year are brought to one of them in the same way.
_REWRITES: dict[str, str] = {
    "hncc": "hội nghị cấp cao",
    "hntđ": "hội nghị cấp cao",
    "hội nghị thượng đỉnh": "hội nghị cấp cao",
    "hnbt": "hội nghị bộ trưởng",
    "lhq": "liên hợp quốc",
    "liên hiệp quốc": "liên hợp quốc",
    "bng": "bộ ngoại giao",
    "btng": "bộ trưởng ngoại giao",
    "bt": "bộ trưởng",
    "đsq": "đại sứ quán",
    "đhđ": "đại hội đồng",
    "hđba": "hội đồng bảo an",
    "ttg": "thủ tướng",
    "ubnd": "ủy ban nhân dân",
    "ubtvqh": "ủy ban thường vụ quốc hội",
    "ttk": "tổng thư ký",
    "tbt": "tổng bí thư",
    "tw": "trung ương",
    "tp": "thành phố",
    "tphcm": "thành phố hồ chí minh",
    "hcm": "hồ chí minh",
}
# Abbreviations that are words when in small letters are only read in capitals.
_CAPITALS_ONLY = frozenset({"bt", "tp", "tw", "ttg", "tbt", "hcm", "ttk", "bng"})


def is_partial(abbreviation: str) -> bool:
    """Whether an abbreviation is only read as one inside a longer name."""
    return abbreviation.lower() in ("bt", "tp", "tw", "tbt", "ttk")


_DIGITS = {
    "một": 1,
    "mốt": 1,
    "nhất": 1,
    "hai": 2,
    "nhì": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
}
_ROMAN = re.compile(r"(?=[IVXL])(X{0,3}|XL|LX{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


def roman(text: str) -> int | None:
    """The value of a Roman numeral below 90 in capitals, None for anything else."""
    if not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[letter] for letter in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)


def fold(word: str) -> str:
    """One word's key: NFC, small letters, tone marks in one place."""
    return fold_tones(unicodedata.normalize("NFC", word).lower())


def syllables(text: str) -> list[Syllable]:
    """The text's syllables, numbers and signs with folded keys; offsets are those of ``text``."""
    if not unicodedata.is_normalized("NFC", text):
        return _decomposed(text)
    folded = _lower(text)
    blocked = [(m.start(), m.end()) for m in _ADDRESS.finditer(text)] if _hints(text) else []
    found = []
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        key = match[0]
        if key in _HYPHENS:
            key = HYPHEN
        elif blocked and any(s <= start < e for s, e in blocked):
            key = BARRIER
        found.append(Syllable(key, start, end, text[start:end]))
    return found


def _hints(text: str) -> bool:
    return "." in text or "@" in text or "#" in text or "/" in text


def _lower(text: str) -> str:
    """Small letters and one tone placement, each character staying where it is."""
    lower = text.lower()
    if len(lower) != len(text):  # İ and its like grow; such a character is left as it is
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return fold_tones(lower)


def _decomposed(text: str) -> list[Syllable]:
    """Syllables of text that is not NFC, with offsets in the text as given."""
    starts = [0]
    composed = []
    for cluster in re.findall(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+", text):
        whole = unicodedata.normalize("NFC", cluster)
        composed.append(whole)
        starts += [starts[-1]] * (len(whole) - 1) + [starts[-1] + len(cluster)]
    return [
        s._replace(start=starts[s.start], end=starts[s.end]) for s in syllables("".join(composed))
    ]


def _build() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    table: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for short, full in _REWRITES.items():
        if short == full:
            continue
        left = tuple(fold(w) for w in short.split())
        table.setdefault(left[0], []).append((left, tuple(fold(w) for w in full.split())))
    for choices in table.values():
        choices.sort(key=lambda pair: -len(pair[0]))
    return table


_TABLE = _build()
_NUMBER_WORDS = {fold(word): value for word, value in _DIGITS.items()}
_LAN, _THU, _NAM, _MUOI, _MUOI_LEVEL = (
    fold("lần"),
    fold("thứ"),
    fold("năm"),
    fold("mười"),
    fold("mươi"),
)


def canonical(found: Sequence[Syllable]) -> list[Syllable]:
    """Syllables with abbreviations written out and ordinals and years as bare figures.

    A written-out abbreviation's first key carries its span, the others an empty span at its end,
    so a match always covers whole surface words.
    """
    out: list[Syllable] = []
    at = 0
    size = len(found)
    while at < size:
        item = found[at]
        step = _ordinal(found, at)
        if step:
            number, used = step
            end = found[at + used - 1].end
            out.append(Syllable(str(number), item.start, end, str(number)))
            at += used
            continue
        if (
            item.key == _NAM
            and at + 1 < size
            and len(found[at + 1].key) == 4
            and found[at + 1].key.isdigit()
            and out
        ):
            year = found[at + 1]
            out.append(Syllable(year.key, item.start, year.end, year.surface))
            at += 2
            continue
        rewrite = _rewrite(found, at)
        if rewrite:
            used, full = rewrite
            end = found[at + used - 1].end
            out.append(Syllable(full[0], item.start, end, ""))
            out.extend(Syllable(word, end, end, "") for word in full[1:])
            at += used
            if at < size and found[at].key == "." and item.key == "tp":
                at += 1  # "TP." keeps its stop in copy
            continue
        out.append(item)
        at += 1
    return out


def _rewrite(found: Sequence[Syllable], at: int) -> tuple[int, tuple[str, ...]] | None:
    for left, full in _TABLE.get(found[at].key, ()):
        window = found[at : at + len(left)]
        if tuple(s.key for s in window) != left:
            continue
        if len(left) == 1 and not found[at].surface.isupper():
            if left[0] in _CAPITALS_ONLY and found[at].surface != "Tp":
                continue
            if not found[at].surface.isupper() and left[0] not in ("tp",):
                continue
        return len(left), full
    return None


def _ordinal(found: Sequence[Syllable], at: int) -> tuple[int, int] | None:
    """(value, tokens used) of "lần thứ N", "lần N", "thứ 37"; None where there is none."""
    first = found[at].key
    if first == _LAN and at + 1 < len(found):
        skip = 2 if found[at + 1].key == _THU else 1
    elif first == _THU:
        skip = 1
    else:
        return None
    rest = found[at + skip : at + skip + 4]
    if not rest:
        return None
    if rest[0].key.isdigit():
        return int(rest[0].key), skip + 1
    value = roman(rest[0].surface)
    if value:
        return value, skip + 1
    if skip < 2:  # "thứ hai" is also Monday, "lần hai" also a count: only "lần thứ hai" is sure
        return None
    return _spelled(rest, skip)


def _spelled(rest: Sequence[Syllable], skip: int) -> tuple[int, int] | None:
    words = [s.key for s in rest]
    units = _NUMBER_WORDS.get(words[0])
    if words[0] == _MUOI:
        extra = _NUMBER_WORDS.get(words[1]) if len(words) > 1 else None
        return (10 + extra, skip + 2) if extra else (10, skip + 1)
    if units is None:
        return None
    if len(words) > 1 and words[1] == _MUOI_LEVEL:
        extra = _NUMBER_WORDS.get(words[2]) if len(words) > 2 else None
        return (units * 10 + extra, skip + 3) if extra else (units * 10, skip + 2)
    return units, skip + 1


_FORM_TOKEN = re.compile(_TOKEN.pattern + r"|\n")
# First words of what ``canonical`` rewrites; a form with none of them is its own canonical form.
_TRIGGERS = frozenset(
    {left[0] for choices in _TABLE.values() for left, _ in choices if len(left) == 1}
    | {fold(word) for word in ("thượng", "hiệp", "lần", "thứ", "năm")}
)


_SPACED_HYPHEN = re.compile(f" ?[{re.escape(''.join(sorted(_HYPHENS)))}] ?")


def folded_forms(forms: Sequence[str]) -> list[str]:
    """Many NFC forms folded in case, tone marks and hyphens: equal ones cannot be told apart."""
    joined = _lower("\n".join(form.replace("\n", " ") for form in forms))
    return _SPACED_HYPHEN.sub(HYPHEN, joined).split("\n") if forms else []


def keys_of(forms: Sequence[str]) -> list[list[str]]:
    """The folded keys of many NFC forms, in one pass over all of them."""
    joined = _lower("\n".join(form.replace("\n", " ") for form in forms))
    found: list[list[str]] = [[]]
    for piece in _FORM_TOKEN.findall(joined):
        if piece == "\n":
            found.append([])
        else:
            found[-1].append(HYPHEN if piece in _HYPHENS else piece)
    return found if forms else []


def canonical_keys_of(forms: Sequence[str]) -> list[list[str]]:
    """As ``keys_of``, with abbreviations written out: what text is compared with."""
    return [
        keys if _TRIGGERS.isdisjoint(keys) else [s.key for s in canonical(syllables(form))]
        for form, keys in zip(forms, keys_of(forms), strict=True)
    ]


def canonical_keys(form: str) -> list[str]:
    """One form's keys with abbreviations written out."""
    return canonical_keys_of([unicodedata.normalize("NFC", form)])[0]
