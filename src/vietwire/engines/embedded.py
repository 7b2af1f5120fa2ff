"""The network that ships with vietwire: checked against its sums, then loaded."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vietwire.engines.base import ModelCorrupt, ModelMissing
from vietwire.engines.ct2 import Ct2Network, convert
from vietwire.engines.decoding import USUAL_BEAM, Decoding, Network
from vietwire.engines.steered import SteeredEngine
from vietwire.engines.tokens import OwnTokens
from vietwire.story import Signature

SUMS = "SHA256SUMS"
MEND = "mend it with: git checkout -- models/embedded"

_verified: dict[Path, tuple[str, tuple[tuple[str, int, int], ...]]] = {}
_verifying = threading.Lock()


def verify(folder: Path) -> str:
    """Check the files of ``folder`` against its ``SHA256SUMS``; once per process and state.

    :returns: the sums' own SHA-256 (hex), which identifies the weights.
    :raises ModelMissing: there is no such folder or it has no sums.
    :raises ModelCorrupt: a file is missing or has another content; the message names it.
    """
    sums = folder / SUMS
    if not sums.is_file():
        raise ModelMissing(f"{folder} has no {SUMS}, so no network that can be trusted; {MEND}")
    content = sums.read_bytes()
    entries = []
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        digest, _, name = line.strip().partition(" ")
        name = name.strip().lstrip("*")
        if not line.strip():
            continue
        path = folder / name
        if len(digest) != 64 or not name or not path.resolve().is_relative_to(folder.resolve()):
            raise ModelCorrupt(f"{sums}:{number}: not a checksum line; {MEND}")
        if not path.is_file():
            raise ModelCorrupt(f"{path} is missing; {MEND}")
        entries.append((path, digest.lower()))
    state = tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path, _ in entries)
    identity = hashlib.sha256(content).hexdigest()
    with _verifying:
        if _verified.get(folder) == (identity, state):
            return identity
        for path, digest in entries:
            with path.open("rb") as handle:
                if hashlib.file_digest(handle, "sha256").hexdigest() != digest:
                    raise ModelCorrupt(f"{path} does not have its published checksum; {MEND}")
        _verified[folder] = (identity, state)
    return identity


def read_signature(folder: Path) -> dict[str, Any]:
    """Return the content of ``signature.json`` ({} where there is none).

    :raises ModelCorrupt: it is not a JSON object.
    """
    file = folder / "signature.json"
    if not file.is_file():
        return {}
    try:
        content = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise ModelCorrupt(f"{file} is not valid JSON: {error}; {MEND}") from error
    if not isinstance(content, dict):
        raise ModelCorrupt(f"{file} is not a JSON object; {MEND}")
    return content


def decoding_of(content: Mapping[str, Any], beam: int) -> Decoding:
    """Return the decoding a network asks for, with the operator's beam unless that is 0."""
    wanted = content.get("decoding")
    wanted = wanted if isinstance(wanted, dict) else {}
    plain = Decoding()
    return Decoding(
        beam=beam or int(wanted.get("beam", USUAL_BEAM)),
        length_penalty=float(wanted.get("length_penalty", plain.length_penalty)),
        repetition_penalty=float(wanted.get("repetition_penalty", plain.repetition_penalty)),
        no_repeat_ngram=int(wanted.get("no_repeat_ngram_size", plain.no_repeat_ngram)),
    )


def open_embedded(
    folder: Path, *, beam: int = 0, threads: int = 0, runtime: str = "ctranslate2"
) -> SteeredEngine:
    """Open the network in ``folder`` (``models/embedded``).

    :param beam: the beam width; 0 for the one the network asks for.
    :param runtime: ``ctranslate2`` (int8) or ``transformers`` (the same weights in 32 bits, for
        comparison).
    :raises ModelMissing: it is not there.
    :raises ModelCorrupt: its files are not the published ones.
    """
    identity = verify(folder)
    content = read_signature(folder)
    spm = folder / "spm.model"
    tokens = OwnTokens(spm if spm.is_file() else folder / "source.spm")
    network: Network
    if runtime == "transformers":
        from vietwire.engines.torch_network import TorchNetwork

        network = TorchNetwork(folder, tokens, threads=threads)
        quantisation = "float32"
    else:
        converted = folder / "ct2-int8"
        if not (converted / "model.bin").is_file():
            convert(folder, converted)
        network = Ct2Network(converted, tokens, threads=threads)
        quantisation = "int8"
    revision = "-".join(str(part) for part in (content.get("revision"), identity[:12]) if part)
    return SteeredEngine(
        "embedded",
        network,
        languages=tokens.languages,
        max_source_tokens=min(500, int(content.get("max_source_tokens", 120))),
        decoding=decoding_of(content, beam),
        identity=Signature(
            "embedded", str(content.get("name", "embedded")), revision, quantisation, "", "", ""
        ),
        understands_inline=tokens.inline,
        takes_placeables=content.get("inline_placeables") is True,
    )
