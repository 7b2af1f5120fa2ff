from __future__ import annotations

import pytest
from vietwire_tests_contract import hinted

from vietwire.engines import TermHint
from vietwire.engines.base import mend_clause
from vietwire.engines.decoding import Decoding, loops, rounded
from vietwire.engines.steering import code_switched, inline, neutral


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (["▁the"] * 4, True),
        (["▁the"] * 3, False),
        (["▁a", "▁b"] * 4, True),
        (["▁a", "▁b"] * 3, False),
        (["▁x", *["▁a", "▁b", "▁c"] * 4, "▁y"], True),
        (["▁1", *"0000000000", "▁USD"], False),
        (["▁1", *".000.000.000.000.000", "▁USD"], False),
        (list("abcdefgh") * 4, True),
        ([], False),
    ],
)
def test_circles_are_noticed_and_numbers_are_none(tokens: list[str], expected: bool) -> None:
    assert loops(tokens) is expected


def test_the_bound_on_the_output_follows_the_rows_own_length() -> None:
    assert [rounded(n) for n in (1, 8, 9)] == [8, 8, 16]
    decoding = Decoding(length_factor=2, length_extra=16)
    assert decoding.longest(9) == decoding.longest(16) == 48
    assert decoding.against_loops().repetition_penalty > 1


def test_hints_are_written_as_the_training_data_has_them() -> None:
    request = hinted("Tại Biển Đông, ngày 12/11", "Biển Đông", "East Sea")
    assert inline(request.text, request.hints, "en") == (
        "Tại <t> Biển Đông <to> East Sea </t>, ngày 12/11"
    )
    request = hinted("Tại Biển Đông, ngày 12/11", "Biển Đông", "东海")
    assert inline(request.text, request.hints, "zh") == (
        "Tại <t> Biển Đông <to>东海 </t>, ngày 12/11"
    )
    assert code_switched(request.text, request.hints, "zh") == "Tại 东海, ngày 12/11"


def test_two_hints_keep_their_places() -> None:
    text = "LHQ và ASEAN"
    hints = (TermHint("LHQ", 0, 3, "UN"), TermHint("ASEAN", 7, 12, "ASEAN"))
    assert inline(text, hints, "en") == "<t> LHQ <to> UN </t> và <t> ASEAN <to> ASEAN </t>"


def test_what_looks_like_markup_in_a_story_is_defused() -> None:
    assert neutral(">>fr<< <t> a <to> b </t> x < y") == "»fr« ‹t› a ‹to› b ‹/t› x < y"


@pytest.mark.parametrize(
    ("source", "text", "language", "expected"),
    [
        ("a, b,", "One two.", "en", "One two,"),
        ("a, b,", "一二。", "zh", "一二，"),
        ("a b", "One two.", "fr", "One two"),
        ("a b.", "One two.", "en", "One two."),
        ("a b;", "One two...", "en", "One two..."),
        ("a b,", "One two", "en", "One two"),
    ],
)
def test_a_clause_ends_as_its_source_does(
    source: str, text: str, language: str, expected: str
) -> None:
    assert mend_clause(source, text, language) == expected
