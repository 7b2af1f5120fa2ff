"""A project folder of its own for each test, and the command as a user would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder: the checkout's flows, models, glossary and samples, its own outputs."""
    home = tmp_path / "desk"
    home.mkdir()
    for name in ("flows", "models", "glossary", "samples", "prefect.yaml"):
        (home / name).symlink_to(ROOT / name)
    (home / "outputs").mkdir()
    return home


@pytest.fixture
def environment(project: Path) -> dict[str, str]:
    """The environment of a plain user in that folder: nothing of ours, nothing of Prefect's.

    The engine is the dummy one, so that these tests are about the newsroom and not the network; a
    test that wants the embedded one says so.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("VIETWIRE_", "PREFECT_"))}
    return {**kept, "VIETWIRE_HOME": str(project), "VIETWIRE_ENGINE": "dummy"}


@pytest.fixture
def vietwire(
    project: Path, environment: dict[str, str]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``vietwire ARGUMENTS`` to its end."""

    def run(
        *arguments: str, stdin: str | None = None, check: bool = True, **extra: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "vietwire", *arguments],
            cwd=project,
            env={**environment, **extra},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if check:
            assert done.returncode == 0, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def story_text() -> Callable[[int], str]:
    """Small Vietnamese stories in the Markdown that intake reads, one for each number."""

    def write(number: int) -> str:
        return (
            f"---\nslug: ASEAN 2020\nsource_id: hop-{number}\ndate: 2020-11-12\n"
            f"urgency: {1 + number % 5}\n---\n"
            f"# Việt Nam chủ trì cuộc họp trực tuyến thứ {number} của ASEAN\n\n"
            "Hà Nội (TTXVN 12/11) - Thủ tướng Nguyễn Xuân Phúc đã chủ trì cuộc họp trực tuyến với "
            f"lãnh đạo các nước thành viên ASEAN. Có {number + 10} đại biểu tham dự.\n\n"
            "Các nước cam kết hợp tác ứng phó với đại dịch COVID-19.\n"
        )

    return write
