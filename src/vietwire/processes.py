"""Child processes: Prefect's parts, flow scripts and the desk, started and stopped."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vietwire.story import VietwireError

#: Seconds to wait for a child to answer, and to stop when asked before it is made to.
START_TIMEOUT = 180.0
STOP_TIMEOUT = 20.0
#: Seconds between two looks at the children.
POLL = 0.5
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

    def check(self) -> None:
        """:raises ChildFailed: if it has ended."""
        if not self.running:
            raise ChildFailed(
                f"{self.name} ended with exit code {self.process.returncode}; see {self.log}"
            )

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
    keep_open: Sequence[int] = (),
    orphaned: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a child in a process group of its own, so that Ctrl-C in the terminal reaches only us.

    On Linux the kernel sends it ``orphaned`` if we are killed outright. ``keep_open``: our file
    descriptors that it holds open too.
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
            pass_fds=tuple(keep_open),
            preexec_fn=_end_with_parent(orphaned) if sys.platform == "linux" else None,
        )
    return Child(name, process, log)


def _end_with_parent(sign: signal.Signals) -> Callable[[], None]:
    libc = ctypes.CDLL(None)  # loaded here: after the fork is too late

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, sign)

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
        child.check()
        time.sleep(0.3)
    raise ChildFailed(f"{child.name} did not answer within {timeout:.0f} s; see {child.log}")
