"""Vietnamese people: without marks where names are in Latin letters, respelled in Russian."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vietwire.checks.cyrillic import other_spellings, transcribe
from vietwire.checks.names import find_people, plain_name
from vietwire.placeables.base import Placeable


def place_name(name: str, phrase: str, start: int, end: int, language: str) -> Placeable | None:
    """A Vietnamese name as ``language`` writes it; ``None`` where Russian cannot respell it."""
    if language != "ru":
        return Placeable(phrase, start, end, plain_name(name))
    rendering = transcribe(name)
    if not rendering:
        return None
    return Placeable(phrase, start, end, rendering, other_spellings(name))


def place_people(text: str, language: str) -> Iterator[Placeable]:
    """The people of a text; none for Chinese, whose characters no reading tells."""
    if language == "zh":
        return
    chinese = CHINESE_NAMES_NEAR.search(text)
    for person in find_people(text):
        phrase = text[person.start : person.end]
        # Lý or Trương may be Li or Zhang, whose name is written otherwise, and "ông" tells nothing
        sure = person.firm or (
            not person.shared and _ADDRESSED.search(text, 0, person.start) is not None
        )
        if (chinese or not sure) and not re.match(r"Nguyễn|.* Thị ", person.name):
            continue
        if place := place_name(person.name, phrase, person.start, person.end, language):
            yield place


#: Where Chinese and Korean names in Vietnamese reading are to be expected.
CHINESE_NAMES_NEAR = re.compile(
    r"Trung Quốc|Hoa ngữ|gốc Hoa|Tân Hoa|Đài Loan|Hong Kong|Hồng Kông|Hongkong|Ma ?[Cc]au|Bắc Kinh"
    r"|Thượng Hải|Singapore|Malaysia|Hàn Quốc|Triều Tiên|Cbiz|TVB|Kim Dung|minh tinh|tài tử"
)
_ADDRESSED = re.compile(
    r"(?<!\w)(?:ông|bà|anh|chị|em|cháu|cô|cụ|thầy|bị can|bị cáo|đại tá|trung tá|đại úy|đại uý)\s$",
    re.IGNORECASE,
)
