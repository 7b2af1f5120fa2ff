"""Signing in and out, one's own password, and how the desk looks."""

from __future__ import annotations

from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from vietwire.desk import access, i18n
from vietwire.desk.access import actor, room
from vietwire.desk.passwords import (
    LONGEST,
    SHORTEST,
    WeakPassword,
    hash_password,
    needs_rehash,
    verify_password,
)
from vietwire.desk.spoken import spoken
from vietwire.store import NotFound
from vietwire.story import DraftStatus

_ = lazy_gettext
pages = Blueprint("account", __name__)

#: Failed sign-ins within the window after which no password is looked at: for a name from one
#: address, for an address with any name, and for a name from anywhere. The last is high, so that
#: nobody can lock a colleague out with a handful of wrong guesses.
WINDOW = timedelta(minutes=15)
LIMIT_NAME_AND_ADDRESS = 5
LIMIT_ADDRESS = 30
LIMIT_NAME = 50
YEAR = 365 * 24 * 3600

STATUS_HELP = {
    DraftStatus.MACHINE: _("The machine's text, which nobody has taken in hand."),
    DraftStatus.IN_REVIEW: _("Someone has claimed it, or did and put it down."),
    DraftStatus.APPROVED: _("A person approved it; it goes out at the next release."),
    DraftStatus.RELEASED: _("It has gone out."),
    DraftStatus.REJECTED: _("Not for publication, or waiting for a new machine draft."),
    DraftStatus.STALE: _("A newer version of the story has come in."),
    DraftStatus.KILLED: _("Withdrawn; never to be published."),
}


def _too_many(name: str, address: str) -> bool:
    store, since = room().store, room().clock() - WINDOW
    return (
        store.failed_logins_since(since, name=name, address=address) >= LIMIT_NAME_AND_ADDRESS
        or store.failed_logins_since(since, address=address) >= LIMIT_ADDRESS
        or store.failed_logins_since(since, name=name) >= LIMIT_NAME
    )


@pages.route("/login", methods=["GET", "POST"])
def login() -> BaseResponse | tuple[str, int] | str:
    if request.method != "POST":  # HEAD too: a monitor's look is not a failed sign-in.
        if access.actor_or_none() is not None:
            return redirect(url_for("queue.index"))
        target = request.args.get("next", "")
        return render_template("login.html", next=target, kept=[], name="", error="")
    name = request.form.get("name", "").strip().lower()[:64]
    password = request.form.get("password", "")[: LONGEST + 1]
    address = request.remote_addr or ""
    kept = [
        (key.removeprefix("kept-"), value)
        for key, value in request.form.items()
        if key.startswith("kept-")
    ]
    target = request.form.get("next", "")

    def again(error: str, status: int) -> BaseResponse:
        page = render_template("login.html", next=target, kept=kept, name=name, error=error)
        response = make_response(page, status)
        if status == 429:
            response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
        return response

    if _too_many(name, address):
        return again(
            gettext(
                "Too many failed attempts. Wait a quarter of an hour, or ask an administrator."
            ),
            429,
        )
    try:
        user = room().store.user(name)
    except NotFound:
        user = None
    stored = user.password_hash if user is not None and user.active else None
    fits = verify_password(stored, password)
    room().store.record_login_attempt(name, address, success=fits)
    if not fits or user is None:
        return again(gettext("Name and password do not fit."), 401)
    if needs_rehash(user.password_hash):
        # Before the session starts: a new hash ends the person's sessions.
        room().store.set_password_hash(name, hash_password(password), actor=name)
    session.clear()
    response: Response
    if kept:
        response = make_response(_with_kept(target, dict(kept), user.actor))
    else:
        response = make_response(redirect(access.local_target(target)))
    access.start_session(response, name)
    return response


def _with_kept(target: str, fields: dict[str, str], who: object) -> str | BaseResponse:
    """The form that somebody was signed out of, with what they had typed."""
    from flask import current_app, g

    from vietwire.desk.views import drafts, stories

    g.desk_actor = who
    endpoint, values = current_app.create_url_adapter(request).match(  # type: ignore[union-attr]
        access.local_target(target), method="POST"
    )
    if endpoint == "drafts.act":
        return drafts.page_with_kept(int(values["draft_id"]), fields)
    if endpoint == "stories.create":
        return stories.form_page(fields)
    return redirect(url_for("queue.index"))


@pages.post("/logout")
def logout() -> BaseResponse:
    response = redirect(url_for("account.login"))
    access.end_session(response)
    session.clear()
    return response


@pages.get("/account")
def index() -> str:
    return render_template("account.html", shortest=SHORTEST, error="")


@pages.post("/account/password")
def password() -> BaseResponse | tuple[str, int]:
    who = actor()
    user = room().store.user(who.name)
    address = request.remote_addr or ""
    old, new = request.form.get("old", ""), request.form.get("new", "")

    def again(error: str, status: int = 400) -> tuple[str, int]:
        return render_template("account.html", shortest=SHORTEST, error=error), status

    if _too_many(who.name, address):
        return again(
            gettext(
                "Too many failed attempts. Wait a quarter of an hour, or ask an administrator."
            ),
            429,
        )
    if not verify_password(user.password_hash, old):
        room().store.record_login_attempt(who.name, address, success=False)
        return again(gettext("The present password does not fit."))
    if new != request.form.get("again", ""):
        return again(gettext("The two new passwords differ."))
    try:
        hashed = hash_password(new, name=who.name)
    except WeakPassword as error:
        return again(spoken(error))
    room().store.set_password_hash(who.name, hashed, actor=who.name)
    response = make_response(redirect(url_for("account.index")))
    access.start_session(response, who.name)
    flash(gettext("Your password is changed. Your other sessions have ended."), "done")
    return response


@pages.post("/preferences")
def preferences() -> BaseResponse:
    """Language, colours and keys live in cookies: they belong to the screen."""
    response = redirect(access.local_target(request.form.get("next", "")))
    choices = {"ui": i18n.UI_LANGUAGES, "theme": ("light", "dark", "auto"), "keys": ("on", "off")}
    for name, allowed in choices.items():
        value = request.form.get(name, "")
        if value in allowed:
            response.set_cookie(
                name,
                value,
                max_age=YEAR,
                httponly=True,
                samesite="Lax",
                secure=room().settings.https,
            )
    who = access.actor_or_none()
    chosen = request.form.get("ui", "")
    if who is not None and chosen in i18n.UI_LANGUAGES:
        room().store.change_user(who.name, ui_language=chosen, actor=who.name)
    return response


@pages.get("/help")
def help_page() -> str:
    return render_template("help.html", status_help=STATUS_HELP)
