"""What every engine shares: telling whether a rendering stands in a text."""

from __future__ import annotations

import pytest

from vietwire.engines.base import TermHint, obeyed


@pytest.mark.parametrize(
    ("rendering", "text", "there"),
    [
        ("АСЕАН", "37-й саммит АСЕАН.", 1),
        ("АСЕАН", "37-й саммит АСЕАННН форма", 0),
        ("Фук", "Нгуен Суан Фуктура", 0),
        ("COC", "the COC, soon", 1),
        ("COC", "的DOC和COC效率", 1),
        ("1982年《公约》", "必须符合1982年《公约》。", 1),
        ("RCEP领导人会议", "第四次RCEP领导人会议", 1),
        ("East Sea", "the Middle East Seat", 0),
    ],
)
def test_a_rendering_counts_only_as_words_of_its_own(rendering: str, text: str, there: int) -> None:
    assert obeyed([TermHint("x", 0, 1, rendering)], text) == there
