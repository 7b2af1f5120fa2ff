"""Bytes to Vietnamese text: UTF-8, UTF-16, and the two legacy code pages where that is sure.

The TCVN3 (ABC) table is that of TCVN 5712:1993; the fonts of the ABC family keep Windows'
typographic marks in 0x80-0x9F, so those bytes are read as windows-1252.
"""

from __future__ import annotations

import codecs
import contextlib
import re
import unicodedata

from vietwire.intake.outcome import Fault
from vietwire.story import RefusalReason

_TCVN3_UPPER_HALF = (
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN3 = (
    "".join(
        chr(byte) if byte < 0x80 else bytes([byte]).decode("cp1252", "replace")
        for byte in range(0xA0)
    )
    + _TCVN3_UPPER_HALF
)

#: Order matters only where nothing else decides; each must prove itself.
LEGACY = ("windows-1258", "TCVN3 (ABC)")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# A Vietnamese written syllable without its tone: onset, vowels, final.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|tr|th|ph|kh|gi|gh|qu|[bcdđghklmnprstvx])?"
    r"(?:uyê|uya|uyu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|yêu|"
    r"ia|iê|yê|ua|uô|ưa|ươ|oa|oă|oe|uê|uy|uơ|uâ|ai|ay|ao|au|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|"
    r"a|ă|â|e|ê|i|o|ô|ơ|u|ư|y)"
    r"(?:ch|nh|ng|[cmnpt])?"
)
_CAPITALS, _SMALL = re.compile("[A-Z].*[A-Z].*[A-Z]"), re.compile("[a-z]")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_WORD = re.compile(r"[^\W\d_]+")


def decode_tcvn3(data: bytes) -> str:
    """Decode TCVN3 (ABC). Every byte has a meaning, so whether it was TCVN3 shows in the result."""
    text = unicodedata.normalize("NFC", codecs.charmap_decode(data, "strict", _TCVN3)[0])
    # Fonts of capitals (.VnTimeH) show the codes of small letters with marks as capitals too.
    return "\n".join(
        line.upper() if _CAPITALS.search(line) and not _SMALL.search(line) else line
        for line in text.split("\n")
    )


def decode_windows_1258(data: bytes) -> str:
    """Decode windows-1258 and compose its combining tone marks.

    :raises UnicodeDecodeError: for the bytes the code page leaves undefined.
    """
    return unicodedata.normalize("NFC", data.decode("cp1258"))


def vietnamese_spelling(text: str) -> tuple[int, float]:
    """How many words carry a non-ASCII letter, and what share of those are Vietnamese syllables.

    A text read with the wrong code page has many such words and hardly a possible syllable.
    """
    marked = [word for word in _WORD.findall(text) if not word.isascii()]
    if not marked:
        return 0, 0.0
    return len(marked), sum(map(_is_syllable, marked)) / len(marked)


def _is_syllable(word: str) -> bool:
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    letters = unicodedata.normalize("NFD", word.lower())
    tones = sum(mark in _TONES for mark in letters)
    plain = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
    return tones <= 1 and _SYLLABLE.fullmatch(plain) is not None


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 without a byte order mark shows by zeros in every other place."""
    sample = data[:4000]
    if len(data) % 2 or len(sample) < 4:
        return None
    half = len(sample) / 2
    low, high = sample[1::2].count(0) / half, sample[0::2].count(0) / half
    if max(low, high) < 0.3:
        return None
    return "utf-16-le" if low > high else "utf-16-be"


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    Marks of byte order are believed; then UTF-8, then UTF-16 without a mark, then the legacy code
    pages, of which one is taken only if its text is spelled as Vietnamese and detected as such,
    and the other's is not.

    :raises Fault: (ENCODING) when no encoding is sure.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name), name
            except UnicodeDecodeError as error:
                raise _no_encoding(f"it is marked as {name} but is not ({_place(error)})") from None
    if b"\0" in data:
        name16 = _utf16_without_mark(data)
        if name16 is not None:
            try:
                return data.decode(name16), name16
            except UnicodeDecodeError:
                pass
        raise _no_encoding("it holds zero bytes, so it is not a text")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        place = _place(error)
    sure = [(text, name) for text, name in legacy_readings(data) if _surely_vietnamese(text)]
    if len(sure) == 1:
        return sure[0]
    raise _no_encoding(f"it is not UTF-8 ({place}), nor surely UTF-16, windows-1258 or TCVN3")


def legacy_readings(data: bytes) -> list[tuple[str, str]]:
    """The bytes as each legacy code page would have them, right or wrong: (text, name)."""
    readings = [(decode_tcvn3(data), LEGACY[1])]
    with contextlib.suppress(UnicodeDecodeError):
        readings.insert(0, (decode_windows_1258(data), LEGACY[0]))
    return readings


def _surely_vietnamese(text: str) -> bool:
    from vietwire.text import detect_language

    words, share = vietnamese_spelling(text)
    if words < 5 or share < 0.9 or any(unicodedata.combining(c) for c in text):
        return False
    guess = detect_language(text)
    return guess is not None and guess.certain and guess.language == "vi"


def _place(error: UnicodeDecodeError) -> str:
    return f"byte {error.start + 1}"


def _no_encoding(detail: str) -> Fault:
    return Fault(
        RefusalReason.ENCODING,
        f"the encoding cannot be told: {detail}; save it as UTF-8 and send it again",
    )
