"""The ways of telling a network how to render a term.

* inline markers for networks trained on them (after Dinu et al. 2019; Bergmanis and Pinnis 2021):
  ``<t> phrase <to> rendering </t>``;
* a code-switched source for plain multilingual networks: the rendering stands in the place of the
  phrase, and a network that copies names copies it too (Song et al. 2019).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from vietwire.engines.base import Request, TermHint

OPEN, TO, CLOSE = "<t>", "<to>", "</t>"
MARKERS = (OPEN, TO, CLOSE)

_MARKER = re.compile(r"<(/?t|to|x\d)>")
_TAG = re.compile(r">>(\w{2,8})<<")


def neutral(text: str) -> str:
    """Return ``text`` with nothing in it that the network would take for a marker or a tag."""
    return _TAG.sub(r"»\1«", _MARKER.sub(r"‹\1›", text))


def inline(text: str, hints: Sequence[TermHint], target: str) -> str:
    """Write the hints into the source with inline markers, as the training data has them.

    Renderings with their articles: a network that is shown "East Sea" writes "in East Sea".
    A Chinese rendering follows its marker without a space, for Chinese words have none.
    """
    gap = "" if target == "zh" else " "
    return _spliced(
        text,
        hints,
        lambda phrase, hint: f" {OPEN} {phrase} {TO}{gap}{neutral(hint.in_text)} {CLOSE}",
    )


def code_switched(text: str, hints: Sequence[TermHint], target: str) -> str:
    """Put each rendering in the place of its phrase."""
    return _spliced(text, hints, lambda phrase, hint: neutral(hint.rendering))


def quoted(text: str, hints: Sequence[TermHint], target: str) -> str:
    """Code-switch with the terms in quotation marks, which many networks copy better."""

    def write(phrase: str, hint: TermHint) -> str:
        rendering = neutral(hint.rendering)
        return rendering if hint.placeable else f'"{rendering}"'

    return _spliced(text, hints, write)


def plain(text: str, hints: Sequence[TermHint], target: str) -> str:
    """Write the source without hints."""
    return neutral(text)


def with_form(request: Request, index: int, form: str) -> Request:
    """Return the request with another form as the rendering of hint ``index``."""
    hint = request.hints[index]
    changed = replace(hint, rendering=form, forms=(hint.rendering, *hint.forms), article="")
    return Request(request.text, (*request.hints[:index], changed, *request.hints[index + 1 :]))


def _spliced(text: str, hints: Sequence[TermHint], write: Callable[[str, TermHint], str]) -> str:
    out: list[str] = []
    at = 0
    for hint in hints:
        out.append(neutral(text[at : hint.start]))
        out.append(write(neutral(text[hint.start : hint.end]), hint))
        at = hint.end
    out.append(neutral(text[at:]))
    return re.sub(r" {2,}", " ", "".join(out)).strip()
