"""Stories: the list, one story with its five languages, taking one in, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from werkzeug.routing import PathConverter
from werkzeug.wrappers import Response as BaseResponse

from vietwire import batch
from vietwire.desk import access
from vietwire.desk.access import actor, people, room
from vietwire.desk.history import told
from vietwire.desk.i18n import BLOCK_NAMES
from vietwire.desk.marking import block_difference
from vietwire.desk.spoken import spoken
from vietwire.desk.views.queue import page_number
from vietwire.reports import RunReport
from vietwire.store import DraftFilter, DraftRow
from vietwire.story import BlockKind, MediaKind, RefusalReason

_ = lazy_gettext
pages = Blueprint("stories", __name__)

PAGE = 50
#: Runs over a story that are looked through for a failed translation of it.
RUNS = 30
FIELDS = (
    "headline",
    "standfirst",
    "body",
    "slug",
    "keywords",
    "event",
    "bureau",
    "byline",
    "dateline",
    "urgency",
    "embargo",
    "kind",
    "date",
    "source_id",
)
#: What an uploaded correction keeps of the story where the file does not say it. Dateline, byline
#: and date stand in the text itself.
KEPT = ("source_id", "slug", "keywords", "event", "bureau", "urgency", "embargo", "kind")
KINDS = (
    (MediaKind.TEXT, _("text")),
    (MediaKind.PHOTO, _("photo")),
    (MediaKind.TV, _("television")),
    (MediaKind.GRAPHIC, _("graphic")),
)


class SourceIds(PathConverter):
    """A source id in an address, whatever slashes it holds.

    It may begin with one, as the ids of some feeds do; and where a browser would take a part of
    it for a way up ("../"), its slashes travel encoded.
    """

    regex = ".+"
    part_isolating = False

    def to_url(self, value: str) -> str:
        url = super().to_url(value)
        return url.replace("/", "%2F") if {".", ".."} & set(url.split("/")) else url


@pages.get("/stories")
def index() -> str:
    text = request.args.get("q", "").strip()[:200]
    total = room().store.count_stories(text=text)
    count = max(1, -(-total // PAGE))
    page = min(page_number(), count)
    rows = room().store.stories(text=text, limit=PAGE, offset=(page - 1) * PAGE)
    return render_template(
        "stories.html",
        rows=rows,
        q=text,
        page=page,
        pages=count,
        total=total,
        may_take_in=access.may_take_in(actor()),
    )


@pages.get("/stories/<source_id:source_id>")
def story(source_id: str) -> str:
    store = room().store
    asked = request.args.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 7 else None
    shown = store.story(source_id, version)
    versions = store.versions(source_id)
    before = next((v for v in versions if v.version == shown.version - 1), None)
    changed = (
        block_difference([b.text for b in before.blocks], [b.text for b in shown.blocks])
        if before is not None
        else []
    )
    rows = store.drafts(DraftFilter(source_id=source_id, current=None, limit=None))
    languages: list[tuple[str, Sequence[DraftRow]]] = []
    for code in room().settings.languages:
        mine = [row for row in rows if row.language == code]
        mine.sort(key=lambda row: (row.story_version, row.current, row.number), reverse=True)
        languages.append((code, mine))
    names = people()
    by_draft = {row.id: row.language for row in rows}
    failures, under_way = _attempts(source_id, shown.version)
    return render_template(
        "story.html",
        story=shown,
        versions=versions,
        latest=versions[-1].version,
        previous=shown.version - 1,
        failures=failures,
        under_way=under_way,
        differences=changed,
        languages_drafts=languages,
        may_translate=access.may_translate(actor()),
        engine=room().settings.engine,
        events=told(store.audit(source_id=source_id, limit=60), names, by_draft),
        people=names,
    )


def _attempts(
    source_id: str, version: int
) -> tuple[dict[str, tuple[datetime, str]], dict[str, datetime]]:
    """Languages in which the newest attempt at this story version failed: when, and why; and those
    in which one is under way: since when."""
    newest: dict[str, tuple[datetime, str]] = {}
    under_way: dict[str, datetime] = {}
    for run in room().store.runs(source_id=source_id, limit=RUNS):
        report: Any = run.report or {}
        for line in report.get("lines", []):
            if (line["source_id"], line["version"]) == (source_id, version):
                when = run.finished_at or run.started_at
                newest.setdefault(line["language"], (when, line.get("error", "")))
        if run.finished_at is not None:
            continue
        dead = batch.is_cut_off(room().settings.outputs, run, room().clock())
        for job in batch.left_of(room(), run):
            this = (job.source_id, job.version) == (source_id, version)
            if this and job.language not in newest:
                newest[job.language] = (run.started_at, batch.CUT_OFF if dead else "")
                if not dead:
                    under_way[job.language] = run.started_at
    failed = {code: (when, why) for code, (when, why) in newest.items() if why}
    return failed, under_way


@pages.post("/translate/<source_id:source_id>")
def translate(source_id: str) -> BaseResponse:
    access.check_may_translate(actor())
    found = room().store.story(source_id)
    known = room().settings.languages
    chosen = [code for code in request.form.getlist("language") if code in known]
    if not chosen:
        flash(gettext("Choose at least one language."), "error")
    else:
        force = request.form.get("force") == "1"
        room().translate_now(found.source_id, chosen, actor().name, force=force)
        flash(
            ngettext(
                "Translation into %(num)d language has started. The drafts appear here when done.",
                "Translation into %(num)d languages has started. The drafts appear here when done.",
                len(chosen),
            ),
            "done",
        )
    return redirect(url_for("stories.story", source_id=source_id))


def form_page(
    fields: Mapping[str, str],
    problems: Sequence[str] = (),
    *,
    lost: Sequence[BlockKind] = (),
    newer: Sequence[int] = (),
) -> str:
    """The form for a story, filled with ``fields``.

    With a ``version`` among them it corrects that version. ``lost`` is what the form cannot hold
    of it; then only a file will do. ``newer`` are versions that came in since it was opened.
    """
    from vietwire.desk.app import MAX_REQUEST

    return render_template(
        "story_new.html",
        fields={name: fields.get(name, "") for name in FIELDS},
        problems=problems,
        correcting=fields.get("source_id", "") if fields.get("version") else "",
        version=fields.get("version", ""),
        newer=newer,
        kept=KEPT,
        lost=[BLOCK_NAMES[kind] for kind in lost],
        kinds=KINDS,
        megabytes=MAX_REQUEST // (1024 * 1024),
    )


@pages.get("/new")
def new() -> str:
    return form_page({})


def _correction(source_id: str) -> str:
    from vietwire.intake import form_of

    newest = room().store.story(source_id)
    fields, lost = form_of(newest)
    return form_page({**fields, "version": str(newest.version)}, lost=lost)


def _opened() -> int | None:
    """The version that the form corrects; None where it is of a new story."""
    version = request.form.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 7 else None


def _not_taken(
    problems: Sequence[str], opened: int | None, source_id: str, typed: Mapping[str, str]
) -> BaseResponse:
    """The form again, with what was ``typed``; a correction stays one, of the newest version."""
    from vietwire.intake import form_of

    if opened is None:
        return make_response(form_page(typed, problems), 422)
    newest = room().store.story(source_id)
    fields, lost = (typed, ()) if typed else form_of(newest)
    newer = range(opened + 1, newest.version + 1)
    fields = {**fields, "version": str(newest.version)}
    return make_response(form_page(fields, problems, lost=lost, newer=newer), 409 if newer else 422)


@pages.get("/correct/<source_id:source_id>")
def correct(source_id: str) -> str:
    """The form with the newest version in it."""
    return _correction(source_id)


@pages.post("/new")
def create() -> BaseResponse:
    """A story from the form. One that is refused comes back with its text, except a restricted one,
    of which nothing is repeated anywhere.
    """
    fields = {name: request.form.get(name, "") for name in FIELDS}
    given = {name: value for name, value in fields.items() if value.strip()}
    opened = _opened()
    taken = room().intake.take_form(given, after=opened)
    problems, went_in = _outcome(taken)
    if problems:
        restricted = any(
            t.refusal is not None and t.refusal.reason is RefusalReason.RESTRICTED for t in taken
        )
        return _not_taken(problems, opened, fields["source_id"], {} if restricted else fields)
    return _after(went_in)


@pages.post("/new/upload")
def upload() -> BaseResponse:
    files = [file for file in request.files.getlist("file") if file.filename]
    kept = {name: request.form[name] for name in KEPT if request.form.get(name)}
    opened = _opened()
    problems: list[str] = []
    went_in: list[Any] = []
    for file in files:
        name, data = str(file.filename), file.read()
        bad, good = _outcome(room().intake.take_upload(name, data, kept, after=opened))
        problems += bad
        went_in += good
    if not files:
        problems = [gettext("Choose a file first.")]
    if problems:
        for item in went_in:
            flash(gettext("%(id)s is taken in.", id=item.source_id), "done")
        return _not_taken(problems, opened, kept.get("source_id", ""), {})
    return _after(went_in)


def _outcome(taken: Sequence[Any]) -> tuple[list[str], list[Any]]:
    """What to tell the person about refused and failed items, and the items that went in."""
    problems, went_in = [], []
    for item in taken:
        if item.refusal is not None:
            name = "" if item.refusal.reason is RefusalReason.RESTRICTED else item.origin
            why = spoken(item.refusal.message)
            problems.append(f"{name}: {why}" if name else why)
        elif item.version == 0:
            problems.append(f"{item.origin}: " + "; ".join(map(spoken, item.notes)))
        else:
            went_in.append(item)
    return problems, went_in


def _after(went_in: Sequence[Any]) -> BaseResponse:
    for item in went_in:
        if item.outcome == "same":
            message = gettext("%(id)s is known already; nothing changed.", id=item.source_id)
        elif item.outcome == "version":
            message = gettext(
                "%(id)s is now at version %(n)d. Older drafts of it are stale.",
                id=item.source_id,
                n=item.version,
            )
        else:
            message = gettext("%(id)s is taken in.", id=item.source_id)
        flash(message, "done")
        for note in item.notes:
            flash(note, "note")
    if len(went_in) == 1:
        return redirect(url_for("stories.story", source_id=went_in[0].source_id))
    return redirect(url_for("stories.index"))


@pages.post("/intake")
def take_in() -> str | BaseResponse:
    """The inbox and the feeds, now, as the overnight run reads them; what became of each item."""
    access.check_may_take_in(actor())
    report = RunReport("intake", room().clock())
    try:
        taken = batch.take_in(room(), report, wait=False)
    except batch.IntakeRunning as error:
        flash(spoken(error), "error")
        return redirect(url_for("stories.index"))
    problems, went_in = _outcome(taken)
    return render_template("taken.html", problems=problems, went_in=went_in)


@pages.get("/refused")
def refused() -> str:
    return render_template("refusals.html", rows=room().store.refusals()[:500])
