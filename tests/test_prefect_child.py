"""Prefect as a child: what it is told before it starts."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from vietwire.prefect_child import (
    PrefectServer,
    ensure_work_pool,
    prefect_command,
    prefect_environment,
    running_server,
)
from vietwire.processes import ChildFailed
from vietwire.settings import Settings


def test_prefect_is_quiet_and_keeps_everything_under_outputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", "/somewhere/else")
    monkeypatch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "true")
    settings = Settings(tmp_path, outputs=tmp_path / "outputs")
    environment = prefect_environment(settings, "http://127.0.0.1:4200/api")
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"
    # by which Prefect knows that a run lives; it takes no less
    assert int(environment["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"]) >= 30
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    for name in ("PREFECT_HOME", "PREFECT_PROFILES_PATH"):
        assert Path(environment[name]).is_relative_to(settings.outputs)
    assert not any(
        "postgresql" in value for name, value in environment.items() if "PREFECT" in name
    )


def test_a_note_of_a_server_that_cannot_be_used_is_no_server(tmp_path: Path) -> None:
    settings = Settings(tmp_path, outputs=tmp_path / "outputs")
    note = settings.outputs / "prefect" / "server.json"
    note.mkdir(parents=True)  # cannot be read, as another user's closed file
    assert running_server(settings) is None
    note.rmdir()
    note.write_text('{"api_url": "http://127.0.0.1:9/api"}', encoding="utf-8")
    assert running_server(settings) is None


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    settings = Settings(tmp_path, outputs=tmp_path / "outputs")
    (settings.outputs / "prefect" / ".server.lock").mkdir(parents=True)
    with pytest.raises(ChildFailed, match=r"\.server\.lock cannot be written"):
        PrefectServer(settings, 0).start()


@pytest.mark.parametrize(("failures", "passes"), [(1, True), (2, False)])
def test_a_command_whose_server_went_away_is_run_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int, passes: bool
) -> None:
    runs = tmp_path / "runs"
    python = tmp_path / "python"
    python.write_text(
        f"#!/bin/sh\necho x >> {runs}\n[ $(wc -l < {runs}) -gt {failures} ] && exit 0\n"
        "echo An exception occurred.\nexit 1\n",
        encoding="utf-8",
    )
    python.chmod(0o755)
    monkeypatch.setattr("vietwire.prefect_child.sys.executable", str(python))
    settings = Settings(tmp_path, outputs=tmp_path / "outputs")
    server = PrefectServer(settings, 0)
    monkeypatch.setattr(server, "keep", lambda: None)
    server.api_url = "http://127.0.0.1:9/api"
    if passes:
        prefect_command(settings, server, "deploy", "--all")
    else:
        with pytest.raises(ChildFailed, match=r"prefect deploy --all: An exception occurred\."):
            prefect_command(settings, server, "deploy", "--all")
    assert len(runs.read_text().splitlines()) == 2


@pytest.mark.parametrize(("answers", "message"), [([503, 503, 201], ""), ([500], "will not make")])
def test_a_server_whose_database_is_busy_is_asked_again(
    tmp_path: Path, answers: list[int], message: str
) -> None:
    left = list(answers)

    class Busy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(left.pop(0))
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Busy) as busy:
        threading.Thread(target=busy.serve_forever, daemon=True).start()
        server = PrefectServer(Settings(tmp_path, outputs=tmp_path / "outputs"), 0)
        server.api_url = f"http://127.0.0.1:{busy.server_port}"
        if message:
            with pytest.raises(ChildFailed, match=message):
                ensure_work_pool(server)
        else:
            ensure_work_pool(server)
        busy.shutdown()
    assert left == []
