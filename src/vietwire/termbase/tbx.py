"""The term base as TBX: ISO 30042:2019 (version 3), dialect TBX-Core, style DCA.

TBX-Core has two data categories, the term and the note. What the table knows beyond them is written
as notes of the form ``name: value`` at the level they belong to, so that any TBX tool reads the
terms, and vietwire reads back everything. Reading also takes the administrative status and term
type that TBX-Min and TBX-Basic files carry.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from vietwire.story import SOURCE_LANGUAGE, TARGET_LANGUAGES
from vietwire.termbase.model import (
    ARTICLES,
    COLUMNS,
    SEPARATOR,
    Concept,
    Fault,
    Rendering,
    TermBaseInvalid,
)
from vietwire.termbase.table import concepts_from_cells

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
# What an editor that wraps and indents puts into text. A note's own line breaks stand unindented.
_WRAPPED = re.compile(r"[ \t]*\n[ \t]+")
_XML = "{http://www.w3.org/XML/1998/namespace}"
_Q = f"{{{NAMESPACE}}}"

# The roles of a term within its language section, as the note "role: ..." says them.
_FULL, _VARIANT, _ABBREVIATION = "full form", "variant", "abbreviation"
_PREFERRED, _SHORT, _ACCEPTED, _FORBIDDEN = "preferred", "short form", "accepted", "forbidden"
_ENTRY_NOTES = ("kind", "domain", "context", "valid_from", "valid_until", "source", "note")
_STATUS, _ARTICLE = "status", "article"


def write_tbx(concepts: Iterable[Concept]) -> bytes:
    """The concepts as a TBX-Core file in DCA style (UTF-8)."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(
        _Q + "tbx", {"type": "TBX-Core", "style": "dca", _XML + "lang": SOURCE_LANGUAGE}
    )
    header = _add(root, "tbxHeader")
    description = _add(_add(header, "fileDesc"), "sourceDesc")
    _add(description, "p", "Term base of a Vietnamese news desk, exported by vietwire")
    body = _add(_add(root, "text"), "body")
    for concept in concepts:
        _write_entry(body, concept)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    element = ElementTree.SubElement(parent, _Q + name, attributes)
    if text:
        element.text = text
    return element


def _note(parent: Any, name: str, value: str) -> None:
    if value:
        _add(parent, "note", f"{name}: {value}")


def _write_entry(body: Any, concept: Concept) -> None:
    # An XML identifier cannot begin with a figure.
    identifier = concept.id if concept.id[:1].isalpha() else f"_{concept.id}"
    entry = _add(body, "conceptEntry", id=identifier)
    _note(entry, "kind", concept.kind.value)
    _note(entry, "domain", concept.domain)
    _note(entry, "context", SEPARATOR.join(concept.context))
    _note(entry, "valid_from", _day(concept.valid_from))
    _note(entry, "valid_until", _day(concept.valid_until))
    _note(entry, "source", concept.source)
    _note(entry, "note", concept.note)
    for language in TARGET_LANGUAGES:
        rendering = concept.rendering(language)
        if rendering.status and not any(_terms(rendering)):
            _note(entry, f"{language}_status", rendering.status.value)
    section = _add(entry, "langSec", **{_XML + "lang": SOURCE_LANGUAGE})
    _write_term(section, concept.vi, _FULL)
    for form in concept.variants:
        _write_term(section, form, _VARIANT)
    for form in concept.abbreviations:
        _write_term(section, form, _ABBREVIATION)
    for language in TARGET_LANGUAGES:
        rendering = concept.rendering(language)
        terms = list(_terms(rendering))
        if not terms:
            continue
        section = _add(entry, "langSec", **{_XML + "lang": language})
        for place, (form, role) in enumerate(terms):
            first = place == 0
            status = rendering.status.value if first else ""
            _write_term(section, form, role, status, rendering.article if first else "")


def _terms(rendering: Rendering) -> Iterator[tuple[str, str]]:
    if rendering.text:
        yield rendering.text, _PREFERRED
    if rendering.short:
        yield rendering.short, _SHORT
    for form in rendering.forms:
        yield form, _ACCEPTED
    for form in rendering.forbidden:
        yield form, _FORBIDDEN


def _write_term(section: Any, form: str, role: str, status: str = "", article: str = "") -> None:
    term = _add(section, "termSec")
    _add(term, "term", form)
    _note(term, "role", role)
    _note(term, _STATUS, status)
    _note(term, _ARTICLE, article)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def parse_tbx(data: bytes, name: str = "terms.tbx") -> tuple[Concept, ...]:
    """Read a TBX file of version 3. Entities and external documents are refused.

    A fault's ``row`` is the number of the concept entry in the file, from 1.

    :raises TermBaseInvalid: with every fault of the file.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        message = "has an XML document type or entities: take them out"
        raise TermBaseInvalid([Fault(0, "", message)], name) from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise TermBaseInvalid([Fault(0, "", f"not well-formed XML: {error}")], name) from error
    local = _local(root)
    if local == "martif":
        message = "TBX version 2 (martif): convert it to version 3 (ISO 30042:2019) first"
        raise TermBaseInvalid([Fault(0, "", message)], name)
    if local != "tbx":
        raise TermBaseInvalid([Fault(0, "", f"not TBX: its root is <{local}>")], name)
    if str(root.get("style", "dca")).lower() != "dca":
        message = f"TBX in style {root.get('style')}: save it in DCA style"
        raise TermBaseInvalid([Fault(0, "", message)], name)
    entries = [element for element in root.iter() if _local(element) == "conceptEntry"]
    if not entries:
        raise TermBaseInvalid([Fault(0, "", "has no conceptEntry")], name)
    faults: list[Fault] = []
    rows = [_read_entry(number, entry, faults) for number, entry in enumerate(entries, start=1)]
    concepts, found = concepts_from_cells(rows)
    faults += found
    if faults:
        raise TermBaseInvalid(faults, name)
    return concepts


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Any, name: str) -> list[Any]:
    return [child for child in element.iter() if _local(child) == name]


def _text(element: Any) -> str:
    """An element's text as it was written, without the line breaks of a wrapped file."""
    return _WRAPPED.sub(" ", "".join(element.itertext())).strip()


def _notes(element: Any) -> Iterator[tuple[str, str]]:
    """(name, value) of an element's own notes; a note of another tool has the name ""."""
    for child in element:
        if _local(child) == "note":
            text = _text(child)
            name, colon, value = text.partition(": ")
            ours = (*_ENTRY_NOTES, "role", _STATUS, _ARTICLE)
            known = name in ours or name.endswith("_status")
            yield (name, value) if colon and known else ("", text)


def _read_entry(number: int, entry: Any, faults: list[Fault]) -> tuple[int, list[str]]:
    cells = dict.fromkeys(COLUMNS, "")
    cells["concept"] = str(entry.get("id", "")).removeprefix("_")
    cells["kind"] = "translate"
    for name, value in _notes(entry):
        if name in cells:
            cells[name] = value
        elif value:
            cells["note"] = f"{cells['note']} {value}".strip()
    for section in _children(entry, "langSec"):
        code = str(section.get(_XML + "lang", ""))
        language = code.partition("-")[0].lower()
        if language != SOURCE_LANGUAGE and language not in TARGET_LANGUAGES:
            faults.append(Fault(number, "", f"language {code!r} is not one of the desk's"))
            continue
        for term in _children(section, "termSec"):
            _read_term(term, language, cells, number, faults)
    for language in TARGET_LANGUAGES:
        if cells[language] and not cells[language + "_status"]:
            cells[language + "_status"] = "confirm"  # nobody here has seen it attested
    return number, [cells[column] for column in COLUMNS]


def _read_term(
    term: Any, language: str, cells: dict[str, str], number: int, faults: list[Fault]
) -> None:
    words = _children(term, "term")
    form = _text(words[0]) if words else ""
    if not form:
        faults.append(Fault(number, language, "a termSec without a term"))
        return
    if "|" in form:
        faults.append(Fault(number, language, f"{form!r} contains '|', which separates forms"))
        return
    notes = dict(_notes(term))
    role = notes.get("role") or _foreign_role(term)
    source = language == SOURCE_LANGUAGE
    main, short = language, "vi_abbr" if source else f"{language}_short"
    more = "vi_variants" if source else f"{language}_forms"
    column = {
        _FULL: main,
        _PREFERRED: main,
        _ABBREVIATION: short,
        _SHORT: short,
        _FORBIDDEN: f"{language}_forbidden",
    }.get(role, more)
    if column not in cells:  # a forbidden Vietnamese form has no column
        faults.append(Fault(number, language, f"{form!r}: a Vietnamese form cannot be forbidden"))
        return
    if (column == main and cells[main]) or (column == short and not source and cells[short]):
        column = more
    elif column == more and not role and not cells[main]:
        column = main
    cells[column] = f"{cells[column]}{SEPARATOR}{form}" if cells[column] else form
    if notes.get(_STATUS) and not source:
        cells[f"{language}_status"] = notes[_STATUS]
    if notes.get(_ARTICLE) and language in ARTICLES:
        cells[f"{language}_article"] = notes[_ARTICLE]


def _foreign_role(term: Any) -> str:
    """A term's role from the data categories of TBX-Min and TBX-Basic."""
    role = ""
    for note in _children(term, "termNote"):
        value = _text(note)
        if note.get("type") == "administrativeStatus":
            status = value.removesuffix("-admn-sts")
            if status in ("deprecatedTerm", "supersededTerm", "obsolete", "notRecommended"):
                return _FORBIDDEN
            if status in ("preferredTerm", "preferred"):
                role = role or _PREFERRED
            elif status in ("admittedTerm", "admitted"):
                role = role or _ACCEPTED
        elif note.get("type") == "termType" and value in ("abbreviation", "acronym", "shortForm"):
            role = _SHORT
    return role
