"""Opening engines by name, each once per process.

A name is ``embedded``, ``dummy``, or a registry entry; ``ctranslate2:NAME`` and
``transformers:NAME`` run an entry (or the embedded network) under that runtime instead of the one
the registry gives it.
"""

from __future__ import annotations

import threading
from pathlib import Path

from vietwire.engines.base import Engine, UnknownEngine
from vietwire.engines.registry import FILE, ModelEntry, Registry
from vietwire.settings import Settings
from vietwire.story import Signature

_engines: dict[tuple[object, ...], Engine] = {}
_lock = threading.RLock()
BUILT_IN = ("embedded", "dummy")
RUNTIMES = ("ctranslate2", "transformers")


def open_engine(name: str, *, models: Path, settings: Settings) -> Engine:
    """Return the engine ``name``, opened once per process and shared between threads.

    :param models: the project's ``models`` folder.
    :raises UnknownEngine: there is no such engine.
    :raises ModelMissing: its files are not on this machine.
    :raises ModelCorrupt: its files are not the published ones.
    :raises LicenceNotAccepted: its licence has to be acknowledged first.
    """
    key = (name, models.resolve(), settings.beam_size, settings.threads, settings.accept_licences)
    with _lock:
        engine = _engines.get(key)
        if engine is None or getattr(engine, "_closed", False):
            engine = _open(name, models, settings)
            _engines[key] = engine
        return engine


def close_engines() -> None:
    """Close every engine this process has opened."""
    with _lock:
        while _engines:
            _, engine = _engines.popitem()
            engine.close()


def engine_names(models: Path | None = None) -> tuple[str, ...]:
    """Return the names of the engines; with the ``models`` folder also those of the registry."""
    if models is None or not (models / FILE).is_file():
        return BUILT_IN
    return tuple(dict.fromkeys([*BUILT_IN, *Registry.load(models / FILE)]))


def _open(name: str, models: Path, settings: Settings) -> Engine:
    runtime, _, rest = name.rpartition(":")
    if runtime and runtime not in RUNTIMES:
        raise UnknownEngine(f"no runtime {runtime!r}; choose one of: {', '.join(RUNTIMES)}")
    if rest == "dummy" and not runtime:
        from vietwire.engines.dummy import DummyEngine

        return DummyEngine()
    if rest == "embedded":
        from vietwire.engines.embedded import open_embedded

        return open_embedded(
            models / "embedded",
            beam=settings.beam_size,
            threads=settings.threads,
            runtime=runtime or "ctranslate2",
        )
    if not (models / FILE).is_file():
        raise UnknownEngine(f"no engine {rest!r}; choose one of: {', '.join(engine_names())}")
    entry = Registry.load(models / FILE)[rest]
    if entry.kind == "pivot":
        return _pivot(entry, models, settings)
    entry.check_licence(settings.accept_licences)
    if entry.kind == "causal":
        return _causal(entry, models, settings)
    return _seq2seq(entry, runtime or entry.runtime, models, settings)


def _identity(entry: ModelEntry, runtime: str, models: Path) -> Signature:
    from vietwire.engines.hub import revision_of

    quantisation = "int8" if runtime == "ctranslate2" else "float32"
    return Signature(runtime, entry.id, revision_of(models, entry), quantisation, "", "", "")


def _seq2seq(entry: ModelEntry, runtime: str, models: Path, settings: Settings) -> Engine:
    from vietwire.engines.decoding import USUAL_BEAM, Decoding, Network
    from vietwire.engines.hub import check_installed
    from vietwire.engines.steered import SteeredEngine
    from vietwire.engines.tokens import HubTokens

    folder = check_installed(models, entry)
    tokens = HubTokens(folder, entry.family, entry.tags)
    network: Network
    if runtime == "ctranslate2":
        from vietwire.engines.ct2 import Ct2Network, convert

        # A folder per revision: a new pin never meets an old conversion.
        converted = (
            models / entry.id / f"ct2-int8-{_identity(entry, runtime, models).revision[:12]}"
        )
        network = Ct2Network(
            convert(folder, converted), tokens, threads=settings.threads, positions=0
        )
    else:
        from vietwire.engines.torch_network import TorchNetwork

        network = TorchNetwork(folder, tokens, threads=settings.threads)
    return SteeredEngine(
        entry.id,
        network,
        languages=entry.languages,
        max_source_tokens=entry.max_source_tokens,
        decoding=Decoding(beam=settings.beam_size or USUAL_BEAM),
        identity=_identity(entry, runtime, models),
    )


def _causal(entry: ModelEntry, models: Path, settings: Settings) -> Engine:
    from vietwire.engines.causal import CausalEngine, Prompt
    from vietwire.engines.hub import check_installed

    folder = check_installed(models, entry)
    return CausalEngine(
        entry.id,
        folder,
        prompt=Prompt(
            str(entry.prompt["text"]),
            str(entry.prompt["terms"]),
            str(entry.prompt["term"]),
            dict(entry.prompt["languages"]),
        ),
        languages=entry.languages,
        max_source_tokens=entry.max_source_tokens,
        identity=_identity(entry, "transformers", models),
        threads=settings.threads,
    )


def _pivot(entry: ModelEntry, models: Path, settings: Settings) -> Engine:
    from vietwire.engines.pivot import PivotEngine

    def leg(name: str) -> Engine:
        return open_engine(name, models=models, settings=settings)

    # Missing second legs show before a story is half translated, not after.
    for name in entry.second.values():
        from vietwire.engines.hub import check_installed

        other = Registry.load(models / FILE)[name]
        if other.on_hub:
            check_installed(models, other)
    return PivotEngine(
        entry.id,
        leg(entry.first),
        {language: lambda name=name: leg(name) for language, name in entry.second.items()},  # type: ignore[misc]
    )
