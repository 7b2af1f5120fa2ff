"""Chinese: exact characters, whatever their width, quotes, spaces and way to write a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from vietwire.termbase.verifying import Span
from vietwire.termbase.verifying.numerals import chinese_number

# Book-title marks, quotes and spaces come and go with the sentence.
_PASSED = frozenset("《》〈〉「」『』“”‘’\"' \u3000\u00a0\u200b\t\n")
_SAME = {
    "·": "·",
    "・": "·",
    "‧": "·",
    "•": "·",
    "－": "-",
    "—": "-",
    "–": "-",
    "―": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "～": "-",
    "〇": "零",
}
_NUMBER = re.compile(r"(?<=第)[零一二三四五六七八九十百两]+")
# Two characters may be the end of one word and the beginning of another, or of another word's
# beginning. What may not stand before or after, for the renderings that it was seen with.
_NEIGHBOURS: dict[str, tuple[str, str]] = {
    "东海": ("广山浦丹胶辽粤华", "岸拔"),
    "南海": ("越东西河湖云济海江岭淮闽华天中", "区县镇市观子禅岸滩"),
    # 副总理, 副部长 and their like are other offices, an embassy is no ambassador.
    "总理": ("副", ""),
    "首相": ("副", ""),
    "总统": ("副", ""),
    "部长": ("副", ""),
    "大臣": ("副", ""),
    "外长": ("副", "期远"),
    "外相": ("副", ""),
    "大使": ("", "馆"),
    "国际法": ("", "院庭"),
    "印度": ("", "尼洋支"),  # 印度尼西亚, 印度洋, 印度支那
    "越南": ("穿跨", ""),  # 穿越南北
    "国会": ("两各多三四五六七八九十中", "谈晤"),  # 两国会谈, 中国会
    "法国": ("依执司立合违守", "际"),
    "美国": ("", "际"),  # 中美国际合作
    "新方": ("", "案向法式针"),  # 新方案 is no Singapore
    "老方": ("", "案法式"),
    "线上": ("产战前一", ""),
}


class Chinese:
    """Finds Chinese phrases in Chinese text."""

    def occurrences(self, phrase: str, text: str, *, names: bool = True) -> list[Span]:
        chars, places = _folded(text)
        spans: list[Span] = []
        for wanted in _variants(phrase):
            at = chars.find(wanted)
            while at >= 0:
                stop = at + len(wanted)
                span = (places[at][0], places[stop - 1][1])
                if (
                    _alone(chars, at, stop, wanted)
                    and (not names or _acronym_kept(phrase, text[span[0] : span[1]]))
                    and all(span[1] <= s or e <= span[0] for s, e in spans)
                ):
                    spans.append(span)
                at = chars.find(wanted, at + 1)
        return sorted(spans)

    def clues(self, phrase: str) -> Iterable[str]:
        for wanted in _variants(phrase):
            yield wanted[:1]

    def text_clues(self, text: str) -> frozenset[str]:
        return frozenset(_folded(text)[0])


@lru_cache(maxsize=65536)
def _variants(phrase: str) -> tuple[str, ...]:
    """The phrase with and without what it has in brackets, folded."""
    bare = re.sub(r"[（(][^（）()]*[）)]", "", phrase)
    found = [_folded(phrase)[0], _folded(bare)[0]]
    return tuple(dict.fromkeys(f for f in found if f))


@lru_cache(maxsize=512)
def _folded(text: str) -> tuple[str, list[Span]]:
    """Characters to compare by, and the span of ``text`` that each stands for."""
    chars: list[str] = []
    places: list[Span] = []
    numbers = {m.start(): m for m in _NUMBER.finditer(text)}
    at = 0
    while at < len(text):
        match = numbers.get(at)
        value = chinese_number(match[0]) if match else None
        if match and value is not None:
            for digit in str(value):
                chars.append(digit)
                places.append(match.span())
            at = match.end()
            continue
        char = text[at]
        if char not in _PASSED:
            code = ord(char)
            if 0xFF01 <= code <= 0xFF5E:  # full-width Latin
                char = chr(code - 0xFEE0)
            char = _SAME.get(char, char)
            chars.append(char.lower() if char.isascii() else char)
            places.append((at, at + 1))
        at += 1
    return "".join(chars), places


def _acronym_kept(phrase: str, given: str) -> bool:
    """Whether a short Latin acronym is one in the text too: TAC is not tac, but Covid is COVID."""
    short = len(phrase) < 5 and phrase.isascii() and phrase.isupper()
    return not short or given.isupper()


def _alone(chars: str, at: int, stop: int, wanted: str) -> bool:
    """Whether a match is not cut out of a longer word, number or Latin name."""
    before, after = chars[at - 1 : at], chars[stop : stop + 1]
    first, last = wanted[0], wanted[-1]
    if first.isascii() and first.isalnum() and before.isascii() and before.isalnum():
        return False
    if last.isascii() and last.isalnum() and after.isascii() and after.isalnum():
        return False
    if last.isascii() and last.isalnum() and after == "+":
        return False
    barred = _NEIGHBOURS.get(wanted)
    if barred:
        return not (before and before in barred[0]) and not (after and after in barred[1])
    return True
