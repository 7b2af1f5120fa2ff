"""Datelines and bylines take the form of the language; a bad style file is named by its key."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vietwire.release import StyleInvalid, load_style
from vietwire.release.forms import Notice
from vietwire.release.styles import byline_text, dateline_place, load_event_names
from vietwire.story import TARGET_LANGUAGES
from vietwire.termbase import TermBase

SHIPPED = Path(__file__).parents[2] / "glossary"
PLACES = {"Moskva": "Moscow"}


@pytest.mark.parametrize(
    ("dateline", "place"),
    [
        ("Hà Nội, 12/11", "Hà Nội"),
        ("Hà Nội, ngày 12/11/2020 (TTXVN)", "Hà Nội"),
        ("TP. Hồ Chí Minh - 12.11", "TP. Hồ Chí Minh"),
        ("Bà Rịa - Vũng Tàu, ngày 12-11", "Bà Rịa - Vũng Tàu"),
        ("Hà Nội (TTXVN 12/11)", "Hà Nội"),
        ("Hà Nội", "Hà Nội"),
        ("Hà Nội, ", "Hà Nội"),
        ("TP. Hồ Chí Minh (TTXVN 1/12) -", "TP. Hồ Chí Minh"),
        ("(TTXVN)", ""),
        ("", ""),
    ],
)
def test_the_place_of_a_dateline(dateline, place):
    assert dateline_place(dateline) == place


@pytest.mark.parametrize(
    ("byline", "text"),
    [
        ("Phóng viên TTXVN", "VNA staff"),
        ("PV TTXVN", "VNA staff"),
        ("TTXVN", "VNA staff"),
        ("Phóng viên TTXVN tại Moskva", "VNA in Moscow"),
        ("Nhóm phóng viên TTXVN tại Praha", "VNA in Praha"),
        ("Ảnh TTXVN", "Photo: VNA"),
        ("Nguyễn Văn A", "By Nguyễn Văn A"),
        ("  ", ""),
    ],
)
def test_bylines_take_the_form_of_the_language(glossary, byline, text):
    style = load_style(glossary, "en")
    assert byline_text(style, byline, lambda place: PLACES.get(place, place)) == text


def test_a_place_that_the_style_does_not_name_comes_from_the_term_base(
    desk, make_story, make_draft
):
    base = TermBase.load(SHIPPED)
    [hit] = base.find("Bắc Kinh", "en", on=date(2020, 11, 12))
    story = desk.store.add_story(make_story("p", dateline="Bắc Kinh (TTXVN 12/11)")).story
    desk.approve(desk.store.save_machine_draft(make_draft(story)))
    desk.release()
    assert f"{hit.rendering} (VNA) – " in desk.path(".txt").read_text(encoding="utf-8")


def test_a_place_that_nobody_knows_stays_as_it_is(desk, make_story, make_draft):
    story = desk.store.add_story(make_story("p", dateline="Xóm Đồi (TTXVN 12/11)")).story
    desk.approve(desk.store.save_machine_draft(make_draft(story)))
    desk.release()
    assert "Xóm Đồi (VNA) – " in desk.path(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
def test_the_shipped_styles_can_be_used(language):
    style = load_style(SHIPPED, language)
    line = style.date_line("PLACE", date(2020, 11, 12))
    assert "PLACE" in line
    assert style.agency in line
    assert "2020" in style.date_text(date(2020, 11, 12))
    statement = style.statement.format(
        engine="E", model="M", reviewer="R", agency="A", agency_name="N"
    )
    assert "R" in statement
    assert "M" in statement
    assert load_event_names(SHIPPED, language)["asean-37"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('agency = "VNA"', "", r"en\.toml: agency is missing"),
        ('agency = "VNA"', "agency = 3", "agency must be text"),
        ("{place} ({agency}) – ", "{town} – ", r"dateline has \{town\}.*agency, day"),
        ("{place} ({agency}) – ", "{place ", r"en\.toml: dateline"),
        ('"Jan", ', "", "twelve"),
        ("[places]", "[places", r"en\.toml"),
    ],
)
def test_a_style_that_cannot_be_used_is_named_by_file_and_key(glossary, old, new, message):
    file = glossary / "styles" / "en.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(StyleInvalid, match=message):
        load_style(glossary, "en")


def test_a_missing_style_is_named(tmp_path):
    with pytest.raises(StyleInvalid, match=r"fr\.toml is missing"):
        load_style(tmp_path, "fr")


@pytest.mark.parametrize(
    ("language", "headline", "quoted"),
    [
        ("en", 'Viet Nam\'s "bamboo" diplomacy', "\"Viet Nam's 'bamboo' diplomacy\""),
        ("en", "The “bamboo” way", '"The ‘bamboo’ way"'),
        ("fr", "L'esprit «\u00a0bambou\u00a0»", "«\u00a0L'esprit “bambou”\u00a0»"),
        ("es", "La diplomacia “del bambú”", "«La diplomacia “del bambú”»"),
        ("es", "La diplomacia «del bambú»", "«La diplomacia “del bambú”»"),
        ("zh", "东盟通过《河内宣言》", "《东盟通过〈河内宣言〉》"),
        ("zh", "“竹子”外交", "《“竹子”外交》"),
        ("ru", "Дипломатия «бамбука»", "«Дипломатия „бамбука“»"),
    ],
)
def test_a_kill_notice_quotes_a_headline_that_holds_quotation_marks(language, headline, quoted):
    notice = Notice(load_style(SHIPPED, language), headline, datetime(2020, 11, 12, tzinfo=UTC))
    assert quoted in notice.text
    assert headline in notice.headline
