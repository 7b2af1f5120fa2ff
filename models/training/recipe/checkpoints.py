"""Checkpoints: written whole or not at all, read back to the same training state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch


class CheckpointError(RuntimeError):
    """There is no checkpoint to read, or it does not fit."""


def write(state: dict[str, Any], path: Path) -> None:
    """Write ``state`` to ``path`` through a temporary file in the same folder."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def read(path: Path) -> dict[str, Any]:
    """Return the state stored at ``path``.

    Raises:
        CheckpointError: it is missing or damaged.
    """
    if not path.is_file():
        raise CheckpointError(f"no checkpoint {path}")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise CheckpointError(f"cannot read {path}: {error}") from None
    if not isinstance(state, dict):
        raise CheckpointError(f"{path} holds no training state")
    return state


def weights(folder: Path) -> list[Path]:
    """Return the weight-only checkpoints in ``folder``, oldest first."""
    return sorted(folder.glob("weights-*.pt"))


def prune(folder: Path, keep: int) -> None:
    """Delete all but the ``keep`` newest weight-only checkpoints."""
    for path in weights(folder)[: -keep if keep else None]:
        path.unlink()
