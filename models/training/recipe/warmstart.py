"""Embeddings to start from: pieces that keep company with the same Vietnamese pieces lie close.

Since source, target and output share one table, a network that starts so already holds a rough
bilingual lexicon, which saves a large part of a short training.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recipe.corpus import TokenStore


def company_embeddings(
    stores: list[TokenStore], vocabulary: int, width: int, seed: int, most: int = 150_000
) -> np.ndarray:
    """Return a (vocabulary, width) float32 table with rows of length about one.

    Pieces are described by their positive pointwise mutual information with the pieces of the
    Vietnamese side of the pairs they occur in, reduced by a randomised singular value
    decomposition. Pieces that never occur get random rows; the padding row is zero.
    """
    rng = np.random.default_rng(seed)
    joint = np.zeros((vocabulary, vocabulary), dtype=np.float32)
    for store in stores:
        rows = rng.permutation(len(store))[:most]
        source, target = (
            _occurrences(flat, at, rows, vocabulary)
            for flat, at in ((store.source, store.source_at), (store.target, store.target_at))
        )
        size = np.asarray(source.sum(axis=1)).reshape(-1, 1)
        weighted = (
            source.multiply(1 / np.sqrt(size)).tocsr()
            if _sparse(source)
            else (source / np.sqrt(size))
        )
        for side in (source, target):
            held = side.T @ weighted
            joint += held.toarray() if _sparse(held) else held
    used = np.flatnonzero(joint.sum(axis=0) > 0)
    joint = joint[:, used]
    total = joint.sum()
    row, column = joint.sum(axis=1, keepdims=True), joint.sum(axis=0, keepdims=True)
    column = column**0.75 / (column**0.75).sum() * total
    with np.errstate(divide="ignore", invalid="ignore"):
        np.log(joint * total / (row * column), out=joint)
    joint[~np.isfinite(joint)] = 0
    np.maximum(joint, 0, out=joint)
    norms = np.linalg.norm(joint, axis=1)
    described = norms > 0
    joint[described] /= norms[described][:, None]
    sketch = joint @ rng.standard_normal((joint.shape[1], width + 32)).astype(np.float32)
    for _ in range(2):
        sketch, _ = np.linalg.qr(joint @ (joint.T @ sketch))
    small = sketch.T @ joint
    left, values, _ = np.linalg.svd(small, full_matrices=False)
    table = (sketch @ left[:, :width]) * np.sqrt(values[:width])
    table -= table[described].mean(axis=0)
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    table = np.where(described[:, None] & (lengths > 1e-6), table / np.maximum(lengths, 1e-6), 0)
    spin, _ = np.linalg.qr(rng.standard_normal((width, width)))
    table = table @ spin
    noise = rng.standard_normal((vocabulary, width)) * width**-0.5
    table = np.where(described[:, None], 0.95 * table + 0.3 * noise, noise)
    table[vocabulary - 1] = 0
    return table.astype(np.float32)


def _sparse(matrix: Any) -> bool:
    return not isinstance(matrix, np.ndarray)


def _occurrences(flat: np.ndarray, at: np.ndarray, rows: np.ndarray, vocabulary: int) -> Any:
    """Return which pieces occur in which rows, as ones; sparse (scipy) unless it is small."""
    lengths = np.diff(at)[rows]
    index = np.concatenate([flat[at[row] : at[row + 1]] for row in rows]).astype(np.int64)
    if len(rows) * vocabulary <= 5_000_000:
        dense = np.zeros((len(rows), vocabulary), dtype=np.float32)
        dense[np.repeat(np.arange(len(rows)), lengths), index] = 1.0
        return dense
    from scipy import sparse

    pointer = np.concatenate([[0], np.cumsum(lengths)])
    side = sparse.csr_matrix(
        (np.ones(len(index), dtype=np.float32), index, pointer), shape=(len(rows), vocabulary)
    )
    side.sum_duplicates()
    side.data[:] = 1.0
    return side
