"""Terms across a story: first mention and later ones, one name for one thing; scoring."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from vietwire.story import Severity, TermHit
from vietwire.termbase import TermBase, random_renderings, score_terms
from vietwire.termbase.consistency import in_full

SUMMIT = date(2020, 11, 12)
FULL = "Hiệp định Đối tác Kinh tế Toàn diện Khu vực"


def renderings(base: TermBase, *sources: str, language: str = "en", brief: int = -1) -> list[str]:
    hits = [base.find(source, language, on=SUMMIT) for source in sources]
    rows = base.first_mentions(
        sources, hits, language, brief=frozenset({brief} if brief >= 0 else ())
    )
    return [hit.rendering for row in rows for hit in row]


def test_the_first_mention_is_in_full_and_later_ones_are_short(base: TermBase) -> None:
    assert renderings(base, f"Ký {FULL}.", f"{FULL} có 15 nước.", "RCEP rất lớn.") == [
        "Regional Comprehensive Economic Partnership (RCEP)",
        "RCEP",
        "RCEP",
    ]


def test_the_short_form_is_not_given_twice_where_the_source_gives_it(base: TermBase) -> None:
    assert renderings(base, f"Ký {FULL} (RCEP).") == [
        "Regional Comprehensive Economic Partnership",
        "RCEP",
    ]


def test_the_source_may_give_the_short_form_at_a_later_mention(base: TermBase) -> None:
    source = f"{FULL} (RCEP) có lợi"
    assert renderings(base, f"Ký {FULL}", source)[1:] == [
        "Regional Comprehensive Economic Partnership",
        "RCEP",
    ]


def test_a_headline_gets_no_bracketed_form_and_does_not_count(base: TermBase) -> None:
    assert renderings(base, f"Ký {FULL}", f"Ký {FULL} hôm nay.", brief=0) == [
        "Regional Comprehensive Economic Partnership",
        "Regional Comprehensive Economic Partnership (RCEP)",
    ]


def test_chinese_brackets_are_full_width(base: TermBase) -> None:
    assert renderings(base, f"Ký {FULL}", language="zh") == ["《区域全面经济伙伴关系协定》（RCEP）"]
    asean = base.concept("asean")
    assert asean is not None
    assert in_full(asean, "ru") == ("Ассоциация государств Юго-Восточной Азии (АСЕАН)")


def test_a_first_mention_is_verified_in_full_or_short(base: TermBase) -> None:
    hits = base.find(f"Ký {FULL}.", "en", on=SUMMIT)
    (row,) = base.first_mentions([f"Ký {FULL}."], [hits], "en")
    target = "They signed the Regional Comprehensive Economic Partnership (RCEP) on Sunday."
    (hit,) = base.verify(row, target, "en")
    assert hit.obeyed
    assert hit.target_span is not None
    assert base.verify(row, "They signed RCEP.", "en")[0].obeyed
    assert not base.verify(row, "They signed the regional pact.", "en")[0].obeyed


def rows(base: TermBase, *pairs: tuple[str, str]) -> list[tuple[tuple[TermHit, ...], str]]:
    return [
        (base.verify(base.find(source, "en", on=SUMMIT), target, "en"), target)
        for source, target in pairs
    ]


def test_one_name_for_one_thing_in_a_story(base: TermBase) -> None:
    (finding,) = base.consistent(
        rows(
            base,
            ("Bộ Ngoại giao cho biết", "The Ministry of Foreign Affairs said"),
            ("Bộ Ngoại giao họp", "the ministry of Foreign Affairs met"),
            ("Theo Bộ Ngoại giao", "According to the Foreign Ministry"),
        ),
        "en",
    )
    assert (finding.check, finding.severity, finding.segment) == ("consistency", Severity.WARN, 2)
    assert finding.span == (17, 33)
    assert "'Foreign Ministry'" in finding.message
    assert "'Ministry of Foreign Affairs'" in finding.message


def test_short_after_full_is_as_it_should_be(base: TermBase) -> None:
    good = rows(
        base,
        (FULL, "Regional Comprehensive Economic Partnership (RCEP)"),
        (f"{FULL} lớn", "RCEP is big"),
    )
    assert base.consistent(good, "en") == ()
    (finding,) = base.consistent(good[1:], "en")
    assert finding.severity is Severity.NOTE
    assert "first mention" in finding.action


def test_scores_count_mentions_and_name_what_was_missed(base: TermBase) -> None:
    hits = [base.find(text, "en", on=SUMMIT) for text in ("Biển Đông", "LHQ và Hà Nội")]
    score = score_terms(base, hits, ["the East Sea", "the UN and Saigon"], "en")
    assert (score.mentions, score.obeyed, score.missed) == (3, 2, {"hanoi": 1})
    assert score.rate == pytest.approx(2 / 3)
    assert score_terms(base, [()], ["x"], "en").rate == 1.0
    with pytest.raises(ValueError, match="2 segments but 1"):
        score_terms(base, hits, ["x"], "en")


def test_random_renderings_are_wrong_repeatable_and_verified_as_given(base: TermBase) -> None:
    hits = base.find("Hà Nội, Việt Nam và Liên hợp quốc", "en", on=SUMMIT)
    drawn = random_renderings(base, hits, "en", seed=7)
    assert drawn == random_renderings(base, hits, "en", seed=7)
    assert [h.concept for h in drawn] == [h.concept for h in hits]
    for hit, other in zip(hits, drawn, strict=True):
        concept = base.concept(hit.concept)
        assert concept is not None
        assert other.rendering not in concept.rendering("en").accepted
        # The concept's own rendering does not pass for the one that was asked for.
        assert not base.verify([other], hit.rendering, "en")[0].obeyed
        assert base.verify([other], other.rendering, "en")[0].obeyed
    draws = {random_renderings(base, hits, "en", seed=n) for n in range(5)}
    assert len(draws) > 1


def test_a_hit_of_no_known_concept_is_held_to_its_rendering(base: TermBase) -> None:
    hit = TermHit("desk-choice", "x", 0, 1, "Hue Citadel")
    assert base.verify([hit], "At the Hue Citadel.", "en")[0].obeyed
    assert not base.verify([replace(hit, rendering="Hue")], "Hueberg", "en")[0].obeyed


@pytest.mark.parametrize(
    ("language", "name", "target", "obeyed"),
    [
        ("en", "China", "Chinese officials arrived.", True),
        ("en", "China", "Taiwanese officials arrived.", False),
        ("en", "United States", "the American delegation", True),
        ("en", "Republic of Korea", "South Korean firms", True),
        ("fr", "Chine", "les entreprises chinoises", True),
        ("fr", "Chine", "les entreprises japonaises", False),
        ("fr", "États-Unis", "menée par les Américains", True),
        ("fr", "République de Corée", "la délégation sud-coréenne", True),
        ("es", "Japón", "las empresas japonesas", True),
        ("es", "Alemania", "la canciller alemana", True),
        ("es", "China", "las empresas tailandesas", False),
        ("ru", "США", "американская делегация", True),
        ("ru", "Россия", "с российскими компаниями", True),
        ("ru", "Китай", "не нравилось китайцам", True),
        ("ru", "Китай", "вьетнамские компании", False),
    ],
)
def test_a_country_may_be_rendered_by_its_adjective(
    language: str, name: str, target: str, obeyed: bool
) -> None:
    from vietwire.termbase.model import Concept

    concept = Concept.of(
        **{"concept": "c", "kind": "translate", "vi": "Nước X", language: name},
        **{f"{language}_status": "attested"},
    )
    country = TermBase([concept])
    hits = country.find("Nước X", language, on=SUMMIT)
    (hit,) = country.verify(hits, target, language)
    assert hit.obeyed is obeyed
    # An adjective is no second name of the country.
    assert country.consistent([([hit], target)], language) == ()
