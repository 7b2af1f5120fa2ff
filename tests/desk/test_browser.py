"""The desk in a real browser, with and without JavaScript."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("VIETWIRE_CHROMIUM") or shutil.which("chromium") or ""
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "correct horse desk"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: install the package chromium")
        pytest.skip("no Chromium here: install the package chromium to run the browser tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """``visit("linh")`` is a page with Linh signed in; every page complains of script errors."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_page(name: str = "", **options: Any) -> Any:
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(base_url=address, locale="en-GB", **options)
        contexts.append(context)
        context.set_default_timeout(90_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if "Content Security Policy" in message.text
                else None
            ),
        )
        if name:
            page.goto("/login")
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


EAST_SEA = "The Prime Minister spoke of peace and stability in the East Sea."


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_from_the_queue_to_the_released_files(
    visit: Callable[..., Any], summit: Any, room: Any, scripts: bool
) -> None:
    page = visit("linh", java_script_enabled=scripts)
    page.get_by_label("Language", exact=True).select_option("en")
    if not scripts:
        page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**/?*language=en*")
    page.get_by_role("link", name="37th ASEAN Summit and related summits open").click()
    page.get_by_role("button", name="Claim", exact=True).click()
    page.get_by_text("Claimed. It is yours").wait_for()
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Not approved: these findings block.").wait_for()
    if scripts:
        assert not page.get_by_label("Text of segment 5").is_visible()
        page.locator("#s4 .rendered").click()
    page.get_by_label("Text of segment 5").fill(EAST_SEA)
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_text("1 segment saved.").wait_for()
    assert page.locator("#s4 .findings").count() == 0
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Approved. It goes out at the next release.").wait_for()
    stored = room.store.draft(summit["en"].id)
    assert stored.status == "approved"
    assert stored.segments[4].text == EAST_SEA
    assert not (room.settings.outputs / "released").exists()

    editor = visit("hoa", java_script_enabled=scripts)
    editor.goto("/released")
    editor.get_by_text("1 approved draft waits for release").wait_for()
    editor.get_by_role("button", name="Release now").click()
    editor.get_by_text("1 item released.").wait_for()
    folder = room.settings.outputs / "released" / "en"
    [text] = folder.glob("*.txt")
    assert f"\n{EAST_SEA}" in text.read_text(encoding="utf-8")
    [ninjs] = folder.glob("*.json")
    news = json.loads(ninjs.read_text(encoding="utf-8"))
    assert (news["pubStatus"], news["language"]) == ("usable", "en")
    assert EAST_SEA in news["bodies"][0]["value"]
    assert {"name": "Trần Thùy Linh", "role": "review"} in news["infoSources"]
    editor.get_by_role("link", name=text.name).click()
    editor.get_by_text(EAST_SEA).wait_for()


def test_an_editor_has_a_story_translated_again_and_sees_the_new_draft(
    visit: Callable[..., Any], summit: Any, room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the real child process; the dummy engine, so that this is about the way there and back."""
    from vietwire.newsroom import Newsroom

    monkeypatch.setattr(type(room), "translate_now", Newsroom.translate_now)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("VIETWIRE_ENGINE", "dummy")
    monkeypatch.setenv("VIETWIRE_DATABASE_URL", room.store.url)
    (room.settings.home / "glossary").symlink_to(room.settings.glossary)
    hoa, old = room.store.user("hoa").actor, summit["en"]
    taken = room.review.claim(old.id, hoa, old.revision)
    saved = room.review.save(old.id, hoa, taken.revision, {4: EAST_SEA})
    room.review.approve(old.id, hoa, saved.revision)

    page = visit("hoa")
    page.goto(f"/stories/{old.source_id}")
    for box in page.get_by_role("group", name="Languages").get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") == "en")
    page.get_by_label("Translate again although there is a draft").check()
    page.get_by_role("button", name="Translate now").click()
    page.get_by_text("Translation into 1 language has started.").wait_for()
    earlier = page.get_by_role("link", name="earlier: version 1, draft 1")
    until = time.monotonic() + 120
    while not earlier.count():
        log = room.settings.outputs / "logs" / "translate_now.log"
        assert time.monotonic() < until, log.read_text(encoding="utf-8")
        page.wait_for_timeout(500)
        page.reload()
    page.locator("section li", has=earlier).get_by_role("link").first.click()
    page.locator("#draft-form").wait_for()
    new = room.store.current_draft(old.source_id, 1, "en")
    assert new.id != old.id
    assert page.url.endswith(f"/drafts/{new.id}")
    assert (new.status, new.signature.split("|")[0]) == ("machine", "engine:dummy")
    # Every sentence is made anew, also the one that was approved.
    assert {segment.origin for segment in new.segments} == {"machine"}
    assert page.get_by_text(new.segments[4].text, exact=True).first.is_visible()
    assert page.get_by_text(EAST_SEA).count() == 0
    assert room.store.draft(old.id).segments[4].text == EAST_SEA, "kept as history"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_two_people_and_one_draft(
    visit: Callable[..., Any], summit: Any, room: Any, scripts: bool
) -> None:
    path = f"/drafts/{summit['fr'].id}"
    linh, hoa = visit("linh"), visit("hoa", java_script_enabled=scripts)
    linh.goto(path)
    hoa.goto(path)
    linh.locator("#s0 .rendered").click()
    linh.get_by_label("Text of segment 1").fill("Le titre de Linh")
    linh.keyboard.press("Control+s")
    linh.get_by_text("1 segment saved.").wait_for()
    if scripts:
        hoa.locator("#s0 .rendered").click()
    hoa.get_by_label("Text of segment 1").fill("Le titre de Hoa")
    hoa.get_by_role("button", name="Save", exact=True).first.click()
    hoa.get_by_role("heading", name="Two people changed this draft").wait_for()
    assert hoa.get_by_text("Le titre de Linh", exact=True).is_visible()
    assert hoa.get_by_label("Yours, to be saved").input_value() == "Le titre de Hoa"
    assert room.store.draft(summit["fr"].id).segments[0].text == "Le titre de Linh"
    hoa.get_by_label("Yours, to be saved").fill("Un titre pour les deux")
    hoa.get_by_role("button", name="Save my text").click()
    hoa.get_by_text("1 segment saved.").wait_for()
    assert room.store.draft(summit["fr"].id).segments[0].text == "Un titre pour les deux"


def test_the_keyboard_alone_is_enough(visit: Callable[..., Any], summit: Any, room: Any) -> None:
    page = visit("linh")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/*")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    page.keyboard.press("f")
    assert page.locator(".here").get_attribute("id") == "s3", "the first finding"
    page.keyboard.press("f")
    assert page.locator(".here").get_attribute("id") == "s4"
    page.keyboard.press("k")
    page.keyboard.press("e")
    box = page.get_by_label("Text of segment 4")
    assert box.is_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("The pandemic is shrinking the economy by 3.8%.")
    assert page.get_by_text("not saved", exact=True).is_visible()
    page.keyboard.press("Control+Enter")
    box = page.get_by_label("Text of segment 5")
    page.keyboard.press("Control+a")
    page.keyboard.type(EAST_SEA)
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.get_by_text("2 segments saved.").wait_for()
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.value") == "approve"
    page.keyboard.press("Enter")
    page.get_by_text("Approved. It goes out").wait_for()
    stored = room.store.draft(summit["en"].id)
    assert stored.status == "approved"
    assert stored.segments[3].text == "The pandemic is shrinking the economy by 3.8%."


def test_copy_and_the_next_draft_are_a_key_away(visit: Callable[..., Any], busy: Any) -> None:
    page = visit("linh")
    page.goto("/?language=en")
    links = [a.get_attribute("href") for a in page.locator("a.title").all()]
    page.goto(links[0])
    page.keyboard.press("r")
    page.get_by_role("heading", name="As it goes out").wait_for()
    page.keyboard.press("r")
    page.locator("#draft-form").wait_for()
    page.keyboard.press("N")
    page.wait_for_url(f"**{links[1]}")


def test_letters_typed_into_a_box_are_only_letters(visit: Callable[..., Any], summit: Any) -> None:
    page = visit("linh")
    page.goto(f"/drafts/{summit['en'].id}")
    page.locator("#s0 .rendered").click()
    box = page.get_by_label("Text of segment 1")
    box.fill("")
    page.keyboard.type("jkefscan?/ a")
    assert box.input_value() == "jkefscan?/ a"
    assert page.locator(".here").get_attribute("id") == "s0"


def test_keys_can_be_turned_off(visit: Callable[..., Any], summit: Any) -> None:
    page = visit("linh")
    page.goto("/help")
    page.get_by_role("button", name="Turn single-letter keys off").click()
    page.get_by_role("button", name="Turn single-letter keys on").wait_for()
    page.goto("/")
    page.keyboard.press("j")
    assert page.locator(".here").count() == 0


def test_leaving_unsaved_text_is_asked_about(visit: Callable[..., Any], summit: Any) -> None:
    page = visit("linh")
    page.goto(f"/drafts/{summit['en'].id}")
    page.locator("#s0 .rendered").click()
    page.get_by_label("Text of segment 1").fill("Half a thought")
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.get_by_role("link", name="Stories").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.get_by_label("Text of segment 1").input_value() == "Half a thought"
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_text("1 segment saved.").wait_for()
    assert asked == ["beforeunload"], "saving does not ask"


def test_colours_and_language_from_the_top_bar(visit: Callable[..., Any], summit: Any) -> None:
    page = visit("linh", color_scheme="light")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Dark colours").click()
    page.locator("html[data-theme=dark]").wait_for()
    assert page.evaluate(ground) != light
    page.get_by_role("button", name="Tiếng Việt").click()
    page.get_by_role("heading", name="Danh sách chờ").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(
    visit: Callable[..., Any], busy: Any, summit: Any, scheme: str
) -> None:
    """WCAG AA: 4.5:1 for every piece of text on the busiest pages."""
    page = visit("hoa", color_scheme=scheme)
    for path in ("/?status=all", f"/drafts/{summit['en'].id}", "/stories/vna-2020-11-12-0017"):
        page.goto(path)
        weak = page.evaluate(CONTRAST)
        assert weak == [], path


CONTRAST = """() => {
  const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = s => (s.match(/[\\d.]+/g) || []).map(Number);
  const ground = el => {
    for (; el; el = el.parentElement) {
      const c = parse(getComputedStyle(el).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !el.checkVisibility()) continue;
    const box = el.getBoundingClientRect();
    if (box.width < 2 || el.closest('.visually-hidden, .skip')) continue;
    const a = light(parse(getComputedStyle(el).color)), b = light(ground(el));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) {
      const said = walker.currentNode.data.trim().slice(0, 30);
      weak.push(`${said} ${el.className} ${ratio.toFixed(2)}`);
    }
  }
  return weak;
}"""


@pytest.mark.skipif(
    not os.environ.get("VIETWIRE_SCREENSHOTS"), reason="set VIETWIRE_SCREENSHOTS to a folder"
)
def test_screenshots(visit: Callable[..., Any], busy: Any, summit: Any) -> None:
    """Pictures of the desk; the guide shows three of them."""
    folder = Path(os.environ["VIETWIRE_SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    draft = f"/drafts/{summit['en'].id}"
    for scheme in ("light", "dark"):
        page = visit("linh", color_scheme=scheme)
        pages = {"queue": "/?language=all", "draft": draft, "story": "/stories/vna-2020-11-12-0017"}
        for name, path in pages.items():
            page.goto(path)
            ending = "" if scheme == "light" else "-dark"
            page.screenshot(path=folder / f"desk-{name}{ending}.png")
    page = visit("hoa", viewport={"width": 1440, "height": 900})
    page.goto(draft)
    page.screenshot(path=folder / "desk-draft-full.png", full_page=True)
    other = visit("linh")
    other.goto(draft)
    page.locator("#s4 .rendered").click()
    page.screenshot(path=folder / "desk-editing.png")
    page.get_by_label("Text of segment 5").fill(EAST_SEA)
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_text("1 segment saved.").wait_for()
    other.locator("#s4 .rendered").click()
    other.get_by_label("Text of segment 5").fill("He called for peace and stability.")
    other.keyboard.press("Control+s")
    other.get_by_role("heading", name="Two people changed this draft").wait_for()
    other.screenshot(path=folder / "desk-conflict.png")
    page.goto("/?status=all")
    page.get_by_role("button", name="Tiếng Việt").click()
    page.get_by_role("heading", name="Danh sách chờ").wait_for()
    page.screenshot(path=folder / "desk-queue-vi.png")
    page.goto(f"/drafts/{summit['zh'].id}")
    page.screenshot(path=folder / "desk-draft-vi.png")
    for name, path in {"terms": "/terms", "help": "/help", "new": "/new"}.items():
        page.goto(path)
        page.screenshot(path=folder / f"desk-{name}-vi.png")
    page = visit("admin")
    page.goto("/people")
    page.screenshot(path=folder / "desk-people.png")
    page = visit()
    page.goto("/login")
    page.screenshot(path=folder / "desk-login.png")
    page = visit("linh", viewport={"width": 420, "height": 900})
    page.goto(draft)
    page.screenshot(path=folder / "desk-draft-phone.png")
