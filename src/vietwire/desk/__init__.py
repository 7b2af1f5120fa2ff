"""The desk: server-rendered pages where people claim, edit, approve and reject drafts.

The web framework is loaded when the desk is made, not when this package is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from vietwire.newsroom import Newsroom

#: Threads that answer requests; a page is a few database reads, so few are enough.
THREADS = 8


def create_app(newsroom: Newsroom) -> Flask:
    """The desk's WSGI application over an open newsroom. The newsroom stays the caller's to close.

    Writes ``outputs/desk.key`` (mode 0600) on first use: the key that signs form tokens.
    """
    from vietwire.desk.app import make_app

    return make_app(newsroom)


def serve(newsroom: Newsroom, host: str, port: int) -> None:
    """Answer requests until the process is told to stop.

    With ``settings.https`` a proxy on this machine is believed about the client's address and
    scheme; without it such headers are dropped.
    """
    import waitress

    proxy: dict[str, object] = {}
    if newsroom.settings.https:
        proxy = {
            "trusted_proxy": "127.0.0.1",
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
        }
    waitress.serve(
        create_app(newsroom),
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        clear_untrusted_proxy_headers=True,
        **proxy,
    )
