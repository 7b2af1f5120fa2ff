import random
import unicodedata

import pytest

from vietwire.text import fold_tones, normalise


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (unicodedata.normalize("NFD", "Nguyễn Xuân Phúc"), "Nguyễn Xuân Phúc"),
        ("\ufeffHà\u200b Nội\u00ad", "Hà Nội"),
        ("Hà\u00a0Nội\u2009 \u3000mưa\t\ttо", "Hà Nội mưa tо"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("  một \n  hai  \n\n ba ", "một\nhai\n\nba"),
        ("\u00d0à Nẵng", "Đà Nẵng"),
        ("bell\x07", "bell"),
        ("", ""),
    ],
)
def test_normalise(text: str, want: str) -> None:
    assert normalise(text) == want
    assert normalise(want) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("hoà bình", "hòa bình"),
        ("hòa bình", "hòa bình"),
        ("HOÀ", "HÒA"),
        ("thuỷ, thủy", "thủy, thủy"),
        ("khoẻ", "khỏe"),
        ("hoàn toàn", "hoàn toàn"),
        ("hòan tòan", "hoàn toàn"),
        ("quý, qúy, Quỹ", "quý, quý, Quỹ"),
        ("tuỳ thuộc uỷ ban", "tùy thuộc ủy ban"),
        ("Hoà-bình", "Hòa-bình"),
        ("loài, ngoại, khuỷu", "loài, ngoại, khuỷu"),
    ],
)
def test_fold_tones(text: str, want: str) -> None:
    assert fold_tones(text) == want


def test_folding_keeps_every_offset() -> None:
    chance = random.Random(37)
    letters = "oOaAeEuUyYqQhnòóỏõọÒàáảãạÀèẻùủÚỳỷÝ .-"
    for _ in range(2000):
        text = "".join(chance.choice(letters) for _ in range(chance.randrange(12)))
        folded = fold_tones(text)
        assert len(folded) == len(text)
        assert fold_tones(folded) == folded
