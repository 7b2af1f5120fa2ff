"""Who is at the desk: sessions in the store, the cookie, and the gate in front of every page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as BaseResponse

from vietwire.store import NotFound
from vietwire.story import Actor, Role

if TYPE_CHECKING:
    from vietwire.newsroom import Newsroom

COOKIE = "vietwire_session"
#: Pages that need no session. Every other one does: a page is closed unless it stands here.
OPEN = frozenset({"account.login", "account.preferences", "static", "health"})
#: Forms whose text must survive a session that ended meanwhile.
KEEPING = frozenset({"drafts.act", "stories.create"})
EDITORS = frozenset({Role.EDITOR, Role.ADMIN})


class Refused(Forbidden):
    """403 with a sentence for the person."""

    def __init__(self, message: str = "") -> None:
        super().__init__()
        self.desk_message = message


def room() -> Newsroom:
    """The newsroom this desk works in."""
    return cast("Newsroom", current_app.extensions["vietwire"])


def actor_or_none() -> Actor | None:
    return cast("Actor | None", g.get("desk_actor"))


def actor() -> Actor:
    """Who is asking. Only for pages behind the gate."""
    who = actor_or_none()
    assert who is not None  # noqa: S101 - the gate let the request in
    return who


def people() -> dict[str, str]:
    """Sign-in names to names as shown."""
    return {user.name: user.display_name or user.name for user in room().store.users()}


def may_translate(who: Actor) -> bool:
    """Whether ``who`` may start a translation by hand."""
    return who.role in EDITORS


def check_may_translate(who: Actor) -> None:
    """:raises Refused:"""
    if not may_translate(who):
        raise Refused(gettext("Only an editor may start a translation or a release by hand."))


def may_take_in(who: Actor) -> bool:
    """Whether ``who`` may have the inbox and the feeds read now. A story of their own may all."""
    return who.role in EDITORS


def check_may_take_in(who: Actor) -> None:
    """:raises Refused:"""
    if not may_take_in(who):
        raise Refused(gettext("Only an editor may take in what waits."))


def may_administer(who: Actor) -> bool:
    return who.role is Role.ADMIN


def check_may_administer(who: Actor) -> None:
    """:raises Refused:"""
    if not may_administer(who):
        raise Refused(gettext("Only an administrator may do this."))


def local_target(target: str) -> str:
    """``target`` if it is a path on this desk, else the queue: never a way off the site."""
    parts = urlsplit(target)
    path = target.startswith("/") and not target.startswith(("//", "/\\"))
    if not path or parts.scheme or parts.netloc or any(ord(c) < 32 for c in target):
        return url_for("queue.index")
    return target


def start_session(response: Response, name: str) -> None:
    """Log ``name`` in: a session in the store, its secret in a cookie that scripts cannot read."""
    settings = room().settings
    lifetime = timedelta(hours=settings.session_hours)
    token = room().store.create_session(name, lifetime=lifetime)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(lifetime.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.https,
        path="/",
    )


def end_session(response: BaseResponse) -> None:
    token = request.cookies.get(COOKIE, "")
    if token:
        room().store.end_session(token)
    response.delete_cookie(
        COOKIE, path="/", httponly=True, samesite="Lax", secure=room().settings.https
    )


def _identify() -> None:
    token = request.cookies.get(COOKIE, "")
    session = room().store.session(token) if token else None
    if session is None:
        return
    try:
        user = room().store.user(session.user)
    except NotFound:
        return
    if user.active:
        g.desk_actor = user.actor


def kept_fields() -> list[tuple[str, str]]:
    """The posted fields, as they are carried through the sign-in page."""
    return [
        (name, value)
        for name, value in request.form.items()
        if name not in ("csrf_token", "action")
    ]


def guard(app: Flask) -> None:
    """Put the gate in front of every page of ``app``."""

    @app.before_request
    def gate() -> BaseResponse | tuple[str, int] | None:
        if request.endpoint in ("static", "health"):
            return None
        _identify()
        if request.endpoint in OPEN or request.endpoint is None or actor_or_none() is not None:
            return None
        if request.method == "POST":
            # Signed out in the middle of work: what was typed comes along through the sign-in.
            kept = kept_fields() if request.endpoint in KEEPING else []
            target = request.path if kept else url_for("queue.index")
            return render_template("login.html", next=target, kept=kept, name="", error=""), 401
        return redirect(url_for("account.login", next=request.full_path.rstrip("?")))
