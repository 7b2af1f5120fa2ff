"""A small term base for the tests, in the form that editors keep it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from vietwire.termbase import TermBase
from vietwire.termbase.model import Concept
from vietwire.termbase.table import write_table

SUMMIT = date(2020, 11, 12)

CONCEPTS = (
    Concept.of(
        concept="asean",
        kind="translate",
        domain="body",
        vi="Hiệp hội các quốc gia Đông Nam Á",
        vi_variants="Hiệp hội các nước Đông Nam Á",
        vi_abbr="ASEAN",
        en="Association of Southeast Asian Nations",
        en_short="ASEAN",
        en_status="attested",
        fr="Association des nations de l'Asie du Sud-Est",
        fr_short="ASEAN",
        fr_forbidden="ANASE",
        fr_status="attested",
        zh="东南亚国家联盟",
        zh_short="东盟",
        zh_status="attested",
        ru="Ассоциация государств Юго-Восточной Азии",
        ru_short="АСЕАН",
        ru_status="attested",
        source="https://en.vietnamplus.vn/ | https://fr.vietnamplus.vn/",
    ),
    Concept.of(
        concept="bien-dong",
        kind="translate",
        domain="place",
        vi="Biển Đông",
        en="East Sea",
        en_forbidden="South China Sea",
        en_status="attested",
        fr="mer Orientale",
        fr_forbidden="mer de Chine méridionale | mer de Chine du Sud",
        fr_status="attested",
        es="Mar del Este",
        es_forbidden="mar de China Meridional | mar Meridional de China | mar del Sur de China",
        es_status="attested",
        zh="东海",
        zh_forbidden="南海 | 南中国海",
        zh_status="attested",
        ru="Восточное море",
        ru_forbidden="Южно-Китайское море",
        ru_status="attested",
        note='House style: "South China Sea" never, in any language.',
    ),
    Concept.of(
        concept="asean-summit",
        kind="translate",
        domain="summit",
        vi="Hội nghị Cấp cao ASEAN",
        en="ASEAN Summit",
        en_status="attested",
        ru="саммит АСЕАН",
        ru_status="attested",
    ),
    Concept.of(
        concept="asean-summit-37",
        kind="translate",
        domain="summit",
        vi="Hội nghị Cấp cao ASEAN lần thứ 37",
        vi_abbr="HNCC ASEAN 37",
        en="37th ASEAN Summit",
        en_status="attested",
        fr="37e Sommet de l'ASEAN",
        fr_status="attested",
        es="XXXVII Cumbre de la ASEAN",
        es_status="attested",
        zh="第37届东盟峰会",
        zh_status="attested",
        ru="37-й саммит АСЕАН",
        ru_status="attested",
    ),
    Concept.of(
        concept="rcep",
        kind="translate",
        domain="agreement",
        vi="Hiệp định Đối tác Kinh tế Toàn diện Khu vực",
        vi_abbr="RCEP",
        en="Regional Comprehensive Economic Partnership",
        en_short="RCEP",
        en_forms="Regional Comprehensive Economic Partnership Agreement | RCEP agreement",
        en_status="attested",
        zh="《区域全面经济伙伴关系协定》",
        zh_short="RCEP",
        zh_status="attested",
    ),
    Concept.of(
        concept="coc",
        kind="translate",
        domain="instrument",
        vi="Bộ Quy tắc ứng xử ở Biển Đông",
        vi_abbr="COC",
        context="Biển Đông | ASEAN",
        en="Code of Conduct in the East Sea",
        en_short="COC",
        en_status="attested",
    ),
    Concept.of(
        concept="development-triangle",
        kind="translate",
        domain="mekong",
        vi="Tam giác phát triển Campuchia - Lào - Việt Nam",
        en="Cambodia-Laos-Vietnam Development Triangle",
        en_status="attested",
    ),
    Concept.of(
        concept="united-nations",
        kind="translate",
        domain="body",
        vi="Liên hợp quốc",
        vi_abbr="LHQ",
        en="United Nations",
        en_short="UN",
        en_status="attested",
        ru="Организация Объединенных Наций",
        ru_short="ООН",
        ru_status="attested",
    ),
    Concept.of(
        concept="foreign-ministry",
        kind="translate",
        domain="office",
        vi="Bộ Ngoại giao",
        vi_abbr="BNG",
        en="Ministry of Foreign Affairs",
        en_forms="Foreign Ministry",
        en_status="attested",
    ),
    Concept.of(
        concept="vna",
        kind="translate",
        domain="vna",
        vi="Thông tấn xã Việt Nam",
        vi_abbr="TTXVN",
        en="Vietnam News Agency",
        en_short="VNA",
        en_status="attested",
    ),
    Concept.of(
        concept="pm-phuc",
        kind="translate",
        domain="leader",
        vi="Thủ tướng Nguyễn Xuân Phúc",
        en="Prime Minister Nguyen Xuan Phuc",
        en_short="PM Phuc",
        en_status="attested",
        valid_from="2016-04-07",
        valid_until="2021-04-05",
    ),
    Concept.of(
        concept="president-phuc",
        kind="translate",
        domain="leader",
        vi="Chủ tịch nước Nguyễn Xuân Phúc",
        en="President Nguyen Xuan Phuc",
        en_status="attested",
        valid_from="2021-04-05",
        valid_until="2023-01-18",
    ),
    Concept.of(
        concept="phuc",
        kind="translate",
        domain="leader",
        vi="Nguyễn Xuân Phúc",
        en="Nguyen Xuan Phuc",
        en_status="attested",
    ),
    Concept.of(
        concept="hanoi",
        kind="translate",
        domain="place",
        vi="Hà Nội",
        en="Hanoi",
        en_status="attested",
    ),
    Concept.of(
        concept="vietnam",
        kind="translate",
        domain="place",
        vi="Việt Nam",
        en="Vietnam",
        en_status="attested",
    ),
    Concept.of(
        concept="france",
        kind="translate",
        domain="place",
        vi="Pháp",
        en="France",
        en_status="attested",
    ),
    Concept.of(
        concept="germany",
        kind="translate",
        domain="place",
        vi="Đức",
        en="Germany",
        en_status="attested",
    ),
    Concept.of(
        concept="covid",
        kind="translate",
        domain="covid",
        vi="COVID-19",
        en="COVID-19",
        en_status="attested",
    ),
    Concept.of(concept="vovworld", kind="keep", domain="name", vi="VOVWORLD"),
    Concept.of(
        concept="central-role",
        kind="translate",
        domain="phrase",
        vi="vai trò trung tâm",
        en="centrality",
        en_forbidden="center role",
        en_status="confirm",
    ),
)


@pytest.fixture(scope="session")
def base() -> TermBase:
    return TermBase(CONCEPTS)


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    """A glossary folder that holds the small base."""
    folder = tmp_path / "glossary"
    folder.mkdir()
    (folder / "terms.csv").write_bytes(write_table(CONCEPTS))
    return folder


@pytest.fixture
def found(base: TermBase) -> Callable[..., list[tuple[str, str]]]:
    """(source form, concept) of what is found in a Vietnamese text."""

    def find(text: str, on: date = SUMMIT, context: str = "") -> list[tuple[str, str]]:
        return [
            (text[m.start : m.end], m.entry.concept.id)
            for m in base.matches(text, on=on, context=context)
        ]

    return find
