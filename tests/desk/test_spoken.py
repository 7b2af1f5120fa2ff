"""Findings and refused moves in Vietnamese."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vietwire.desk.spoken import PLACE, say, sentences


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("Translate it.", "Hãy dịch."),
        ("“South China Sea” must not be printed.", "Không được dùng “South China Sea”."),
        ("The number “38” is not in the Vietnamese.", "Con số “38” không có trong tiếng Việt."),
        ("The date 12/11 has become 11/12.", "Ngày 12/11 đã thành 11/12."),
        ("“{}” must not be printed.", "Không được dùng “{}”."),
        ("Something no module says.", "Something no module says."),
        ("", ""),
    ],
)
def test_a_sentence_is_said_with_its_values(english: str, vietnamese: str) -> None:
    assert say(english, "vi") == vietnamese
    assert say(english, "en") == english


def test_every_sentence_keeps_its_values_in_place() -> None:
    known = sentences("vi")
    assert len(known) > 90
    for english, vietnamese in known.items():
        assert vietnamese, english
        assert english.count(PLACE) == vietnamese.count(PLACE), english
        numbered = [f"<{n}>" for n in range(english.count(PLACE))]
        filled = english
        for value in numbered:
            filled = filled.replace(PLACE, value, 1)
        said = say(filled, "vi")
        assert all(value in said for value in numbered), english


def test_what_the_checks_find_is_said_in_vietnamese() -> None:
    from vietwire.checks import check_segment

    pairs = [
        ("Kinh tế khu vực suy giảm 3,8% trong năm 2020.", "The economy shrank by 38% in 2020."),
        ("Hội nghị khai mạc ngày 12/11/2020.", "The summit opened on 11 December 2020."),
        ("Thủ tướng phát biểu khai mạc hội nghị.", ""),
    ]
    said = 0
    for source, target in pairs:
        for finding in check_segment(source, target, "en"):
            for sentence in (finding.message, finding.action):
                assert say(sentence, "vi") != sentence, sentence
                said += 1
    assert said >= 6


def test_a_refused_move_is_explained_in_vietnamese(
    person: Callable[[str], Any], summit: Any
) -> None:
    linh = person("linh")
    linh.post("/preferences", {"ui": "vi"})
    draft = summit["ru"]
    answer = linh.post(f"/drafts/{draft.id}", {"revision": draft.revision, "action": "claim"})
    assert answer.status_code == 403
    assert "không phụ trách" in answer.text
