"""One spelling for what looks the same: characters, spaces, the place of tone marks."""

from __future__ import annotations

import re
import unicodedata

#: Characters that print nothing and break matching: zero-width, soft hyphen, BOM, bidi controls.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
#: C0 and C1 controls except tab, line feed and the ones that mean a new line.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_NEW_LINE = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_SPACE_AT_LINE_EDGE = re.compile(" *\n *")
#: Icelandic eth and African d are look-alikes typed or converted in place of the Vietnamese letter.
_LOOK_ALIKES = str.maketrans({"\u00d0": "Đ", "\u0189": "Đ"})


def normalise(text: str) -> str:
    """Bring text to the form everything else expects.

    NFC; invisible and control characters gone; every kind of line end is ``\\n``; every kind of
    space is a plain one, runs of them are one, none stand at the edge of a line or of the text.
    Empty lines are kept. Idempotent.
    """
    text = _NEW_LINE.sub("\n", text)
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)
    text = _SPACES.sub(" ", text)
    return _SPACE_AT_LINE_EDGE.sub("\n", text).strip(" ")


#: (plain first vowel, plain second vowel) of the rimes whose tone mark has two accepted places.
_RIMES = (("o", "a"), ("o", "e"), ("u", "y"))
_TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def _compose(letter: str, tone: str) -> str:
    return unicodedata.normalize("NFC", letter + tone)


def _variants() -> dict[str, tuple[str, str]]:
    """Map each spelling (``oà`` and ``òa``) to (mark on the first vowel, mark on the second)."""
    table: dict[str, tuple[str, str]] = {}
    for low_first, low_second in _RIMES:
        for first in (low_first, low_first.upper()):
            for second in (low_second, low_second.upper()):
                for tone in _TONES:
                    old = _compose(first, tone) + second
                    new = first + _compose(second, tone)
                    table[old] = table[new] = (old, new)
    return table


_TABLE = _variants()
_PAIR = re.compile("|".join(_TABLE))


def fold_tones(text: str) -> str:
    """Fold the two ways of placing a tone mark (hòa/hoà, khỏe/khoẻ, thủy/thuỷ) into one.

    The length never changes, so offsets found in the folded text hold in the original. Expects
    NFC. An open syllable gets the mark on its first vowel (the press's form: hòa, thủy), a closed
    one and one after *qu* on its second (hoàn, quý), so that misplaced marks fold too. For
    matching only, never for text that people read.
    """

    def place(match: re.Match[str]) -> str:
        first_marked, second_marked = _TABLE[match.group()]
        before = text[match.start() - 1] if match.start() else ""
        after = text[match.end() : match.end() + 1]
        closed = after.isalpha()
        return second_marked if closed or before in {"q", "Q"} else first_marked

    return _PAIR.sub(place, text)
