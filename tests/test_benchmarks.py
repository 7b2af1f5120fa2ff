"""The benchmarks run; what they measure is for `make bench`, on a quiet machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_pipeline_benchmark_runs_at_toy_size() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "pipeline.py", "--stories", "2"]
        + ["--memory-stories", "2", "--words", "20"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["overhead"]["engine_seconds"] > 0
    assert figures["memory"]["mib_at_end"] > 0
    assert figures["warm_story"]["languages"] == 5


def test_the_engine_benchmark_runs_at_toy_size(tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("Giá gạo xuất khẩu tăng nhẹ.\n", encoding="utf-8")
    out = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "engines.py", "--lines", str(lines)]
        + ["--rounds", "1", "--repeat", "1", "--threads", "1", "--out", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["same_weights"]["ratio"] > 0
    assert figures["network"]["revision"]
