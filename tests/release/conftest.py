"""A small glossary of fixed wording, and a draft that is ready to go out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from vietwire.release import release_approved
from vietwire.store import Store
from vietwire.story import Draft, DraftStatus, Role

STYLE = """
agency = "VNA"
agency_name = "Vietnam News Agency"
dateline = "{place} ({agency}) – "
date_form = "{day} {month} {year}"
months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
byline = "By {name}"
byline_agency = "{agency} staff"
byline_bureau = "{agency} in {place}"
byline_photo = "Photo: {agency}"
statement = "Machine-translated by {engine} ({model}), reviewed by {reviewer}."
kill_headline = "KILL: {headline}"
kill_text = "{agency_name} withdraws “{headline}” ({date})."
correction_text = "Version {version}, corrected {date}."
[places]
"Hà Nội" = "Hanoi"
"""
EVENTS = """
[[events]]
id = "asean-37"
[events.names]
en = "37th ASEAN Summit"
zh = "第37届东盟峰会"
"""
SHIPPED = Path(__file__).parents[2] / "glossary"


@pytest.fixture
def glossary(tmp_path):
    folder = tmp_path / "glossary"
    (folder / "styles").mkdir(parents=True)
    for language in ("en", "fr", "es", "ru"):
        (folder / "styles" / f"{language}.toml").write_text(STYLE, encoding="utf-8")
    chinese = STYLE.replace(
        '"{place} ({agency}) – "', '"{agency}{place}{month_number}月{day}日电 "'
    )
    (folder / "styles" / "zh.toml").write_text(chinese, encoding="utf-8")
    (folder / "events.toml").write_text(EVENTS, encoding="utf-8")
    # Places that the style does not name are looked up in the term base.
    shutil.copy(SHIPPED / "terms.csv", folder / "terms.csv")
    return folder


@pytest.fixture
def store(sqlite_store):
    """SQLite alone: what releases do to both databases is tested with the store."""
    return sqlite_store


@dataclass
class Newsdesk:
    """A store with somebody who approves, and the folder that things go out to."""

    store: Store
    outputs: Path
    glossary: Path
    clock: object

    def release(self):
        return release_approved(self.store, self.outputs, self.glossary, self.clock)

    def approve(self, draft: Draft, **texts: str) -> Draft:
        now = self.store.draft(draft.id)
        return self.store.change_draft(
            draft.id,
            revision=now.revision,
            actor="lan",
            action="approve",
            status=DraftStatus.APPROVED,
            approved_by="lan",
            segments={int(key.removeprefix("s")): text for key, text in texts.items()},
        )

    def move(self, draft: Draft, status: DraftStatus) -> Draft:
        now = self.store.draft(draft.id)
        return self.store.change_draft(
            draft.id, revision=now.revision, actor="mai", action="test", status=status
        )

    def path(self, suffix: str, language: str = "en") -> Path:
        return next((self.outputs / "released" / language).glob(f"*{suffix}"))


@pytest.fixture
def desk(store, clock, glossary, tmp_path):
    store.add_user(
        "lan", Role.REVIEWER, password_hash="x", languages=["en"], display_name="Lan Nguyen"
    )
    return Newsdesk(store, tmp_path / "outputs", glossary, clock)


@pytest.fixture
def story(store, make_story):
    return store.add_story(
        make_story(
            "TTXVN-20201112-0101",
            "Khai mạc Hội nghị",
            slug="ASEAN 2020",
            keywords=("ASEAN 2020", "COVID-19"),
            event="asean-37",
            byline="Phóng viên TTXVN",
            dateline="Hà Nội (TTXVN 12/11)",
            dated=date(2020, 11, 12),
        )
    ).story


@pytest.fixture
def approved(desk, story, make_draft):
    texts = ["ASEAN summit opens", "It opened on <Thursday>.", "The East Sea is the topic."]
    draft = desk.store.save_machine_draft(make_draft(story, texts=texts))
    return desk.approve(draft)
