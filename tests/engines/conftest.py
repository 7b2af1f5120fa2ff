from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _shared(name: str) -> ModuleType:
    """Load a helper beside this file under a name that no other test folder uses."""
    spec = importlib.util.spec_from_file_location(
        f"vietwire_tests_{name}", Path(__file__).with_name(f"{name}.py")
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


tiny = _shared("tiny")
_shared("contract")
_shared("hub_imitation")


@pytest.fixture(scope="session")
def tiny_embedded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like ``models/embedded`` with a random network."""
    return tiny.embedded(tmp_path_factory.mktemp("models") / "embedded")


@pytest.fixture(scope="session")
def shipped_models() -> Path:
    """The project's ``models`` folder, where the shipped network is there."""
    models = Path(__file__).parents[2] / "models"
    if not (models / "embedded" / "SHA256SUMS").is_file():
        pytest.skip("models/embedded is not there")
    return models


@pytest.fixture(scope="session")
def tiny_marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Marian network as a hub would serve it."""
    return tiny.marian(tmp_path_factory.mktemp("hub") / "tiny", seed=11)


@pytest.fixture()
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here may reach a real hub."""
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv("HF_TOKEN", raising=False)
