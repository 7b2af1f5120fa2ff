"""Databases and makers shared by the tests.

``store`` gives an open, empty store, once on SQLite and once on PostgreSQL. PostgreSQL is a
throwaway server from the local binaries, reached by a socket in a temporary folder; without
binaries its tests are skipped, but never in CI.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vietwire.store import Store
from vietwire.story import (
    Block,
    BlockKind,
    DraftSegment,
    MachineDraft,
    Signature,
    Story,
)

BACKENDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


class Clock:
    """A clock that stands still until told otherwise."""

    def __init__(self) -> None:
        self.now = datetime(2020, 11, 12, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


class PostgresServer:
    """A running server. Every database is a copy of one that was migrated once."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries = binaries
        self.folder = folder
        self.numbers = itertools.count(1)
        # The server refuses to run as root, as in CI; then it runs as the package's own user.
        self.owner: str | None = None
        if os.geteuid() == 0:
            self.owner = _unprivileged_user()
            account = pwd.getpwnam(self.owner)
            os.chown(folder, account.pw_uid, account.pw_gid)

    def start(self) -> None:
        data = self.folder / "data"
        self._command("initdb", "-D", data, "-U", "vietwire", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=50"
        log = self.folder / "server.log"
        self._command("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start")
        Store.open(self._create("vietwire_template", "template0")).close()

    def stop(self) -> None:
        self._command("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")

    def database(self) -> str:
        """The URL of a new database with all migrations applied."""
        return self._create(f"test_{next(self.numbers)}", "vietwire_template")

    def empty_database(self) -> str:
        """The URL of a new database without tables."""
        return self._create(f"empty_{next(self.numbers)}", "template0")

    def _create(self, name: str, template: str) -> str:
        import psycopg

        with psycopg.connect(
            host=str(self.folder), user="vietwire", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"postgresql://vietwire@/{name}?host={self.folder}"

    def _command(self, program: str, *arguments: object) -> None:
        done = subprocess.run(
            [self.binaries / program, *map(str, arguments)],
            user=self.owner,
            group=pwd.getpwnam(self.owner).pw_gid if self.owner else None,
            extra_groups=[] if self.owner else None,
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            # Not pipes: the server would inherit them and keep the reader waiting.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            log = self.folder / "server.log"
            tail = log.read_text()[-2000:] if log.exists() else ""
            raise RuntimeError(f"{program} failed with {done.returncode}\n{tail}")


def _unprivileged_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL cannot run as root and there is no user to run it as")


def _postgres_binaries() -> Path | None:
    """The folder with initdb and pg_ctl: on the path, or where Debian puts the newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True
    )
    return next((folder for folder in folders if (folder / "initdb").is_file()), None)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    binaries = _postgres_binaries()
    if binaries is None:
        reason = "PostgreSQL's server binaries (initdb, pg_ctl) are not installed"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; CI must have them")
        pytest.skip(reason)
    # Not pytest's own folder: a socket's path must stay short, and root's folder is closed.
    folder = Path(tempfile.mkdtemp(prefix="vietwire-pg-"))
    server = PostgresServer(binaries, folder)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite store that was migrated once; tests start from copies of it."""
    path = tmp_path_factory.mktemp("template") / "vietwire.sqlite3"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an empty SQLite store of ours."""
    path = tmp_path / "vietwire.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of ours with all migrations applied."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_url")
    return request.getfixturevalue("postgres_server").database()


@pytest.fixture(params=BACKENDS)
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table, for migrations."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'vietwire.sqlite3'}"
    return request.getfixturevalue("postgres_server").empty_database()


@pytest.fixture
def store(database_url: str, clock: Clock) -> Iterator[Store]:
    """An open, empty store; the test runs on SQLite and on PostgreSQL."""
    with Store.open(database_url, clock=clock) as opened:
        yield opened


@pytest.fixture
def sqlite_store(sqlite_url: str, clock: Clock) -> Iterator[Store]:
    """An open, empty store on SQLite, for tests that the database does not matter to."""
    with Store.open(sqlite_url, clock=clock) as opened:
        yield opened


@pytest.fixture
def make_story(clock: Clock) -> Callable[..., Story]:
    """Makes a story of a headline and paragraphs."""

    def make(
        source_id: str = "vna-1",
        headline: str = "Khai mạc Hội nghị Cấp cao ASEAN 37",
        *paragraphs: str,
        **fields: Any,
    ) -> Story:
        texts = paragraphs or ("Lễ khai mạc diễn ra sáng 12/11.", "Biển Đông là chủ đề chính.")
        blocks = (
            Block(BlockKind.HEADLINE, headline),
            *(Block(BlockKind.PARAGRAPH, text) for text in texts),
        )
        return Story(source_id, blocks, fields.pop("received_at", clock()), **fields)

    return make


@pytest.fixture
def signature() -> Signature:
    return Signature("test", "tiny", "1", "none", "beam=1", "tb1", "0")


@pytest.fixture
def make_draft(signature: Signature) -> Callable[..., MachineDraft]:
    """Makes a machine draft of a story: one segment a block, "[en] " before the source."""

    def make(story: Story, language: str = "en", **fields: Any) -> MachineDraft:
        texts = fields.pop("texts", None) or [f"[{language}] {b.text}" for b in story.blocks]
        segments = tuple(
            DraftSegment(i, i, block.text, text, text)
            for i, (block, text) in enumerate(zip(story.blocks, texts, strict=True))
        )
        return MachineDraft(
            story.source_id,
            story.version or 1,
            language,
            fields.pop("signature", signature),
            fields.pop("segments", segments),
            **fields,
        )

    return make
