"""The figures in the documents are those that were measured on the network that ships."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from vietwire.engines.registry import Registry

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "fr", "es", "zh", "ru")
MEASURED = Registry.load(ROOT / "models" / "registry.toml")["embedded"].measured
REVISION = json.loads((ROOT / "models" / "embedded" / "signature.json").read_text())["revision"]


def test_the_registry_was_measured_on_the_network_that_ships() -> None:
    assert f"revision:{REVISION}-" in MEASURED["signature"]
    assert "997 lines" in MEASURED["data"]


@pytest.mark.parametrize("page", ["models/cards/embedded.md", "docs/quality.md"])
def test_a_page_names_the_network_and_gives_its_figures(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert f"`{REVISION}`" in text
    for label, measure in (("chrF", "chrf"), ("BLEU", "bleu"), ("TER", "ter")):
        row = re.search(rf"^\| {label} \|(.*)\|$", text, re.MULTILINE)
        assert row, f"{page} has no row {label}"
        shown = [float(cell) for cell in row[1].split("|")]
        assert shown == [round(MEASURED[measure][code], 1) for code in LANGUAGES]
