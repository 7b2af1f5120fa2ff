"""Vietnamese names that the word before them makes known: huyện Hàm Tân, ông Nghĩa.

A small network translates what it takes for words: of "cầu Vĩnh Tuy" it makes a "Vinh However". As
of people, languages of Latin script print the name without its marks, Russian respells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vietwire.checks.cyrillic import transcribe
from vietwire.checks.names import LOWER_CASE, UPPER_CASE
from vietwire.checks.words import words
from vietwire.placeables.base import Placeable
from vietwire.placeables.people import CHINESE_NAMES_NEAR, place_name

_SYLLABLE = rf"[{UPPER_CASE}][{LOWER_CASE}]*"
#: What has a name of its own that no language translates. Rivers, lakes, mountains, pagodas are
#: missing: theirs are (sông Hồng, the Red River).
_PLACES = (
    "quận|huyện(?: đảo)?|xã(?: đảo)?|phường|thị trấn|thị xã|thôn|ấp|cầu|đường|phố|cảng|chợ|bến xe"
    "|nhà ga|ga|đèo|khu công nghiệp|khu kinh tế|khu đô thị|sân vận động|sân bay"
)
_TITLES = (
    "thủ môn|hậu vệ|tiền vệ|tiền đạo|trung vệ|cầu thủ|huấn luyện viên|HLV|đại tướng|thượng tướng"
    "|trung tướng|thiếu tướng|đại tá|thượng tá|trung tá|thiếu tá|đại úy|thượng úy|trung úy|bác sĩ"
    "|tiến sĩ|giáo sư|luật sư|kỹ sư|kiến trúc sư|nghệ sĩ|NSND|NSƯT|bị cáo|bị can|nghi phạm|hoa hậu"
    "|á hậu"
)


_KNOWN_BY = f"{_PLACES}|{_TITLES}"


def _sentence_case(listed: str) -> str:
    return "|".join(word[0].upper() + word[1:] for word in listed.split("|"))


_PATTERNS = (
    re.compile(
        rf"(?<!\w)(?<!thành )(?<!tàu )(?:{_KNOWN_BY}|{_sentence_case(_KNOWN_BY)})\s"
        rf"(?P<name>{_SYLLABLE}(?:\s{_SYLLABLE}){{1,4}})(?![\w-])"
    ),
    # "Ông" and "Bà" may be part of a name: Bà Rịa
    re.compile(
        rf"(?<!\w)(?:ông|bà|anh|chị|cô|cụ|thầy)\s(?P<name>{_SYLLABLE})(?![\w-])"
        rf"(?!\s(?:{_SYLLABLE}|\d))"
    ),
)
#: Family names by which Chinese people are called (ông Tập), and who is no person.
_NOT_GIVEN = words(
    """
    Tập Lý Vương Thái Mã Trương Lưu Dương Chu Hồ Ngô Triệu Tôn Hoàng Lâm Tạ Đặng Lương Tiền Nhậm
    Bạc Uông Quách Tống Cao Hứa Đường Tào Phùng Đỗ Trần Trịnh Lã Lữ Lỗ Tần Tưởng Mạnh Khổng Trời
    Táo Công Bụt Chúa Phật Mỹ Úc Đức Pháp Nga Nhật Hàn Ý Áo Bỉ Ấn
    """
)


def place_local_names(text: str, language: str) -> Iterator[Placeable]:
    """The named places and people of a text; none for Chinese, or where Chinese ones are near."""
    if language == "zh" or CHINESE_NAMES_NEAR.search(text):
        return
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            name = match["name"]
            if name.isascii() or name in _NOT_GIVEN or not transcribe(name):
                continue
            if place := place_name(name, name, *match.span("name"), language):
                yield place
