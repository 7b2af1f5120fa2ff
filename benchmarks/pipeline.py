"""The pipeline against the bare engine, its memory over a long batch, and a warm story.

Ratios in one run: the same segments through the engine alone and through the whole pipeline.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vietwire.engines import Request, open_engine
from vietwire.newsroom import Newsroom, open_newsroom
from vietwire.settings import Settings
from vietwire.story import TARGET_LANGUAGES, Block, BlockKind, Story
from vietwire.translation import segments_of, translate_story

SENTENCES = (
    "Hội nghị Cấp cao ASEAN lần thứ 37 khai mạc sáng 12/11 tại Hà Nội theo hình thức trực tuyến.",
    "Thủ tướng Nguyễn Xuân Phúc chủ trì phiên họp toàn thể.",
    "Các nước nhấn mạnh vai trò trung tâm của ASEAN và hợp tác ứng phó với đại dịch COVID-19.",
    "Hiệp định Đối tác Kinh tế Toàn diện Khu vực có 15 nước tham gia, chiếm 30% GDP toàn cầu.",
    "Quỹ ứng phó COVID-19 của ASEAN nhận được cam kết đóng góp 10 triệu USD.",
    "Ông nói các bên cần kiềm chế và tuân thủ luật pháp quốc tế ở Biển Đông.",
)


def story(number: int, words: int) -> Story:
    """A story of about ``words`` words; its number makes every sentence its own."""
    paragraphs = []
    count = 0
    at = number
    while count < words:
        sentence = f"{SENTENCES[at % len(SENTENCES)]} Đây là bản tin số {number}-{at}."
        paragraphs.append(Block(BlockKind.PARAGRAPH, sentence))
        count += len(sentence.split())
        at += 1
    headline = Block(BlockKind.HEADLINE, f"Bản tin số {number} về Hội nghị Cấp cao ASEAN")
    return Story(f"bench-{number}", (headline, *paragraphs), datetime(2020, 11, 12, tzinfo=UTC))


@contextmanager
def newsroom(settings: Settings) -> Iterator[Newsroom]:
    """A newsroom with a throwaway database."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = replace(settings, outputs=Path(folder), inbox=Path(folder) / "inbox")
        with open_newsroom(chosen) as room:
            yield room


def resident_mib() -> float:
    """Resident size of this process now, in MiB (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def overhead(settings: Settings, stories: int) -> dict[str, Any]:
    """Seconds of the whole pipeline over the bare engine, for the same segments.

    Term retries are off on both sides: they are more engine work, not overhead.
    """
    plain = replace(settings, term_retries=0)
    engine = open_engine(plain.engine, models=plain.models, settings=plain)
    sources = [story(number, 60) for number in range(stories)]
    with newsroom(plain) as room:
        added = [room.store.add_story(one).story for one in sources]
        translate_story(room, room.store.add_story(story(-1, 60)).story, "en")  # warm
        bare = whole = 0.0
        for one in added:  # in turns, so that both meet the same weather
            started = time.perf_counter()
            segments = segments_of(one)
            hits = [room.termbase.find(s.text, "en", on=one.day) for s in segments]
            requests = [
                Request(s.text, room.translator().hints(s.text, found, "en"))
                for s, found in zip(segments, hits, strict=True)
            ]
            prepared = time.perf_counter()
            engine.translate(requests, "en")
            bare += time.perf_counter() - prepared
            started = time.perf_counter()
            translate_story(room, one, "en")
            whole += time.perf_counter() - started
    return {
        "stories": stories,
        "engine_seconds": round(bare, 2),
        "pipeline_seconds": round(whole, 2),
        "overhead_percent": round(100 * (whole / bare - 1), 1),
        "aim": "under 10 %",
    }


def memory(settings: Settings, stories: int) -> dict[str, Any]:
    """Growth of the resident size over ``stories`` short stories, after the first hundred."""
    plain = replace(settings, term_retries=0)
    after_hundred = 0.0
    with newsroom(plain) as room:
        for number in range(stories):
            one = room.store.add_story(story(number, 20)).story
            translate_story(room, one, TARGET_LANGUAGES[number % len(TARGET_LANGUAGES)])
            if number == 99:
                after_hundred = resident_mib()
        end = resident_mib()
    return {
        "stories": stories,
        "mib_after_100": round(after_hundred, 1),
        "mib_at_end": round(end, 1),
        "growth_percent": round(100 * (end / after_hundred - 1), 2) if after_hundred else None,
        "aim": "under 3 %",
    }


def warm_story(settings: Settings, words: int) -> dict[str, Any]:
    """Seconds for one story of so many words into five languages, everything loaded."""
    with newsroom(settings) as room:
        first = room.store.add_story(story(1, 60)).story
        for language in TARGET_LANGUAGES:
            translate_story(room, first, language)
        one = room.store.add_story(story(2, words)).story
        started = time.perf_counter()
        for language in TARGET_LANGUAGES:
            translate_story(room, one, language)
        seconds = time.perf_counter() - started
    return {
        "words": words,
        "languages": 5,
        "seconds": round(seconds, 2),
        "aim": "400 words under 10 s",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100)
    parser.add_argument("--memory-stories", type=int, default=2000)
    parser.add_argument("--words", type=int, default=400, help="of the warm story")
    options = parser.parse_args()
    settings = Settings.load()
    result = {
        "overhead": overhead(settings, options.stories),
        "memory": memory(settings, options.memory_stories),
        "warm_story": warm_story(settings, options.words),
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
