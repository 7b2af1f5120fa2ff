"""One story into one language: what the pipeline promises, whatever the engine does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vietwire.engines import Candidate, Request
from vietwire.newsroom import Newsroom
from vietwire.review import NotAllowed, Review
from vietwire.settings import Settings
from vietwire.story import (
    STRONGEST,
    Actor,
    Block,
    BlockKind,
    Draft,
    Role,
    Signature,
    Story,
    UnknownLanguage,
)
from vietwire.termbase import TermBase
from vietwire.translation import (
    NOTHING_BETTER,
    TranslationFailed,
    Translator,
    needs_translation,
    segments_of,
    translate_story,
)

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2020, 11, 12)
BASE = TermBase.load(ROOT / "glossary")


class Scripted:
    """An engine that answers by a rule, and remembers what it was asked."""

    name = "scripted"
    languages = frozenset({"en", "fr", "es", "zh", "ru"})
    max_source_tokens = 200
    takes_placeables = False

    def __init__(self, rule: Callable[[Request, int], list[Candidate]] | None = None) -> None:
        self.rule = rule or (lambda request, strength: [Candidate(f"Text {strength}.", -1.0)])
        self.asked: list[tuple[Request, int]] = []

    def translate(
        self,
        requests: Sequence[Request],
        target: str,
        *,
        candidates: int = 1,
        strength: int = 0,
    ) -> list[list[Candidate]]:
        self.asked += [(request, strength) for request in requests]
        return [self.rule(request, strength) for request in requests]

    def count_output(self, texts: Sequence[str], target: str) -> int:
        return sum(len(text.split()) for text in texts)

    def signature(self, termbase_version: str) -> Signature:
        return Signature("scripted", "m", "1", "none", "beam1", termbase_version, "0")

    def close(self) -> None: ...


@pytest.fixture
def engine() -> Scripted:
    return Scripted()


@pytest.fixture
def room(store, clock, engine: Scripted, tmp_path: Path) -> Iterator[Newsroom]:
    settings = Settings(home=ROOT, outputs=tmp_path, glossary=ROOT / "glossary")
    yield Newsroom(settings, store, clock, lambda _settings: engine)


def make_story(*texts: str, source_id: str = "s1") -> Story:
    blocks = [Block(BlockKind.HEADLINE, texts[0])]
    blocks += [Block(BlockKind.PARAGRAPH, text) for text in texts[1:]]
    return Story(source_id, tuple(blocks), datetime(2020, 11, 12, tzinfo=UTC), dated=DAY)


def test_segments_keep_blocks_and_order_and_a_headline_whole() -> None:
    story = make_story("ASEAN họp. Các nước dự.", "Câu một. Câu hai.", "", "Câu ba.")
    found = [(s.index, s.block, s.text) for s in segments_of(story)]
    assert found == [
        (0, 0, "ASEAN họp. Các nước dự."),
        (1, 1, "Câu một."),
        (2, 1, "Câu hai."),
        (3, 3, "Câu ba."),
    ]


@pytest.mark.parametrize(
    "text", ["12/11", "https://asean2020.vnanet.vn", "1.234,5", "***", "@TTXVN"]
)
def test_what_has_no_words_is_copied(text: str) -> None:
    assert not needs_translation(text)


def test_a_draft_carries_signature_terms_and_findings(room: Newsroom, engine: Scripted) -> None:
    engine.rule = lambda request, strength: [Candidate("They met about the South China Sea.", -1.0)]
    story = room.store.add_story(make_story("Họp về Biển Đông", "12/11")).story
    draft = translate_story(room, story, "en")
    assert draft.signature == str(engine.signature(room.termbase.version))
    assert [s.origin for s in draft.segments] == ["machine", "copy"]
    assert [(t.source_form, t.obeyed) for t in draft.segments[0].terms] == [("Biển Đông", False)]
    assert "forbidden" in {f.check for f in draft.blocking}


def test_the_same_story_again_costs_nothing_and_force_keeps_the_old_draft(
    room: Newsroom, engine: Scripted
) -> None:
    story = room.store.add_story(make_story("Tin", "Một câu.")).story
    first = translate_story(room, story, "en")
    asked = len(engine.asked)
    assert translate_story(room, story, "en").id == first.id
    assert len(engine.asked) == asked
    forced = translate_story(room, story, "en", force=True)
    assert forced.id != first.id
    assert [row.current for row in room.store.draft_history("s1", 1, "en")] == [False, True]


def test_only_failed_segments_are_retried_and_terms_come_before_score(
    room: Newsroom, engine: Scripted
) -> None:
    def rule(request: Request, strength: int) -> list[Candidate]:
        if "Biển Đông" not in request.text:
            return [Candidate("A plain sentence.", -0.5)]
        if strength == 0:
            return [Candidate("The sea is calm.", -0.1)]
        return [Candidate("The sea is calm today.", -0.2), Candidate("The East Sea is calm.", -3.0)]

    engine.rule = rule
    answers = room.translator().translate(["Biển Đông yên bình.", "Một câu thường."], "en", day=DAY)
    assert [a.text for a in answers] == ["The East Sea is calm.", "A plain sentence."]
    assert [a.attempts for a in answers] == [1, 0]
    assert [(r.text, s) for r, s in engine.asked if s > 0] == [("Biển Đông yên bình.", 1)]


def test_a_retry_that_is_no_better_changes_nothing(room: Newsroom, engine: Scripted) -> None:
    engine.rule = lambda request, strength: [Candidate(f"Calm {strength}.", -1.0 - strength)]
    answer = room.translator().translate(["Biển Đông yên bình."], "en", day=DAY)[0]
    assert answer.text == "Calm 0."
    assert answer.missed == 1


def test_the_first_mention_is_steered_in_full_and_the_next_one_short(
    room: Newsroom, engine: Scripted
) -> None:
    name = "Hiệp định Đối tác Kinh tế Toàn diện Khu vực"
    story = make_story("Tin", f"{name} được ký.", f"Các nước hoan nghênh {name}.")
    translate_story(room, room.store.add_story(story).story, "en")
    hints = [r.hints[0].rendering for r, s in engine.asked if s == 0 and r.hints]
    assert hints[0].startswith("Regional Comprehensive Economic Partnership")
    assert "RCEP" in hints[0]
    assert hints[1] == "RCEP"


def test_names_are_hinted_with_their_articles_and_titles_before_a_name_without(
    engine: Scripted,
) -> None:
    engine.takes_placeables = True
    source = "Thủ tướng dự ASEAN ở Biển Đông; Thủ tướng Boris Johnson thì không."
    Translator(engine, BASE, retries=0).translate([source], "en", day=DAY)
    Translator(engine, BASE, retries=0).translate([source], "fr", day=DAY)
    shown = [[hint.in_text for hint in request.hints] for request, _ in engine.asked]
    assert shown[0][:4] == ["the Prime Minister", "ASEAN", "the East Sea", "Prime Minister"]
    assert shown[1][:4] == [
        "le Premier ministre",
        "ASEAN",
        "la mer Orientale",
        "le Premier ministre",
    ]


def test_an_article_that_a_machine_left_out_or_did_not_join_is_set_right(engine: Scripted) -> None:
    said = {"en": "Calm in East Sea.", "fr": "Le rôle de le Premier ministre en mer Orientale."}
    engine.rule = lambda request, strength: [Candidate(said[language], -1.0)]
    for language, right in (
        ("en", "Calm in the East Sea."),
        ("fr", "Le rôle du Premier ministre en mer Orientale."),
    ):
        source = "Vai trò của Thủ tướng ở Biển Đông."
        (done,) = Translator(engine, BASE, retries=0).translate([source], language, day=DAY)
        assert done.text == right


def test_a_russian_term_left_in_the_nominative_is_declined(engine: Scripted) -> None:
    engine.rule = lambda request, strength: [Candidate("Мир в Восточное море с апрель.", -1.0)]
    (done,) = Translator(engine, BASE, retries=0).translate(
        ["Hòa bình ở Biển Đông từ tháng 4."], "ru", day=DAY
    )
    assert done.text == "Мир в Восточном море с апреля."
    (done,) = Translator(engine, BASE, retries=0).translate(["Tàu vào Biển Đông."], "ru", day=DAY)
    assert "в Восточное море" in done.text, "it moves there"


def test_a_segment_with_a_wrong_figure_is_retried_with_every_figure_hinted(
    room: Newsroom, engine: Scripted
) -> None:
    def rule(request: Request, strength: int) -> list[Candidate]:
        if not strength:
            return [Candidate("On January 15, 37 countries met.", -0.1)]
        return [
            Candidate("On January 15, 37 countries met today.", -0.1),
            Candidate("On November 15, 37 countries met.", -2.0),
        ]

    engine.rule = rule
    source = "Ngày 15/11, 37 nước đã họp."
    (answer,) = room.translator().translate([source], "en", day=DAY)
    assert (answer.text, answer.attempts) == ("On November 15, 37 countries met.", 1)
    first, again = (request.hints for request, _ in engine.asked)
    assert first == (), "this engine was not trained to take figures"
    assert [(h.source_form, h.rendering) for h in again] == [("15/11", "November 15"), ("37", "37")]


def test_a_segment_that_lost_a_name_is_retried_with_it(room: Newsroom, engine: Scripted) -> None:
    engine.rule = lambda request, strength: [
        Candidate("Pham Van Trung spoke." if strength else "Pham spoke.", -1.0)
    ]
    (answer,) = room.translator().translate(["Phạm Văn Trung phát biểu."], "fr", day=DAY)
    assert (answer.text, answer.attempts) == ("Pham Van Trung spoke.", 1)
    assert [h.rendering for r, s in engine.asked if s for h in r.hints] == ["Pham Van Trung"]
    engine.rule = lambda request, strength: [Candidate("Trung spoke.", -1.0)]
    (answer,) = room.translator().translate(["Phạm Văn Trung phát biểu."], "fr", day=DAY)
    assert answer.attempts == 0, "a second mention may be short"


def test_a_missed_term_weighs_more_than_a_wrong_figure(room: Newsroom, engine: Scripted) -> None:
    engine.rule = lambda request, strength: (
        [Candidate("The sea on November 15.", -0.1), Candidate("The East Sea in May.", -3.0)]
        if strength
        else [Candidate("The sea in May.", -0.1)]
    )
    (answer,) = room.translator().translate(["Biển Đông ngày 15/11."], "en", day=DAY)
    assert answer.text == "The East Sea in May."


def test_an_engine_that_takes_figures_gets_those_its_language_writes_otherwise(
    engine: Scripted,
) -> None:
    engine.takes_placeables = True
    source = "Ngày 15/11, 37 nước dự Hội nghị Cấp cao ASEAN lần thứ 37, chi 1,4 triệu USD."
    Translator(engine, BASE, retries=0).translate([source], "zh", day=DAY)
    ((request, _),) = engine.asked
    hints = {h.source_form: (h.rendering, h.pivot) for h in request.hints}
    assert hints["15/11"] == ("11月15日", "November 15")
    assert hints["1,4 triệu USD"] == ("140万美元", "1.4 million USD")
    assert "37" not in hints, "copied as it is, and once within a term"
    assert [h.start for h in request.hints] == sorted(h.start for h in request.hints)


def test_a_stock_phrase_is_suggested_to_a_machine_that_missed_it_and_held_to_by_no_one(
    room: Newsroom, engine: Scripted
) -> None:
    def rule(request: Request, strength: int) -> list[Candidate]:
        hinted = {hint.source_form: hint.rendering for hint in request.hints}
        phrase = hinted.get("quan hệ song phương", "ties of two")
        return [Candidate(f"They discussed {phrase}.", -2.0 if hinted else -1.0)]

    engine.rule = rule
    source = "Hai bên bàn quan hệ song phương."
    story = room.store.add_story(make_story(source, "Hai bên bàn việc khác.")).story
    draft = translate_story(room, story, "en")
    assert draft.segments[0].text == "They discussed ties of two."  # it takes no such hints
    engine.takes_placeables = True
    engine.asked = []
    draft = translate_story(room, story, "en", force=True)
    assert draft.segments[0].text == "They discussed bilateral relations."
    assert [(len(request.hints), strength) for request, strength in engine.asked] == [
        (0, 0),
        (0, 0),
        (1, 0),
    ]
    assert not draft.segments[0].terms
    Translator(engine, BASE, retries=0).translate([source], "en", day=DAY)
    assert len(engine.asked) == 4
    engine.rule = lambda request, strength: [Candidate("They discussed their ties.", -1.0)]
    draft = translate_story(room, story, "en", force=True)
    assert not [f for f in draft.findings if f.check == "term"]


def test_a_term_is_not_given_up_for_a_stock_phrase(engine: Scripted) -> None:
    def rule(request: Request, strength: int) -> list[Candidate]:
        if any(hint.source_form == "thiên tai" for hint in request.hints):
            return [Candidate("Natural disasters at sea.", -0.1)]
        return [Candidate("Calamity in the East Sea.", -1.0)]

    engine.rule, engine.takes_placeables = rule, True
    (done,) = Translator(engine, BASE).translate(["Thiên tai ở Biển Đông."], "en", day=DAY)
    assert done.text == "Calamity in the East Sea."


def test_no_terms_means_no_hints_and_no_retry(engine: Scripted) -> None:
    Translator(engine, None, steer=False).translate(["Biển Đông yên bình."], "en", day=DAY)
    assert [(r.hints, s) for r, s in engine.asked] == [((), 0)]


def test_the_batch_size_does_not_change_the_text() -> None:
    engine = Scripted(lambda request, strength: [Candidate(request.text.upper(), -1.0)])
    sources = [f"Câu số {n} về Biển Đông." for n in range(7)]
    texts = {
        size: [
            a.text
            for a in Translator(engine, BASE, batch_size=size).translate(sources, "en", day=DAY)
        ]
        for size in (1, 3, 32)
    }
    assert texts[1] == texts[3] == texts[32]


def test_an_engine_that_loses_a_segment_saves_nothing(room: Newsroom, engine: Scripted) -> None:
    engine.translate = lambda requests, target, **_: []  # type: ignore[method-assign]
    story = room.store.add_story(make_story("Tin", "Một câu.")).story
    with pytest.raises(TranslationFailed):
        translate_story(room, story, "en")
    assert room.store.current_draft("s1", 1, "en") is None


def test_an_unknown_language_is_refused(room: Newsroom) -> None:
    story = room.store.add_story(make_story("Tin")).story
    with pytest.raises(UnknownLanguage):
        translate_story(room, story, "de")


def test_approved_segments_are_reused_in_the_next_version(room: Newsroom, engine: Scripted) -> None:
    engine.rule = lambda request, strength: [Candidate("A machine sentence.", -1.0)]
    story = room.store.add_story(make_story("Bản tin", "Câu giữ nguyên ở đây.")).story
    draft = translate_story(room, story, "en")
    editor = Actor("lan", Role.EDITOR)
    review = Review(room.store, room.termbase, room.clock)
    draft = review.claim(draft.id, editor, draft.revision)
    draft = review.save(draft.id, editor, draft.revision, {1: "A sentence by a person."})
    review.approve(draft.id, editor, draft.revision, override_reason="test")
    changed = room.store.add_story(
        make_story("Bản tin", "Câu giữ nguyên ở đây.", "Câu mới hoàn toàn.")
    ).story
    again = translate_story(room, changed, "en")
    assert [(s.origin, s.text) for s in again.segments][1] == ("memory", "A sentence by a person.")
    assert again.segments[2].origin == "machine"


def test_a_draft_sent_back_to_the_machine_is_made_by_stronger_means(
    room: Newsroom, engine: Scripted
) -> None:
    story = room.store.add_story(make_story("Tin", "Một câu.")).story
    draft = translate_story(room, story, "en")
    editor = Actor("lan", Role.EDITOR)
    review = Review(room.store, room.termbase, room.clock)
    draft = review.claim(draft.id, editor, draft.revision)
    review.return_to_machine(draft.id, editor, draft.revision, "khó hiểu")
    assert [w.reason for w in room.store.waiting(("en",))] == ["returned"]
    made = translate_story(room, story, "en")
    assert made.id != draft.id
    assert made.segments[1].text == "Text 1."
    assert "strength1" in made.signature
    assert not room.store.waiting(("en",))


def sent_back(room: Newsroom, draft: Draft) -> None:
    editor = Actor("lan", Role.EDITOR)
    review = Review(room.store, room.termbase, room.clock)
    draft = review.claim(draft.id, editor, draft.revision)
    review.return_to_machine(draft.id, editor, draft.revision, "khó hiểu")


def test_each_return_goes_one_step_further_until_there_is_nothing_stronger(
    room: Newsroom, engine: Scripted
) -> None:
    story = room.store.add_story(make_story("Tin", "Họp về Biển Đông.", "Một câu.")).story
    engine.rule = lambda request, strength: [Candidate(f"The East Sea {strength}.", -1.0)]
    drafts = [translate_story(room, story, "en")]
    for _ in range(2):
        sent_back(room, drafts[-1])
        drafts.append(translate_story(room, story, "en"))
    assert [d.strength for d in drafts] == [0, 1, 2]
    assert [d.segments[1].text for d in drafts] == [
        "The East Sea 0.",
        "The East Sea 1.",
        "The East Sea 2.",
    ]
    # What has no term gains nothing from placing terms harder, and must not fall back.
    assert [d.segments[2].text for d in drafts] == [
        "The East Sea 0.",
        "The East Sea 1.",
        "The East Sea 1.",
    ]
    assert translate_story(room, story, "en").id == drafts[-1].id, "nobody sent this one back"
    assert NOTHING_BETTER not in drafts[-1].findings
    with pytest.raises(NotAllowed, match="the machine has nothing better: edit it"):
        sent_back(room, drafts[-1])

    room.store.add_user("lan", Role.EDITOR, password_hash="-")
    other = replace(room.engine.signature("x"), model="newer")
    engine.signature = lambda version: replace(other, termbase=version)  # type: ignore[method-assign]
    forced = translate_story(room, story, "en", force=True, actor="lan")
    assert (forced.strength, forced.segments[1].text) == (0, "The East Sea 0.")


def test_a_country_is_hinted_only_when_it_was_missed_but_the_east_sea_always() -> None:
    def rule(request: Request, strength: int) -> list[Candidate]:
        hinted = " ".join(hint.rendering for hint in request.hints)
        return [Candidate(f"Polish {hinted}.", -1.0)]

    engine = Scripted(rule)
    sources = ["Ngoại trưởng Ba Lan.", "Ngoại trưởng Ai Cập.", "Biển Đông."]
    Translator(engine, BASE).translate(sources, "en", day=DAY)
    first = [
        {h.source_form for h in request.hints} for request, strength in engine.asked if not strength
    ]
    assert "Ba Lan" not in first[0] and "Ai Cập" not in first[1]
    assert first[2] == {"Biển Đông"}
    again = {
        request.text: {h.source_form for h in request.hints} for request, s in engine.asked if s
    }
    assert sources[0] not in again  # Polish is Poland's own adjective
    assert "Ai Cập" in again[sources[1]]


def test_a_machine_with_one_answer_says_so_and_is_not_asked_again(
    room: Newsroom, engine: Scripted
) -> None:
    engine.rule = lambda request, strength: [Candidate("The one text.", -1.0)]
    story = room.store.add_story(make_story("Tin", "Họp về Biển Đông.")).story
    first = translate_story(room, story, "en")
    assert NOTHING_BETTER not in first.findings
    sent_back(room, first)
    again = translate_story(room, story, "en")
    assert again.strength == STRONGEST
    assert NOTHING_BETTER in again.findings


def test_a_draft_in_a_persons_hands_is_left_alone(room: Newsroom, engine: Scripted) -> None:
    story = room.store.add_story(make_story("Tin", "Một câu.")).story
    draft = translate_story(room, story, "en")
    review = Review(room.store, room.termbase, room.clock)
    review.claim(draft.id, Actor("lan", Role.EDITOR), draft.revision)
    other = replace(room.engine.signature("x"), model="newer")
    engine.signature = lambda version: other  # type: ignore[method-assign]
    asked = len(engine.asked)
    assert translate_story(room, story, "en").id == draft.id
    assert len(engine.asked) == asked
