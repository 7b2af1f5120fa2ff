"""Child processes: Prefect's server and worker, flow scripts and the desk, started and stopped.

This module never imports Prefect. It runs it, quietly: state under ``outputs/prefect``, analytics
off, start-up banners and shutdown traces into log files under ``outputs/logs``.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from vietwire.settings import Settings
from vietwire.story import VietwireError

#: Seconds to wait for a child to answer, and to stop when asked before it is made to.
START_TIMEOUT = 180.0
STOP_TIMEOUT = 20.0
WORK_POOL = "vietwire"
_PR_SET_PDEATHSIG = 1


class ChildFailed(VietwireError):
    """A child process did not start or ended by itself; the message names its log."""


@dataclass
class Child:
    """One running child process with its log file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def stop(self, *, timeout: float = STOP_TIMEOUT) -> None:
        """Ask the child's whole process group to end; make it, after ``timeout`` seconds."""
        for sign, patience in ((signal.SIGTERM, timeout), (signal.SIGKILL, 5.0)):
            if not self.running:
                break
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        # What the leader left behind in its group goes too.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def start_child(
    name: str,
    command: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    log: Path | None,
) -> Child:
    """Start a child in a process group of its own, so that Ctrl-C in the terminal reaches only us.

    On Linux the kernel ends it if we are killed outright.
    """
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(log.open("ab")) if log is not None else None
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT if stream else None,
            start_new_session=True,
            preexec_fn=_end_with_parent() if sys.platform == "linux" else None,
        )
    return Child(name, process, log)


def _end_with_parent() -> Callable[[], None]:
    libc = ctypes.CDLL(None)  # loaded here: after the fork is too late

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return arrange


def free_port(preferred: int = 0, host: str = "127.0.0.1", *, only: bool = False) -> int:
    """``preferred`` if it is free, else any free port.

    :raises ChildFailed: if none is to be had, or ``only`` the preferred one will do and is taken.
    """
    for port in (preferred,) if only else (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    which = f"port {preferred} is" if only else "every port is"
    raise ChildFailed(f"{which} in use on {host}; name another")


def answers(url: str, timeout: float = 2.0) -> bool:
    """Whether an HTTP GET of ``url`` gives a 2xx answer."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as response:  # noqa: S310 (our own address)
            return 200 <= response.status < 300
    except (OSError, urllib.error.URLError, ValueError):
        return False


def wait_for(child: Child, url: str, *, timeout: float = START_TIMEOUT) -> None:
    """Wait until ``url`` answers.

    :raises ChildFailed: if the child ends first, or the time is up.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if answers(url):
            return
        if not child.running:
            raise ChildFailed(
                f"{child.name} ended with exit code {child.process.returncode}; see {child.log}"
            )
        time.sleep(0.3)
    raise ChildFailed(f"{child.name} did not answer within {timeout:.0f} s; see {child.log}")


def prefect_environment(settings: Settings, api_url: str) -> dict[str, str]:
    """The environment in which Prefect runs for vietwire: own state, no analytics, quiet."""
    home = settings.outputs / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "VIETWIRE_HOME": str(settings.home),
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": api_url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PYTHONUNBUFFERED": "1",
    }
    # Prefect shows tracebacks of its own on the console; ours goes there instead.
    environment.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    return environment


@dataclass(frozen=True, slots=True)
class PrefectServer:
    """A Prefect server that answers at ``api_url``; ``child`` is None where it was not ours."""

    api_url: str
    child: Child | None = field(default=None, compare=False)

    @property
    def page(self) -> str:
        """The address of Prefect's own page."""
        return self.api_url.removesuffix("/api")


def running_server(settings: Settings) -> PrefectServer | None:
    """The server to use without starting one: the operator's own, or the one ``up`` started."""
    given = os.environ.get("PREFECT_API_URL")
    if given:
        return PrefectServer(given)
    try:
        url = json.loads(_server_file(settings).read_text())["api_url"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return PrefectServer(url) if answers(f"{url}/health") else None


def _server_file(settings: Settings) -> Path:
    return settings.outputs / "prefect" / "server.json"


@contextmanager
def prefect_server(
    settings: Settings, *, port: int = 0, shared: bool = False
) -> Iterator[PrefectServer]:
    """A Prefect server for the length of the block; one that already answers is used as it is.

    With ``shared`` other commands find it and use it while it lasts. Only ``up`` shares its own:
    a server that ends with one run would take the worker and the schedules with it.

    :raises ChildFailed: if it does not come up.
    """
    standing = running_server(settings)
    if standing is not None:
        yield standing
        return
    port = free_port(port)
    server = PrefectServer(f"http://127.0.0.1:{port}/api")
    child = start_child(
        "Prefect's server",
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
        + ["--port", str(port)],
        cwd=settings.home,
        environment=prefect_environment(settings, server.api_url),
        log=settings.outputs / "logs" / "prefect-server.log",
    )
    file = _server_file(settings)
    try:
        wait_for(child, f"{server.api_url}/health")
        if shared:
            file.write_text(json.dumps({"api_url": server.api_url, "pid": child.process.pid}))
        yield PrefectServer(server.api_url, child)
    finally:
        if shared:
            file.unlink(missing_ok=True)
        child.stop()


def flow_script(settings: Settings, name: str) -> Path:
    """The path of a flow script.

    :raises VietwireError: if the project folder has none by that name.
    """
    script = settings.flows / f"{name}.py"
    if not script.is_file():
        raise VietwireError(f"{script} is missing: run from a whole vietwire project folder")
    return script


def run_flow(
    settings: Settings, server: PrefectServer, name: str, arguments: Sequence[str] = ()
) -> int:
    """Run a flow script to its end in the terminal; Ctrl-C stops it. Returns its exit code."""
    child = start_child(
        name,
        [sys.executable, str(flow_script(settings, name)), *arguments],
        cwd=settings.home,
        environment=prefect_environment(settings, server.api_url),
        log=None,
    )
    try:
        return child.process.wait()
    finally:
        child.stop()


def prefect_command(settings: Settings, server: PrefectServer, *arguments: str) -> None:
    """Run one of Prefect's own commands quietly.

    :raises ChildFailed: if it fails; the message holds the last line it printed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
        cwd=settings.home,
        env=prefect_environment(settings, server.api_url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines() or ["no message"]
        raise ChildFailed(f"prefect {' '.join(arguments)}: {lines[-1].strip()}")


def ensure_work_pool(server: PrefectServer) -> None:
    """Make the work pool that our deployments name, unless it is there.

    Over HTTP, because Prefect's own command takes ten seconds to say the same. The worker fills in
    the pool's job template when it starts.

    :raises ChildFailed: if the server refuses.
    """
    request = urllib.request.Request(  # noqa: S310 (our own address)
        f"{server.api_url}/work_pools/",
        data=json.dumps({"name": WORK_POOL, "type": "process"}).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    try:
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code != 409:  # it is there already
            raise ChildFailed(f"Prefect's server will not make the work pool: {error}") from error
    except OSError as error:
        raise ChildFailed(f"Prefect's server does not answer at {server.api_url}") from error
