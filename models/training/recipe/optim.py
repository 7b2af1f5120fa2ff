"""Optimisers: Muon for the matrices of the layers, Adam for everything else.

Muon here treats all matrices of one shape together, which on a processor without a GPU is
several times faster than one at a time; the update is that of ``torch.optim.Muon``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

_A, _B, _C = 3.4445, -4.7750, 2.0315


def orthogonalise(stack: Tensor, steps: int, half: bool = False) -> Tensor:
    """Return the nearest half-orthogonal matrix of each (rows, columns) in ``stack``.

    ``half`` computes in bfloat16, which is as good here: the iteration corrects itself.
    """
    x = stack.bfloat16() if half else stack.float()
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    for _ in range(steps):
        gram = x @ x.transpose(1, 2)
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=_B, alpha=_C), x, beta=_A)
    return x.transpose(1, 2) if tall else x


class StackedMuon(torch.optim.Optimizer):
    """Muon over groups of equal shape. Learning rate is the size of the update's spectral norm."""

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        lr: float,
        momentum: float = 0.95,
        decay: float = 0.0,
        steps: int = 5,
        half: bool = False,
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "decay": decay})
        self.steps = steps
        self.half = half

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Apply one update."""
        for group in self.param_groups:
            alike: dict[torch.Size, list[nn.Parameter]] = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    alike[parameter.shape].append(parameter)
            for shape, parameters in alike.items():
                looked = []
                for parameter in parameters:
                    state = self.state[parameter]
                    if not state:
                        state["momentum"] = torch.zeros_like(parameter)
                    held = state["momentum"]
                    grad = parameter.grad
                    assert grad is not None
                    held.lerp_(grad, 1 - group["momentum"])
                    looked.append(grad.lerp(held, group["momentum"]))
                update = orthogonalise(torch.stack(looked), self.steps, self.half)
                size = group["lr"] * math.sqrt(max(1.0, shape[0] / shape[1]))
                for parameter, change in zip(parameters, update, strict=True):
                    if group["decay"]:
                        parameter.mul_(1 - group["lr"] * group["decay"])
                    parameter.add_(change, alpha=-size)


def split_parameters(network: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Return the matrices of the layers, and all other parameters."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        layered = ".layers." in name and parameter.ndim == 2
        (matrices if layered else others).append(parameter)
    return matrices, others
