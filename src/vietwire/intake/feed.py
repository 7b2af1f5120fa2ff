"""RSS and Atom feeds: fetching with limits, and entries as items."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vietwire.intake.formats.html import blocks_of as blocks_of_html
from vietwire.intake.outcome import Raw
from vietwire.intake.restricted import address_is_marked, is_restricted
from vietwire.story import VietwireError

#: Gets the bytes at an address.
Transport = Callable[[str], bytes]

MAX_BYTES = 8 * 1024 * 1024
#: Seconds for one answer of the server, and for the whole feed.
TIMEOUT = 15.0
DEADLINE = 60.0


class FeedUnavailable(VietwireError):
    """The feed could not be fetched or is none; the next run tries again."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the server gave: None for a feed that has not changed since."""

    body: bytes | None
    validators: dict[str, str]


def fetch(url: str, validators: dict[str, str] | None = None) -> Fetched:
    """Get a feed over HTTP, asking only for what changed since (ETag, Last-Modified).

    :raises FeedUnavailable: with what went wrong in one line.
    """
    # On a thread of its own: a server that sends its headers drop by drop keeps within every limit
    # of the socket for half an hour.
    outcome: list[Fetched | Exception] = []

    def work() -> None:
        try:
            outcome.append(_fetch(url, validators))
        except Exception as error:
            outcome.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(DEADLINE * 1.1)
    if not outcome:
        raise FeedUnavailable("the feed took too long to arrive")
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


def _fetch(url: str, validators: dict[str, str] | None) -> Fetched:
    import urllib.error
    import urllib.request
    from http.client import HTTPException

    if urlsplit(url).scheme not in ("http", "https"):
        raise FeedUnavailable("a feed's address begins with http:// or https://")
    headers = {"User-Agent": "vietwire", "Accept": "application/atom+xml, application/rss+xml, */*"}
    validators = validators or {}
    if validators.get("etag"):
        headers["If-None-Match"] = validators["etag"]
    if validators.get("last-modified"):
        headers["If-Modified-Since"] = validators["last-modified"]
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - scheme checked above
    limit = time.monotonic() + DEADLINE
    try:
        # no FTP, no files: not even by way of a redirect
        opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler,
            urllib.request.HTTPHandler,
            urllib.request.HTTPSHandler,
            urllib.request.HTTPRedirectHandler,
            urllib.request.HTTPDefaultErrorHandler,
            urllib.request.HTTPErrorProcessor,
            urllib.request.UnknownHandler,
        ):
            opener.add_handler(handler())
        with opener.open(request, timeout=TIMEOUT) as answer:
            parts: list[bytes] = []
            size = 0
            while part := answer.read1(65536):
                size += len(part)
                parts.append(part)
                if size > MAX_BYTES:
                    raise FeedUnavailable(f"the feed is larger than {MAX_BYTES >> 20} MB")
                if time.monotonic() > limit:
                    raise FeedUnavailable("the feed took too long to arrive")
            wanted = answer.headers.get("Content-Length", "")
            if wanted.isdigit() and size < int(wanted):
                raise FeedUnavailable("the feed broke off before its end")
            names = ("etag", "last-modified")
            kept = {n: str(answer.headers[n]) for n in names if answer.headers.get(n)}
            body = b"".join(parts)
            if answer.headers.get("Content-Encoding", "").lower() in ("gzip", "x-gzip"):
                body = _unpacked(body)
            return Fetched(body, kept)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 304:
                return Fetched(None, validators)
            raise FeedUnavailable(f"the server answered {error.code}") from None
    except urllib.error.URLError as error:
        raise FeedUnavailable(f"the server cannot be reached ({error.reason})") from None
    except TimeoutError:
        raise FeedUnavailable("the server did not answer in time") from None
    except (OSError, HTTPException, ValueError) as error:
        raise FeedUnavailable(f"the feed cannot be read ({type(error).__name__})") from None


def _unpacked(body: bytes) -> bytes:
    """A feed sent as gzip, which some servers do unasked."""
    import zlib

    stream = zlib.decompressobj(31)
    try:
        text = stream.decompress(body, MAX_BYTES + 1)
    except zlib.error:
        raise FeedUnavailable("the feed's gzip cannot be read") from None
    if len(text) > MAX_BYTES:
        raise FeedUnavailable(f"the feed is larger than {MAX_BYTES >> 20} MB")
    if not stream.eof:
        raise FeedUnavailable("the feed broke off before its end")
    return text


class Memory:
    """Remembers the validators of each feed in a small file, so unchanged feeds cost nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _file(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()[:24]}.json"

    def get(self, url: str) -> dict[str, str]:
        try:
            known = json.loads(self._file(url).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(k): str(v) for k, v in known.items()} if isinstance(known, dict) else {}

    def put(self, url: str, validators: dict[str, str]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._file(url).with_suffix(".part")
        unfinished.write_text(json.dumps(validators), encoding="utf-8")
        unfinished.replace(self._file(url))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its item, an id where it declares none, and its bytes to keep if refused."""

    raw: Raw
    source_id: str
    data: bytes
    restricted: bool


def entries(body: bytes) -> list[Entry]:
    """The entries of a feed, newest last, so that a correction follows what it corrects.

    :raises FeedUnavailable: if this is no feed.
    """
    import feedparser

    if b"<!ENTITY" in body:
        raise FeedUnavailable("the feed defines XML entities; not read")
    try:
        parsed: Any = feedparser.parse(body, sanitize_html=True, resolve_relative_uris=False)
    except Exception as error:
        raise FeedUnavailable(f"the feed cannot be parsed ({type(error).__name__})") from None
    if not parsed.entries and not parsed.get("version"):
        raise FeedUnavailable("this is neither an RSS nor an Atom feed")
    feed = "\n".join(_named(parsed.feed))
    restricted = is_restricted(feed.encode("utf-8", "replace"))
    return [_entry(entry, restricted) for entry in reversed(parsed.entries)]


def _entry(entry: Any, restricted: bool) -> Entry:
    contents = [part for part in entry.get("content", ()) if part.get("value", "").strip()]
    summary = str(entry.get("summary") or "")
    markup = str(contents[0]["value"]) if contents else summary
    text = "\n".join([*_named(entry), markup, summary])
    data = text.encode("utf-8", "replace")
    link = str(entry.get("link") or "")
    source_id = str(entry.get("id") or link)
    fallback = f"feed-{hashlib.sha256(data).hexdigest()[:16]}"
    raw = Raw()
    tags = [str(tag.get("term") or tag.get("label") or "") for tag in entry.get("tags", ())]
    marked = any(is_restricted(tag.encode("utf-8", "replace")) for tag in _tags(entry))
    if restricted or marked or is_restricted(data) or address_is_marked(link):
        return Entry(raw, source_id or fallback, data, restricted=True)
    raw.put("source_id", "".join(source_id.split()))
    raw.put("headline", " ".join(b.text for b in blocks_of_html(str(entry.get("title") or ""))))
    raw.put("byline", str(entry.get("author") or ""))
    raw.put("keywords", "\n".join(tags))
    for name in ("published_parsed", "updated_parsed"):
        when = dict.get(entry, name)
        if when is not None:
            raw.put("date", time.strftime("%Y-%m-%dT%H:%M:%S+00:00", when))
    raw.blocks = blocks_of_html(markup, raw)
    if contents and summary:
        lead = " ".join(block.text for block in blocks_of_html(summary))
        whole = " ".join(block.text for block in raw.blocks)
        if lead.rstrip(".… ")[:80] not in whole:
            raw.put("standfirst", lead)
    return Entry(raw, fallback, data, restricted=False)


def _tags(entry: Any) -> list[str]:
    """Categories by code and by label, and the name of the source."""
    tags = [str(tag.get(key) or "") for tag in entry.get("tags", ()) for key in ("term", "label")]
    return [*tags, str((entry.get("source") or {}).get("title") or "")]


def _named(entry: Any) -> list[str]:
    """All short fields as "name: value" lines, in which a marking would be found.

    A field of the sender's own name space is called by its last part: ``v_kenh`` is ``kenh``.
    """
    lines: list[str] = []
    for name, value in entry.items():
        if isinstance(value, str) and name not in ("summary", "description", "subtitle"):
            lines.append(f"{name.rpartition('_')[2]}: {value}")
    return [*lines, *(f"tag: {tag}" for tag in _tags(entry) if tag)]
