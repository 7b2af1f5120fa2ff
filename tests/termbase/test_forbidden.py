"""What house style forbids, in every form that a language gives it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vietwire.termbase import TermBase

SUMMIT = date(2020, 11, 12)

ALWAYS = {
    "en": [
        "South China Sea",
        "the South China Sea issue",
        "SOUTH CHINA SEA",
        "south china sea",
        "the South-China Sea",
        "the South China Sea's waters",
        "disputes in the “South China Sea”",
    ],
    "fr": [
        "mer de Chine méridionale",
        "en mer de Chine méridionale",
        "Mer de Chine Méridionale",
        "MER DE CHINE MÉRIDIONALE",
        "la mer de Chine du Sud",
        "la Mer de Chine du sud",
        "de la mer de Chine méridionale",
    ],
    "es": [
        "Mar de China Meridional",
        "mar de China meridional",
        "el mar de la China Meridional",
        "mar Meridional de China",
        "el Mar Meridional de la China",
        "mar del Sur de China",
        "el mar del sur de la China",
        "del Mar del Sur de China",
    ],
    "zh": ["南海", "南海问题", "在南海地区", "南中国海", "“南海行为准则”", "南 海", "中国南海"],
    "ru": [
        "Южно-Китайское море",
        "в Южно-Китайском море",
        "Южно-Китайского моря",
        "Южно-Китайскому морю",
        "Южно-Китайским морем",
        "в южно-китайском море",
        "ЮЖНО-КИТАЙСКОЕ МОРЕ",
        "«Южно–Китайское море»",
    ],
}
NEVER = {
    "en": [
        "the East Sea",
        "South China and the sea",
        "the South China Morning Post",
        "South China. Sea levels rise",
        "southern China's sea ports",
    ],
    "fr": ["la mer Orientale", "la mer et la Chine du Sud", "mer de Chine orientale"],
    "es": ["el Mar del Este", "el sur de China", "el mar de China Oriental"],
    "zh": [
        "东海",
        "越南海军",
        "河南海关",
        "佛山市南海区",
        "海南海口",
        "东南海域",
        "云南海拔",
        "天南海北",
    ],
    "ru": ["Восточное море", "Южный Китай и море", "Восточно-Китайское море", "южное море"],
}
CASES = [(lang, text, True) for lang, texts in ALWAYS.items() for text in texts] + [
    (lang, text, False) for lang, texts in NEVER.items() for text in texts
]


@pytest.fixture(scope="module")
def shipped() -> TermBase:
    return TermBase.load(Path(__file__).parents[2] / "glossary")


@pytest.mark.parametrize(("language", "text", "forbidden"), CASES)
def test_the_shipped_base_never_lets_the_sea_have_its_other_name(
    shipped: TermBase, language: str, text: str, forbidden: bool
) -> None:
    hits = shipped.forbidden(text, language, on=SUMMIT)
    assert bool(hits) is forbidden
    for hit in hits:
        assert hit.concept in ("bien-dong", "bien-nam-trung-hoa")
        assert hit.rendering
    # Whatever the source says: the rule knows no exception but an editor's.
    again = shipped.forbidden(text, language, source="Tin thời tiết hôm nay.", on=SUMMIT)
    assert bool(again) is forbidden


def test_the_place_of_a_forbidden_form_is_given(base: TermBase) -> None:
    text = "Tension rose in the South China Sea, and in the south china sea again."
    hits = base.forbidden(text, "en", on=SUMMIT)
    assert [text[h.start : h.end] for h in hits] == ["South China Sea", "south china sea"]
    assert {(h.form, h.rendering, h.concept) for h in hits} == {
        ("South China Sea", "East Sea", "bien-dong")
    }


def test_a_wrong_name_is_forbidden_where_the_source_has_its_concept() -> None:
    from vietwire.termbase.model import Concept

    base = TermBase(
        [
            Concept.of(
                concept="ho-chi-minh-city",
                kind="translate",
                vi="Thành phố Hồ Chí Minh",
                en="Ho Chi Minh City",
                en_forbidden="Saigon",
                en_status="attested",
            ),
            Concept.of(
                concept="the-sea", kind="forbid", vi="Biển Nam", en_forbidden="South China Sea"
            ),
        ]
    )
    source = "TP.HCM nằm bên sông Sài Gòn."
    assert [h.concept for h in base.forbidden("Saigon", "en", source=source, on=SUMMIT)] == [
        "ho-chi-minh-city"
    ]
    assert not base.forbidden("the Saigon River", "en", source="sông Sài Gòn", on=SUMMIT)
    assert base.forbidden("Saigon", "en", on=SUMMIT)
    # Kind forbid asks nobody.
    assert base.forbidden("South China Sea", "en", source="sông Sài Gòn", on=SUMMIT)


def test_a_forbidden_form_inside_an_approved_rendering_is_left_alone() -> None:
    from vietwire.termbase.model import Concept

    base = TermBase(
        [
            Concept.of(
                concept="korea",
                kind="translate",
                vi="Hàn Quốc",
                en="Republic of Korea",
                en_forbidden="Korea Times",
                en_status="attested",
            ),
            Concept.of(
                concept="paper",
                kind="translate",
                vi="Báo Thời báo Hàn",
                en="The Korea Times Daily",
                en_status="attested",
            ),
        ]
    )
    text = "The Korea Times Daily reported"
    assert base.forbidden(text, "en", on=SUMMIT)
    assert not base.forbidden(text, "en", source="Báo Thời báo Hàn viết", on=SUMMIT)


def test_a_rule_out_of_its_dates_does_not_hold() -> None:
    from vietwire.termbase.model import Concept

    base = TermBase(
        [
            Concept.of(
                concept="old",
                kind="forbid",
                vi="tên cũ",
                en_forbidden="Old Name",
                valid_until="2020-12-31",
            )
        ]
    )
    assert base.forbidden("the Old Name", "en", on=SUMMIT)
    assert not base.forbidden("the Old Name", "en", on=date(2021, 1, 1))


def test_empty_text_and_empty_base_forbid_nothing(base: TermBase) -> None:
    assert base.forbidden("", "en", on=SUMMIT) == ()
    assert TermBase().forbidden("South China Sea", "en", on=SUMMIT) == ()
