"""The newsroom's own term base: what the desk relies on in the table it ships with."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from vietwire.story import TARGET_LANGUAGES
from vietwire.termbase import TermBase, TermKind
from vietwire.termbase.consistency import in_full

GLOSSARY = Path(__file__).parents[2] / "glossary"
SUMMIT = date(2020, 11, 12)

#: An abbreviation in brackets at the end belongs into the column of short forms.
BRACKETED = re.compile(r"[(（][A-Z][A-Z0-9+ -]+[)）]$")
HOUSE_NAME = {
    "en": "East Sea",
    "fr": "mer Orientale",
    "es": "Mar del Este",
    "zh": "东海",
    "ru": "Восточное море",
}
SOUTH_CHINA_SEA = {
    "en": ("the dispute in the South China Sea",),
    "fr": (
        "le différend en mer de Chine méridionale",
        "la mer de Chine du Sud",
        "la mer de Chine meridionale",
    ),
    "es": (
        "la disputa en el mar de China Meridional",
        "el mar Meridional de China",
        "el mar del Sur de China",
        "el mar de la China Meridional",
        "el mar Meridional de la China",
        "el mar del Sur de la China",
        "el mar de China del Sur",
    ),
    "zh": ("南海问题", "南中国海"),
    "ru": ("в Южно-Китайском море", "Южно-Китайское море"),
}
EAST_SEA = {
    "en": "peace and stability in the East Sea",
    "fr": "la paix et la stabilité en mer Orientale",
    "es": "la paz y la estabilidad en el Mar del Este",
    "zh": "维护东海和平与稳定",
    "ru": "мир и стабильность в Восточном море",
}


@pytest.fixture(scope="module")
def base() -> TermBase:
    return TermBase.load(GLOSSARY)


def test_it_holds_at_least_three_hundred_terms_rendered_in_every_language(
    base: TermBase,
) -> None:
    terms = [concept for concept in base.concepts if concept.kind is not TermKind.SUGGEST]
    complete = [
        concept
        for concept in terms
        if all(concept.rendering(language).text for language in TARGET_LANGUAGES)
    ]
    assert len(complete) >= 300
    assert len(complete) == len(terms)


def test_renderings_can_stand_inside_a_sentence(base: TermBase) -> None:
    awkward = [
        (concept.id, language, text)
        for concept in base.concepts
        for language in TARGET_LANGUAGES
        for text in [concept.rendering(language).text]
        if text != text.strip() or BRACKETED.search(text)
    ]
    assert awkward == []


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
def test_the_foreign_name_of_bien_dong_is_forbidden(base: TermBase, language: str) -> None:
    for text in SOUTH_CHINA_SEA[language]:
        hits = base.forbidden(text, language, source="", on=SUMMIT)
        assert [hit.rendering for hit in hits] == [HOUSE_NAME[language]], text


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
def test_the_house_name_of_bien_dong_is_approved(base: TermBase, language: str) -> None:
    (hit,) = [
        hit
        for hit in base.find("Giữ hòa bình ở Biển Đông.", language, on=SUMMIT)
        if hit.concept == "bien-dong"
    ]
    (checked,) = base.verify([hit], EAST_SEA[language], language)
    assert checked.obeyed
    assert base.forbidden(EAST_SEA[language], language, source="", on=SUMMIT) == ()


def test_the_vietnamese_navy_is_not_the_forbidden_sea(base: TermBase) -> None:
    assert base.forbidden("越南海军和越南海关", "zh", source="", on=SUMMIT) == ()


def test_the_east_china_sea_is_another_sea(base: TermBase) -> None:
    (hit,) = base.find("Tình hình biển Hoa Đông phức tạp.", "zh", on=SUMMIT)
    assert (hit.concept, hit.rendering) == ("east-china-sea", "东中国海")


@pytest.mark.parametrize(
    ("day", "found"),
    [(date(2020, 11, 12), "pm-phuc"), (date(2021, 6, 1), "prime-minister")],
)
def test_a_title_counts_only_while_its_holder_was_in_office(
    base: TermBase, day: date, found: str
) -> None:
    hits = base.find("Thủ tướng Nguyễn Xuân Phúc tiếp khách.", "en", on=day)
    assert hits[0].concept == found


@pytest.mark.parametrize(
    "place",
    """Bandar Seri Begawan | Phnom Penh | Jakarta | Viêng Chăn | Kuala Lumpur | Nay Pyi Taw | Manila
    Singapore | Bangkok | Hà Nội | Canberra | Ottawa | Bắc Kinh | Brussels | New Delhi | Tokyo
    Wellington | Seoul | Moskva | Washington""".replace("\n", " | ").split(" | "),
)
def test_every_member_and_dialogue_partner_has_its_capital(base: TermBase, place: str) -> None:
    (hit,) = base.find(f"Hội nghị họp ở {place.strip()}.", "ru", on=SUMMIT)
    assert hit.source_form == place.strip()


@pytest.mark.parametrize(
    "office",
    [
        "Bộ trưởng Quốc phòng Ngô Xuân Lịch",
        "Bộ trưởng Công an Tô Lâm",
        "Bộ trưởng Nội vụ Lê Vĩnh Tân",
        "Bộ trưởng Tư pháp Lê Thành Long",
        "Bộ trưởng Kế hoạch và Đầu tư Nguyễn Chí Dũng",
        "Bộ trưởng Tài chính Đinh Tiến Dũng",
        "Bộ trưởng Công Thương Trần Tuấn Anh",
        "Bộ trưởng Nông nghiệp và Phát triển nông thôn Nguyễn Xuân Cường",
        "Bộ trưởng Giao thông Vận tải Nguyễn Văn Thể",
        "Bộ trưởng Xây dựng Phạm Hồng Hà",
        "Bộ trưởng Tài nguyên và Môi trường Trần Hồng Hà",
        "Bộ trưởng Thông tin và Truyền thông Nguyễn Mạnh Hùng",
        "Bộ trưởng Lao động - Thương binh và Xã hội Đào Ngọc Dung",
        "Bộ trưởng Văn hóa, Thể thao và Du lịch Nguyễn Ngọc Thiện",
        "Bộ trưởng Khoa học và Công nghệ Huỳnh Thành Đạt",
        "Bộ trưởng Giáo dục và Đào tạo Phùng Xuân Nhạ",
        "Bộ trưởng Bộ Y tế Nguyễn Thanh Long",
        "Thống đốc Ngân hàng Nhà nước Việt Nam Nguyễn Thị Hồng",
        "Tổng Thanh tra Chính phủ Lê Minh Khái",
        "Bộ trưởng, Chủ nhiệm Ủy ban Dân tộc Đỗ Văn Chiến",
        "Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ Mai Tiến Dũng",
        "Thường trực Ban Bí thư Trần Quốc Vượng",
        "Phó Chủ tịch Quốc hội Uông Chu Lưu",
    ],
)
def test_the_leaders_of_november_2020_are_one_term_with_their_office(
    base: TermBase, office: str
) -> None:
    (hit,) = base.find(f"{office} phát biểu.", "en", on=SUMMIT)
    concept = base.concept(hit.concept)
    assert (hit.source_form, concept and concept.domain) == (office, "person")
    assert concept
    assert concept.valid_from


@pytest.mark.parametrize(
    ("vietnamese", "language", "rendering"),
    [
        ("Hội nghị Cấp cao ASEAN lần thứ 37", "es", "XXXVII Cumbre de la ASEAN"),
        ("Hội nghị Cấp cao ASEAN lần thứ 37", "ru", "37-й саммит АСЕАН"),
        ("Hội nghị Cấp cao ASEAN+3 lần thứ 23", "en", "23rd ASEAN+3 Summit"),
        ("Thủ tướng Nguyễn Xuân Phúc", "zh", "越南政府总理阮春福"),
        ("Thủ tướng Nguyễn Xuân Phúc", "ru", "премьер-министр Нгуен Суан Фук"),
        ("Chủ tịch Quốc hội Nguyễn Thị Kim Ngân", "zh", "越南国会主席阮氏金银"),
        ("Thủ tướng Nhật Bản Suga Yoshihide", "zh", "日本首相菅义伟"),
        ("Thủ tướng Campuchia", "zh", "柬埔寨首相"),
        ("Thủ tướng Đức", "en", "German Chancellor"),
        ("phóng viên TTXVN tại Jakarta", "ru", "корреспондент ВИА в Джакарте"),
        ("Hàn Quốc", "fr", "République de Corée"),
        ("Bộ Ngoại giao", "es", "Cancillería"),
    ],
)
def test_names_of_state_are_rendered_as_the_house_writes_them(
    base: TermBase, vietnamese: str, language: str, rendering: str
) -> None:
    (hit,) = base.find(vietnamese, language, on=SUMMIT)
    assert hit.rendering == rendering


def test_every_attested_rendering_of_the_spine_names_its_source(base: TermBase) -> None:
    unsourced = [
        (concept.id, language)
        for concept in base.concepts
        for language in TARGET_LANGUAGES
        if concept.rendering(language).status == "attested" and not concept.source
    ]
    assert unsourced == []


def _numbers(text: str) -> set[str]:
    digits = "".join(c if c.isascii() and c.isdigit() else " " for c in text)
    return set(digits.split())


def _roman(number: int) -> str:
    out = ""
    for value, letters in (
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while number >= value:
            out += letters
            number -= value
    return out


def _wrong_numbers(base: TermBase) -> Iterator[tuple[str, str, str]]:
    for concept in base.concepts:
        if concept.domain not in ("summit", "mekong", "meeting"):
            continue
        for language in TARGET_LANGUAGES:
            text = concept.rendering(language).text
            for number in _numbers(concept.vi.replace("COVID-19", "")):
                spelled = {"4": ("四",), "2": ("二",)}.get(number, ())
                accepted = number in _numbers(text) or _roman(int(number)) in text.split()
                if not accepted and not any(word in text for word in spelled):
                    yield concept.id, language, text


def test_numbered_summits_keep_their_number_in_every_language(base: TermBase) -> None:
    assert list(_wrong_numbers(base)) == []


@pytest.mark.parametrize(
    ("sentence", "concepts"),
    [
        ("Tại Bangkok, hội nghị kết thúc.", ["bangkok"]),
        ("Từ Moskva, phóng viên đưa tin.", ["moscow"]),
        ("Giữa Nga và Mỹ còn khác biệt.", ["russia", "usa"]),
        ("Từ Mỹ Tho về Lào Cai.", ["lao-cai"]),
        ("Chủ tịch ASEAN-BAC phát biểu.", ["asean-bac"]),
        ("Chủ tịch ASEAN phát biểu.", ["asean-chair"]),
        ("PV TTXVN tại Bắc Kinh đưa tin.", ["vna-reporter-beijing"]),
        ("Đoàn Lào về nhất. Đoàn Thái Lan về nhì.", ["laos", "thailand"]),
        ("Trường Sa Đéc khai giảng, Trường Sa đón đoàn.", ["truong-sa"]),
    ],
)
def test_places_and_bodies_are_found_where_news_copy_puts_them(
    base: TermBase, sentence: str, concepts: list[str]
) -> None:
    assert [hit.concept for hit in base.find(sentence, "en", on=SUMMIT)] == concepts


@pytest.mark.parametrize(
    ("vietnamese", "language", "target"),
    [
        ("Việt Nam", "fr", "le Premier ministre du Viet Nam"),
        ("Bộ Tài chính", "en", "the Finance Ministry said"),
        ("Bộ Tư pháp", "en", "the Justice Ministry said"),
        ("Mục tiêu phát triển bền vững", "en", "every Sustainable Development Goal"),
        ("Bộ Nội vụ", "en", "the Home Affairs Ministry said"),
        ("Tổng Thư ký ASEAN Lim Jock Hoi", "en", "ASEAN Secretary General Lim Jock Hoi said"),
    ],
)
def test_usual_orders_and_spellings_obey_the_term(
    base: TermBase, vietnamese: str, language: str, target: str
) -> None:
    (checked,) = base.verify(base.find(vietnamese, language, on=SUMMIT), target, language)
    assert checked.obeyed


@pytest.mark.parametrize(
    ("vietnamese", "language", "target", "obeyed"),
    [
        ("Tổng thống Donald Trump", "en", "President Donald Trump said", True),
        ("Tổng thống Donald Trump", "en", "US President Donald Trump said", True),
        ("Tổng thống Donald Trump", "fr", "le président Donald Trump", True),
        ("Tổng thống Donald Trump", "es", "el presidente Donald Trump", True),
        ("Tổng thống Donald Trump", "zh", "特朗普总统表示", True),
        ("Tổng thống Donald Trump", "ru", "президента Дональда Трампа", True),
        ("Tổng thống Donald Trump", "en", "President Joe Biden said", False),
        ("Thủ tướng Lý Khắc Cường", "en", "Premier Li Keqiang said", True),
        ("Thủ tướng Suga Yoshihide", "zh", "首相菅义伟表示", True),
        ("Thủ tướng Suga Yoshihide", "zh", "总理菅义伟表示", False),
        ("Thủ tướng Jacinda Ardern", "es", "la primera ministra, Jacinda Ardern", True),
        ("Thủ tướng Angela Merkel", "en", "Chancellor Angela Merkel said", True),
        ("Thủ tướng Angela Merkel", "en", "Prime Minister Angela Merkel said", False),
        ("bầu cử Tổng thống", "en", "the presidential election", True),
        ("bầu cử tổng thống", "fr", "l'élection présidentielle", True),
        ("bầu cử Tổng thống", "ru", "на президентских выборах", True),
        ("bầu cử Tổng thống", "es", "las elecciones parlamentarias", False),
        ("Phó Tổng thống", "es", "el vicepresidente Mike Pence", True),
        ("Phó Tổng thống", "es", "el presidente", False),
        ("ứng cử viên Tổng thống", "ru", "кандидату в президенты", True),
        ("Quốc hội New Zealand", "en", "the seats in Parliament", True),
        ("Quốc hội Anh", "fr", "le Parlement britannique", True),
        ("Quốc hội Peru", "es", "el Congreso de Perú", True),
        ("Quốc hội", "en", "the seats in Parliament", False),
        ("19 xu Mỹ", "ru", "на 19 центов", True),
        ("hòa bình, ổn định", "fr", "de la paix, de la stabilité et de la sécurité", True),
    ],
)
def test_leaders_and_elections_abroad_are_named_as_good_copy_names_them(
    base: TermBase, vietnamese: str, language: str, target: str, *, obeyed: bool
) -> None:
    (checked,) = base.verify(base.find(vietnamese, language, on=SUMMIT), target, language)
    assert checked.obeyed is obeyed


@pytest.mark.parametrize(
    ("vietnamese", "target", "missed"),
    [
        ("Thương mại Việt Nam - EU tăng.", "越欧贸易增长。", []),
        ("Thương mại Việt Nam - EU tăng.", "欧越贸易增长。", []),
        ("Quan hệ Trung Quốc - Việt Nam phát triển.", "中越关系不断发展。", []),
        ("Quan hệ Trung Quốc - Việt Nam phát triển.", "中、越两国关系不断发展。", []),
        ("Căng thẳng Mỹ - Trung gia tăng.", "美中关系紧张加剧。", []),
        ("Nhật Bản dự họp với Trung Quốc, Mỹ.", "11月9日中美两国开会。", ["Nhật Bản"]),
        ("Trung Quốc họp.", "中、中举行会议。", ["Trung Quốc"]),
        ("Hàn Quốc, Nhật Bản và Trung Quốc họp.", "中日韩三国举行会议。", []),
        ("Ấn Độ và Pakistan họp.", "印巴举行会谈。", []),
        ("Thương mại Việt Nam - EU tăng.", "贸易增长。", ["Việt Nam", "EU"]),
        ("Thương mại Việt Nam - EU tăng.", "越南贸易增长。", ["EU"]),
        ("Thương mại Việt Nam - EU tăng.", "越美贸易增长。", ["EU"]),
        ("Đoàn Mỹ thăm Trung Quốc.", "代表团访问其中美丽的城市。", ["Mỹ", "Trung Quốc"]),
        ("Hôm nay phía Mỹ tuyên bố.", "向该地区的中美洲国家提供援助。", ["Mỹ"]),
    ],
)
def test_chinese_names_two_countries_by_one_character_each(
    base: TermBase, vietnamese: str, target: str, missed: list[str]
) -> None:
    hits = base.verify(base.find(vietnamese, "zh", on=SUMMIT), target, "zh")
    assert [hit.source_form for hit in hits if not hit.obeyed] == missed
    for hit in hits:
        assert not hit.obeyed or hit.target_span


@pytest.mark.parametrize(
    ("vietnamese", "language", "target", "missed"),
    [
        ("quan hệ Nga - Việt Nam", "ru", "российско-вьетнамские отношения", []),
        ("quan hệ Mỹ - Hàn Quốc", "ru", "на американо-южнокорейских учениях", []),
        ("quan hệ Trung Quốc - Việt Nam", "fr", "les relations sino-vietnamiennes", []),
        ("quan hệ Pháp - Đức", "es", "las relaciones franco-alemanas", []),
        ("quan hệ Trung Quốc - Ấn Độ", "en", "Sino-Indian ties", []),
        ("quan hệ Nga - Việt Nam", "ru", "китайско-вьетнамские отношения", ["Nga"]),
        ("quan hệ Trung Quốc - Việt Nam", "fr", "les relations franco-vietnamiennes",
         ["Trung Quốc"]),
        ("quan hệ Trung Quốc - Ấn Độ", "en", "Indian ties", ["Trung Quốc"]),
    ],
)  # fmt: skip
def test_an_adjective_of_two_countries_names_both(
    base: TermBase, vietnamese: str, language: str, target: str, missed: list[str]
) -> None:
    hits = base.verify(base.find(vietnamese, language, on=SUMMIT), target, language)
    assert [hit.source_form for hit in hits if not hit.obeyed] == missed


@pytest.mark.parametrize(
    ("vietnamese", "language", "target", "missed"),
    [
        (
            "Bộ trưởng Ngoại giao Indonesia Retno Marsudi",
            "fr",
            "la ministre indonésienne des Affaires étrangères, Retno Marsudi",
            [],
        ),
        (
            "Ngoại trưởng Ba Lan",
            "fr",
            "le ministre polonais des Affaires étrangères",
            [],
        ),
        (
            "Bộ trưởng Ngoại giao Indonesia",
            "es",
            "el ministro indonesio de Relaciones Exteriores",
            [],
        ),
        (
            "Ngoại trưởng Armenia",
            "es",
            "el ministro armenio de Relaciones Exteriores",
            [],
        ),
        (
            "Bộ trưởng Ngoại giao Indonesia",
            "fr",
            "le ministre délégué des Affaires étrangères d'Indonésie",
            ["Bộ trưởng Ngoại giao"],
        ),
        (
            "Bộ trưởng Ngoại giao Indonesia",
            "fr",
            "le ministre indonésien de la Défense",
            ["Bộ trưởng Ngoại giao"],
        ),
    ],
)
def test_a_minister_may_have_the_adjective_of_the_country_in_the_title(
    base: TermBase, vietnamese: str, language: str, target: str, missed: list[str]
) -> None:
    hits = base.verify(base.find(vietnamese, language, on=SUMMIT), target, language)
    assert [hit.source_form for hit in hits if not hit.obeyed] == missed
    assert base.consistent([(hits, target)], language) == ()


@pytest.mark.parametrize(
    ("vietnamese", "language", "target", "obeyed"),
    [
        (
            "Thủ tướng New Zealand Jacinda Ardern giành 65 ghế tại Quốc hội.",
            "en",
            "New Zealand Prime Minister Jacinda Ardern won 65 seats in Parliament.",
            True,
        ),
        ("Phía Israel giải tán Quốc hội.", "en", "Israel dissolved the Knesset.", True),
        ("Theo luật Mỹ, Quốc hội phải bỏ phiếu.", "fr", "Le Congrès américain doit voter.", True),
        ("Theo luật Mỹ, Quốc hội phải bỏ phiếu.", "ru", "В США голосует конгресс.", True),
        ("Theo luật Ba Lan, Quốc hội phải họp.", "zh", "根据波兰法律，议会须开会。", True),
        ("Theo luật Peru, Quốc hội phải họp.", "es", "En Perú debe reunirse el Congreso.", True),
        ("Theo luật Ba Lan, Quốc hội phải họp.", "en", "Poland's army must meet.", False),
        ("Việt Nam và Mỹ mời Quốc hội.", "en", "Vietnam and the US invited Congress.", False),
        ("Bộ trưởng Công Thương Trần Tuấn Anh trình Quốc hội.", "en",
         "Minister of Industry and Trade Tran Tuan Anh told Parliament.", False),
    ],
)  # fmt: skip
def test_a_parliament_abroad_has_its_own_name(
    base: TermBase, vietnamese: str, language: str, target: str, *, obeyed: bool
) -> None:
    hits = base.verify(base.find(vietnamese, language, on=SUMMIT), target, language)
    (hit,) = (hit for hit in hits if hit.concept == "national-assembly")
    assert hit.obeyed is obeyed


@pytest.mark.parametrize(
    ("vietnamese", "target", "obeyed"),
    [
        ("Moskva", "в 12:00 по московскому времени", True),
        ("Hà Nội", "по ханойскому времени", True),
        ("Washington", "вашингтонская администрация", True),
        ("Bangkok", "в бангкокских больницах", True),
        ("Baku", "бакинские власти", True),
        ("Riga", "на рижских улицах", True),
        ("Bangkok", "в пекинских больницах", False),
        ("Moskva", "в Подмосковье", False),
    ],
)
def test_a_russian_adjective_names_the_capital(
    base: TermBase, vietnamese: str, target: str, *, obeyed: bool
) -> None:
    (hit,) = base.verify(base.find(f"tại {vietnamese}", "ru", on=SUMMIT), target, "ru")
    assert hit.obeyed is obeyed
    assert base.consistent([([hit], target)], "ru") == ()


@pytest.mark.parametrize(
    ("vietnamese", "concept", "language", "target"),
    [
        ("Baku", "baku", "fr", "à Bakou"),
        ("Tbilisi", "tbilisi", "es", "en Tiflis"),
        ("Vilnius", "vilnius", "zh", "维尔纽斯"),
        ("Chisinau", "chisinau", "ru", "в Кишинёве"),
        ("Reykjavík", "reykjavik", "en", "in Reykjavik"),
        ("Santiago", "santiago", "zh", "圣地亚哥"),
        ("Santiago de Chile", "santiago", "fr", "à Santiago du Chili"),
        ("Santiago de Cuba", "santiago-de-cuba", "ru", "в Сантьяго-де-Куба"),
        ("Sao Tome và Principe", "sao-tome-and-principe", "en", "in Sao Tome and Principe"),
    ],
)
def test_the_capitals_of_the_world_are_found(
    base: TermBase, vietnamese: str, concept: str, language: str, target: str
) -> None:
    (hit,) = base.verify(base.find(f"tại {vietnamese}.", language, on=SUMMIT), target, language)
    assert (hit.concept, hit.obeyed) == (concept, True)


@pytest.mark.parametrize(
    ("language", "vietnamese", "targets"),
    [
        ("en", "Ba Lan", ("Poland said", "the Polish side")),
        ("en", "Uzbekistan", ("Uzbekistan said", "the Uzbek side")),
        ("en", "Slovakia", ("Slovakia said", "the Slovak side")),
        ("fr", "Kenya", ("le Kenya", "les athlètes kényans")),
        ("es", "Bỉ", ("Bélgica", "la parte belga")),
        ("ru", "Israel", ("Израиль сообщил", "израильская сторона")),
        ("ru", "Moskva", ("в Москве", "московские врачи")),
        ("fr", "châu Phi", ("l'Afrique", "les pays africains")),
    ],
)
def test_the_adjective_of_a_place_is_no_second_name_of_it(
    base: TermBase, language: str, vietnamese: str, targets: tuple[str, ...]
) -> None:
    found = base.find(f"về {vietnamese}", language, on=SUMMIT)
    story = [(base.verify(found, target, language), target) for target in targets]
    assert all(hit.obeyed for hits, _ in story for hit in hits)
    assert base.consistent(story, language) == ()


@pytest.mark.parametrize(
    ("vietnamese", "targets"),
    [
        ("Côte d'Ivoire", ("Cote d'Ivoire said", "the Ivory Coast")),
        ("Tehran", ("Tehran said", "in Teheran")),
    ],
)
def test_two_names_of_a_place_are_still_found(
    base: TermBase, vietnamese: str, targets: tuple[str, ...]
) -> None:
    found = base.find(f"về {vietnamese}", "en", on=SUMMIT)
    story = [(base.verify(found, t, "en"), t) for t in targets]
    (finding,) = base.consistent(story, "en")
    assert finding.segment == 1


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
def test_the_foreign_name_of_bien_dong_is_forbidden_whatever_the_source_says(
    base: TermBase, language: str
) -> None:
    for text in SOUTH_CHINA_SEA[language]:
        assert base.forbidden(text, language, source="Hội nghị kết thúc.", on=SUMMIT), text


def parallel() -> list[dict[str, str]]:
    with (Path(__file__).parent / "parallel.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
def test_good_copy_raises_no_alarm(base: TermBase, language: str) -> None:
    """Sentences as an agency's desks write them: every term of the source is seen in each."""
    for row in parallel():
        hits = base.verify(base.find(row["vi"], language, on=SUMMIT), row[language], language)
        assert hits
        missed = [(hit.source_form, hit.rendering) for hit in hits if not hit.obeyed]
        assert not missed, row[language]


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
def test_copy_of_another_story_does_not_have_its_people(base: TermBase, language: str) -> None:
    rows = parallel()
    for row in rows:
        hits = base.find(row["vi"], language, on=SUMMIT)
        people = [h for h in hits if (c := base.concept(h.concept)) and c.domain == "person"]
        for other in rows:
            if other is not row:
                assert not any(h.obeyed for h in base.verify(people, other[language], language))


@pytest.mark.parametrize(
    ("concept", "language", "expected"),
    [
        ("prime-minister", "en", "Prime Minister"),
        ("foreign-minister", "fr", "ministre des Affaires étrangères"),
        ("ho-chi-minh-city", "en", "Ho Chi Minh City"),
        ("usa", "es", "Estados Unidos"),
        ("indonesia", "zh", "印度尼西亚"),
        ("rok", "en", "Republic of Korea (RoK)"),
        ("eas", "en", "East Asia Summit (EAS)"),
        ("eu", "en", "European Union (EU)"),
        ("eas-15", "fr", "15e Sommet de l'Asie de l'Est (EAS)"),
        ("vietnamplus", "en", "VietnamPlus e-newspaper"),
        ("asia-pacific", "ru", "Азиатско-Тихоокеанский регион (АТР)"),
        ("un", "ru", "Организация Объединенных Наций (ООН)"),
    ],
)
def test_a_first_mention_has_a_bracket_only_where_copy_has_one(
    base: TermBase, concept: str, language: str, expected: str
) -> None:
    found = base.concept(concept)
    assert found
    assert in_full(found, language) == expected
