"""Without a stand-in, the desk holds edited text to the product's own checks and term base."""

from __future__ import annotations

from pathlib import Path

import pytest

from vietwire.review import Blocked, Review
from vietwire.story import Actor, DraftStatus, Role
from vietwire.termbase import TermBase

LAN = Actor("lan", Role.REVIEWER, ("en",))


@pytest.fixture(scope="module")
def termbase():
    return TermBase.load(Path(__file__).parents[2] / "glossary")


@pytest.fixture
def claimed(sqlite_store, make_story, make_draft, termbase, clock):
    story = sqlite_store.add_story(
        make_story("vna-1", "Lập trường về Biển Đông", "Việt Nam nêu lập trường về Biển Đông.")
    ).story
    texts = ["Position on the East Sea", "Vietnam states its position on the East Sea."]
    draft = sqlite_store.save_machine_draft(make_draft(story, texts=texts))
    review = Review(sqlite_store, termbase, clock)
    return review, review.claim(draft.id, LAN, 1)


def test_text_in_house_style_is_approved_with_its_terms_verified(claimed):
    review, draft = claimed
    approved = review.approve(draft.id, LAN, draft.revision)
    assert approved.status is DraftStatus.APPROVED
    [hit] = [t for t in approved.segments[0].terms if t.source_form == "Biển Đông"]
    assert (hit.rendering, hit.obeyed) == ("East Sea", True)


def test_a_forbidden_name_typed_by_a_person_blocks(claimed):
    review, draft = claimed
    edits = {1: "Vietnam states its position on the South China Sea."}
    saved = review.save(draft.id, LAN, draft.revision, edits)
    assert "forbidden" in {f.check for f in saved.blocking}
    assert {f.segment for f in saved.blocking} == {1}
    with pytest.raises(Blocked, match="segment 2"):
        review.approve(draft.id, LAN, saved.revision)
