"""Front matter: what it may say, what it means, and what is said of a mistake in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vietwire.intake import Events
from vietwire.intake.fields import parse_time, split_front_matter
from vietwire.story import Channel, MediaKind, RefusalReason

FULL = """---
source_id: TTXVN-1
slug: ASEAN 2020
keywords: [ASEAN 2020, RCEP]
event: asean-37
bureau: Hà Nội
byline: Phóng viên TTXVN
dateline: Hà Nội (TTXVN 12/11)
date: 2020-11-12
urgency: 2
embargo: 2020-11-12T14:00+07:00
channel: PB
kind: text
title: "Tiêu đề: có dấu hai chấm"
---
"""


def test_every_field_is_read(one, article) -> None:
    story = one(FULL + article[1])
    assert story.source_id == "TTXVN-1"
    assert story.slug == "ASEAN 2020"
    assert story.keywords == ("ASEAN 2020", "RCEP")
    assert (story.event, story.bureau, story.byline) == ("asean-37", "Hà Nội", "Phóng viên TTXVN")
    assert story.dateline == "Hà Nội (TTXVN 12/11)"
    assert story.dated == date(2020, 11, 12)
    assert story.urgency == 2
    assert story.embargo == datetime(2020, 11, 12, 7, 0, tzinfo=UTC)
    assert (story.channel, story.media_kind) == (Channel.PUBLISH, MediaKind.TEXT)
    assert story.headline == "Tiêu đề: có dấu hai chấm"


def test_everything_but_headline_and_body_may_be_left_out(one, article) -> None:
    headline, body = article
    story = one(f"{headline}\n\n{body}", "khai-mac.txt")
    assert story.source_id == "khai-mac"
    assert story.headline == headline
    assert (story.urgency, story.embargo, story.slug, story.event) == (4, None, "", "")
    assert story.media_kind is MediaKind.TEXT
    assert story.day == date(2020, 11, 12)


def test_names_of_fields_may_be_vietnamese(one, article) -> None:
    story = one(f"---\nTiêu đề: Đầu đề khác\ntừ khóa: RCEP; ABIS\nđộ khẩn: khẩn\n---\n{article[1]}")
    assert story.headline == "Đầu đề khác"
    assert story.keywords == ("RCEP", "ABIS")
    assert story.urgency == 3


def test_a_colon_in_a_headline_is_no_mistake(one, article) -> None:
    story = one(f"---\ntitle: ASEAN 37: khai mạc\nslug: a\n---\n{article[1]}")
    assert story.headline == "ASEAN 37: khai mạc"
    assert story.slug == "a"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("urgency: 12", "line 3: urgency cannot be '12'"),
        ("urgency: gấp lắm", "1 (flash) to 9"),
        ("embargo: mai", "line 3: embargo cannot be 'mai'"),
        ("date: 31/02/2020", "line 3: date cannot be"),
        ("channel: XYZ", "line 3: channel cannot be 'XYZ'; write PB"),
        ("kind: thơ", "text, photo, tv or graphic"),
        ("source_id: có dấu cách", "line 3: source_id cannot be"),
    ],
)
def test_a_wrong_value_names_file_field_and_line(refusal, article, line: str, wanted: str) -> None:
    error = refusal(f"---\nslug: a\n{line}\n---\n{article[0]}\n\n{article[1]}", "tin.md")
    assert error.refusal.reason is RefusalReason.UNREADABLE
    assert str(error).startswith("tin.md: line 3: ")
    assert wanted in str(error)


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ("---\nslug: a\nslug: b\n---\n", "line 3: field 'slug' stands twice"),
        ("---\nslug: a\n\nThân bài", "no --- ends it"),
        ("---\nslug: a\nchỉ là chữ: : [\n  }}\nabc\n---\n", "line 5"),
        ("---\na: &x b\nslug: *x\n---\n", "anchors"),
    ],
)
def test_front_matter_that_cannot_be_read_says_where(refusal, block: str, wanted: str) -> None:
    error = refusal(f"{block}Đầu đề\n\nThân bài", "tin.md")
    assert error.refusal.reason is RefusalReason.UNREADABLE
    assert wanted in str(error)


def test_an_unknown_field_is_named_in_a_note(intake, article) -> None:
    (intake.inbox / "a.txt").write_text(
        f"---\nslgu: a\n---\n{article[0]}\n\n{article[1]}", encoding="utf-8"
    )
    (taken,) = intake.take_inbox()
    assert taken.outcome == "new"
    assert taken.notes == ("unknown field 'slgu' (line 2) is not used",)


def test_a_rule_across_the_page_is_not_front_matter() -> None:
    text = "---\nĐây là một bài viết.\n---\nThân bài"
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    "text",
    ["2020-11-12T14:30:00+07:00", "2020-11-12 14:30", "14h30 ngày 12/11/2020", "12/11/2020 14:30",
     "Thu, 12 Nov 2020 07:30:00 GMT"],
)  # fmt: skip
def test_times_are_read_as_the_desk_writes_them(text: str) -> None:
    moment = parse_time(text)
    assert moment is not None
    assert moment.astimezone(UTC) == datetime(2020, 11, 12, 7, 30, tzinfo=UTC)


EVENTS = """
[events.asean-37]
slug = "ASEAN 2020"
keywords = ["Hội nghị Cấp cao ASEAN lần thứ 37", "HNCC ASEAN 37", "ASEAN"]

[events.rcep]
slug = "RCEP"
keywords = ["RCEP", "Hiệp định Đối tác Kinh tế Toàn diện Khu vực"]
"""


def test_event_and_slug_come_from_keywords_or_headline(one, article, tmp_path) -> None:
    file = tmp_path / "events.toml"
    file.write_text(EVENTS, encoding="utf-8")
    events = Events.load(file)
    headline, body = article
    by_headline = one(f"{headline}\n\n{body}", events=events)
    by_keyword = one(f"---\nkeywords: rcep\n---\nĐầu đề khác\n\n{body}", events=events)
    told = one(f"---\nevent: rcep\nslug: khác\n---\n{headline}\n\n{body}", events=events)
    assert (by_headline.event, by_headline.slug) == ("asean-37", "ASEAN 2020")
    assert (by_keyword.event, by_keyword.slug) == ("rcep", "RCEP")
    assert (told.event, told.slug) == ("rcep", "khác")


def test_the_shipped_events_are_found_by_their_headline() -> None:
    events = Events.load(Path(__file__).parents[2] / "glossary" / "events.toml")
    found = events.find((), "Khai mạc Hội nghị Cấp cao ASEAN lần thứ 37")
    assert found is not None
    assert (found.id, found.slug) == ("asean-37", "ASEAN 2020")
