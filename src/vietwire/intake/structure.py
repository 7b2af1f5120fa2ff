"""The structure of a typed document, read from its lines: numbering, list marks, broken lines.

Vietnamese office documents carry their structure in the text itself: ``I/``, ``1.``, ``2.1.1``,
``a)``, dashes and stars, and page breaks that cut a sentence in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from vietwire.story import Block, BlockKind

#: The last are what Word's symbol fonts leave of a bullet when its text is copied.
_BULLET = re.compile(r"([ \t]*)([-–—•+*·◦▪●○■✓➢\uf02d\uf0a7\uf0b7\uf0d8\uf0fc])[ \t]+(\S.*)")
_NUMBERED = re.compile(r"(\d{1,2}[.)/])\s+(\S.*)", re.S)
_ROMAN = re.compile(r"([IVXL]{1,6})\s*([/.)])\s*(\S.*)", re.S)
_DEEP = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})[.)]?\s+(\S.*)", re.S)
_LETTERED = re.compile(r"([a-zđ])([)/])\s*(\S.*)", re.S)
_QUANTITY = re.compile(r"(?:tỷ|tỉ|triệu|nghìn|ngàn|%|USD|đồng|phần trăm)\b|%", re.I)
_ENDED = re.compile(r"[.!?…:;][\"'”’»)\]]*$")

#: A line drawn across the page.
RULE = re.compile(r"[-–—_=*~#+]{3,}")
#: A heading is no longer than this, in characters; a longer numbered line is a paragraph.
_HEADING_LENGTH = 200
#: A line of at least this many characters that does not end a sentence was broken by a machine.
_WRAPPED_LENGTH = 55


def blocks_of_lines(text: str) -> list[Block]:
    """Paragraphs, quotes and list items of a plain text, in order; numbering still in the text.

    Blank lines part paragraphs. Within them a line goes on with the one before where it starts in
    lower case or where the one before was long and unfinished; else every line is a paragraph.
    """
    blocks: list[Block] = []
    fresh, last_line = True, ""
    indents: list[int] = []
    for line in text.expandtabs(4).split("\n"):
        stripped = line.strip()
        if not stripped or RULE.fullmatch(stripped):
            fresh = True
            continue
        bullet = _BULLET.match(line)
        if bullet:
            level = _level(indents, len(bullet[1]))
            marker = "•" if bullet[2] >= "\uf000" else bullet[2]
            blocks.append(Block(BlockKind.LIST_ITEM, bullet[3].strip(), level, marker))
        elif stripped.startswith(">"):
            quote = stripped.lstrip("> ").strip()
            if not fresh and blocks and blocks[-1].kind is BlockKind.QUOTE:
                blocks[-1] = _joined(blocks[-1], quote)
            elif quote:
                blocks.append(Block(BlockKind.QUOTE, quote))
        elif len(blocks) == 1 and not fresh and last_line.isupper() and stripped.isupper():
            blocks[0] = _joined(blocks[0], stripped)  # a title in capitals over several lines
        elif not fresh and blocks and _continues(last_line, line, blocks[-1]):
            blocks[-1] = _joined(blocks[-1], stripped)
        else:
            blocks.append(Block(BlockKind.PARAGRAPH, stripped))
            indents.clear()
        fresh, last_line = False, stripped
    return blocks


def _level(indents: list[int], indent: int) -> int:
    """The depth of a list item among the indents open above it."""
    while indents and indent < indents[-1]:
        indents.pop()
    if not indents or indent > indents[-1] + 1:
        indents.append(indent)
    return len(indents) - 1


def _continues(last: str, line: str, block: Block) -> bool:
    stripped = line.strip()
    if any(p.match(stripped) for p in (_NUMBERED, _DEEP, _LETTERED, _ROMAN)):
        return False
    if stripped[0].islower() and not _ENDED.search(last):
        return True
    if block.kind is BlockKind.LIST_ITEM and line[0] == " ":
        return True
    return len(last) >= _WRAPPED_LENGTH and not _ENDED.search(last)


def _joined(block: Block, text: str) -> Block:
    return replace(block, text=f"{block.text} {text}".strip())


def shape(blocks: Iterable[Block]) -> list[Block]:
    """Give typed blocks their structure: rejoin, headings, list items, nesting of list marks."""
    rejoined = _rejoin(list(blocks))
    return _nest(_number(rejoined))


def _rejoin(blocks: list[Block]) -> list[Block]:
    """Put together what a page break cut: an unfinished block, then a paragraph in lower case."""
    out: list[Block] = []
    running = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE)
    for block in blocks:
        cut = (
            out
            and block.kind is BlockKind.PARAGRAPH
            and out[-1].kind in running
            and block.text[:1].islower()
            and not _LETTERED.match(block.text)
            and not _ENDED.search(out[-1].text)
        )
        if cut:
            out[-1] = _joined(out[-1], block.text)
        else:
            out.append(block)
    return out


def _number(blocks: list[Block]) -> list[Block]:
    romans = [_roman_heading(block) for block in blocks]
    base = 1 if any(romans) else 0
    out: list[Block] = []
    for index, block in enumerate(blocks):
        roman = romans[index]
        if block.kind is not BlockKind.PARAGRAPH:
            out.append(block)
        elif roman:
            out.append(roman)
        elif deep := _DEEP.match(block.text):
            out.extend(_deep_heading(block, deep, base))
        elif single := _NUMBERED.match(block.text):
            beside = [b for b in blocks[max(index - 1, 0) : index + 2] if b is not block]
            listed = any(b.kind is BlockKind.PARAGRAPH and _NUMBERED.match(b.text) for b in beside)
            if listed or not _is_title(single[2]):
                out.append(Block(BlockKind.LIST_ITEM, single[2], 0, single[1]))
            else:
                out.append(Block(BlockKind.HEADING, single[2], base + 1, single[1]))
        elif lettered := _LETTERED.match(block.text):
            out.append(Block(BlockKind.LIST_ITEM, lettered[3], 0, lettered[1] + lettered[2]))
        else:
            out.append(block)
    return out


def _roman_heading(block: Block) -> Block | None:
    found = _ROMAN.match(block.text) if block.kind is BlockKind.PARAGRAPH else None
    if not found or not _is_title(found[3]):
        return None
    # "V. Putin" is a name; a numeral with a stroke, or over a line in capitals, is a heading.
    if found[2] != "/" and not found[3].isupper():
        return None
    return Block(BlockKind.HEADING, found[3], 1, found[1] + found[2])


def _is_title(text: str) -> bool:
    return len(text) <= _HEADING_LENGTH and text[-1] not in ".;,"


def _deep_heading(block: Block, found: re.Match[str], base: int) -> list[Block]:
    """``2.1 Title`` is a heading; ``2.1.1 Who: what they do ...`` a heading and its paragraph."""
    number, rest = found[1], found[2]
    level = base + number.count(".") + 1
    if not rest[0].isupper() or _QUANTITY.match(rest):
        return [block]
    if _is_title(rest):
        return [Block(BlockKind.HEADING, rest, level, number)]
    head, colon, tail = rest.partition(": ")
    if colon and len(head) <= _HEADING_LENGTH and tail.strip():
        return [
            Block(BlockKind.HEADING, f"{head}:", level, number),
            Block(BlockKind.PARAGRAPH, tail.strip()),
        ]
    return [Block(BlockKind.PARAGRAPH, rest, level, number)]


def _nest(blocks: list[Block]) -> list[Block]:
    """Dashes under ``* Before the summit:`` are one level deeper, until the next star."""
    out: list[Block] = []
    open_marks: list[str] = []
    for block in blocks:
        if block.kind is not BlockKind.LIST_ITEM or block.level:
            if block.kind is not BlockKind.LIST_ITEM:
                open_marks.clear()
                out.append(block)
            else:
                out.append(replace(block, level=block.level + max(len(open_marks) - 1, 0)))
            continue
        mark = "1" if block.marker[:1].isdigit() else block.marker[-1:]
        if mark in open_marks:
            del open_marks[open_marks.index(mark) + 1 :]
        elif not open_marks or out[-1].text.endswith(":"):
            open_marks.append(mark)
        else:
            open_marks[-1] = mark
        out.append(replace(block, level=len(open_marks) - 1))
    return out
