"""The audit log as people read it: who did what, when, with the words that changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from vietwire.desk.marking import Change, difference
from vietwire.desk.spoken import spoken
from vietwire.story import PIPELINE, AuditEvent

_ = lazy_gettext

ACTIONS: dict[str, LazyString] = {
    "claim": _("claimed it"),
    "take_over": _("took it over"),
    "release_claim": _("put it down"),
    "save": _("saved"),
    "edit": _("edited"),
    "approve": _("approved"),
    "return_to_machine": _("returned it to the machine"),
    "reject": _("rejected"),
    "reopen": _("reopened"),
    "correct": _("opened it for correction"),
    "kill": _("killed"),
    "release": _("released"),
    "outdate": _("marked it stale: a newer story version came in"),
    "translate": _("translated"),
    "supersede": _("replaced it by a new machine draft"),
    "check": _("checked it again"),
    "release_correction": _("released the correction"),
    "kill_released": _("withdrew the released item"),
    "correction_due": _("marked a correction as due"),
    "story_added": _("took the story in"),
    "story_version": _("took a new version in"),
}


#: Whose notes are sentences of the program; the others are file names or what a person wrote.
OUR_NOTES = ("check", "outdate", "correction_due", "supersede")
#: How an approval in spite of blocking findings is noted.
_OVERRIDE = re.compile(r"in spite of: (.+?)\. Reason: (.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history. ``changes`` only where text changed; ``language`` is the draft's."""

    who: str
    what: str
    at: datetime
    segment: int | None
    note: str
    changes: list[Change]
    language: str
    draft_id: int | None
    by_machine: bool


def _what(event: AuditEvent, changed: bool) -> str:
    if changed and event.action == "save":
        return str(ACTIONS["edit"])
    return str(ACTIONS.get(event.action, event.action.replace("_", " ")))


def _note(event: AuditEvent) -> str:
    if event.action == "translate":
        return ""  # the engine's signature stands below the draft's history already
    if event.action in OUR_NOTES:
        return spoken(event.note)
    override = _OVERRIDE.fullmatch(event.note) if event.action == "approve" else None
    if override is None:
        return event.note
    return gettext(
        "in spite of: %(findings)s. Reason: %(reason)s",
        findings=_findings(override[1]),
        reason=override[2],
    )


def _findings(joined: str) -> str:
    """Findings joined by "; ". It can stand within one too: the shortest that is known is one."""
    parts = joined.split("; ")
    said = []
    while parts:
        heads = ["; ".join(parts[:n]) for n in range(1, len(parts) + 1)]
        head = next((h for h in heads if spoken(f"{h}.") != f"{h}."), heads[0])
        said.append(spoken(f"{head}.").rstrip("."))
        del parts[: heads.index(head) + 1]
    return "; ".join(said)


def told(
    events: Sequence[AuditEvent], names: Mapping[str, str], languages: Mapping[int, str]
) -> list[Told]:
    """The events, newest first as the store gives them, in words.

    ``languages`` says which language a draft is in, by its id.
    """
    lines = []
    for event in events:
        changed = event.segment is not None and event.before is not None
        machine = event.actor == PIPELINE
        lines.append(
            Told(
                who=gettext("The machine") if machine else names.get(event.actor, event.actor),
                what=_what(event, changed),
                at=event.at,
                segment=event.segment,
                note=_note(event),
                changes=difference(event.before or "", event.after or "") if changed else [],
                language=languages.get(event.draft_id or 0, ""),
                draft_id=event.draft_id,
                by_machine=machine,
            )
        )
    return lines
