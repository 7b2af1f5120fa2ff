"""Articles of renderings, set and joined."""

from __future__ import annotations

import pytest

from vietwire.text import begin_with_article, join_articles, set_articles

SEA = {"en": ("East Sea", "the"), "fr": ("mer Orientale", "la"), "es": ("Mar del Este", "el")}


@pytest.mark.parametrize(
    ("language", "said", "right"),
    [
        ("en", "Peace in East Sea.", "Peace in the East Sea."),
        ("en", "Peace in the East Sea.", "Peace in the East Sea."),
        ("en", "East Sea and East Sea", "East Sea and the East Sea"),
        ("en", "a calm East Sea", "a calm East Sea"),
        ("en", "of East Seaside and North-East Sea", "of East Seaside and North-East Sea"),
        ("fr", "autour de mer Orientale", "autour de la mer Orientale"),
        ("fr", "conduite en mer Orientale", "conduite en mer Orientale"),
        ("es", "sobre Mar del Este", "sobre el Mar del Este"),
        ("ru", "в East Sea", "в East Sea"),
    ],
)
def test_a_name_after_a_preposition_gets_its_article(language: str, said: str, right: str) -> None:
    assert set_articles(said, language, dict([SEA.get(language, SEA["en"])])) == right


def test_an_elided_preposition_gives_way_to_an_elided_article() -> None:
    names = {"Assemblée nationale": "l'"}
    assert set_articles("la séance d'Assemblée nationale", "fr", names) == (
        "la séance de l'Assemblée nationale"
    )


@pytest.mark.parametrize(
    ("language", "said", "right"),
    [
        ("fr", "le rôle de le Premier ministre", "le rôle du Premier ministre"),
        ("fr", "À le Premier ministre", "Au Premier ministre"),
        ("fr", "du le Premier ministre", "du Premier ministre"),
        ("fr", "il vient de le faire", "il vient de le faire"),
        ("fr", "le le Premier ministre et le le temps", "le Premier ministre et le le temps"),
        ("es", "a través de el Premier ministre", "a través del Premier ministre"),
        ("es", "de El Premier ministre", "de El Premier ministre"),
        ("en", "of The the Premier ministre", "of The Premier ministre"),
        ("en", "Russia's the Premier ministre", "Russia's Premier ministre"),
        ("en", "under its the Premier ministre", "under its Premier ministre"),
        ("en", "in the Premier ministre", "in the Premier ministre"),
        ("fr", "avec leur le Premier ministre", "avec leur Premier ministre"),
        ("zh", "de le Premier ministre", "de le Premier ministre"),
    ],
)
def test_articles_are_joined_before_a_rendering_only(language: str, said: str, right: str) -> None:
    assert join_articles(said, language, ["Premier ministre"]) == right


@pytest.mark.parametrize(
    ("language", "said", "right"),
    [
        ("en", "East Sea is calm.", "The East Sea is calm."),
        ("en", "East Sea is calm", "East Sea is calm"),  # a headline
        ("en", "East Seaside is calm.", "East Seaside is calm."),
        ("en", "The East Sea is calm.", "The East Sea is calm."),
        ("fr", "Mer Orientale, dit-il, est calme.", "La mer Orientale, dit-il, est calme."),
        ("es", "“Mar del Este” está en calma.", "“Mar del Este” está en calma."),
    ],
)
def test_a_sentence_does_not_begin_with_a_bare_name(language: str, said: str, right: str) -> None:
    assert begin_with_article(said, language, dict([SEA[language]])) == right
