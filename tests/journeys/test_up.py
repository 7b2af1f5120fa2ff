"""``vietwire up`` with a real Prefect server: starts everything, alone, leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PATIENCE = 180.0


@pytest.fixture
def up(project: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """``vietwire up``, started but not waited for; its output goes to ``up.log``."""
    with (project / "up.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "vietwire", "up"],
            cwd=project,
            env={
                **environment,
                "VIETWIRE_DESK_PORT": str(_free_port()),
                "VIETWIRE_PREFECT_PORT": str(_free_port()),
            },
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(project: Path) -> list[str]:
    """The processes that work in this project folder, by their environment."""
    mark = f"VIETWIRE_HOME={project}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
def test_up_runs_alone_and_an_impatient_ctrl_c_leaves_no_child(
    project: Path, up: subprocess.Popen[str], vietwire: Run
) -> None:
    log = project / "up.log"
    lock = project / "outputs" / ".up.lock"
    deadline = time.monotonic() + PATIENCE
    while not lock.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    second = vietwire("up", check=False)
    assert second.returncode == 1
    assert "runs in this folder already" in second.stderr
    while "Ctrl-C" not in log.read_text() and time.monotonic() < deadline:
        assert up.poll() is None, log.read_text()
        time.sleep(0.3)
    assert len(_children(project)) >= 4  # up, Prefect's server and worker, the desk
    os.kill(up.pid, signal.SIGINT)
    time.sleep(0.3)
    os.kill(up.pid, signal.SIGINT)
    assert up.wait(60) == 0
    assert "Traceback" not in log.read_text()
    assert _children(project) == []


def test_a_port_that_is_asked_for_and_taken_is_one_clear_line(vietwire: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = vietwire("up", "--port", str(port), check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == f"vietwire: port {port} is in use on 127.0.0.1; name another"
