"""Translation engines: one protocol, several networks behind it.

Importing this package loads no network library: torch, transformers and ctranslate2 are imported
when an engine that needs them is opened.
"""

from vietwire.engines.base import (
    Candidate,
    Engine,
    EngineError,
    LicenceNotAccepted,
    ModelCorrupt,
    ModelMissing,
    Request,
    TermHint,
    UnknownEngine,
)
from vietwire.engines.cache import close_engines, engine_names, open_engine

__all__ = [
    "Candidate",
    "Engine",
    "EngineError",
    "LicenceNotAccepted",
    "ModelCorrupt",
    "ModelMissing",
    "Request",
    "TermHint",
    "UnknownEngine",
    "close_engines",
    "engine_names",
    "open_engine",
]
