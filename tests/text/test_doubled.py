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
    assert drop_doubles(said, "en", "") == right
    assert drop_doubles(said, "fr", "") == said


@pytest.mark.parametrize(
    ("language", "said", "right"),
    [
        (
            "en",
            "the Prime Minister will chair chair the summit",
            "the Prime Minister will chair the summit",
        ),
        ("en", "he said that that had had an effect", "he said that that had had an effect"),
        ("en", "peace, security, security and trade", "peace, security, security and trade"),
        ("en", "the Duran Duran concert", "the Duran Duran concert"),
        ("en", "a cross-border border post", "a cross-border border post"),
        ("fr", "nous nous réunirons bientôt bientôt", "nous nous réunirons bientôt"),
        ("fr", "un PIB PIB de 5 milliards", "un PIB de 5 milliards"),
        ("ru", "страны страны региона", "страны региона"),
        ("zh", "自4月4月以来仍在保持保持", "自4月以来仍在保持"),
        ("zh", "一步一步推进，11月1日", "一步一步推进，11月1日"),
    ],
)
def test_a_word_said_again_at_once_stands_once(language: str, said: str, right: str) -> None:
    assert drop_doubles(said, language, "Thủ tướng chủ trì hội nghị.") == right


def test_what_the_source_says_twice_stays() -> None:
    source = "Đảo Bora Bora thuộc Pháp."
    assert drop_doubles("波拉波拉岛属于法国", "zh", source) == "波拉波拉岛属于法国"
