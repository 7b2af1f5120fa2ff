from __future__ import annotations

from pathlib import Path

import pytest

from vietwire.engines import EngineError, LicenceNotAccepted, UnknownEngine, open_engine
from vietwire.engines.registry import (
    Registry,
    RegistryInvalid,
    card,
    list_models,
    record_scores,
)
from vietwire.settings import Settings

MODELS = Path(__file__).parents[2] / "models"
GOOD = """
# a comment that stays
[[model]]
id = "one"
kind = "seq2seq"
hub = "owner/one"
revision = "0123456789abcdef0123456789abcdef01234567"
licence = "MIT"
family = "nllb"
runtime = "ctranslate2"
languages = ["en", "fr"]
files = ["*.json"]
tags = { vi = "vie_Latn", en = "eng_Latn", fr = "fra_Latn" }

[[model]]
id = "two"
kind = "dummy"
licence = "MIT"
languages = ["en"]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "registry.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_registry_is_sound_and_every_model_has_a_card() -> None:
    entries = list_models(MODELS)
    assert entries[0].id == "embedded"
    for entry in entries:
        if entry.id not in ("embedded", "dummy"):
            text = card(MODELS, entry.id)
            assert entry.licence in text and (entry.hub or entry.first) in text
            assert not entry.revision or entry.revision in text


def test_shipped_models_that_forbid_commercial_use_say_so() -> None:
    for entry in list_models(MODELS):
        assert entry.commercial == ("NC" not in entry.licence)
    with pytest.raises(LicenceNotAccepted):
        open_engine("nllb-200-600m", models=MODELS, settings=Settings(home=MODELS.parent))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('licence = "MIT"\nfamily', "family", "model 'one': 'licence' is missing"),
        ('family = "nllb"', 'family = "gpt"', "model 'one': 'family' 'gpt' is not one of"),
        ('languages = ["en", "fr"]', 'languages = ["en", "de"]', "unknown language 'de'"),
        ('fr = "fra_Latn" }', "}", "not valid TOML"),
        (', fr = "fra_Latn"', "", "'tags' lacks fr"),
        ('01234567"', '0123"', "is not a commit of 40 hex digits"),
        ('hub = "owner/one"', 'hub = "one"', "'hub' 'one' is not of the form owner/name"),
        ('id = "two"', 'id = "one"', "model 'one': the id occurs twice"),
        ('id = "two"', 'id = "../two"', "'id' may hold small letters"),
        ('kind = "dummy"', 'kind = "pivot"\nfirst = "one"', "needs 'first' and 'second'"),
        ('runtime = "ctranslate2"', "runtime = 3", "'runtime' has to be text, not 3"),
        ('runtime = "ctranslate2"', 'colour = "red"', "unknown field 'colour'"),
        ('files = ["*.json"]', 'files = ["../x"]', "may not leave the model's folder"),
    ],
)
def test_a_fault_is_named_with_file_model_and_field(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(RegistryInvalid) as caught:
        Registry.load(path)
    assert fault in str(caught.value) and str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace('licence = "MIT"', 'license = "MIT"'))
    with pytest.raises(RegistryInvalid) as caught:
        Registry.load(path)
    assert len(caught.value.faults) == 4


def test_a_pivot_needs_legs_that_fit(tmp_path: Path) -> None:
    pivot = '[[model]]\nid = "p"\nkind = "pivot"\nlicence = "MIT"\nlanguages = ["en", "fr"]\n'
    path = written(tmp_path, GOOD + pivot + 'first = "one"\nsecond = { fr = "two" }\n')
    with pytest.raises(RegistryInvalid, match="'two' does not go from en to fr"):
        Registry.load(path)
    path = written(tmp_path, GOOD + pivot + 'first = "nix"\nsecond = { fr = "one" }\n')
    with pytest.raises(RegistryInvalid, match="no model 'nix' for a leg"):
        Registry.load(path)


def test_a_missing_registry_and_an_unknown_model_are_clear(tmp_path: Path) -> None:
    with pytest.raises(RegistryInvalid, match="there is no registry"):
        list_models(tmp_path)
    written(tmp_path, GOOD)
    with pytest.raises(UnknownEngine, match="choose one of: one, two"):
        card(tmp_path, "three")
    with pytest.raises(EngineError, match="'one' has no card"):
        card(tmp_path, "one")


def test_measured_scores_replace_the_old_ones_and_leave_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    record_scores(path, "one", {"chrf": {"en": 50.0}}, data="first", signature="s1")
    scores = {"chrf": {"en": 51.23, "fr": 40.0}, "ter": {"en": 60.5}}
    record_scores(path, "one", scores, data='the "second"', signature="s2")
    record_scores(path, "two", {"chrf": {"en": 1.0}}, data="third", signature="s3")
    text = path.read_text("utf-8")
    assert "# a comment that stays" in text and "first" not in text
    registry = Registry.load(path)
    assert registry["one"].measured == {
        "data": 'the "second"',
        "signature": "s2",
        "chrf": {"en": 51.23, "fr": 40},
        "ter": {"en": 60.5},
    }
    assert registry["two"].measured["data"] == "third"
    assert list(registry) == ["one", "two"]
    with pytest.raises(UnknownEngine):
        record_scores(path, "three", {}, data="", signature="")
    assert path.read_text("utf-8") == text
