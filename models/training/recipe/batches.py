"""Deterministic batches out of token stores, and the restricted output vocabulary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from recipe.corpus import TokenStore
from recipe.subwords import EOS


@dataclass
class Batch:
    """One batch, padded. Shapes: (rows, source length) and (rows, target length)."""

    language: str
    source: Tensor
    target_in: Tensor
    target_out: Tensor  # the padding id where nothing is to be predicted
    links: Tensor | None  # (n, 3): row, target position, source position
    tokens: int  # target tokens that are not padding


class Mixture:
    """Weighted token stores as an endless, repeatable sequence of batches.

    A pass draws every row as often as its corpus weight says (fractions by chance; a corpus may
    have another weight in one direction, ``vi-en:NAME``), scales the target languages to their
    shares, sorts pools of rows by length and cuts them by token count.
    Two mixtures made of the same stores, weights and seed give the same batches.

    The last ``annotated`` of ``stores`` hold pairs with inline terms; in each language they make
    ``annotated_share`` of the target tokens. ``shares`` are of target languages, or of directions
    (``vi-en``) where ``by_direction``.
    """

    def __init__(
        self,
        stores: list[TokenStore],
        weights: dict[str, float],
        shares: dict[str, float],
        budget: int,
        pad: int,
        seed: int,
        mixed: bool = False,
        multiple: int = 1,
        annotated: int = 0,
        annotated_share: float = 0.0,
        by_direction: bool = False,
    ) -> None:
        self.stores = stores
        self.budget = budget
        self.pad = pad
        self.seed = seed
        self.mixed = mixed
        self.multiple = multiple
        lengths, copies, languages, groups = [], [], [], []
        for store in stores:
            weight = np.array(
                [
                    weights.get(f"{store.direction}:{name}", weights.get(name, 1.0))
                    for name in store.names
                ]
            )
            lengths.append(
                np.stack([np.diff(store.source_at) + 1, np.diff(store.target_at) + 1], axis=1)
            )
            copies.append(weight[store.corpus])
            language = store.direction.split("-")[1]
            languages += [language] * len(store)
            groups += [store.direction if by_direction else language] * len(store)
        self.lengths = np.concatenate(lengths)
        self.copies = np.concatenate(copies)
        self.language = np.array(languages)
        group_of = np.array(groups)
        self.origin = np.concatenate(
            [np.stack([np.full(len(s), n), np.arange(len(s))], 1) for n, s in enumerate(stores)]
        )
        marked = self.origin[:, 0] >= len(stores) - annotated
        tokens = self.copies * self.lengths[:, 1]
        for group in sorted(set(groups)):
            own = group_of == group
            plain, terms = tokens[own & ~marked].sum(), tokens[own & marked].sum()
            if terms > 0 and plain > 0:
                ratio = annotated_share / (1 - annotated_share)
                self.copies[own & marked] *= ratio * plain / terms
        expected = {
            group: float((self.copies * self.lengths[:, 1])[group_of == group].sum())
            for group in sorted(set(groups))
        }
        present = {group: shares.get(group, 0.0) for group in expected}
        scale = sum(expected.values()) / max(sum(present.values()), 1e-9)
        for group, share in present.items():
            if expected[group] > 0:
                self.copies[group_of == group] *= share * scale / expected[group]
        self.tokens_in_pass = float((self.copies * self.lengths[:, 1]).sum())

    def fingerprint(self) -> str:
        """Return a short name of what is drawn from; it changes when data or weights change."""
        held = hashlib.sha256()
        held.update(np.ascontiguousarray(self.lengths).tobytes())
        held.update(np.round(self.copies, 6).tobytes())
        held.update(f"{self.budget} {self.seed} {self.mixed} {self.multiple}".encode())
        return held.hexdigest()[:16]

    def plan(self, turn: int) -> list[np.ndarray]:
        """Return the batches of pass ``turn`` as arrays of row numbers, in training order."""
        rng = np.random.default_rng([self.seed, turn])
        whole = np.floor(self.copies).astype(np.int64)
        times = whole + (rng.random(len(self.copies)) < self.copies - whole)
        rows = np.repeat(np.arange(len(self.copies)), times)
        groups = ["all"] if self.mixed else sorted(set(self.language.tolist()))
        batches: list[np.ndarray] = []
        for group in groups:
            own = rows if group == "all" else rows[self.language[rows] == group]
            own = rng.permutation(own)
            pool = max(1, 40 * self.budget // 20)
            for start in range(0, len(own), pool):
                some = own[start : start + pool]
                size = self.lengths[some]
                noise = rng.random(len(some)) * 0.5
                some = some[np.argsort(size.max(axis=1) + 0.01 * size[:, 0] + noise)]
                batches += self._cut(some)
        return [batches[index] for index in rng.permutation(len(batches))]

    def _cut(self, rows: np.ndarray) -> list[np.ndarray]:
        cuts, start, longest = [], 0, 0
        for position, size in enumerate(self.lengths[rows].max(axis=1)):
            longest = max(longest, int(size))
            if longest * (position - start + 1) > self.budget and position > start:
                cuts.append(rows[start:position])
                start, longest = position, int(size)
        cuts.append(rows[start:])
        return cuts

    def batch(self, rows: np.ndarray) -> Batch:
        """Return the padded batch of these ``rows``."""
        sides: list[tuple[np.ndarray, np.ndarray]] = []
        links = []
        for position, row in enumerate(rows):
            store = self.stores[self.origin[row, 0]]
            index = self.origin[row, 1]
            sides.append(
                (
                    store.source[store.source_at[index] : store.source_at[index + 1]],
                    store.target[store.target_at[index] : store.target_at[index + 1]],
                )
            )
            pairs = store.links[store.links_at[index] : store.links_at[index + 1]]
            if len(pairs):
                links.append(
                    np.stack([np.full(len(pairs), position), pairs[:, 1], pairs[:, 0]], axis=1)
                )
        width = [self._round(max(len(side[n]) for side in sides) + 1) for n in (0, 1)]
        source = np.full((len(rows), width[0]), self.pad, dtype=np.int64)
        target_in = np.full((len(rows), width[1]), self.pad, dtype=np.int64)
        target_out = np.full((len(rows), width[1]), self.pad, dtype=np.int64)
        for position, (here, there) in enumerate(sides):
            source[position, : len(here)] = here
            source[position, len(here)] = EOS
            target_in[position, 1 : len(there) + 1] = there
            target_out[position, : len(there)] = there
            target_out[position, len(there)] = EOS
        return Batch(
            "all" if self.mixed else str(self.language[rows[0]]),
            torch.from_numpy(source),
            torch.from_numpy(target_in),
            torch.from_numpy(target_out),
            torch.from_numpy(np.concatenate(links).astype(np.int64)) if links else None,
            int(sum(len(side[1]) + 1 for side in sides)),
        )

    def _round(self, length: int) -> int:
        return -(-length // self.multiple) * self.multiple

    def run(self, turn: int, index: int) -> Iterator[tuple[int, int, Batch]]:
        """Yield (pass, index of the next batch, batch) for ever, from a stored position."""
        while True:
            plan = self.plan(turn)
            for position in range(index, len(plan)):
                yield turn, position + 1, self.batch(plan[position])
            turn, index = turn + 1, 0


class OutputPieces:
    """For each target language, which pieces the softmax runs over.

    Those that occur in the language's targets always, and the ``common`` most frequent of all
    languages, so that it learns to keep them apart; of the rest a random sample, whose scores
    are raised by log(rest / sampled) so that the sample stands for all of the rest.
    """

    def __init__(
        self,
        stores: list[TokenStore],
        vocabulary: int,
        sampled: int,
        at_least: int,
        common: int = 0,
    ) -> None:
        counts: dict[str, np.ndarray] = {}
        for store in stores:
            language = store.direction.split("-")[1]
            held = counts.setdefault(language, np.zeros(vocabulary, dtype=np.int64))
            held += np.bincount(store.target, minlength=vocabulary)
        self.sampled = sampled
        self.own: dict[str, np.ndarray] = {}
        every = np.argsort(-np.sum(list(counts.values()), axis=0))[:common]
        for language, held in counts.items():
            held[EOS] += at_least
            held[every] += at_least
            self.own[language] = np.flatnonzero(held >= at_least)
        self.vocabulary = vocabulary

    def choose(self, batch: Batch, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Return piece ids, what to add to their scores, and the targets as indexes (-1: none)."""
        pad = self.vocabulary - 1
        target = batch.target_out.numpy()
        inside = np.zeros(self.vocabulary, dtype=bool)
        inside[self.own[batch.language]] = True
        inside[target.reshape(-1)] = True
        inside[pad] = False
        rest = np.flatnonzero(~inside[:pad])
        drawn = rng.choice(rest, min(self.sampled, len(rest)), replace=False)
        own = np.flatnonzero(inside)
        pieces = np.concatenate([own, drawn])
        raised = np.zeros(len(pieces), dtype=np.float32)
        if len(drawn):
            raised[len(own) :] = np.log(len(rest) / len(drawn))
        place = np.full(self.vocabulary, -1, dtype=np.int64)
        place[own] = np.arange(len(own))
        return torch.from_numpy(pieces), torch.from_numpy(raised), torch.from_numpy(place[target])


def describe(mixture: Mixture) -> dict[str, Any]:
    """Return rows and expected target tokens a pass, by language, for the log."""
    answer: dict[str, Any] = {}
    for language in sorted(set(mixture.language.tolist())):
        own = mixture.language == language
        answer[language] = {
            "rows": int(own.sum()),
            "tokens": int((mixture.copies * mixture.lengths[:, 1])[own].sum()),
        }
    return answer
