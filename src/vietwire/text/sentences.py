"""Sentences of Vietnamese newswire, and putting their translations back together.

The rules are our own: docs/adr says which libraries were measured and why none was kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vietwire.text.abbreviations import (
    BEFORE_A_LETTER,
    BEFORE_A_NAME,
    BEFORE_A_NUMBER,
    ENDS_EITHER_WAY,
    NAMES_WITH_A_MARK,
    OPENS_A_SENTENCE,
)

_CLOSERS = "\"'”’»)\\]}›」』）】"
_OPENERS = "\"'“‘«(\\[{‹「『（【¿¡"
#: A place where a sentence may end: its mark, what closes after it, white space.
_CANDIDATE = re.compile(
    rf"(?P<mark>[.!?…]+)(?P<close>[{_CLOSERS}]*)(?P<space>\s+)"
    rf"|(?P<han>[。！？]+)(?P<hanclose>[{_CLOSERS}]*)(?P<hanspace>\s*)"
    r"|(?P<line>\s*\n\s*)"
    # a full stop with the space after it forgotten: "hội nghị.Ông nói"
    r"|(?<=[^\W\d_A-Z][^\W\d_A-Z])(?P<glued>[.!?])(?=[^\W\d_][^\W\d_])"
)
_WORD_BEFORE = re.compile(r"[\w./&-]+$")
_PREVIOUS_WORD = re.compile(r"([\w/-]+)[\s\"“‘(]*$")
_FIRST_WORD = re.compile(rf"[{_OPENERS}\s–—*•-]*(?P<word>[\w-]+)?")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.)*[^\W\d_]$")
_LIST_MARKER = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})*|[IVXLC]{1,6}|[^\W\d_])$")
#: "Chương II. Điều 5 ...", "Phụ lục A. Danh mục ...": a numbered heading and its first words.
_HEADING = re.compile(
    r"(?:Chương|Phần|Mục|Phụ lục|Điều|Khoản|Bài|Tập)\s+(?:[IVXLC]+|\d{1,3}|[A-Z])", re.I
)
_NEXT_MARKER = re.compile(r"[^\W\d_][.)]\s")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[@#]\w+")
_LONGEST_ASIDE = 240


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the white space between it and the next one of its block."""

    text: str
    separator: str


def split_sentences(text: str) -> list[Sentence]:
    """Split one block into sentences; nothing is added, dropped or changed.

    ``''.join(s.text + s.separator for s in result) == text`` always holds. White space before the
    first sentence is a sentence of no text. An empty block has no sentences. A line feed ends a
    sentence unless the next line goes on in lower case (a wrapped subtitle).
    """
    result: list[Sentence] = []
    start = 0
    lead = len(text) - len(text.lstrip())
    if lead:
        result.append(Sentence("", text[:lead]))
        start = lead
    addresses = [m.span() for m in _ADDRESS.finditer(text)]
    asides = _asides(text)
    for match in _CANDIDATE.finditer(text, start):
        end, resume = _edges(match)
        if resume >= len(text) or end <= start:
            continue
        inside = (a < match.start() and match.end() <= b - 1 for a, b in addresses)
        if match.group("glued") and any(inside):
            continue
        if any(start < a < match.start() and match.start() < b for a, b in asides):
            continue
        if _is_end(text, start, match, end, resume):
            result.append(Sentence(text[start:end], text[end:resume]))
            start = resume
    if start < len(text):
        body = text[start:].rstrip()
        result.append(Sentence(body, text[start + len(body) :]))
    return result


def _edges(match: re.Match[str]) -> tuple[int, int]:
    """Where the sentence would end and where the next would begin."""
    if match.group("mark"):
        return match.end("close"), match.end()
    if match.group("han"):
        return match.end("hanclose"), match.end()
    if match.group("glued"):
        return match.end(), match.end()
    return match.start(), match.end()


def _asides(text: str) -> list[tuple[int, int]]:
    """Bracketed asides short enough to belong to the sentence around them."""
    return [m.span() for m in re.finditer(rf"[(\[][^()\[\]\n]{{0,{_LONGEST_ASIDE}}}[)\]]", text)]


def _is_end(text: str, start: int, match: re.Match[str], end: int, resume: int) -> bool:
    following = text[resume:]
    first = _FIRST_WORD.match(following)
    word = (first.group("word") or "") if first else ""
    goes_on = word[:1].islower() and not _camel(word) and not _NEXT_MARKER.match(following.lstrip())
    if match.group("line") is not None or "\n" in text[end:resume]:
        return match.group("mark") is not None or not goes_on
    if match.group("han"):
        return True
    if not any(char.isalnum() for char in following.split("\n", 1)[0]):
        return False  # "./.", "...", stray marks
    if goes_on:
        return False
    if match.group("glued"):
        return _forgotten_space(text[start : match.start()], word)
    mark = match.group("mark")
    before = text[start : match.start("mark")]
    if re.match(r"[\"”’»](?:[\s,;.–—-]|$)", following):
        return False  # a closing quote with a stray space before it
    if mark[0] == "…" or mark.startswith(".."):
        return not word[:1].isdigit()  # "giá chỉ còn... 15 nghìn đồng"
    if mark[0] in "!?":
        last = _WORD_BEFORE.search(before)
        return not (last and last.group().lower() in NAMES_WITH_A_MARK)
    if mark != "." or match.group("close"):
        # an ellipsis, "?!", or a stop inside a closing quote: the capital after it decides
        return not (mark == "." and match.group("close") == ")" and _is_marker(before))
    return _full_stop_ends(before, word, following)


def _full_stop_ends(before: str, word: str, following: str) -> bool:
    """Whether a single full stop after ``before`` ends the sentence; ``word`` comes next."""
    found = _WORD_BEFORE.search(before)
    if not found:
        return True
    token = found.group()
    lead = before[: found.start()]
    if _is_marker(token) and (not lead.strip() or lead.rstrip()[-1] in ":;"):
        return False
    if _HEADING.fullmatch(before.strip()) or (
        token.isdigit() and len(token) <= 2 and _spaced_date(lead, following)
    ):
        return False
    key = token.lower().strip(".-/")
    last = re.split(r"[./-]", key)[-1]
    if key in BEFORE_A_NUMBER:
        return not word[:1].isdigit()
    opens = word in OPENS_A_SENTENCE
    if key in BEFORE_A_NAME or ("." in key and last in BEFORE_A_NAME):
        return False
    if key in ENDS_EITHER_WAY:
        return opens
    if _INITIALS.fullmatch(token) and token[-1].isupper():
        previous = _PREVIOUS_WORD.search(lead)
        if lead.endswith("°"):
            return True
        numbered = previous is not None and previous.group(1).lower() in BEFORE_A_LETTER
        return numbered or opens
    return True


def _is_marker(token: str) -> bool:
    return bool(_LIST_MARKER.fullmatch(token))


def _spaced_date(lead: str, following: str) -> bool:
    """A date typed with spaces: "12. 11. 2020"."""
    if re.match(r"\d{1,2}\s*\.\s*\d{4}\b", following):
        return True
    return bool(re.match(r"\d{4}\b", following) and re.search(r"\d{1,2}\.\s*$", lead))


def _camel(word: str) -> bool:
    """``iPhone``, ``eBay``, ``e-ASEAN``: a name that starts in lower case."""
    return bool(re.match(r"[^\W\d_](?:[A-Z][a-z]|-[A-Z])", word))


def _forgotten_space(before: str, word: str) -> bool:
    found = _WORD_BEFORE.search(before)
    token = found.group() if found else ""
    if not word or not word[0].isupper() or not word[1:].islower() or not token.islower():
        return False
    vietnamese = any(ord(c) > 127 for c in token + word)
    return "." not in token and (vietnamese or word in OPENS_A_SENTENCE)


_HAN_OR_WIDE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’…—]")


def rejoin(parts: Sequence[tuple[str, str]], language: str) -> str:
    """Join translated sentences into their block again.

    ``parts`` holds (translated sentence, the separator that followed its source). Empty sentences
    vanish with their separator. Chinese takes no space between sentences unless two Latin words
    would meet; every other language takes one where the source had forgotten it.
    """
    result = ""
    waiting = ""
    for sentence, separator in parts:
        sentence = sentence.strip()
        if not sentence:
            if not result:
                waiting = separator if "\n" in separator else ""
            elif "\n" in separator and "\n" not in waiting:
                waiting = separator
            continue
        if result:
            result += _gap(waiting, result[-1], sentence[0], language)
        elif waiting:
            result = waiting
        result += sentence
        waiting = separator
    return result + (waiting if "\n" in waiting else "")


def _gap(separator: str, left: str, right: str, language: str) -> str:
    if "\n" in separator:
        return separator
    if language == "zh":
        meets = not _HAN_OR_WIDE.match(left) and not _HAN_OR_WIDE.match(right)
        return " " if meets else ""
    return separator or " "
