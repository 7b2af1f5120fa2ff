"""What a machine says twice."""

from __future__ import annotations

import pytest

from vietwire.text import drop_doubles


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("worth nearly VND2.5 trillion VND", "worth nearly 2.5 trillion VND"),
        ("at VND23,065 VND, up 10 VND", "at 23,065 VND, up 10 VND"),
        ("a loan of $10 million USD", "a loan of 10 million USD"),
        ("US$3.5 billion dollars", "3.5 billion dollars"),
        ("VND5 million a month", "VND5 million a month"),
        ("$5 or 3 USD", "$5 or 3 USD"),
        ("VND1 billion and 2 million USD", "VND1 billion and 2 million USD"),
    ],
)
def test_a_currency_before_and_after_a_sum_stands_once(said: str, right: str) -> None:
    assert drop_doubles(said, "en") == right
    assert drop_doubles(said, "fr") == said
