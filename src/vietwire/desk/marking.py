"""Text cut into pieces for display: term hits and findings in a line, and word-level differences.

Pure functions over the nouns. Templates walk the pieces and escape each one, so no markup is ever
made by joining strings.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from vietwire.story import Finding, Severity, TermHit

#: Words with the white space that follows; every Chinese or Japanese character is its own word.
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|[^\w\s]|\s+")
_RANK = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with the same marks over all of it.

    ``term`` is the hit that covers it; ``findings`` those whose span does, most severe first.
    ``starts`` is True on the first piece of its term, where a reader should hear about it.
    """

    text: str
    term: TermHit | None = None
    findings: tuple[Finding, ...] = ()
    starts: bool = False

    @property
    def severity(self) -> Severity | None:
        return self.findings[0].severity if self.findings else None


@dataclass(frozen=True, slots=True)
class Change:
    """One run of a difference: ``op`` is "same", "gone" (only before) or "new" (only after)."""

    op: str
    text: str


@dataclass(slots=True)
class _Mark:
    start: int
    end: int
    term: TermHit | None = None
    finding: Finding | None = None


def source_pieces(
    text: str, terms: Sequence[TermHit], findings: Iterable[Finding] = ()
) -> list[Piece]:
    """The Vietnamese text with its term hits, and findings that point into the source."""
    marks = [_Mark(hit.start, hit.end, term=hit) for hit in terms]
    marks += [
        _Mark(*finding.source_span, finding=finding)
        for finding in findings
        if finding.source_span is not None
    ]
    return _cut(text, marks)


def target_pieces(
    text: str, terms: Sequence[TermHit], findings: Iterable[Finding] = ()
) -> list[Piece]:
    """The draft's text with the renderings that were found in it and the findings' spans."""
    marks = [_Mark(*hit.target_span, term=hit) for hit in terms if hit.target_span is not None]
    marks += [
        _Mark(*finding.span, finding=finding) for finding in findings if finding.span is not None
    ]
    return _cut(text, marks)


def _cut(text: str, marks: Sequence[_Mark]) -> list[Piece]:
    """Cut ``text`` at every edge of a mark; spans outside the text are clipped, empty ones dropped.

    A span can outlive the text it was made for (someone edited since), so it is never trusted.
    """
    usable = []
    for mark in marks:
        start, end = max(0, mark.start), min(len(text), mark.end)
        if start < end:
            usable.append(_Mark(start, end, mark.term, mark.finding))
    edges = sorted({0, len(text), *(m.start for m in usable), *(m.end for m in usable)})
    pieces: list[Piece] = []
    seen: set[int] = set()
    for start, end in pairwise(edges):
        over = [m for m in usable if m.start <= start and end <= m.end]
        term_mark = next((m for m in over if m.term is not None), None)
        findings = sorted(
            (m.finding for m in over if m.finding is not None), key=lambda f: _RANK[f.severity]
        )
        starts = term_mark is not None and id(term_mark) not in seen
        if term_mark is not None:
            seen.add(id(term_mark))
        pieces.append(
            Piece(text[start:end], term_mark.term if term_mark else None, tuple(findings), starts)
        )
    return pieces


def words(text: str) -> list[str]:
    """Split into words, marks and spaces; joined again they give ``text``."""
    return _WORDS.findall(text)


def difference(before: str, after: str) -> list[Change]:
    """Word-level difference, runs merged. Joining all but "new" gives ``before``, all but "gone"
    gives ``after``.

    Changed words with only a space between them are one change: a reader wants to see the old
    phrase and the new one, not a comb of words.
    """
    old, new = words(before), words(after)
    runs: list[tuple[bool, str, str]] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for op, a0, a1, b0, b1 in matcher.get_opcodes():
        gone, come = "".join(old[a0:a1]), "".join(new[b0:b1])
        if op == "equal":
            runs.append((True, gone, come))
        elif len(runs) > 1 and runs[-1][0] and runs[-1][1].isspace():
            _same, space, _space = runs.pop()
            _same, before_gone, before_come = runs.pop()
            runs.append((False, before_gone + space + gone, before_come + space + come))
        else:
            runs.append((False, gone, come))
    out: list[Change] = []
    for same, gone, come in runs:
        pieces = [("same", gone)] if same else [("gone", gone), ("new", come)]
        out += [Change(kind, text) for kind, text in pieces if text]
    return out


@dataclass(frozen=True, slots=True)
class LineChange:
    """One block of a story's two versions: ``kind`` same, changed, gone or new."""

    kind: str
    before: str = ""
    after: str = ""
    changes: tuple[Change, ...] = field(default=())


def block_difference(before: Sequence[str], after: Sequence[str]) -> list[LineChange]:
    """Difference of two versions block by block, with the words inside a changed block."""
    out: list[LineChange] = []
    matcher = difflib.SequenceMatcher(None, list(before), list(after), autojunk=False)
    for op, a0, a1, b0, b1 in matcher.get_opcodes():
        if op == "equal":
            out += [LineChange("same", text, text) for text in before[a0:a1]]
            continue
        old, new = list(before[a0:a1]), list(after[b0:b1])
        for left, right in zip(old, new, strict=False):
            out.append(LineChange("changed", left, right, tuple(difference(left, right))))
        out += [LineChange("gone", left) for left in old[len(new) :]]
        out += [LineChange("new", "", right) for right in new[len(old) :]]
    return out
