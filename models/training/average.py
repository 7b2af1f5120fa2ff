"""Average the weights of several checkpoints into one.

    python average.py --checkpoints FOLDER --last 4 --out FOLDER/average.pt

Or of certain ones, each with its share: a network and what further training made of it are often
better together than either (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").

    python average.py --files CKPT/begin.pt CKPT/annealed.pt --shares 0.3 0.7 --out CKPT/mean.pt
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from recipe import checkpoints, meeting


def average(paths: list[Path], shares: list[float] | None = None) -> dict[str, object]:
    """Return the last of ``paths`` with the mean of all their weights, each by its share.

    Raises:
        CheckpointError: there is none, the shapes differ, or the shares are not one a path and
            one in all.
    """
    if not paths:
        raise checkpoints.CheckpointError("no checkpoints to average")
    shares = shares or [1 / len(paths)] * len(paths)
    if len(shares) != len(paths) or abs(sum(shares) - 1) > 1e-6:
        raise checkpoints.CheckpointError("the shares should be one a file, and one in all")
    states = [checkpoints.read(path) for path in paths]
    if any(state["shape"] != states[-1]["shape"] for state in states):
        raise checkpoints.CheckpointError("the checkpoints are of different networks")
    mean = meeting.mean(
        [(state["network"], share) for state, share in zip(states, shares, strict=True)]
    )
    return {**states[-1], "network": mean, "averaged": [state["step"] for state in states]}


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--checkpoints", type=Path, help="a folder of them")
    given.add_argument("--files", type=Path, nargs="+", help="these, the newest last")
    parser.add_argument("--last", type=int, default=4, help="how many of the newest of a folder")
    parser.add_argument("--shares", type=float, nargs="+", help="of each file; equal if left out")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        paths = options.files or checkpoints.weights(options.checkpoints)[-options.last :]
        state = average(paths, options.shares)
    except checkpoints.CheckpointError as error:
        print(f"average: {error}", file=sys.stderr)
        return 2
    checkpoints.write(state, options.out)
    print(f"averaged steps {state['averaged']} into {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
