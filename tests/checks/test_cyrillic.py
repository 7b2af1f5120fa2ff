"""Vietnamese names in Russian letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from vietwire.checks.cyrillic import other_spellings, stands, transcribe
from vietwire.checks.names import find_people
from vietwire.termbase import TermBase

GLOSSARY = Path(__file__).resolve().parents[2] / "glossary"


def test_the_leaders_are_spelled_as_the_term_base_has_them() -> None:
    base = TermBase.load(GLOSSARY)
    people = [
        (person.name, concept.rendering("ru").text)
        for concept in base.concepts
        if concept.domain == "person"
        for person in find_people(concept.vi)
    ]
    assert len(people) > 40
    other = [(name, ru) for name, ru in people if transcribe(name) not in ru]
    assert len(other) <= 2, other
    for name, ru in people:
        assert any(form in ru for form in (transcribe(name), *other_spellings(name))), name
        assert stands(name.split()[-1], ru), name


@pytest.mark.parametrize(
    ("name", "russian"),
    [
        ("Lê Quỳnh Như", "Ле Куинь Ньы"),
        ("Hoàng Nhật Minh", "Хоанг Нят Минь"),
        ("Phùng Xuân Nhạ", "Фунг Суан Ня"),
        ("Nguyễn Quyết Chiến", "Нгуен Кует Чиен"),
        ("Phan Yến Nhi", "Фан Йен Ньи"),
        ("Trương Hòa Bình", "Чыонг Хоа Бинь"),
        ("Trương Hoà Bình", "Чыонг Хоа Бинь"),
        ("Võ Nguyên Giáp", "Во Нгуен Зап"),
        ("Dương Giang", "Зыонг Зянг"),
        ("Ngô Xuân Lịch", "Нго Суан Лить"),
        ("Moon Jae-in", ""),
    ],
)
def test_transcription(name: str, russian: str) -> None:
    assert transcribe(name) == russian


def test_no_spelling_is_a_swear_word() -> None:
    for name in ("Đặng Huy Hoàng", "Nguyễn Thị Thủy", "Lê Huy"):
        for form in (transcribe(name), *other_spellings(name)):
            assert "хуй" not in form.lower(), form
