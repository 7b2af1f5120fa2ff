"""Text is decoded only when its encoding is sure."""

from __future__ import annotations

import unicodedata

import pytest

from vietwire.intake.encodings import decode, decode_tcvn3, decode_windows_1258
from vietwire.intake.outcome import Fault
from vietwire.story import RefusalReason

TEXT = (
    "Thủ tướng Nguyễn Xuân Phúc phát biểu khai mạc hội nghị cấp cao, nhấn mạnh sự đoàn kết của "
    "các nước thành viên, đề nghị đẩy mạnh hợp tác ứng phó với đại dịch và phục hồi kinh tế. "
    "Những sáng kiến của Việt Nam được bạn bè quốc tế đánh giá cao."
)
TONES = "\u0300\u0301\u0303\u0309\u0323"


def to_1258(text: str) -> bytes:
    """As Windows writes it: base letters with their own mark, tones as combining characters."""
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(p for p in parts if p in TONES)
        base = unicodedata.normalize("NFC", "".join(p for p in parts if p not in TONES))
        out.append((base + tone).encode("cp1258"))
    return b"".join(out)


def to_tcvn3(text: str) -> bytes:
    """Encoded through the inverse of the standard's table, written out here on its own."""
    letters = (
        "ĂÂÊÔƠƯĐăâêôơưđ",
        "àảãáạ ằẳẵắ ",
        "      ặầẩẫấậè ẻẽ",
        "éẹềểễếệìỉ   ĩíịò",
        " ỏõóọồổỗốộờởỡớợù",
        " ủũúụừửữứựỳỷỹýỵ ",
    )
    starts = (0xA1, 0xB5, 0xC0, 0xD0, 0xE0, 0xF0)
    table = {
        letter: start + offset
        for start, row in zip(starts, letters, strict=True)
        for offset, letter in enumerate(row)
        if letter != " "
    }
    return bytes(table.get(letter) or ord(letter) for letter in text)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("utf-8", TEXT.encode()),
        ("utf-8", TEXT.encode("utf-8-sig")),
        ("utf-16-le", TEXT.encode("utf-16")),
        ("utf-16-le", TEXT.encode("utf-16-le")),
        ("utf-16-be", TEXT.encode("utf-16-be")),
        ("windows-1258", to_1258(TEXT)),
        ("TCVN3 (ABC)", to_tcvn3(TEXT)),
    ],
)
def test_each_encoding_gives_the_same_text(name: str, data: bytes) -> None:
    assert decode(data) == (TEXT, name)


def test_legacy_code_pages_compose_their_tone_marks() -> None:
    assert decode_windows_1258(to_1258("Hội nghị")) == "Hội nghị"
    assert decode_tcvn3(b"H\xe9i ngh\xde \x96 \x93\xae\xf3ng\x94") == "Hội nghị – “đúng”"


@pytest.mark.parametrize(
    "data",
    [
        "Der Gipfel über die Zukunft Südostasiens wurde gestern eröffnet.".encode("latin-1"),
        "Саммит открылся в Ханое в присутствии глав государств.".encode("cp1251"),
        to_1258("Hội nghị"),  # Vietnamese, but too little to be sure of
        bytes(range(256)) * 4,
        TEXT.encode("utf-16")[:-1],
        b"\xff\xfe\x00",
    ],
)
def test_a_doubtful_encoding_is_refused_and_says_what_to_do(data: bytes) -> None:
    with pytest.raises(Fault, match="save it as UTF-8") as caught:
        decode(data)
    assert caught.value.reason is RefusalReason.ENCODING


def test_a_story_in_a_legacy_code_page_goes_in(one, article) -> None:
    headline, body = article
    story = one(to_1258(f"{headline}\n\n{body}"))
    assert story.headline == headline
    assert one(to_tcvn3(f"{headline}\n\n{body}")).headline == headline


def test_a_broken_encoding_is_refused_with_its_own_reason(reason) -> None:
    assert reason(b"\x81\x8d\x8f " * 50) is RefusalReason.ENCODING


def test_a_tcvn3_headline_in_a_font_of_capitals_is_read_as_capitals() -> None:
    # "HỘI NGHỊ CẤP CAO" typed in .VnTimeH: plain letters in capitals, marked ones by small codes
    assert decode_tcvn3(b"H\xe9I NGH\xde C\xcaP CAO\nH\xe5p t\xb9i").splitlines()[0] == (
        "HỘI NGHỊ CẤP CAO"
    )
    assert decode_tcvn3(b"U\xe9c").splitlines() == ["Uộc"]
