"""English by exact rules; French and Spanish by a lemmatiser and rules of their own."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import ClassVar

from vietwire.termbase.verifying.phrases import APOSTROPHES, Phrases, Word, is_acronym


def _merged(words: list[Word], at: int, count: int, key: str, kind: str) -> Word:
    last = words[at + count - 1]
    text = "".join(w.text for w in words[at : at + count])
    first = words[at]
    return Word(text, key, first.start, last.end, kind, kind == "number", first.glued)


class English(Phrases):
    """Exact words, with plural, possessive, hyphen and the two spellings of English."""

    language = "en"
    articles = frozenset({"the"})
    small_words = frozenset({"of", "in", "on", "for", "to", "and", "with", "by", "at"})
    conjunctions: ClassVar[dict[str, str]] = {"&": "and"}

    _SPELLINGS: ClassVar[dict[str, str]] = {
        "centre": "center",
        "programme": "program",
        "defence": "defense",
        "labour": "labor",
        "neighbour": "neighbor",
        "harbour": "harbor",
        "theatre": "theater",
        "centres": "centers",
        "programmes": "programs",
    }

    def word_key(self, text: str) -> str:
        key = text.casefold()
        key = self._SPELLINGS.get(key, key)
        return re.sub(r"is(?=ation|ing$|ed$|es?$)", "iz", key) if len(key) > 7 else key

    def retouch(self, words: list[Word]) -> list[Word]:
        out: list[Word] = []
        at = 0
        while at < len(words):
            word = words[at]
            after = words[at + 1] if at + 1 < len(words) else None
            if (
                word.kind == "number"
                and after
                and after.glued
                and after.key in ("st", "nd", "rd", "th")
            ):
                out.append(_merged(words, at, 2, word.key, "number"))
                at += 2
            elif word.text in APOSTROPHES and word.glued and after and after.glued:
                # The possessive 's is no word of its own: it is passed over.
                if after.key == "s":
                    out.append(_merged(words, at, 2, "'s", "quote"))
                    at += 2
                else:
                    out.append(word)
                    at += 1
            else:
                out.append(word)
                at += 1
        return out

    def same_number(self, wanted: Word, given: Word) -> bool:
        return wanted.key == given.key and wanted.ordinal == given.ordinal

    def same(self, wanted: Word, given: Word) -> bool:
        if wanted.key == given.key:
            return True
        if is_acronym(wanted.text):
            return given.key == wanted.key + "s" and self.acronym_fits(wanted.text, given.text)
        if given.key in _plurals(wanted.key):
            return True
        # A name that is plural stays so (United Nations); a common noun may lose its plural.
        return wanted.text[0].islower() and wanted.key in _plurals(given.key)

    def acronym_fits(self, wanted: str, given: str) -> bool:
        plural = len(given) > len(wanted) and given.endswith("s")  # FTAs
        return super().acronym_fits(wanted, given[:-1] if plural else given)


_PLURAL_ALREADY = frozenset({"men", "women", "people", "children"})


@lru_cache(maxsize=4096)
def _plurals(word: str) -> frozenset[str]:
    if word in _PLURAL_ALREADY:
        return frozenset()
    found = {word + "s"}
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        found = {word[:-1] + "ies"}
    elif word.endswith(("s", "x", "z", "ch", "sh")):
        found = {word + "es"}
    elif word.endswith("man"):
        found = {word[:-3] + "men"}
    elif word.endswith("person"):
        found |= {word[:-6] + "people"}
    return frozenset(found)


class _Romance(Phrases):
    """What French and Spanish share: articles passed over, contractions opened, words by lemma."""

    roman_numerals = True
    #: A contraction and the preposition it leaves when its article is taken away.
    contractions: ClassVar[dict[str, str]] = {}

    def same(self, wanted: Word, given: Word) -> bool:
        if wanted.key == given.key:
            return True
        if given.text.isupper() and _plain(wanted.key) == _plain(given.key):
            return True  # capitals may go without accents
        if is_acronym(wanted.text) or wanted.key in self.small_words:
            return False
        if wanted.key[:2] != given.key[:2]:
            return False
        capital = wanted.text[0].isupper()
        if given.key in self.inflections(wanted.key):
            return True
        if capital and wanted.key.endswith("s") and not given.key.endswith(("s", "x")):
            return False  # a name that is plural stays so (Nations unies)
        if wanted.key in self.inflections(given.key):
            return not capital or given.key.endswith(("s", "x", "e"))
        if min(len(wanted.key), len(given.key)) < 4:
            return False
        return self.lemma(wanted.key) == self.lemma(given.key)

    def inflections(self, word: str) -> frozenset[str]:
        return frozenset()

    def lemma(self, word: str) -> str:
        return _lemma(word, self.language)


@lru_cache(maxsize=16384)
def _lemma(word: str, language: str) -> str:
    import simplemma

    return simplemma.lemmatize(word, lang=language).casefold()


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


class French(_Romance):
    language = "fr"
    articles = frozenset({"le", "la", "les", "l"})
    contractions: ClassVar[dict[str, str]] = {
        "du": "de",
        "des": "de",
        "d": "de",
        "au": "à",
        "aux": "à",
    }
    conjunctions: ClassVar[dict[str, str]] = {"&": "et"}
    small_words = frozenset({"de", "à", "et", "en", "sur", "pour", "par", "dans", "ou", "avec"})
    _ACCENTED = frozenset("abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûü")
    _ELIDED = frozenset({"l", "d", "qu", "s", "n", "j", "c", "m", "t", "jusqu", "lorsqu"})

    def word_key(self, text: str) -> str:
        key = text.casefold().replace("œ", "oe")
        # A capital may go without its accent (Etats-Unis).
        return _plain(key[0]) + key[1:] if len(key) > 1 else key

    def retouch(self, words: list[Word]) -> list[Word]:
        out: list[Word] = []
        at = 0
        while at < len(words):
            word = words[at]
            after = words[at + 1] if at + 1 < len(words) else None
            apostrophe = bool(after and after.glued and after.text in APOSTROPHES)
            if word.key in self._ELIDED and apostrophe:
                key = self.contractions.get(word.key, word.key)
                kind = "article" if word.key == "l" else "word"
                out.append(_merged(words, at, 2, key, kind))
                at += 2
            elif (
                word.kind == "number"
                and after
                and after.glued
                and after.key in ("e", "er", "re", "ère", "ere", "ème", "eme", "è", "ᵉ")
            ):
                out.append(_merged(words, at, 2, word.key, "number"))
                at += 2
            elif word.kind == "word" and (value := _roman_with_ending(word.text)):
                out.append(word._replace(key=value, kind="number", ordinal=True))
                at += 1
            elif word.key in self.contractions and word.kind == "word":
                # A single letter is a contraction only when an apostrophe follows it.
                key = word.key if len(word.key) == 1 else self.contractions[word.key]
                out.append(word._replace(key=key))
                at += 1
            else:
                if word.key == "l" and word.kind == "article":
                    word = word._replace(kind="word")
                out.append(word)
                at += 1
        return out

    def same(self, wanted: Word, given: Word) -> bool:
        return super().same(wanted, given) or (
            # The French desks keep the accents of Vietnamese names that French has: Nguyên, Xuân.
            wanted.text[0].isupper()
            and given.text[0].isupper()
            and _plain(wanted.key) == _plain(given.key)
            and self._ACCENTED.issuperset(given.key)
        )

    def inflections(self, word: str) -> frozenset[str]:
        return _french_forms(word)


def _roman_with_ending(text: str) -> str:
    from vietwire.termbase.vietnamese import roman

    match = re.fullmatch(r"([IVXL]+)(?:e|er|re|ère|ème)", text)
    value = roman(match[1]) if match else None
    return str(value) if value else ""


_FRENCH_FEMININE = (
    ("if", "ive"),
    ("eux", "euse"),
    ("eur", "euse"),
    ("teur", "trice"),
    ("er", "ère"),
    ("en", "enne"),
    ("on", "onne"),
    ("el", "elle"),
    ("et", "ette"),
    ("ic", "ique"),
    ("s", "sse"),
)


@lru_cache(maxsize=16384)
def _french_forms(word: str) -> frozenset[str]:
    """Plural and feminine of a French word by rule."""
    singulars = {word, word + "e"}
    for ending, feminine in _FRENCH_FEMININE:
        if word.endswith(ending):
            singulars.add(word[: -len(ending)] + feminine)
    forms = set(singulars)
    for form in singulars:
        if form.endswith(("s", "x", "z")):
            continue
        forms.add(form + "s")
        if form.endswith("al"):
            forms.add(form[:-2] + "aux")
        if form.endswith(("au", "eu")):
            forms.add(form + "x")
    return frozenset(forms - {word})


class Spanish(_Romance):
    language = "es"
    demonyms_in_capitals = False
    articles = frozenset({"el", "la", "los", "las", "lo"})
    contractions: ClassVar[dict[str, str]] = {"del": "de", "al": "a"}
    conjunctions: ClassVar[dict[str, str]] = {"&": "y"}
    small_words = frozenset({"de", "a", "y", "o", "en", "sobre", "para", "por", "con", "entre"})

    def word_key(self, text: str) -> str:
        key = text.casefold()
        return {"e": "y", "u": "o"}.get(key, key)

    def retouch(self, words: list[Word]) -> list[Word]:
        out: list[Word] = []
        at = 0
        while at < len(words):
            word = words[at]
            rest = words[at + 1 : at + 3]
            if word.kind == "number" and not word.ordinal:
                marks = [w.text for w in rest if w.glued]
                if marks[:1] and marks[0] in ("ª", "º", "a", "o", "°"):
                    out.append(_merged(words, at, 2, word.key, "number"))
                    at += 2
                    continue
                if marks[:2] in ([".", "ª"], [".", "º"], [".", "a"], [".", "o"], [".", "er"]):
                    out.append(_merged(words, at, 3, word.key, "number"))
                    at += 3
                    continue
            if word.key in self.contractions and word.kind == "word":
                word = word._replace(key=self.contractions[word.key])
            out.append(word)
            at += 1
        return out

    def inflections(self, word: str) -> frozenset[str]:
        return _spanish_forms(word)


@lru_cache(maxsize=16384)
def _spanish_forms(word: str) -> frozenset[str]:
    """Plural and feminine of a Spanish word by rule."""
    singulars = {word}
    if word.endswith("primer"):
        singulars |= {word + "o", word + "a"}
    if word.endswith("o"):
        singulars.add(word[:-1] + "a")
    elif word.endswith(("or", "és", "ín", "án", "ón")):
        singulars.add(_unstressed(word) + "a")
    elif word.endswith("te") and not word.endswith("ste"):
        singulars.add(word[:-1] + "a")
    forms = set(singulars)
    for form in singulars:
        if form.endswith(("a", "e", "i", "o", "u", "á", "é", "ó")):
            forms.add(form + "s")
        elif form.endswith("z"):
            forms.add(form[:-1] + "ces")
        elif not form.endswith("s") or form.endswith("és"):
            forms.add(_unstressed(form) + "es")
    return frozenset(forms - {word})


def _unstressed(word: str) -> str:
    """A word without the written stress that it loses when a syllable is added (nación)."""
    return word[:-2] + _plain(word[-2]) + word[-1]
