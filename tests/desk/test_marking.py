"""Cutting text at marks and telling differences, without losing a character."""

from __future__ import annotations

import pytest

from vietwire.desk.marking import block_difference, difference, source_pieces, target_pieces, words
from vietwire.story import Finding, Severity, TermHit

WARN = Finding(Severity.WARN, "numbers", "wrong", "mend", span=(4, 9))
BLOCK = Finding(Severity.BLOCK, "forbidden", "never", "mend", span=(6, 12))


def test_pieces_joined_again_are_the_text() -> None:
    text = "Hội nghị Cấp cao ASEAN lần thứ 37 khai mạc"
    hits = (TermHit("asean-summit-37", text[:33], 0, 33, "37th ASEAN Summit"),)
    finding = Finding(Severity.NOTE, "numbers", "m", "a", source_span=(31, 33))
    pieces = source_pieces(text, hits, (finding,))
    assert "".join(p.text for p in pieces) == text
    assert [p.text for p in pieces if p.term] == ["Hội nghị Cấp cao ASEAN lần thứ ", "37"]
    assert [p.starts for p in pieces] == [True, False, False]
    assert [p.text for p in pieces if p.findings] == ["37"]


def test_where_findings_overlap_the_most_severe_shows() -> None:
    pieces = target_pieces("0123456789abcdef", (), (WARN, BLOCK))
    assert [(p.text, p.severity) for p in pieces] == [
        ("0123", None),
        ("45", Severity.WARN),
        ("678", Severity.BLOCK),
        ("9ab", Severity.BLOCK),
        ("cdef", None),
    ]


@pytest.mark.parametrize("span", [(-3, 2), (3, 99), (7, 7), (50, 60), (4, 1)])
def test_a_span_that_no_longer_fits_the_text_loses_nothing(span: tuple[int, int]) -> None:
    finding = Finding(Severity.BLOCK, "x", "m", "a", span=span)
    assert "".join(p.text for p in target_pieces("short", (), (finding,))) == "short"


def test_a_difference_holds_both_texts() -> None:
    before = "The summit opened online in Ha Noi on November 12."
    after = "The summit opened in Ha Noi on the morning of November 12."
    parts = difference(before, after)
    assert "".join(p.text for p in parts if p.op != "new") == before
    assert "".join(p.text for p in parts if p.op != "gone") == after
    assert any(p.op == "new" and "morning" in p.text for p in parts)
    assert any(p.op == "gone" and "online" in p.text for p in parts)


def test_a_rewritten_phrase_is_one_change() -> None:
    parts = difference("The Prime Minister spoke of peace.", "He called for peace.")
    assert [(p.op, p.text) for p in parts] == [
        ("gone", "The Prime Minister spoke of"),
        ("new", "He called for"),
        ("same", " peace."),
    ]
    assert difference("", "") == []
    assert [(p.op, p.text) for p in difference("", "new")] == [("new", "new")]


def test_chinese_is_compared_character_by_character() -> None:
    parts = difference("维护南海和平稳定", "维护东海和平稳定")
    assert [(p.op, p.text) for p in parts] == [
        ("same", "维护"),
        ("gone", "南"),
        ("new", "东"),
        ("same", "海和平稳定"),
    ]


def test_words_keep_every_character() -> None:
    text = "Thủ tướng  nói: “3,8%”\n第37届 «да»"
    assert "".join(words(text)) == text


def test_blocks_are_compared_one_by_one() -> None:
    changes = block_difference(["A", "Số 10 nước", "C"], ["A", "Số 11 nước", "C", "D"])
    assert [c.kind for c in changes] == ["same", "changed", "same", "new"]
    assert [p.text for p in changes[1].changes if p.op == "new"] == ["11"]
