"""What every engine takes and gives, and what they all share.

``Engine`` is the protocol that the rest of vietwire knows. ``SegmentEngine`` is the part that is
the same for all networks: language check, empty segments, splitting of long ones and putting the
parts together again; a network only says how long a text is in its own tokens and decodes.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from vietwire.story import Signature, VietwireError, check_language
from vietwire.text import with_article


class EngineError(VietwireError):
    """An engine cannot do what was asked. The message is one line and says what to do."""


class UnknownEngine(EngineError):
    """No engine or registry entry has this name."""


class ModelMissing(EngineError):
    """The files of a model are not on this machine."""


class ModelCorrupt(EngineError):
    """The files of a model are not the ones that were published."""


class LicenceNotAccepted(EngineError):
    """The model's licence has to be acknowledged in the settings before it can be used."""


@dataclass(frozen=True, slots=True)
class TermHint:
    """How a phrase of a segment is to be rendered.

    ``start`` and ``end`` are characters of the segment; ``text[start:end] == source_form`` (or a
    variant of it: tone marks, case). ``forms`` are other renderings that would do as well
    (inflected or short forms); engines may try them when the first one did not come out.
    ``pivot`` is the English rendering, for engines that go through English ("" = not known).
    ``placeable`` tells a date, a figure or a person from a term. ``article`` is what the rendering
    has before it in running text ("" = nothing); engines may show it to the network, and need not.
    """

    source_form: str
    start: int
    end: int
    rendering: str
    forms: tuple[str, ...] = ()
    pivot: str = ""
    placeable: bool = False
    article: str = ""

    @property
    def in_text(self) -> str:
        """The rendering with its article."""
        return with_article(self.article, self.rendering)


@dataclass(frozen=True, slots=True)
class Request:
    """One segment to translate, with the terms found in it, in source order, not overlapping."""

    text: str
    hints: tuple[TermHint, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One translation of a segment; ``score`` is the mean log-probability of its tokens."""

    text: str
    score: float


@runtime_checkable
class Engine(Protocol):
    """A translator from Vietnamese.

    ``languages`` are the target languages it knows; ``max_source_tokens`` is the longest input in
    its own tokens: longer segments are split inside, never cut. ``takes_placeables`` is whether it
    was trained to take dates, figures and people as hints, as it takes terms; another engine gets
    them only for segments in which it has got them wrong.
    """

    name: str
    languages: frozenset[str]
    max_source_tokens: int
    takes_placeables: bool

    def translate(
        self,
        requests: Sequence[Request],
        target: str,
        *,
        candidates: int = 1,
        strength: int = 0,
    ) -> list[list[Candidate]]:
        """Translate segments; result ``i`` holds the candidates of request ``i``.

        :param candidates: at most this many for each segment, at least one comes back.
        :param strength: 0 is normal steering; 1 looks at more hypotheses; 2 and more use stronger
            means to place the hinted renderings.
        :returns: for each request its candidates, best first: by score at strength 0, by number
            of hints obeyed and then by score above it. An empty segment gives
            ``[Candidate("", 0.0)]``.
        :raises UnknownLanguage: for a target that vietwire does not publish in.
        :raises EngineError: for one that this engine does not know.
        """
        ...

    def count_output(self, texts: Sequence[str], target: str) -> int:
        """Return how many of its own output tokens some translations are, for speeds."""
        ...

    def signature(self, termbase_version: str) -> Signature:
        """Return what identifies this engine's output."""
        ...

    def close(self) -> None:
        """Give the network's memory back. The engine cannot be used afterwards."""
        ...


#: A letter or digit that is not Chinese: words made of these end where one does not follow.
_LETTER = r"[^\W\u2e80-\u9fff\uf900-\ufaff]"


def vietwire_version() -> str:
    """Return the version of vietwire for signatures."""
    import vietwire

    return str(getattr(vietwire, "__version__", "0"))


def obeyed(hints: Sequence[TermHint], text: str) -> int:
    """Count the hints whose rendering, or one of its forms, stands in ``text`` as it is.

    A rough count for ranking candidates: the term base does the real check, with inflection.
    """
    folded = text.casefold()
    return sum(
        any(_stands_in(form.casefold(), folded) for form in (hint.rendering, *hint.forms))
        for hint in hints
    )


def _stands_in(form: str, text: str) -> bool:
    """Whether a form stands in a text as words of its own; Chinese has no gaps to look for."""
    if not form:
        return False
    left = f"(?<!{_LETTER})" if re.match(_LETTER, form[0]) else ""
    right = f"(?!{_LETTER})" if re.match(_LETTER, form[-1]) else ""
    return re.search(left + re.escape(form) + right, text) is not None


def rank(
    found: Sequence[Candidate], hints: Sequence[TermHint], *, by_terms: bool, limit: int
) -> list[Candidate]:
    """Return the best ``limit`` different candidates, best first."""
    best: dict[str, Candidate] = {}
    for candidate in found:
        if candidate.text not in best or candidate.score > best[candidate.text].score:
            best[candidate.text] = candidate
    terms = [hint for hint in hints if not hint.placeable]
    others = [hint for hint in hints if hint.placeable]

    def order(candidate: Candidate) -> tuple[int, int, float, str]:
        text = candidate.text
        placed = (-obeyed(terms, text), -obeyed(others, text)) if by_terms else (0, 0)
        return *placed, -candidate.score, text

    return sorted(best.values(), key=order)[:limit]


@dataclass(slots=True)
class _Job:
    """A request on its way: its parts, each with the white space that followed it."""

    parts: list[Request] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    lead: str = ""


class SegmentEngine(ABC):
    """What all engines share. A subclass counts tokens and decodes parts that fit."""

    name: str
    languages: frozenset[str]
    max_source_tokens: int
    takes_placeables = False
    _closed = False

    @abstractmethod
    def count_tokens(self, text: str, hints: Sequence[TermHint], target: str) -> int:
        """Return the length of a part as the network sees it, markers and tags included."""

    @abstractmethod
    def decode(
        self, parts: Sequence[Request], target: str, candidates: int, strength: int
    ) -> list[list[Candidate]]:
        """Translate parts that are not empty and fit; at least one candidate each."""

    @abstractmethod
    def count_output(self, texts: Sequence[str], target: str) -> int:
        """See :meth:`Engine.count_output`."""

    @abstractmethod
    def signature(self, termbase_version: str) -> Signature:
        """Return what identifies this engine's output."""

    def close(self) -> None:
        """Mark the engine closed; subclasses give their memory back."""
        self._closed = True

    def check_target(self, target: str) -> None:
        """Raise unless this engine translates into ``target``.

        :raises UnknownLanguage: the code is not one of vietwire's languages.
        :raises EngineError: this engine does not know the language.
        """
        check_language(target)
        if target not in self.languages:
            raise EngineError(
                f"engine {self.name!r} does not translate into {target!r}; "
                f"it knows: {', '.join(sorted(self.languages)) or 'none'}"
            )

    def translate(
        self,
        requests: Sequence[Request],
        target: str,
        *,
        candidates: int = 1,
        strength: int = 0,
    ) -> list[list[Candidate]]:
        """See :meth:`Engine.translate`."""
        if self._closed:
            raise EngineError(f"engine {self.name!r} is closed; open it again with open_engine")
        self.check_target(target)
        if candidates < 1:
            raise ValueError(f"candidates must be at least 1, not {candidates}")
        jobs = [self._job(request, target) for request in requests]
        parts = [part for job in jobs for part in job.parts]
        decoded = iter(self.decode(parts, target, candidates, strength) if parts else [])
        return [
            self._join(request, job, [next(decoded) for _ in job.parts], target)[:candidates]
            for request, job in zip(requests, jobs, strict=True)
        ]

    def _job(self, request: Request, target: str) -> _Job:
        """Split a request into parts that the network can take whole."""
        if not request.text.strip():
            return _Job()
        check_hints(request)
        job = _Job()
        offset = 0
        for piece in self._pieces(request, target):
            text = piece.strip()
            start = offset + len(piece) - len(piece.lstrip())
            end = start + len(text)
            offset += len(piece)
            if not text:
                if job.gaps:
                    job.gaps[-1] += piece
                continue
            hints = tuple(
                replace(hint, start=hint.start - start, end=hint.end - start)
                for hint in request.hints
                if start <= hint.start and hint.end <= end
            )
            job.parts.append(Request(text, hints))
            job.gaps.append(piece[len(piece.rstrip()) :])
        return job

    def _pieces(self, request: Request, target: str) -> list[str]:
        def fits(part: str) -> bool:
            plain = unshield(part)
            inside = [h for h in request.hints if request.text[h.start : h.end] in plain]
            return self.count_tokens(plain.strip(), _placed(plain.strip(), inside), target) <= (
                self.max_source_tokens
            )

        if self.count_tokens(request.text, request.hints, target) <= self.max_source_tokens:
            return [request.text]
        from vietwire.text import split_clauses

        # Cuts must not fall inside a term: what could invite one is hidden from the splitter.
        return [unshield(part) for part in split_clauses(shield(request), fits)]

    def _join(
        self, request: Request, job: _Job, found: list[list[Candidate]], target: str
    ) -> list[Candidate]:
        if not job.parts:
            return [Candidate("", 0.0)]
        if len(found) == 1:
            return found[0]
        from vietwire.text import rejoin

        joined: dict[str, Candidate] = {}
        for index in range(max(len(candidates) for candidates in found)):
            chosen = [candidates[min(index, len(candidates) - 1)] for candidates in found]
            texts = [
                c.text if number == len(chosen) - 1 else mend_clause(part.text, c.text, target)
                for number, (part, c) in enumerate(zip(job.parts, chosen, strict=True))
            ]
            gaps = [gap or ("" if target == "zh" else " ") for gap in job.gaps[:-1]] + [""]
            weights = [max(1, len(c.text)) for c in chosen]
            score = sum(c.score * w for c, w in zip(chosen, weights, strict=True)) / sum(weights)
            text = rejoin(list(zip(texts, gaps, strict=True)), target)
            joined.setdefault(text, Candidate(text, score))
        return list(joined.values())


def check_hints(request: Request) -> None:
    """Raise ``ValueError`` for hints outside the text, out of order or overlapping.

    That is a programming error of the caller, not bad input.
    """
    last = 0
    for hint in request.hints:
        if not last <= hint.start < hint.end <= len(request.text) or not hint.rendering.strip():
            raise ValueError(f"bad hint {hint!r} for a segment of {len(request.text)} characters")
        last = hint.end


def _placed(text: str, hints: Sequence[TermHint]) -> list[TermHint]:
    """Return the hints at the places where their forms first stand in ``text``, in order."""
    placed: list[TermHint] = []
    at = 0
    for hint in hints:
        length = hint.end - hint.start
        found = text.find(hint.source_form, at)
        if found < 0:
            found = at
        if found + length <= len(text):
            placed.append(replace(hint, start=found, end=found + length))
            at = found + length
    return placed


_HIDDEN = " \t\n,;:.!?()[]-–—/\"'“”"
_SHIELD = {ord(char): chr(0xE100 + number) for number, char in enumerate(_HIDDEN)}
_UNSHIELD = {ord(shielded): char for char, shielded in zip(_HIDDEN, _SHIELD.values(), strict=True)}


def shield(request: Request) -> str:
    """Return the text with spaces and marks inside hinted phrases hidden; same length."""
    chars = list(request.text)
    for hint in request.hints:
        chars[hint.start : hint.end] = request.text[hint.start : hint.end].translate(_SHIELD)
    return "".join(chars)


def unshield(text: str) -> str:
    """Undo :func:`shield`."""
    return text.translate(_UNSHIELD)


_FINAL = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_CLAUSE_MARKS = {",": "，", ";": "；", ":": "："}


def mend_clause(source: str, text: str, target: str) -> str:
    """Give the translation of a clause the mark its source ends with.

    Networks end what they take for a sentence with a full stop; between the parts of a split
    sentence it would be wrong.
    """
    text = text.rstrip()
    if _FINAL.search(source) or not re.search(r"[^.。]([.。])$", text):
        return text
    mark = source[-1:] if source[-1:] in _CLAUSE_MARKS else ""
    return text[:-1] + (_CLAUSE_MARKS[mark] if mark and target == "zh" else mark)


__all__ = [
    "Candidate",
    "Engine",
    "EngineError",
    "LicenceNotAccepted",
    "ModelCorrupt",
    "ModelMissing",
    "Request",
    "SegmentEngine",
    "TermHint",
    "UnknownEngine",
    "check_hints",
    "mend_clause",
    "obeyed",
    "rank",
    "shield",
    "unshield",
    "vietwire_version",
]
