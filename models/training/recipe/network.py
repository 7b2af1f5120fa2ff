"""The network: a standard Marian encoder-decoder, written for fast training.

Parameter names and mathematics are those of ``transformers.MarianMTModel`` (layer norm after each
block, sinusoidal positions with all sines before all cosines, scaled embeddings, one embedding
table for source, target and output), so that a state dict moves between the two unchanged.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of the network. ``vocabulary`` counts the padding id, which is its last row."""

    vocabulary: int
    width: int = 256
    heads: int = 4
    encoder_layers: int = 6
    decoder_layers: int = 2
    ffn: int = 1024
    positions: int = 512
    activation: str = "swish"

    @property
    def pad(self) -> int:
        """The padding id, which also starts the decoder (with a zero embedding)."""
        return self.vocabulary - 1

    def as_dict(self) -> dict[str, Any]:
        """Return the sizes as plain values."""
        return asdict(self)


def sinusoids(positions: int, width: int) -> Tensor:
    """Return the table of position encodings, shape (positions, width)."""
    half = width // 2
    rate = 10000 ** (-2 * torch.arange(half, dtype=torch.float64) / width)
    angle = torch.arange(positions, dtype=torch.float64)[:, None] * rate[None, :]
    return torch.cat([angle.sin(), angle.cos()], dim=1).float()


class Attention(nn.Module):
    """Multi-head attention with a bias on every projection."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def split(self, x: Tensor) -> Tensor:
        """Turn (batch, length, width) into (batch, heads, length, width / heads)."""
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def within(self, x: Tensor, mask: Tensor | None, causal: bool, dropout: float) -> Tensor:
        """Attend from ``x`` (batch, length, width) to itself."""
        weight = torch.cat([self.q_proj.weight, self.k_proj.weight, self.v_proj.weight])
        bias = torch.cat([self.q_proj.bias, self.k_proj.bias, self.v_proj.bias])
        q, k, v = F.linear(x, weight, bias).chunk(3, dim=-1)
        mixed = F.scaled_dot_product_attention(
            self.split(q), self.split(k), self.split(v), mask, dropout, is_causal=causal
        )
        return self.out_proj(mixed.transpose(1, 2).reshape(x.shape))

    def across(
        self, x: Tensor, memory: Tensor, mask: Tensor | None, shown: bool
    ) -> tuple[Tensor, Tensor | None]:
        """Attend from ``x`` to ``memory``; where ``shown``, also return the scores of all heads.

        The scores (batch, heads, target length, source length) are those before the softmax.
        """
        weight = torch.cat([self.k_proj.weight, self.v_proj.weight])
        bias = torch.cat([self.k_proj.bias, self.v_proj.bias])
        k, v = F.linear(memory, weight, bias).chunk(2, dim=-1)
        q, k, v = self.split(self.q_proj(x)), self.split(k), self.split(v)
        scores = None
        if shown:
            scores = (q @ k.transpose(2, 3)).float() / math.sqrt(q.shape[-1])
            if mask is not None:
                scores = scores.masked_fill(~mask, -1e9)
            mixed = scores.softmax(dim=-1).to(v.dtype) @ v
        else:
            mixed = F.scaled_dot_product_attention(q, k, v, mask)
        return self.out_proj(mixed.transpose(1, 2).reshape(x.shape)), scores


class Layer(nn.Module):
    """An encoder layer, or a decoder layer where ``crossed``."""

    def __init__(self, shape: Shape, crossed: bool) -> None:
        super().__init__()
        self.self_attn = Attention(shape.width, shape.heads)
        self.self_attn_layer_norm = nn.LayerNorm(shape.width)
        if crossed:
            self.encoder_attn = Attention(shape.width, shape.heads)
            self.encoder_attn_layer_norm = nn.LayerNorm(shape.width)
        self.fc1 = nn.Linear(shape.width, shape.ffn)
        self.fc2 = nn.Linear(shape.ffn, shape.width)
        self.final_layer_norm = nn.LayerNorm(shape.width)
        self.activate = F.silu if shape.activation == "swish" else F.relu

    def feed(self, x: Tensor, dropout: float) -> Tensor:
        """Apply the feed-forward block with its residual and norm."""
        y = self.fc2(self.activate(self.fc1(x)))
        return self.final_layer_norm(x + F.dropout(y, dropout, dropout > 0))


class Stack(nn.Module):
    """The layers of one side."""

    def __init__(self, shape: Shape, depth: int, crossed: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(shape, crossed) for _ in range(depth))

    def each(self) -> list[Layer]:
        """Return the layers, first one first."""
        return cast(list[Layer], list(self.layers))


class Marian(nn.Module):
    """The whole network.

    ``forward`` gives the decoder's last hidden states; ``logits`` turns them into scores over all
    pieces or over some of them.
    """

    positions: Tensor

    def __init__(self, shape: Shape, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        self.dropout = dropout
        self.shared = nn.Embedding(shape.vocabulary, shape.width, padding_idx=shape.pad)
        self.encoder = Stack(shape, shape.encoder_layers, crossed=False)
        self.decoder = Stack(shape, shape.decoder_layers, crossed=True)
        self.final_logits_bias = nn.Parameter(torch.zeros(shape.vocabulary))
        self.register_buffer("positions", sinusoids(shape.positions, shape.width), persistent=False)
        self.reset()

    @torch.no_grad()
    def reset(self) -> None:
        """Draw fresh parameters."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.shared.weight, std=self.shape.width**-0.5)
        self.shared.weight[self.shape.pad].zero_()

    @torch.no_grad()
    def begin_near_identity(self) -> None:
        """Start as a word-by-word translator, given embeddings that hold a rough lexicon.

        The cross-attention compares and passes embeddings as they are; the other blocks start
        small, so that what the decoder passes on is the embedding of the source piece it looks at.
        """
        eye = torch.eye(self.shape.width)
        for side in (self.encoder, self.decoder):
            for layer in side.each():
                layer.self_attn.out_proj.weight.mul_(0.5)
                layer.fc2.weight.mul_(0.5)
        for layer in self.decoder.each():
            for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
                weight = getattr(layer.encoder_attn, name).weight
                weight.mul_(0.2).add_(eye)
        self.decoder.each()[-1].self_attn_layer_norm.weight.fill_(0.5)

    def embed(self, ids: Tensor) -> Tensor:
        """Return scaled embeddings plus positions of ``ids`` (batch, length)."""
        x = self.shared(ids) * math.sqrt(self.shape.width)
        x = x + self.positions[: ids.shape[1]]
        return F.dropout(x, self.dropout, self.training)

    def forward(
        self, source: Tensor, target: Tensor, shown: bool = False
    ) -> tuple[Tensor, list[Tensor]]:
        """Return hidden states (batch, target length, width) and shown attention scores.

        Args:
            source: ids with tag and end of sentence, padded (batch, source length).
            target: decoder input, the padding id first, padded (batch, target length).
            shown: whether to return the scores of each decoder layer's cross-attention, of shape
                (batch, heads, target length, source length), before the softmax.
        """
        drop = self.dropout if self.training else 0.0
        mask = (source != self.shape.pad)[:, None, None, :]
        x = self.embed(source)
        for layer in self.encoder.each():
            y = layer.self_attn.within(x, mask, False, 0.0)
            x = layer.self_attn_layer_norm(x + F.dropout(y, drop, drop > 0))
            x = layer.feed(x, drop)
        memory, x = x, self.embed(target)
        looked = []
        for layer in self.decoder.each():
            y = layer.self_attn.within(x, None, True, 0.0)
            x = layer.self_attn_layer_norm(x + F.dropout(y, drop, drop > 0))
            y, scores = layer.encoder_attn.across(x, memory, mask, shown)
            if scores is not None:
                looked.append(scores)
            x = layer.encoder_attn_layer_norm(x + F.dropout(y, drop, drop > 0))
            x = layer.feed(x, drop)
        return x, looked

    def logits(self, hidden: Tensor, pieces: Tensor | None = None) -> Tensor:
        """Return scores of ``hidden`` (..., width) over ``pieces`` (ids), or over all."""
        if pieces is None:
            return F.linear(hidden, self.shared.weight, self.final_logits_bias)
        return F.linear(hidden, self.shared.weight[pieces], self.final_logits_bias[pieces])

    def state_for_transformers(self) -> dict[str, Tensor]:
        """Return the weights under the names that ``MarianMTModel`` uses, in float32."""
        state = {}
        for name, value in self.state_dict().items():
            value = value.detach().float().cpu()
            if name == "final_logits_bias":
                value = value.clone()
                value[self.shape.pad] = 0.0
                state[name] = value[None, :]
            else:
                state[f"model.{name}"] = value
        return state
