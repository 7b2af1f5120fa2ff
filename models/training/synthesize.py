"""Translate monolingual news with an exported network: new pairs to train on.

Forward: Vietnamese news into a target language. Back: target-language news into Vietnamese, which
needs a network trained with those directions; its rows are named ``…+back`` and ``prepare`` marks
their sources, so that the network can tell them from human ones.

    python synthesize.py --model OUT --input DATA/mono/vi_news.txt.xz --source vi --target fr \\
        --limit 50000 --name forward_fr --work WORK

A parallel tier (``.tsv.xz``) without Vietnamese can be the input, too: its ``source`` column is put
into Vietnamese, which is then joined with all the human translations of the row (so that English
news with Russian ones becomes Vietnamese with Russian):

    python synthesize.py --model OUT --input DATA/parallel/pivot.tsv.xz --source en --target vi \\
        --corpora wmt_newstest_pivot_no2019 tico19_pivot --name pivot --work WORK

A tier with Vietnamese goes the other way: its English is put into a third language wherever the
row has none, by a network that reads English, and joined with the human Vietnamese. The rows keep
the name of their corpus, with ``+forward``:

    python synthesize.py --model OUT --input DATA/parallel/news.tsv.xz --source en --target es \\
        --name teacher_news_es --work WORK

Lines whose words are glued together and longer ones than ``--longest`` are passed over.

The result is ``WORK/synthetic/NAME.tsv.xz``, a tier that ``prepare`` can be told to read. Work is
done in parts; run again with the same arguments it goes on after the last finished part.
"""

from __future__ import annotations

import argparse
import hashlib
import lzma
import re
import sys
import time
from pathlib import Path

from evaluate import Translator
from recipe import clean, corpus

# Words that lost the space between them ("РоссииЗапрещено", "по0,18").
_GLUED = {
    "es": re.compile(r"[a-zà-ÿ][A-ZÀ-Þ][a-zà-ÿ]{2}|[^\W\d_]{24}"),
    "ru": re.compile(r"[а-яё][А-ЯЁ\d]|[^\W\d_]{24}"),
}


def whole(text: str, language: str) -> bool:
    """Return whether a line of found news is whole: no words glued together, no half quotation."""
    if language in _GLUED and _GLUED[language].search(text):
        return False
    return text.count('"') % 2 == 0 and text.count("«") == text.count("»")


def loops(text: str, length: int = 4) -> bool:
    """Return whether some run of ``length`` words (or characters of Chinese) comes three times."""
    units = text.split() if " " in text else list(text)
    seen: dict[tuple[str, ...], int] = {}
    for start in range(len(units) - length + 1):
        run = tuple(units[start : start + length])
        seen[run] = seen.get(run, 0) + 1
        if seen[run] >= 3:
            return True
    return False


def keep(source: str, target: str, languages: tuple[str, str]) -> bool:
    """Return whether a made pair is worth training on."""
    if "\ufffd" in target:  # pieces of single bytes that make no character
        return False
    return not clean.pair_fault(source, target, *languages) and not loops(target)


def read_input(
    path: Path, source: str, target: str, limit: int, corpora: list[str] | None
) -> list[dict[str, str]]:
    """Return the rows to translate, by language: of one language, or of all that a tier has.

    Of a tier: rows without Vietnamese where that is the target; otherwise rows with Vietnamese and
    without the target, which name their ``corpus``.

    Raises:
        CorpusError: the file is missing or not laid out as its README says.
    """
    if not path.name.endswith(".tsv.xz"):
        lines = corpus.read_lines(path, limit)
        return [{source: clean.tidy(line, source)} for line in lines]
    rows: dict[str, dict[str, str]] = {}
    for row in corpus.read_tier(path):
        fits = not row["vi"] if target == "vi" else bool(row["vi"]) and not row[target]
        if not row[source] or not fits or (corpora and row["corpus"] not in corpora):
            continue
        tidied = {code: clean.tidy(row[code], code) for code in clean.LANGUAGES if row[code]}
        if target != "vi":
            tidied = {"corpus": row["corpus"], "vi": tidied["vi"], source: tidied[source]}
        # One sentence often comes in several rows, each with another translation.
        rows.setdefault(tidied[source], {}).update(tidied)
    found = list(rows.values())
    return found[:: max(1, len(found) // max(1, limit))][:limit]


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", type=Path, required=True, help="folder that export wrote")
    parser.add_argument("--input", type=Path, required=True, help="sentences, .txt.xz")
    parser.add_argument("--source", required=True, choices=clean.LANGUAGES)
    parser.add_argument("--target", required=True, choices=clean.LANGUAGES)
    parser.add_argument("--limit", type=int, default=50_000)
    parser.add_argument("--name", required=True, help="name of the tier to write")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--corpora", nargs="*", help="of a tier, only these")
    parser.add_argument("--longest", type=int, default=0, help="pieces of a sentence (0: any)")
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--part", type=int, default=2_000, help="sentences a part")
    parser.add_argument("--threads", type=int, default=0, help="0: as many as there are cores")
    options = parser.parse_args(arguments)
    tier = options.input.name.endswith(".tsv.xz")
    if options.source == options.target:
        print("synthesize: source and target are the same", file=sys.stderr)
        return 2
    if not tier and "vi" not in (options.source, options.target):
        print("synthesize: of news in one language, one side has to be vi", file=sys.stderr)
        return 2
    if tier and options.source == "vi":
        print("synthesize: a tier is translated from another language than vi", file=sys.stderr)
        return 2
    try:
        human = read_input(
            options.input, options.source, options.target, options.limit, options.corpora
        )
    except corpus.CorpusError as error:
        print(f"synthesize: {error}", file=sys.stderr)
        return 2
    translator = Translator(options.model, options.threads)
    human = [row for row in human if whole(row[options.source], options.source)]
    if options.longest:
        sizes = map(len, translator.processor.encode([row[options.source] for row in human]))
        human = [row for row, size in zip(human, sizes, strict=True) if size <= options.longest]
    lines = [row[options.source] for row in human]
    back = options.target == "vi"
    through = tier and not back
    label = f"{options.name}+back" if back else f"{options.name}+forward"
    revision = (options.model / "SHA256SUMS").read_bytes()
    asked = "\n".join([*map(str, human), options.source, options.target, str(options.beam)])
    key = hashlib.sha256(revision + asked.encode()).hexdigest()[:12]
    parts = options.work / "synthetic" / f"{options.name}.{key}.parts"
    parts.mkdir(parents=True, exist_ok=True)
    written = 0
    for start in range(0, len(lines), options.part):
        path = parts / f"{start:08d}.tsv"
        if path.is_file():
            continue
        begun = time.time()
        some = lines[start : start + options.part]
        answers, _ = translator.translate(some, options.target, options.beam, 4096)
        rows = []
        for row, there in zip(human[start : start + options.part], answers, strict=True):
            there = clean.tidy(there, options.target)
            if keep(row[options.source], there, (options.source, options.target)):
                cells = {**row, options.target: there}
                if through:
                    del cells[options.source]  # the human pair of it is in the tier already
                name = f"{row['corpus']}+forward" if through else label
                rows.append("\t".join([name, *(cells.get(x, "") for x in corpus.COLUMNS[1:])]))
        part = path.with_suffix(".new")
        part.write_text("".join(row + "\n" for row in rows), encoding="utf-8")
        part.replace(path)
        written += len(rows)
        print(f"{path.name}: kept {len(rows)} of {len(some)}, {time.time() - begun:.0f} s")
    out = options.work / "synthetic" / f"{options.name}.tsv.xz"
    fresh = out.with_suffix(".new")
    with lzma.open(fresh, "wt", encoding="utf-8") as held:
        held.write("\t".join(corpus.COLUMNS) + "\n")
        for path in sorted(parts.glob("*.tsv")):
            held.write(path.read_text(encoding="utf-8"))
    fresh.replace(out)
    print(f"{out}: finished, {written} new rows")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
