"""The newsroom's terms: a table that editors keep, found in the source, proven in the target.

``TermBase.load(glossary)`` reads it; ``find`` says which terms a Vietnamese sentence holds and what
they are to be called, ``verify`` whether a translation calls them so, ``forbidden`` what it must
not say. Files are the only I/O here.
"""

from vietwire.story import ForbiddenHit, TermHit
from vietwire.termbase.base import TermBase
from vietwire.termbase.exchange import (
    Change,
    Diff,
    Stats,
    check,
    diff,
    export_terms,
    import_terms,
    read_terms,
    stats,
)
from vietwire.termbase.model import (
    Concept,
    Fault,
    Rendering,
    Status,
    TermBaseInvalid,
    TermKind,
)
from vietwire.termbase.scoring import TermScore, random_renderings, score_terms

__all__ = [
    "Change",
    "Concept",
    "Diff",
    "Fault",
    "ForbiddenHit",
    "Rendering",
    "Stats",
    "Status",
    "TermBase",
    "TermBaseInvalid",
    "TermHit",
    "TermKind",
    "TermScore",
    "check",
    "diff",
    "export_terms",
    "import_terms",
    "random_renderings",
    "read_terms",
    "score_terms",
    "stats",
]
