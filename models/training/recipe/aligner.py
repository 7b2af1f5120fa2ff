"""A plain word aligner, for where eflomal is not installed: IBM model 1 with a diagonal prior."""

from __future__ import annotations

import numpy as np


def align_pairs(
    sources: list[np.ndarray], targets: list[np.ndarray], rounds: int = 5, tension: float = 4.0
) -> list[set[tuple[int, int]]]:
    """Return for each pair the best source position of every target position, as links.

    Args:
        sources: arrays of piece ids.
        targets: arrays of piece ids, as many.
        rounds: of expectation maximisation.
        tension: how strongly links near the diagonal are preferred; 0 not at all.
    """
    if not sources:
        return []
    heres, theres, priors, slots = [], [], [], []
    slot = 0
    for source, target in zip(sources, targets, strict=True):
        size, other = len(source), len(target)
        distance = np.abs(
            (np.arange(other)[:, None] + 0.5) / other - (np.arange(size)[None, :] + 0.5) / size
        )
        heres.append(np.tile(source, other))
        theres.append(np.repeat(target, size))
        priors.append(np.exp(-tension * distance).reshape(-1))
        slots.append(np.repeat(np.arange(slot, slot + other), size))
        slot += other
    here = np.concatenate(heres).astype(np.int64)
    there = np.concatenate(theres).astype(np.int64)
    prior, owner = np.concatenate(priors), np.concatenate(slots)
    span = int(there.max()) + 1
    keys, pair = np.unique(here * span + there, return_inverse=True)
    chance: np.ndarray = np.ones(len(keys))
    weight: np.ndarray = prior
    for _ in range(rounds):
        weight = chance[pair] * prior
        weight = weight / np.bincount(owner, weight, slot)[owner]
        chance = np.bincount(pair, weight, len(keys))
        total = np.bincount(keys // span, chance)
        chance = chance / total[keys // span]
    answer = []
    at = 0
    for source, target in zip(sources, targets, strict=True):
        size, other = len(source), len(target)
        best = weight[at : at + size * other].reshape(other, size).argmax(axis=1)
        answer.append({(int(place), position) for position, place in enumerate(best)})
        at += size * other
    return answer
