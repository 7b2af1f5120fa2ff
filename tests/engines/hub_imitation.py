"""A hub on loopback: the few routes of the real one that pulling a model uses."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

REVISION = "0123456789abcdef0123456789abcdef01234567"


class Hub:
    """Serves one model. ``break_after`` cuts the next large transfers off after so many bytes;
    ``corrupt`` names files served with a flipped bit; ``ranges`` records what was asked for."""

    def __init__(self, folder: Path, repository: str = "owner/tiny") -> None:
        self.folder = folder
        self.repository = repository
        self.break_after: int | None = None
        self.corrupt: set[str] = set()
        self.ranges: list[tuple[str, str]] = []
        self.requests = 0
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_HEAD(self) -> None:
                hub.answer(self, body=False)

            def do_GET(self) -> None:
                hub.answer(self, body=True)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Hub:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: BaseHTTPRequestHandler, body: bool) -> None:
        self.requests += 1
        path = request.path.split("?")[0]
        if path == f"/api/models/{self.repository}/revision/{REVISION}":
            self.send(request, 200, json.dumps(self.listing()).encode(), body)
            return
        head = f"/{self.repository}/resolve/{REVISION}/"
        file = self.folder / path.removeprefix(head)
        if not path.startswith(head) or not file.is_file():
            self.send(request, 404, b'{"error":"not here"}', body)
            return
        content = bytearray(file.read_bytes())
        if file.name in self.corrupt:
            content[len(content) // 2] ^= 1
        asked = request.headers.get("Range", "")
        self.ranges.append((file.name, asked))
        start = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
        rest = bytes(content[start:])
        extra = (
            {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if asked else {}
        )
        if body and self.break_after is not None and len(rest) > self.break_after:
            # A server that goes away in mid-transfer with an error no client retries by itself.
            request.send_response(206 if asked else 200)
            request.send_header("Content-Length", str(self.break_after))
            request.end_headers()
            request.wfile.write(rest[: self.break_after])
            return
        self.send(request, 206 if asked else 200, rest, body, extra)

    def listing(self) -> dict[str, object]:
        siblings = []
        for path in sorted(self.folder.rglob("*")):
            if not path.is_file():
                continue
            content = path.read_bytes()
            row: dict[str, object] = {
                "rfilename": path.relative_to(self.folder).as_posix(),
                "size": len(content),
                "blobId": hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest(),
            }
            if path.suffix in (".safetensors", ".spm", ".bin"):
                row["lfs"] = {
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "size": len(content),
                    "pointerSize": 130,
                }
            siblings.append(row)
        return {
            "id": self.repository,
            "modelId": self.repository,
            "sha": REVISION,
            "siblings": siblings,
        }

    @staticmethod
    def send(
        request: BaseHTTPRequestHandler,
        status: int,
        content: bytes,
        body: bool,
        extra: dict[str, str] | None = None,
    ) -> None:
        request.send_response(status)
        for name, value in (extra or {}).items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if body:
            request.wfile.write(content)
