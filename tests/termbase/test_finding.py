"""Terms in Vietnamese text: whole names, longest first, in their case and context."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from vietwire.story import UnknownLanguage
from vietwire.termbase import TermBase
from vietwire.termbase.model import Concept

Found = Callable[..., list[tuple[str, str]]]
SUMMIT = date(2020, 11, 12)


@pytest.mark.parametrize(
    "text",
    [
        "Hội nghị Cấp cao ASEAN lần thứ 37 khai mạc.",
        "hội nghị cấp cao ASEAN lần thứ 37 khai mạc.",
        "HỘI NGHỊ CẤP CAO ASEAN LẦN THỨ 37",
        "Hội nghị thượng đỉnh ASEAN lần thứ 37 khai mạc.",
        "HNCC ASEAN 37 khai mạc.",
        "HNCC ASEAN lần thứ 37 khai mạc.",
        "Hội nghị Cấp cao ASEAN 37 khai mạc.",
        "Hội nghị Cấp cao ASEAN lần thứ XXXVII khai mạc.",
        "Hội nghị Cấp cao ASEAN lần thứ ba mươi bảy khai mạc.",
    ],
)
def test_one_summit_however_it_is_written(found: Found, text: str) -> None:
    assert [concept for _, concept in found(text)] == ["asean-summit-37"]


def test_another_number_is_another_summit(found: Found) -> None:
    assert found("Hội nghị Cấp cao ASEAN lần thứ 36") == [
        ("Hội nghị Cấp cao ASEAN", "asean-summit")
    ]
    assert found("HNCC ASEAN 37-38") == [("HNCC ASEAN", "asean-summit")]


@pytest.mark.parametrize(
    "countries",
    [
        "Campuchia - Lào - Việt Nam",
        "Campuchia-Lào-Việt Nam",
        "Campuchia – Lào – Việt Nam",
        "Campuchia — Lào — Việt Nam",
        "Campuchia- Lào -Việt Nam",
    ],
)
def test_hyphens_and_dashes_with_and_without_spaces_are_one(found: Found, countries: str) -> None:
    text = f"Khu vực Tam giác phát triển {countries} rộng lớn"
    assert found(text) == [(f"Tam giác phát triển {countries}", "development-triangle")]


@pytest.mark.parametrize("form", ["COVID-19", "Covid-19", "covid-19", "COVID 19", "COVID‑19"])
def test_the_spellings_of_covid_are_one(found: Found, form: str) -> None:
    assert found(f"Dịch {form} lan rộng") == [(form, "covid")]


@pytest.mark.parametrize(
    ("abbreviation", "concept"),
    [
        ("LHQ", "united-nations"),
        ("TTXVN", "vna"),
        ("BNG", "foreign-ministry"),
        ("RCEP", "rcep"),
        ("ASEAN", "asean"),
    ],
)
def test_abbreviations_are_known(found: Found, abbreviation: str, concept: str) -> None:
    assert found(f"Theo {abbreviation}, ngày 12/11") == [(abbreviation, concept)]


def test_abbreviations_inside_longer_names_are_written_out(base: TermBase, found: Found) -> None:
    assert found("Liên hiệp quốc") == [("Liên hiệp quốc", "united-nations")]
    assert found("HNCC ASEAN khai mạc") == [("HNCC ASEAN", "asean-summit")]


def test_an_abbreviation_of_half_a_name_is_nothing_by_itself() -> None:
    from vietwire.termbase.model import Concept

    base = TermBase(
        [
            Concept.of(concept="minister", kind="keep", vi="Bộ trưởng"),
            Concept.of(concept="foreign-minister", kind="keep", vi="Bộ trưởng Ngoại giao"),
            Concept.of(concept="hcmc", kind="keep", vi="Thành phố Hồ Chí Minh"),
        ]
    )
    assert base.matches("phần mềm BT và I2P-BT", on=SUMMIT) == ()
    for text, concept in {
        "BT Ngoại giao": "foreign-minister",
        "TP. Hồ Chí Minh": "hcmc",
        "TP.HCM": "hcmc",
        "TPHCM": "hcmc",
    }.items():
        assert [m.entry.concept.id for m in base.matches(text, on=SUMMIT)] == [concept]


def test_acronyms_keep_their_capitals_and_names_theirs(found: Found) -> None:
    assert found("con coc va bng, lhq") == []
    assert found("biển đông người") == []
    assert found("Biển đông người") == []
    assert found("Cà phê pháp lam, đức tính") == []
    assert found("vùng biển Đông Nam") == []
    assert found("Thủ tướng nguyễn xuân phúc") != [("nguyễn xuân phúc", "phuc")]


def test_asean_may_be_written_as_a_name(found: Found) -> None:
    assert found("các nước Asean") == [("Asean", "asean")]


def test_tone_marks_may_stand_in_either_place() -> None:
    from vietwire.termbase.model import Concept

    base = TermBase([Concept.of(concept="peace", kind="keep", vi="hòa bình và thủy sản")])
    text = "Vì hoà bình và thuỷ sản"
    (hit,) = base.find(text, "en", on=SUMMIT)
    assert text[hit.start : hit.end] == "hoà bình và thuỷ sản"


def test_decomposed_text_is_found_at_its_own_offsets(base: TermBase) -> None:
    text = unicodedata.normalize("NFD", "Ở Biển Đông và Hà Nội.")
    hits = base.find(text, "en", on=SUMMIT)
    assert [unicodedata.normalize("NFC", text[h.start : h.end]) for h in hits] == [
        "Biển Đông",
        "Hà Nội",
    ]


def test_the_longest_term_wins_and_none_overlap(found: Found) -> None:
    assert found("Bộ Quy tắc ứng xử ở Biển Đông (COC)") == [
        ("Bộ Quy tắc ứng xử ở Biển Đông", "coc"),
        ("COC", "coc"),
    ]
    assert found("Thông tấn xã Việt Nam tại Việt Nam") == [
        ("Thông tấn xã Việt Nam", "vna"),
        ("Việt Nam", "vietnam"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "xem https://asean.org/ASEAN/news",
        "gửi ASEAN@example.org",
        "#ASEAN #ASEAN2020",
        "@ASEAN",
        "trang asean.vn",
        "ASEAN2020",
        "ASEAN+3",
    ],
)
def test_only_whole_words_of_the_sentence_count(found: Found, text: str) -> None:
    assert "ASEAN" not in [form for form, _ in found(text)]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Ông Nguyễn Việt Nam cho biết", []),
        ("Bà Trần Thị Việt Nam cho biết", []),
        ("ông Lê Hồng Đức và ông Phạm Đức", []),
        ("Pháp luật quy định", []),
        ("Đức Phật, Đức Giáo hoàng", []),
        ("Ông Nguyễn Xuân Phúc Lâm", []),
        ("Nhà thờ Đức Bà, huyện Đức Hoà", []),
        ("Anh Hoàng Pháp Trung cho biết", []),
        ("Ở Pháp và Đức", ["Pháp", "Đức"]),
        ("Tổng thống Pháp Emmanuel Macron", ["Pháp"]),
        ("Pháp, Đức ủng hộ", ["Pháp", "Đức"]),
        ("Thủ tướng Đức Angela Merkel", ["Đức"]),
        ("Đại học Quốc gia Hà Nội", ["Hà Nội"]),
        ("Thủ đô Hà Nội", ["Hà Nội"]),
        ("TP Hà Nội", ["Hà Nội"]),
        ("Chủ tịch Việt Nam Nguyễn Xuân Phúc", ["Việt Nam", "Nguyễn Xuân Phúc"]),
    ],
)
def test_a_name_inside_a_longer_name_is_not_found(
    found: Found, text: str, forms: list[str]
) -> None:
    assert [form for form, _ in found(text)] == forms


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Thủ tướng Anh Boris Johnson", ["Anh"]),
        ("Ngoại trưởng các nước Anh, Áo, Bỉ và Ý", ["Anh", "Áo", "Bỉ", "Ý"]),
        ("Hội nghị có Anh và Áo tham dự", ["Anh", "Áo"]),
        ("Anh cho biết như vậy. Anh nói thêm:", []),  # he
        ("Áo của họ màu đỏ. Ý của ông là hòa bình.", []),  # a shirt, a meaning
        ("Áo dài và áo khoác; Ý kiến của ông Anh", []),
        ("500 triệu bảng Anh bằng tiếng Anh", []),
        ("ca sĩ Tuấn Anh, bà Nguyễn Ý và ông Trần Anh", []),
    ],
)
def test_a_country_that_is_also_a_word_is_found_inside_a_sentence(
    text: str, countries: list[str]
) -> None:
    from vietwire.termbase.model import Concept

    base = TermBase(
        [
            Concept.of(concept=name, kind="keep", vi=vi)
            for name, vi in (("uk", "Anh"), ("austria", "Áo"), ("italy", "Ý"), ("belgium", "Bỉ"))
        ]
    )
    found = base.matches(text, on=SUMMIT)
    assert [text[m.start : m.end] for m in found] == countries


def test_a_continent_a_currency_or_a_faith_is_no_country() -> None:
    from vietwire.termbase.model import Concept

    base = TermBase(
        [
            Concept.of(concept="usa", kind="keep", vi="Mỹ"),
            Concept.of(concept="india", kind="keep", vi="Ấn Độ"),
        ]
    )
    text = "châu Mỹ, Nam Mỹ, 3 tỷ đô la Mỹ, Mỹ Latinh, Mỹ Đình, Ấn Độ giáo, Ấn Độ Dương"
    assert base.matches(text, on=SUMMIT) == ()
    found = base.matches("Mỹ và Ấn Độ; Tổng thống Mỹ Donald Trump", on=SUMMIT)
    assert [m.entry.concept.id for m in found] == ["usa", "india", "usa"]


def test_an_ambiguous_short_form_needs_its_context(found: Found) -> None:
    assert found("Đàm phán COC tiếp tục") == []
    assert found("Đàm phán COC ở Biển Đông tiếp tục")[0] == ("COC", "coc")
    assert found("Đàm phán COC tiếp tục", context="Hội nghị của ASEAN") == [("COC", "coc")]


def test_titles_change_hands_by_the_date_of_the_story(found: Found) -> None:
    text = "Thủ tướng Nguyễn Xuân Phúc"
    assert found(text, on=date(2020, 11, 12)) == [(text, "pm-phuc")]
    assert found(text, on=date(2021, 4, 5)) == [(text, "pm-phuc")]
    assert found(text, on=date(2021, 4, 6)) == [("Nguyễn Xuân Phúc", "phuc")]


def test_hits_carry_the_rendering_of_the_language(base: TermBase) -> None:
    text = "RCEP và Biển Đông"
    (rcep, sea) = base.find(text, "en", on=SUMMIT)
    assert (rcep.rendering, sea.rendering) == ("RCEP", "East Sea")
    assert (sea.start, sea.end, sea.obeyed) == (8, 17, None)
    # No rendering yet means no hint.
    assert [h.concept for h in base.find(text, "ru", on=SUMMIT)] == ["bien-dong"]


def test_a_term_to_keep_is_rendered_as_it_stands(base: TermBase) -> None:
    (hit,) = base.find("Kênh VOVWORLD đưa tin", "ru", on=SUMMIT)
    assert hit.rendering == "VOVWORLD"


def test_an_unknown_language_is_refused(base: TermBase) -> None:
    with pytest.raises(UnknownLanguage):
        base.find("Biển Đông", "de", on=SUMMIT)


def test_nothing_is_found_in_nothing(found: Found) -> None:
    assert found("") == []
    assert found("  \n ... 123") == []


PLACES = ("Bangkok", "Moskva", "Paris", "Nga", "Mỹ", "Đức")


@pytest.fixture(scope="module")
def places() -> TermBase:
    from vietwire.termbase.model import Concept

    return TermBase(
        [Concept.of(concept=f"place-{n}", kind="keep", vi=p) for n, p in enumerate(PLACES)]
    )


@pytest.mark.parametrize(
    "word",
    [
        "Tại",
        "Từ",
        "Ở",
        "Theo",
        "Về",
        "Trước",
        "Sau",
        "Trong",
        "Giữa",
        "Với",
        "Do",
        "Khi",
        "Nếu",
        "Cùng",
        "Đến",
        "Tới",
        "Ngoài",
        "Và",
        "Nhưng",
    ],
)
def test_a_capital_that_only_opens_the_sentence_makes_no_longer_name(
    places: TermBase, word: str
) -> None:
    for place in PLACES:
        for text in (
            f"{word} {place}, tình hình ổn định.",
            f"Hội nghị bế mạc. {word} {place}, đoàn về nước.",
            f"Ông nói: “{word} {place}, mọi việc tốt đẹp.”",
            f"Hội nghị bế mạc\n{word} {place}, đoàn về nước",
            f"- {word} {place}, đoàn về nước",
        ):
            assert [m.entry.form for m in places.matches(text, on=SUMMIT)] == [place], text


@pytest.mark.parametrize(
    "text",
    [
        "Tại Mỹ Tho, Đức Thọ và Nga Sơn",  # the place's own name goes on
        "Theo Đức Giáo hoàng",
        "Trần Từ Nga và Hồng Đức",  # no sentence begins here
        "Sân bay Từ Mỹ",
        "Tết Mỹ, Hồng Đức",
        "New Paris và Little Moskva",
        "Theo bà Nga, ông Đức và chị Mỹ",
        "Bà Nga cho biết",
    ],
)
def test_other_capitals_still_make_a_longer_name(places: TermBase, text: str) -> None:
    assert places.matches(text, on=SUMMIT) == ()


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("Chủ tịch ASEAN-BAC phát biểu", ["bac"]),
        ("Chủ tịch ASEAN‑BAC phát biểu", ["bac"]),
        ("Chủ tịch ASEAN - BAC là hai tổ chức", ["chair"]),  # a dash between two things
        ("Chủ tịch ASEAN-ABC phát biểu", ["chair"]),  # nothing known by that name
        ("Chủ tịch ASEAN phát biểu", ["chair"]),
        ("ASEAN-BAC họp", ["bac"]),
    ],
)
def test_a_match_does_not_end_inside_a_hyphenated_name(text: str, concepts: list[str]) -> None:
    from vietwire.termbase.model import Concept

    base = TermBase(
        [
            Concept.of(concept="chair", kind="keep", vi="Chủ tịch ASEAN"),
            Concept.of(concept="bac", kind="keep", vi="Hội đồng Tư vấn", vi_abbr="ASEAN-BAC"),
        ]
    )
    assert [m.entry.concept.id for m in base.matches(text, on=SUMMIT)] == concepts


def test_a_stock_phrase_is_no_term_and_is_suggested_where_no_term_stands() -> None:
    base = TermBase(
        (
            Concept.of(concept="partner", kind="translate", vi="đối tác đối thoại", en="partner"),
            Concept.of(concept="dialogue", kind="suggest", vi="đối thoại", en="dialogue"),
            Concept.of(concept="in-french", kind="suggest", vi="hội nghị", fr="conférence"),
        )
    )
    text = "Hội nghị bàn đối thoại với đối tác đối thoại."
    terms = base.find(text, "en", on=SUMMIT)
    assert [hit.concept for hit in terms] == ["partner"]
    (hit,) = base.suggestions(text, "en", on=SUMMIT, beside=terms)
    assert (hit.concept, hit.rendering, hit.start) == ("dialogue", "dialogue", text.index("đối"))
    assert not base.matches("Hội nghị", on=SUMMIT)
