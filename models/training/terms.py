"""Annotate a part of the pairs with inline terms, so that the network learns to obey them.

One to three phrase pairs found by word alignment are written into the source of a pair:
``<t> phrase <to> rendering </t>``, the rendering as a glossary lists it. In a part of them the
target phrase is exchanged for another one, in the annotation and in the target alike, so that only
copying explains the target. Others are exchanged for a rendering out of a glossary, which is longer
than what alignment finds, half of them with the glossary's Vietnamese form in the source.

    python terms.py --config configs/cpu/terms.toml --work WORK
"""

from __future__ import annotations

import argparse
import csv
import logging
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from recipe import corpus, phrases, settings, subwords
from vietwire.text.articles import ARTICLES, CONTRACTED, with_article

LOG = logging.getLogger("terms")
Links = list[tuple[int, int, int]]
COLUMNS = ("vi", "vi_variants", "vi_abbr")
LONGEST = 24  # pieces of a glossary's rendering


def read_glossary(path: Path, language: str) -> list[tuple[str, str, str]]:
    """Return (Vietnamese form, rendering, its article or "") from a glossary.

    Abbreviations come with short forms, and those with no article.

    Raises:
        CorpusError: there is no such file, or it lacks a column.
    """
    pairs: list[tuple[str, str, str]] = []
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row.get("kind") == "suggest":  # stock phrases, no names
                    continue
                full, short = row[language].strip(), row[f"{language}_short"].strip()
                forms, variants, short_forms = (
                    [form.strip() for form in row[column].split("|") if form.strip()]
                    for column in COLUMNS
                )
                article = row[f"{language}_article"].strip() if language in ARTICLES else ""
                pairs += [(form, full, article) for form in [*forms, *variants] if full]
                pairs += [(form, short or full, "") for form in short_forms if short or full]
    except FileNotFoundError:
        raise corpus.CorpusError(f"no glossary {path}") from None
    except KeyError as error:
        raise corpus.CorpusError(f"{path} has no column {error}") from None
    return sorted(set(pairs))


@dataclass(frozen=True)
class Said:
    """A phrase of a pair and what is made of it; ``source`` None leaves the Vietnamese as it is."""

    phrase: phrases.Phrase
    source: list[int] | None
    shown: list[int]
    inside: list[int]


class Wording(NamedTuple):
    """What is made of a phrase.

    ``source`` is its new Vietnamese (``None``: as it is), ``shown`` what the annotation says and
    ``inside`` what the target says, there in the place of the word before, too, where ``earlier``.
    """

    source: str | None
    shown: str
    inside: str
    earlier: bool = False


class Annotator:
    """Writes inline terms into the pairs of one direction."""

    def __init__(
        self,
        store: corpus.TokenStore,
        model: Path,
        table: dict[str, Any],
        seed: int,
        lexicon: frozenset[str],
        glossary: list[tuple[str, str, str]],
    ):
        self.store = store
        self.language = store.direction.split("-")[1]
        self.processor = subwords.load(model)
        self.pieces = phrases.Pieces(self.processor)
        self.marks = [
            self.processor.piece_to_id(mark)
            for mark in (subwords.TERM_OPEN, subwords.TERM_TO, subwords.TERM_CLOSE)
        ]
        self.space = self.processor.piece_to_id("▁")
        self.lexicon = lexicon
        self.foreign = settings.need(table, "exchanged", float, "terms")
        everywhere = settings.need(table, "surface", float, "terms")
        self.surface = float(table.get("surface_of", {}).get(self.language, everywhere))
        self.listed = float(table.get("listed", 0.0))
        self.glossary = [pair for pair in glossary if len(self.encode(pair[1])) <= LONGEST]
        self.rng = np.random.default_rng([seed, len(self.language), ord(self.language[0])])
        self.pool: dict[tuple[bool, int], list[str]] = {}

    def text(self, ids: np.ndarray) -> str:
        """Return the text of pieces."""
        return str(self.processor.decode(ids.tolist())).strip()

    def encode(self, rendering: str) -> list[int]:
        """Return the pieces of a rendering as they stand inside a sentence."""
        if self.language == "zh":
            return list(self.processor.encode(f"<to>{rendering}"))[1:]
        return list(self.processor.encode(rendering))

    def kind(self, text: str) -> tuple[bool, int]:
        """Return what an exchanged phrase must share with the phrase it replaces."""
        size = len(text) // 3 if self.language == "zh" else len(text.split())
        return text[:1].isupper(), min(size, 3)

    def candidates(self, row: int) -> list[tuple[phrases.Phrase, str, float]]:
        """Return the phrases of a row with target text and worth."""
        store = self.store
        source = store.source[store.source_at[row] : store.source_at[row + 1]]
        target = store.target[store.target_at[row] : store.target_at[row + 1]]
        links = store.links[store.links_at[row] : store.links_at[row + 1]]
        answer = []
        inside = phrases.inside_words(source, self.pieces, self.lexicon)
        for phrase in phrases.extract(source, target, links, self.pieces, self.language, inside):
            there = self.text(target[phrase.start : phrase.end])
            here = self.text(source[phrase.first : phrase.last])
            value = phrases.worth(here, there, self.language)
            if value > 0 and "\ufffd" not in there:
                answer.append((phrase, there, value))
        return answer

    def choose(
        self, found: list[tuple[phrases.Phrase, str, float]]
    ) -> list[tuple[phrases.Phrase, str]]:
        """Return one to three phrases that do not overlap, in source order."""
        wanted = int(self.rng.choice([1, 2, 3], p=[0.5, 0.32, 0.18]))
        weight = np.array([value for *_, value in found])
        order = self.rng.choice(len(found), len(found), replace=False, p=weight / weight.sum())
        chosen: list[tuple[phrases.Phrase, str]] = []
        for index in order:
            phrase, there, _ = found[index]
            if all(
                (phrase.last <= held.first or phrase.first >= held.last)
                and (phrase.end <= held.start or phrase.start >= held.end)
                for held, _ in chosen
            ):
                chosen.append((phrase, there))
            if len(chosen) == wanted:
                break
        return sorted(chosen, key=lambda item: item[0].first)

    def rendering(self, there: str, name: bool, initial: bool, before: str = "") -> Wording:
        """Return what is made of a phrase that renders as ``there``, after the word ``before``.

        A ``name`` may give way to an entry of the glossary, most of which are names; another phrase
        might be a verb.
        """
        chance = self.rng.random()
        listed = self.listed if name else 0.0
        if not initial and chance < self.foreign + listed:
            if chance < listed and self.glossary:
                form, other, article = self.glossary[int(self.rng.integers(len(self.glossary)))]
                here = form if self.rng.random() < 0.5 else None
                if article:
                    said = self.with_article(here, other, article, before)
                    if said:
                        return said
                    other = ""
            else:
                here, other = None, ""
                held = self.pool.get(self.kind(there), [])
                if len(held) > 50:
                    other = held[int(self.rng.integers(len(held)))]
            if other:
                if self.language != "ru":
                    return Wording(here, other, other)
                case = phrases.case_of(there.split())
                shown = phrases.russian(other.split(), "nomn")
                inside = phrases.russian(other.split(), case) if case else None
                if shown and inside:
                    return Wording(here, " ".join(shown), " ".join(inside))
                if not shown and not case:
                    return Wording(here, other, other)
        shown_as = there
        if self.rng.random() >= self.surface:
            shown_as = phrases.dictionary_form(there, self.language)
        article = self.article_of(before)
        if article and shown_as == there and self.rng.random() < (0.6 if name else 0.2):
            if article == before:
                return Wording(None, f"{article} {there}", f"{before} {there}", earlier=True)
            return Wording(None, f"{article} {there}", there)
        return Wording(None, shown_as, there)

    def article_of(self, word: str) -> str:
        """Return the article that ``word`` is or holds ("du": le), or ""."""
        if word in ARTICLES.get(self.language, ()):
            return word
        held = CONTRACTED.get(self.language, {}).items()
        found = {article for (_, article), joined in held if joined == word and joined != "des"}
        return found.pop() if len(found) == 1 else ""  # "des" is mostly no "de les"

    def with_article(
        self, here: str | None, other: str, article: str, before: str
    ) -> Wording | None:
        """Return how ``other`` is hinted with its article, and how it stands after ``before``.

        ``None`` where the article of the word that stood there does not fit it.
        """
        whole = with_article(article, other)
        # Some are hinted without, as a glossary gives them that does not know the article.
        shown = whole if self.rng.random() < 0.8 else other
        joined = CONTRACTED.get(self.language, {})
        if before in phrases.DETERMINERS[self.language]:
            fits = article == before or (self.language == "en" and before not in ("a", "an"))
            if fits or before in [joined.get((word, article)) for word in ("de", "à", "a")]:
                return Wording(here, shown, other)
            return None
        if (before, article) in joined:
            return Wording(here, shown, f"{joined[before, article]} {other}", earlier=True)
        return Wording(here, shown, whole)

    def word_before(self, target: list[int], start: int) -> int:
        """Return where the word before ``start`` begins; ``start`` itself in languages without."""
        at = start
        if self.language in ARTICLES:
            at = max(0, start - 1)
            while at and not self.pieces.starts[target[at]]:
                at -= 1
        return at

    def annotate(self, row: int) -> tuple[list[int], list[int], Links] | None:
        """Return (source, target, links) of the annotated row; ``None`` if nothing fits."""
        found = self.candidates(row)
        if not found:
            return None
        chosen = self.choose(found)
        store = self.store
        source = store.source[store.source_at[row] : store.source_at[row + 1]].tolist()
        target = store.target[store.target_at[row] : store.target_at[row + 1]].tolist()
        links = store.links[store.links_at[row] : store.links_at[row + 1]].tolist()
        said: list[Said] = []
        for phrase, there in chosen:
            name = any(
                self.pieces.text[piece].lstrip("▁")[:1].isupper()
                for piece in source[phrase.first : phrase.last]
            )
            start = self.word_before(target, phrase.start)
            if any(held.start < phrase.start and start < held.end for held, _ in chosen):
                start = phrase.start  # the word before belongs to another hint
            before = self.text(np.array(target[start : phrase.start])).lower()
            made = self.rendering(there, name, phrase.start == 0, before)
            if made.earlier:
                phrase = replace(phrase, start=start)
            old = target[phrase.start : phrase.end]
            same = made.inside.lower() == self.text(np.array(old)).lower()
            vietnamese = None if made.source is None else list(self.processor.encode(made.source))
            inside = old if same else self.encode(made.inside)
            said.append(Said(phrase, vietnamese, self.encode(made.shown), inside))
        new_source: list[int] = []
        moved = {}
        copies: dict[int, list[int]] = {}  # start of the target phrase -> rendering positions
        at = 0
        for item in said:
            phrase = item.phrase
            for position in range(at, phrase.first):
                moved[position] = len(new_source)
                new_source.append(source[position])
            new_source.append(self.marks[0])
            if item.source is not None:
                new_source += item.source
            else:
                for position in range(phrase.first, phrase.last):
                    moved[position] = len(new_source)
                    new_source.append(source[position])
            new_source.append(self.marks[1])
            if self.language == "zh" and self.rng.random() < 0.7:
                new_source.append(self.space)  # with a space after the mark, as elsewhere
            copies[phrase.start] = list(range(len(new_source), len(new_source) + len(item.shown)))
            new_source += [*item.shown, self.marks[2]]
            at = phrase.last
        for position in range(at, len(source)):
            moved[position] = len(new_source)
            new_source.append(source[position])
        new_target: list[int] = []
        shifted: dict[int, int] = {}
        new_links: Links = []
        at = 0
        for item in sorted(said, key=lambda item: item.phrase.start):
            phrase = item.phrase
            for position in range(at, phrase.start):
                shifted[position] = len(new_target)
                new_target.append(target[position])
            where = copies[phrase.start]
            for number, piece in enumerate(item.inside):
                if item.shown == item.inside:
                    looked = [where[number]]
                else:
                    place = number * len(where) / max(1, len(item.inside))
                    looked = [where[min(len(where) - 1, int(place))]]
                new_links += [(here, len(new_target), 1) for here in looked]
                new_target.append(piece)
            at = phrase.end
        for position in range(at, len(target)):
            shifted[position] = len(new_target)
            new_target.append(target[position])
        new_links += [
            (moved[here], shifted[there], certain)
            for here, there, certain in links
            if there in shifted and here in moved
        ]
        if max(len(new_source), len(new_target)) > 110:
            return None
        return new_source, new_target, sorted(new_links)

    def run(self, rows: np.ndarray) -> corpus.TokenStore:
        """Return the annotated rows as a store of the same direction."""
        for row in rows[:6000].tolist():
            for _, there, value in self.candidates(row):
                if value > 2.5:
                    self.pool.setdefault(self.kind(there), []).append(there)
        made: list[tuple[list[int], list[int], Links]] = []
        numbers = []
        for row in rows.tolist():
            answer = self.annotate(row)
            if answer is not None:
                made.append(answer)
                numbers.append(row)
        source, source_at = corpus.flatten([item[0] for item in made])
        target, target_at = corpus.flatten([item[1] for item in made])
        at = np.zeros(len(made) + 1, dtype=np.int64)
        np.cumsum([len(item[2]) for item in made], out=at[1:])
        links = np.array([link for item in made for link in item[2]], dtype=np.uint8)
        return corpus.TokenStore(
            self.store.direction,
            source,
            source_at,
            target,
            target_at,
            self.store.corpus[numbers],
            self.store.names,
            links.reshape(-1, 3),
            at,
        )


def read_lexicon(work: Path, names: set[str]) -> frozenset[str]:
    """Return the Vietnamese entries of the dictionaries ``names`` that are several syllables."""
    entries = set()
    for path in sorted((work / "text").glob("vi-*.tsv")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                name, source, _ = line.rstrip("\n").split("\t")
                if name in names and 1 < len(source.split()) < 5:
                    entries.add(source.lower())
    return frozenset(entries)


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder that prepare wrote")
    parser.add_argument("--stores", nargs="*", help="only these (default: all of the config)")
    parser.add_argument("--show", type=int, default=0, help="print so many annotated pairs")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(name)s %(message)s",
        handlers=[logging.StreamHandler(), logging.FileHandler(options.work / "terms.log")],
        force=True,
    )
    try:
        config = settings.read(options.config)
        table = settings.need(config, "terms", dict, "top")
        seed = settings.need(table, "seed", int, "terms")
        left_out = set(settings.need(table, "leave_out", list, "terms"))
        shortest = settings.need(table, "shortest", int, "terms")
        limit = settings.need(table, "rows", int, "terms")
        lexicon = read_lexicon(
            options.work, set(settings.need(table, "dictionaries", list, "terms"))
        )
        LOG.info("lexicon of %d words", len(lexicon))
        glossary = table.get("glossary", "")
        for name in options.stores or settings.need(table, "stores", list, "terms"):
            begun = time.time()
            store = corpus.TokenStore.load(options.work / f"{name}.npz")
            fit = np.array([held not in left_out for held in store.names])[store.corpus]
            fit &= np.diff(store.target_at) >= shortest
            fit &= np.diff(store.links_at) > 0
            prefer = set(settings.need(table, "prefer", list, "terms"))
            speed = np.array([3.0 if held in prefer else 1.0 for held in store.names])
            chance = np.random.default_rng(seed).exponential(size=len(store))
            order = np.argsort(chance / speed[store.corpus])
            rows = order[fit[order]][:limit]
            language = store.direction.split("-")[1]
            pairs = read_glossary(options.config.parent / glossary, language) if glossary else []
            annotator = Annotator(store, options.work / "spm.model", table, seed, lexicon, pairs)
            made = annotator.run(rows)
            made.save(options.work / f"{name}.terms.npz")
            LOG.info("%s: %d of %d rows, %.0f s", name, len(made), len(rows), time.time() - begun)
            for row in range(min(options.show, len(made))):
                ids = made.source[made.source_at[row] : made.source_at[row + 1]].tolist()
                print(" ".join(annotator.pieces.text[n] for n in ids).replace(" ▁", " "))
                print(
                    "   ",
                    annotator.text(
                        made.target[made.target_at[row] :][
                            : int(made.target_at[row + 1] - made.target_at[row])
                        ]
                    ),
                )
    except (settings.SettingsError, corpus.CorpusError) as error:
        print(f"terms: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
