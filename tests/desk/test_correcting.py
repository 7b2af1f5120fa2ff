"""Correcting a story: the form filled with what is stored, or a file where a form is not enough."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from vietwire.story import RefusalReason

ROOT = Path(__file__).resolve().parents[2]
#: What came in as it should, in every form; the DOCX has headings that only a layout tells.
SAMPLES = sorted(p for p in (ROOT / "samples").glob("0*") if p.suffix != ".docx")
SENTENCE = (
    "Sáng 13/11, tại Hà Nội, Hội nghị Thượng đỉnh Kinh doanh và Đầu tư ASEAN đã khai mạc với sự "
    "tham dự của hơn 500 đại biểu trong nước và quốc tế."
)
FULL = f"""---
title: Khai mạc ABIS 2020
source_id: abis
slug: ASEAN 2020
keywords: ASEAN, doanh nghiệp
event: asean-37
bureau: Jakarta
byline: Hải Ngọc
urgency: 2
embargo: 2020-11-13T14:30+07:00
date: 2020-11-12
kind: photo
---
Hà Nội (TTXVN 13/11) - {SENTENCE}
"""


def form_in(page: str, action: str) -> dict[str, str]:
    """The fields of a form as a browser would send them."""
    form = BeautifulSoup(page, "lxml").find("form", action=action)
    assert form is not None
    fields = {str(i["name"]): str(i.get("value", "")) for i in form.find_all("input")}
    for area in form.find_all("textarea"):
        fields[str(area["name"])] = area.text.removeprefix("\n").replace("\n", "\r\n")
    for choice in form.find_all("select"):
        chosen = choice.find("option", selected=True)
        fields[str(choice["name"])] = str(chosen["value"]) if chosen else ""
    fields.pop("csrf_token")
    return fields


@pytest.mark.parametrize("file", SAMPLES, ids=lambda path: path.name)
def test_a_form_that_is_sent_back_as_it_came_changes_nothing(
    person: Callable[[str], Any], room: Any, file: Path
) -> None:
    (taken,) = room.intake.take_paths([file])
    linh = person("linh")
    address = f"/correct/{taken.source_id}"
    assert f'href="{address}"' in linh.get(f"/stories/{taken.source_id}").text
    answer = linh.post("/new", form_in(linh.get(address).text, "/new"))
    assert answer.status_code == 302
    assert [v.version for v in room.store.versions(taken.source_id)] == [1]


def test_a_correction_keeps_every_field(person: Callable[[str], Any], room: Any) -> None:
    room.intake.take_upload("abis.md", FULL.encode())
    linh = person("linh")
    fields = form_in(linh.get("/correct/abis").text, "/new")
    linh.post("/new", {**fields, "body": fields["body"].replace("500", "600")})
    old, new = room.store.story("abis", 1), room.store.story("abis")
    assert new.version == 2
    assert "600" in new.blocks[-1].text
    for name in (
        *("slug", "keywords", "event", "bureau", "byline", "dateline", "urgency", "embargo"),
        *("media_kind", "dated", "headline"),
    ):
        assert getattr(new, name) == getattr(old, name), name
        assert getattr(old, name), name
    assert new.blocks[-1].kind is old.blocks[-1].kind


def test_lists_quotes_and_headings_come_back(person: Callable[[str], Any], room: Any) -> None:
    text = (
        f"Tít của tin\n\nI/ CHUẨN BỊ\n\n{SENTENCE}\n\n> {SENTENCE}\n\n> {SENTENCE}\n\n"
        "- Trước hội nghị\n  + chuẩn bị nội dung\n  + mời đại biểu\n- Sau hội nghị\n\n"
        f"1. Ban Thư ký\n2. Ban Tin;\n\n2.1 Nhiệm vụ\n\n{SENTENCE}\n"
    )
    (taken,) = room.intake.take_upload("ke-hoach.txt", text.encode())
    kinds = {str(block.kind) for block in room.store.story(taken.source_id).blocks}
    assert {"heading", "quote", "list_item", "paragraph"} <= kinds
    linh = person("linh")
    linh.post("/new", form_in(linh.get(f"/correct/{taken.source_id}").text, "/new"))
    assert len(room.store.versions(taken.source_id)) == 1


TABLE = f"| Nước | GDP |\n|---|---|\n| Lào | 2% |\n\n{SENTENCE}\n"


def test_what_a_form_cannot_hold_is_named_and_a_file_is_asked_for(
    person: Callable[[str], Any], room: Any
) -> None:
    room.intake.take_upload("abis.md", f"{FULL}\n{TABLE}".encode())
    linh = person("linh")
    page = linh.get("/correct/abis").text
    assert "would lose: Table cell." in page
    assert 'action="/new"' not in page
    kept = form_in(page, "/new/upload")
    body = f"Khai mạc ABIS\n\nHà Nội (TTXVN 13/11) - {SENTENCE}\n\n{TABLE.replace('2%', '3%')}"
    file = (io.BytesIO(body.encode()), "sua.md")
    answer = linh.post("/new/upload", {**kept, "file": file}, content_type="multipart/form-data")
    assert answer.location == "/stories/abis"
    old, new = room.store.story("abis", 1), room.store.story("abis")
    assert new.version == 2
    for name in ("slug", "keywords", "event", "bureau", "urgency", "embargo", "media_kind"):
        assert getattr(new, name) == getattr(old, name), name
    assert "3%" in [block.text for block in new.blocks]


def test_a_refused_file_leaves_the_correction_open(person: Callable[[str], Any], room: Any) -> None:
    room.intake.take_upload("abis.md", f"{FULL}\n{TABLE}".encode())
    linh = person("linh")
    kept = form_in(linh.get("/correct/abis").text, "/new/upload")
    file = (io.BytesIO(b"%PDF-1.4 not a story"), "sua.pdf")
    answer = linh.post("/new/upload", {**kept, "file": file}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert form_in(answer.text, "/new/upload")["source_id"] == "abis"
    assert len(room.store.versions("abis")) == 1


def test_the_later_of_two_corrections_loses_nothing_and_undoes_nothing(
    person: Callable[[str], Any], room: Any
) -> None:
    room.intake.take_upload("abis.md", FULL.encode())
    linh, minh = person("linh"), person("minh")
    hers, his = (form_in(who.get("/correct/abis").text, "/new") for who in (linh, minh))
    hers["body"] = hers["body"].replace("500", "600")
    his["headline"] += ", lần thứ hai"
    assert linh.post("/new", hers).status_code == 302
    answer = minh.post("/new", his)
    assert answer.status_code == 409
    assert "abis is at version 2 by now, and this corrects version 1" in answer.text
    assert 'href="/stories/abis?version=2"' in answer.text
    assert len(room.store.versions("abis")) == 2
    again = form_in(answer.text, "/new")
    assert again == {**his, "version": "2"}
    minh.post("/new", {**again, "body": hers["body"]})
    newest = room.store.story("abis")
    assert newest.version == 3
    assert newest.headline == his["headline"]
    assert "600" in newest.blocks[-1].text
    # Sent twice, by an impatient hand or after a lost answer, it is no conflict.
    assert minh.post("/new", {**again, "body": hers["body"]}).status_code == 302


def test_of_two_uploaded_corrections_the_later_is_told(
    person: Callable[[str], Any], room: Any
) -> None:
    room.intake.take_upload("abis.md", f"{FULL}\n{TABLE}".encode())
    linh = person("linh")
    kept = form_in(linh.get("/correct/abis").text, "/new/upload")

    def send(value: str) -> Any:
        file = (io.BytesIO(f"{FULL}\n{TABLE.replace('2%', value)}".encode()), "sua.md")
        form = {**kept, "file": file}
        return linh.post("/new/upload", form, content_type="multipart/form-data")

    assert send("3%").status_code == 302
    answer = send("4%")
    assert answer.status_code == 409
    assert 'href="/stories/abis?version=2"' in answer.text
    assert form_in(answer.text, "/new/upload")["version"] == "2"
    assert len(room.store.versions("abis")) == 2


@pytest.mark.parametrize(
    ("change", "kept"),
    [({"embargo": "mai"}, {"embargo": "mai"}), ({"body": "BCTK\n\nChuyện kín"}, {})],
)
def test_a_refused_correction_is_still_one_of_the_same_story(
    person: Callable[[str], Any], room: Any, change: dict[str, str], kept: dict[str, str]
) -> None:
    room.intake.take_upload("abis.md", FULL.encode())
    linh = person("linh")
    fields = form_in(linh.get("/correct/abis").text, "/new")
    answer = linh.post("/new", {**fields, **change})
    assert answer.status_code == 422
    assert "becomes the next version of abis" in answer.text
    assert "readonly" in answer.text
    assert "Chuyện kín" not in answer.text
    assert form_in(answer.text, "/new") == {**fields, **kept}


def ninjs(*ids: str) -> bytes:
    items = [
        {"uri": i, "headline": f"Tin {i}", "body_text": f"{SENTENCE}\n\n{SENTENCE}"} for i in ids
    ]
    return json.dumps(items if len(items) > 1 else items[0]).encode()


@pytest.mark.parametrize(
    ("ids", "said"),
    [(("xyz",), "is of the story 'xyz', not of 'abis'"), (("", ""), "holds 2 stories")],
)
def test_a_file_corrects_the_story_that_the_page_names_and_no_other(
    person: Callable[[str], Any], room: Any, ids: tuple[str, ...], said: str
) -> None:
    room.intake.take_upload("xyz.json", ninjs("xyz"))
    room.intake.take_upload("abis.md", f"{FULL}\n{TABLE}".encode())
    linh = person("linh")
    kept = form_in(linh.get("/correct/abis").text, "/new/upload")

    def send(data: bytes) -> Any:
        file = (io.BytesIO(data), "sua.json")
        form = {**kept, "file": file}
        return linh.post("/new/upload", form, content_type="multipart/form-data")

    answer = send(ninjs(*ids).replace(b"Tin", b"Tin sua"))
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert [len(room.store.versions(i)) for i in ("xyz", "abis")] == [1, 1]
    assert room.store.count_stories() == 2
    assert send(ninjs("abis")).location == "/stories/abis"
    assert len(room.store.versions("abis")) == 2


def test_a_restricted_item_in_a_correction_is_held_and_nothing_changes(
    person: Callable[[str], Any], room: Any, tmp_path: Path
) -> None:
    room.intake.take_upload("abis.md", FULL.encode())
    items = json.loads(ninjs("abis", "mat"))
    items[1] |= {"channel": "BCTK", "body_text": "Chuyện kín của một ai đó."}
    taken = room.intake.take_upload(
        "kin.json", json.dumps(items, ensure_ascii=False).encode(), {"source_id": "abis"}
    )
    assert [(t.origin, t.refusal.reason) for t in taken] == [("", RefusalReason.RESTRICTED)]
    assert len(room.store.versions("abis")) == 1
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert "Chuyện kín".encode() not in file.read_bytes(), file


def test_a_story_that_is_not_there_cannot_be_corrected(person: Callable[[str], Any]) -> None:
    assert person("linh").get("/correct/nobody").status_code == 404
