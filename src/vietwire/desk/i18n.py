"""The desk's own languages: English as written in the code, Vietnamese from one ``.po`` file.

The catalogue is read from the ``.po`` and compiled in memory when the desk starts. Only the file
that people edit is kept, so a compiled copy can never be older than its source.
"""

from __future__ import annotations

import io
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import request
from flask_babel import Babel, Domain, format_datetime, get_locale, gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from vietwire.story import BlockKind, DraftStatus, RefusalReason, Role, Severity

UI_LANGUAGES = ("en", "vi")
TRANSLATIONS = Path(__file__).parent / "translations"
#: The newsroom's clock on the wall.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_ = lazy_gettext


@cache
def catalogue(locale: str) -> NullTranslations:
    """The compiled messages of ``locale``; untranslated for English."""
    path = TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


class PoDomain(Domain):
    """Flask-Babel's message domain, answered from the ``.po`` files."""

    def get_translations(self) -> NullTranslations:
        return catalogue(str(get_locale()))


class PoBabel(Babel):
    """Flask-Babel over ``PoDomain``."""

    @property
    def domain_instance(self) -> PoDomain:
        return PoDomain()


def choose_locale() -> str:
    """The reader's choice (cookie), else what the browser asks for, else English."""
    chosen = request.cookies.get("ui", "")
    if chosen in UI_LANGUAGES:
        return chosen
    return request.accept_languages.best_match(UI_LANGUAGES) or "en"


STATUS_NAMES: dict[DraftStatus, LazyString] = {
    DraftStatus.MACHINE: _("machine draft"),
    DraftStatus.IN_REVIEW: _("in review"),
    DraftStatus.APPROVED: _("approved"),
    DraftStatus.RELEASED: _("released"),
    DraftStatus.REJECTED: _("rejected"),
    DraftStatus.STALE: _("stale"),
    DraftStatus.KILLED: _("killed"),
}
LANGUAGE_LABELS: dict[str, LazyString] = {
    "vi": _("Vietnamese"),
    "en": _("English"),
    "fr": _("French"),
    "es": _("Spanish"),
    "zh": _("Chinese"),
    "ru": _("Russian"),
}
ROLE_NAMES: dict[Role, LazyString] = {
    Role.REVIEWER: _("reviewer"),
    Role.EDITOR: _("editor"),
    Role.ADMIN: _("administrator"),
}
SEVERITY_NAMES: dict[Severity, LazyString] = {
    Severity.BLOCK: _("blocks"),
    Severity.WARN: _("warning"),
    Severity.NOTE: _("note"),
}
BLOCK_NAMES: dict[BlockKind, LazyString] = {
    BlockKind.HEADLINE: _("Headline"),
    BlockKind.STANDFIRST: _("Standfirst"),
    BlockKind.HEADING: _("Heading"),
    BlockKind.PARAGRAPH: _("Paragraph"),
    BlockKind.QUOTE: _("Quote"),
    BlockKind.CAPTION: _("Caption"),
    BlockKind.LIST_ITEM: _("List item"),
    BlockKind.TABLE_CELL: _("Table cell"),
    BlockKind.CUE: _("Subtitle"),
    BlockKind.LABEL: _("Label"),
}
REFUSAL_NAMES: dict[RefusalReason, LazyString] = {
    RefusalReason.NOT_VIETNAMESE: _("not Vietnamese"),
    RefusalReason.CANNOT_TELL: _("language not certain"),
    RefusalReason.EMPTY: _("empty"),
    RefusalReason.TOO_LONG: _("too long"),
    RefusalReason.UNREADABLE: _("cannot be read"),
    RefusalReason.ENCODING: _("encoding not certain"),
    RefusalReason.RESTRICTED: _("restricted (BCTK)"),
}
CHECK_NAMES: dict[str, LazyString] = {
    "numbers": _("Numbers"),
    "dates": _("Dates"),
    "money": _("Money"),
    "percent": _("Percentages"),
    "ordinals": _("Ordinals"),
    "acronyms": _("Acronyms"),
    "names": _("Names"),
    "length": _("Length"),
    "repetition": _("Repetition"),
    "language": _("Language"),
    "vietnamese": _("Vietnamese left in"),
    "empty": _("Empty"),
    "address": _("Addresses"),
    "term": _("Term"),
    "forbidden": _("House style"),
    "typography": _("Typography"),
    "untranslated": _("Untranslated"),
    "machine": _("Machine"),
    "consistency": _("Consistency"),
}


def check_name(check: str) -> str:
    """The check's name as a reviewer reads it; an unknown one as it calls itself."""
    return str(CHECK_NAMES.get(check, check))


def local_time(moment: datetime | None) -> str:
    """Date and time on the newsroom's clock, e.g. ``12 Nov, 21:40``; "" for None."""
    if moment is None:
        return ""
    pattern = "d/M/y, HH:mm" if str(get_locale()) == "vi" else "d MMM y, HH:mm"
    return str(format_datetime(moment.astimezone(ZONE), pattern, rebase=False))


def age(moment: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that says enough: minutes, hours, then days."""
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return gettext("%(n)d min", n=minutes)
    if minutes < 48 * 60:
        return gettext("%(n)d h", n=minutes // 60)
    return gettext("%(n)d days", n=minutes // (24 * 60))


def labels() -> dict[str, Any]:
    """The names above, for every template."""
    return {
        "status_names": STATUS_NAMES,
        "language_labels": LANGUAGE_LABELS,
        "role_names": ROLE_NAMES,
        "severity_names": SEVERITY_NAMES,
        "block_names": BLOCK_NAMES,
        "refusal_names": REFUSAL_NAMES,
        "check_name": check_name,
        "ui_languages": UI_LANGUAGES,
    }
