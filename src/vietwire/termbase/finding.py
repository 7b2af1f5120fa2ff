"""Finding terms in Vietnamese text: the longest whole names, in their own case and context."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from vietwire.termbase.model import Concept
from vietwire.termbase.names import inside_longer_name, is_acronym, is_name
from vietwire.termbase.vietnamese import (
    BARRIER,
    HYPHEN,
    Syllable,
    canonical,
    canonical_keys,
    canonical_keys_of,
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
        self._remembered = lru_cache(maxsize=256)(self._find)

    def find(self, text: str, *, on: date, context: str = "") -> tuple[Match, ...]:
        """The terms of a text, in order, without overlaps; the longest wins, then the leftmost.

        ``context`` is more text of the story, for forms that need a word near them. What was found
        in the last texts is kept: a story is searched for each language, and again by
        the checks.
        """
        return self._remembered(text, on, context)

    def _find(self, text: str, on: date, context: str) -> tuple[Match, ...]:
        found = canonical(syllables(text))
        around = _padded(found)
        wider = around + _around(context) if context else around
        candidates: list[tuple[int, int, Match]] = []
        for at, item in enumerate(found):
            if item.start == item.end:
                continue  # inside a written-out abbreviation
            for size in self._lengths.get(item.key, ()):
                if at + size > len(found):
                    continue
                entry = self._entry(text, found, at, size, on, wider)
                if entry and not self._cuts_a_compound(text, found, at, size, on, wider):
                    end = max(s.end for s in found[at : at + size])
                    candidates.append((size, at, Match(entry, item.start, end)))
                    break
        candidates.sort(key=lambda c: (-(c[2].end - c[2].start), c[1]))
        taken: list[Match] = []
        for _, _, match in candidates:
            if all(match.end <= other.start or other.end <= match.start for other in taken):
                taken.append(match)
        return tuple(sorted(taken, key=lambda match: match.start))

    def _entry(
        self,
        text: str,
        found: Sequence[Syllable],
        at: int,
        size: int,
        on: date,
        around: str,
    ) -> Entry | None:
        """The concept that ``size`` syllables from ``at`` are the name of, None for none."""
        window = found[at : at + size]
        entries = self._entries.get(" ".join(s.key for s in window))
        if not entries or not _whole(text, found, at, size) or _bare(text, window):
            return None
        return self._choose(entries, text, found, at, size, on, around)

    def _cuts_a_compound(
        self,
        text: str,
        found: Sequence[Syllable],
        at: int,
        size: int,
        on: date,
        around: str,
    ) -> bool:
        """Whether a match ends inside a known name that a hyphen without spaces holds together.

        "Chủ tịch ASEAN" in "Chủ tịch ASEAN-BAC" is the first half of another body's name.
        """
        hyphen = at + size
        if (
            hyphen + 1 >= len(found)
            or found[hyphen].key != HYPHEN
            or found[hyphen].start != found[hyphen - 1].end
            or found[hyphen].end != found[hyphen + 1].start
        ):
            return False
        return any(
            hyphen + 1 < first + length <= len(found)
            and self._entry(text, found, first, length, on, around)
            for first in range(at + 1, hyphen)
            if found[first].start < found[first].end
            for length in self._lengths.get(found[first].key, ())
        )

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
            and not inside_longer_name(entry.form, text, found, at, size)
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


@lru_cache(maxsize=8)
def _around(context: str) -> str:
    """A story's folded syllables: the same for each of its segments."""
    return _padded(canonical(syllables(context)))


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
        if is_acronym(word.surface):
            if other.surface.isupper() or word.key != other.key:
                continue
            size = len(word.surface)
            if size >= 5 or (size == 4 and other.surface[0].isupper()):
                continue
            return False
        if name and word.surface[0].isupper() and not other.surface[0].isupper():
            return False
    return True
