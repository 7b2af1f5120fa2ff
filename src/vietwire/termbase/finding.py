"""Finding terms in Vietnamese text: the longest whole names, in their own case and context."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from vietwire.termbase.model import Concept
from vietwire.termbase.vietnamese import (
    BARRIER,
    HYPHEN,
    Syllable,
    canonical,
    canonical_keys,
    canonical_keys_of,
    fold,
    is_partial,
    syllables,
)


class Entry(NamedTuple):
    """One Vietnamese form of one concept; ``needs_context``: a telling word must be near it."""

    concept: Concept
    form: str
    abbreviation: bool
    needs_context: bool


class Match(NamedTuple):
    """A concept found in the text at [start, end)."""

    entry: Entry
    start: int
    end: int


# Vietnamese family names: a place name after one of them is a person's given name.
_FAMILY_NAMES = frozenset(
    [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Phan",
        "Vũ",
        "Võ",
        "Đặng",
        "Bùi",
        "Đỗ",
        "Hồ",
        "Ngô",
        "Dương",
        "Lý",
        "Đinh",
        "Lâm",
        "Mai",
        "Trịnh",
        "Đoàn",
        "Đào",
        "Trương",
        "Cao",
        "Lương",
        "Tạ",
        "Tô",
        "Hà",
        "Tống",
        "Châu",
        "Vương",
        "Quách",
        "Thái",
        "Kiều",
        "Lưu",
        "Phùng",
        "Chu",
        "La",
        "Tăng",
        "Đàm",
    ]
)
# Words before a country's name that make it something else: a continent, a currency.
_OTHER_BEFORE: dict[str, frozenset[str]] = {
    "mỹ": frozenset({fold("châu"), "la", fold("đôla"), "usd"}),
    "úc": frozenset({fold("châu")}),
    "phi": frozenset({fold("châu")}),
}
# Words that a one-syllable country name begins, beside the country: "Pháp luật", "Ý kiến".
_OTHER_WORDS: dict[str, frozenset[str]] = {
    name: frozenset(fold(word) for word in words.split())
    for name, words in {
        "pháp": "luật lệnh lý chế danh nhân môn sư y",
        "ý": "kiến nghĩa chí thức tưởng đồ định muốn",
        "đức": "tin phật thánh chúa cha giáo hồng độ tính mẹ",
        "mỹ": "thuật phẩm nhân học viện lệ latinh latin",
        "ấn độ": "giáo dương",
        "anh": "em chị hùng ấy ta cả trai linh nguyễn trần lê phạm",
        "áo": "dài khoác sơ len phao mưa giáp thun",
        "nga": "my",
        "bỉ": "ổi",
        "úc": "",
        "lào": "xào",
        "nhật": "ký báo trình thực nguyệt thường",
        "hàn": "gắn the lâm huyết",
        "trung": "bình tâm ương thực thành hạn hậu học niên đoàn thu ta kỳ",
        "ấn": "tượng định bản phẩm loát hành",
        "thái": "độ bình dương tử hậu",
    }.items()
}


# A Vietnamese syllable without its tone: what follows a country's name in a longer Vietnamese name,
# where a foreign person's name would follow the country's in "Thủ tướng Lào Thongloun".
_SYLLABLE = re.compile(
    "(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu?|r|s|th?|tr|v|x)?"
    "[aăâeêioôơuưy]{1,3}(?:ch?|m|nh?|ng|p|t)?"
)


def _toneless(word: str) -> str:
    """A folded word without its tone mark, its letters (ă, ê, ơ) as they were."""
    return unicodedata.normalize("NFC", _TONE_MARKS.sub("", unicodedata.normalize("NFD", word)))


_TONE_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


class Finder:
    """Looks up the forms of many concepts at once.

    Forms are kept in one dictionary by their folded syllables, with the lengths that begin with
    each first syllable beside it: looking up a text costs a few dictionary probes per syllable,
    however many concepts there are.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        forms: list[str] = []
        owners: list[tuple[Concept, bool]] = []
        for concept in concepts:
            full = (concept.vi, *concept.variants)
            forms += full
            owners += [(concept, False)] * len(full)
            short = [form for form in concept.abbreviations if form not in full]
            forms += short
            owners += [(concept, True)] * len(short)
        self._entries: dict[str, list[tuple[Concept, str, bool]]] = {}
        lengths: dict[str, set[int]] = {}
        for form, (concept, short_form), keys in zip(
            forms, owners, canonical_keys_of(forms), strict=True
        ):
            for variant in _hyphen_variants(keys) if HYPHEN in keys else (keys,):
                if not variant:
                    continue
                joined = " ".join(variant)
                known = self._entries.get(joined)
                if known is None:
                    self._entries[joined] = [(concept, form, short_form)]
                    lengths.setdefault(variant[0], set()).add(len(variant))
                else:
                    known.append((concept, form, short_form))
        self._lengths = {first: sorted(sizes, reverse=True) for first, sizes in lengths.items()}

    def find(self, text: str, *, on: date, context: str = "") -> list[Match]:
        """The terms of a text, in order, without overlaps; the longest wins, then the leftmost.

        ``context`` is more text of the story, for forms that need a word near them.
        """
        found = canonical(syllables(text))
        around = _padded(found)
        wider = around + _padded(canonical(syllables(context))) if context else around
        candidates: list[tuple[int, int, Match]] = []
        for at, item in enumerate(found):
            if item.start == item.end:
                continue  # inside a written-out abbreviation
            for size in self._lengths.get(item.key, ()):
                if at + size > len(found):
                    continue
                window = found[at : at + size]
                entries = self._entries.get(" ".join(s.key for s in window))
                if not entries or not _whole(text, found, at, size) or _bare(text, window):
                    continue
                entry = self._choose(entries, text, found, at, size, on, wider)
                if entry:
                    end = max(s.end for s in window)
                    candidates.append((size, at, Match(entry, item.start, end)))
                    break
        candidates.sort(key=lambda c: (-(c[2].end - c[2].start), c[1]))
        taken: list[Match] = []
        for _, _, match in candidates:
            if all(match.end <= other.start or other.end <= match.start for other in taken):
                taken.append(match)
        return sorted(taken, key=lambda match: match.start)

    def _choose(
        self,
        claims: Sequence[tuple[Concept, str, bool]],
        text: str,
        found: Sequence[Syllable],
        at: int,
        size: int,
        on: date,
        around: str,
    ) -> Entry | None:
        start, end = found[at].start, max(s.end for s in found[at : at + size])
        surface = text[start:end]
        entries = (
            Entry(concept, form, short, bool(concept.context) and (short or size <= 2))
            for concept, form, short in claims
        )
        fitting = [
            entry
            for entry in entries
            if entry.concept.valid_on(on)
            and _case_fits(entry.form, surface)
            and (not entry.needs_context or _has_context(entry, around))
            and not _inside_longer_name(entry.form, found, at, size)
        ]
        if not fitting:
            return None
        # The same spelling first; then a form that carried its own proof (context) before one that
        # did not; then the full form before an abbreviation.
        return min(fitting, key=lambda e: (e.form != surface, not e.needs_context, e.abbreviation))


def _hyphen_variants(keys: list[str]) -> list[list[str]]:
    """A form, and it without the hyphens that copy drops: before figures (COVID 19)."""
    plain = [
        key
        for place, key in enumerate(keys)
        if not (key == HYPHEN and place + 1 < len(keys) and keys[place + 1].isdigit())
    ]
    return [keys] if plain == keys else [keys, plain]


def _padded(found: Sequence[Syllable]) -> str:
    return " " + " ".join(s.key for s in found) + " "


def _has_context(entry: Entry, around: str) -> bool:
    """Whether one of the concept's context words stands in the text, the form itself aside."""
    own = f" {' '.join(canonical_keys(entry.form))} "
    rest = around.replace(own, " \0 ")
    return any(f" {' '.join(canonical_keys(word))} " in rest for word in entry.concept.context)


def _bare(text: str, window: Sequence[Syllable]) -> bool:
    """Whether a match is nothing but an abbreviation that means something only in a longer name.

    "BT" is Bộ trưởng in "BT Ngoại giao", and anything at all by itself.
    """
    alone = all(s.start == s.end for s in window[1:]) and len(window) > 1
    return alone and is_partial(text[window[0].start : window[0].end])


def _whole(text: str, found: Sequence[Syllable], at: int, size: int) -> bool:
    """Whole words only: not part of ASEAN2020, of an address, of "ADMM+" or of "0,5"."""
    window = found[at : at + size]
    if any(s.key == BARRIER for s in window):
        return False
    start, end = window[0].start, max(s.end for s in window)
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or before == "_" or after.isalnum() or after == "_":
        return False
    if after == "+":
        return False
    follower = found[at + size] if at + size < len(found) else None
    # A figure inside the match must not go on: "ASEAN 37" is not in "ASEAN 37-38".
    return not (
        follower
        and follower.start == end
        and follower.key == HYPHEN
        and window[-1].key.isdigit()
        and at + size + 1 < len(found)
        and found[at + size + 1].start == follower.end
        and found[at + size + 1].key.isdigit()
    )


def _case_fits(form: str, surface: str) -> bool:
    """Whether the surface may be this form, going by its capitals.

    An acronym stays in capitals ("COC"); one of four letters and more may be written as a name
    ("Asean"), one of five and more anyhow ("covid-19"). A name, that is a form whose every word
    has a capital, keeps them (Biển Đông is not biển đông). In any other form capitals vary from
    desk to desk (Hội nghị Cấp cao, Hội nghị cấp cao) and mean nothing.
    """
    if surface == form or surface.isupper():
        return True
    wanted = [s for s in syllables(form) if s.surface[0].isalpha()]
    given = [s for s in syllables(surface) if s.surface[0].isalpha()]
    if len(wanted) != len(given):
        # Abbreviations stand written out on one side. What was short must be in capitals, which
        # ``vietnamese`` has seen to.
        return True
    name = is_name(form)
    for word, other in zip(wanted, given, strict=True):
        if _acronym(word.surface):
            if other.surface.isupper() or word.key != other.key:
                continue
            size = len(word.surface)
            if size >= 5 or (size == 4 and other.surface[0].isupper()):
                continue
            return False
        if name and word.surface[0].isupper() and not other.surface[0].isupper():
            return False
    return True


def _acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def is_name(form: str) -> bool:
    """Whether every word of a Vietnamese form begins with a capital (Hà Nội, Biển Đông)."""
    words = [s.surface for s in syllables(form) if s.surface[0].isalpha()]
    return bool(words) and all(word[0].isupper() for word in words)


def _capital(item: Syllable) -> bool:
    return item.surface[:1].isupper() and not item.surface.isupper()


def _adjacent(found: Sequence[Syllable], left: int, right: int) -> bool:
    """Whether two syllables stand side by side with one space between."""
    return found[right].start - found[left].end == 1


def _inside_longer_name(form: str, found: Sequence[Syllable], at: int, size: int) -> bool:
    """Whether a name found here is only part of a longer one.

    - "Việt Nam" in "Nguyễn Việt Nam": capitalised words before it that begin with a family name.
    - "Nguyễn Xuân Phúc" in "Nguyễn Xuân Phúc Lâm": a person's name that goes on.
    - "Pháp" in "Pháp luật", "Lào" in "Lào Cai", "Đức" in "Hồng Đức", "Mỹ" in "châu Mỹ" and "đô la
      Mỹ": a country's name in another word or name.
    A place within an institution's name ("Đại học Quốc gia Hà Nội") is still that place, so it
    counts unless the institution is a concept itself, which then wins as the longer match.
    """
    if not is_name(form) or any(_acronym(s.surface) for s in syllables(form)):
        return False
    last = at + size - 1
    person = size >= 3 and form.split()[0] in _FAMILY_NAMES
    if person:
        after = last + 1
        if (
            after < len(found)
            and _adjacent(found, last, after)
            and _capital(found[after])
            and any(ord(c) > 0x7F for c in found[after].surface)
        ):
            return True
    after = last + 1
    joined = " ".join(s.key for s in found[at:after])
    follows = after < len(found) and _adjacent(found, last, after)
    if follows and found[after].key in _OTHER_WORDS.get(joined, ()):
        return True
    if at and found[at - 1].key in _OTHER_BEFORE.get(joined, ()):
        return True
    if size == 1:
        if at and _adjacent(found, at - 1, at) and _capital(found[at - 1]):
            return True  # "Hồng Đức", "Việt Anh"
        if follows and _capital(found[after]) and _SYLLABLE.fullmatch(_toneless(found[after].key)):
            return True  # "Lào Cai", "Đức Bà", "Anh Hoàng": but not "Lào Thongloun"
    before = at - 1
    while before >= 0 and _adjacent(found, before, before + 1) and _capital(found[before]):
        if found[before].surface in _FAMILY_NAMES and not _opens_sentence_word(found, before):
            return True
        before -= 1
    return False


def _opens_sentence_word(found: Sequence[Syllable], at: int) -> bool:
    """Family names that are also words (Hà, Cao, Mai) prove nothing where a sentence begins."""
    opens = at == 0 or found[at - 1].key in '.!?:"“'
    return opens and found[at].surface in {"Cao", "Mai", "Chu", "La", "Tô", "Hà", "Thái", "Lý"}
