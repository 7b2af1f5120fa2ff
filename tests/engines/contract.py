"""What every engine has to do. Subclass ``EngineContract`` and give it an ``engine`` fixture."""

from __future__ import annotations

import random

import pytest

from vietwire.engines import Engine, EngineError, Request, TermHint
from vietwire.story import Signature, UnknownLanguage

SEGMENTS = [
    "Hội nghị Cấp cao ASEAN lần thứ 37 khai mạc tại Hà Nội ngày 12/11.",
    "Thủ tướng Nguyễn Xuân Phúc chủ trì.",
    "Kim ngạch hai chiều đạt 1.234,5 triệu USD, tăng 12,3% so với năm 2019.",
    "Hà Nội",
    "(TTXVN) - Sáng 12/11, các nhà lãnh đạo dự lễ khai mạc theo hình thức trực tuyến.",
    "Ảnh: Thống Nhất/TTXVN",
    "Các nước ký Hiệp định Đối tác Kinh tế Toàn diện Khu vực (RCEP).",
    "ASEAN+3",
    "Việt Nam đề cao đoàn kết, chủ động thích ứng và hợp tác ứng phó đại dịch COVID-19.",
]
LONG = (
    "Thủ tướng cho biết, các nước đã thảo luận về ứng phó đại dịch, phục hồi kinh tế, "
    "bảo đảm chuỗi cung ứng, phát triển bền vững tiểu vùng Mekong, hợp tác biển; "
) * 14 + "hội nghị kết thúc tốt đẹp."


def requests(texts: list[str] = SEGMENTS) -> list[Request]:
    return [Request(text) for text in texts]


def hinted(text: str, phrase: str, rendering: str, *forms: str) -> Request:
    start = text.index(phrase)
    return Request(text, (TermHint(phrase, start, start + len(phrase), rendering, forms),))


def best(engine: Engine, texts: list[str], target: str = "en") -> list[str]:
    return [found[0].text for found in engine.translate(requests(texts), target)]


class EngineContract:
    """Fixtures a subclass gives: ``engine``; ``targets`` may narrow the languages tried."""

    targets: tuple[str, ...] = ("en", "ru", "zh")

    def test_has_a_name_languages_and_a_limit(self, engine: Engine) -> None:
        assert isinstance(engine, Engine)
        assert engine.name and engine.languages and engine.max_source_tokens > 0

    def test_gives_every_segment_at_least_one_candidate(self, engine: Engine) -> None:
        for target in self.targets:
            found = engine.translate(requests(), target)
            assert len(found) == len(SEGMENTS)
            assert all(candidates and candidates[0].text.strip() for candidates in found)

    def test_counts_what_it_writes(self, engine: Engine) -> None:
        one, both = (engine.count_output(["word word"] * n, self.targets[0]) for n in (1, 2))
        assert 2 <= one < both == 2 * one
        assert engine.count_output([], self.targets[0]) == 0

    def test_keeps_the_order_and_neither_drops_nor_merges(self, engine: Engine) -> None:
        in_order = best(engine, SEGMENTS)
        order = list(range(len(SEGMENTS)))
        random.Random(3).shuffle(order)
        shuffled = best(engine, [SEGMENTS[i] for i in order])
        assert shuffled == [in_order[i] for i in order]

    def test_a_repeated_segment_is_translated_each_time(self, engine: Engine) -> None:
        found = best(engine, [SEGMENTS[1], SEGMENTS[3], SEGMENTS[1]])
        assert len(found) == 3 and found[0] == found[2]

    def test_empty_in_is_empty_out(self, engine: Engine) -> None:
        assert engine.translate([], "en") == []
        found = engine.translate(requests(["", SEGMENTS[1], "  \n"]), "en")
        assert [c.text for c in found[0]] == [""]
        assert found[0][0].score == 0.0
        assert [c.text for c in found[2]] == [""]
        assert found[1][0].text == best(engine, [SEGMENTS[1]])[0] != ""

    def test_a_batch_equals_batches_of_one(self, engine: Engine) -> None:
        for target in self.targets:
            together = engine.translate(requests(), target)
            alone = [engine.translate([request], target)[0] for request in requests()]
            assert together == alone

    def test_is_deterministic(self, engine: Engine) -> None:
        first = engine.translate(requests(), "en", candidates=3)
        assert engine.translate(requests(), "en", candidates=3) == first

    def test_splits_a_long_segment_and_cuts_nothing(self, engine: Engine) -> None:
        from vietwire.engines.base import SegmentEngine

        assert isinstance(engine, SegmentEngine)
        request = Request(LONG)
        assert engine.count_tokens(LONG, (), "en") > engine.max_source_tokens
        job = engine._job(request, "en")
        assert len(job.parts) > 1
        assert all(
            engine.count_tokens(part.text, part.hints, "en") <= engine.max_source_tokens
            for part in job.parts
        )
        assert (
            "".join(part.text + gap for part, gap in zip(job.parts, job.gaps, strict=True)) == LONG
        )
        found = engine.translate([request, Request(SEGMENTS[1])], "en")
        assert len(found) == 2 and found[0][0].text
        assert found[1] == engine.translate([Request(SEGMENTS[1])], "en")[0]

    def test_a_split_does_not_cut_through_a_term(self, engine: Engine) -> None:
        from vietwire.engines.base import SegmentEngine

        assert isinstance(engine, SegmentEngine)
        phrase = "phục hồi kinh tế, bảo đảm chuỗi cung ứng"
        spans = []
        at = LONG.find(phrase)
        while at >= 0:
            spans.append(TermHint(phrase, at, at + len(phrase), "recovery"))
            at = LONG.find(phrase, at + 1)
        job = engine._job(Request(LONG, tuple(spans)), "en")
        assert len(job.parts) > 1
        kept = [hint for part in job.parts for hint in part.hints]
        assert len(kept) == len(spans)
        assert all(
            part.text[hint.start : hint.end] == phrase for part in job.parts for hint in part.hints
        )

    def test_refuses_a_language_it_does_not_know(self, engine: Engine) -> None:
        for code in ("xx", "de", "EN", ""):
            with pytest.raises((UnknownLanguage, EngineError)):
                engine.translate(requests(), code)

    def test_gives_no_more_candidates_than_asked_best_first(self, engine: Engine) -> None:
        for candidates in engine.translate(requests(), "en", candidates=3):
            assert 1 <= len(candidates) <= 3
            scores = [c.score for c in candidates]
            assert scores == sorted(scores, reverse=True)
            assert len({c.text for c in candidates}) == len(candidates)

    def test_takes_hints_at_every_strength(self, engine: Engine) -> None:
        request = hinted(SEGMENTS[0], "Hội nghị Cấp cao ASEAN", "ASEAN Summit", "ASEAN Summits")
        for strength in (0, 1, 2):
            found = engine.translate(
                [Request(SEGMENTS[1]), request, Request("")], "en", candidates=4, strength=strength
            )
            assert [bool(c[0].text) for c in found] == [True, True, False]
            alone = engine.translate([request], "en", candidates=4, strength=strength)
            assert alone[0] == found[1]

    def test_its_signature_names_the_term_base(self, engine: Engine) -> None:
        signature = engine.signature("abc123")
        assert isinstance(signature, Signature)
        assert signature.termbase == "abc123"
        assert signature.engine and signature.model and signature.decoding
        assert signature == engine.signature("abc123")

    def test_user_text_is_never_taken_for_markup(self, engine: Engine) -> None:
        text = ">>fr<< <t> Hà Nội <to> Paris </t> là thủ đô."
        assert best(engine, [text], "en")[0]
