"""Post-edit effort is the Levenshtein distance between machine text and final text."""

from __future__ import annotations

import random

import pytest

from vietwire.review import post_edit
from vietwire.review.statistics import edit_distance


def plain_distance(a: str, b: str) -> int:
    """The textbook table, to hold the fast method against."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("kitten", "sitting", 3),
        ("East Sea", "East Sea", 0),
        ("东海", "南海", 1),
        ("a" * 200, "a" * 199 + "b", 1),
    ],
)
def test_known_distances(a, b, distance):
    assert edit_distance(a, b) == distance


def test_the_fast_method_agrees_with_the_table():
    dice = random.Random(7)
    for _ in range(300):
        a, b = ("".join(dice.choices("abcд东", k=dice.randrange(0, 90))) for _ in range(2))
        assert edit_distance(a, b) == plain_distance(a, b), (a, b)


def test_effort_adds_up_over_drafts(sqlite_store, make_story, make_draft):
    story = sqlite_store.add_story(make_story()).story
    texts = ["Headline", "It opens.", "East Sea."]
    draft = sqlite_store.save_machine_draft(make_draft(story, texts=texts))
    untouched = post_edit([draft])
    assert (untouched.segments, untouched.edited, untouched.distance) == (3, 0, 0)
    assert untouched.rate == 0

    edited = sqlite_store.change_draft(
        draft.id, revision=1, actor="lan", action="save", segments={1: "It opened."}
    )

    effort = post_edit([edited])
    assert (effort.edited, effort.distance) == (1, 2)
    assert effort.characters == len("Headline" + "It opened." + "East Sea.")
    assert effort.rate == pytest.approx(2 / 27)
    assert post_edit([edited, draft]).segments == 6
