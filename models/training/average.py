"""Average the weights of several checkpoints into one.

python average.py --checkpoints FOLDER --last 4 --out FOLDER/average.pt
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from recipe import checkpoints


def average(paths: list[Path]) -> dict[str, object]:
    """Return the newest of ``paths`` with the mean of all their weights.

    Raises:
        CheckpointError: there is none, or the shapes differ.
    """
    if not paths:
        raise checkpoints.CheckpointError("no checkpoints to average")
    states = [checkpoints.read(path) for path in paths]
    if any(state["shape"] != states[-1]["shape"] for state in states):
        raise checkpoints.CheckpointError("the checkpoints are of different networks")
    mean = {
        name: torch.stack([state["network"][name].double() for state in states]).mean(0).float()
        for name in states[-1]["network"]
    }
    return {**states[-1], "network": mean, "averaged": [state["step"] for state in states]}


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--last", type=int, default=4, help="how many of the newest")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        state = average(checkpoints.weights(options.checkpoints)[-options.last :])
    except checkpoints.CheckpointError as error:
        print(f"average: {error}", file=sys.stderr)
        return 2
    checkpoints.write(state, options.out)
    print(f"averaged steps {state['averaged']} into {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
