"""Dates, times, sums and numbers of Vietnamese copy, as each language's desk writes them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from vietwire.checks import check_segment
from vietwire.placeables import find_placeables

ROOT = Path(__file__).resolve().parents[1]
STYLES = ROOT / "glossary" / "styles"
LANGUAGES = ("en", "fr", "es", "zh", "ru")


def written(text: str, language: str) -> dict[str, str]:
    return {place.phrase: place.rendering for place in find_placeables(text, language)}


@pytest.mark.parametrize(
    ("phrase", "en", "fr", "es", "zh", "ru"),
    [
        ("15/11", "November 15", "15 novembre", "15 de noviembre", "11月15日", "15 ноября"),
        ("1/11/2020", "November 1, 2020", "1er novembre 2020", "1 de noviembre de 2020",
         "2020年11月1日", "1 ноября 2020 года"),
        ("15 tháng 11 năm 2020", "November 15, 2020", "15 novembre 2020",
         "15 de noviembre de 2020", "2020年11月15日", "15 ноября 2020 года"),
        ("11/2020", "November 2020", "novembre 2020", "noviembre de 2020", "2020年11月",
         "ноябрь 2020 года"),
        ("12-15/11/2020", "November 12-15, 2020", "12 au 15 novembre 2020",
         "12 al 15 de noviembre de 2020", "2020年11月12日至15日", "12-15 ноября 2020 года"),
        ("12 và 15/11", "November 12 and 15", "12 et 15 novembre", "12 y 15 de noviembre",
         "11月12日和15日", "12 и 15 ноября"),
        ("15-11", "November 15", "15 novembre", "15 de noviembre", "11月15日", "15 ноября"),
        ("14.9", "September 14", "14 septembre", "14 de septiembre", "9月14日", "14 сентября"),
        ("30/10-2/11", "October 30-November 2", "30 octobre au 2 novembre",
         "30 de octubre al 2 de noviembre", "10月30日至11月2日", "30 октября — 2 ноября"),
        ("30/10 - 2/11/2020", "October 30-November 2, 2020", "30 octobre au 2 novembre 2020",
         "30 de octubre al 2 de noviembre de 2020", "2020年10月30日至11月2日",
         "30 октября — 2 ноября 2020 года"),
        ("1,4 triệu", "1.4 million", "1,4 million", "1,4 millones", "140万", "1,4 млн"),
        ("1 triệu", "1 million", "1 million", "1 millón", "100万", "1 млн"),
        ("2,5 tỷ", "2.5 billion", "2,5 milliards", "2500 millones", "25亿", "2,5 млрд"),
        ("20 nghìn", "20,000", "20 000", "20 000", "2万", "20 000"),
        ("15.000", "15,000", "15 000", "15 000", "1.5万", "15 000"),
        ("1.500", "1,500", "1 500", "1500", "1500", "1500"),
        ("1.234.567", "1,234,567", "1 234 567", "1 234 567", "1234567", "1 234 567"),
        ("23.452,7", "23,452.7", "23 452,7", "23 452,7", "23452.7", "23 452,7"),
        ("12,5%", "12.5%", "12,5 %", "12,5%", "12.5%", "12,5%"),
        ("60-70%", "60-70%", "60-70 %", "60-70%", "60%至70%", "60-70%"),
        ("1,4 triệu USD", "1.4 million USD", "1,4 million de dollars", "1,4 millones de dólares",
         "140万美元", "1,4 млн долларов США"),
        ("500 tỷ đồng", "500 billion VND", "500 milliards de dôngs", "500 mil millones de dongs",
         "5000亿越盾", "500 млрд донгов"),
        ("1.500 tỷ đồng", "1.5 trillion VND", "1 500 milliards de dôngs", "1,5 billones de dongs",
         "1.5万亿越盾", "1,5 трлн донгов"),
        ("2 triệu euro", "2 million euros", "2 millions d'euros", "2 millones de euros",
         "200万欧元", "2 млн евро"),
        ("21 USD", "21 USD", "21 dollars", "21 dólares", "21美元", "21 доллар США"),
        ("5-7 triệu USD", "5-7 million USD", "5-7 millions de dollars", "5-7 millones de dólares",
         "500万至700万美元", "5-7 млн долларов США"),
        ("2 đến 3 tỷ đồng", "2 to 3 billion VND", "2 à 3 milliards de dôngs",
         "2 a 3 mil millones de dongs", "20亿至30亿越盾", "2-3 млрд донгов"),
    ],
)  # fmt: skip
def test_how_each_language_writes_it(
    phrase: str, en: str, fr: str, es: str, zh: str, ru: str
) -> None:
    text = f"Theo thông báo {'tháng' if phrase == '11/2020' else 'ngày'} {phrase} của Ban Thư ký."
    for language, wanted in zip(LANGUAGES, (en, fr, es, zh, ru), strict=True):
        assert written(text, language).get(phrase) == wanted, language


@pytest.mark.parametrize(
    "text",
    [
        "Khoảng 1/3 số đại biểu vắng mặt",  # a third, or the first of March
        "bản iOS 14.5 vừa ra mắt",  # no Vietnamese number
        "trả 1,500 USD",  # 1.5 or 1,500
        "đầu tư $5 tỷ",  # the sign stands outside
        "Nghị định 15/2020/NĐ-CP, ASEAN+3, COVID-19, A/H5N1",
        "Xem https://vnanet.vn/2020/11/15 hoặc gọi 0123.456.789",
    ],
)
def test_what_can_be_read_in_two_ways_is_left_alone(text: str) -> None:
    for language in LANGUAGES:
        found = written(text, language)
        assert all(phrase == rendering for phrase, rendering in found.items()), language


@pytest.mark.parametrize(
    "text", ["uống ngày 3-5 lần", "mỗi ngày 2-3 tấn", "một ngày 1.2 triệu", "tỷ số 3-1", "mục 14.9"]
)
def test_a_hyphen_or_a_point_makes_no_date_of_two_numbers(text: str) -> None:
    assert not [phrase for phrase in written(text, "en") if "-" in phrase]
    assert not any("ary" in rendering or "ber" in rendering for rendering in written(text, "en"))


@pytest.mark.parametrize(
    ("language", "form"),
    [
        ("en", "They met from October 30-November 2."),
        ("fr", "Ils se sont réunis du 30 octobre au 2 novembre."),
        ("es", "Se reunieron del 30 de octubre al 2 de noviembre."),
        ("zh", "他们于10月30日至11月2日举行会议。"),
        ("ru", "Они встретились 30 октября — 2 ноября."),
    ],
)
def test_a_range_over_two_months_is_held_to_both_ends(language: str, form: str) -> None:
    source = "Họ họp từ ngày 30/10-2/11."
    assert not [f for f in check_segment(source, form, language) if f.check in ("dates", "numbers")]
    wrong = form.replace("30", "29")
    assert [f for f in check_segment(source, wrong, language) if f.check == "dates"]


@pytest.mark.parametrize(
    ("text", "name", "plain", "russian"),
    [
        ("Xe rơi tại huyện Hàm Tân, Bình Thuận", "Hàm Tân", "Ham Tan", "Хам Тан"),
        ("Cầu Vĩnh Tuy giai đoạn 2", "Vĩnh Tuy", "Vinh Tuy", "Винь Тюи"),
        ("Công an phường Hạnh Thông cho biết", "Hạnh Thông", "Hanh Thong", "Хань Тхонг"),
        ("theo ông Nghĩa, giá còn tăng", "Nghĩa", "Nghia", "Нгиа"),
        ("Tiền đạo Đình Bắc ghi bàn", "Đình Bắc", "Dinh Bac", "Динь Бак"),
    ],
)
def test_a_name_is_known_by_the_word_before_it(
    text: str, name: str, plain: str, russian: str
) -> None:
    assert written(text, "en").get(name) == plain
    (place,) = (p for p in find_placeables(text, "ru") if p.phrase == name)
    assert russian in (place.rendering, *place.forms)
    assert name not in written(text, "zh")


@pytest.mark.parametrize(
    "text",
    [
        "thành phố Nghĩa Ô ở Chiết Giang",  # a city of China: no Vietnamese name
        "theo ông Tập, theo ông Đức",  # Xi, or a German
        "huyện Thái Hòa của Trung Quốc",
        "Bà Rịa là thành phố",
        "tàu sân bay Nga Đô đốc Kuznetsov",
        "bác sĩ Bệnh viện Bạch Mai",
        "phố Wall, đường Elm",
    ],
)
def test_what_may_be_no_vietnamese_name_is_left_alone(text: str) -> None:
    assert not written(text, "en")


def test_people_lose_their_marks_and_are_respelled_in_russian() -> None:
    text = "Ông Phạm Bình Minh gặp bà Nguyễn Thị Kim Ngân và ông Tập Cận Bình tại Quảng Ninh."
    for language in ("en", "fr", "es"):
        assert written(text, language) == {
            "Phạm Bình Minh": "Pham Binh Minh",
            "Nguyễn Thị Kim Ngân": "Nguyen Thi Kim Ngan",
        }
    assert written(text, "ru") == {
        "Phạm Bình Minh": "Фам Бинь Минь",
        "Nguyễn Thị Kim Ngân": "Нгуен Тхи Ким Нган",
    }
    assert written(text, "zh") == {}


def test_a_range_is_one_place_where_one_scale_word_serves_both_ends() -> None:
    text = "từ 900 đến 1.500 tỷ đồng"
    assert written(text, "en") == {}  # billion in one, trillion in the other
    assert written(text, "fr") == {"900 đến 1.500 tỷ đồng": "900 à 1 500 milliards de dôngs"}
    assert written(text, "zh") == {"900 đến 1.500 tỷ đồng": "9000亿至1.5万亿越盾"}


@pytest.mark.parametrize(
    ("text", "phrase", "en", "fr", "es", "zh", "ru"),
    [
        ("giá 200-300 nghìn đồng", "200-300 nghìn đồng", "200,000-300,000 VND",
         "200 000-300 000 dôngs", "200 000-300 000 dongs", "20万至30万越盾",
         "200 000-300 000 донгов"),
        ("vốn 1-2 nghìn tỷ đồng", "1-2 nghìn tỷ đồng", "1-2 trillion VND",
         "1 000-2 000 milliards de dôngs", "1-2 billones de dongs", "1万亿至2万亿越盾",
         "1-2 трлн донгов"),
        ("lỗ 2-2,5 tỷ USD", "2-2,5 tỷ USD", "2-2.5 billion USD", "2-2,5 milliards de dollars",
         "2000-2500 millones de dólares", "20亿至25亿美元", "2-2,5 млрд долларов США"),
        ("vay 1 tỷ USD", "1 tỷ USD", "1 billion USD", "1 milliard de dollars",
         "1000 millones de dólares", "10亿美元", "1 млрд долларов США"),
        ("lãi suất 7,0%", "7,0%", "7.0%", "7,0 %", "7,0%", "7.0%", "7,0%"),
        ("thưởng 500.000 đến 10 triệu đồng", "10 triệu đồng", "10 million VND",
         "10 millions de dôngs", "10 millones de dongs", "1000万越盾", "10 млн донгов"),
        ("từ năm 2018 đến 5.000 tỷ đồng", "5.000 tỷ đồng", "5 trillion VND",
         "5 000 milliards de dôngs", "5 billones de dongs", "5万亿越盾", "5 трлн донгов"),
        ("Loại 1 - 20.000 đồng", "20.000 đồng", "20,000 VND", "20 000 dôngs", "20 000 dongs",
         "2万越盾", "20 000 донгов"),
    ],
)  # fmt: skip
def test_a_range_has_the_scale_and_the_ends_that_it_has(
    text: str, phrase: str, en: str, fr: str, es: str, zh: str, ru: str
) -> None:
    for language, wanted in zip(LANGUAGES, (en, fr, es, zh, ru), strict=True):
        found = [p for p in find_placeables(text, language) if p.converted or p.phrase == phrase]
        assert {p.phrase: p.rendering for p in found} == {phrase: wanted}, language


def test_a_sum_a_month_is_a_sum_and_no_month() -> None:
    assert written("trả lương tháng 6 triệu", "en") == {"6 triệu": "6 million"}
    assert written("Mỗi tháng 5 triệu người dùng.", "fr") == {"5 triệu": "5 millions"}


def test_a_range_with_its_scale_twice_is_no_sum() -> None:
    for text in ("giá 1 triệu - 2 triệu đồng", "giá 1 triệu-2 triệu đồng"):
        assert written(text, "fr") == {"2 triệu đồng": "2 millions de dôngs"}
    text = "1 tỷ 133 triệu USD"
    assert written(text, "en") == {text: "1.133 billion USD"}


@pytest.mark.parametrize(
    "text",
    [
        "mỗi tháng 8.000 đồng",  # no "August .000 dong"
        "trả lương một tháng 2 lần",
        "án tù 8 tháng 10 ngày, trong 9 tháng 5 người chết",
        "cúng ông Công ngày 23 tháng Chạp và rằm tháng 7",  # lunar
        "mùng 10 tháng 3, tức 15/8 âm lịch",
        "trong tháng 4, 5 và 6; tháng 6 và 7; tháng 4-5/2018",  # the months share what follows
        "ngày 2, 3 và 4/5; ngày 2, 3 và 4 tháng 5",
        "thắng 6/4, 7/5 rồi 2-1 và 15/11",  # sets and goals
        "trực 24/2 4h, cả ngày 24/7",  # 24/24h, broken in two
        "hẻm 27/5, số 18/3, lớp 6/2, tỷ lệ 7/3, huyết áp 14/9, lúc 20h15/3",
        "ngày 30/2",  # no such day
        "tăng 0,25 điểm phần trăm",  # points are no per cent
        "bệnh nhân có 3 triệu chứng",  # symptoms
        "ở 2 Vạn Phúc, 10 Đồng Khởi, 5 Yên Phụ",  # streets
        "2 triệu rưỡi, 1 triệu hai, 2 tỷ tư, 3 chục triệu, 1 triệu 6, 9 tỉ 5 đồng",
        "chia thành 2 bảng đấu và 25 đồng phạm, 3 tệ nạn",
        "5 triệu đô la Đài Loan, 10 triệu USD Canada, 5 triệu bảng Ai Cập, 100 đồng rúp",
        "gọi 098.765.432, điện thoại 283.829.333, toạ độ 10.762",
        "7-8.000 đồng, 20-30.000 người",  # seven or seven thousand
        "khoản 1,2 điều 5, nữ sinh tuổi 14,15",  # two of them, not a decimal
        "từ ngày 1 đến 3-2-2019, từ 5 đến hết 12/11",  # the first day lacks its month
    ],
)
def test_what_only_looks_like_a_date_or_a_sum_has_no_hint(text: str) -> None:
    for language in LANGUAGES:
        assert not [p for p in find_placeables(text, language) if p.converted], language


@pytest.mark.parametrize(
    "text",
    [
        "Từ Hà Nội đến Trung Quốc",
        "Phạm Băng Băng",
        "diễn viên Trần Khôn Minh (Trung Quốc)",
        "đạo diễn Trương Kỷ Trung",
        "năm Đinh Dậu",
        "bang Cao Hùng",
    ],
)
def test_who_may_be_chinese_or_nobody_has_no_hint(text: str) -> None:
    assert written(text, "en") == {}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Thuế giảm từ 5 đến 0%.", "0%"),
        ("Cúm H5N1 làm chết đến 5 triệu con gà.", "5 triệu"),
        ("Chi từ 900.000 đến 1,2 triệu đồng.", "1,2 triệu đồng"),
    ],
)
def test_what_only_looks_like_a_range_is_none(text: str, kept: str) -> None:
    for language in LANGUAGES:
        assert kept in written(text, language)
    assert not any("đến" in phrase for phrase in written(text, "zh"))


def test_the_names_of_chinese_people_are_left_alone() -> None:
    assert not written("ông Vương Hỗ Ninh gặp ông Hoàng Tuần Tài và ông Lý Gia Siêu", "en")


@pytest.mark.parametrize(
    ("text", "phrase", "en", "fr", "es", "zh", "ru"),
    [
        ("lúc 18h30 tại Hà Nội", "18h30", "6:30pm", "18h30", "18:30", "18时30分", "18:30"),
        ("tính đến 18 giờ ngày 5/11", "18 giờ", "6pm", "18h", "18:00", "18时", "18:00"),
        ("Tính đến 6h ngày 14/11", "6h", "6am", "6h", "6:00", "6时", "6:00"),
        ("từ 6h00 hôm nay", "6h00", "6am", "6h", "6:00", "6时", "6:00"),
        ("diễn ra lúc 8 giờ 05 phút ngày 12/11", "8 giờ 05 phút", "8:05am", "8h05", "8:05",
         "8时5分", "8:05"),
        ("vào lúc 3 giờ chiều 12/11", "3 giờ chiều", "3pm", "15h", "15:00", "15时", "15:00"),
        ("lúc 2 giờ sáng nay", "2 giờ", "2am", "2h", "2:00", "2时", "2:00"),
        ("lúc 9 giờ 30 tối cùng ngày", "9 giờ 30 tối", "9:30pm", "21h30", "21:30", "21时30分",
         "21:30"),
        ("khoảng 22 giờ 15 phút tối 14/11", "22 giờ 15 phút", "10:15pm", "22h15", "22:15",
         "22时15分", "22:15"),
        ("lúc 12h trưa", "12h trưa", "12pm", "12h", "12:00", "12时", "12:00"),
        ("từ 0h ngày 1/12", "0h", "0:00", "0h", "0:00", "0时", "0:00"),
        ("lúc 20h (giờ Hà Nội)", "20h", "8pm", "20h", "20:00", "20时", "20:00"),
    ],
)  # fmt: skip
def test_times_of_day(text: str, phrase: str, en: str, fr: str, es: str, zh: str, ru: str) -> None:
    for language, wanted in zip(LANGUAGES, (en, fr, es, zh, ru), strict=True):
        assert written(text, language).get(phrase) == wanted, language
        (place,) = (p for p in find_placeables(text, language) if p.phrase == phrase)
        for form in (place.rendering, *place.forms):
            findings = [f for f in check_segment(f"lúc {phrase}", form, language)
                        if f.check == "numbers"]  # fmt: skip
            assert not findings, (form, findings)


@pytest.mark.parametrize(
    "text",
    [
        "Cuộc họp kéo dài 2 giờ 30 phút",
        "trong 24 giờ qua",
        "sau 3 giờ chiều mưa lớn",
        "làm việc 8 giờ/ngày, 8 giờ mỗi ngày",
        "tốc độ 120 km/h",
        "Tối 12/11, lúc 8 giờ",  # in the evening, though it does not say so
        "lúc 2 giờ rưỡi",
        "lúc 2 giờ kém 15",
        "lúc 9 giờ đồng hồ",
        "từ 8 giờ đến 9 giờ",  # or for eight or nine hours
        "lúc 24h",
        "lúc 8 g",
    ],
)
def test_what_may_be_how_long_something_takes_has_no_time(text: str) -> None:
    for place in find_placeables(text, "en"):
        assert not place.rendering.endswith("m"), place


def test_places_are_in_order_and_apart_and_hold_their_phrase() -> None:
    text = "Ngày 12-15/11/2020 có 1,4 triệu USD, 37 nước, 12,5%, 2-3 triệu người và 1.234 ca."
    for language in LANGUAGES:
        places = find_placeables(text, language)
        assert len(places) == 6
        at = 0
        for place in places:
            assert at <= place.start < place.end
            assert text[place.start : place.end] == place.phrase
            at = place.end


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_checks_take_every_rendering_and_form_for_the_phrase(language: str) -> None:
    phrases = [
        "15/11", "1/11/2020", "11/2020", "12-15/11/2020", "12 và 15/11", "1,4 triệu", "2,5 tỷ",
        "20 nghìn", "15.000", "1.500", "1.234.567", "23.452,7", "12,5%", "60-70%", "1,4 triệu USD",
        "500 tỷ đồng", "1.500 tỷ đồng", "2 triệu euro", "21 USD", "5-7 triệu USD", "2,2 tỷ yên",
        "3 triệu bảng Anh", "7 tỷ NDT", "9 triệu won", "4 tỷ baht", "6 triệu rúp",
    ]  # fmt: skip
    for phrase in phrases:
        source = f"{'tháng' if phrase == '11/2020' else 'ngày'} {phrase} theo báo cáo"
        (place,) = find_placeables(source, language)
        for form in (place.rendering, *place.forms):
            findings = [
                finding
                for finding in check_segment(source, form, language)
                if finding.check in {"numbers", "dates", "money", "percent"}
                and finding.severity.value != "note"
            ]
            assert not findings, (phrase, form, findings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_forms_are_those_of_the_house_style(language: str) -> None:
    style = tomllib.loads((STYLES / f"{language}.toml").read_text(encoding="utf-8"))
    for number, month in enumerate(style["months"], 1):
        parts = {"day": 15, "month": month, "month_number": number, "year": 2020}
        text = f"ngày 15/{number}/2020 và ngày 15/{number}"
        full, short = (place.rendering for place in find_placeables(text, language))
        assert full == style["date_form"].format(**parts)
        assert short == style["date_short"].format(**parts)
    numbers = style["numbers"]
    decimal = written("2,5 triệu", "en" if language == "zh" else language)["2,5 triệu"]
    assert decimal.startswith(f"2{numbers['decimal']}5")
    # A plain space stands for the style's narrow one: the network knows no other.
    thousands = numbers["thousands"].replace("\u202f", " ").replace("\u00a0", " ")
    assert written("1.234.567", language)["1.234.567"] == f"1{thousands}234{thousands}567"
    assert written("10 triệu USD", language)["10 triệu USD"] == numbers["money"]
