"""The desk in a real browser, with and without JavaScript."""

from __future__ import annotations

import os
import shutil
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
        context.set_default_timeout(20_000)
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


@pytest.mark.skipif(
    not os.environ.get("VIETWIRE_SCREENSHOTS"), reason="set VIETWIRE_SCREENSHOTS to a folder"
)
def test_screenshots(visit: Callable[..., Any], busy: Any, summit: Any) -> None:
    """Pictures for the guide: VIETWIRE_SCREENSHOTS=docs/images pytest -k screenshots."""
    folder = Path(os.environ["VIETWIRE_SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    draft = f"/drafts/{summit['en'].id}"
    for scheme in ("light", "dark"):
        page = visit("linh", color_scheme=scheme)
        pages = {"queue": "/?language=all", "draft": draft, "story": "/stories/vna-2020-11-12-0017"}
        for name, path in pages.items():
            page.goto(path)
            page.screenshot(path=folder / f"desk-{name}-{scheme}.png")
    page = visit("hoa", viewport={"width": 1440, "height": 900})
    page.goto(draft)
    page.screenshot(path=folder / "desk-draft-full.png", full_page=True)
    page.goto("/?status=all")
    page.get_by_role("button", name="Tiếng Việt").click()
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
