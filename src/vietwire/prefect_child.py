"""Prefect as a child process: its server, its own commands, and flow scripts that it watches.

This module never imports Prefect. It runs it, quietly: state under ``outputs/prefect``, analytics
off, start-up banners and shutdown traces into log files under ``outputs/logs``.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from vietwire.processes import (
    POLL,
    START_TIMEOUT,
    Child,
    ChildFailed,
    answers,
    free_port,
    start_child,
    wait_for,
)
from vietwire.settings import Settings
from vietwire.story import VietwireError

WORK_POOL = "vietwire"
#: How long a server whose database is busy is asked again.
BUSY_TIMEOUT = 30.0
#: How often a running flow says that it lives; Prefect allows no less.
HEARTBEAT_SECONDS = 30
#: After so long without a word, a run counts as killed.
SILENCE_SECONDS = 180
#: What Prefect does about such a run, which would stay "Running" on its page for ever.
_KILLED_RUNS = {
    "name": "vietwire: runs that were killed",
    "description": "Marks a run as crashed when its process has died without a word.",
    "enabled": True,
    "trigger": {
        "type": "event",
        "posture": "Proactive",
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        "for_each": ["prefect.resource.id"],
        "after": ["prefect.flow-run.heartbeat"],
        "expect": [
            f"prefect.flow-run.{event}"
            for event in ("heartbeat", "Completed", "Failed", "Cancelled", "Crashed")
        ],
        "threshold": 1,
        "within": SILENCE_SECONDS,
    },
    "actions": [
        {
            "type": "change-flow-run-state",
            "state": "CRASHED",
            "message": f"No sign of life for {SILENCE_SECONDS} seconds: its process was killed.",
        }
    ],
}


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
    environment.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", str(HEARTBEAT_SECONDS))
    # Over four minutes: what another command's server takes to be replaced, on a busy machine.
    environment.setdefault("PREFECT_CLIENT_MAX_RETRIES", "7")
    # Prefect shows tracebacks of its own on the console; ours goes there instead.
    for handler in ("CONSOLE", "DEBUG"):
        environment.setdefault(f"PREFECT_LOGGING_HANDLERS_{handler}_LEVEL", "CRITICAL")
    return environment


class PrefectServer:
    """A Prefect server that answers at ``api_url``: the operator's, another command's, or ours.

    One server runs in a project folder at a time, for two would work on one database. Who starts
    it holds a lock as long as it lives. Another command uses it meanwhile, and starts the next
    one at the same address when it ends (``keep``); Prefect's worker and flows bridge the gap.
    """

    def __init__(self, settings: Settings, port: int) -> None:
        self.settings = settings
        self.api_url = os.environ.get("PREFECT_API_URL", "")
        self._port = port
        self._child: Child | None = None
        self._lock: IO[str] | None = None
        self._given = bool(self.api_url)

    @property
    def page(self) -> str:
        """The address of Prefect's own page."""
        return page_of(self.api_url)

    def start(self) -> None:
        """Use the server that is there, or start one.

        :raises ChildFailed: if it does not come up.
        """
        deadline = time.monotonic() + START_TIMEOUT
        while not self._given:
            if self._take_lock():
                self._start_child(free_port(self._port))
                return
            # Somebody has one, or is starting or stopping it.
            found = running_server(self.settings)
            if found is not None:
                self.api_url = found
                return
            if time.monotonic() > deadline:
                raise ChildFailed(
                    "another command's Prefect server in this folder neither answers nor ends; "
                    f"see {self._log}"
                )
            time.sleep(0.3)

    def keep(self) -> None:
        """To be called now and then: start the next server where another command's has ended.

        :raises ChildFailed: if ours has ended by itself, or the next one does not come up.
        """
        if self._given:
            return
        if self._child is not None:
            self._child.check()
        elif self._take_lock():
            port = urlsplit(self.api_url).port or 0
            self._start_child(free_port(port, only=True))

    def stop(self) -> None:
        """Stop the server if it is ours."""
        if self._child is not None:
            _server_file(self.settings).unlink(missing_ok=True)
            self._child.stop()
            self._child = None
        self._free_lock()

    @property
    def _log(self) -> Path:
        return self.settings.outputs / "logs" / "prefect-server.log"

    def _take_lock(self) -> bool:
        path = self.settings.outputs / "prefect" / ".server.lock"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = path.open("w")
        except OSError as error:
            raise ChildFailed(
                f"{path} cannot be written ({error.strerror}): is the folder another user's?"
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            return False
        self._lock = handle
        return True

    def _free_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _start_child(self, port: int) -> None:
        self.api_url = f"http://127.0.0.1:{port}/api"
        try:
            self._child = start_child(
                "Prefect's server",
                [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
                + ["--port", str(port)],
                cwd=self.settings.home,
                environment=prefect_environment(self.settings, self.api_url),
                log=self._log,
                # It holds the lock too: when we are killed, nobody starts another beside it.
                keep_open=(self._lock.fileno(),) if self._lock else (),
            )
            wait_for(self._child, f"{self.api_url}/health")
            _watch_for_killed_runs(self)
            _server_file(self.settings).write_text(
                json.dumps({"api_url": self.api_url, "owner": os.getpid()})
            )
        except BaseException:
            self.stop()
            raise


def page_of(api_url: str) -> str:
    """The address of Prefect's own page."""
    return api_url.removesuffix("/api")


def running_server(settings: Settings) -> str | None:
    """The API address of a server that a command started in this folder and that answers."""
    try:
        noted = json.loads(_server_file(settings).read_text())
        url, owner = str(noted["api_url"]), int(noted["owner"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        os.kill(owner, 0)  # one whose owner was killed is about to end
    except PermissionError:
        pass  # it lives, and is another user's
    except OSError:
        return None
    return url if answers(f"{url}/health") else None


def _server_file(settings: Settings) -> Path:
    return settings.outputs / "prefect" / "server.json"


@contextmanager
def prefect_server(settings: Settings) -> Iterator[PrefectServer]:
    """A Prefect server for the length of the block; see :class:`PrefectServer`.

    :raises ChildFailed: if it does not come up.
    """
    server = PrefectServer(settings, settings.prefect_port)
    try:
        server.start()
        yield server
    finally:
        server.stop()


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
    """Run a flow script to its end in the terminal; Ctrl-C stops it. Returns its exit code.

    :raises ChildFailed: if it was killed, or Prefect's server is gone for good.
    """
    child = start_child(
        name,
        [sys.executable, str(flow_script(settings, name)), *arguments],
        cwd=settings.home,
        environment=prefect_environment(settings, server.api_url),
        log=None,
        # Asked politely it would for minutes try to tell a server that has gone with us.
        orphaned=signal.SIGKILL,
    )
    try:
        while child.running:
            server.keep()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(POLL)
    finally:
        child.stop()
    code = child.process.returncode
    if code < 0:
        raise ChildFailed(
            f"{name} was killed ({signal.Signals(-code).name}); run it again: what is done stays "
            "done, and the rest follows"
        )
    return code


def prefect_command(settings: Settings, server: PrefectServer, *arguments: str) -> None:
    """Run one of Prefect's own commands quietly. It must be one that can be run twice.

    The server may be another command's, which takes it along when it ends: a command that failed
    is run once more, on the next server.

    :raises ChildFailed: if it fails both times; the message holds the last line it printed.
    """
    for _ in range(2):
        status, output = _run_prefect(settings, server, arguments)
        if not status:
            return
    lines = output.strip().splitlines() or ["no message"]
    raise ChildFailed(f"prefect {' '.join(arguments)}: {lines[-1].strip()}")


def _run_prefect(
    settings: Settings, server: PrefectServer, arguments: Sequence[str]
) -> tuple[int, str]:
    """Run a command to its end, keeping the server; return its exit status and what it printed."""
    with subprocess.Popen(
        [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
        cwd=settings.home,
        env=prefect_environment(settings, server.api_url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as command:
        try:
            output = None
            while output is None:
                server.keep()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    output, _ = command.communicate(timeout=POLL)
        except BaseException:
            command.kill()
            raise
    return command.returncode, output


def ensure_work_pool(server: PrefectServer) -> None:
    """Make the work pool that our deployments name, unless it is there.

    Over HTTP, because Prefect's own command takes ten seconds to say the same. The worker fills in
    the pool's job template when it starts.

    :raises ChildFailed: if the server refuses.
    """
    try:
        _post(server, "/work_pools/", {"name": WORK_POOL, "type": "process"})
    except urllib.error.HTTPError as error:
        if error.code != 409:  # it is there already
            raise ChildFailed(f"Prefect's server will not make the work pool: {error}") from error
    except OSError as error:
        raise ChildFailed(f"Prefect's server does not answer at {server.api_url}") from error


def _watch_for_killed_runs(server: PrefectServer) -> None:
    """Have Prefect mark runs as crashed whose process was killed, unless it does already.

    :raises ChildFailed: if the server refuses.
    """
    try:
        named = {"automations": {"name": {"any_": [_KILLED_RUNS["name"]]}}}
        if not _post(server, "/automations/filter", named):
            _post(server, "/automations/", _KILLED_RUNS)
    except OSError as error:
        raise ChildFailed(f"Prefect's server will not watch for killed runs: {error}") from error


def _post(server: PrefectServer, path: str, content: object) -> Any:
    request = urllib.request.Request(  # noqa: S310 (our own address)
        f"{server.api_url}{path}",
        data=json.dumps(content).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            # Its database is busy: what Prefect's own client asks again, too.
            if error.code != 503 or time.monotonic() > deadline:
                raise
            time.sleep(POLL)
