"""Feeds: saved RSS and Atom, a server on loopback, and what goes wrong with both."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from vietwire.intake import Outcome, feed
from vietwire.intake.feed import entries
from vietwire.story import RefusalReason

DATA = Path(__file__).parent / "data"
RSS, ATOM = (DATA / "feed.rss.xml").read_bytes(), (DATA / "feed.atom.xml").read_bytes()
URL = "https://tin.example/rss"


def test_rss_entries_become_stories(intake, shown) -> None:
    taken = intake.take_feed(URL, lambda url: RSS)
    by_id = {item.source_id: item for item in taken}
    assert by_id["tin-1"].outcome is Outcome.NEW
    story = intake.store.story("tin-1")
    assert story.headline == "Khai mạc Hội nghị Cấp cao ASEAN"
    assert story.dateline == "Hà Nội (TTXVN 12/11)"
    assert story.dated == date(2020, 11, 12)
    assert story.keywords == ("ASEAN 2020", "RCEP")
    assert [kind for kind, *_ in shown(story)] == [
        "headline", "standfirst", "paragraph", "list_item", "list_item",
    ]  # fmt: skip


def test_a_restricted_and_an_english_entry_do_not_stop_the_others(intake, tmp_path) -> None:
    taken = {item.source_id: item for item in intake.take_feed(URL, lambda url: RSS)}
    assert taken["tin-2"].refusal.reason is RefusalReason.RESTRICTED
    assert taken["tin-3"].refusal.reason is RefusalReason.NOT_VIETNAMESE
    assert taken["tin-4"].outcome is Outcome.NEW
    intake.store.close()
    written = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert "Chuồn chuồn tím".encode() not in written
    assert b"Leaders of ten" in written


def test_atom_entries_become_stories(intake) -> None:
    (taken,) = intake.take_feed(URL, lambda url: ATOM)
    assert taken.source_id == "urn:tin:atom-1"
    story = intake.store.story("urn:tin:atom-1")
    assert story.headline == "Bế mạc Hội nghị Cấp cao ASEAN"
    assert story.byline == "Nguyễn Văn A"


def test_reading_a_feed_twice_does_nothing_twice(intake) -> None:
    intake.take_feed(URL, lambda url: RSS)
    before = len(list(intake.refused.iterdir()))
    again = intake.take_feed(URL, lambda url: RSS)
    assert {str(item.outcome) for item in again} == {"same", "refused"}
    assert len(intake.store.refusals()) == 2
    assert len(list(intake.refused.iterdir())) == before


def test_a_changed_entry_is_a_new_version(intake) -> None:
    intake.take_feed(URL, lambda url: ATOM)
    changed = ATOM.replace("kết thúc tốt đẹp".encode(), "kết thúc thành công".encode())
    (taken,) = intake.take_feed(URL, lambda url: changed)
    assert (taken.outcome, taken.version) == (Outcome.VERSION, 2)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"", "neither an RSS nor an Atom"),
        (b"<html><p>404</p></html>", "neither an RSS nor an Atom"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"></rss>', "entities"),
    ],
)
def test_what_is_no_feed_is_one_failure(intake, body: bytes, wanted: str) -> None:
    (taken,) = intake.take_feed(URL, lambda url: body)
    assert taken.outcome is Outcome.FAILED
    assert wanted in taken.notes[0]


class Server(ThreadingHTTPServer):
    """A feed on loopback, with validators; ``asked`` counts, ``mode`` breaks it."""

    mode = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/rss"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        mode = self.server.mode
        known = self.headers.get("If-None-Match") == '"v1"'
        code = 500 if mode == "error" else 302 if mode == "ftp" else 304 if known else 200
        self.server.answers.append(code)
        self.send_response(code)
        self.send_header("ETag", '"v1"')
        if mode == "drip":
            with contextlib.suppress(OSError):
                for number in range(40):
                    self.send_header(f"X-{number}", "1")
                    self.flush_headers()
                    time.sleep(0.05)
        if code != 200:
            self.send_header("Location", "ftp://127.0.0.1/rss")
            self.end_headers()
            return
        body = ATOM if mode != "huge" else b" " * 200_000
        if mode in ("gzip", "bomb", "half"):
            self.send_header("Content-Encoding", "gzip")
            body = gzip.compress(ATOM if mode != "bomb" else b" " * 200_000)
            body = body[: len(body) // 2] if mode == "half" else body
        self.send_header("Content-Length", str(len(body) * (2 if mode == "cut" else 1)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield running
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def test_over_http_an_unchanged_feed_is_not_read_again(intake, server) -> None:
    assert [t.outcome for t in intake.take_feed(server.url)] == [Outcome.NEW]
    assert intake.take_feed(server.url) == []
    assert server.answers == [200, 304]


def test_a_feed_sent_as_gzip_is_read(intake, server) -> None:
    server.mode = "gzip"
    assert [t.outcome for t in intake.take_feed(server.url)] == [Outcome.NEW]


def test_a_feed_is_read_again_when_an_entry_could_not_be_stored(
    intake, server, monkeypatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise RuntimeError("locked")

    with monkeypatch.context() as patch:
        patch.setattr(intake.store, "add_story", locked)
        assert [t.outcome for t in intake.take_feed(server.url)] == [Outcome.FAILED]
    assert [t.outcome for t in intake.take_feed(server.url)] == [Outcome.NEW]


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("error", "answered 500"),
        ("huge", "larger than"),
        ("cut", "broke off"),
        ("bomb", "larger than"),
        ("half", "broke off"),
        ("ftp", "unknown url type: ftp"),
    ],
)
def test_trouble_on_the_wire_is_one_line(intake, server, monkeypatch, mode, wanted) -> None:
    monkeypatch.setattr(feed, "MAX_BYTES", 100_000)
    server.mode = mode
    (taken,) = intake.take_feed(server.url)
    assert taken.outcome is Outcome.FAILED
    assert wanted in taken.notes[0]


def test_headers_that_come_drop_by_drop_are_not_waited_for(intake, server, monkeypatch) -> None:
    monkeypatch.setattr(feed, "DEADLINE", 0.3)
    server.mode = "drip"
    begun = time.monotonic()
    (taken,) = intake.take_feed(server.url)
    assert "too long to arrive" in taken.notes[0]
    assert time.monotonic() - begun < 1.5  # the server takes two seconds


def test_only_web_addresses_are_fetched(intake) -> None:
    for url in ("file:///etc/passwd", "ftp://tin.example/rss", "/etc/passwd"):
        (taken,) = intake.take_feed(url)
        assert taken.outcome is Outcome.FAILED
        assert "http://" in taken.notes[0]


def test_a_server_that_is_not_there(intake, server) -> None:
    port = server.server_port + 1 if server.server_port < 65535 else 1
    (taken,) = intake.take_feed(f"http://127.0.0.1:{port}/")
    assert taken.outcome is Outcome.FAILED


_ITEM = "<title>Đầu đề</title><description>Hội nghị bàn về nhiều vấn đề của khu vực.</description>"


@pytest.mark.parametrize(
    "body",
    [
        f"<channel><title>BCTK</title><item>{_ITEM}</item></channel>",
        f"<channel><title>x</title><category>BCTK</category><item>{_ITEM}</item></channel>",
        f"<channel><title>x</title><item>{_ITEM}<v:kenh>BCTK</v:kenh></item></channel>",
        f"<channel><title>x</title><item>{_ITEM}<source url='a'>BCTK</source></item></channel>",
        f"<channel><title>x</title><item>{_ITEM}<link>http://a/bctk/1</link></item></channel>",
    ],
)
def test_the_marking_of_a_feed_or_of_a_field_of_its_own_is_known(body: str) -> None:
    feed = f'<rss version="2.0" xmlns:v="urn:v">{body}</rss>'
    (entry,) = entries(feed.encode())
    assert entry.restricted


@pytest.mark.parametrize(
    "link", ["http://a/bao-cao-tham-khao-123.html", "http://a/y-te/khong-pho-bien"]
)
def test_a_web_address_is_looked_at_for_the_four_letters_only(link: str) -> None:
    body = f"<channel><title>x</title><item>{_ITEM}<link>{link}</link></item></channel>"
    (entry,) = entries(f'<rss version="2.0">{body}</rss>'.encode())
    assert not entry.restricted


def test_the_label_of_an_atom_category_is_looked_at() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>a</id>'
        '<title>Đầu đề</title><category term="1" label="BCTK"/></entry></feed>'
    )
    (entry,) = entries(feed.encode())
    assert entry.restricted
