"""Align the words (pieces) of every pair, and store the links.

The links teach one attention head where to look (guided alignment), and tell which phrase of a
pair renders which, from which the term annotations are made.

    python align.py --work WORK --stores vi-en vi-fr
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from recipe import aligner, corpus

LOG = logging.getLogger("align")


def read_links(path: Path, rows: int) -> list[set[tuple[int, int]]]:
    """Return the links of each line of an alignment file as (source, target) positions."""
    answer = []
    with path.open(encoding="ascii") as lines:
        for line in lines:
            pairs = (link.split("-") for link in line.split())
            answer.append({(int(here), int(there)) for here, there in pairs})
    if len(answer) != rows:
        raise corpus.CorpusError(f"the aligner answered {len(answer)} lines for {rows} pairs")
    return answer


def with_eflomal(
    sides: list[list[np.ndarray]], samplers: int, effort: float
) -> list[list[set[tuple[int, int]]]]:
    """Return the links of both directions of alignment, by eflomal."""
    try:
        import eflomal
    except ImportError:
        raise corpus.CorpusError("eflomal is not installed; use --aligner ibm1") from None
    lines = [[" ".join(map(str, row.tolist())) + "\n" for row in side] for side in sides]
    with tempfile.TemporaryDirectory() as folder:
        forward, reverse = Path(folder) / "forward", Path(folder) / "reverse"
        eflomal.Aligner(model=3, n_samplers=samplers, rel_iterations=effort).align(
            iter(lines[0]),
            iter(lines[1]),
            links_filename_fwd=str(forward),
            links_filename_rev=str(reverse),
        )
        return [read_links(path, len(lines[0])) for path in (forward, reverse)]


def with_ibm1(sides: list[list[np.ndarray]]) -> list[list[set[tuple[int, int]]]]:
    """Return the links of both directions of alignment, by the plain aligner."""
    forward = aligner.align_pairs(sides[0], sides[1])
    reverse = aligner.align_pairs(sides[1], sides[0])
    return [forward, [{(here, there) for there, here in links} for links in reverse]]


def align(
    store: corpus.TokenStore, kind: str, samplers: int = 1, effort: float = 1.0
) -> corpus.TokenStore:
    """Return ``store`` with links: source position, target position, 1 if both ways agree.

    Positions count in the stored rows, so that the target tag is source position 0.
    """
    sides = [
        [flat[at[row] + skip : at[row + 1]] for row in range(len(store))]
        for flat, at, skip in (
            (store.source, store.source_at, 1),
            (store.target, store.target_at, 0),
        )
    ]
    there, back = with_eflomal(sides, samplers, effort) if kind == "eflomal" else with_ibm1(sides)
    rows: list[list[tuple[int, int, int]]] = []
    for one, other in zip(there, back, strict=True):
        sure = one & other
        rows.append([(here + 1, to, int((here, to) in sure)) for here, to in sorted(one)])
    at = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=at[1:])
    links = np.array([link for row in rows for link in row], dtype=np.uint8).reshape(-1, 3)
    return dataclasses.replace(store, links=links, links_at=at)


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--work", type=Path, required=True, help="folder that prepare wrote")
    parser.add_argument("--stores", nargs="+", required=True)
    parser.add_argument("--aligner", choices=["eflomal", "ibm1"], default="eflomal")
    parser.add_argument("--samplers", type=int, default=1)
    parser.add_argument("--effort", type=float, default=1.0, help="factor on the iterations")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(name)s %(message)s",
        handlers=[logging.StreamHandler(), logging.FileHandler(options.work / "align.log")],
        force=True,
    )
    try:
        for name in options.stores:
            path = options.work / f"{name}.npz"
            store = corpus.TokenStore.load(path)
            if len(store.links):
                LOG.info("%s has links already", name)
                continue
            begun = time.time()
            store = align(store, options.aligner, options.samplers, options.effort)
            store.save(path)
            LOG.info(
                "%s rows %d links %d, agreed %.2f, %.0f s",
                name,
                len(store),
                len(store.links),
                float(store.links[:, 2].mean()),
                time.time() - begun,
            )
    except corpus.CorpusError as error:
        print(f"align: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
