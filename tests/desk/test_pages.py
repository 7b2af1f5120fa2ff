"""The other pages: queue, stories, taking in, refusals, runs, terms, people, languages."""

from __future__ import annotations

import fcntl
import io
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from vietwire import batch
from vietwire.story import Block, BlockKind, Refusal, RefusalReason, Role, Story

NOON = datetime(2020, 11, 12, 5, 0, tzinfo=UTC)

PARAGRAPH = (
    "Sáng 13/11, tại Hà Nội, Hội nghị Thượng đỉnh Kinh doanh và Đầu tư ASEAN đã khai mạc với sự "
    "tham dự của hơn 500 đại biểu trong nước và quốc tế."
)

SHORT = Story(
    "short", (Block(BlockKind.HEADLINE, "Tít"), Block(BlockKind.PARAGRAPH, PARAGRAPH)), NOON
)


def rows(page: str) -> list[str]:
    return re.findall(r'class="title"[^>]*>([^<]+)<', page)


def test_a_reviewer_sees_their_languages_first(person: Callable[[str], Any], busy: Any) -> None:
    linh, hoa = person("linh"), person("hoa")
    mine = linh.get("/").text
    assert 'title="English">en' in mine
    assert 'title="Russian">ru' not in mine
    assert 'title="Russian">ru' in linh.get("/?language=all").text
    assert 'title="Russian">ru' in hoa.get("/").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("language=fr&q=women", ["ASEAN women leaders: Women&#39;s role"]),
        ("language=en&slug=rcep-ky-ket", ["RCEP signed at 37th ASEAN Summit"]),
        ("language=en&slug=RCEP", ["RCEP signed at 37th ASEAN Summit"]),
        ("language=en&slug=_", []),
        ("language=en&who=mine&urgency=1", ["37th ASEAN Summit and related"]),
        ("language=zh", ["第37届东盟峰会及系列峰会开幕"]),
        ("language=zh&q=khai+mac", ["第37届东盟峰会及系列峰会开幕"]),
        ("language=zh&age=1h", ["第37届东盟峰会及系列峰会开幕"]),
        ("language=zh&age=old", []),
        ("language=zh&urgency=9&status=machine&who=unclaimed", ["第37届东盟峰会及系列峰会开幕"]),
        ("language=zh&status=approved", []),
        ("language=xx&status=bogus&urgency=x&age=x&who=y&page=-3&q=第37届", ["第37届"]),
    ],
)  # fmt: skip
def test_the_queue_is_filtered_by_its_address(
    person: Callable[[str], Any], busy: Any, query: str, expected: list[str]
) -> None:
    name = "hoa" if "xx" in query else "linh"
    found = rows(person(name).get(f"/?{query}").text)
    assert len(found) == len(expected)
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start)


def test_the_queue_is_urgent_first_and_pages(
    person: Callable[[str], Any], busy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vietwire.desk.views import queue

    hoa = person("hoa")
    every = rows(hoa.get("/?status=all").text)
    assert every[0] == "37th ASEAN Summit and related summits open in Ha Noi"
    assert every[-1].startswith("Television")
    monkeypatch.setattr(queue, "PAGE", 4)
    first, second = (rows(hoa.get(f"/?status=all&page={n}").text) for n in (1, 2))
    assert first + second == every[:8]
    assert rows(hoa.get("/?status=all&page=9999").text) == every[-(len(every) % 4 or 4) :]


def test_the_counts_are_links_that_show_as_many(person: Callable[[str], Any], busy: Any) -> None:
    hoa = person("hoa")
    page = hoa.get("/").text
    found = re.findall(r'href="(/\?language=\w+&amp;status=\w+)"><b>(\d+)</b>', page)
    assert len(found) > 5
    for link, number in found:
        assert len(rows(hoa.get(link.replace("&amp;", "&")).text)) == int(number), link


def test_the_story_page_has_all_languages_and_what_changed(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    story = room.store.story("vna-2020-11-12-0017")
    blocks = list(story.blocks)
    blocks[2] = Block(BlockKind.PARAGRAPH, blocks[2].text.replace("3,8%", "4,0%"))
    room.store.add_story(replace(story, blocks=tuple(blocks)))
    page = person("linh").get("/stories/vna-2020-11-12-0017").text
    assert re.search(r"<del>3</del><ins>4</ins>,<del>8</del><ins>0</ins>", page)
    for code in ("en", "fr", "es", "zh", "ru"):
        assert f"/drafts/{summit[code].id}" in page
    assert page.count("chip s-stale") == 5
    draft_page = person("linh").get(f"/drafts/{summit['en'].id}").text
    assert "A newer version of this story has come in" in draft_page


def test_only_editors_start_a_translation(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    path = "/translate/vna-2020-11-12-0017"
    data = {"language": ["en", "ru", "xx"], "force": "1"}
    linh, hoa = person("linh"), person("hoa")
    assert "Translate now" not in linh.get("/stories/vna-2020-11-12-0017").text
    assert "also those that people approved" in hoa.get("/stories/vna-2020-11-12-0017").text
    assert linh.post(path, data).status_code == 403
    assert room.asked == []
    assert hoa.post(path, data).status_code == 302
    assert room.asked == [("vna-2020-11-12-0017", ("en", "ru"), "hoa", True)]
    hoa.post(path, {"language": []})
    assert len(room.asked) == 1
    assert hoa.post("/translate/unknown", data).status_code == 404


def test_a_story_goes_in_by_the_form(person: Callable[[str], Any], room: Any) -> None:
    data = {
        "headline": "Khai mạc Hội nghị Thượng đỉnh Kinh doanh và Đầu tư ASEAN",
        "body": f"{PARAGRAPH}\n\n{PARAGRAPH}",
        "slug": "abis",
        "urgency": "3",
        "kind": "text",
        "source_id": "vna-abis",
    }
    linh = person("linh")
    answer = linh.post("/new", data)
    assert answer.status_code == 302, answer.text
    assert answer.location == "/stories/vna-abis"
    story = room.store.story("vna-abis")
    assert (story.slug, story.urgency) == ("abis", 3)
    linh.post("/new", data)
    assert len(room.store.versions("vna-abis")) == 1
    linh.post("/new", {**data, "headline": data["headline"] + " 2020"})
    assert len(room.store.versions("vna-abis")) == 2


def test_a_refused_form_comes_back_with_its_text_and_the_reason(
    person: Callable[[str], Any], room: Any
) -> None:
    english = "The summit opened in Ha Noi on Thursday with leaders of ten countries taking part. "
    answer = person("linh").post("/new", {"headline": "Summit opens", "body": english * 4})
    assert answer.status_code == 422
    assert "Not taken." in answer.text
    assert english.strip() in answer.text
    assert room.store.refusals()[0].reason is RefusalReason.NOT_VIETNAMESE


def test_a_restricted_story_is_refused_and_not_repeated(
    person: Callable[[str], Any], room: Any, tmp_path: Path
) -> None:
    secret = "Nội dung tuyệt mật không được phổ biến"
    text = f"---\nchannel: BCTK\nsource_id: bctk-1\n---\n# {secret}\n\n{PARAGRAPH}\n"
    answer = person("linh").post(
        "/new/upload",
        {"file": (io.BytesIO(text.encode()), "tham-khao.md")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert secret not in answer.text
    assert "tham-khao" not in answer.text
    assert "BCTK" in answer.text
    shown = person("linh").get("/refused").text
    assert "bctk-1" in shown
    assert secret not in shown
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert secret.encode() not in file.read_bytes(), file


def test_files_go_in_by_upload(person: Callable[[str], Any], room: Any) -> None:
    text = f"# Khai mạc Hội nghị Thượng đỉnh Kinh doanh\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n"
    files = [
        (io.BytesIO(f"---\nsource_id: up-{n}\n---\n{text}".encode()), f"{n}.md") for n in (1, 2)
    ]
    answer = person("linh").post("/new/upload", {"file": files}, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    assert {s.source_id for s in room.store.stories()} == {"up-1", "up-2"}


def test_too_large_an_upload_is_a_page_that_says_so(app: Any, person: Callable[[str], Any]) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == 8 * 1024 * 1024
    linh = person("linh")
    app.config["MAX_CONTENT_LENGTH"] = 20_000
    answer = linh.post(
        "/new/upload",
        {"file": (io.BytesIO(b"x" * 30_000), "big.txt")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 413
    assert "Too large" in answer.text


def test_refusals_are_shown_escaped(person: Callable[[str], Any], room: Any) -> None:
    room.store.add_refusal(
        Refusal(RefusalReason.ENCODING, "<b>cannot tell</b>", room.clock(), "x-1", "a<b>.txt")
    )
    page = person("linh").get("/refused").text
    assert "&lt;b&gt;cannot tell&lt;/b&gt;" in page
    assert "encoding not certain" in page


def test_runs_and_their_reports(person: Callable[[str], Any], room: Any) -> None:
    run = room.store.start_run("overnight")
    room.store.finish_run(run, {"summary": "40 drafts of 8 stories in 61 s."})
    folder = room.settings.outputs / "reports"
    folder.mkdir()
    (folder / "20201112-overnight.md").write_text("# overnight <b>", encoding="utf-8")
    (room.settings.outputs / "secret.md").write_text("secret")
    linh = person("linh")
    page = linh.get("/runs").text
    assert "40 drafts of 8 stories in 61 s." in page
    assert "# overnight &lt;b&gt;" in linh.get("/runs/20201112-overnight.md").text
    for name in ("..%2Fsecret.md", "%2E%2E/secret.md", "nothing.md"):
        assert linh.get(f"/runs/{name}").status_code == 404


def test_terms_are_found_in_any_language_without_accents(person: Callable[[str], Any]) -> None:
    linh = person("linh")
    for asked in ("bien dong", "East Sea", "东海", "восточное море", "South China Sea"):
        assert "<b>Biển Đông</b>" in linh.get("/terms", query_string={"q": asked}).text, asked
    assert "No term matches." in linh.get("/terms?q=zzzzqq").text


def test_people_are_for_administrators(person: Callable[[str], Any], room: Any) -> None:
    hoa, admin = person("hoa"), person("admin")
    assert hoa.get("/people").status_code == 403
    new = {"name": "Mai", "role": "reviewer", "password": "long enough word", "language": ["es"]}
    assert hoa.post("/people/add", new).status_code == 403
    assert hoa.post("/people/linh/password", {"password": "long enough word"}).status_code == 403
    assert admin.post("/people/add", {**new, "language": []}).status_code == 400
    assert admin.post("/people/add", {**new, "password": "short"}).status_code == 400
    assert admin.post("/people/add", new).status_code == 302
    user = room.store.user("mai")
    assert (user.role, user.languages) == (Role.REVIEWER, ("es",))
    assert admin.post("/people/add", new).status_code == 400, "the name is taken"
    assert person("").sign_in("mai", "long enough word").status_code == 302
    admin.post("/people/mai/change", {"role": "editor"})
    assert room.store.user("mai").role is Role.EDITOR
    admin.post("/people/mai/password", {"password": "another long word"})
    assert person("").sign_in("mai", "another long word").status_code == 302


def test_the_last_administrator_cannot_be_lost(person: Callable[[str], Any], room: Any) -> None:
    admin = person("admin")
    demoted = admin.post("/people/admin/change", {"role": "editor"})
    assert demoted.status_code == 409
    assert admin.post("/people/admin/active", {"active": "0"}).status_code == 409
    user = room.store.user("admin")
    assert (user.role, user.active) == (Role.ADMIN, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/drafts/999", 404), ("/stories/none", 404), ("/released/1/0", 404)],
)
def test_errors_are_pages(person: Callable[[str], Any], path: str, status: int) -> None:
    answer = person("linh").get(path)
    assert answer.status_code == status
    assert "<h1>Not found</h1>" in answer.text
    assert "<main" in answer.text


def test_a_fault_of_the_program_is_a_page_without_its_inside(
    person: Callable[[str], Any], room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    linh = person("linh")
    monkeypatch.setattr(room.store, "refusals", lambda: 1 / 0)
    answer = linh.get("/refused")
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert "Something went wrong" in answer.text


def test_a_broken_term_base_is_said_in_its_own_words(
    person: Callable[[str], Any], room: Any, tmp_path: Path
) -> None:
    (tmp_path / "terms").mkdir()
    (tmp_path / "terms" / "terms.csv").write_text("concept,kind\nx,nonsense\n")
    room.settings = replace(room.settings, glossary=tmp_path / "terms")
    answer = person("linh").get("/terms")
    assert answer.status_code == 500
    assert "terms.csv" in answer.text


def test_health_says_ok_to_anyone(person: Callable[[str], Any]) -> None:
    assert person("").get("/health").text == "ok\n"


def test_every_page_has_a_title_a_language_and_one_heading(
    person: Callable[[str], Any], busy: Any
) -> None:
    admin = person("admin")
    paths = ["/", "/stories", "/stories/vna-2020-11-12-0017", "/new", "/released", "/refused"]
    paths += ["/terms", "/runs", "/people", "/help", "/account", "/drafts/1"]
    titles = set()
    for path in paths:
        page = admin.get(path).text
        title = re.search(r"<title>(.+) · vietwire</title>", page)
        assert title, path
        titles.add(title[1])
        assert '<html lang="en">' in page
        assert page.count("<h1") == 1, path
        assert 'href="#main"' in page
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), path
        for field in re.findall(r"<(?:input|select|textarea)[^>]+>", page):
            if 'type="hidden"' in field or 'type="checkbox"' in field:
                continue
            name = re.search(r' id="([^"]+)"', field)
            assert name and f'for="{name[1]}"' in page, (path, field)
    assert len(titles) == len(paths)


def test_the_queue_shows_the_vietnamese_headline_beside_the_drafts(
    person: Callable[[str], Any], busy: Any
) -> None:
    """A raw machine headline may say nothing; the Vietnamese says which story it is."""
    page = person("linh").get("/?language=zh").text
    assert '<span lang="vi">Khai mạc Hội nghị Cấp cao ASEAN lần thứ 37' in page


@pytest.mark.parametrize(
    "source_id", ["/tin/17", "../../tin//17", "https://vn.test/a//17/", "a/./b"]
)
def test_a_story_is_reached_whatever_its_source_id(
    person: Callable[[str], Any], room: Any, source_id: str
) -> None:
    story = replace(SHORT, source_id=source_id)
    room.store.add_story(story, origin="feed")
    hoa = person("hoa")
    [link] = re.findall(r'class="title"[^>]* href="([^"]+)"', hoa.get("/stories").text)
    # What a browser does with the address before it asks.
    assert urljoin("http://desk.test/stories", link) == f"http://desk.test{link}"
    assert hoa.get(link).status_code == 200
    [form] = re.findall(r'action="(/translate/[^"]+)"', hoa.get(link).text)
    assert urljoin("http://desk.test/", form) == f"http://desk.test{form}"
    hoa.post(form, {"language": "en"})
    assert room.asked[-1][0] == source_id


def test_a_failure_stays_on_its_version_of_the_story_however_many_runs_follow(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    def run(source_id: str) -> None:
        line = {"source_id": source_id, "version": 1, "language": "fr", "error": "no engine"}
        room.store.finish_run(room.store.start_run("one"), {"lines": [line]})

    run("vna-2020-11-12-0017")
    for _ in range(60):
        run("vna-1")
    hoa = person("hoa")
    path = "/stories/vna-2020-11-12-0017"
    assert "Translation failed" in hoa.get(path).text
    known = room.store.story("vna-2020-11-12-0017")
    room.store.add_story(replace(known, urgency=2))
    assert "Translation failed" not in hoa.get(path).text
    assert "Translation failed" in hoa.get(f"{path}?version=1").text


def test_a_translation_that_failed_says_why_on_the_story_until_one_succeeds(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    hoa = person("hoa")

    def run(**errors: str) -> str:
        lines = [
            {"source_id": summit["fr"].source_id, "version": 1, "language": code, "error": error}
            for code, error in errors.items()
        ]
        room.store.finish_run(room.store.start_run("one"), {"lines": lines})
        return str(hoa.get("/stories/vna-2020-11-12-0017").text)

    page = run(fr="the model <b>is gone</b>", en="")
    assert page.count("Translation failed") == 1
    assert "the model &lt;b&gt;is gone&lt;/b&gt;" in page
    assert "Translation failed" in run(en="")
    assert "Translation failed" not in run(fr="")


def test_a_translation_under_way_is_shown_and_one_that_was_killed_can_be_asked_for_again(
    person: Callable[[str], Any], summit: Any, room: Any, clock: Any
) -> None:
    story, hoa = summit["fr"], person("hoa")
    clock.now += timedelta(hours=1)
    left = [{"source_id": story.source_id, "version": 1, "language": "fr"}]
    run = room.store.start_run("one", {"lines": [], "left": left})
    path = f"/stories/{story.source_id}"
    lock = room.settings.outputs / ".runs" / f"{run}.lock"
    lock.parent.mkdir(parents=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "Being translated since 12 Nov 2020, 13:00" in hoa.get(path).text
        assert "not finished" in hoa.get("/runs").text
    page = hoa.get(path).text
    assert "Being translated" not in page
    assert "the translation was cut off before it was done; ask for it again" in page
    assert "cut off" in hoa.get("/runs").text
    hoa.post("/preferences", {"ui": "vi"})
    assert "việc dịch bị ngắt giữa chừng" in hoa.get(path).text
    assert "bị ngắt giữa chừng" in hoa.get("/runs").text


def test_a_run_of_another_machine_is_given_a_day(
    person: Callable[[str], Any], summit: Any, room: Any, clock: Any
) -> None:
    story, hoa = summit["fr"], person("hoa")
    clock.now += timedelta(hours=1)
    left = [{"source_id": story.source_id, "version": 1, "language": "fr"}]
    room.store.start_run("one", {"lines": [], "left": left})
    clock.now += timedelta(hours=9)
    assert "Being translated since" in hoa.get(f"/stories/{story.source_id}").text
    clock.now += timedelta(hours=16)
    page = person("hoa").get(f"/stories/{story.source_id}").text
    assert "was cut off before it was done" in page


def fill_inbox(room: Any) -> Path:
    inbox = room.settings.inbox
    inbox.mkdir(parents=True)
    texts = {
        "abis.md": f"---\nsource_id: vna-abis\n---\n# Khai mạc ABIS 2020\n\n{PARAGRAPH}\n",
        "english.md": "# Summit opens\n\n" + "Leaders of ten countries met online today. " * 6,
        "BCTK-so-7.md": "# Một báo cáo\n\nNội dung tuyệt mật.\n",
    }
    for name, text in texts.items():
        (inbox / name).write_text(text, encoding="utf-8")
        os.utime(inbox / name, (0, 0))
    return Path(inbox)


def test_an_editor_takes_in_what_waits_and_reads_what_became_of_it(
    person: Callable[[str], Any], room: Any
) -> None:
    inbox = fill_inbox(room)
    hoa = person("hoa")
    assert 'action="/intake"' in hoa.get("/stories").text
    page = hoa.post("/intake").text
    assert 'href="/stories/vna-abis"' in page
    assert "english.md: it reads as English" in page
    assert "restricted channel (BCTK)" in page
    assert "so-7" not in page
    assert room.store.story("vna-abis").version == 1
    assert (inbox / "processed" / "abis.md").is_file()
    assert "Nothing waits to be taken in." in hoa.post("/intake").text
    hoa.post("/preferences", {"ui": "vi"})
    assert "Nhận tin đang chờ" in hoa.get("/stories").text
    assert "Không có tin nào đang chờ." in hoa.post("/intake").text


def test_a_reviewer_does_not_take_in_what_waits(person: Callable[[str], Any], room: Any) -> None:
    inbox = fill_inbox(room)
    linh = person("linh")
    assert "/intake" not in linh.get("/stories").text
    answer = linh.post("/intake")
    assert answer.status_code == 403
    assert "Only an editor may take in what waits." in answer.text
    assert (inbox / "abis.md").is_file()


def test_two_do_not_take_in_at_once(person: Callable[[str], Any], room: Any) -> None:
    inbox = fill_inbox(room)
    hoa = person("hoa")
    with batch.intake_lock(room.settings.outputs, wait=True):
        answer = hoa.post("/intake")
    assert answer.location == "/stories"
    assert "is being taken in at this moment" in hoa.get("/stories").text
    assert (inbox / "abis.md").is_file()
