"""Is an item marked as restricted (BCTK, the reference report)? Asked before anything else.

The question is put to the bytes, not to a parsed story: an item that no reader could open must be
known for restricted as well. Every reading the bytes could have is looked at (UTF-8, UTF-16,
windows-1258, TCVN3, the parts of a ZIP as far as they inflate). A doubt falls on the side of the
house: a whole line that says "BCTK" is a marking wherever it stands.
"""

from __future__ import annotations

import hashlib
import html
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Iterator

from vietwire.intake.encodings import decode_tcvn3

#: How far into the parts of a ZIP the search goes, in bytes of inflated text.
_INFLATE_LIMIT = 32 * 1024 * 1024
_HEAD_LINES, _TAIL_LINES = 12, 4
#: Bytes searched in every encoding at the beginning and at the end of a longer text.
_SEARCHED, _SEARCHED_END = 1024 * 1024, 256 * 1024

# All patterns below are for folded text: lower case, no Vietnamese marks, no đ.
_BCTK = r"b[ .\-]?c[ .\-]?t[ .\-]?k"
_MARK = (
    rf"(?:{_BCTK}|bao cao tham khao(?: dac biet)?|(?:tin |tai lieu )?tham khao dac biet|"
    r"tin tham khao|tltkdb|tkdb|khong (?:duoc )?(?:pho bien|cong bo)|cam pho bien|"
    r"han che pho bien|(?:tai lieu )?luu hanh noi bo|tai lieu mat|not for publication)"
)
_MARKED = re.compile(_MARK)
_WHOLE = re.compile(
    rf"(?:(?:ban |dong )?tin |kenh |ban |loai )?{_MARK}"
    rf"(?:\W+{_MARK})*(?:\W*(?:so|ngay|no)?\W*[\d/.\- ]*)"
)
_START = re.compile(rf"(?:(?:ban )?tin )?{_MARK}\s*(?:$|[:\-|/,;.)\]]|\d|so \d|ngay \d)")
_END = re.compile(rf"[(\[\-|]\s*{_BCTK}\W*$")
_DATELINE = re.compile(rf"\((?:ttxvn\W{{0,3}})?{_BCTK}\b")
_NAMED = re.compile(
    r"\W*(?:kenh(?: phat| tin)?|channel|loai tin|dong tin|profile|usage ?terms|service|"
    r"classification|phan loai|che do|pho bien|pham vi(?: pho bien)?)"
    rf"\W*[:=]\W*(?:.*\W)?{_MARK}(?:\W|$)"
)
# A keyword must be the marking and no more: "không phổ biến vũ khí hạt nhân" is a treaty.
_TAGGED = re.compile(
    rf"""\W*(?:keywords?|tu khoa|tags?)\W*[:=](?:.*[,;|\["'])?\s*{_MARK}\s*(?:[,;|\]"']|$)"""
)
_KEY = re.compile(r"\W*[\w ]{1,24}\s*[:=]\s*")
# In JSON, XML and HTML a value that is, begins with or is coded as a marking.
_QUOTED = re.compile(
    rf"""(?<!\\)["']\s*(?:[^"'\s<>]{{0,80}}[:/\#])?{_MARK}\s*(?:["']|[:\-|/,;.)\]]|\\[nr])"""
)
_QUOTED_FIELD = re.compile(
    r'"(?:channels?|kenh|profile|usage_?terms|ed_?note|genres?|services?|rights_?info|keywords?'
    r'|tags?|categor(?:y|ies)|classification|phan ?loai|memo|notes?)"'
    rf'\s*:\s*(?:"(?:[^"]{{0,400}}\W)?|\[[^\]]{{0,800}}\W){_MARK}\W'
)
# In an element or attribute made to say such things the four letters need not stand alone; the
# wider marks are words of everyday prose there.
_IN_MARKUP = re.compile(
    r"<(?:\w+:)?(?:keywords?|tags?|category|subject|channel|kenh|profile|ednote|service|genre|memo"
    rf"|classification|copyrightnotice|usageterms|lpwstr)\b[^<>]*>[^<]{{0,400}}?\b{_BCTK}\b"
    rf"|<\?[^<>]{{0,200}}\b{_BCTK}\b|=\s*{_BCTK}(?=[\s/>])"
    rf"""|\bclass\s*=\s*["'](?:[^"'<>]*\s)?{_BCTK}(?:\s[^"'<>]*)?["']"""
    r"""|"(?:is_?|la_?)?bctk"\s*:\s*(?:true|1|"(?:true|yes|1|co)")"""
)
_FOR = re.compile(
    r"(?:(?:tin|bai|ban|nay|noi dung|thong tin|chi|de) )*(?:dung|danh|phuc vu|su dung|dang|phat)"
    rf"(?: rieng)?(?: cho| tren| trong)? (?:tin |kenh )?{_BCTK}"
)
# Degrees of secrecy keep their marks: without them "mật" is an everyday word.
_SECRET_LINE = re.compile(r"(?:độ |mức độ |tài liệu )?(?:mật|tối mật|tuyệt mật)")
_SECRET_NAMED = re.compile(r"\W*(?:mức )?độ mật\W*[:=]\W*(?:mật|tối mật|tuyệt mật|[abc]\b)")

# Cyrillic letters that look like those of BCTK.
_CYRILLIC = str.maketrans("ВСТКвстк", "BCTKbctk")
#: Of a name: the letters as a word or beside digits, and in capitals also within a word.
_NAME_CAPITALS = re.compile("BCTK(?![A-Z])")
_NAME_LETTERS = re.compile(r"(?<![a-z])(?:b ?c ?t ?k|tltkdb|tkdb)(?![a-z])")
_NAME_TITLE = re.compile(r"\btham khao dac biet\b|^tin tham khao\b")
#: Words of everyday prose mark a name only if they are all of it, or all before a number.
_NAME_WHOLE = re.compile(
    r"(?:\d+ )*(?:ttxvn )?(?:(?:ban )?tin |tai lieu |ban )?"
    r"(?:bao cao tham khao|khong pho bien|cam pho bien|luu hanh noi bo)"
    r"(?:$| (?:(?:so|ngay|thang|lan|sang|chieu|toi) ?|v)?\d)"
)
#: Folders, brackets and spaced dashes part a name; what has one of its own is a name as well.
_NAME_PARTS = re.compile(r"[/\\()\[\]{}|,;]|\s[-–—]\s")
_EXTENSION = re.compile(r"\.[a-z]\w{1,4}$")

_BCTK_BYTES = re.compile(rb"b\W?c\W?t\W?k", re.I)
_TAG = re.compile(r"</?([A-Za-z][\w:.-]*+)[^<>]*>|<!--|-->|<!\[CDATA\[|\]\]>|<\?[^<>]*\?>")
_PLAIN = str.maketrans({"đ": "d", "–": "-", "—": "-", "в": "b", "с": "c", "т": "t", "к": "k"})
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "big",
        "del",
        "em",
        "font",
        "i",
        "ins",
        "mark",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    ]
)
_WORD_BREAKS = frozenset(("w:p", "w:br", "w:tc", "w:tr", "w:tab", "w:cr"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\0]")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")

_ID = r"[A-Za-z0-9][A-Za-z0-9._:/@+~,-]{0,119}"
_DECLARED_IDS = (
    re.compile(
        rf"(?im)^[ \t]*(?:source[_ -]?id|mã tin|ma[_ ]tin)[ \t]*[:=]"
        rf"[ \t]*[\"']?({_ID})[\"']?[ \t]*$"
    ),
    re.compile(rf'"(?:source_id|uri|guid)"\s*:\s*"({_ID})"'),
    re.compile(rf"""\bguid\s*=\s*["']({_ID})["']"""),
    re.compile(rf"""name=["']source_id["']\s+content=["']({_ID})["']"""),
)


def is_restricted(data: bytes, name: str = "") -> bool:
    """Whether the bytes of an item, or its file name, carry a marking of the restricted channel."""
    return name_is_marked(name) or any(text_is_restricted(view) for view in _views(data))


def name_is_marked(name: str) -> bool:
    """Whether a file or folder name says BCTK, or the reference report in full."""
    if address_is_marked(name):
        return True
    folded = fold(unicodedata.normalize("NFKC", name))
    if _NAME_TITLE.search(_words(folded)):
        return True
    parts = _NAME_PARTS.split(folded)
    parts += [_EXTENSION.sub("", part) for part in parts]
    return any(_NAME_WHOLE.match(_words(part)) for part in parts)


def address_is_marked(address: str) -> bool:
    """Whether a web address says BCTK: it spells headlines, so no words of prose are a marking."""
    plain = unicodedata.normalize("NFKC", address).translate(_CYRILLIC)
    return bool(_NAME_CAPITALS.search(plain) or _NAME_LETTERS.search(_words(fold(plain))))


def _words(folded: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", folded))


def channel_is_restricted(value: str) -> bool:
    """Whether a channel's value means the reference report, misspelt or not."""
    folded = fold(value.translate(_CYRILLIC))
    if re.search(rf"(?<![a-z]){_MARK}(?![a-z])", folded) or _SECRET_LINE.search(_lower(value)):
        return True
    return any(sorted(word) == sorted("bctk") for word in re.findall(r"[a-z]+", folded))


def text_is_restricted(text: str) -> bool:
    """Whether a text carries a marking: in markup, as a named field, or as a line of its own."""
    text = _INVISIBLE.sub("", text)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    if "\\u" in text:
        text = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)
    if "&" in text:
        text = html.unescape(text)
    if text.lstrip()[:1] in ("{", "[", "<") or "</" in text:
        folded = _plain(text)
        if _QUOTED.search(folded) or _QUOTED_FIELD.search(folded) or _IN_MARKUP.search(folded):
            return True
        text = _TAG.sub(_without_tag, text)
    text = text.replace("\\r", "\n").replace("\\n", "\n").replace('\\"', '"')
    return lines_are_marked(text.split("\n"))


def lines_are_marked(lines: Iterable[str]) -> bool:
    """Whether any line is a marking, or one of the first or last begins or ends with one."""
    text = _BREAKS.sub("\n", "\n".join(lines))
    kept = [line for line in text.split("\n") if line.strip()]
    folded = _plain("\n".join(kept)).split("\n") if kept else []
    last = len(kept) - _TAIL_LINES
    for number, (line, plain) in enumerate(zip(kept, folded, strict=True)):
        if not _MARKED.search(plain) and (len(line) > 200 or "mat" not in plain):
            continue
        if _is_marking(line[:2000], plain[:2000], number < _HEAD_LINES, number >= last):
            return True
    return False


def _is_marking(line: str, folded: str, in_head: bool, in_tail: bool) -> bool:
    lowered, bare = _lower(line), _trim(folded)
    bare = bare.removeprefix("webvtt ")
    if (len(bare) <= 120 and _WHOLE.fullmatch(bare)) or _NAMED.match(folded):
        return True
    if len(bare) <= 120 and _FOR.fullmatch(bare):
        return True
    if _TAGGED.match(folded) or _SECRET_NAMED.match(lowered):
        return True
    if _SECRET_LINE.fullmatch(_trim(lowered)) and (in_head or _trim(line).isupper()):
        return True
    if not (in_head or in_tail):
        return False
    key = _KEY.match(folded)
    value = _trim(folded[key.end() :]) if key else bare
    if _START.match(bare) or _START.match(value):
        return True
    return bool(_END.search(folded) or _DATELINE.search(folded))


def _plain(text: str) -> str:
    """`fold` for the search alone: what has no ASCII form is dropped, which is far faster."""
    text = text.casefold().translate(_PLAIN)
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()


def fold(text: str) -> str:
    """Lower case, no marks, one kind of white space; for comparing markings only."""
    decomposed = unicodedata.normalize("NFD", _INVISIBLE.sub("", text).casefold())
    plain = re.sub("[\u0300-\u036f]", "", decomposed).replace("đ", "d")
    return re.sub(r"[^\S\n]+", " ", plain)


def restricted_id(data: bytes) -> str:
    """The source id an item declares, else one made of its digest. Never its file name or text."""
    for view in _views(data):
        view = html.unescape(view)
        for pattern in _DECLARED_IDS:
            if (found := pattern.search(view)) and is_bare_id(found[1]):
                return found[1]
    return digest_id(data)


def is_bare_id(text: str) -> bool:
    """Whether a declared id is an id and no more: an address that spells the headline is not."""
    last = re.split(r"[:/]", text.rstrip("/"))[-1]
    words = [word for word in re.split(r"[-_.+~,]", last) if word.isalpha() and len(word) > 1]
    return re.fullmatch(_ID, text) is not None and len(words) < 4


def digest_id(data: bytes) -> str:
    """``restricted-`` and sixteen hex digits of the SHA-256 of the bytes."""
    return f"restricted-{hashlib.sha256(data).hexdigest()[:16]}"


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _trim(line: str) -> str:
    start, end = 0, len(line)
    while start < end and not line[start].isalnum():
        start += 1
    while end > start and not line[end - 1].isalnum():
        end -= 1
    return line[start:end]


def _without_tag(match: re.Match[str]) -> str:
    name = (match[1] or "").lower()
    if name in _INLINE or (name.startswith("w:") and name not in _WORD_BREAKS):
        return ""
    return "\n"


def _views(data: bytes) -> Iterator[str]:
    """Every text the bytes could be."""
    if b"PK\x03\x04" in data[:4096]:
        for part in _zip_parts(data):
            yield from _text_views(part)
    yield from _text_views(data)


def _text_views(data: bytes) -> Iterator[str]:
    """The bytes in each encoding; of a very long text, which is refused anyway, both ends and the
    lines that hold the four letters."""
    if len(data) > _SEARCHED:
        between = data[_SEARCHED:-_SEARCHED_END]
        found = [m.start() for m in _BCTK_BYTES.finditer(between)]
        near = b"\n".join(between[max(at - 200, 0) : at + 200] for at in found[:2000])
        yield near.decode("utf-8", "ignore")
        data = data[:_SEARCHED] + b"\n" + data[-_SEARCHED_END:]
    yield data.decode("utf-8", "ignore")
    if b"\0" in data:
        for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            yield data.decode(name, "ignore")
        yield data[1:].decode("utf-16-le", "ignore")
    if not data.isascii():
        yield decode_tcvn3(data)
        yield unicodedata.normalize("NFC", data.decode("cp1258", "ignore"))


def _zip_parts(data: bytes) -> Iterator[bytes]:
    """The text parts of a ZIP, read from their local headers, so a truncated file shows its too."""
    left = _INFLATE_LIMIT
    position = data.find(b"PK\x03\x04")
    while position >= 0 and left > 0:
        header = data[position : position + 30]
        if len(header) < 30:
            return
        method, name_size, extra_size = struct.unpack("<8xH16xHH", header)
        start = position + 30
        name = data[start : start + name_size]
        start += name_size + extra_size
        if name.endswith((b".xml", b".rels", b".txt", b".htm", b".html")):
            if method == 8:
                part = _inflate(data[start:], left)
            else:
                end = data.find(b"PK\x03\x04", start)
                part = data[start : end if end > 0 else None][:left]
            left -= len(part)
            yield part
        position = data.find(b"PK\x03\x04", position + 4)


def _inflate(data: bytes, limit: int) -> bytes:
    """As much of a raw deflate stream as there is, up to ``limit`` bytes."""
    stream = zlib.decompressobj(-15)
    out = bytearray()
    for start in range(0, len(data), 4096):
        try:
            out += stream.decompress(data[start : start + 4096], limit - len(out))
        except zlib.error:
            break
        if stream.eof or len(out) >= limit:
            break
    return bytes(out)
