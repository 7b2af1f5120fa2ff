"""Whether a name found in Vietnamese text is only part of a longer one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from vietwire.termbase.vietnamese import HYPHEN, Syllable, fold, syllables

# Vietnamese family names: a place name after one of them is a person's given name.
_FAMILY_NAMES = frozenset(
    [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Phan",
        "Vũ",
        "Võ",
        "Đặng",
        "Bùi",
        "Đỗ",
        "Hồ",
        "Ngô",
        "Dương",
        "Lý",
        "Đinh",
        "Lâm",
        "Mai",
        "Trịnh",
        "Đoàn",
        "Đào",
        "Trương",
        "Cao",
        "Lương",
        "Tạ",
        "Tô",
        "Hà",
        "Tống",
        "Châu",
        "Vương",
        "Quách",
        "Thái",
        "Kiều",
        "Lưu",
        "Phùng",
        "Chu",
        "La",
        "Tăng",
        "Đàm",
    ]
)
_ALSO_WORDS = frozenset({"Cao", "Mai", "Chu", "La", "Tô", "Hà", "Thái", "Lý", "Đoàn"})
# Words before a country's name that make it something else: a continent, a currency.
_OTHER_BEFORE: dict[str, frozenset[str]] = {
    "mỹ": frozenset({fold("châu"), "la", fold("đôla"), "usd"}),
    "anh": frozenset({fold("bảng"), fold("tiếng")}),
    "ý": frozenset({fold("chữ")}),
    "úc": frozenset({fold("châu")}),
    "phi": frozenset({fold("châu")}),
    "thái": frozenset({"do"}),
}
# Words that begin a sentence and have a capital only for that: "Tại Bangkok", "Khi Mỹ rút quân".
# None that is also a common given name (Như, Bằng) or the first part of a place's (Tuy Đức).
_OPENERS_TEXT = """
    tại từ ở theo về đến tới trước sau trong ngoài giữa trên dưới gần quanh khắp cạnh với
    cùng cho do vì bởi nhờ để nhằm qua khi lúc hồi nếu dù dẫu nhưng còn và hoặc cả hiện nay
    liệu việc riêng chỉ ngay rồi là rời thăm nước người phía báo quân đoàn
"""
_OPENERS = frozenset(fold(word) for word in _OPENERS_TEXT.split())
# Signs after which a sentence or a quotation begins.
_BEGINNINGS = frozenset(".!?:;…\"“”«‘'()[]•*")
# Words before a person's name: "bà Nga" is nobody's country, "Ông Putin" is no longer name.
_HONORIFICS = frozenset({"ông", "bà", "anh", "chị", "cô", "thầy", "cụ", "ngài"})
# Words that a one-syllable country name begins, beside the country: "Pháp luật", "Ý kiến".
_OTHER_WORDS: dict[str, frozenset[str]] = {
    name: frozenset(fold(word) for word in words.split())
    for name, words in {
        "pháp": "luật lệnh lý chế danh nhân môn sư y",
        "ý": "kiến nghĩa chí thức tưởng đồ định muốn",
        "đức": "tin phật thánh chúa cha giáo hồng độ tính mẹ",
        "mỹ": "thuật phẩm nhân học viện lệ latinh latin",
        "ấn độ": "giáo dương",
        "anh": "em chị hùng ấy ta cả trai linh ngữ văn nguyễn trần lê phạm",
        "áo": "dài khoác sơ len phao mưa giáp thun",
        "nga": "my",
        "bỉ": "ổi",
        "úc": "",
        "lào": "xào",
        "nhật": "ký báo trình thực nguyệt thường",
        "hàn": "gắn the lâm huyết",
        "trung": "bình tâm ương thực thành hạn hậu học niên đoàn thu ta kỳ",
        "ấn": "tượng định bản phẩm loát hành",
        "thái": "độ bình dương tử hậu",
        "trường sa": "đéc",  # a school in Sa Đéc
    }.items()
}


# Countries that are also words with which sentences begin: he, shirt, meaning.
_ALSO_BEGINNINGS = frozenset({"anh", "áo", "ý"})


# A Vietnamese syllable without its tone: what follows a country's name in a longer Vietnamese name,
# where a foreign person's name would follow the country's in "Thủ tướng Lào Thongloun".
_SYLLABLE = re.compile(
    "(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu?|r|s|th?|tr|v|x)?"
    "[aăâeêioôơuưy]{1,3}(?:ch?|m|nh?|ng|p|t)?"
)


_TONE_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def _toneless(word: str) -> str:
    """A folded word without its tone mark, its letters (ă, ê, ơ) as they were."""
    return unicodedata.normalize("NFC", _TONE_MARKS.sub("", unicodedata.normalize("NFD", word)))


def is_acronym(word: str) -> bool:
    """Whether a word of a form is written in capitals throughout (ASEAN)."""
    return len(word) > 1 and word.isupper()


def is_name(form: str) -> bool:
    """Whether every word of a Vietnamese form begins with a capital (Hà Nội, Biển Đông)."""
    words = [s.surface for s in syllables(form) if s.surface[0].isalpha()]
    return bool(words) and all(word[0].isupper() for word in words)


def _capital(item: Syllable) -> bool:
    return item.surface[:1].isupper() and not item.surface.isupper()


def _adjacent(found: Sequence[Syllable], left: int, right: int) -> bool:
    """Whether two syllables stand side by side with one space between."""
    return found[right].start - found[left].end == 1


def inside_longer_name(form: str, text: str, found: Sequence[Syllable], at: int, size: int) -> bool:
    """Whether a name found here is only part of a longer one.

    - "Việt Nam" in "Nguyễn Việt Nam": capitalised words before it that begin with a family name.
    - "Nguyễn Xuân Phúc" in "Nguyễn Xuân Phúc Lâm": a person's name that goes on.
    - "Pháp" in "Pháp luật", "Lào" in "Lào Cai", "Đức" in "Hồng Đức", "Mỹ" in "châu Mỹ" and "đô la
      Mỹ": a country's name in another word or name. A capital that only a sentence's beginning
      gave to the word before it ("Tại Bangkok", "Khi Mỹ rút quân") makes no longer name.
    - "Nga" in "bà Nga": a person.
    A place within an institution's name ("Đại học Quốc gia Hà Nội") is still that place, so it
    counts unless the institution is a concept itself, which then wins as the longer match.
    """
    if not is_name(form) or any(is_acronym(s.surface) for s in syllables(form)):
        return False
    last = at + size - 1
    person = size >= 3 and form.split()[0] in _FAMILY_NAMES
    if person:
        after = last + 1
        if (
            after < len(found)
            and _adjacent(found, last, after)
            and _capital(found[after])
            and any(ord(c) > 0x7F for c in found[after].surface)
        ):
            return True
    after = last + 1
    joined = " ".join(s.key for s in found[at:after])
    follows = after < len(found) and _adjacent(found, last, after)
    if follows and found[after].key in _OTHER_WORDS.get(joined, ()):
        return True
    if at and found[at - 1].key in _OTHER_BEFORE.get(joined, ()):
        return True
    if size == 1:
        native = _SYLLABLE.fullmatch(_toneless(found[at].key)) is not None
        if found[at].key in _ALSO_BEGINNINGS and _begins(text, found, at):
            return True
        if at and _adjacent(found, at - 1, at):
            honorific = found[at - 1].key in _HONORIFICS
            if honorific and native:
                return True  # "bà Nga", "ông Đức"
            if _capital(found[at - 1]) and not honorific and not _opens(text, found, at - 1):
                return True  # "Hồng Đức", "Việt Anh"
        if follows and _capital(found[after]) and _SYLLABLE.fullmatch(_toneless(found[after].key)):
            return True  # "Lào Cai", "Đức Bà", "Anh Hoàng": but not "Lào Thongloun"
    before = at - 1
    while before >= 0 and _adjacent(found, before, before + 1) and _capital(found[before]):
        if found[before].surface in _FAMILY_NAMES and not _opens_sentence_word(found, before):
            return True
        before -= 1
    return False


def _opens(text: str, found: Sequence[Syllable], at: int) -> bool:
    """Whether a word is a function word with which a sentence, a line or a quotation begins."""
    return found[at].key in _OPENERS and _begins(text, found, at)


def _begins(text: str, found: Sequence[Syllable], at: int) -> bool:
    """Whether a sentence, a line or a quotation begins with a word."""
    if at == 0 or found[at - 1].key in _BEGINNINGS:
        return True
    gap = text[found[at - 1].end : found[at].start]
    return "\n" in gap or (found[at - 1].key == HYPHEN and bool(gap))


def _opens_sentence_word(found: Sequence[Syllable], at: int) -> bool:
    """Family names that are also words (Hà, Cao, Đoàn) prove nothing where a sentence begins."""
    opens = at == 0 or found[at - 1].key in '.!?:"“'
    return opens and found[at].surface in _ALSO_WORDS
