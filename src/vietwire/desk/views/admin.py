"""The people of the desk: for administrators."""

from __future__ import annotations

from typing import NoReturn

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from vietwire.desk import access
from vietwire.desk.access import actor, room
from vietwire.desk.passwords import SHORTEST, hash_password
from vietwire.desk.spoken import spoken
from vietwire.store import StoreError
from vietwire.story import Role, VietwireError

pages = Blueprint("admin", __name__, url_prefix="/people")


@pages.before_request
def only_administrators() -> None:
    access.check_may_administer(actor())


def _page(error: str = "", status: int = 200) -> tuple[str, int]:
    fields = {n: request.form.get(n, "") for n in ("name", "display_name", "role")}
    return render_template(
        "users.html",
        rows=room().store.users(),
        error=error,
        fields=fields,
        shortest=SHORTEST,
    ), status


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        _bad()


def _bad() -> NoReturn:
    abort(400)


def _languages() -> tuple[str, ...]:
    chosen = request.form.getlist("language")
    return tuple(code for code in room().settings.languages if code in chosen)


def _last_admin(name: str) -> bool:
    """Whether ``name`` is the only active administrator: the desk must never be left without."""
    admins = [u.name for u in room().store.users(active=True) if u.role is Role.ADMIN]
    return admins == [name]


@pages.get("")
def index() -> tuple[str, int]:
    return _page()


@pages.post("/add")
def add() -> BaseResponse | tuple[str, int]:
    name = request.form.get("name", "").strip().lower()
    role, languages = _role(), _languages()
    if role is Role.REVIEWER and not languages:
        return _page(gettext("A reviewer needs at least one language."), 400)
    try:
        user = room().store.add_user(
            name,
            role,
            password_hash=hash_password(request.form.get("password", ""), name=name),
            languages=languages if role is Role.REVIEWER else (),
            display_name=request.form.get("display_name", "").strip()[:100] or name,
            actor=actor().name,
        )
    except (StoreError, VietwireError) as error:
        return _page(spoken(error), 400)
    flash(gettext("%(name)s can sign in.", name=user.name), "done")
    return redirect(url_for("admin.index"))


@pages.post("/<name>/change")
def change(name: str) -> BaseResponse | tuple[str, int]:
    role, languages = _role(), _languages()
    if role is not Role.ADMIN and _last_admin(name):
        return _page(gettext("The last administrator stays one."), 409)
    if role is Role.REVIEWER and not languages:
        return _page(gettext("A reviewer needs at least one language."), 400)
    room().store.user(name)
    try:
        room().store.change_user(
            name,
            role=role,
            languages=languages if role is Role.REVIEWER else (),
            actor=actor().name,
        )
    except StoreError as error:
        return _page(spoken(error), 400)
    flash(gettext("%(name)s is changed.", name=name), "done")
    return redirect(url_for("admin.index"))


@pages.post("/<name>/active")
def activate(name: str) -> BaseResponse | tuple[str, int]:
    active = request.form.get("active") == "1"
    if not active and (name == actor().name or _last_admin(name)):
        return _page(gettext("You cannot deactivate yourself or the last administrator."), 409)
    room().store.user(name)
    room().store.change_user(name, active=active, actor=actor().name)
    message = (
        gettext("%(name)s can sign in again.", name=name)
        if active
        else gettext("%(name)s is signed out and cannot sign in.", name=name)
    )
    flash(message, "done")
    return redirect(url_for("admin.index"))


@pages.post("/<name>/password")
def reset(name: str) -> BaseResponse | tuple[str, int]:
    room().store.user(name)
    try:
        hashed = hash_password(request.form.get("password", ""), name=name)
    except VietwireError as error:
        return _page(spoken(error), 400)
    room().store.set_password_hash(name, hashed, actor=actor().name)
    flash(gettext("The password of %(name)s is set; their sessions have ended.", name=name), "done")
    return redirect(url_for("admin.index"))
