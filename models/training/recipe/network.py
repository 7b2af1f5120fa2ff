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

    def within(self, x: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
        """Attend from ``x`` (batch, length, width) to itself."""
        weight = torch.cat([self.q_proj.weight, self.k_proj.weight, self.v_proj.weight])
        bias = torch.cat([self.q_proj.bias, self.k_proj.bias, self.v_proj.bias])
        q, k, v = (self.split(part) for part in F.linear(x, weight, bias).chunk(3, dim=-1))
        if x.is_cuda:
            mixed = F.scaled_dot_product_attention(q, k, v, mask, is_causal=causal)
        else:
            if causal:
                length = x.shape[1]
                mask = torch.ones(length, length, dtype=torch.bool, device=x.device).tril()
            mixed, _ = attend(q, k, v, mask)
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
        if shown or not x.is_cuda:
            mixed, scores = attend(q, k, v, mask)
        else:
            mixed = F.scaled_dot_product_attention(q, k, v, mask)
        out = self.out_proj(mixed.transpose(1, 2).reshape(x.shape))
        return out, scores if shown else None


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
    """Return what ``q`` takes from ``v``, and its scores before the softmax.

    Written out: for sentences on a processor, several times faster in bfloat16 than the fused form,
    whose backward pass there is slow.
    """
    scores = (q @ k.transpose(2, 3)).float() / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e9)
    return scores.softmax(dim=-1).to(v.dtype) @ v, scores


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
        return self.final_layer_norm(plus(x, y, dropout))


def plus(x: Tensor, y: Tensor, dropout: float) -> Tensor:
    """Return ``x`` plus ``y``, parts of it dropped, in the type of ``x``."""
    return x + F.dropout(y, dropout, dropout > 0).to(x.dtype)  # a mixed sum is slow


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

    def encode(self, source: Tensor) -> Tensor:
        """Return the encoder's hidden states (batch, length, width) of padded ids."""
        drop = self.dropout if self.training else 0.0
        mask = (source != self.shape.pad)[:, None, None, :]
        x = self.embed(source)
        for layer in self.encoder.each():
            x = layer.self_attn_layer_norm(plus(x, layer.self_attn.within(x, mask, False), drop))
            x = layer.feed(x, drop)
        return x

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
        memory, x = self.encode(source), self.embed(target)
        looked = []
        for layer in self.decoder.each():
            y = layer.self_attn.within(x, None, True)
            x = layer.self_attn_layer_norm(plus(x, y, drop))
            y, scores = layer.encoder_attn.across(x, memory, mask, shown)
            if scores is not None:
                looked.append(scores)
            x = layer.encoder_attn_layer_norm(plus(x, y, drop))
            x = layer.feed(x, drop)
        return x, looked

    def output(self, pieces: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return the output table (pieces, width) and bias of ``pieces`` (ids), or of all."""
        if pieces is None:
            return self.shared.weight, self.final_logits_bias
        return self.shared.weight[pieces], self.final_logits_bias[pieces]

    def logits(self, hidden: Tensor) -> Tensor:
        """Return scores of ``hidden`` (..., width) over all pieces."""
        return F.linear(hidden, *self.output())

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
