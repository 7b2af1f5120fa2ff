from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from vietwire_tests_contract import SEGMENTS, EngineContract, hinted, requests

from vietwire.engines import Engine, EngineError, ModelCorrupt, ModelMissing, Request
from vietwire.engines.embedded import open_embedded, verify
from vietwire.story import UnknownLanguage


class TestEmbeddedContract(EngineContract):
    @pytest.fixture(scope="class")
    def engine(self, tiny_embedded: Path):
        engine = open_embedded(tiny_embedded)
        yield engine
        engine.close()


class TestShippedContract(EngineContract):
    targets = ("en", "fr", "es", "zh", "ru")

    @pytest.fixture(scope="class")
    def engine(self, shipped_models: Path):
        engine = open_embedded(shipped_models / "embedded")
        yield engine
        engine.close()
