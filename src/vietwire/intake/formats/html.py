"""HTML and XHTML pages and fragments, through BeautifulSoup and lxml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vietwire.intake.fields import canonical, put_named
from vietwire.intake.outcome import Raw
from vietwire.story import Block, BlockKind

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import Tag

_DROPPED = (
    "script", "style", "noscript", "template", "nav", "footer", "aside", "form", "iframe",
    "object", "embed", "svg", "math", "button", "select", "dialog", "audio", "video", "canvas",
)  # fmt: skip
_BOILERPLATE = re.compile(
    r"(?:^|[-_])(?:nav|navbar|menu|breadcrumbs?|sidebar|share|sharing|social|related|comments?|"
    r"advert|ads|banner|cookie|footer|toolbar|paging|pagination|tags|tag-?list|hashtags?|"
    r"tin-?lien-?quan)(?:$|[-_])",
    re.I,
)
_STANDFIRST = re.compile(r"(?:^|[-_])(?:sapo|chapeau|standfirst|lead|summary)(?:$|[-_])", re.I)
_CAPTION = re.compile(r"(?:^|[-_])(?:caption|chu-?thich|photo-?note)(?:$|[-_])", re.I)
_BYLINE = re.compile(r"(?:^|[-_])(?:byline|author|tac-?gia)(?:$|[-_])", re.I)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.I)
#: A part of the page is no ornament, whatever it is called, if it holds this share of its text.
_MOST = 0.3
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "hl1": 1, "hl2": 2}
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "body.content",
        "block",
        "body.head",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hl1",
        "hl2",
        "header",
        "hedline",
        "hr",
        "li",
        "main",
        "media",
        "media-caption",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "html",
    ]
)
_META = {
    "og:title": "headline", "article:tag": "keywords", "news_keywords": "keywords",
    "article:published_time": "date", "article:modified_time": "", "dc.identifier": "source_id",
}  # fmt: skip


def read(text: str) -> list[Raw]:
    """One item: fields from ``meta`` by their names, blocks from the article of the page."""
    raw = Raw()
    soup = _soup(text)
    root = _root(soup)
    blocks = _Walk(root, raw).blocks
    _read_meta(soup, raw, blocks)
    raw.blocks = blocks
    return [raw]


def blocks_of(markup: str, raw: Raw | None = None) -> list[Block]:
    """The blocks of an HTML fragment; byline and standfirst go into ``raw`` if it is given."""
    return _Walk(_root(_soup(markup)), raw).blocks


def _soup(text: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    # lxml takes the end of a DTD written into the page for text
    text = re.sub(r"^\s*<!DOCTYPE[^<>\[]*\[.*?\]\s*>", "", text, flags=re.I | re.S)
    if not re.search(r"<(?:html|body)\b", text[:5000], re.I):
        text = f"<html><body>{text}</body></html>"
    return BeautifulSoup(text, "lxml")


def _root(soup: BeautifulSoup) -> Tag:
    from bs4 import Comment

    for comment in soup.find_all(string=lambda s: isinstance(s, Comment)):
        comment.extract()
    for tag in soup.find_all(_DROPPED):
        tag.decompose()
    for tag in soup.find_all(True):
        if not tag.decomposed and (tag.has_attr("hidden") or _HIDDEN.search(str(tag.get("style")))):
            tag.decompose()
    whole = _prose(soup)
    for tag in soup.find_all(["div", "ul", "section", "header", "p", "span"]):
        if tag.decomposed or not _BOILERPLATE.search(_names(tag)):
            continue
        if _prose(tag) <= whole * _MOST:
            tag.decompose()
    for selector in ("[itemprop=articleBody]", "article", "main", "body.content"):
        found = soup.select(selector.replace("body.content", "body\\.content"))
        if len(found) == 1 and len(found[0].get_text(strip=True)) > 40:
            return found[0]
    return soup.body or soup


def _prose(tag: Tag) -> int:
    """How much text stands in it outside of links, in characters."""
    return sum(
        len(text.strip()) for text in tag.find_all(string=True) if text.find_parent("a") is None
    )


def _names(tag: Tag) -> str:
    """Class names and id of a tag, one after the other with dashes between."""
    classes = tag.get("class")
    names = list(classes) if isinstance(classes, list) else [str(classes or "")]
    return "-".join([*names, str(tag.get("id") or "")])


def _read_meta(soup: BeautifulSoup, raw: Raw, blocks: list[Block]) -> None:
    first = next((b for b in blocks if b.kind is BlockKind.HEADING), None)
    headed = first is not None and first.level == 1
    for meta in soup.find_all("meta"):
        name = str(meta.get("name") or meta.get("property") or "").strip().lower()
        value = str(meta.get("content") or "")
        if name in ("description", "og:description", "viewport", "generator", "robots"):
            continue  # written for search engines: most often a cut of the text itself
        field = _META.get(name, canonical(name) if ":" not in name else None)
        if headed and name == "og:title":
            continue  # shortened for sharing; the page's own headline is below
        if field == "keywords" and "keywords" in raw.fields:
            before = raw.fields.pop("keywords")
            value = f"{before.text}\n{value}"
        if field:
            put_named(raw, field, value)
    # The page's own first heading is a better headline than its window title.
    h1 = soup.find("h1")
    if not headed:
        if h1 is not None:
            raw.put("headline", _text(h1))
        elif soup.title is not None:
            raw.put("headline", " ".join(soup.title.get_text().split()))


class _Walk:
    """Goes down the tree once; text outside any block tag becomes a paragraph of its own."""

    def __init__(self, root: Tag, raw: Raw | None) -> None:
        self.blocks: list[Block] = []
        self.raw = raw
        self._loose: list[str] = []
        self._children(root, BlockKind.PARAGRAPH, -1)
        self._flush(BlockKind.PARAGRAPH, -1)

    def _children(self, tag: Tag, kind: BlockKind, depth: int) -> None:
        from bs4 import NavigableString
        from bs4.element import PreformattedString, Tag

        for child in tag.children:
            if isinstance(child, PreformattedString):
                continue
            if isinstance(child, NavigableString):
                self._loose.append(str(child))
            elif isinstance(child, Tag):
                self._tag(child, kind, depth)

    def _tag(self, tag: Tag, kind: BlockKind, depth: int) -> None:
        name = tag.name.lower()
        if name == "br":
            self._loose.append("\n")
            if len(tag.contents):
                self._children(tag, kind, depth)
        elif name == "img" or (name == "time" and not _in_sentence(tag, labelled=True)):
            return
        elif name in _BLOCKS:
            self._flush(kind, depth)
            self._block(tag, name, kind, depth)
        elif self._is_byline(tag) and not _in_sentence(tag, labelled=False):
            self._put("byline", tag)
        else:
            self._children(tag, kind, depth)

    def _is_byline(self, tag: Tag) -> bool:
        return self.raw is not None and bool(_BYLINE.search(_names(tag))) and len(_text(tag)) < 120

    def _put(self, name: str, tag: Tag) -> None:
        if self.raw is not None:
            self.raw.put(name, _text(tag))

    def _block(self, tag: Tag, name: str, kind: BlockKind, depth: int) -> None:
        names = _names(tag)
        if name in _HEADINGS and not _STANDFIRST.search(names):
            text = _text(tag)
            if text:
                self.blocks.append(Block(BlockKind.HEADING, text, _HEADINGS[name]))
        elif (
            self.raw is not None
            and _STANDFIRST.search(names)
            and "standfirst" not in (self.raw.fields)
        ):
            self.raw.put("standfirst", _text(tag))
        elif self._is_byline(tag):
            self._put("byline", tag)
        elif name == "table":
            self._table(tag)
        elif name in ("ul", "ol"):
            self._list(tag, name, depth + 1)
        else:
            if name in ("figcaption", "caption", "media-caption") or _CAPTION.search(names):
                kind = BlockKind.CAPTION
            elif name == "blockquote":
                kind = BlockKind.QUOTE
            self._children(tag, kind, depth)
            self._flush(kind, depth)

    def _list(self, tag: Tag, name: str, depth: int) -> None:
        from bs4.element import Tag as TagClass

        number = int(str(tag.get("start") or 1)) if str(tag.get("start") or 1).isdigit() else 1
        for item in tag.children:
            if not isinstance(item, TagClass):
                continue
            if item.name in ("ul", "ol"):
                self._list(item, item.name, depth + 1)
                continue
            before = len(self.blocks)
            self._children(item, BlockKind.LIST_ITEM, depth)
            self._flush(BlockKind.LIST_ITEM, depth)
            marker = f"{number}." if name == "ol" else "-"
            number += 1
            if len(self.blocks) > before and self.blocks[before].kind is BlockKind.LIST_ITEM:
                first = self.blocks[before]
                self.blocks[before] = Block(BlockKind.LIST_ITEM, first.text, first.level, marker)

    def _table(self, tag: Tag) -> None:
        caption = tag.find("caption", recursive=False)
        if caption is not None and _text(caption):
            self.blocks.append(Block(BlockKind.CAPTION, _text(caption)))
        rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
        for number, row in enumerate(rows):
            column = 0
            for cell in row.find_all(["td", "th"], recursive=False):
                text = _text(cell)
                if text and _CAPTION.search(_names(cell)):
                    self.blocks.append(Block(BlockKind.CAPTION, text))
                elif text:
                    block = Block(BlockKind.TABLE_CELL, text, row=number, column=column)
                    self.blocks.append(block)
                span = str(cell.get("colspan") or 1)
                column += min(int(span), 100) if span.isdigit() else 1

    def _flush(self, kind: BlockKind, depth: int) -> None:
        """Two line breaks part paragraphs, one is a space."""
        joined = "".join(self._loose)
        self._loose.clear()
        for part in re.split(r"\n[ \t]*\n\s*" if kind is not BlockKind.CUE else r"\0", joined):
            text = " ".join(part.split())
            if text:
                level = max(depth, 0) if kind is BlockKind.LIST_ITEM else 0
                self.blocks.append(Block(kind, text, level))


def _in_sentence(tag: Tag, *, labelled: bool) -> bool:
    """Whether an inline tag is part of a sentence rather than of the lines about the article.

    Those have no words around the tag. ``labelled``: words that end in a colon count as well.
    """
    from bs4 import NavigableString

    if tag.find_parent(["p", "li", "td", "blockquote"]) is not None:
        return True
    for parent in tag.parents:
        words = "".join(part for part in parent.children if isinstance(part, NavigableString))
        if re.search(r"\w", words):
            return labelled or not words.rstrip().endswith(":")
        if parent.name in _BLOCKS:
            break
    return False


def _text(tag: Tag) -> str:
    """The text of a tag in one line; blocks and line breaks inside it part words."""
    from bs4 import NavigableString
    from bs4.element import PreformattedString

    parts: list[str] = []
    for inner in tag.descendants:
        if isinstance(inner, NavigableString):
            parts.append("" if isinstance(inner, PreformattedString) else str(inner))
        elif getattr(inner, "name", "") == "br" or getattr(inner, "name", "") in _BLOCKS:
            parts.append(" ")
    return " ".join("".join(parts).split())
