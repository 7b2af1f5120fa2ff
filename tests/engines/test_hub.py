from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from vietwire_tests_contract import requests
from vietwire_tests_hub_imitation import REVISION, Hub

from vietwire.engines import (
    EngineError,
    LicenceNotAccepted,
    ModelCorrupt,
    ModelMissing,
    UnknownEngine,
    close_engines,
    open_engine,
)
from vietwire.engines.hub import PullFailed, pull
from vietwire.settings import Settings

ENTRY = f"""
[[model]]
id = "tiny"
kind = "seq2seq"
hub = "owner/tiny"
revision = "{REVISION}"
licence = "CC-BY-NC-4.0"
commercial = false
family = "marian"
runtime = "ctranslate2"
languages = ["en", "fr"]
tags = {{ en = ">>en<<", fr = ">>fr<<" }}
max_source_tokens = 64
files = ["*.json", "*.spm", "model.safetensors"]

[[model]]
id = "unpinned"
kind = "seq2seq"
hub = "owner/tiny"
revision = ""
licence = "Apache-2.0"
family = "marian"
runtime = "ctranslate2"
languages = ["en"]
files = ["config.json"]
"""
ACCEPTED = ("CC-BY-NC-4.0",)


@pytest.fixture()
def models(tmp_path: Path, no_hub: None) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "registry.toml").write_text(ENTRY)
    return folder


@pytest.fixture()
def hub(tiny_marian: Path, monkeypatch: pytest.MonkeyPatch, models: Path) -> Iterator[Hub]:
    with Hub(tiny_marian) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        yield served


def test_pulls_verifies_and_translates_without_the_hub_afterwards(
    hub: Hub, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int, int]] = []
    folder = pull(models, "tiny", accepted=ACCEPTED, progress=lambda *row: seen.append(row))
    assert (folder / "model.safetensors").read_bytes() == (
        hub.folder / "model.safetensors"
    ).read_bytes()
    done = [row[1] for row in seen]
    assert done == sorted(done) and done[-1] == seen[-1][2] > 0
    manifest = json.loads((models / "tiny/manifest.json").read_text())
    assert manifest["revision"] == REVISION

    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    before = hub.requests
    assert pull(models, "tiny", accepted=ACCEPTED) == folder
    settings = Settings(home=tmp_path, accept_licences=ACCEPTED)
    engine = open_engine("tiny", models=models, settings=settings)
    found = engine.translate(requests(), "fr")
    assert all(candidates[0].text for candidates in found)
    assert engine.signature("t").revision == REVISION
    assert hub.requests == before
    close_engines()


def test_works_in_a_process_that_is_told_to_stay_offline(
    hub: Hub, models: Path, tmp_path: Path
) -> None:
    pull(models, "tiny", accepted=ACCEPTED)
    code = f"""
from pathlib import Path
from vietwire.engines import Request, close_engines, open_engine
from vietwire.engines.hub import pull
from vietwire.settings import Settings
pull(Path({str(models)!r}), "tiny", accepted={ACCEPTED!r})
settings = Settings(home=Path({str(tmp_path)!r}), accept_licences={ACCEPTED!r})
engine = open_engine("tiny", models=Path({str(models)!r}), settings=settings)
print(len(engine.translate([Request("Hà Nội")], "en")))
close_engines()
"""
    import os

    environ = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_ENDPOINT": "http://127.0.0.1:9"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environ, check=False
    )
    assert done.stdout.strip() == "1", done.stderr


def test_a_transfer_that_breaks_off_is_taken_up_where_it_ended(hub: Hub, models: Path) -> None:
    size = (hub.folder / "model.safetensors").stat().st_size
    hub.break_after = size // 2
    with pytest.raises(PullFailed, match="pull again to go on") as caught:
        pull(models, "tiny", accepted=ACCEPTED)
    assert "\n" not in str(caught.value)
    assert not (models / "tiny/manifest.json").exists()
    (part,) = (models / "tiny/files").glob("model.safetensors.*.part")
    assert part.stat().st_size == size // 2
    with pytest.raises(ModelMissing, match="vietwire models pull tiny"):
        open_engine("tiny", models=models, settings=Settings(home=models, accept_licences=ACCEPTED))

    hub.break_after = None
    hub.ranges.clear()
    folder = pull(models, "tiny", accepted=ACCEPTED)
    assert hub.ranges == [("model.safetensors", f"bytes={size // 2}-")]
    assert (folder / "model.safetensors").stat().st_size == size
    assert not list(folder.glob("*.part"))


@pytest.mark.parametrize("name", ["model.safetensors", "vocab.json"])
def test_a_file_with_a_wrong_checksum_is_refused_and_not_kept(
    hub: Hub, models: Path, name: str
) -> None:
    hub.corrupt.add(name)
    with pytest.raises(PullFailed, match="published checksum"):
        pull(models, "tiny", accepted=ACCEPTED)
    assert not (models / "tiny/manifest.json").exists()
    assert not list((models / "tiny/files").glob(f"{name}*"))
    hub.corrupt.clear()
    pull(models, "tiny", accepted=ACCEPTED)


def test_pulling_again_mends_a_file_that_went_bad_on_disk(hub: Hub, models: Path) -> None:
    folder = pull(models, "tiny", accepted=ACCEPTED)
    weights = folder / "model.safetensors"
    good = weights.read_bytes()
    weights.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    hub.ranges.clear()
    pull(models, "tiny", accepted=ACCEPTED)
    assert weights.read_bytes() == good
    assert [name for name, _ in hub.ranges] == ["model.safetensors"]


def test_a_model_cut_short_on_disk_is_refused_when_opened(hub: Hub, models: Path) -> None:
    folder = pull(models, "tiny", accepted=ACCEPTED)
    (folder / "vocab.json").write_text("{")
    with pytest.raises(ModelCorrupt, match="vietwire models pull tiny"):
        open_engine("tiny", models=models, settings=Settings(home=models, accept_licences=ACCEPTED))


def test_a_non_commercial_licence_has_to_be_acknowledged(hub: Hub, models: Path) -> None:
    with pytest.raises(LicenceNotAccepted, match=r"VIETWIRE_ACCEPT_LICENCES=CC-BY-NC-4\.0"):
        pull(models, "tiny")
    assert hub.requests == 0
    pull(models, "tiny", accepted=ACCEPTED)
    with pytest.raises(LicenceNotAccepted):
        open_engine("tiny", models=models, settings=Settings(home=models))


def test_nothing_is_pulled_without_a_pinned_revision(hub: Hub, models: Path) -> None:
    with pytest.raises(PullFailed, match="no pinned revision"):
        pull(models, "unpinned")
    with pytest.raises(PullFailed, match="no pinned revision"):
        pull(models, "unpinned", revision="main")
    assert hub.requests == 0
    assert (pull(models, "unpinned", revision=REVISION) / "config.json").is_file()


def test_a_pin_cannot_be_overridden(models: Path) -> None:
    with pytest.raises(PullFailed, match="change the pin"):
        pull(models, "tiny", accepted=ACCEPTED, revision="f" * 40)


def test_a_changed_pin_makes_the_old_files_stale(hub: Hub, models: Path) -> None:
    pull(models, "tiny", accepted=ACCEPTED)
    registry = models / "registry.toml"
    registry.write_text(registry.read_text().replace(REVISION, "f" * 40))
    with pytest.raises(ModelMissing, match="the registry pins ffffffffffff"):
        open_engine("tiny", models=models, settings=Settings(home=models, accept_licences=ACCEPTED))


def test_an_unreachable_hub_is_one_clear_line(models: Path) -> None:
    with pytest.raises(PullFailed, match="owner/tiny cannot be looked up") as caught:
        pull(models, "tiny", accepted=ACCEPTED)
    assert "\n" not in str(caught.value)


def test_an_unknown_model_names_those_there_are(models: Path) -> None:
    with pytest.raises(UnknownEngine, match="choose one of: tiny, unpinned"):
        pull(models, "nonsense")
    with pytest.raises(EngineError, match="no runtime 'gpu'"):
        open_engine("gpu:tiny", models=models, settings=Settings(home=models))
