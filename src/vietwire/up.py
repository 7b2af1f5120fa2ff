"""``vietwire up``: Prefect's server, its schedules and worker, and the desk, as one thing."""

from __future__ import annotations

import fcntl
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from vietwire.prefect_child import (
    WORK_POOL,
    ensure_work_pool,
    prefect_command,
    prefect_environment,
    prefect_server,
)
from vietwire.processes import POLL, Child, free_port, start_child, wait_for
from vietwire.settings import Settings
from vietwire.story import VietwireError

if TYPE_CHECKING:
    from rich.console import Console


class _Stop(Exception):
    """Ctrl-C, or a polite kill."""


class AlreadyUp(VietwireError):
    """Another ``up`` runs in this project folder."""


def _stop(_sign: int, _frame: FrameType | None) -> None:
    # Once: a second Ctrl-C must not cut short the stopping of the children.
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)
    raise _Stop


@contextmanager
def _alone(outputs: Path) -> Iterator[None]:
    """Let one ``up`` run in a project folder: two would share a worker's name and Prefect's state.

    The kernel frees the lock if we are killed.

    :raises AlreadyUp: if another process holds it.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    with (outputs / ".up.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyUp(
                "`vietwire up` runs in this folder already; stop it there with Ctrl-C first"
            ) from error
        yield


def run_up(settings: Settings, console: Console, *, desk_port: int = 0) -> None:
    """Start everything, print the addresses, wait for Ctrl-C or SIGTERM, stop everything.

    :raises AlreadyUp: if another ``up`` runs in this project folder.
    :raises ChildFailed: if a part does not start or ends by itself; the others are stopped first.
        Also if ``desk_port`` is given and taken; the settings' port gives way to a free one.
    """
    with _alone(settings.outputs):
        _run(settings, console, desk_port)


def _run(settings: Settings, console: Console, desk_port: int) -> None:
    from vietwire.newsroom import open_newsroom

    port = free_port(desk_port or settings.desk_port, settings.desk_host, only=bool(desk_port))
    with open_newsroom(settings) as room:  # brings the database up to date before anyone asks it
        people = len(room.store.users())
    previous = {sign: signal.signal(sign, _stop) for sign in (signal.SIGINT, signal.SIGTERM)}
    logs = settings.outputs / "logs"
    try:
        with ExitStack() as stack:
            children: list[Child] = []
            with console.status("starting Prefect (10 to 30 seconds)"):
                server = stack.enter_context(prefect_server(settings))
            environment = prefect_environment(settings, server.api_url)
            address = f"http://{settings.desk_host}:{port}"
            with console.status("starting the desk"):
                desk = start_child(
                    "the desk",
                    [sys.executable, "-m", "vietwire", "desk", "--port", str(port)],
                    cwd=settings.home,
                    environment=environment,
                    log=logs / "desk.log",
                )
                stack.callback(desk.stop)
                children.append(desk)
                wait_for(desk, f"{address}/health")
            console.print(f"desk      {address}", highlight=False)
            if port != (desk_port or settings.desk_port):
                console.print(f"          port {settings.desk_port} is in use by something else")
            with console.status("starting Prefect's worker and schedules"):
                ensure_work_pool(server)
                worker = start_child(
                    "Prefect's worker",
                    [sys.executable, "-m", "prefect", "worker", "start"]
                    + ["--pool", WORK_POOL, "--type", "process", "--name", "vietwire"],
                    cwd=settings.home,
                    environment=environment,
                    log=logs / "prefect-worker.log",
                )
                stack.callback(worker.stop)
                children.append(worker)
                prefect_command(settings, server, "deploy", "--all")
            console.print(f"Prefect   {server.page}", highlight=False)
            console.print(f"logs      {logs}", markup=False, highlight=False)
            if not people:
                console.print(
                    "Nobody can log in yet. In another terminal: "
                    "[bold].venv/bin/vietwire user add NAME --role admin[/bold]"
                )
            console.print("Ctrl-C stops everything.")
            while True:
                server.keep()
                for child in children:
                    child.check()
                time.sleep(POLL)
    except _Stop:
        console.print("stopped")
    finally:
        for sign, handler in previous.items():
            signal.signal(sign, handler)
