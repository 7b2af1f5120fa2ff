import pytest

from vietwire.checks.dates import find_clocks, find_days, find_weekdays
from vietwire.checks.numerals import numerals, read_han, romans


@pytest.mark.parametrize(
    ("language", "text", "want"),
    [
        ("vi", "1.234,5", 1234.5),
        ("vi", "26.200 tỷ", 26.2e12),
        ("vi", "ba mươi bảy", 37),
        ("vi", "mười lăm", 15),
        ("vi", "hai trăm năm mươi triệu", 250e6),
        ("vi", "1 triệu 200 nghìn", 1.2e6),
        ("vi", "một nghìn tỷ", 1e12),
        ("en", "1,234.5", 1234.5),
        ("en", "26.2 trillion", 26.2e12),
        ("en", "two hundred and fifty million", 250e6),
        ("en", "thirty-seventh", 37),
        ("en", "a million", 1e6),
        ("fr", "1 234,5", 1234.5),
        ("fr", "1\u202f234\u202f567", 1234567),
        ("fr", "quatre-vingt-dix-sept", 97),
        ("fr", "soixante et onze", 71),
        ("fr", "deux cent mille", 200e3),
        ("fr", "2,2 milliards", 2.2e9),
        ("fr", "un million et demi", 1.5e6),
        ("fr", "trois milliers", 3e3),
        ("es", "2.200 millones", 2.2e9),
        ("es", "2 mil 200 millones", 2.2e9),
        ("es", "dos mil millones", 2e9),
        ("es", "mil 253", 1253),
        ("es", "dos mil 640 millones", 2.64e9),
        ("es", "dos millones y medio", 2.5e6),
        ("es", "mil millones", 1e9),
        ("es", "1,5 billones", 1.5e12),
        ("es", "treinta y siete", 37),
        ("es", "trigésima séptima", 37),
        ("ru", "1 234,5", 1234.5),
        ("ru", "5 тыс.", 5e3),
        ("ru", "2 тыс. 253", 2253),
        ("ru", "полутора миллионов", 1.5e6),
        ("ru", "2,2 млрд", 2.2e9),
        ("ru", "двухсот пятидесяти", 250),
        ("ru", "тридцать седьмого", 37),
        ("zh", "1.2万亿", 1.2e12),
        ("zh", "1亿2000万", 1.2e8),
        ("zh", "三十七", 37),
        ("zh", "两亿五千万", 2.5e8),
        ("zh", "160千米", 160),
    ],
)
def test_one_number(language: str, text: str, want: float) -> None:
    (found,) = numerals(text, language)
    assert found.values[0] == pytest.approx(want, rel=1e-12)
    assert found.start == text.index(text[found.start])


@pytest.mark.parametrize(
    ("language", "text", "want"),
    [
        ("en", "in 2020, 15 countries", [2020, 15]),
        ("ru", "в 2020 году 15 стран", [2020, 15]),
        ("fr", "en 2020 10 pays", [2020, 10]),
        ("fr", "les dix premiers mois", [10, 1]),
        ("es", "los veinte primeros", [20, 1]),
        ("es", "en mil 2000", [1000, 2000]),
        ("ru", "ущерб 5 тыс. 15 ноября", [5000, 15]),
        ("vi", "hai bên, ba nước", [2, 3]),
        ("en", "the and of million-strong", [1e6]),
        ("vi", "trong vòng hai năm", [2]),
        ("vi", "suốt 10 năm qua", [10]),
        ("vi", "ít nhất năm người", [1, 5]),
        ("vi", "hai mươi lăm năm", [25]),
    ],
)
def test_numbers_side_by_side_stay_apart(language: str, text: str, want: list[float]) -> None:
    assert [n.values[0] for n in numerals(text, language)] == want


def test_numbers_in_han_characters() -> None:
    assert read_han("二〇二〇") == 2020
    assert read_han("十") == 10
    assert read_han("一百零五") == 105
    assert read_han("三万") == 30_000


def test_roman_numerals() -> None:
    found = romans("XXXVII Cumbre, siglo XXI, XIIIe congrès, quý IV, I said, Mix, CIVIL")
    assert [n.values[0] for n in found] == [37, 21, 13, 4]


@pytest.mark.parametrize(
    ("language", "text", "want"),
    [
        ("vi", "ngày 12/11/2020", [(12, 11, 2020)]),
        ("vi", "từ ngày 12-15/11", [(12, 11, None), (15, 11, None)]),
        ("vi", "ngày 12 tháng 11 năm 2020", [(12, 11, 2020)]),
        ("vi", "tháng 11/2020", [(None, 11, 2020)]),
        ("vi", "tháng Tư, tháng mười hai", [(None, 4, None), (None, 12, None)]),
        ("en", "November 12-15, 2020", [(12, 11, 2020), (15, 11, 2020)]),
        ("en", "12 Nov.", [(12, 11, None)]),
        ("en", "He may march in May", [(None, 5, None)]),
        ("fr", "du 12 au 15 novembre 2020", [(12, 11, 2020), (15, 11, 2020)]),
        ("fr", "le 1er mai", [(1, 5, None)]),
        ("fr", "la planète Mars et sept pays", []),
        ("es", "12 de noviembre de 2020", [(12, 11, 2020)]),
        ("es", "el mar del Este", []),
        ("zh", "2020年11月12日至15日", [(12, 11, 2020), (15, 11, 2020)]),
        ("zh", "11个月", []),
        ("ru", "с 12 по 15 ноября 2020 года", [(12, 11, 2020), (15, 11, 2020)]),
        ("ru", "в мае", [(None, 5, None)]),
        ("ru", "мартышка и майор", []),
    ],
)
def test_days(language: str, text: str, want: list[tuple[int | None, int, int | None]]) -> None:
    assert [(d.day, d.month, d.year) for d in find_days(text, language)] == want


def test_a_fraction_is_not_surely_a_date() -> None:
    (day,) = find_days("Khoảng 1/3 dân số", "vi")
    assert not day.sure
    (day,) = find_days("Mở cửa 24/7", "vi")
    assert not day.sure


@pytest.mark.parametrize(
    ("language", "text", "want"),
    [
        ("vi", "18h30", [(18, 30)]),
        ("vi", "18 giờ 30 phút", [(18, 30)]),
        ("vi", "lúc 7 giờ", [(7, 0)]),
        ("en", "6:30 p.m.", [(6, 30)]),
        ("en", "3.5 percent", []),
        ("zh", "18时30分", [(18, 30)]),
    ],
)
def test_times_of_day(language: str, text: str, want: list[tuple[int, int]]) -> None:
    assert [(c.hour, c.minute) for c in find_clocks(text, language)] == want


@pytest.mark.parametrize(
    ("language", "text", "want"),
    [
        ("vi", "sáng thứ Năm", [3]),
        ("vi", "lần thứ hai", []),
        ("vi", "chủ nhật", [6]),
        ("en", "on Thursdays", [3]),
        ("ru", "в среду", [2]),
        ("ru", "охрана окружающей среды", []),
        ("zh", "星期四", [3]),
        ("zh", "周一", [0]),
        ("zh", "周年", []),
        ("fr", "jeudi", [3]),
        ("es", "el jueves", [3]),
    ],
)
def test_weekdays(language: str, text: str, want: list[int]) -> None:
    assert [day for day, _, _ in find_weekdays(text, language)] == want
