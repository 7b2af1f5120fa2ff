"""What an evaluation measures, what it writes down, and how it says that data cannot be used."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from vietwire.engines.registry import Registry
from vietwire.evaluation import (
    EvaluationError,
    corpus_scores,
    evaluate_quality,
    evaluate_terms,
    quality_table,
    term_table,
)
from vietwire.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
VIETNAMESE = "Hội nghị Cấp cao ASEAN lần thứ 37 khai mạc tại Hà Nội.\nTrời hôm nay nắng đẹp.\n"
ENGLISH = "The 37th ASEAN Summit opened in Ha Noi.\nThe weather is fine today.\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    models = tmp_path / "models"
    models.mkdir()
    shutil.copy(ROOT / "models" / "registry.toml", models)
    return replace(Settings(home=ROOT), models=models, glossary=ROOT / "glossary")


@pytest.fixture
def data(tmp_path: Path) -> Callable[..., Path]:
    def write(**files: str) -> Path:
        folder = tmp_path / "data"
        folder.mkdir(exist_ok=True)
        for language, text in files.items():
            (folder / f"{language}.txt").write_text(text, encoding="utf-8")
        return folder

    return write


def test_quality_is_the_raw_engines_and_terms_are_the_drafts(
    settings: Settings, data: Callable[..., Path]
) -> None:
    folder = data(vi=VIETNAMESE, en=ENGLISH)
    (row,) = evaluate_quality(settings, "dummy", folder, ["en"])
    assert row["lines"] == 2
    assert row["terms"] == 2  # the summit, Ha Noi
    assert row["term_success"] == 100.0
    assert row["chrf_with_terms"] > row["chrf"]  # the terms are most of the first sentence
    assert row["tokens_per_second"] > 0
    assert "nc:6" in row["chrf_signature"]
    assert "engine:dummy" in row["signature"]


def test_a_text_without_terms_has_no_term_success(
    settings: Settings, data: Callable[..., Path]
) -> None:
    folder = data(vi="Trời hôm nay nắng đẹp.\n", zh="今天天气很好。\n")
    (row,) = evaluate_quality(settings, "dummy", folder, ["zh"])
    assert (row["terms"], row["term_success"]) == (0, None)
    assert row["chrf_with_terms"] == row["chrf"]
    assert "tok:zh" in row["bleu_signature"]

    console = Console(width=80, record=True, file=io.StringIO())
    console.print(quality_table([row]))
    shown = console.export_text()
    assert "Chinese" in shown and "tok/s" in shown and "…" not in shown


def test_figures_are_counted_in_drafts_by_the_sentence(
    settings: Settings, data: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    vietnamese = "Ngày 15/11, dự án được cấp 1,4 triệu USD.\nCó 37 nước dự họp.\nTrời đẹp.\n"
    folder = data(vi=vietnamese, en="a\nb\nc\n")
    (row,) = evaluate_quality(settings, "dummy", folder, ["en"])
    assert (row["figures"], row["figure_success"]) == (2, 100.0)

    spoilt = lambda text, hints, target: text.replace("37", "38")  # noqa: E731
    monkeypatch.setattr("vietwire.engines.dummy.code_switched", spoilt)
    (row,) = evaluate_quality(settings, "dummy", folder, ["en"])
    assert (row["figures"], row["figure_success"]) == (2, 0.0)


def test_what_was_measured_goes_into_the_registry(
    settings: Settings, data: Callable[..., Path]
) -> None:
    folder = data(vi=VIETNAMESE, en=ENGLISH, fr=ENGLISH)
    rows = evaluate_quality(settings, "dummy", folder, ["en", "fr"], limit=1, record=True)
    measured = Registry.load(settings.models / "registry.toml")["dummy"].measured
    assert measured["data"].startswith("data, 1 lines, ")
    assert measured["signature"] == rows[0]["signature"]
    assert measured["chrf"] == {row["language"]: row["chrf"] for row in rows}
    assert measured["term_success"] == {"en": 100, "fr": 100}
    assert set(measured) >= {"bleu", "ter", "chrf_with_terms", "tokens_per_second"}


def test_data_that_cannot_be_used_is_named(settings: Settings, data: Callable[..., Path]) -> None:
    folder = data(vi=VIETNAMESE, en="One line.\n")
    with pytest.raises(EvaluationError, match=r"en\.txt has 1 lines, vi\.txt 2"):
        evaluate_quality(settings, "dummy", folder, ["en"])
    with pytest.raises(EvaluationError, match=r"ru\.txt does not exist"):
        evaluate_quality(settings, "dummy", folder, ["ru"])
    (folder / "fr.txt").write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(EvaluationError, match=r"fr\.txt is not UTF-8"):
        evaluate_quality(settings, "dummy", folder, ["fr"])
    with pytest.raises(EvaluationError, match=r"vi\.txt has no lines"):
        evaluate_quality(settings, "dummy", data(vi=""), ["en"])
    (folder / "terms.tsv").write_text("id\tsentence\nt1\tBiển Đông\nt2\t\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"terms\.tsv:3: no sentence"):
        evaluate_terms(settings, "dummy", folder / "terms.tsv", ["en"])


def test_terms_in_four_modes(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "terms.tsv"
    file.write_text("id\tsentence\nt1\tBiển Đông và Hà Nội.\n", encoding="utf-8")
    rows = evaluate_terms(settings, "dummy", file, ["en", "ru"])
    for row in rows:
        assert row["terms"] == 2
        assert row["none"] == 0.0  # without hints the dummy copies the Vietnamese
        assert row["proper"] == row["random"] == row["pipeline"] == 100.0
    assert term_table(rows).row_count == 2


def test_scores_are_those_of_sacrebleu() -> None:
    same = corpus_scores(["the cat sat on the mat"], ["the cat sat on the mat"], "en")
    assert same["chrf"] == same["bleu"] == 100.0
    assert same["ter"] == 0.0
