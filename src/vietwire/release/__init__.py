"""From approved drafts to what newsrooms take: ninjs 3 and clean text, with kills and corrections.

Only what a person approved goes out, and never before its embargo.
"""

from __future__ import annotations

from vietwire.release.releasing import (
    ReleaseFailed,
    preview,
    propagate_kills,
    release_approved,
)
from vietwire.release.styles import Style, StyleInvalid, load_style

__all__ = [
    "ReleaseFailed",
    "Style",
    "StyleInvalid",
    "load_style",
    "preview",
    "propagate_kills",
    "release_approved",
]
