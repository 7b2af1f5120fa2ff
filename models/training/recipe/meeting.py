"""Several trainings of one network that meet now and then and go on from their mean.

Each worker takes its own steps on its own order of the data. By the clock, every so many seconds,
it lays its weights down in a shared folder, waits a little for the others', and goes on from the
mean of what is there, each counted by the target tokens it saw since its last meeting (local SGD:
Stich 2019, "Local SGD converges fast and communicates little"). Two processes of one thread on a
machine that other work shares lose far less than one process of two threads, which waits at every
barrier; a worker that is late or gone is not waited for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from recipe import checkpoints


class Meeting:
    """Where worker ``rank`` of ``workers`` meets the others, every ``seconds`` by the clock.

    ``patience`` is how many seconds it waits for them (a quarter of the time between meetings, at
    most 15, where it is 0), and ten times as long, or 150, at the end. ``clock`` and ``sleep`` are
    for tests.
    """

    def __init__(
        self,
        folder: Path,
        rank: int,
        workers: int,
        seconds: float,
        patience: float = 0.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.folder = folder
        self.rank = rank
        self.workers = workers
        self.seconds = seconds
        self.patience = patience or min(15.0, seconds / 4)
        self.last_patience = 10 * patience or 150.0
        self.clock = clock
        self.sleep = sleep
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"*-{rank}.pt"):  # of an earlier run
            left.unlink()
        self.last = self.number()

    def number(self) -> int:
        """Return the number of the meeting that the clock says is on."""
        return int(self.clock() // self.seconds)

    def due(self) -> bool:
        """Whether a meeting has begun since the last one."""
        return self.number() > self.last

    def meet(self, network: nn.Module, tokens: int, last: bool = False) -> tuple[int, int]:
        """Set ``network``'s weights to the mean of the workers that came.

        Args:
            network: what this worker trains.
            tokens: how many target tokens this worker saw since its last meeting.
            last: whether the training ends with this meeting.

        Returns:
            how many workers the mean is of, and how many tokens the others saw.
        """
        self.last = self.number()
        name = "end" if last else str(self.last)
        own = {key: value.detach().clone() for key, value in network.state_dict().items()}
        checkpoints.write({"network": own, "tokens": tokens}, self._path(name, self.rank))
        others = [self._path(name, rank) for rank in range(self.workers) if rank != self.rank]
        patience = self.last_patience if last else self.patience
        until = self.clock() + patience
        oldest = self.clock() - patience - self.seconds if last else 0.0
        while not all(_there(path, oldest) for path in others) and self.clock() < until:
            self.sleep(0.2)
        states = [checkpoints.read(path) for path in others if _there(path, oldest)]
        parts = [(own, tokens), *((state["network"], state["tokens"]) for state in states)]
        network.load_state_dict(mean(parts))
        self._path(str(self.last - 2), self.rank).unlink(missing_ok=True)
        return len(parts), sum(state["tokens"] for state in states)

    def _path(self, name: str, rank: int) -> Path:
        return self.folder / f"{name}-{rank}.pt"


def _there(path: Path, oldest: float) -> bool:
    """Whether a worker came; one that ended long before this one did not."""
    try:
        return path.stat().st_mtime >= oldest
    except FileNotFoundError:
        return False


def mean(parts: Sequence[tuple[dict[str, Tensor], float]]) -> dict[str, Any]:
    """Return the mean of the weights, each part counted by its number (equally if all are 0)."""
    total = sum(number for _, number in parts)
    shares = [number / total if total else 1 / len(parts) for _, number in parts]
    answer: dict[str, Any] = {}
    for name, like in parts[0][0].items():
        sums = torch.zeros_like(like, dtype=torch.float64)
        for (state, _), share in zip(parts, shares, strict=True):
            sums += share * state[name].to(like.device).double()
        answer[name] = sums.to(like.dtype)
    return answer
