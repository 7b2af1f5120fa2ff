"""Dateline, byline and notices in each language, from ``glossary/styles/<language>.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

from vietwire.story import VietwireError

#: What each pattern may hold in braces.
_PLACEHOLDERS = {
    "dateline": {"place", "agency", "day", "month", "month_number", "year"},
    "date_form": {"day", "month", "month_number", "year"},
    "byline": {"name", "agency"},
    "byline_agency": {"agency", "agency_name"},
    "byline_bureau": {"place", "agency", "agency_name"},
    "byline_photo": {"agency", "agency_name"},
    "statement": {"engine", "model", "reviewer", "agency", "agency_name"},
    "kill_headline": {"headline", "agency"},
    "kill_text": {"headline", "date", "agency", "agency_name"},
    "correction_text": {"version", "date", "agency"},
}
#: What follows the place: the day, the agency in brackets, or both, in any order.
_DATELINE = re.compile(
    r"^\s*(?P<place>[^(]*?)\s*(?:[,–-]\s*)?(?:ngày\s+)?(?:\d{1,2}\s*[/.-]\s*\d.*)?(?:\(.*)?$",
    re.DOTALL | re.IGNORECASE,
)
#: How Vietnamese copy signs for the agency; a bureau's place follows "tại".
_STAFF = re.compile(
    r"^(?:(?:nhóm\s+)?(?:phóng viên|pv)\s+)?(?:TTXVN|Thông tấn xã Việt Nam)"
    r"(?:\s+tại\s+(?P<place>.+))?$",
    re.IGNORECASE,
)
_PHOTO = re.compile(r"^ảnh\s*[:-]?\s*(?:TTXVN|Thông tấn xã Việt Nam)$", re.IGNORECASE)


class StyleInvalid(VietwireError):
    """A style file that is missing or cannot be used; names the file and the key."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one language writes what stands round the text. Patterns have names in braces.

    ``months`` are the twelve month names as they stand in a date; ``places`` renders Vietnamese
    place names in a dateline, for those that the term base does not know. ``statement`` says
    plainly that the text was machine-translated, and who reviewed it. ``nested`` is how the
    quotation marks of a headline are written within those of ``kill_text``.
    """

    language: str
    agency: str
    agency_name: str
    dateline: str
    date_form: str
    months: tuple[str, ...]
    byline: str
    byline_agency: str
    byline_bureau: str
    byline_photo: str
    statement: str
    kill_headline: str
    kill_text: str
    correction_text: str
    places: dict[str, str] = field(default_factory=dict)
    nested: dict[str, str] = field(default_factory=dict)

    def date_line(self, place: str, day: date) -> str:
        """The dateline with the separator that runs into the text; "" without a place."""
        if not place:
            return ""
        return self.dateline.format(place=place, agency=self.agency, **self._parts(day))

    def quoted(self, text: str) -> str:
        """``text`` as it stands within quotation marks."""
        marks = sorted(self.nested, key=len, reverse=True)
        if not marks:
            return text
        return re.sub("|".join(map(re.escape, marks)), lambda m: self.nested[m.group()], text)

    def date_text(self, day: date) -> str:
        return self.date_form.format(**self._parts(day))

    def _parts(self, day: date) -> dict[str, Any]:
        return {
            "day": day.day,
            "month": self.months[day.month - 1],
            "month_number": day.month,
            "year": day.year,
        }


def load_style(glossary: Path, language: str) -> Style:
    """Read one language's style.

    :raises StyleInvalid: naming the file, the key and what is wrong with it.
    """
    file = glossary / "styles" / f"{language}.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StyleInvalid(
            f"{file} is missing: it holds the forms of dateline and byline"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StyleInvalid(f"{file}: {error}") from error
    values: dict[str, Any] = {"language": language}
    for known in fields(Style):
        if known.name == "language":
            continue
        if known.name in table:
            values[known.name] = _checked(file, known.name, table[known.name])
        elif known.default_factory is MISSING:
            raise StyleInvalid(f"{file}: {known.name} is missing")
    return Style(**values)


def load_event_names(glossary: Path, language: str) -> dict[str, str]:
    """What ``glossary/events.toml`` calls the events in a language, by event id; {} without it.

    An event without a name in the language is left out: that is no reason to hold a story back.

    :raises StyleInvalid: when the file cannot be read.
    """
    file = glossary / "events.toml"
    if not file.is_file():
        return {}
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return {
            event["id"]: str(event["names"][language])
            for event in table.get("events", [])
            if language in event.get("names", {})
        }
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StyleInvalid(f"{file}: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise StyleInvalid(f"{file}: an event has no {error}") from error


def _checked(file: Path, key: str, value: Any) -> Any:
    if key == "months":
        if not isinstance(value, list) or len(value) != 12:
            raise StyleInvalid(f"{file}: months must be a list of twelve names")
        return tuple(str(name) for name in value)
    if key in ("places", "nested"):
        if not isinstance(value, dict):
            raise StyleInvalid(f"{file}: {key} must be a table")
        return {str(name): str(rendering) for name, rendering in value.items()}
    if not isinstance(value, str):
        raise StyleInvalid(f"{file}: {key} must be text")
    try:
        used = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    except ValueError as error:
        raise StyleInvalid(f"{file}: {key}: {error}") from error
    unknown = used - _PLACEHOLDERS.get(key, set())
    if unknown:
        allowed = ", ".join(sorted(_PLACEHOLDERS.get(key, set()))) or "nothing"
        raise StyleInvalid(
            f"{file}: {key} has {{{min(unknown)}}}, which is not known; it may hold: {allowed}"
        )
    return value


def dateline_place(dateline: str) -> str:
    """The place of a dateline as the source writes it: "Hà Nội (TTXVN 12/11)" and "Hà Nội, ngày
    12/11" are "Hà Nội"."""
    match = _DATELINE.match(dateline)
    return match["place"].strip(" ,–-") if match else ""


def byline_text(style: Style, byline: str, place_of: Callable[[str], str]) -> str:
    """The byline in the form of the language. ``place_of`` renders a place name.

    The agency's own signatures are put in the agency's form; people's names stay as they are.
    """
    name = " ".join(byline.split())
    if not name:
        return ""
    if _PHOTO.match(name):
        return style.byline_photo.format(agency=style.agency, agency_name=style.agency_name)
    staff = _STAFF.match(name)
    if staff is None:
        return style.byline.format(name=name, agency=style.agency)
    if staff["place"]:
        return style.byline_bureau.format(
            place=place_of(staff["place"]), agency=style.agency, agency_name=style.agency_name
        )
    return style.byline_agency.format(agency=style.agency, agency_name=style.agency_name)
