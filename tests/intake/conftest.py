"""What the tests of intake share: a service over a real store, and ways to make files."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vietwire.intake import Intake, Refused, read_story
from vietwire.settings import Settings
from vietwire.story import RefusalReason, Story

HEADLINE = "Khai mạc Hội nghị Cấp cao ASEAN lần thứ 37"
BODY = (
    "Sáng 12/11, tại Hà Nội, Hội nghị Cấp cao ASEAN lần thứ 37 và các hội nghị cấp cao liên quan "
    "đã khai mạc theo hình thức trực tuyến.\n\n"
    "Thủ tướng nêu rõ, dù không thể gặp mặt trực tiếp do đại dịch, đối thoại và hợp tác giữa các "
    "nước vẫn được duy trì."
)
SECRET = "Chuồn chuồn tím đậu trên mái ngói lúc nửa đêm"
NOW = datetime(2020, 11, 12, 6, 0, tzinfo=UTC)


def read(data: bytes | str, name: str = "tin.txt", **options: object) -> list[Story]:
    """The stories in ``data``, received at noon of 12 November 2020 in Ha Noi."""
    if isinstance(data, str):
        data = data.encode()
    return read_story(data, name=name, received_at=NOW, **options)  # type: ignore[arg-type]


def one(data: bytes | str, name: str = "tin.txt", **options: object) -> Story:
    (story,) = read(data, name, **options)
    return story


def refusal(data: bytes | str, name: str = "tin.txt", **options: object) -> Refused:
    with pytest.raises(Refused) as caught:
        read(data, name, **options)
    return caught.value


def shown(story: Story) -> list[tuple[str, int, str, str]]:
    """Kind, level, marker and text of each block."""
    return [(str(b.kind), b.level, b.marker, b.text) for b in story.blocks]


@pytest.fixture(name="read")
def _read() -> Callable[..., list[Story]]:
    return read


@pytest.fixture(name="one")
def _one() -> Callable[..., Story]:
    return one


@pytest.fixture(name="refusal")
def _refusal() -> Callable[..., Refused]:
    return refusal


@pytest.fixture(name="reason")
def _reason() -> Callable[..., RefusalReason]:
    return lambda data, name="tin.txt", **options: refusal(data, name, **options).refusal.reason


@pytest.fixture(name="shown")
def _shown() -> Callable[[Story], list[tuple[str, int, str, str]]]:
    return shown


@pytest.fixture
def article() -> tuple[str, str]:
    """A headline, and a body of two paragraphs."""
    return HEADLINE, BODY


@pytest.fixture
def secret() -> str:
    """A sentence found nowhere else, to search outputs for."""
    return SECRET


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "glossary").mkdir()
    return Settings(home=tmp_path, glossary=tmp_path / "glossary", inbox=tmp_path / "inbox")


@pytest.fixture
def intake(sqlite_store, settings: Settings) -> Intake:  # type: ignore[no-untyped-def]
    """Intake over a real store, its inbox made, taking files without waiting."""
    settings.inbox.mkdir()
    return Intake(
        sqlite_store, settings.inbox, settings=settings, clock=lambda: NOW, settle_seconds=0.0
    )


@pytest.fixture
def docx_bytes() -> Callable[..., bytes]:
    """Make a DOCX by calling ``build`` with an empty document."""
    import docx

    def make(build: Callable[[object], None]) -> bytes:
        document = docx.Document()
        build(document)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    return make
