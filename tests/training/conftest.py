"""The recipe run once over a made-up corpus."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "models" / "training")]

from toy_corpus import CONFIGS, Run, write_corpus  # noqa: E402


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Corpus written, filtered, tokenised, aligned and annotated."""
    import align
    import prepare
    import terms

    folder = tmp_path_factory.mktemp("recipe")
    run = Run(folder / "data", folder / "work", folder / "ckpt", folder / "embedded")
    write_corpus(run.data)
    config = str(CONFIGS / "prepare.toml")
    assert prepare.main(["--config", config, "--data", str(run.data), "--work", str(run.work)]) == 0
    stores = ["vi-en", "vi-fr", "vi-es", "vi-zh", "vi-ru"]
    arguments = ["--work", str(run.work), "--aligner", "ibm1", "--stores", *stores]
    assert align.main(arguments) == 0
    assert terms.main(["--config", str(CONFIGS / "terms.toml"), "--work", str(run.work)]) == 0
    return run


@pytest.fixture(scope="session")
def trained(prepared: Run) -> Run:
    """Trained for some steps, stopped, taken up again, averaged and exported."""
    import average
    import export
    import train

    common = ["--config", str(CONFIGS / "train.toml"), "--work", str(prepared.work)]
    common += ["--checkpoints", str(prepared.checkpoints)]
    assert train.main([*common, "--steps", "40"]) == 0
    assert train.main([*common, "--steps", "80"]) == 0
    mean = prepared.checkpoints / "average.pt"
    arguments = ["--checkpoints", str(prepared.checkpoints), "--last", "2", "--out", str(mean)]
    assert average.main(arguments) == 0
    arguments = ["--checkpoint", str(mean), "--work", str(prepared.work)]
    assert export.main([*arguments, "--out", str(prepared.out), "--name", "toy"]) == 0
    return prepared
