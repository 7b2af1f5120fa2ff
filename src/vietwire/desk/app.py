"""Putting the desk together: configuration, headers, errors, languages and pages."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, render_template, request, url_for
from flask_babel import get_locale, gettext, lazy_gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from vietwire.desk import access, i18n
from vietwire.desk.edits import kept_text
from vietwire.desk.spoken import spoken
from vietwire.desk.views import account, admin, drafts, queue, released, runs, stories, terms
from vietwire.review import NotAllowed
from vietwire.store import NotFound
from vietwire.story import Role, VietwireError

if TYPE_CHECKING:
    from vietwire.newsroom import Newsroom

_ = lazy_gettext
#: Bytes of one request: a story's files together. What a form of text may hold is less.
MAX_REQUEST = 8 * 1024 * 1024
MAX_FORM = 4 * 1024 * 1024

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": the form protection checks the referrer under HTTPS.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
NAVIGATION = (
    ("queue.index", _("Queue")),
    ("stories.index", _("Stories")),
    ("released.index", _("Released")),
    ("stories.refused", _("Refused")),
    ("terms.index", _("Terms")),
    ("runs.index", _("Runs")),
)
ERRORS: dict[int, tuple[Any, Any]] = {
    400: (_("The request was not understood"), _("Go back and try again.")),
    403: (_("Not allowed"), _("Your role does not allow this. Ask an editor.")),
    404: (_("Not found"), _("There is nothing at this address. It may have been a wrong link.")),
    405: (_("Not allowed"), _("This address cannot be used in that way.")),
    409: (_("Changed in the meantime"), _("Somebody else changed this. Look at it again.")),
    413: (
        _("Too large"),
        _("What you sent is too large to take in. Send fewer files, or a smaller one."),
    ),
    429: (_("Too many attempts"), _("Wait a few minutes and try again.")),
    500: (
        _("Something went wrong"),
        _("The desk could not finish this. Nothing was half done; the log has the details."),
    ),
}


def make_app(newsroom: Newsroom) -> Flask:
    """See ``vietwire.desk.create_app``."""
    app = Flask("vietwire.desk")
    https = newsroom.settings.https
    app.config.update(
        SECRET_KEY=_form_key(newsroom.settings.outputs / "desk.key"),
        SESSION_COOKIE_NAME="vietwire_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MAX_FORM,
        # A draft stays open on a desk for hours; the token lives as long as the browser's session.
        WTF_CSRF_TIME_LIMIT=None,
        SEND_FILE_MAX_AGE_DEFAULT=86_400,
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
    )
    app.extensions["vietwire"] = newsroom
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    i18n.PoBabel(app, locale_selector=i18n.choose_locale)
    CSRFProtect(app)
    access.guard(app)
    app.url_map.converters["source_id"] = stories.SourceIds
    for module in (account, queue, drafts, stories, released, runs, terms, admin):
        app.register_blueprint(module.pages)
    app.context_processor(_context(app))
    app.after_request(_headers)
    _errors(app)
    app.add_url_rule("/health", "health", lambda: Response("ok\n", mimetype="text/plain"))
    return app


def _form_key(path: Path) -> bytes:
    """The key that signs form tokens, made once: a restart then loses no open form."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) >= 32:
            return key
        path.unlink()
        return _form_key(path)
    key = secrets.token_bytes(32)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key


def _asset_version(app: Flask) -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(str(app.static_folder)).iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _context(app: Flask) -> Any:
    version = _asset_version(app)

    def context() -> dict[str, Any]:
        actor = access.actor_or_none()
        now = access.room().clock()

        def age(moment: datetime) -> str:
            return i18n.age(moment, now)

        navigation = list(NAVIGATION)
        if actor is not None and actor.role is Role.ADMIN:
            navigation.append(("admin.index", _("People")))
        theme = request.cookies.get("theme", "")
        return {
            **i18n.labels(),
            "spoken": spoken,
            "actor": actor,
            "nav": navigation,
            "theme": theme if theme in ("light", "dark") else "",
            "keys_on": request.cookies.get("keys") != "off",
            "asset_version": version,
            "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
            "local_time": i18n.local_time,
            "age": age,
            "get_locale": get_locale,
            "languages": access.room().settings.languages,
        }

    return context


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    response.vary.add("Cookie")
    return response


def _errors(app: Flask) -> None:
    def page(status: int, message: str = "") -> tuple[str, int]:
        heading, usual = ERRORS.get(status, ERRORS[400])
        back = request.referrer or ""
        local = back.startswith(request.host_url)
        kept = kept_text(request.form) if request.method == "POST" and status != 413 else []
        return render_template(
            "error.html",
            heading=heading,
            message=message or usual,
            kept=kept,
            back=back if local else url_for("queue.index"),
        ), status

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> tuple[str, int]:
        return page(
            400,
            gettext(
                "This form is no longer valid; you may have signed in again since it was opened. "
                "Load the page again and send it once more."
            ),
        )

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
            return error
        status = error.code
        own = getattr(error, "desk_message", "")
        body, code = page(status, own)
        response = app.make_response((body, code))
        for name, value in error.get_headers(request.environ):
            if name.lower() in ("allow", "retry-after"):
                response.headers[name] = value
        return response

    @app.errorhandler(NotFound)
    def missing(error: NotFound) -> tuple[str, int]:
        return page(404)

    @app.errorhandler(NotAllowed)
    def not_allowed(error: NotAllowed) -> tuple[str, int]:
        return page(403, spoken(error))

    @app.errorhandler(VietwireError)
    def told(error: VietwireError) -> tuple[str, int]:
        # Such an error says in one line what is wrong and what to do about it.
        app.logger.error("%s %s: %s", request.method, request.path, error)
        return page(500, spoken(error))

    @app.errorhandler(Exception)
    def broken(error: Exception) -> tuple[str, int]:
        # The trace goes to the log; a page never shows it, and the person's text stays readable.
        app.logger.error("%s %s", request.method, request.path, exc_info=error)
        return page(500)
