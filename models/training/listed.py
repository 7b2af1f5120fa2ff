"""Make a tier of training pairs out of the product's term base: Vietnamese forms with renderings.

    python listed.py --glossary ../../glossary --work WORK

The result is ``WORK/synthetic/listed.tsv.xz``, word pairs that ``prepare`` reads as it reads the
lexicons. They are our own and cleaner than those, and have the words of the desk.
"""

from __future__ import annotations

import argparse
import lzma
import sys
from pathlib import Path

from recipe import corpus
from vietwire.termbase import TermBase, TermBaseInvalid


def rows(base: TermBase) -> list[dict[str, str]]:
    """Return one row for each form of each concept that has renderings, by language."""
    made = []
    for concept in base.concepts:
        said = {code: concept.rendering(code).text for code in corpus.COLUMNS[2:]}
        if any(said.values()):
            forms = (concept.vi, *concept.variants)
            made += [{"corpus": "vietwire_terms", "vi": form, **said} for form in forms]
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--glossary", type=Path, required=True, help="folder of terms.csv")
    parser.add_argument("--work", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        made = rows(TermBase.load(options.glossary))
    except TermBaseInvalid as error:
        print(f"listed: {error}", file=sys.stderr)
        return 2
    out = options.work / "synthetic" / "listed.tsv.xz"
    out.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(out, "wt", encoding="utf-8") as held:
        held.write("\t".join(corpus.COLUMNS) + "\n")
        for row in made:
            held.write("\t".join(row[column] for column in corpus.COLUMNS) + "\n")
    print(f"{out}: {len(made)} rows")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
