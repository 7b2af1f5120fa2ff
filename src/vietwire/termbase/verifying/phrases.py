"""Matching a phrase word by word in text of a language that puts spaces between its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import ClassVar, NamedTuple

from vietwire.termbase.verifying import Span
from vietwire.termbase.verifying.numerals import ORDINALS, TENS, UNITS_AFTER_TENS
from vietwire.termbase.vietnamese import roman

_PIECE = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]|_")
_HYPHENS = frozenset("-‐‑‒–—―−")
_QUOTES = frozenset("\"“”„«»‹›‘’'`*")
APOSTROPHES = frozenset("'’ʼ")


class Word(NamedTuple):
    """A word, number or sign of a text. ``key`` is what it is compared by.

    ``ordinal`` marks a number that names a place in a row; ``glued`` a word that follows the one
    before it without a space.
    """

    text: str
    key: str
    start: int
    end: int
    kind: str  # "word", "number", "hyphen", "quote", "sign", "article"
    ordinal: bool = False
    glued: bool = False


class Pattern(NamedTuple):
    """A phrase ready to be matched: its words, and after which of them a hyphen or comma stands."""

    words: tuple[Word, ...]
    breaks: frozenset[int]


class Phrases:
    """The matcher that the languages with spaces share; a subclass says what is the same word."""

    language = ""
    articles: frozenset[str] = frozenset()
    conjunctions: ClassVar[dict[str, str]] = {}
    roman_numerals = False
    #: Whether a person's origin takes a capital ("les Américains", but "los chinos").
    demonyms_in_capitals = True
    #: Prepositions and conjunctions: they never inflect, and do not count as words of a name.
    small_words: frozenset[str] = frozenset()

    # What a language decides -------------------------------------------------------------

    def same(self, wanted: Word, given: Word) -> bool:
        """Whether ``given`` is an acceptable form of the phrase's word ``wanted``."""
        return wanted.key == given.key

    def agrees(self, pattern: Sequence[Word], given: Sequence[Word]) -> bool:
        """Whether the matched words go together (case, number); True where a language has none."""
        return True

    def retouch(self, words: list[Word]) -> list[Word]:
        """A language's own rewriting of a text's words (elisions, contractions)."""
        return words

    def word_key(self, text: str) -> str:
        return text.casefold()

    # The two questions -------------------------------------------------------------------

    def occurrences(self, phrase: str, text: str, *, names: bool = True) -> list[Span]:
        words = self.words(text)
        spans: list[Span] = []
        for pattern in self.patterns(phrase):
            for first in range(len(words)):
                matched = self._match(pattern, words, first)
                if matched is None or not self._fits(pattern, matched, words, text, names):
                    continue
                span = (matched[0].start, matched[-1].end)
                if all(span[1] <= s or e <= span[0] for s, e in spans):
                    spans.append(span)
        return sorted(spans)

    def clues(self, phrase: str) -> Iterable[str]:
        for pattern in self.patterns(phrase):
            yield self._clue(pattern.words[0])

    def text_clues(self, text: str) -> frozenset[str]:
        words = self.words(text)
        return frozenset(self._clue(word) for word in words)

    def _clue(self, word: Word) -> str:
        """What every acceptable form of a word begins with."""
        return word.key if word.kind == "number" else word.key[:2]

    # Words --------------------------------------------------------------------------------

    @lru_cache(maxsize=512)  # noqa: B019  (matchers live as long as the process)
    def words(self, text: str) -> tuple[Word, ...]:
        found: list[Word] = []
        end = 0
        for match in _PIECE.finditer(text):
            piece = match[0]
            glued = bool(found) and match.start() == end
            found.append(self._word(piece, match.start(), match.end(), glued))
            end = match.end()
        return tuple(self._number_words(self.retouch(found)))

    def _word(self, piece: str, start: int, end: int, glued: bool) -> Word:
        first = piece[0]
        if first.isdigit():
            return Word(piece, piece, start, end, "number", glued=glued)
        if first.isalpha():
            if self.roman_numerals:
                value = roman(piece) if piece != "L" else None  # L'ASEAN in capitals
                if value:
                    return Word(piece, str(value), start, end, "number", True, glued)
            key = self.word_key(unicodedata.normalize("NFC", piece))
            kind = "article" if key in self.articles else "word"
            return Word(piece, key, start, end, kind, glued=glued)
        if first in _HYPHENS:
            return Word(piece, "-", start, end, "hyphen", glued=glued)
        if first in _QUOTES:
            return Word(piece, "'", start, end, "quote", glued=glued)
        key = self.conjunctions.get(piece, piece)
        return Word(piece, key, start, end, "word" if key != piece else "sign", glued=glued)

    def _number_words(self, words: list[Word]) -> list[Word]:
        """Spelled ordinals (thirty-seventh) as numbers."""
        ordinals, tens = ORDINALS.get(self.language, {}), TENS.get(self.language, {})
        after = UNITS_AFTER_TENS.get(self.language, {})
        out: list[Word] = []
        at = 0
        while at < len(words):
            word = words[at]
            lemma = self.ordinal_lemma(word)
            if lemma in tens:
                skip = 2 if at + 1 < len(words) and words[at + 1].kind == "hyphen" else 1
                if (
                    skip == 2
                    and at + 4 < len(words)
                    and words[at + 2].key == "et"
                    and words[at + 3].kind == "hyphen"
                ):
                    skip = 4  # trente-et-unième
                if at + skip < len(words):
                    unit_lemma = self.ordinal_lemma(words[at + skip])
                    unit = ordinals.get(unit_lemma, after.get(unit_lemma, 0))
                    if 0 < unit < 10:
                        last = words[at + skip]
                        value = str(tens[lemma] + unit)
                        out.append(
                            Word(value, value, word.start, last.end, "number", True, word.glued)
                        )
                        at += skip + 1
                        continue
            if lemma in ordinals and word.kind == "word":
                value = str(ordinals[lemma])
                out.append(word._replace(key=value, kind="number", ordinal=True))
            else:
                out.append(word)
            at += 1
        return out

    def ordinal_lemma(self, word: Word) -> str:
        return word.key

    # Phrases --------------------------------------------------------------------------------

    @lru_cache(maxsize=65536)  # noqa: B019
    def patterns(self, phrase: str) -> tuple[Pattern, ...]:
        """A phrase's patterns: as it stands, without what it has in brackets, hyphens closed up."""
        variants = [phrase]
        bare = re.sub(r"\s*\([^()]*\)", "", phrase).strip()
        if bare and bare != phrase:
            variants = [phrase, re.sub(r"[()]", " ", phrase), bare]
        found = [self._pattern(self.words(variant)) for variant in variants]
        found += [closed for p in found if (closed := self._closed_up(p))]
        return tuple(dict.fromkeys(p for p in found if p.words))

    def _pattern(self, words: Sequence[Word]) -> Pattern:
        kept: list[Word] = []
        breaks: set[int] = set()
        for word in words:
            if word.kind in ("article", "quote"):
                continue
            if word.kind == "hyphen" or (word.kind == "sign" and word.key in ",:;"):
                breaks.add(len(kept) - 1)
                continue
            kept.append(word)
        if not kept:  # a phrase of nothing but an article or a sign is taken at its word
            kept = [word for word in words if word.kind != "quote"]
        return Pattern(tuple(kept), frozenset(breaks))

    def _closed_up(self, pattern: Pattern) -> Pattern | None:
        """The phrase with its first hyphenated pair as one word (socio-cultural)."""
        for at in sorted(pattern.breaks):
            if at + 1 < len(pattern.words):
                left, right = pattern.words[at], pattern.words[at + 1]
                both = left.kind == right.kind == "word"
                if both and left.end + 1 == right.start:
                    joined = Word(
                        left.text + right.text, left.key + right.key, left.start, right.end, "word"
                    )
                    words = (*pattern.words[:at], joined, *pattern.words[at + 2 :])
                    return Pattern(
                        words, frozenset(b - (b > at) for b in pattern.breaks if b != at)
                    )
        return None

    # Matching -------------------------------------------------------------------------------

    def _match(self, pattern: Pattern, words: Sequence[Word], first: int) -> list[Word] | None:
        matched: list[Word] = []
        at = first
        for place, wanted in enumerate(pattern.words):
            if place:
                at = self._skip(words, at, open_=place - 1 in pattern.breaks, wanted=wanted)
            if at >= len(words):
                return None
            given = words[at]
            if self._same(wanted, given):
                at += 1
            else:
                joined = self._join(words, at)
                if joined is None or not self._same(wanted, joined):
                    return None
                given = joined
                at += 3
            matched.append(given)
        return matched

    def _same(self, wanted: Word, given: Word) -> bool:
        if wanted.kind == "number" or given.kind == "number":
            return wanted.kind == given.kind and self.same_number(wanted, given)
        if wanted.kind == "sign" or given.kind == "sign":
            return wanted.key == given.key
        if given.kind not in ("word", "article"):
            return False
        return self.same(wanted, given)

    def same_number(self, wanted: Word, given: Word) -> bool:
        return wanted.key == given.key

    @staticmethod
    def _join(words: Sequence[Word], at: int) -> Word | None:
        """Three pieces "South-East" as one word, where a phrase writes it closed up."""
        if at + 2 >= len(words) or words[at + 1].kind != "hyphen" or not words[at + 2].glued:
            return None
        left, right = words[at], words[at + 2]
        if left.kind != "word" or right.kind != "word" or not words[at + 1].glued:
            return None
        return Word(left.text + right.text, left.key + right.key, left.start, right.end, "word")

    def _skip(self, words: Sequence[Word], at: int, *, open_: bool, wanted: Word) -> int:
        """Past what may stand between two words of a phrase: articles, quotes, hyphens, (RCEP)."""
        while at < len(words):
            word = words[at]
            tight = word.kind == "hyphen" and word.glued and at + 1 < len(words)
            if (
                word.kind == "quote"
                or (word.kind == "article" and not self._same(wanted, word))
                or (word.kind == "hyphen" and (open_ or (tight and words[at + 1].glued)))
                or (open_ and word.kind == "sign" and word.key in ",:;")
            ):
                at += 1
            elif word.key == "(" and (past := self._acronym_in_brackets(words, at)):
                at = past
            else:
                break
        return at

    @staticmethod
    def _acronym_in_brackets(words: Sequence[Word], at: int) -> int:
        for size in (1, 2, 3):
            close = at + size + 1
            if close < len(words) and words[close].key == ")":
                inside = words[at + 1 : close]
                if all(w.text.isupper() or w.kind in ("hyphen", "number") for w in inside):
                    return close + 1
        return 0

    def _fits(
        self,
        pattern: Pattern,
        matched: Sequence[Word],
        words: Sequence[Word],
        text: str,
        names: bool,
    ) -> bool:
        """The last tests on a match: whole, capitals kept, words in agreement."""
        start, end = matched[0].start, matched[-1].end
        if text[end : end + 1] in ("+", "_") or text[start - 1 : start] in ("_", "@", "#"):
            return False
        if text[end : end + 1] == "." and text[end + 1 : end + 2].islower():
            return False  # asean.org
        lone = not self.demonyms_in_capitals and len(pattern.words) == 1
        if lone and _another_name(pattern.words[0], matched[0], words):
            return False
        return self.capitals_fit(pattern.words, matched, names) and (
            [w.key for w in pattern.words] == [w.key for w in matched]
            or self.agrees(pattern.words, matched)
        )

    def capitals_fit(self, wanted: Sequence[Word], given: Sequence[Word], names: bool) -> bool:
        """Acronyms stay in capitals; a name keeps a capital; other capitals are a matter of style.

        A phrase of three words or more (ministère des Affaires étrangères) is known by its words
        alone; one of fewer (East Sea, Nations unies) without a capital is something else.
        """
        capital = kept = content = 0
        for want, give in zip(wanted, given, strict=True):
            if want.kind != "word":
                content += want.ordinal  # the fourth industrial revolution
                continue
            if is_acronym(want.text):
                if not self.acronym_fits(want.text, give.text) and names:
                    return False
                kept += 1  # "37th ASEAN summit" is a name by its acronym
                continue
            content += want.key not in self.small_words
            if want.text[0].isupper():
                capital += 1
                kept += give.text[0].isupper()
        if not names or not capital or kept:
            return True
        return content >= 3

    def acronym_fits(self, wanted: str, given: str) -> bool:
        return given.isupper() or len(wanted) >= 5


def _another_name(wanted: Word, given: Word, words: Sequence[Word]) -> bool:
    """Whether a common word meets a name that only looks like its inflection (chino, China)."""
    if wanted.text[0].isupper() or given.key == wanted.key or not given.text.istitle():
        return False
    at = next((i for i, word in enumerate(words) if word.start == given.start), 0)
    while at and words[at - 1].kind == "quote":
        at -= 1
    return at > 0 and words[at - 1].key not in (".", "!", "?", ":", "¿", "¡")


def is_acronym(text: str) -> bool:
    return len(text) > 1 and text.isupper()
