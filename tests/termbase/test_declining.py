"""Russian renderings put into the case that the word before them asks for."""

from __future__ import annotations

import pytest

from vietwire.termbase.cases import put_in_case
from vietwire.termbase.verifying.russian import Russian

RUSSIAN = Russian()


@pytest.mark.parametrize(
    ("rendering", "case", "right"),
    [
        ("37-й саммит АСЕАН", "loct", "37-м саммите АСЕАН"),
        ("38-я ассамблея", "accs", "38-ю ассамблею"),
        ("сопутствующие конференции", "gent", "сопутствующих конференций"),
        ("пандемия COVID-19", "ablt", "пандемией COVID-19"),
        ("премьер-министр Нгуен Суан Фук", "datv", "премьер-министру Нгуен Суан Фук"),
        ("генеральный секретарь АСЕАН", "ablt", "генеральным секретарем АСЕАН"),
        ("мир и стабильность", "gent", "мира и стабильности"),
        (
            "Министерство культуры, спорта и туризма",
            "gent",
            "Министерства культуры, спорта и туризма",
        ),
        ("Вторая мировая война", "loct", "Второй мировой войне"),
        ("Рамочная программа восстановления", "accs", "Рамочную программу восстановления"),
        ("Республика Корея", "gent", "Республики Корея"),
        ("АСЕАН", "gent", ""),
        ("три столпа", "gent", ""),
        ("объявить", "gent", ""),
        ("страны-члены АСЕАН", "accs", ""),
        ("Генеральный секретарь, президент страны", "gent", ""),
    ],
)
def test_a_noun_phrase_is_declined_with_what_agrees(rendering: str, case: str, right: str) -> None:
    assert RUSSIAN.decline(rendering, case) == right


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("в рамках Сообщество АСЕАН", "в рамках Сообщества АСЕАН"),
        ("с Китай и Япония", "с Китаем и Японией"),
        ("включая Китай, Япония и Китай,", "включая Китай, Японию и Китай,"),
        ("от апрель", "от апреля"),
        ("с апрель и в апрель", "с апреля и в апреле"),
        ("Для Китай, Япония важна", "Для Китая, Япония важна"),
        ("в Китай", "в Китай"),  # or is it on its way there?
        ("в Ханой", "в Ханое"),  # the source says that it is inside
        ("Китай заявил", "Китай заявил"),
        ("с Китайцы и с Китаем", "с Китайцы и с Китаем"),
        ("через АСЕАН", "через АСЕАН"),
    ],
)
def test_a_preposition_puts_a_bare_rendering_into_its_case(said: str, right: str) -> None:
    names = ["Сообщество АСЕАН", "АСЕАН", "Китай", "Япония", "апрель", "Ханой"]
    assert put_in_case(said, names, inside=["Ханой"]) == right
