"""Sentence boundaries of Vietnamese newswire, measured on a corpus written for this project."""

import random
from pathlib import Path

import pytest

from vietwire.text import Sentence, rejoin, split_clauses, split_sentences

CORPUS = Path(__file__).with_name("segmentation.txt")
BLOCKS = [block.split("\n") for block in CORPUS.read_text(encoding="utf-8").strip().split("\n\n")]


def boundaries(sentences: list[str], text: str) -> set[int]:
    ends: set[int] = set()
    place = 0
    for sentence in sentences:
        place = text.index(sentence, place) + len(sentence)
        ends.add(place)
    return ends - {len(text)}


def test_corpus_holds_at_least_200_boundaries() -> None:
    assert sum(len(block) - 1 for block in BLOCKS) >= 200


def test_precision_and_recall_are_100_percent_on_the_corpus() -> None:
    wrong, missed = [], []
    for block in BLOCKS:
        text = " ".join(block)
        want = boundaries(block, text)
        got = boundaries([s.text for s in split_sentences(text)], text)
        wrong += [text[max(0, end - 30) : end + 20] for end in got - want]
        missed += [text[max(0, end - 30) : end + 20] for end in want - got]
    assert (wrong, missed) == ([], [])


def test_any_text_is_reproduced_exactly() -> None:
    chance = random.Random(20201112)
    pool = [word for block in BLOCKS for line in block for word in line.split()]
    odd = [
        "\n",
        "\n\n",
        "  ",
        "\t",
        "…",
        "...",
        "“",
        "”",
        "(",
        ")",
        '"',
        "?!",
        "。",
        " ",
        "1.",
        ".A",
    ]
    for _ in range(400):
        text = "".join(
            chance.choice(pool) + chance.choice([" ", " ", " ", *odd])
            for _ in range(chance.randrange(25))
        )
        parts = split_sentences(text)
        assert "".join(s.text + s.separator for s in parts) == text
        assert all(s.text == s.text.strip() for s in parts)
        assert all(s.separator == "" or s.separator.isspace() for s in parts)


def test_no_sentence_in_an_empty_block() -> None:
    assert split_sentences("") == []
    assert split_sentences("  ") == [Sentence("", "  ")]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Hội nghị kết thúc.Ông cảm ơn các nước.", ["Hội nghị kết thúc.", "Ông cảm ơn các nước."]),
        ("Xem vietnamplus.Vn và asean.org.Vn nhé.", ["Xem vietnamplus.Vn và asean.org.Vn nhé."]),
        (
            "Thủ tướng Nguyễn Xuân Phúc\nđánh cồng khai mạc",
            ["Thủ tướng Nguyễn Xuân Phúc\nđánh cồng khai mạc"],
        ),
        ("Tin vắn\nThời tiết", ["Tin vắn", "Thời tiết"]),
        ("Một câu.\nhai câu.", ["Một câu.", "hai câu."]),
        ('Anh nói "xong rồi... " và đi.', ['Anh nói "xong rồi... " và đi.']),
        ("Giá chỉ còn... 15 nghìn đồng.", ["Giá chỉ còn... 15 nghìn đồng."]),
        ("Trình lãnh đạo quyết định. /.", ["Trình lãnh đạo quyết định. /."]),
        ("第37届东盟峰会开幕。阮春福主持会议。", ["第37届东盟峰会开幕。", "阮春福主持会议。"]),
    ],
)
def test_other_separators(text: str, want: list[str]) -> None:
    assert [s.text for s in split_sentences(text)] == want


@pytest.mark.parametrize(
    ("parts", "language", "want"),
    [
        ([("One.", " "), ("Two.", "")], "en", "One. Two."),
        ([("One.", ""), ("Two.", "")], "en", "One. Two."),
        ([("一。", " "), ("二。", "")], "zh", "一。二。"),
        ([("ASEAN", " "), ("RCEP", "")], "zh", "ASEAN RCEP"),
        ([("ASEAN", " "), ("峰会", "")], "zh", "ASEAN峰会"),
        ([("Un.", "\n"), ("Deux.", "")], "fr", "Un.\nDeux."),
        ([("一。", "\n"), ("二。", "")], "zh", "一。\n二。"),
        ([("One.", " "), ("", " "), (" Three. ", "")], "en", "One. Three."),
        ([("", "  "), ("One.", "")], "en", "One."),
        ([], "ru", ""),
    ],
)
def test_rejoin(parts: list[tuple[str, str]], language: str, want: str) -> None:
    assert rejoin(parts, language) == want


def test_rejoin_restores_the_corpus() -> None:
    for block in BLOCKS:
        text = " ".join(block)
        parts = [(s.text, s.separator) for s in split_sentences(text)]
        assert rejoin(parts, "en") == text


LONG = (
    "Phát biểu khai mạc, Thủ tướng nhấn mạnh rằng ASEAN cần giữ vững đoàn kết, và các nước thành "
    "viên phải phối hợp chặt chẽ; đồng thời kêu gọi các đối tác tiếp tục ủng hộ vai trò trung tâm "
    "của Hiệp hội trong cấu trúc khu vực (ASEAN+3, EAS, ARF) nhằm duy trì hòa bình, ổn định."
)


@pytest.mark.parametrize("limit", [1, 3, 10, 25, 60, 120, 1000])
def test_clauses_all_fit_and_lose_nothing(limit: int) -> None:
    parts = split_clauses(LONG, lambda part: len(part) <= limit)
    assert "".join(parts) == LONG
    assert all(0 < len(part) <= limit for part in parts)


def test_clauses_are_cut_at_the_semicolon_first() -> None:
    parts = split_clauses(LONG, lambda part: len(part) <= 200)
    assert parts[0].endswith("chặt chẽ; ")


def test_words_stay_whole_while_they_can() -> None:
    parts = split_clauses(LONG, lambda part: len(part) <= 25)
    assert all(part.endswith((" ", ".")) for part in parts)


def test_numbers_are_not_cut_at_their_comma() -> None:
    text = "Kim ngạch đạt 1.234,5 tỷ USD năm nay"
    assert split_clauses(text, lambda part: len(part) <= 20)[0].endswith(" ")


def test_text_that_fits_is_left_whole_and_none_gives_none() -> None:
    assert split_clauses("Xin chào.", lambda part: True) == ["Xin chào."]
    assert split_clauses("", lambda part: False) == []


def test_a_limit_that_nothing_fits_is_an_error() -> None:
    with pytest.raises(ValueError, match="not even the one character"):
        split_clauses("abc", lambda part: False)
