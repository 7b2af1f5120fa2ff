"""The corpora on disk: reading the tiers, and the token store that training reads.

A token store is one ``.npz`` file a direction: flat ``uint16`` arrays ``source`` and ``target``
with offset arrays, plus a corpus number for each row. Source rows start with the target's tag;
neither side carries the end of sentence, which the batches add.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

COLUMNS = ["corpus", "vi", "en", "fr", "es", "zh", "ru"]


class CorpusError(ValueError):
    """A data file is missing or is not laid out as its README says."""


def read_tier(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a parallel ``.tsv.xz`` file as dictionaries by column name."""
    if not path.is_file():
        raise CorpusError(f"no data file {path}")
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        header = next(lines).rstrip("\n").split("\t")
        if header[:2] != ["corpus", "vi"]:
            raise CorpusError(f"{path}: first line should start 'corpus vi', is {header}")
        for number, line in enumerate(lines, start=2):
            fields = line.rstrip("\n").split("\t")
            if len(fields) != len(header):
                raise CorpusError(f"{path}:{number}: {len(fields)} fields, {len(header)} expected")
            yield dict(zip(header, fields, strict=True))


def read_lines(path: Path, limit: int) -> list[str]:
    """Return up to ``limit`` lines of an ``.xz`` text file, spread evenly over it."""
    if not path.is_file():
        raise CorpusError(f"no data file {path}")
    with lzma.open(path, "rt", encoding="utf-8") as handle:
        lines = handle.read().split("\n")
    step = max(1, len(lines) // max(1, limit))
    return [line for line in lines[::step] if line][:limit]


@dataclass(frozen=True)
class TokenStore:
    """Rows of one direction as subword ids.

    ``source[source_at[i]:source_at[i + 1]]`` is row i; ``corpus[i]`` indexes ``names``.
    ``links`` holds the word alignment of row i in ``links[links_at[i]:links_at[i + 1]]`` as
    (source position, target position, 1 if sure), positions counted in the row; it may be empty.
    """

    direction: str
    source: np.ndarray
    source_at: np.ndarray
    target: np.ndarray
    target_at: np.ndarray
    corpus: np.ndarray
    names: list[str]
    links: np.ndarray
    links_at: np.ndarray

    def __len__(self) -> int:
        return len(self.corpus)

    @classmethod
    def without_links(
        cls, direction: str, rows: list[tuple[list[int], list[int], int]], names: list[str]
    ) -> TokenStore:
        """Return a store of rows (source, target, index into ``names``) that nobody has aligned."""
        source, source_at = flatten([row[0] for row in rows])
        target, target_at = flatten([row[1] for row in rows])
        return cls(
            direction,
            source,
            source_at,
            target,
            target_at,
            np.array([row[2] for row in rows], dtype=np.int16),
            names,
            np.zeros((0, 3), dtype=np.uint8),
            np.zeros(len(rows) + 1, dtype=np.int64),
        )

    def save(self, path: Path) -> None:
        """Write the store to ``path`` through a temporary file."""
        part = path.with_suffix(".part.npz")
        np.savez(
            part,
            direction=np.array(self.direction),
            source=self.source,
            source_at=self.source_at,
            target=self.target,
            target_at=self.target_at,
            corpus=self.corpus,
            names=np.array(self.names),
            links=self.links,
            links_at=self.links_at,
        )
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> TokenStore:
        """Read a store written by :meth:`save`.

        Raises:
            CorpusError: there is none.
        """
        if not path.is_file():
            raise CorpusError(f"no token store {path}; run prepare first")
        with np.load(path) as held:
            return cls(
                str(held["direction"]),
                held["source"],
                held["source_at"],
                held["target"],
                held["target_at"],
                held["corpus"],
                [str(name) for name in held["names"]],
                held["links"],
                held["links_at"],
            )


def flatten(
    rows: list[list[int]], kind: type[np.generic] = np.uint16
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows end to end, and the offsets where each starts (one more than rows)."""
    at = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=at[1:])
    flat = np.fromiter((token for row in rows for token in row), dtype=kind, count=int(at[-1]))
    return flat, at
