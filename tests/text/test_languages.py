import pytest

from vietwire.text import detect_language

LONG = {
    "vi": "Thủ tướng Nguyễn Xuân Phúc chủ trì lễ khai mạc Hội nghị Cấp cao ASEAN lần thứ 37.",
    "en": "Prime Minister Nguyen Xuan Phuc opened the 37th ASEAN Summit in Hanoi this morning.",
    "fr": "Le Premier ministre a ouvert ce matin à Hanoi le 37e Sommet de l'ASEAN.",
    "es": "El primer ministro inauguró esta mañana en Hanoi la XXXVII Cumbre de la ASEAN en línea.",
    "zh": "越南政府总理阮春福今天上午在河内主持第37届东盟峰会开幕式。",
    "ru": "Премьер-министр Вьетнама открыл сегодня утром в Ханое 37-й саммит АСЕАН.",
    "th": "นายกรัฐมนตรีเวียดนามเปิดการประชุมสุดยอดอาเซียนครั้งที่ 37 ที่กรุงฮานอย",
    "id": "Perdana Menteri Vietnam membuka Konferensi Tingkat Tinggi ASEAN ke-37 di Hanoi.",
    "ja": "ベトナムの首相は今朝ハノイで第37回ASEAN首脳会議の開会を宣言した。",
    "ko": "베트남 총리는 오늘 아침 하노이에서 제37차 아세안 정상회의를 개막했다.",
    "de": "Der Ministerpräsident eröffnete heute Morgen in Hanoi den 37. Gipfel der Staatengruppe.",
}


@pytest.mark.parametrize("language", LONG)
def test_a_whole_sentence_is_told_for_certain(language: str) -> None:
    guess = detect_language(LONG[language])
    assert guess is not None
    assert (guess.language, guess.certain) == (language, True)
    assert 0.5 < guess.probability <= 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Việt Nam sẵn sàng cho hội nghị", "vi"),
        ("KHAI MẠC HỘI NGHỊ CẤP CAO ASEAN LẦN THỨ 37", "vi"),
        ("Ký kết Hiệp định RCEP", "vi"),
        ("Lễ ký RCEP được tổ chức", "vi"),
        ("Rau xanh tăng giá vùn vụt", "vi"),
        ("第37届东盟峰会开幕", "zh"),
        ("Саммит открылся в Ханое", "ru"),
        ("ハノイで開幕", "ja"),
        ("정상회의 개막", "ko"),
        ("การประชุมสุดยอด", "th"),
    ],
)
def test_short_text_with_plain_evidence_is_told(text: str, language: str) -> None:
    guess = detect_language(text)
    assert guess is not None
    assert (guess.language, guess.certain) == (language, True)


@pytest.mark.parametrize(
    "text",
    [
        "ASEAN",
        "Nguyễn Xuân Phúc",
        "Ha Noi",
        "ASEAN Summit opens",
        "Sommet de l'ASEAN",
        "Cumbre de la ASEAN",
        "KTT ASEAN",
        "越南",
        "Ханой",
        "東京",
        "COVID-19",
        "New York",
    ],
)
def test_short_text_without_evidence_cannot_be_told(text: str) -> None:
    guess = detect_language(text)
    assert guess is None or not guess.certain


@pytest.mark.parametrize(
    "text", ["", "   ", "2020", "12/11 - 37%", "https://vietnamplus.vn @ttxvn"]
)
def test_nothing_to_go_by(text: str) -> None:
    assert detect_language(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Thu tuong Nguyen Xuan Phuc chu tri le khai mac Hoi nghi Cap cao ASEAN lan thu 37",
        "Viet Nam san sang chu tri hoi nghi, cac nuoc dong tinh voi chuong trinh nghi su",
    ],
)
def test_vietnamese_without_its_marks_is_never_certain(text: str) -> None:
    guess = detect_language(text)
    assert guess is None or not guess.certain


@pytest.mark.parametrize(
    "text",
    [
        "Ông Robert O'Brien và bà Kamala Harris gặp CEO Google, Microsoft và Facebook",
        "Hãng Pfizer và BioNTech công bố vaccine BNT162b2 đạt hiệu quả trên 90%",
        "Bộ phim 'Crazy Rich Asians' của đạo diễn Jon M. Chu được chiếu tại Hà Nội",
        "Theo báo The New York Times, tổng thống đắc cử Joe Biden sẽ tham dự hội nghị",
    ],
)
def test_vietnamese_with_foreign_names_is_vietnamese(text: str) -> None:
    guess = detect_language(text)
    assert guess is not None
    assert (guess.language, guess.certain) == ("vi", True)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Prime Minister Nguyễn Xuân Phúc and Deputy PM Phạm Bình Minh attended the event.", "en"),
        (
            "Le Premier ministre Nguyễn Xuân Phúc a reçu jeudi l'ambassadeur de France à Hanoi.",
            "fr",
        ),
        ("El presidente Nguyễn Phú Trọng envió un mensaje de felicitación a los países.", "es"),
        ("Премьер-министр Nguyễn Xuân Phúc открыл саммит в Ханое", "ru"),
        ("越南政府总理阮春福（Nguyễn Xuân Phúc）主持会议", "zh"),
    ],
)
def test_vietnamese_names_do_not_make_a_text_vietnamese(text: str, language: str) -> None:
    guess = detect_language(text)
    assert guess is not None
    assert guess.language == language


def test_other_cyrillic_is_not_taken_for_russian() -> None:
    guess = detect_language("Прем'єр-міністр В'єтнаму відкрив сьогодні вранці саміт у Ханої")
    assert guess is not None
    assert not (guess.language == "ru" and guess.certain)


def test_the_same_text_gets_the_same_answer() -> None:
    text = "La cooperación regional continúa con la participación de todos los socios"
    assert len({detect_language(text) for _ in range(10)}) == 1
