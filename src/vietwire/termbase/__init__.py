"""The newsroom's terms: a table that editors keep, found in the source, proven in the target.

``TermBase.load(glossary)`` reads it; ``find`` says which terms a Vietnamese sentence holds and what
they are to be called, ``verify`` whether a translation calls them so, ``forbidden`` what it must
not say. Files are the only I/O here.
"""

from vietwire.story import ForbiddenHit, TermHit
from vietwire.termbase.base import TermBase
from vietwire.termbase.model import (
    Concept,
    Fault,
    Rendering,
    Status,
    TermBaseInvalid,
    TermKind,
)

__all__ = [
    "Concept",
    "Fault",
    "ForbiddenHit",
    "Rendering",
    "Status",
    "TermBase",
    "TermBaseInvalid",
    "TermHit",
    "TermKind",
]
