"""DOCX through python-docx: headings, lists with their depth, tables, captions."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vietwire.intake.fields import put_all, split_front_matter
from vietwire.intake.outcome import Raw, unreadable
from vietwire.story import Block, BlockKind

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

#: What a story's DOCX may unpack to, its parts, and how much smaller than that it may be packed.
MAX_UNPACKED = 64 * 1024 * 1024
MAX_PARTS = 2000
MAX_RATIO = 200
#: What python-docx puts into a document that nobody dated.
_TEMPLATE_SAVED = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)


def read(data: bytes) -> list[Raw]:
    """One item. The numbering of lists is counted as Word shows it.

    :raises Fault: (UNREADABLE) for a truncated or hostile archive.
    """
    check_archive(data)
    import docx

    document = docx.Document(io.BytesIO(data))
    raw = Raw(typed=True)
    raw.blocks = _Walk(document).blocks
    body = document.element.body
    if next(body.iter(_w("ins"), _w("del"), _w("moveTo"), _w("moveFrom")), None) is not None:
        raw.notes.append("it holds tracked changes; they were read as accepted")
    _front_matter(raw)
    _properties(document, raw)
    return [raw]


def _properties(document: Document, raw: Raw) -> None:
    """The document's properties: identifier is the source id, subject the slug, category the event.

    Author is the byline only where it says so itself: Word fills in whoever owns the computer.
    """
    properties = document.core_properties
    raw.put("keywords", properties.keywords)
    raw.put("source_id", properties.identifier)
    raw.put("slug", properties.subject)
    raw.put("event", properties.category)
    if "TTXVN" in properties.author or "phóng viên" in properties.author.lower():
        raw.put("byline", properties.author)
    # The day it was last saved: an old story's file is often taken for a new one.
    saved: list[datetime] = []
    for name in ("created", "modified"):
        try:
            moment = getattr(properties, name)
        except ValueError:
            continue
        if moment is not None and moment.replace(tzinfo=UTC) != _TEMPLATE_SAVED:
            saved.append(moment)
    if saved:
        raw.put("reference", max(saved).strftime("%Y-%m-%dT%H:%M:%S+00:00"))


def check_archive(data: bytes) -> None:
    """Refuse what is no sound DOCX before any of it is unpacked.

    :raises Fault: for a broken ZIP, one that unpacks out of all proportion, or a DTD in a part.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            packed = max(sum(part.compress_size for part in parts), 1)
            if len(parts) > MAX_PARTS or total > MAX_UNPACKED:
                raise unreadable("the DOCX unpacks to more than a story can be; not opened")
            if total > 2 * 1024 * 1024 and total / packed > MAX_RATIO:
                raise unreadable("the DOCX is packed suspiciously tight (a ZIP bomb?); not opened")
            if "word/document.xml" not in archive.namelist():
                raise unreadable("it is a ZIP archive but not a DOCX: no word/document.xml in it")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    content = archive.read(part)
                    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                        raise unreadable("the DOCX holds a DTD or entities; not opened")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError):
        message = "the DOCX is broken or cut short; open it in Word, save it and send it again"
        raise unreadable(message) from None


def _front_matter(raw: Raw) -> None:
    """A DOCX may begin with the same lines between ``---`` as a text file; other rules go."""
    _take_front_matter(raw)
    raw.blocks = [block for block in raw.blocks if block.text != "---"]


def _take_front_matter(raw: Raw) -> None:
    if not raw.blocks or raw.blocks[0].text != "---":
        return
    texts = [block.text for block in raw.blocks]
    if "---" not in texts[1:]:
        return
    end = texts.index("---", 1)
    fields, _ = split_front_matter("\n".join(texts[: end + 1]))
    put_all(raw, {name: (value, 0) for name, (value, _) in fields.items()})
    raw.blocks = raw.blocks[end + 1 :]


class _Walk:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.blocks: list[Block] = []
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * 9)
        self._footnotes = _footnotes(document)
        self._notes_due: list[str] = []
        self._body(document.element.body)

    def _body(self, parent: Any) -> None:
        """Paragraphs and tables in order, also inside content controls and tracked insertions."""
        from docx.table import Table
        from docx.text.paragraph import Paragraph

        for child in parent.iterchildren():
            if child.tag == _w("p"):
                self._paragraph(Paragraph(child, self.document._body))
                for box in _text_boxes(child):
                    self._body(box)
            elif child.tag == _w("tbl"):
                self._table(Table(child, self.document._body))
            elif child.tag in _AROUND:
                self._body(child)
                continue
            self._add_footnotes()

    def _add_footnotes(self) -> None:
        """A footnote stands below the paragraph or table that refers to it."""
        for number in self._notes_due:
            text = self._footnotes.pop(number, "")
            if text:
                self.blocks.append(Block(BlockKind.PARAGRAPH, text, marker=f"[{number}]"))
        self._notes_due.clear()

    def _text(self, element: Any) -> str:
        """What a reader sees of a paragraph: insertions taken, deletions and hidden text not."""
        for reference in element.iter(_w("footnoteReference"), _w("endnoteReference")):
            kind = "e" if reference.tag == _w("endnoteReference") else ""
            self._notes_due.append(f"{kind}{reference.get(_w('id'))}")
        return "".join(_visible(element))

    def _paragraph(self, paragraph: Paragraph) -> None:
        style = (paragraph.style.name or "") if paragraph.style is not None else ""
        style_name = style.lower()
        numbering = self._numbering(paragraph)
        texts = [" ".join(part.split()) for part in self._text(paragraph._p).split("\n")]
        texts = [text for text in texts if text]
        if not texts:
            return
        text = " ".join(texts)
        heading = re.match(r"(?:heading|tiêu đề|mục)\s*(\d)", style_name)
        if style_name in ("title", "tiêu đề"):
            self.blocks.append(Block(BlockKind.HEADLINE, text))
        elif style_name in ("subtitle", "sapo", "standfirst"):
            self.blocks.append(Block(BlockKind.STANDFIRST, text))
        elif heading:
            marker = numbering[1] if numbering else ""
            self.blocks.append(Block(BlockKind.HEADING, text, int(heading[1]), marker))
        elif style_name.startswith(("caption", "chú thích")):
            self.blocks.append(Block(BlockKind.CAPTION, text))
        elif style_name in ("quote", "intense quote", "trích dẫn"):
            self.blocks.append(Block(BlockKind.QUOTE, text))
        elif numbering:
            depth = re.fullmatch(r"list .*(\d)", style_name)
            level = int(depth[1]) - 1 if depth and not numbering[0] else numbering[0]
            self.blocks.append(Block(BlockKind.LIST_ITEM, text, level, numbering[1]))
        elif style_name.startswith("list"):
            self._styled_item(style_name, text)
        else:
            self._typed(paragraph, texts)

    def _typed(self, paragraph: Paragraph, texts: list[str]) -> None:
        """A plain paragraph; line breaks typed in it part it, and dashes make list items."""
        from vietwire.intake.structure import blocks_of_lines

        if len(texts) > 1 and not self.blocks and texts[0] != "---":
            texts = [" ".join(texts)]  # a title set over several lines
        for text in texts:
            if text == "---":  # may begin or end front matter
                self.blocks.append(Block(BlockKind.PARAGRAPH, text))
            else:
                self.blocks += blocks_of_lines(text)

    def _styled_item(self, style: str, text: str) -> None:
        depth = re.search(r"(\d)$", style)
        level = int(depth[1]) - 1 if depth else 0
        if "number" in style:
            counts = self._counts[style]
            counts[0] += 1
            marker = f"{counts[0]}."
        else:
            marker = "" if "continue" in style else "-"
        self.blocks.append(Block(BlockKind.LIST_ITEM, text, level, marker))

    def _numbering(self, paragraph: Paragraph) -> tuple[int, str] | None:
        """The depth and the marker of a numbered or bulleted paragraph, from Word's numbering."""
        properties = paragraph._p.pPr
        num_pr: Any = properties.numPr if properties is not None else None
        if num_pr is None and paragraph.style is not None:
            style_properties = paragraph.style.element.find(_w("pPr"))
            num_pr = style_properties.find(_w("numPr")) if style_properties is not None else None
        if num_pr is None:
            return None
        number = num_pr.find(_w("numId"))
        depth = num_pr.find(_w("ilvl"))
        num_id = number.get(_w("val")) if number is not None else None
        if num_id in (None, "0"):
            return None
        level = min(int(depth.get(_w("val")) or 0), 8) if depth is not None else 0
        form, pattern = self._definition(num_id, level)
        if form in ("bullet", "none"):
            return level, "-" if form == "bullet" else ""
        counts = self._counts[num_id]
        counts[level] += 1
        counts[level + 1 :] = [0] * (8 - level)
        marker = re.sub(
            r"%(\d)", lambda m: _written(counts[int(m[1]) - 1] or 1, form), pattern or "%1."
        )
        return level, marker

    def _definition(self, num_id: str, level: int) -> tuple[str, str]:
        """The number format ("bullet", "decimal", ...) and the pattern ("%1.%2") of a level."""
        try:
            numbering = self.document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return "bullet", ""
        for number in numbering.iterchildren(_w("num")):
            if number.get(_w("numId")) != num_id:
                continue
            abstract_id = number.find(_w("abstractNumId")).get(_w("val"))
            for abstract in numbering.iterchildren(_w("abstractNum")):
                if abstract.get(_w("abstractNumId")) != abstract_id:
                    continue
                for definition in abstract.iterchildren(_w("lvl")):
                    if definition.get(_w("ilvl")) == str(level):
                        form = definition.find(_w("numFmt"))
                        text = definition.find(_w("lvlText"))
                        return (
                            form.get(_w("val")) if form is not None else "decimal",
                            text.get(_w("val")) if text is not None else "",
                        )
        return "bullet", ""

    def _table(self, table: Table) -> None:
        seen: set[Any] = set()  # holds the cells, for an id alone may be given out again
        for row_number, row in enumerate(table.rows):
            nested: list[Table] = []
            for column, cell in enumerate(row.cells):
                if cell._tc in seen:
                    continue  # a merged cell comes once for every place it covers
                seen.add(cell._tc)
                lines = [self._text(p._p) for p in cell.paragraphs]
                text = " ".join(" ".join(lines).split())
                if text:
                    place = Block(BlockKind.TABLE_CELL, text, row=row_number, column=column)
                    self.blocks.append(place)
                nested += cell.tables
            for inner in nested:
                self._table(inner)


def _footnotes(document: Document) -> dict[str, str]:
    """The text of foot- and endnotes by their number in the file (endnotes with an "e")."""
    from lxml import etree

    found: dict[str, str] = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind not in ("footnotes", "endnotes") or relation.is_external:
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        for note in etree.fromstring(relation.target_part.blob, parser):
            text = " ".join(" ".join("".join(_visible(p)) for p in note.iter(_w("p"))).split())
            if note.get(_w("type")) is None and text:
                found[f"{'e' if kind == 'endnotes' else ''}{note.get(_w('id'))}"] = text
    return found


def _text_boxes(paragraph: Any) -> list[Any]:
    """The text boxes anchored in a paragraph, each once: not the copy for older programs."""
    return [
        box
        for box in paragraph.iter(_w("txbxContent"))
        if not any(parent.tag.endswith("}Fallback") for parent in box.iterancestors())
    ]


def _visible(element: Any) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag == _w("t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            # a page break may fall inside a sentence
            yield _BREAKS[child.tag] if child.get(_w("type")) in (None, "textWrapping") else " "
        elif child.tag == _w("r"):
            hidden = child.find(f"{_w('rPr')}/{_w('vanish')}")
            if hidden is None or hidden.get(_w("val")) in ("0", "false", "off"):
                yield from _visible(child)
        elif child.tag in _INSIDE:
            yield from _visible(child)


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


#: Elements around whole paragraphs, and around runs, whose content counts. What is deleted, moved
#: away or only says how to compute a field is not among them.
_AROUND = frozenset(map(_w, ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")))
_INSIDE = _AROUND | frozenset(map(_w, ("hyperlink", "fldSimple", "dir", "bdo")))
_BREAKS = {_w("tab"): "\t", _w("br"): "\n", _w("cr"): "\n", _w("noBreakHyphen"): "-"}


def _written(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        out = ""
        for value, sign in (
            (50, "L"),
            (40, "XL"),
            (10, "X"),
            (9, "IX"),
            (5, "V"),
            (4, "IV"),
            (1, "I"),
        ):
            while number >= value:
                out, number = out + sign, number - value
        return out.lower() if form == "lowerRoman" else out
    return str(number)
