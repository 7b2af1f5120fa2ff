"""Make pairs full of dates, times, sums and numbers, with the product's own hints for them.

Parallel news with figures is scarce, and a figure is different every time. In pairs whose figures
agree they are exchanged for others; to other pairs a date, a time, a sum or a share is added at the
beginning or the end; and some sentences are written from ``templates.tsv``. How a figure is written
in the target comes from ``vietwire.placeables``, so that training and use agree. Most of them are
hinted as inline terms, the others are for the network to convert.

    python figures.py --config configs/cpu/figures.toml --work WORK

The stores are ``WORK/vi-xx.figures.npz``; ``WORK/counts.json`` says how many there are, from which
``export`` knows that a network was taught to take such hints.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from recipe import corpus, settings, subwords
from vietwire.checks.quantities import Figure, read_figures
from vietwire.engines.base import TermHint
from vietwire.engines.steering import inline
from vietwire.placeables import Placeable, find_placeables

LOG = logging.getLogger("figures")
TEMPLATES = Path(__file__).with_name("templates.tsv")
LONGEST = 110  # pieces of a row, either side
_SLOT = re.compile(r"\{(\w)(:de)?\}")
#: After these a French or Spanish noun follows with "de".
_NEEDS_DE = re.compile(r"(?:millions?|milliards?|mill[oó]n(?:es)?|bill[oó]n(?:es)?)$")

#: Rows with figures that languages write differently come first.
_RICH = re.compile(r"\d[.,/]\d|\d (?:triệu|tỷ|nghìn|USD|đồng)|\d ?%|\d tháng \d")


def a_day(rng: random.Random) -> str:
    """Return a date with its day, as Vietnamese copy writes it."""
    day, month = rng.randint(1, 28), rng.randint(1, 12)
    chance = rng.random()
    if chance < 0.6:
        return f"{day}/{month}"
    if chance < 0.85:
        return f"{day}/{month}/{a_year(rng)}"
    if chance < 0.93:
        return f"{day} tháng {month}"
    return f"{day} tháng {month} năm {a_year(rng)}"


def days(rng: random.Random) -> str:
    """Return a range of days of one month."""
    first = rng.randint(1, 24)
    last = rng.randint(first + 1, 28)
    link = rng.choice(["-", "-", " đến ", " đến "])
    year = f"/{a_year(rng)}" if rng.random() < 0.5 else ""
    return f"{first}{link}{last}/{rng.randint(1, 12)}{year}"


def a_month(rng: random.Random) -> str:
    """Return a month with its year."""
    return f"{rng.randint(1, 12)}/{a_year(rng)}"


def a_year(rng: random.Random) -> int:
    """Return a year that news speaks of."""
    return rng.choice([2020, rng.randint(2005, 2026), rng.randint(1945, 2030)])


def grouped(value: int) -> str:
    """Return a whole number with the full stops that group thousands."""
    return f"{value:,}".replace(",", ".")


def a_number(rng: random.Random) -> str:
    """Return a large number; its last digit asks for the genitive plural in Russian."""
    chance = rng.random()
    if chance < 0.35:
        scale = rng.choice(["triệu", "triệu", "tỷ", "nghìn"])
        if rng.random() < 0.5:
            return f"{rng.randint(5, 950)} {scale}"
        return f"{rng.randint(1, 99)},{rng.randint(1, 9)} {'triệu' if scale == 'nghìn' else scale}"
    if chance < 0.5:
        return grouped(rng.randint(2, 900) * 1000)
    if chance < 0.85:
        return grouped(rng.randint(100, 99_999) * 10 + rng.randint(5, 9))
    return grouped(rng.randint(100_000, 9_999_999) * 10)


def a_sum(rng: random.Random) -> str:
    """Return a sum of money."""
    name = rng.choice(["USD", "USD", "USD", "đồng", "đồng", "euro", "yên", "NDT", "bảng Anh"])
    chance = rng.random()
    if chance < 0.7:
        scale = rng.choice(["triệu", "tỷ"])
        whole = rng.choice([rng.randint(1, 20), rng.randint(1, 999)])
        part = f",{rng.randint(1, 9)}" if rng.random() < 0.5 else ""
        if rng.random() < 0.15:
            part = f",{rng.randint(11, 99)}"
        if name == "đồng" and rng.random() < 0.2:
            return f"{grouped(rng.randint(11, 99) * 100)} tỷ đồng"
        return f"{whole}{part} {scale} {name}"
    if chance < 0.9:
        return f"{grouped(rng.randint(10, 900) * 100)} {name}"
    return f"{rng.randint(5, 999)} {name}"


def a_share(rng: random.Random) -> str:
    """Return a percentage."""
    if rng.random() < 0.7:
        tenths = rng.choice(["", "", str(rng.randint(0, 9))])
        return f"{rng.randint(0, 99)},{tenths}{rng.randint(1, 9)}%"
    return f"{rng.randint(2, 100)}%"


def a_time(rng: random.Random) -> str:
    """Return a time of day, as Vietnamese copy writes it."""
    hour = rng.choice([6, 18, rng.randint(6, 22), rng.randint(0, 23)])
    minute = rng.choice([0, 0, 30, 30, 5 * rng.randint(1, 11), rng.randint(1, 59)])
    chance = rng.random()
    if chance < 0.55:
        return f"{hour}h{minute:02}" if minute else rng.choice([f"{hour}h", f"{hour}h00"])
    if chance < 0.7 and 12 < hour < 22:
        part = "chiều" if hour < 19 else "tối"
        return f"{hour - 12} giờ {f'{minute:02} phút ' if minute else ''}{part}"
    if chance < 0.8 and 0 < hour < 12:
        return f"{hour} giờ {f'{minute:02} phút ' if minute else ''}sáng"
    if minute:
        return f"{hour} giờ {minute:02}{rng.choice(['', ' phút', ' phút'])}"
    return f"{hour} giờ"


SLOTS: dict[str, Callable[[random.Random], str]] = {
    "d": a_day,
    "r": days,
    "y": a_month,
    "n": a_number,
    "m": a_sum,
    "p": a_share,
    "t": a_time,
}


def _part_of_range(text: str, start: int, end: int) -> bool:
    """Whether a figure makes a range with its neighbour: 5-7%, 14 to 20."""
    link = r"(?:-|–|—|~|至|到|đến|tới|to|à|a|до)"
    return bool(
        re.search(rf"\d[^\s\d]*\s?{link}\s?$", text[:start])
        or re.match(rf"[^\s\d]*\s?{link}\s?\d", text[end:])
    )


@dataclass(frozen=True)
class Made:
    """A pair and the figures of its source."""

    corpus: str
    source: str
    target: str
    places: tuple[Placeable, ...]


class Figures:
    """Makes the pairs of one target language."""

    def __init__(self, language: str, rng: random.Random, rows: list[tuple[str, str, str]]) -> None:
        self.language = language
        self.rng = rng
        self.rows = rows
        self.lower = self._lower_words()
        with TEMPLATES.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            self.templates = [row for row in reader if row[language]]

    def _lower_words(self) -> dict[str, frozenset[str]]:
        """For each side, the words that are mostly written small."""
        held: dict[str, frozenset[str]] = {}
        for side in (1, 2):
            small: Counter[str] = Counter()
            large: Counter[str] = Counter()
            for row in self.rows[:60_000]:
                for word in row[side].split()[1:]:
                    (small if word[:1].islower() else large)[word.lower()] += 1
            held["vi" if side == 1 else self.language] = frozenset(
                word for word, count in small.items() if count > 5 * large[word] and count > 3
            )
        return held

    def placed(self, source: str, start: int, end: int) -> Placeable | None:
        """Return the placeable that fills a span, with its rendering."""
        for place in find_placeables(source, self.language):
            if (place.start, place.end) == (start, end):
                return place
        return None

    # Exchanging

    def exchange(self, name: str, source: str, target: str) -> Made | None:
        """Return the pair with its figures exchanged for others of their kind."""
        pairs = list(self._agreeing(source, target))
        if not pairs:
            return None
        new_source, new_target = source, target
        changes: list[tuple[int, int, str]] = []
        for place, begin, end in sorted(pairs, key=lambda item: -item[0].start):
            other = self._other(place.phrase)
            if other is None:
                continue
            text = new_source[: place.start] + other + new_source[place.end :]
            there = self.placed(text, place.start, place.start + len(other))
            if there is None:
                continue
            new_source = text
            changes.append((begin, end, self._fitting(there.rendering, target, begin, end)))
        for begin, end, rendering in sorted(changes, reverse=True):
            new_target = new_target[:begin] + rendering + new_target[end:]
        if not changes:
            return None
        return Made(f"{name}+figures", new_source, new_target, self._sure(new_source, new_target))

    def _agreeing(self, source: str, target: str) -> Iterator[tuple[Placeable, int, int]]:
        """The placeables of a source whose figure stands once in the target, and where."""
        ours, theirs = read_figures(source, "vi"), read_figures(target, self.language)
        for place in find_placeables(source, self.language):
            days = [d for d in ours.days if (d.start, d.end) == (place.start, place.end)]
            if len(days) == 1:
                (day,) = days
                same = [
                    d
                    for d in theirs.days
                    if (d.day, d.month, d.year) == (day.day, day.month, day.year)
                ]
                if len(same) == 1 and len(theirs.days) == len(ours.days):
                    yield place, same[0].start, same[0].end
                continue
            figure = next(
                (
                    f
                    for f in ours.figures
                    if f.start == place.start
                    and f.start + len(source[f.start : f.end].rstrip()) == place.end
                ),
                None,
            )
            if figure is None or days or _part_of_range(source, place.start, place.end):
                continue
            alike = [f for f in theirs.figures if self._alike(f, figure)]
            ways = [f for f in ours.figures if set(f.values) & set(figure.values)]
            if len(alike) == 1 == len(ways) and target[alike[0].start].isdigit():
                begin = alike[0].start
                end = begin + len(target[begin : alike[0].end].rstrip())
                if not _part_of_range(target, begin, end):
                    yield place, begin, end

    def _alike(self, figure: Figure, other: Figure) -> bool:
        return bool(set(figure.values) & set(other.values)) and (
            figure.kind == other.kind and figure.currency == other.currency
        )

    def _other(self, phrase: str) -> str | None:
        """Another Vietnamese phrase of the same kind; in numbers that agree with the same nouns."""
        rng = self.rng
        if "%" in phrase:
            return a_share(rng)
        if phrase.lower().startswith("tháng"):
            return None
        if re.search(r"[/]|tháng", phrase):
            if re.fullmatch(r"\d{1,2}/\d{4}", phrase):
                return a_month(rng)
            return a_day(rng)
        if re.fullmatch(r"(?:19|20)\d\d", phrase):
            return str(a_year(rng))
        if phrase.isdigit():
            value = int(phrase)
            if value < 2:
                return None
            return str(value % 10 + 10 * rng.randint(2, 40)) if value > 4 else None
        found = re.search(r"[^\d.,\s].*$", phrase)
        words = found.group() if found else ""
        if re.search(r"USD|đồng|euro|EUR|yên|NDT|đô", words):
            return a_sum(rng)
        return a_number(rng)

    def _fitting(self, rendering: str, target: str, begin: int, end: int) -> str:
        """The rendering with "de" before a noun, where the language wants it after a million."""
        follows = target[end:]
        if self.language in {"fr", "es"} and _NEEDS_DE.search(rendering):
            noun = re.match(r"[ \u00a0](?!de |d'|d’)([^\W\d_])", follows)
            if noun:
                elided = self.language == "fr" and noun[1].lower() in "aeiouyhéèê"
                return f"{rendering} d'" if elided else f"{rendering} de"
        return rendering

    def _sure(self, source: str, target: str) -> tuple[Placeable, ...]:
        """The placeables of a source whose rendering stands in the target."""
        return tuple(p for p in find_placeables(source, self.language) if p.rendering in target)

    # Adding

    def add(self, name: str, source: str, target: str) -> Made | None:
        """Return the pair with a phrase that holds a figure at its beginning or end."""
        chosen = self.rng.choice([row for row in self.templates if row["where"] != "whole"])
        written = self.fill(chosen)
        if written is None:
            return None
        ours, theirs = written
        stop = "。" if self.language == "zh" else "."
        if chosen["where"] == "before":
            if self._first(source, "vi") is None or self._first(target, self.language) is None:
                return None
            source = ours + " " + str(self._first(source, "vi"))
            gap = "" if self.language == "zh" else " "
            target = theirs + gap + str(self._first(target, self.language))
        elif source.endswith(".") and target.endswith(stop):
            source = source[:-1] + ours + "."
            target = target[:-1] + theirs + stop
        else:
            return None
        return Made(f"{name}+figures", source, target, self._sure(source, target))

    def _first(self, text: str, language: str) -> str | None:
        """The text as it goes on after something; None where its first word may be a name."""
        if language == "zh":
            return text
        words = text.split()
        if len(words) < 4 or not words[0].isalpha() or not words[0].islower() ^ words[0].istitle():
            return None
        if words[0].lower() not in self.lower[language]:
            return None
        if language == "vi" and words[1][:1].isupper():
            return None
        return text[:1].lower() + text[1:]

    # Writing

    def write(self) -> Made | None:
        """Return a sentence made from a template."""
        chosen = self.rng.choice([row for row in self.templates if row["where"] == "whole"])
        written = self.fill(chosen)
        if written is None:
            return None
        source, target = written
        return Made("templates+figures", source, target, self._sure(source, target))

    def fill(self, template: dict[str, str]) -> tuple[str, str] | None:
        """Return both sides of a template with the same figures in its slots.

        A slot is a letter of ``SLOTS``, in each language as often as in Vietnamese, in the same
        order among slots of one letter.
        """
        values: dict[str, list[str]] = {}
        spans: dict[str, list[tuple[int, int]]] = {}
        source, at = "", 0
        for slot in _SLOT.finditer(template["vi"]):
            source += template["vi"][at : slot.start()]
            value = SLOTS[slot[1]](self.rng)
            spans.setdefault(slot[1], []).append((len(source), len(source) + len(value)))
            source += value
            at = slot.end()
        source += template["vi"][at:]
        for letter, held in spans.items():
            for start, end in held:
                place = self.placed(source, start, end)
                if place is None:
                    return None
                values.setdefault(letter, []).append(place.rendering)

        def put(slot: re.Match[str]) -> str:
            rendering = values[slot[1]].pop(0)
            if slot[2] and _NEEDS_DE.search(rendering):
                return f"{rendering} de"
            return rendering

        target = _SLOT.sub(put, template[self.language])
        target = re.sub(r"\b([Ll])e (1er)", r"\1e \2", target).replace(
            "de habitants", "d'habitants"
        )
        if self.language == "es":
            target = re.sub(r"\b([Ll])as (1:)", r"\1a \2", target)
        return source, target

    # All of it

    def make(self, exchanged: int, added: int, written: int) -> list[Made]:
        """Return the pairs of all three kinds."""
        made: list[Made] = []
        order = list(self.rows)
        self.rng.shuffle(order)
        order.sort(key=lambda row: not _RICH.search(row[1]))
        for row in order:
            if len(made) >= exchanged:
                break
            if any(char.isdigit() for char in row[1]):
                answer = self.exchange(*row)
                if answer is not None and answer.places:
                    made.append(answer)
        LOG.info("%s: %d pairs with exchanged figures", self.language, len(made))
        whole = len(made) + added
        self.rng.shuffle(order)
        for row in order:
            if len(made) >= whole:
                break
            if 20 < len(row[1]) < 200:
                answer = self.add(*row)
                if answer is not None and answer.places:
                    made.append(answer)
        tries = 0
        whole += written
        while len(made) < whole and tries < 4 * written:
            tries += 1
            answer = self.write()
            if answer is not None and answer.places:
                made.append(answer)
        return made


def tokenise(
    made: list[Made], direction: str, model: Path, hinted: float, rng: random.Random
) -> corpus.TokenStore:
    """Return the store of the pairs, most figures hinted."""
    processor = subwords.load(model)
    language = direction.split("-")[1]
    tag = processor.piece_to_id(subwords.TAGS[language])
    names = sorted({item.corpus for item in made})
    rows: list[tuple[list[int], list[int], int]] = []
    for item in made:
        all_or_some = 1.0 if rng.random() < 0.5 else hinted * rng.random()
        hints = [
            TermHint(p.phrase, p.start, p.end, p.rendering)
            for p in item.places
            if rng.random() < all_or_some
        ]
        here = [tag, *processor.encode(inline(item.source, hints, language))]
        there = list(processor.encode(item.target))
        if max(len(here), len(there)) <= LONGEST:
            rows.append((here, there, names.index(item.corpus)))
    return corpus.TokenStore.without_links(direction, rows, names)


def read_rows(path: Path, left_out: set[str]) -> list[tuple[str, str, str]]:
    """Return the (corpus, Vietnamese, target) rows that prepare kept."""
    if not path.is_file():
        raise corpus.CorpusError(f"no pairs at {path}; run prepare first")
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        name, source, target = line.split("\t")
        if name not in left_out and "lexicon" not in name and "vocab" not in name:
            rows.append((name, source, target))
    return rows


def note(work: Path, direction: str, rows: int) -> None:
    """Write into the counts that prepare made how many pairs with figures there are."""
    path = work / "counts.json"
    counts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    counts.setdefault(direction, {}).setdefault("corpora", {})["figures"] = rows
    path.write_text(json.dumps(counts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder that prepare wrote")
    parser.add_argument("--show", type=int, default=0, help="print so many pairs a language")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(name)s %(message)s",
        handlers=[logging.StreamHandler(), logging.FileHandler(options.work / "figures.log")],
        force=True,
    )
    try:
        table = settings.need(settings.read(options.config), "figures", dict, "top")
        seed = settings.need(table, "seed", int, "figures")
        sizes = [
            settings.need(table, key, int, "figures") for key in ("exchanged", "added", "written")
        ]
        left_out = set(settings.need(table, "leave_out", list, "figures"))
        for direction in settings.need(table, "directions", list, "figures"):
            language = direction.split("-")[1]
            rng = random.Random(f"{seed} {direction}")
            rows = read_rows(options.work / "text" / f"{direction}.tsv", left_out)
            made = Figures(language, rng, rows).make(*sizes)
            hinted = settings.need(table, "hinted", float, "figures")
            store = tokenise(made, direction, options.work / "spm.model", hinted, rng)
            store.save(options.work / f"{direction}.figures.npz")
            LOG.info("%s: %d pairs, %d target tokens", direction, len(store), len(store.target))
            note(options.work, direction, len(store))
            for item in rng.sample(made, min(options.show, len(made))):
                hints = [TermHint(p.phrase, p.start, p.end, p.rendering) for p in item.places]
                print(inline(item.source, hints, language), "|||", item.target)
    except (settings.SettingsError, corpus.CorpusError) as error:
        print(f"figures: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
