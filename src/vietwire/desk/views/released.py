"""What has gone out: the items, their files, and the ways to withdraw or correct one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from vietwire.desk import access
from vietwire.desk.access import actor, room
from vietwire.review import Action
from vietwire.store import DraftFilter
from vietwire.story import DraftStatus, ReleasedItem, VietwireError

pages = Blueprint("released", __name__, url_prefix="/released")

SHOWN = 200


@pages.get("")
def index() -> str:
    store, who = room().store, actor()
    language = request.args.get("language", "")
    language = language if language in room().settings.languages else ""
    rows = []
    items = store.released()
    out: dict[tuple[str, str], int] = {}
    for item in items:
        of = (item.source_id, item.language)
        out[of] = max(item.item_version, out.get(of, 0))
    standing = [
        item
        for item in items
        if item.killed_at is None and item.item_version == out[item.source_id, item.language]
    ]
    for item in [item for item in items if language in ("", item.language)][:SHOWN]:
        draft = store.draft(item.draft_id)
        # The files of a replaced version hold what replaced it, and that is what can be killed.
        later = out[item.source_id, item.language]
        replaced = later if later > item.item_version else 0
        live = item.killed_at is None and not replaced
        may_kill = live and room().review.can(Action.KILL, who, draft)
        may_correct = live and room().review.can(Action.CORRECT, who, draft)
        rows.append((item, draft, replaced, may_kill, may_correct))
    waiting, embargoed = _waiting()
    return render_template(
        "released.html",
        rows=rows,
        language=language,
        waiting=waiting,
        held=_held(embargoed) if embargoed else "",
        unsettled=_unsettled(standing),
        may_release=access.may_translate(who),
    )


def _waiting() -> tuple[int, int]:
    """How many approved drafts can go out now, and how many an embargo still holds."""
    store = room().store
    approved = DraftFilter(statuses=(DraftStatus.APPROVED,))
    free = store.count_drafts(replace(approved, releasable_at=room().clock()))
    return free, store.count_drafts(approved) - free


def _held(embargoed: int) -> str:
    return ngettext(
        "%(num)d waits for its embargo to end.", "%(num)d wait for their embargo to end.", embargoed
    )


def _unsettled(standing: Sequence[ReleasedItem]) -> bool:
    """Whether a killed draft's item still stands as released, or a released one has no files."""
    outputs = room().settings.outputs
    return bool(room().store.kills_due()) or not all(
        (outputs / name).is_file() for item in standing for name in item.files
    )


@pages.post("/now")
def now() -> BaseResponse:
    """Write out what people have approved, without waiting for the next round."""
    access.check_may_translate(actor())
    try:
        items = room().release_approved()
    except (VietwireError, OSError) as error:
        flash(gettext("Not released: %(why)s", why=str(error)), "error")
    else:
        flash(ngettext("%(num)d item released.", "%(num)d items released.", len(items)), "done")
        _free, embargoed = _waiting()
        if embargoed:
            flash(_held(embargoed), "note")
    return redirect(url_for("released.index"))


@pages.get("/<int:draft_id>/<int:number>")
def file(draft_id: int, number: int) -> Response:
    """One file of a released item, as a download or plain text; only from the released folder."""
    items = [item for item in room().store.released() if item.draft_id == draft_id]
    if not items or number >= len(items[0].files):
        abort(404)
    outputs = room().settings.outputs.resolve()
    path = (outputs / items[0].files[number]).resolve()
    if not path.is_relative_to(outputs / "released") or not path.is_file():
        abort(404)
    as_json = path.suffix == ".json"
    response = Response(
        path.read_bytes(),
        mimetype="application/json" if as_json else "text/plain",
    )
    disposition = "attachment" if as_json else "inline"
    response.headers.set("Content-Disposition", disposition, filename=path.name)
    return response
