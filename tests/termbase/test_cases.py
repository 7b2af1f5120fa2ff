"""Labelled cases, language by language: a rendering, a sentence, and whether it obeys.

A false alarm costs a reviewer's trust and a miss costs a correction, so both are held here: the
files in ``cases`` say yes where the sentence has the rendering in some form of the language, and no
where it has something else, however near.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from vietwire.story import TARGET_LANGUAGES, TermHit
from vietwire.termbase import TermBase

FOLDER = Path(__file__).parent / "cases"


def cases(language: str) -> list[tuple[str, str, bool]]:
    with (FOLDER / f"{language}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows[0] == ["rendering", "sentence", "obeyed"]
    assert all(len(row) == 3 and row[2] in ("yes", "no") for row in rows[1:]), language
    return [(rendering, sentence, label == "yes") for rendering, sentence, label in rows[1:]]


ALL = [(language, *case) for language in TARGET_LANGUAGES for case in cases(language)]


@pytest.mark.parametrize(("language", "rendering", "sentence", "obeyed"), ALL)
def test_a_rendering_is_seen_where_it_stands_and_nowhere_else(
    language: str, rendering: str, sentence: str, obeyed: bool
) -> None:
    hit = TermHit("case", "x", 0, 1, rendering)
    (verified,) = TermBase().verify([hit], sentence, language)
    assert verified.obeyed is obeyed
    if obeyed:
        assert verified.target_span is not None
        start, end = verified.target_span
        assert 0 <= start < end <= len(sentence)


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
def test_there_are_enough_cases_both_ways(language: str) -> None:
    rows = cases(language)
    labels = Counter(obeyed for _, _, obeyed in rows)
    assert len(rows) >= 150
    assert len(set(rows)) == len(rows)
    assert min(labels.values()) >= 50
