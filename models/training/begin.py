"""Make the checkpoint that a training begins from out of an exported network, deeper or wider.

    python begin.py --model ../embedded --encoder-layers 6 --work WORK --out CKPT/begin.pt
    python begin.py --model ../embedded --width 384 --out CKPT/begin.pt

For ``begin_from`` under ``[train]``. New encoder layers are put after the last one and start as
nearly the identity: their blocks start small, and their norms give back the mean and the spread
that the last layer's output has. A wider network computes nearly what the old one did: what is new
in it starts at random, and the weights by which the old parts would read it start at zero (growth
that keeps the function, as in Net2Net, Chen et al. 2016, and Yao et al. 2023, "Masked structural
growth", but without copies of old units).
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from recipe import checkpoints, corpus
from recipe.network import Marian, Shape

SMALL = 0.05


def from_export(folder: Path) -> dict[str, Any]:
    """Return the weights of an exported network as a weight-only checkpoint.

    Raises:
        CheckpointError: there is no such network.
    """
    from safetensors.torch import load_file

    try:
        signature = json.loads((folder / "signature.json").read_text(encoding="utf-8"))
        held = load_file(folder / "model.safetensors")
    except OSError as error:
        raise checkpoints.CheckpointError(f"no exported network in {folder}: {error}") from None
    shape = Shape(**signature["network"])
    network = Marian(shape)
    weights = {name.removeprefix("model."): value.float() for name, value in held.items()}
    weights["final_logits_bias"] = weights["final_logits_bias"][0]
    network.load_state_dict(weights)
    return {
        "network": network.state_dict(),
        "step": signature["steps"],
        "tokens": signature["target_tokens_seen"],
        "seconds": float(signature["training_seconds"]),
        "shape": shape.as_dict(),
    }


@torch.no_grad()
def deepen(state: dict[str, Any], layers: int, sources: list[torch.Tensor]) -> dict[str, Any]:
    """Return the checkpoint with ``layers`` encoder layers; ``sources`` are padded batches of ids.

    Raises:
        CheckpointError: the network has more layers than that already.
    """
    old = Marian(Shape(**state["shape"])).eval()
    old.load_state_dict(state["network"])
    before = old.shape.encoder_layers
    if layers < before:
        raise checkpoints.CheckpointError(f"the network has {before} encoder layers, not {layers}")
    new = Marian(replace(old.shape, encoder_layers=layers))
    new.load_state_dict(state["network"], strict=False)
    out = torch.cat([old.encode(ids)[ids != old.shape.pad] for ids in sources])
    mean, spread = float(out.mean()), float(out.std(dim=1, correction=0).mean())
    for layer in new.encoder.each()[before:]:
        for norm in (layer.self_attn_layer_norm, layer.final_layer_norm):
            norm.weight.fill_(spread)
            norm.bias.fill_(mean)
        layer.self_attn.out_proj.weight.mul_(SMALL)
        layer.fc2.weight.mul_(SMALL)
    return {**state, "network": new.state_dict(), "shape": new.shape.as_dict()}


@torch.no_grad()
def widen(state: dict[str, Any], width: int, seed: int = 1) -> dict[str, Any]:
    """Return the checkpoint with ``width``, and heads and feed-forward blocks in proportion.

    Not exactly the same function: the norms now take mean and spread over more numbers, and where
    the width does not double, position encodings of every other frequency come to stand beside
    one that differs a little.

    Raises:
        CheckpointError: the width is not more than before or not a multiple of the size of a head.
    """
    shape = Shape(**state["shape"])
    before, head = shape.width, shape.width // shape.heads
    if width <= before or width % head or shape.ffn * width % before:
        raise checkpoints.CheckpointError(
            f"cannot make width {before} into {width}: it takes more, in steps of {head}"
        )
    shape = replace(shape, width=width, heads=width // head, ffn=shape.ffn * width // before)
    torch.manual_seed(seed)
    new = Marian(shape)
    # Sines fill the first half of the width, cosines the second: a number stays by its frequency.
    sines = torch.arange(before // 2) * width // before
    places = torch.cat([sines, width // 2 + sines])
    less = (before / width) ** 0.5
    weights = new.state_dict()
    for name, held in weights.items():
        old = state["network"][name]
        part = name.rpartition(".")[0].rpartition(".")[2]  # "fc1" of "….fc1.weight"
        if name == "final_logits_bias":
            held.copy_(old)
        elif part == "shared":
            held.zero_()
            held[:, places] = old * less  # embeddings are multiplied by sqrt(width)
        elif part.endswith("layer_norm"):
            gain = name.endswith("weight")
            held.fill_(float(old.mean()) * less if gain else 0.0)
            held[places] = old * less if gain else old  # over more numbers the spread is less
        elif part in ("out_proj", "fc2"):  # writes into the width
            held.zero_()
            if name.endswith("weight"):
                held[places, : old.shape[1]] = old
            else:
                held[places] = old
        elif name.endswith("weight"):  # reads the width
            held.normal_(std=float(old.std()))
            held[: len(old), places] = old
        else:
            held[: len(old)] = old
    # The numbers that are new are zero all through it, but for the positions: keep those out.
    new_places = torch.ones(width, dtype=torch.bool)
    new_places[places] = False
    for side in (new.encoder, new.decoder):
        first = side.each()[0]
        for reader in (first.self_attn.q_proj, first.self_attn.k_proj, first.self_attn.v_proj):
            reader.weight[:, new_places] = 0.0
        first.self_attn_layer_norm.weight[new_places] = 0.0
    # The last norm feeds the scores, whose table has become smaller by as much.
    new.decoder.each()[-1].final_layer_norm.weight.div_(less)
    return {**state, "network": weights, "shape": shape.as_dict()}


def some_sources(store: corpus.TokenStore, pad: int, rows: int = 256) -> list[torch.Tensor]:
    """Return the first ``rows`` sources of a store, padded."""
    sides = [
        torch.from_numpy(store.source[store.source_at[row] : store.source_at[row + 1]]).long()
        for row in range(min(rows, len(store)))
    ]
    return [torch.nn.utils.rnn.pad_sequence(sides, batch_first=True, padding_value=pad)]


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", type=Path, required=True, help="exported network, or a .pt file")
    parser.add_argument("--encoder-layers", type=int, default=0, help="0: as many as it has")
    parser.add_argument("--width", type=int, default=0, help="0: as wide as it is")
    parser.add_argument("--work", type=Path, help="folder that prepare wrote, for more layers")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        whole = options.model.is_file()
        state = checkpoints.read(options.model) if whole else from_export(options.model)
        layers = options.encoder_layers
        if layers and layers != Shape(**state["shape"]).encoder_layers:
            if options.work is None:
                parser.error("more layers need --work")
            stores = sorted(options.work.glob("??-??.npz"))
            if not stores:
                raise corpus.CorpusError(f"{options.work} holds no token stores; run prepare.py")
            store = corpus.TokenStore.load(stores[0])
            pad = Shape(**state["shape"]).pad
            state = deepen(state, layers, some_sources(store, pad))
        if options.width and options.width != Shape(**state["shape"]).width:
            state = widen(state, options.width)
        checkpoints.write(state, options.out)
    except (checkpoints.CheckpointError, corpus.CorpusError) as error:
        print(f"begin: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
