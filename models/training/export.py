"""Write the trained network in the forms that others load.

    python export.py --checkpoint FOLDER/annealed.pt --work WORK --out OUT --name vietwire-mt

OUT then holds the transformers form (loadable by ``MarianMTModel`` and ``MarianTokenizer``), the
int8 CTranslate2 form in ``ct2-int8/``, the SentencePiece model as ``spm.model``, ``signature.json``
and ``SHA256SUMS``. It is written beside OUT first and then put in its place.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import shutil
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from recipe import checkpoints, subwords
from recipe.network import Shape

# On the development set nothing served better. Penalties on repetition did, by a little, in Russian
# only, and they keep a long name from standing twice in a sentence; the engine watches for loops.
DECODING = {
    "beam": 8,
    "length_penalty": 1.4,
    "repetition_penalty": 1.0,
    "no_repeat_ngram_size": 0,
}


def marian_config(shape: Shape) -> dict[str, Any]:
    """Return the ``config.json`` of ``MarianMTModel`` for ``shape``."""
    return {
        "architectures": ["MarianMTModel"],
        "model_type": "marian",
        "vocab_size": shape.vocabulary,
        "decoder_vocab_size": shape.vocabulary,
        "d_model": shape.width,
        "encoder_layers": shape.encoder_layers,
        "decoder_layers": shape.decoder_layers,
        "encoder_attention_heads": shape.heads,
        "decoder_attention_heads": shape.heads,
        "encoder_ffn_dim": shape.ffn,
        "decoder_ffn_dim": shape.ffn,
        "max_position_embeddings": shape.positions,
        "activation_function": shape.activation,
        "scale_embedding": True,
        "static_position_embeddings": True,
        "normalize_before": False,
        "normalize_embedding": False,
        "add_final_layer_norm": False,
        "add_bias_logits": False,
        "share_encoder_decoder_embeddings": True,
        "tie_word_embeddings": True,
        "dropout": 0.0,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
        "is_encoder_decoder": True,
        "eos_token_id": subwords.EOS,
        "pad_token_id": shape.pad,
        "decoder_start_token_id": shape.pad,
        "forced_eos_token_id": subwords.EOS,
        "bad_words_ids": [[shape.pad]],
        "num_beams": 2,
        "max_length": 256,
        "use_cache": True,
        "dtype": "float16",
    }


def write_transformers(state: dict[str, Any], model: Path, out: Path) -> Shape:
    """Write the transformers form of a checkpoint's weights to ``out``; return the sizes."""
    from safetensors.torch import save_file

    from recipe.network import Marian

    shape = Shape(**state["shape"])
    network = Marian(shape)
    network.load_state_dict(state["network"])
    weights = network.state_for_transformers()
    weights = {name: value.half().contiguous() for name, value in weights.items()}
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    config = marian_config(shape)
    _write_json(out / "config.json", config)
    generation = {
        key: config[key]
        for key in (
            "eos_token_id",
            "pad_token_id",
            "decoder_start_token_id",
            "forced_eos_token_id",
            "bad_words_ids",
            "num_beams",
            "max_length",
        )
    }
    _write_json(out / "generation_config.json", generation)
    processor = subwords.load(model)
    pieces = [processor.id_to_piece(number) for number in range(processor.get_piece_size())]
    if len(pieces) != shape.pad:
        raise checkpoints.CheckpointError(
            f"{len(pieces)} pieces in {model.name}, the network knows {shape.pad}"
        )
    _write_json(out / "vocab.json", {piece: n for n, piece in enumerate([*pieces, "<pad>"])})
    for name in ("source.spm", "target.spm", "spm.model"):
        shutil.copyfile(model, out / name)
    _write_json(
        out / "tokenizer_config.json",
        {
            "tokenizer_class": "MarianTokenizer",
            "source_lang": "vi",
            "target_lang": "en fr es zh ru",
            "unk_token": "<unk>",
            "eos_token": "</s>",
            "pad_token": "<pad>",
            "model_max_length": 512,
            "separate_vocabs": False,
        },
    )
    return shape


def write_ctranslate2(form: Path, out: Path, quantisation: str) -> None:
    """Convert the transformers form in ``form`` to CTranslate2 in ``out``."""
    from ctranslate2.converters import TransformersConverter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tokenizer wants a package that it does not need
        TransformersConverter(str(form), load_as_float16=False).convert(
            str(out), quantization=quantisation, force=True
        )


def sums(folder: Path) -> str:
    """Return ``sha256sum`` lines of all files below ``folder``, sorted by name."""
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "SHA256SUMS":
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{digest}  {path.relative_to(folder).as_posix()}")
    return "\n".join(lines) + "\n"


def rows_of(counts: Sequence[Path]) -> dict[str, Any]:
    """Return what the ``counts.json`` files of several steps say together, by direction."""
    answer: dict[str, Any] = {}
    for path in counts:
        for direction, more in json.loads(path.read_text(encoding="utf-8")).items():
            held = answer.setdefault(direction, {"rows": 0, "corpora": {}})
            corpora = Counter(held["corpora"]) + Counter(more["corpora"])
            held["corpora"] = dict(corpora.most_common())
            held["rows"] = corpora.total()
            for key in ("source_tokens", "target_tokens"):
                held[key] = held.get(key, 0) + more.get(key, 0)
    return answer


def export(
    checkpoint: Path, work: Path, out: Path, name: str, counts: Sequence[Path] = ()
) -> dict[str, Any]:
    """Write all forms to ``out`` and return the signature.

    ``counts`` are the ``counts.json`` of other folders whose rows were trained on, too.
    """
    torch.set_num_threads(1)
    state = checkpoints.read(checkpoint)
    fresh = out.with_name(out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    write_transformers(state, work / "spm.model", fresh)
    write_ctranslate2(fresh, fresh / "ct2-int8", "int8")
    own = work / "counts.json"
    rows = rows_of([*([own] if own.is_file() else []), *counts])
    weights = (fresh / "model.safetensors").read_bytes()
    signature = {
        "name": name,
        "model": name,
        "revision": hashlib.sha256(weights).hexdigest()[:12],
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "network": state["shape"],
        "steps": state["step"],
        "target_tokens_seen": state["tokens"],
        "training_seconds": round(state["seconds"]),
        "averaged_steps": state.get("averaged", [state["step"]]),
        "source_language": "vi",
        "target_languages": ["en", "fr", "es", "zh", "ru"],
        "inline_terms": "<t> source phrase <to> rendering </t>; Chinese: <to>rendering </t>",
        "inline_placeables": any("figures" in held["corpora"] for held in rows.values()),
        "max_source_tokens": 120,
        "decoding": DECODING,
        "training_rows": rows,
    }
    _write_json(fresh / "signature.json", signature)
    (fresh / "SHA256SUMS").write_text(sums(fresh), encoding="utf-8")
    old = out.with_name(out.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)
    return signature


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder that prepare wrote")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", default="vietwire-mt")
    parser.add_argument("--counts", type=Path, nargs="*", default=[], help="of further rows")
    options = parser.parse_args(arguments)
    try:
        signature = export(
            options.checkpoint, options.work, options.out, options.name, options.counts
        )
    except (checkpoints.CheckpointError, OSError) as error:
        print(f"export: {error}", file=sys.stderr)
        return 2
    print(f"{options.out}: revision {signature['revision']}, step {signature['steps']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
