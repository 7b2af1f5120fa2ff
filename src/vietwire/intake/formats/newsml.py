"""NewsML-G2, newsItem and newsMessage, through defusedxml: no DTD, no entities, nothing fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError, tostring

from vietwire.intake.formats.html import blocks_of as blocks_of_html
from vietwire.intake.outcome import Raw, unreadable
from vietwire.intake.structure import blocks_of_lines
from vietwire.story import Block, BlockKind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_KINDS = {"text": "text", "picture": "photo", "video": "tv", "graphic": "graphic"}
_GONE = ("canceled", "withheld")


def read(text: str) -> list[Raw]:
    """One item, or every newsItem of a newsMessage.

    :raises Fault: (UNREADABLE) for broken XML, a DTD, entities, or XML that is no NewsML-G2.
    """
    import re

    import defusedxml
    from defusedxml.ElementTree import fromstring

    # The text is already decoded: what its declaration says of an encoding no longer holds.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))
    try:
        root = fromstring(text.encode(), forbid_dtd=True)
    except defusedxml.DefusedXmlException:
        raise unreadable("the XML holds a DTD or entities; not opened") from None
    except ParseError as error:
        line, column = error.position
        raise unreadable(f"line {line}, column {column + 1}: broken XML") from None
    items = [e for e in root.iter() if _name(e) == "newsItem"]
    if not items:
        raise unreadable(f"the XML is not NewsML-G2: <{_name(root)[:40]}> holds no newsItem")
    return [_item(item) for item in items]


def _name(element: Element) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2]


def _find(element: Element | None, *path: str) -> Element | None:
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if _name(child) == name), None)
    return element


def _all(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [child for child in element if _name(child) == name]


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _code(element: Element | None) -> str:
    """The last part of a qcode: ``sig:BCTK`` is BCTK."""
    if element is None:
        return ""
    code = element.get("qcode") or element.get("literal") or element.get("uri") or ""
    return code.replace("/", ":").rpartition(":")[2]


def _item(item: Element) -> Raw:
    raw = Raw()
    meta, content = _find(item, "itemMeta"), _find(item, "contentMeta")
    if _code(_find(meta, "pubStatus")) in _GONE:
        raw.fault = unreadable(
            "its sender has withdrawn it (pubStatus); kill the story on the desk"
        )
    raw.put("source_id", item.get("guid"))
    raw.put("embargo", _text(_find(meta, "embargoed")))
    raw.put("date", _text(_find(content, "contentCreated")))
    raw.put("date", _text(_find(meta, "versionCreated")))
    raw.put("kind", _KINDS.get(_code(_find(meta, "itemClass")), ""))
    for place in ("service", "signal"):
        for element in _all(meta, place):
            if _code(element).upper() == "BCTK" or "BCTK" in _text(element).upper():
                raw.put("channel", "BCTK")
    raw.put("urgency", _text(_find(content, "urgency")))
    raw.put("slug", _text(_find(content, "slugline")))
    raw.put("byline", _text(_find(content, "by")))
    raw.put("dateline", _text(_find(content, "dateline")))
    raw.put("keywords", "\n".join(_text(word) for word in _all(content, "keyword")))
    if "keywords" not in raw.fields:
        subjects = [_text(_find(subject, "name")) for subject in _all(content, "subject")]
        raw.put("keywords", "\n".join(filter(None, subjects)))
    for subject in _all(content, "subject"):
        if (subject.get("type") or "").rpartition(":")[2] == "event":
            raw.put("event", _code(subject))
    raw.put("located", _text(_find(_find(content, "located"), "name")))
    raw.put("headline", _text(_by_role(_all(content, "headline"), "main")))
    summaries = [e for e in _all(content, "description") if _code_of_role(e) != "caption"]
    raw.put("standfirst", _text(_by_role(summaries, "summary")))
    for name in ("event", "bureau", "channel"):
        for extra in _all(content, "contentMetaExtProperty") + _all(meta, "itemMetaExtProperty"):
            if (extra.get("rel") or "").rpartition(":")[2] == name:
                raw.put(name, extra.get("literal") or extra.get("value") or _code(extra))
    _body(item, raw)
    for caption in _all(content, "description"):
        if _code_of_role(caption) == "caption":
            raw.blocks.append(Block(BlockKind.CAPTION, _text(caption)))
    return raw


def _code_of_role(element: Element) -> str:
    return (element.get("role") or "").rpartition(":")[2]


def _by_role(elements: list[Element], role: str) -> Element | None:
    chosen = [e for e in elements if _code_of_role(e) == role]
    return next(iter(chosen or elements), None)


def _body(item: Element, raw: Raw) -> None:
    contents = _find(item, "contentSet")
    inline = _find(contents, "inlineXML")
    if inline is not None and not len(inline) and _text(inline):
        raw.blocks, raw.typed = blocks_of_lines("".join(inline.itertext())), True
        return
    if inline is not None and len(inline):
        for element in inline.iter():
            if isinstance(element.tag, str):
                element.tag = _name(element)
        for attribute_owner in inline.iter():
            foreign = [name for name in attribute_owner.attrib if name.startswith("{")]
            for name in foreign:
                del attribute_owner.attrib[name]
        markup = "".join(tostring(child, encoding="unicode") for child in inline)
        raw.blocks = blocks_of_html(markup, raw)
        return
    data = _find(contents, "inlineData")
    if data is not None and _text(data):
        text, kind = "".join(data.itertext()), data.get("contenttype") or ""
        if "html" in kind or (not kind and text.lstrip().startswith("<")):
            raw.blocks = blocks_of_html(text, raw)
        else:
            raw.blocks, raw.typed = blocks_of_lines(text), True
