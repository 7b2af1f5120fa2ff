"""The sample stories: what a fresh copy ships with, taken in as intake takes anything in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from vietwire.intake import Refused, read_story
from vietwire.intake.events import Events
from vietwire.story import BlockKind, MediaKind, RefusalReason, Story
from vietwire.termbase import TermBase

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
ARRIVED = datetime(2020, 11, 16, 3, 0, tzinfo=UTC)
STORIES = {
    "01-khai-mac-asean-37.md": ("asean-37", date(2020, 11, 12), MediaKind.TEXT),
    "02-ky-ket-rcep.txt": ("rcep", date(2020, 11, 15), MediaKind.TEXT),
    "03-abis-2020.docx": ("abis", date(2020, 11, 13), MediaKind.TEXT),
    "04-lanh-dao-nu-asean.html": ("asean-women-leaders", date(2020, 11, 12), MediaKind.TEXT),
    "05-mekong-nhat-ban.ninjs.json": ("mekong-japan", date(2020, 11, 13), MediaKind.TEXT),
    "06-chum-anh-be-mac.md": ("asean-37", date(2020, 11, 15), MediaKind.PHOTO),
    "07-truyen-hinh-asean-2020.md": ("asean-chair-2020", date(2020, 11, 15), MediaKind.TV),
    "08-du-luan-jakarta.newsml.xml": ("rcep", date(2020, 11, 16), MediaKind.TEXT),
    "09-cap-cao-dong-a.md": ("eas-15", date(2020, 11, 14), MediaKind.TEXT),
    "10-phan-ung-moskva.txt": ("asean-chair-2020", date(2020, 11, 16), MediaKind.TEXT),
}
REFUSED = {
    "90-tham-khao-bctk.md": RefusalReason.RESTRICTED,
    "91-english-item.txt": RefusalReason.NOT_VIETNAMESE,
    "92-broken.docx": RefusalReason.UNREADABLE,
}
#: The sentence of the restricted sample that stands nowhere else.
SECRET = "Con hạc giấy màu chàm nằm yên dưới ngọn đèn biển cũ"


@cache
def story(name: str) -> Story:
    (taken,) = read_story(SAMPLES / name, name=name, received_at=ARRIVED)
    return taken


def body(name: str) -> str:
    return "\n".join(b.text for b in story(name).blocks if b.kind is not BlockKind.HEADLINE)


def test_the_folder_holds_these_files_and_no_others() -> None:
    assert {f.name for f in SAMPLES.iterdir()} == {*STORIES, *REFUSED, "README.md"}


def test_every_file_is_named_in_the_readme() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in (*STORIES, *REFUSED) if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("name", STORIES)
def test_it_is_taken_in_with_all_that_the_desk_files_it_by(name: str) -> None:
    event, dated, kind = STORIES[name]
    taken = story(name)
    assert (taken.event, taken.dated, taken.media_kind) == (event, dated, kind)
    assert taken.slug == "ASEAN 2020"
    assert "ASEAN 2020" in taken.keywords
    assert taken.headline and taken.byline and taken.source_id
    assert re.fullmatch(rf".+ \(TTXVN {dated.day}/{dated.month}\)", taken.dateline)


@pytest.mark.parametrize("name", STORIES)
def test_it_is_as_long_as_a_news_item(name: str) -> None:
    assert 150 <= len(body(name).split()) <= 500


@pytest.mark.parametrize("name", STORIES)
def test_its_event_is_one_that_the_newsroom_follows(name: str) -> None:
    events = Events.load(ROOT / "glossary" / "events.toml")
    known = events.get(STORIES[name][0])
    assert known is not None
    assert known.slug == "ASEAN 2020"


@pytest.fixture(scope="module")
def base() -> TermBase:
    return TermBase.load(ROOT / "glossary")


@pytest.mark.parametrize("name", STORIES)
def test_it_speaks_the_language_of_the_term_base(base: TermBase, name: str) -> None:
    taken = story(name)
    found = {hit.concept for b in taken.blocks for hit in base.find(b.text, "en", on=taken.day)}
    assert len(found) >= 5


@pytest.mark.parametrize(("name", "reason"), REFUSED.items())
def test_what_must_not_go_through_is_refused_for_its_own_reason(
    name: str, reason: RefusalReason
) -> None:
    with pytest.raises(Refused) as caught:
        story(name)
    assert caught.value.refusal.reason is reason


def test_nothing_of_the_restricted_item_is_in_its_refusal_or_in_another_sample() -> None:
    name = "90-tham-khao-bctk.md"
    assert SECRET in (SAMPLES / name).read_text(encoding="utf-8")
    with pytest.raises(Refused) as caught:
        story(name)
    assert SECRET not in f"{caught.value} {caught.value.refusal}"
    assert "hạc giấy" not in "".join(body(other) for other in STORIES)


def test_the_fifteen_who_signed_are_ten_and_five() -> None:
    text = body("02-ky-ket-rcep.txt")
    assert "15 nước, gồm 10 nước thành viên ASEAN và 5 đối tác" in text
    for partner in ("Trung Quốc", "Nhật Bản", "Hàn Quốc", "Australia", "New Zealand"):
        assert partner in text


def test_the_layout_of_the_formats_survives() -> None:
    kinds = {name: [b.kind for b in story(name).blocks] for name in STORIES}
    assert kinds["03-abis-2020.docx"].count(BlockKind.HEADING) == 2
    assert kinds["03-abis-2020.docx"].count(BlockKind.LIST_ITEM) == 4
    assert kinds["04-lanh-dao-nu-asean.html"].count(BlockKind.LIST_ITEM) == 3
    assert BlockKind.STANDFIRST in kinds["04-lanh-dao-nu-asean.html"]
    assert kinds["06-chum-anh-be-mac.md"].count(BlockKind.CAPTION) == 6
    assert kinds["07-truyen-hinh-asean-2020.md"].count(BlockKind.CUE) == 8


def test_the_cues_follow_one_another_in_time() -> None:
    cues = [b for b in story("07-truyen-hinh-asean-2020.md").blocks if b.kind is BlockKind.CUE]
    times = [moment for cue in cues for moment in (cue.start, cue.end)]
    assert None not in times
    assert times == sorted(times, key=lambda moment: moment or 0.0)
