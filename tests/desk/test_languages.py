"""The desk in Vietnamese: every message has its translation, and pages use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import vietwire.desk
from vietwire.checks import CHECKS
from vietwire.desk import i18n

DESK = Path(vietwire.desk.__file__).parent
PLACES = re.compile(r"%\((\w+)\)[sd]")


def messages() -> set[tuple[str, ...]]:
    """Every message in the code and the templates; a plural is a pair."""
    from babel.messages.extract import extract_from_dir

    found = extract_from_dir(
        str(DESK),
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")],
        options_map={"templates/**.html": {"silent": "false", "trimmed": "true"}},
    )
    return {
        tuple(message) if isinstance(message, tuple | list) else (message,)
        for _file, _line, message, _comments, _context in found
    }


def catalogue() -> dict[tuple[str, ...], tuple[str, ...]]:
    from babel.messages.pofile import read_po

    path = i18n.TRANSLATIONS / "vi" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        entries = read_po(file, locale="vi")

    def several(value: Any) -> tuple[str, ...]:
        return tuple(value) if isinstance(value, tuple | list) else (value,)

    return {several(e.id): several(e.string) for e in entries if e.id and not e.fuzzy}


def test_every_message_has_a_vietnamese_translation() -> None:
    wanted, have = messages(), catalogue()
    assert len(wanted) > 300
    missing = [m for m in wanted if not all(have.get(m, ("",)))]
    assert missing == []


def test_no_translation_is_left_over() -> None:
    assert set(catalogue()) - messages() == set()


def test_translations_keep_the_places_for_values() -> None:
    for message, strings in catalogue().items():
        places = set(PLACES.findall(message[-1]))
        for string in strings:
            assert set(PLACES.findall(string)) == places, message


def test_the_desk_speaks_vietnamese_when_asked(person: Callable[[str], Any], busy: Any) -> None:
    linh = person("linh")
    assert linh.post("/preferences", {"ui": "vi", "next": "/help"}).location == "/help"
    page = linh.get("/").text
    assert '<html lang="vi">' in page
    assert "Danh sách chờ" in page
    assert "bản máy dịch" in page
    draft = linh.get("/drafts/1").text
    assert "chặn" in draft
    assert "Duyệt" in draft
    linh.post("/preferences", {"ui": "en"})
    assert "Queue" in linh.get("/").text


def test_a_browser_that_asks_for_vietnamese_gets_it(person: Callable[[str], Any]) -> None:
    page = person("").get("/login", headers={"Accept-Language": "vi-VN,vi;q=0.9,en;q=0.5"}).text
    assert "Đăng nhập" in page


def test_colours_follow_the_choice(person: Callable[[str], Any]) -> None:
    linh = person("linh")
    assert "data-theme" not in linh.get("/help").text
    linh.post("/preferences", {"theme": "dark"})
    assert 'data-theme="dark"' in linh.get("/help").text
    linh.post("/preferences", {"theme": "<script>"})
    assert 'data-theme="dark"' in linh.get("/help").text


def test_every_check_has_a_name_on_the_desk_and_every_name_is_a_check() -> None:
    # What the machine says of its own draft has a name too, though nothing was compared.
    assert set(i18n.CHECK_NAMES) - {"machine"} == set(CHECKS)
