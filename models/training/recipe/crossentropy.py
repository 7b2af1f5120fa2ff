"""Cross-entropy over many pieces without ever holding the whole table of scores.

The scores of a batch over thousands of pieces are by far its largest table. Here they are made for
some rows at a time, and their gradients at once, so that they never leave the processor's cache.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

#: Rows whose scores are held at once.
ROWS = {"cpu": 256, "cuda": 8192}


class _Chunked(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, table: Tensor, bias: Tensor, target: Tensor, smoothing: float
    ) -> tuple[Tensor, Tensor]:
        half = torch.is_autocast_enabled(hidden.device.type)
        kind = torch.bfloat16 if half else hidden.dtype
        h, w = hidden.to(kind), table.to(kind)
        grad_h = torch.empty_like(h)
        grad_w = torch.zeros_like(table, dtype=torch.float32)
        grad_b = torch.zeros_like(bias, dtype=torch.float32)
        loss = torch.zeros((), device=hidden.device)
        plain = torch.zeros((), device=hidden.device)
        count, pieces = hidden.shape[0], table.shape[0]
        rows = ROWS[hidden.device.type]
        for at in range(0, count, rows):
            part, wanted = h[at : at + rows], target[at : at + rows, None]
            chances = ((part @ w.T).float() + bias).log_softmax(dim=-1)
            taken = chances.gather(1, wanted).sum()
            plain -= taken
            loss -= (1 - smoothing) * taken
            if smoothing:
                loss -= smoothing / pieces * chances.sum()
            grad = chances.exp_()
            grad.scatter_add_(1, wanted, torch.full_like(wanted, smoothing - 1, dtype=grad.dtype))
            if smoothing:
                grad -= smoothing / pieces
            grad /= count
            grad_b += grad.sum(dim=0)
            grad = grad.to(kind)
            torch.mm(grad, w, out=grad_h[at : at + rows])
            grad_w += grad.T @ part
        ctx.save_for_backward(grad_h, grad_w, grad_b)
        ctx.kinds = hidden.dtype, table.dtype, bias.dtype
        return loss / count, plain / count

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        grad_h, grad_w, grad_b = (
            held.to(kind) * grads[0]
            for held, kind in zip(ctx.saved_tensors, ctx.kinds, strict=True)
        )
        return grad_h, grad_w, grad_b, None, None


def cross_entropy(
    hidden: Tensor, table: Tensor, bias: Tensor, target: Tensor, smoothing: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Return the mean loss to descend and, without gradient, the mean unsmoothed one.

    Args:
        hidden: (rows, width).
        table: (pieces, width), what ``hidden`` is compared with.
        bias: (pieces,), added to the scores.
        target: (rows,), indexes into ``table``.
        smoothing: as ``label_smoothing`` of ``torch.nn.functional.cross_entropy``.
    """
    loss, plain = _Chunked.apply(hidden, table, bias, target, smoothing)
    return loss, plain.detach()
