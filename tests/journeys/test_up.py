"""``vietwire up`` with a real Prefect server: starts everything, alone, leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from vietwire.newsroom import Newsroom
from vietwire.processes import answers, start_child

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PATIENCE = 180.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def ports() -> dict[str, str]:
    return {
        "VIETWIRE_DESK_PORT": str(_free_port()),
        "VIETWIRE_PREFECT_PORT": str(_free_port()),
    }


@pytest.fixture
def start(
    project: Path, environment: dict[str, str], ports: dict[str, str]
) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Start ``vietwire COMMAND``; its output goes to ``COMMAND.log``. Stopped after the test."""
    started = []

    def begin(command: str) -> subprocess.Popen[str]:
        with (project / f"{command}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "vietwire", command],
                cwd=project,
                env={**environment, **ports},
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.terminate()
        process.wait(60)


def wait_until(happened: Callable[[], object], *processes: subprocess.Popen[str]) -> None:
    """Wait for something; none of ``processes`` may end before it."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        for process in processes:
            assert process.poll() is None, process.args
        time.sleep(0.1)


def ask(url: str, data: dict[str, Any] | None = None) -> Any:
    """What Prefect's API answers, to a POST where there is ``data``."""
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            # Its database is busy: clients are to ask again, and Prefect's own does.
            if error.code != 503 or time.monotonic() > deadline:
                raise
            time.sleep(0.5)


@pytest.mark.slow
def test_up_runs_alone_serves_its_deployments_and_leaves_no_child(
    project: Path,
    start: Callable[[str], subprocess.Popen[str]],
    ports: dict[str, str],
    vietwire: Run,
    story_text: Callable[[int], str],
    processes: Callable[[], dict[int, str]],
) -> None:
    (project / "hop.md").write_text(story_text(1), encoding="utf-8")
    vietwire("intake", "hop.md")
    log = project / "up.log"
    up = start("up")
    wait_until((project / "outputs" / ".up.lock").exists, up)
    second = vietwire("up", check=False)
    assert second.returncode == 1
    assert "runs in this folder already" in second.stderr
    wait_until(lambda: "Ctrl-C" in log.read_text(), up)
    assert len(processes()) >= 4  # up, Prefect's server and worker, the desk

    api = f"http://127.0.0.1:{ports['VIETWIRE_PREFECT_PORT']}/api"
    deployments = {d["name"]: d for d in ask(f"{api}/deployments/filter", {})}
    assert deployments.keys() == {"overnight", "one", "release"}
    schedules = {
        s["slug"]: (s["active"], s["schedule"]["cron"], s["schedule"]["timezone"])
        for s in deployments["overnight"]["schedules"]
    }
    assert schedules == {
        "nightly": (True, "0 2 * * *", "Asia/Ho_Chi_Minh"),
        "hourly-on-peak-days": (False, "0 * * * *", "Asia/Ho_Chi_Minh"),
    }
    (watch,) = ask(f"{api}/automations/filter", {})
    assert watch["enabled"] and watch["trigger"]["after"] == ["prefect.flow-run.heartbeat"]
    # A limit of Prefect's would be held for ever by a run that was killed.
    assert all(d["global_concurrency_limit"] is None for d in deployments.values())
    # What an editor does on Prefect's own page: fill in plain fields, each with its explanation.
    form = deployments["one"]["parameter_openapi_schema"]["properties"]
    assert form.keys() == {"source_id", "languages", "force", "actor"}
    assert all(field.get("description") for field in form.values()), form
    run = ask(
        f"{api}/deployments/{deployments['one']['id']}/create_flow_run",
        {"parameters": {"source_id": "hop-1", "languages": ["en", "ru"], "actor": "lan"}},
    )
    ended = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
    wait_until(lambda: ask(f"{api}/flow_runs/{run['id']}")["state_type"] in ended, up)
    assert ask(f"{api}/flow_runs/{run['id']}")["state_type"] == "COMPLETED"
    rows = json.loads(vietwire("queue", "--json").stdout)
    assert [(row["source_id"], row["language"]) for row in rows] == [
        ("hop-1", "en"),
        ("hop-1", "ru"),
    ]
    artifacts = ask(f"{api}/artifacts/filter", {})
    (report,) = [a["data"] for a in artifacts if a["key"] == "run-report"]
    (file,) = (project / "outputs" / "reports").glob("*-one.md")
    assert file.read_text(encoding="utf-8") == report

    os.kill(up.pid, signal.SIGINT)
    time.sleep(0.3)
    os.kill(up.pid, signal.SIGINT)
    assert up.wait(60) == 0
    assert "Traceback" not in log.read_text()
    assert processes() == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_up_and_an_overnight_run_share_one_prefect_server_whichever_goes_first(
    project: Path,
    start: Callable[[str], subprocess.Popen[str]],
    ports: dict[str, str],
    inbox: Callable[[int, int], None],
    open_desk: Callable[[], AbstractContextManager[Newsroom]],
    processes: Callable[[], dict[int, str]],
) -> None:
    health = f"http://127.0.0.1:{ports['VIETWIRE_PREFECT_PORT']}/api/health"
    most = 0

    def servers() -> int:
        nonlocal most
        found = sum(1 for line in processes().values() if "prefect server start" in line)
        most = max(most, found)
        return found

    def drafted() -> int:
        servers()
        with open_desk() as room:
            return sum(room.store.counts().values())

    # Both from nothing at once, so that neither finds a server that answers already.
    inbox(0, 10)
    overnight = start("overnight")
    wait_until(servers, overnight)
    up = start("up")
    wait_until(lambda: drafted() == 50, up)
    # The run takes its server with it; up goes on with the next one, at the same address.
    wait_until(lambda: servers() >= 0 and overnight.poll() is not None, up)
    assert overnight.returncode == 0, (project / "overnight.log").read_text()
    wait_until(lambda: servers() and "Ctrl-C" in (project / "up.log").read_text(), up)
    wait_until(lambda: servers() and answers(health), up)
    watches = ask(health.replace("health", "automations/filter"), {})
    assert len(watches) == 1, "each server makes one only where there is none"

    # Now a run that uses up's server, and up goes first.
    inbox(10, 40)
    overnight = start("overnight")
    wait_until(lambda: drafted() > 50, overnight, up)
    up.send_signal(signal.SIGINT)
    wait_until(lambda: servers() >= 0 and overnight.poll() is not None)
    said = (project / "overnight.log").read_text()
    assert overnight.returncode == 0, said
    assert "150 drafts of 30 stories" in said
    assert drafted() == 200
    assert up.wait(60) == 0
    assert most == 1
    for command in ("overnight", "up"):
        said = (project / f"{command}.log").read_text()
        assert "Traceback" not in said and "ERROR" not in said, said
    assert processes() == {}


def test_what_stops_the_desk_stops_a_translation_it_has_started(
    project: Path, environment: dict[str, str], processes: Callable[[], dict[int, str]]
) -> None:
    slow = project / "slow"
    slow.mkdir()
    (slow / "translate_one.py").write_text("import time; time.sleep(300)")
    desk = (
        "import time; from vietwire.cli.common import newsroom\n"
        "with newsroom() as room: room.translate_now('hop-1', ['en'], 'lan'); time.sleep(300)"
    )
    extra = {"VIETWIRE_FLOWS": str(slow), "PREFECT_API_URL": "http://127.0.0.1:1/api"}
    child = start_child(
        "the desk",
        [sys.executable, "-c", desk],
        cwd=project,
        environment={**environment, **extra},
        log=project / "desk.log",
    )
    try:
        wait_until(lambda: any("translate_one.py" in line for line in processes().values()))
    finally:
        child.stop()
    assert processes() == {}


def test_a_port_that_is_asked_for_and_taken_is_one_clear_line(vietwire: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = vietwire("up", "--port", str(port), check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == f"vietwire: port {port} is in use on 127.0.0.1; name another"
