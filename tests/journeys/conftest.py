"""A project folder of its own for each test, and the command as a user would run it.

A test with ``usefixtures("database_url")`` runs twice: on the project's own SQLite file and on a
database of the throwaway PostgreSQL server.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from vietwire.newsroom import Newsroom, open_newsroom
from vietwire.prefect_child import prefect_server
from vietwire.settings import Settings

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
def sqlite_url(project: Path) -> str:
    """The store a command makes by itself in the project folder."""
    return f"sqlite:///{project / 'outputs' / 'vietwire.sqlite3'}"


@pytest.fixture
def environment(request: pytest.FixtureRequest, project: Path) -> dict[str, str]:
    """The environment of a plain user in that folder: nothing of ours, nothing of Prefect's.

    The engine is the dummy one, so that these tests are about the newsroom and not the network; a
    test that wants the embedded one says so.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("VIETWIRE_", "PREFECT_"))}
    own = {"VIETWIRE_HOME": str(project), "VIETWIRE_ENGINE": "dummy"}
    if "database_url" in request.fixturenames:
        url = request.getfixturevalue("database_url")
        if not url.startswith("sqlite"):  # which is the default
            own["VIETWIRE_DATABASE_URL"] = url
    return {**kept, **own}


@pytest.fixture
def open_desk(
    project: Path, environment: dict[str, str]
) -> Callable[[], AbstractContextManager[Newsroom]]:
    """Open the newsroom that the commands of this test work in."""
    return lambda: open_newsroom(Settings.load(project, environment))


@pytest.fixture(scope="session")
def standing_prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API address of a Prefect server that stands, as an operator may have one."""
    home = tmp_path_factory.mktemp("prefect")
    settings = Settings(home, outputs=home / "outputs", prefect_port=0)
    with prefect_server(settings) as server:
        yield server.api_url


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


@pytest.fixture
def inbox(project: Path, story_text: Callable[[int], str]) -> Callable[[int, int], None]:
    """Put the stories of these numbers into the inbox."""

    def fill(first: int, end: int) -> None:
        folder = project / "outputs" / "inbox"
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(first, end):
            (folder / f"hop-{number}.md").write_text(story_text(number), encoding="utf-8")

    return fill


@pytest.fixture
def processes(project: Path) -> Callable[[], dict[int, str]]:
    """The commands that run in this project folder and their children, by their environment."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("needs Linux's /proc")
    mark = f"VIETWIRE_HOME={project}".encode()

    def running() -> dict[int, str]:
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                    line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found[int(entry.name)] = line
            except OSError:
                continue
        return found

    return running
