"""Guided alignment: teaching the cross-attention where to look, from word links.

In the last decoder layer most heads learn to look at the source pieces that the next target piece
renders, and one head at the tag that names the language; in the first layer half of the heads learn
to look at what the piece before rendered, which is how the decoder knows how far it has come.
"""

from __future__ import annotations

import torch
from torch import Tensor


def guidance(scores: list[Tensor], links: Tensor, real: Tensor) -> Tensor:
    """Return the alignment loss, a mean over target pieces.

    Args:
        scores: for each decoder layer (batch, heads, target length, source length), unnormalised.
        links: (n, 3): row, target position, source position.
        real: (batch, target length), which target positions are not padding.
    """
    chances = [some.log_softmax(dim=-1) for some in scores]
    heads, length = chances[0].shape[1], chances[0].shape[2]
    tokens = real.sum().clamp(min=1)
    loss = _aligned(chances[-1][:, : max(1, heads * 3 // 4)], links, tokens)
    if heads > 1:
        loss = loss - 0.3 * chances[-1][:, -1, :, 0][real].sum() / tokens
    if len(chances) > 1:
        later = links[links[:, 1] + 1 < length] + links.new_tensor([0, 1, 0])
        loss = loss + 0.5 * _aligned(chances[0][:, : max(1, heads // 2)], later, tokens)
    return loss


def _aligned(chances: Tensor, links: Tensor, tokens: Tensor) -> Tensor:
    row, target, source = links.unbind(dim=1)
    each = -chances[row, :, target, source].mean(dim=1)
    flat = row * chances.shape[2] + target
    count = torch.zeros(chances.shape[0] * chances.shape[2], device=chances.device)
    count.index_add_(0, flat, torch.ones_like(each))
    return (each / count[flat]).sum() / tokens
