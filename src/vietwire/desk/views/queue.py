"""The queue: what there is to do, filtered, ordered and counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext

from vietwire.desk.access import actor, people, room
from vietwire.store import DraftFilter
from vietwire.story import DraftStatus, Role

_ = lazy_gettext
pages = Blueprint("queue", __name__)

PAGE = 50
TO_DO = (DraftStatus.MACHINE, DraftStatus.IN_REVIEW)
AGES = {
    "1h": (timedelta(hours=1), _("last hour")),
    "6h": (timedelta(hours=6), _("last 6 hours")),
    "24h": (timedelta(hours=24), _("last 24 hours")),
    "7d": (timedelta(days=7), _("last 7 days")),
    "old": (timedelta(hours=24), _("older than a day")),
}
ORDERS = {
    "urgency": _("urgent first"),
    "oldest": _("oldest first"),
    "newest": _("newest first"),
    "updated": _("last changed first"),
}
Order = Literal["urgency", "oldest", "newest", "updated"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they stand in the address. Anything unknown there counts as not given."""

    language: str = ""
    status: str = "open"
    slug: str = ""
    urgency: int | None = None
    age: str = ""
    who: str = ""
    q: str = ""
    order: Order = "urgency"

    def arguments(self, **more: Any) -> dict[str, Any]:
        """For an address: only what differs from the defaults."""
        blank = Asked()
        names = ("language", "status", "slug", "urgency", "age", "who", "q", "order")
        mine = {n: getattr(self, n) for n in names if getattr(self, n) != getattr(blank, n)}
        return {**mine, **more}


def asked() -> Asked:
    args = request.args

    def one(name: str, allowed: Any, default: str = "") -> str:
        value = args.get(name, "")
        return value if value in allowed else default

    number = args.get("urgency", "")
    return Asked(
        language=one("language", (*room().settings.languages, "all")),
        status=one("status", ("open", "all", *DraftStatus), "open"),
        slug=args.get("slug", "").strip()[:100],
        urgency=int(number) if number in set("123456789") else None,
        age=one("age", AGES),
        who=one("who", ("mine", "unclaimed")),
        q=args.get("q", "").strip()[:200],
        order=one("order", ORDERS, "urgency"),  # type: ignore[arg-type]
    )


def own_languages() -> tuple[str, ...]:
    """A reviewer's languages; () = all, for those who work in all."""
    who = actor()
    return who.languages if who.role is Role.REVIEWER else ()


def filter_for(wanted: Asked) -> DraftFilter:
    """What the store is asked. Without a language a reviewer sees their own."""
    languages = own_languages()
    if wanted.language == "all":
        languages = ()
    elif wanted.language:
        languages = (wanted.language,)
    statuses: tuple[DraftStatus, ...] = ()
    if wanted.status == "open":
        statuses = TO_DO
    elif wanted.status != "all":
        statuses = (DraftStatus(wanted.status),)
    claimed = {"mine": actor().name, "unclaimed": "", "": None}[wanted.who]
    found = DraftFilter(
        languages=languages,
        statuses=statuses,
        slug=wanted.slug,
        urgency=wanted.urgency,
        claimed_by=claimed,
        text=wanted.q,
        order=wanted.order,
    )
    if wanted.age:
        edge = room().clock() - AGES[wanted.age][0]
        found = replace(found, until=edge) if wanted.age == "old" else replace(found, since=edge)
    return found


def page_number() -> int:
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


@pages.get("/")
def index() -> str:
    wanted = asked()
    found = filter_for(wanted)
    total = room().store.count_drafts(found)
    count = max(1, -(-total // PAGE))
    page = min(page_number(), count)
    rows = room().store.drafts(replace(found, limit=PAGE, offset=(page - 1) * PAGE))
    numbers = room().store.counts()
    counts = [
        (code, [(s, numbers[code, s]) for s in DraftStatus if numbers.get((code, s))])
        for code in room().settings.languages
    ]
    return render_template(
        "queue.html",
        f=wanted,
        filtered=wanted.arguments() != {} and wanted != Asked(order=wanted.order),
        rows=rows,
        total=total,
        page=page,
        pages=count,
        page_args=lambda n: wanted.arguments(page=n),
        counts=counts,
        ages=[(name, label) for name, (_delta, label) in AGES.items()],
        orders=ORDERS,
        own=own_languages(),
        people=people(),
    )
