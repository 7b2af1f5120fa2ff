"""The term base, to look things up. It is edited in the glossary folder, not here."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from vietwire.desk.access import room

if TYPE_CHECKING:
    from vietwire.termbase import Concept

pages = Blueprint("terms", __name__, url_prefix="/terms")

SHOWN = 200


def plain(text: str) -> str:
    """For looking up: no case, no accents, đ as d."""
    folded = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(c for c in folded if not unicodedata.combining(c))


def _words(concept: Concept) -> str:
    parts = [concept.id, concept.vi, *concept.variants, *concept.abbreviations]
    for rendering in concept.renderings.values():
        parts += [*rendering.accepted, *rendering.forbidden]
    return plain("\n".join(parts))


@pages.get("")
def index() -> str:
    base = room().termbase
    text = request.args.get("q", "").strip()[:100]
    wanted = plain(text)
    found = [c for c in base.concepts if not wanted or wanted in _words(c)]
    return render_template(
        "terms.html",
        rows=found[:SHOWN],
        found=len(found),
        total=len(base.concepts),
        version=base.version,
        q=text,
    )
