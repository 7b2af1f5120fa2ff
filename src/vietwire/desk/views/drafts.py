"""The draft: the page where text is put right, and everything that can be done with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from vietwire.desk import access
from vietwire.desk.access import actor, people, room
from vietwire.desk.decisions import choices
from vietwire.desk.edits import Edits, fingerprint, read_edits
from vietwire.desk.history import told
from vietwire.desk.i18n import local_time
from vietwire.desk.marking import Change, Piece, difference, source_pieces, target_pieces
from vietwire.desk.spoken import spoken
from vietwire.review import (
    TRANSITIONS,
    Action,
    Blocked,
    Conflict,
    NotAllowed,
    check_machine_can,
    machine_can,
)
from vietwire.store import DraftFilter
from vietwire.story import (
    BlockKind,
    Draft,
    DraftSegment,
    DraftStatus,
    Finding,
    Severity,
    Story,
    VietwireError,
)

pages = Blueprint("drafts", __name__, url_prefix="/drafts")

#: What the buttons of the page may ask for. Release and outdating are the program's.
ASKABLE = frozenset(Action) - {Action.RELEASE, Action.OUTDATE}
#: What asks for a sentence that others will read.
REASONED = frozenset(action for (_, action), row in TRANSITIONS.items() if row.needs_reason)
BUTTONS = {
    Action.RETURN: lambda: gettext("Return to the machine"),
    Action.REJECT: lambda: gettext("Reject"),
    Action.CORRECT: lambda: gettext("Correct"),
    Action.KILL: lambda: gettext("Kill"),
}
DONE = {
    Action.CLAIM: lambda: gettext("Claimed. It is yours until you approve it or put it down."),
    Action.TAKE_OVER: lambda: gettext("Taken over. It is yours now."),
    Action.RELEASE_CLAIM: lambda: gettext("Put down. Others can take it."),
    Action.APPROVE: lambda: gettext("Approved. It goes out at the next release."),
    Action.RETURN: lambda: gettext("Returned. The next run makes a new machine draft."),
    Action.REJECT: lambda: gettext("Rejected."),
    Action.REOPEN: lambda: gettext("Reopened; it is yours."),
    Action.CORRECT: lambda: gettext("Open for correction. Approving it again sends it out."),
    Action.KILL: lambda: gettext("Killed."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One segment as the page shows it."""

    segment: DraftSegment
    kind: BlockKind
    first: bool
    level: int
    marker: str
    cue: str
    source: list[Piece]
    target: list[Piece]
    marked: bool
    edited: bool
    missing: int
    machine_changes: list[Change]
    was: str
    kept: str | None
    rows: int


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:04.1f}"


def _height(text: str, language: str) -> int:
    """Lines that a text box needs, for browsers that do not size it themselves."""
    return max(1, math.ceil(len(text) / (32 if language == "zh" else 62)))


def _rows(draft: Draft, story: Story, kept: Mapping[int, str]) -> list[Row]:
    rows = []
    before = -1
    for segment in draft.segments:
        block = story.blocks[segment.block] if segment.block < len(story.blocks) else None
        cue = ""
        if block is not None and block.start is not None:
            cue = f"{_clock(block.start)}–{_clock(block.end or block.start)}"
        target = target_pieces(segment.text, segment.terms, segment.findings)
        edited = segment.text != segment.machine_text
        rows.append(
            Row(
                segment=segment,
                kind=block.kind if block is not None else BlockKind.PARAGRAPH,
                first=segment.block != before,
                level=min(3, block.level) if block is not None else 0,
                marker=block.marker if block is not None else "",
                cue=cue if segment.block != before else "",
                source=source_pieces(segment.source, segment.terms, segment.findings),
                target=target,
                marked=any(piece.findings for piece in target),
                edited=edited,
                missing=sum(hit.obeyed is False for hit in segment.terms),
                machine_changes=difference(segment.machine_text, segment.text) if edited else [],
                was=fingerprint(segment.text),
                kept=kept.get(segment.index),
                rows=_height(kept.get(segment.index, segment.text), draft.language),
            )
        )
        before = segment.block
    return rows


def _open_to(draft: Draft) -> dict[str, bool]:
    """The buttons to show. Saving and deciding claim a free draft first, so they show there too."""
    who, review = actor(), room().review
    allowed = set(review.actions(who, draft))
    mine, free = draft.claimed_by == who.name, draft.claimed_by is None
    implied = free and Action.CLAIM in allowed
    return {
        "claim": implied,
        "take_over": not mine and not free and Action.TAKE_OVER in allowed,
        "release_claim": not free and Action.RELEASE_CLAIM in allowed,
        "save": Action.SAVE in allowed or implied,
        "approve": Action.APPROVE in allowed or implied,
        "override": (Action.APPROVE in allowed or implied)
        and who.role in access.EDITORS
        and bool(draft.blocking),
        "return_to_machine": Action.RETURN in allowed or (implied and machine_can(draft)),
        "reject": Action.REJECT in allowed or implied,
        "reopen": Action.REOPEN in allowed,
        "correct": Action.CORRECT in allowed,
        "kill": Action.KILL in allowed,
    }


def _siblings(draft: Draft) -> list[tuple[str, Any]]:
    """The drafts of the same story version in every language, this one among them."""
    rows = room().store.drafts(
        DraftFilter(source_id=draft.source_id, story_version=draft.story_version, limit=None)
    )
    by_language = {row.language: row for row in rows}
    return [(code, by_language.get(code)) for code in room().settings.languages]


def page(
    draft: Draft,
    *,
    kept: Mapping[int, str] | None = None,
    blocked: Sequence[Finding] = (),
    reason: str = "",
    override_reason: str = "",
    reason_for: str = "",
) -> str:
    """The draft's page.

    ``kept`` is text by segment that is in the form but not saved; ``reason_for`` the button
    that was pressed without the reason it needs.
    """
    counts = [
        (severity, sum(f.severity is severity for f in draft.all_findings)) for severity in Severity
    ]
    blocking = sorted(
        {s.index for s in draft.segments for f in s.findings if f.severity is Severity.BLOCK}
    )
    events = room().store.audit(draft_id=draft.id)
    story = room().store.story(draft.source_id, draft.story_version)
    names = people()
    siblings = _siblings(draft)
    others = [
        room().store.draft(row.id)
        for _code, row in siblings
        if row is not None and row.language != draft.language
    ]
    concepts = {hit.concept for segment in draft.segments for hit in segment.terms}
    return render_template(
        "draft.html",
        draft=draft,
        elsewhere=choices(concepts, others),
        rows=_rows(draft, story, kept or {}),
        can=_open_to(draft),
        machine_can=machine_can(draft),
        siblings=siblings,
        next_draft=room().store.next_draft(draft.id, claimed_by=actor().name),
        finding_counts=counts,
        blocking_segments=blocking,
        blocked=blocked,
        edits_kept=bool(kept),
        reason=reason,
        override_reason=override_reason,
        reason_for=reason_for,
        events=told(events, names, {draft.id: draft.language}),
        people=names,
    )


def page_with_kept(draft_id: int, fields: Mapping[str, str]) -> str:
    """The page after a sign-in that came in between, with the text that was being sent."""
    draft = room().store.draft(draft_id)
    return page(
        draft,
        kept=read_edits(fields, draft).texts,
        reason=fields.get("reason", ""),
        override_reason=fields.get("override_reason", ""),
    )


@pages.get("/<int:draft_id>")
def show(draft_id: int) -> str:
    return page(room().store.draft(draft_id))


@pages.get("/<int:draft_id>/copy")
def copy(draft_id: int) -> str:
    """The stored text as subscribers would get it, for reading through before an approval."""
    draft = room().store.draft(draft_id)
    text = room().preview(draft, actor().name)
    return render_template("copy.html", draft=draft, text=text)


@pages.post("/<int:draft_id>")
def act(draft_id: int) -> BaseResponse | str:
    form = request.form
    revision = form.get("revision", "")
    wanted = form.get("action", "")
    if wanted not in {str(action) for action in ASKABLE} or not revision.isdecimal():
        abort(400)
    action = Action(wanted)
    draft = room().store.draft(draft_id)
    edits = read_edits(form, draft)
    reason = form.get("reason", "").strip()
    override = form.get("override_reason", "").strip()

    def stay(status: int, message: str = "", **more: Any) -> BaseResponse:
        if message:
            flash(message, "error")
        now = room().store.draft(draft_id)
        kept = {} if edits_saved else edits.texts
        body = page(now, kept=kept, reason=reason, override_reason=override, **more)
        return make_response(body, status)

    edits_saved = False
    try:
        draft = _unchanged(draft, int(revision), edits)
        if action in REASONED and not reason and _open_to(draft).get(action):
            button = BUTTONS[action]()
            return stay(
                422,
                gettext("Nothing was done yet: “%(what)s” needs a reason.", what=button),
                reason_for=button,
            )
        draft = _carry(draft, edits)
        edits_saved = True
        if action is not Action.SAVE or not edits.texts:
            draft = _do(action, draft, reason, override)
    except Blocked as error:
        return stay(409, blocked=error.findings)
    except Conflict as error:
        if edits.texts and not edits_saved:
            return make_response(_conflict(error.current, edits, reason), 409)
        flash(_who_changed(error.current), "error")
        return redirect(url_for("drafts.show", draft_id=draft_id))
    except NotAllowed as error:
        if edits.texts and not edits_saved:
            return make_response(_conflict(room().store.draft(draft_id), edits, reason), 409)
        return stay(403, spoken(error))
    _say_done(action, draft, edits)
    target = form.get("next", "")
    if target:
        return redirect(access.local_target(target))
    anchor = f"s{min(edits.texts)}" if action is Action.SAVE and edits.texts else None
    return redirect(url_for("drafts.show", draft_id=draft_id, _anchor=anchor))


def _unchanged(draft: Draft, revision: int, edits: Edits) -> Draft:
    """The draft, if it is still what the person was looking at.

    A revision that only a claim has moved on is no conflict: nothing the person saw has changed.

    :raises Conflict: if it is not.
    """
    if draft.revision != revision and (not edits.was or edits.changed_under(draft)):
        raise Conflict(draft)
    return draft


def _carry(draft: Draft, edits: Edits) -> Draft:
    """Save what was edited and answer the draft to act on."""
    if not edits.texts:
        return draft
    who, review = actor(), room().review
    if not review.can(Action.SAVE, who, draft):
        draft = review.claim(draft.id, who, draft.revision)
    return review.save(draft.id, who, draft.revision, edits.texts)


def _do(action: Action, draft: Draft, reason: str, override: str) -> Draft:
    who, review = actor(), room().review
    needs_hands = (Action.APPROVE, Action.RETURN, Action.REJECT)
    if action is Action.RETURN:
        check_machine_can(draft)
    if action in needs_hands and not review.can(action, who, draft):
        review.check_can(Action.CLAIM, who, draft)
        draft = review.claim(draft.id, who, draft.revision)
    here = (draft.id, who, draft.revision)
    match action:
        case Action.SAVE:
            return draft
        case Action.CLAIM | Action.TAKE_OVER:
            return review.claim(*here)
        case Action.RELEASE_CLAIM:
            return review.release_claim(*here)
        case Action.APPROVE:
            return review.approve(*here, override_reason=override)
        case Action.RETURN:
            return review.return_to_machine(*here, reason)
        case Action.REJECT:
            return review.reject(*here, reason)
        case Action.REOPEN:
            return review.reopen(*here, reason)
        case Action.CORRECT:
            return review.correct(*here, reason)
        case Action.KILL:
            was = draft.status
            draft = review.kill(*here, reason)
            if was is DraftStatus.RELEASED:
                _withdraw()
            return draft
        case _:
            abort(400)


def _withdraw() -> None:
    """What has gone out is withdrawn at once, not at the next round; a failure is said plainly."""
    try:
        room().propagate_kills()
    except (VietwireError, OSError) as error:
        flash(
            gettext(
                "Killed, but its files could not be withdrawn yet (%(why)s). "
                "Press “Release now” on the page Released to try again.",
                why=str(error),
            ),
            "error",
        )


def _say_done(action: Action, draft: Draft, edits: Edits) -> None:
    if edits.texts:
        count = len(edits.texts)
        flash(ngettext("%(num)d segment saved.", "%(num)d segments saved.", count), "done")
    elif action is Action.SAVE:
        flash(gettext("Nothing was changed, so nothing was saved."), "note")
    if action is Action.APPROVE and draft.embargo and draft.embargo > room().clock():
        until = local_time(draft.embargo)
        flash(gettext("Approved. It goes out when its embargo ends, %(time)s.", time=until), "done")
    elif action in DONE:
        flash(DONE[action](), "done")


def _who_changed(draft: Draft) -> str:
    who = _last_hand(draft)
    return gettext(
        "%(who)s changed this draft while you were looking at it. This is how it stands now.",
        who=who,
    )


def _last_hand(draft: Draft) -> str:
    """Who last changed the draft, as shown."""
    events = room().store.audit(draft_id=draft.id, limit=1)
    return people().get(events[0].actor, events[0].actor) if events else gettext("Somebody")


def _conflict(current: Draft, edits: Edits, reason: str) -> str:
    """Both texts side by side for every segment the person edited. Nothing of theirs is lost."""
    clashing = edits.changed_under(current)
    can_save = _open_to(current)["save"]
    # Whoever waits for a claim to be put down can send the same boxes again.
    held = (
        not can_save
        and current.claimed_by not in (None, actor().name)
        and current.current
        and (current.status, Action.SAVE) in TRANSITIONS
        and current.language in actor().languages
    )
    by_index = {segment.index: segment for segment in current.segments}
    rows = [
        {
            "segment": by_index[index],
            "mine": text,
            "clash": index in clashing,
            "changes": difference(by_index[index].text, text),
            "was": fingerprint(by_index[index].text),
            "rows": _height(text, current.language),
        }
        for index, text in sorted(edits.texts.items())
    ]
    return render_template(
        "conflict.html",
        draft=current,
        rows=rows,
        who=_last_hand(current),
        reason=reason,
        can_save=can_save,
        held_by=people().get(current.claimed_by or "", current.claimed_by) if held else "",
    )
