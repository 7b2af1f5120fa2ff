"""Opening engines by name, each once per process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from vietwire.engines.base import Engine, UnknownEngine
from vietwire.settings import Settings

_engines: dict[tuple[object, ...], Engine] = {}
_lock = threading.RLock()


def open_engine(name: str, *, models: Path, settings: Settings) -> Engine:
    """Return the engine ``name``, opened once per process and shared between threads.

    :param name: ``embedded``, ``dummy``, or a registry entry (see ``models/registry.toml``).
    :param models: the project's ``models`` folder.
    :raises UnknownEngine: there is no such engine.
    :raises ModelMissing: its files are not on this machine.
    :raises ModelCorrupt: its files are not the published ones.
    :raises LicenceNotAccepted: its licence has to be acknowledged first.
    """
    key = (
        name,
        models.resolve(),
        settings.beam_size,
        settings.threads,
        settings.accept_licences,
    )
    with _lock:
        engine = _engines.get(key)
        if engine is None or getattr(engine, "_closed", False):
            engine = _opener(name)(models, settings)
            _engines[key] = engine
        return engine


def close_engines() -> None:
    """Close every engine this process has opened."""
    with _lock:
        while _engines:
            _, engine = _engines.popitem()
            engine.close()


def engine_names() -> tuple[str, ...]:
    """Return the names of the engines that need no registry entry."""
    return ("embedded", "dummy")


def _opener(name: str) -> Callable[[Path, Settings], Engine]:
    if name == "dummy":
        return _dummy
    if name == "embedded":
        return _embedded
    raise UnknownEngine(f"no engine {name!r}; choose one of: {', '.join(engine_names())}")


def _dummy(models: Path, settings: Settings) -> Engine:
    from vietwire.engines.dummy import DummyEngine

    return DummyEngine()


def _embedded(models: Path, settings: Settings) -> Engine:
    from vietwire.engines.embedded import open_embedded

    return open_embedded(models / "embedded", beam=settings.beam_size, threads=settings.threads)
