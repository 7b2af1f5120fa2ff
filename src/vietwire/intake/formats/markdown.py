"""Markdown (CommonMark with tables), read from markdown-it's tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from vietwire.intake.fields import put_all, split_front_matter
from vietwire.intake.formats.subtitles import timed_lines
from vietwire.intake.outcome import Raw
from vietwire.story import Block, BlockKind

if TYPE_CHECKING:
    from markdown_it.token import Token


def read(text: str) -> list[Raw]:
    """One item.

    A numbered list of one item is left as a typed line: in a document it is a numbered heading.
    """
    raw = Raw(typed=True)
    fields, body = split_front_matter(text)
    put_all(raw, fields)
    body, cues = timed_lines(body)
    raw.blocks = blocks_of(body) + cues
    return [raw]


def blocks_of(text: str) -> list[Block]:
    """The blocks of a Markdown text in order, inline marks dropped, links as their text."""
    from markdown_it import MarkdownIt

    # Text indented by four spaces is a paragraph of a typed document, not a program.
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    notes = dict(_NOTE.findall(text))
    if notes:
        text = _NOTE.sub("", text)
    return _Walk(parser.parse(text), notes).blocks


#: "[^1]: ..." below, "[^1]" in the text.
_NOTE = re.compile(r"^\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n[ \t]+\S.*)*)$", re.M)
_NOTED = re.compile(r"\[\^([^\]\s]+)\]")


class _Walk:
    """Goes through the tokens once, keeping the lists that are open."""

    def __init__(self, tokens: list[Token], notes: dict[str, str]) -> None:
        self.notes = notes
        self.noted: set[str] = set()
        self.blocks: list[Block] = []
        self.lists: list[tuple[bool, int]] = []  # single item, next number
        self.marker = ""
        self.quotes = 0
        self.row = self.column = self.tables = -1
        for index, token in enumerate(tokens):
            self._token(tokens, index, token)
        self._add_notes(notes)  # those that nothing refers to

    def _token(self, tokens: list[Token], index: int, token: Token) -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            self.lists.append((_is_single(tokens, index), int(token.attrGet("start") or 1)))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif kind == "list_item_open":
            single, number = self.lists[-1]
            ordered = token.info != ""
            self.marker = f"{token.info}{token.markup}" if ordered else token.markup
            self.lists[-1] = (single and ordered, number + 1)
        elif kind == "blockquote_open":
            self.quotes += 1
        elif kind == "blockquote_close":
            self.quotes -= 1
        elif kind == "tr_open":
            self.row, self.column = self.row + 1, -1
        elif kind == "table_open":
            self.row = -1
        elif kind in ("th_open", "td_open"):
            self.column += 1
        elif kind == "table_close":
            self.column = -1
        elif kind == "inline":
            self._inline(tokens[index - 1], token)
        elif kind == "html_block":
            from vietwire.intake.formats.html import blocks_of as blocks_of_html

            self.blocks += blocks_of_html(token.content)
        elif kind == "fence":
            lines = [line.strip() for line in token.content.split("\n")]
            self.blocks += [Block(BlockKind.PARAGRAPH, line) for line in lines if line]

    def _inline(self, opening: Token, token: Token) -> None:
        lines, captions, all_bold = _inline_lines(token)
        text = " ".join(line for line in lines if line)
        noted = [number for number in _NOTED.findall(text) if number in self.notes]
        if noted:
            lines = [_NOTED.sub("", line) for line in lines]
            text = _NOTED.sub("", text)
        if opening.type == "heading_open":
            self._add(Block(BlockKind.HEADING, text, int(opening.tag[1:])))
        elif opening.type in ("th_open", "td_open"):
            cell = Block(BlockKind.TABLE_CELL, text, row=self.row, column=self.column)
            self.blocks.append(cell)
        elif self.lists and self.marker:
            single, _ = self.lists[-1]
            marker, self.marker = self.marker, ""
            if single and len(self.lists) == 1:
                self._add(Block(BlockKind.PARAGRAPH, f"{marker} {text}"))
            else:
                self._add(Block(BlockKind.LIST_ITEM, text, len(self.lists) - 1, marker))
        elif self.lists:
            # A further paragraph of the same list item keeps its depth, without a marker.
            self._add(Block(BlockKind.LIST_ITEM, text, len(self.lists) - 1))
        elif self.quotes:
            self._add(Block(BlockKind.QUOTE, text))
        elif all_bold and len(lines) > 1 and self.blocks and all(map(str.isupper, lines)):
            # Lines in bold capitals below the title: titles of office, one to a line.
            self.blocks += [Block(BlockKind.PARAGRAPH, line) for line in lines]
        else:
            self._add(Block(BlockKind.PARAGRAPH, text))
        self.blocks += [Block(BlockKind.CAPTION, caption) for caption in captions]
        self._add_notes(noted)

    def _add_notes(self, numbers: Iterable[str]) -> None:
        for number in numbers:
            if number not in self.noted:
                self.noted.add(number)
                note = " ".join(self.notes[number].split())
                self._add(Block(BlockKind.PARAGRAPH, note, marker=f"[{number}]"))

    def _add(self, block: Block) -> None:
        if block.text:
            self.blocks.append(block)


def _is_single(tokens: list[Token], index: int) -> bool:
    """Whether the ordered list that opens here has one item, of one paragraph."""
    level = tokens[index].level
    if tokens[index].type != "ordered_list_open":
        return False
    inner = 0
    for token in tokens[index + 1 :]:
        if token.level == level and token.type == "ordered_list_close":
            return inner <= 1
        if token.level == level + 1 and token.type == "list_item_open":
            inner += 1
        elif token.level == level + 2 and token.type != "paragraph_open" and token.nesting >= 0:
            return False
    return False


def _inline_lines(token: Token) -> tuple[list[str], list[str], bool]:
    """The lines of a paragraph as plain text, its pictures' captions, and whether all is bold."""
    parts: list[str] = []
    captions: list[str] = []
    bold, struck, all_bold = 0, 0, True
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            caption = (child.content or str(child.attrGet("title") or "")).strip()
            if caption:
                captions.append(caption)
        elif child.type in ("strong_open", "strong_close"):
            bold += child.nesting
        elif child.type in ("s_open", "s_close"):
            struck += child.nesting
        elif child.type in ("text", "code_inline") and not struck:
            parts.append(child.content)
            all_bold = all_bold and (bold > 0 or not child.content.strip())
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in "".join(parts).split("\n")]
    return [line for line in lines if line], captions, all_bold
