"""The labelled sentences: each finds exactly the terms that were marked in it."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from vietwire.termbase import TermBase

GLOSSARY = Path(__file__).parents[2] / "glossary"
DAY = date(2020, 11, 12)


@cache
def rows() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    with (GLOSSARY / "termtest.tsv").open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["id"], row["sentence"], tuple(c for c in row["concepts"].split(" | ") if c))
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        )


@pytest.fixture(scope="module")
def base() -> TermBase:
    return TermBase.load(GLOSSARY)


def test_there_are_enough_sentences_concepts_and_lookalikes() -> None:
    concepts = {concept for _, _, marked in rows() for concept in marked}
    assert len(rows()) >= 400
    assert len(concepts) >= 200
    assert sum(not marked for _, _, marked in rows()) >= 25


def test_sentences_and_identifiers_stand_once() -> None:
    assert len({identifier for identifier, _, _ in rows()}) == len(rows())
    assert len({sentence for _, sentence, _ in rows()}) == len(rows())


def test_marked_concepts_are_in_the_base(base: TermBase) -> None:
    known = {concept.id for concept in base.concepts}
    assert {concept for _, _, marked in rows() for concept in marked} <= known


def test_every_sentence_finds_exactly_its_terms(base: TermBase) -> None:
    wrong = [
        (identifier, sentence, found, marked)
        for identifier, sentence, marked in rows()
        for found in [tuple(hit.concept for hit in base.find(sentence, "en", on=DAY))]
        if found != marked
    ]
    assert wrong == []
