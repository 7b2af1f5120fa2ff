"""Filter, clean, deduplicate and tokenise the corpora.

Reads the parallel tiers and the monolingual news, keeps the pairs worth learning from, trains the
joint SentencePiece model and writes one token store a direction, the kept text, and the counts.

    python prepare.py --config configs/cpu/prepare.toml --data DATA --work WORK
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import sentencepiece as spm

from recipe import clean, corpus, settings, subwords

LOG = logging.getLogger("prepare")
Pair = tuple[str, str, str]  # corpus, source, target


def collect(
    data: Path, work: Path, tiers: list[str], directions: list[str]
) -> tuple[dict[str, list[Pair]], Counter[tuple[str, str]]]:
    """Return the kept pairs of each direction, and how many were dropped for which reason."""
    kept: dict[str, list[Pair]] = defaultdict(list)
    seen: dict[str, set[int]] = defaultdict(set)
    dropped: Counter[tuple[str, str]] = Counter()
    sides = [direction.split("-") for direction in directions]
    for tier in tiers:
        short = tier in ("lexicon", "listed")
        path = data / "parallel" / f"{tier}.tsv.xz"
        made = work / "synthetic" / f"{tier}.tsv.xz"
        for row in corpus.read_tier(made if made.is_file() else path):
            name = f"{row['corpus']}+synthetic" if tier == "synthetic_fr" else row["corpus"]
            tidied = {lang: clean.tidy(row[lang], lang) for lang in clean.LANGUAGES if row[lang]}
            for direction, (here, there) in zip(directions, sides, strict=True):
                if here not in tidied or there not in tidied:
                    continue
                if tier == "synthetic_fr" and there != "fr":
                    continue
                entry = short and "example" not in name
                source, target = tidied[here], tidied[there]
                fault = clean.pair_fault(source, target, here, there, entry)
                if not fault:
                    key = hash((source.lower(), target.lower()))
                    if key in seen[direction]:
                        fault = "duplicate"
                    seen[direction].add(key)
                if fault:
                    dropped[direction, fault] += 1
                else:
                    kept[direction].append((name, source, target))
        LOG.info("read tier %s", tier)
    return kept, dropped


def subword_lines(
    kept: dict[str, list[Pair]], data: Path, table: dict[str, Any], rng: random.Random
) -> list[str]:
    """Return balanced lines of all six languages for the SentencePiece training."""
    wanted = settings.need(table, "lines_per_language", int, "subwords")
    mono = int(wanted * settings.need(table, "mono_share", float, "subwords"))
    sides: dict[str, list[str]] = defaultdict(list)
    for direction, pairs in kept.items():
        here, there = direction.split("-")
        long = [pair for pair in pairs if len(pair[1]) > 30]
        rng.shuffle(long)
        sides[here] += [pair[1] for pair in long[:wanted]]
        sides[there] += [pair[2] for pair in long[:wanted]]
    lines: list[str] = []
    for language in clean.LANGUAGES:
        news = data / "mono" / f"{language}_news.txt.xz"
        own = [clean.tidy(line, language) for line in corpus.read_lines(news, mono)] if mono else []
        parallel = sorted(set(sides[language]))
        rng.shuffle(parallel)
        lines += own + parallel[: wanted - len(own)]
        LOG.info("subword lines %s: %d", language, min(wanted, len(own) + len(parallel)))
    rng.shuffle(lines)
    return lines


def tokenise(
    direction: str,
    pairs: list[Pair],
    model: Path,
    longest: int,
    threads: int,
    sampled: int = 0,
    alpha: float = 0.2,
) -> corpus.TokenStore:
    """Return the token store of ``pairs``, without those longer than ``longest`` pieces.

    With ``sampled``, every pair comes that many times more with its source cut in other ways
    (subword regularisation with smoothing ``alpha``).
    """
    processor = subwords.load(model)
    tag = processor.piece_to_id(subwords.TAGS[direction.split("-")[1]])
    sources = processor.encode([pair[1] for pair in pairs], num_threads=threads)
    targets = processor.encode([pair[2] for pair in pairs], num_threads=threads)
    spm.set_random_generator_seed(1)
    once, plain = list(targets), list(pairs)
    for _ in range(sampled):
        sources += [
            processor.encode(pair[1], enable_sampling=True, alpha=alpha, nbest_size=-1)
            for pair in plain
        ]
        targets, pairs = targets + once, pairs + plain
    names = sorted({pair[0] for pair in pairs})
    number = {name: index for index, name in enumerate(names)}
    keep = [
        index
        for index, (source, target) in enumerate(zip(sources, targets, strict=True))
        if 0 < len(source) <= longest and 0 < len(target) <= longest
    ]
    mark = processor.piece_to_id(subwords.BACK)
    # What is made in rows of back-translation is their Vietnamese; only where it is the source is
    # that told.
    made = direction.startswith("vi-")
    heads = {name: [tag, mark] if made and name.endswith("+back") else [tag] for name in names}
    rows = [
        (
            [*heads[pairs[index][0]], *sources[index]],
            targets[index],
            number[pairs[index][0]],
        )
        for index in keep
    ]
    return corpus.TokenStore.without_links(direction, rows, names)


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--work", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(name)s %(message)s",
        handlers=[logging.StreamHandler(), logging.FileHandler(options.work / "prepare.log")],
        force=True,
    )
    try:
        prepare(settings.read(options.config), options.data, options.work)
    except (settings.SettingsError, corpus.CorpusError) as error:
        print(f"prepare: {error}", file=sys.stderr)
        return 2
    return 0


def prepare(config: dict[str, Any], data: Path, work: Path) -> None:
    """Do the step as ``config`` says. Finished parts found in ``work`` are not made again."""
    rng = random.Random(settings.need(config, "seed", int, "top"))
    directions = settings.need(config, "directions", list, "top")
    table = settings.need(config, "subwords", dict, "top")
    threads = settings.need(table, "threads", int, "subwords")
    kept, dropped = collect(data, work, settings.need(config, "tiers", list, "top"), directions)
    text = work / "text"
    text.mkdir(exist_ok=True)
    for direction, pairs in kept.items():
        rows = "".join("\t".join(pair) + "\n" for pair in pairs)
        (text / f"{direction}.tsv").write_text(rows, encoding="utf-8")
    for (direction, fault), count in sorted(dropped.items()):
        LOG.info("dropped %s %s %d", direction, fault, count)
    model = work / "spm.model"
    if not model.is_file():
        lines = subword_lines(kept, data, table, rng)
        at_least = settings.need(table, "han_at_least", int, "subwords")
        required = subwords.han_characters(lines, at_least)
        LOG.info("required Han characters: %d", len(required))
        subwords.train_subwords(
            lines,
            model,
            settings.need(table, "pieces", int, "subwords"),
            settings.need(table, "coverage", float, "subwords"),
            required,
            threads,
        )
        LOG.info("trained %s", model.name)
    counts: dict[str, Any] = {}
    for direction in directions:
        store = tokenise(
            direction,
            kept[direction],
            model,
            settings.need(config, "max_pieces", int, "top"),
            threads,
            int(config.get("sampled_copies", 0)),
            float(config.get("sampling_alpha", 0.2)),
        )
        store.save(work / f"{direction}.npz")
        corpora = Counter(store.names[index] for index in store.corpus)
        counts[direction] = {
            "rows": len(store),
            "source_tokens": len(store.source),
            "target_tokens": len(store.target),
            "corpora": dict(corpora.most_common()),
        }
        LOG.info("%s rows %d, target tokens %d", direction, len(store), len(store.target))
    (work / "counts.json").write_text(json.dumps(counts, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
