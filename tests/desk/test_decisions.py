"""What one desk decided about a name is offered to the others."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from vietwire.desk.decisions import choices
from vietwire.desk.edits import fingerprint


def save(who: Any, draft: Any, index: int, text: str) -> None:
    data = {"revision": str(draft.revision), "action": "save", f"text-{index}": text}
    data[f"was-{index}"] = fingerprint(draft.segments[index].text)
    assert who.post(f"/drafts/{draft.id}", data).status_code == 302


def offered(page: str, language: str, form: str) -> list[str]:
    """The offers of a form in a language, as they stand in the page."""
    wording = rf'<abbr class="lang">{language}</abbr> <span lang="{language}">{form}</span>.*?</a>'
    return re.findall(wording, page)


def test_each_term_shows_what_the_other_languages_have(
    person: Callable[[str], Any], summit: Any
) -> None:
    page = person("linh").get(f"/drafts/{summit['en'].id}").text
    assert offered(page, "fr", "mer Orientale")
    assert offered(page, "zh", "第37届东盟峰会")
    assert offered(page, "ru", "37-й саммит АСЕАН")
    assert not offered(page, "en", "37th ASEAN Summit")
    assert "edited or approved by a person" not in page
    assert f'href="/drafts/{summit["fr"].id}#s4"' in page


def test_what_a_person_edited_or_approved_is_marked(
    person: Callable[[str], Any], summit: Any
) -> None:
    draft, linh = summit["fr"], person("linh")
    save(linh, draft, 4, "Le Premier ministre a évoqué la paix en mer Orientale.")
    assert (
        person("olga")
        .post(
            f"/drafts/{summit['ru'].id}",
            {"revision": str(summit["ru"].revision), "action": "approve"},
        )
        .status_code
        == 302
    )
    page = linh.get(f"/drafts/{summit['en'].id}").text
    assert all("✓" in offer for offer in offered(page, "fr", "mer Orientale"))
    assert not any("✓" in offer for offer in offered(page, "fr", "sommets connexes"))
    assert all("✓" in offer for offer in offered(page, "ru", "37-й саммит АСЕАН"))


def test_a_persons_choice_counts_before_the_machines_first_mention(
    room: Any, summit: Any, person: Callable[[str], Any]
) -> None:
    save(person("linh"), summit["fr"], 1, "Le 37e Sommet de l’ASEAN s’est ouvert à Hanoï.")
    fr, ru = room.store.draft(summit["fr"].id), summit["ru"]
    got = choices({"asean-summit-37"}, [fr, ru])["asean-summit-37"]
    assert [(c.language, c.by_person, c.segment) for c in got] == [
        ("fr", True, 1),
        ("ru", False, 0),
    ]


def test_wording_that_the_term_base_does_not_know_is_pointed_at(
    room: Any, summit: Any, person: Callable[[str], Any]
) -> None:
    save(person("linh"), summit["fr"], 4, "Le Premier ministre a évoqué la paix en mer.")
    page = person("hoa").get(f"/drafts/{summit['en'].id}").text
    assert re.search(r'<abbr class="lang">fr</abbr> <i>own wording</i>', page)


def test_the_other_drafts_are_read_once_however_many_terms(
    room: Any, summit: Any, person: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from vietwire.store import Store

    read: list[int] = []
    usual = Store.draft
    linh = person("linh")
    monkeypatch.setattr(Store, "draft", lambda self, i: read.append(i) or usual(self, i))
    assert linh.get(f"/drafts/{summit['en'].id}").status_code == 200
    assert sorted(read) == sorted(draft.id for draft in summit.values())
