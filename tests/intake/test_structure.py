"""Typed documents come out with their structure: the plan, plain text, and the wire's forms."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vietwire.intake.wire import find_dateline, full_date, is_byline, without_end_mark

PLAN = Path(__file__).parent / "data" / "plan-excerpt.vi.md"


def test_the_plan_keeps_its_headings(one, shown) -> None:
    story = one(PLAN.read_bytes(), PLAN.name)
    assert story.headline == (
        "KẾ HOẠCH THÔNG TIN HỘI NGHỊ CẤP CAO ASEAN LẦN THỨ 37 VÀ CÁC HỘI NGHỊ CẤP CAO LIÊN QUAN"
    )
    headings = [block[1:] for block in shown(story) if block[0] == "heading"]
    assert headings == [
        (1, "I/", "MỤC ĐÍCH, YÊU CẦU"),
        (1, "II/", "NỘI DUNG TUYÊN TRUYỀN"),
        (2, "1.", "Nhiệm kỳ Chủ tịch ASEAN 2020 của Việt Nam"),
        (1, "III/", "TỔ CHỨC THỰC HIỆN"),
        (2, "1.", "Quy mô toàn Ngành"),
        (2, "2.", "Nhiệm vụ của các đơn vị thông tin"),
        (3, "2.1", "Thông tin đối nội"),
        (
            4,
            "2.1.1",
            "Ban biên tập tin Trong nước, Ban biên tập Ảnh, Ban biên tập tin Kinh tế, "
            "Trung tâm truyền hình thông tấn (Vnews):",
        ),
        (4, "2.1.3", "Báo Tin tức:"),
        (4, "2.2.3", "Phần thực hiện của các CQTTNN (theo dự kiến của CQTT):"),
    ]


def test_the_plan_keeps_its_nested_lists(one, shown) -> None:
    items = [b for b in shown(one(PLAN.read_bytes(), PLAN.name)) if b[0] == "list_item"]
    assert [(level, marker) for _, level, marker, _ in items] == [
        (0, "-"), (0, "-"), (0, "*"), (1, "-"), (0, "*"), (1, "-"),
        (0, "-"), (0, "-"), (0, "-"), (0, "-"), (0, "-"), (0, "-"),
    ]  # fmt: skip
    assert items[2][3] == "Trước hội nghị:"
    assert items[-1][3] == "Lưu VT, BTK."


def test_sentences_cut_by_a_page_break_are_whole_again(one, shown) -> None:
    blocks = shown(one(PLAN.read_bytes(), PLAN.name))
    texts = [text for *_, text in blocks]
    assert any("Chỉ thị số 25-CT/TW, ngày 8/8/2018 của Ban Bí thư" in text for text in texts)
    assert any("chỉ đạo của Lãnh đạo cơ quan và điều phối" in text for text in texts)
    assert not [text for text in texts if text[0].islower()]


def test_the_signature_of_the_plan_stays_on_lines_of_its_own(one, shown) -> None:
    blocks = shown(one(PLAN.read_bytes(), PLAN.name))
    assert [text for *_, text in blocks[-3:]] == [
        "KT. TỔNG GIÁM ĐỐC",
        "PHÓ TỔNG GIÁM ĐỐC",
        "Vũ Việt Trang",
    ]


def test_plain_text_is_read_by_lines(one, shown) -> None:
    text = """Khai mạc Hội nghị Cấp cao ASEAN
Các nhà lãnh đạo đã trao đổi về nhiều vấn đề quan trọng của khu vực và
quốc tế trong phiên khai mạc.
Đoạn thứ hai là một đoạn văn riêng, đứng ngay dưới đoạn trên.

1. Kết quả chính

- Thông qua Khung phục hồi tổng thể;
  - Kế hoạch triển khai đi kèm;
- Lập Quỹ ứng phó dịch bệnh.

> Đoàn kết là sức mạnh.

1) Việc thứ nhất của hội nghị.
2) Việc thứ hai của hội nghị.
"""
    assert shown(one(text)) == [
        ("headline", 0, "", "Khai mạc Hội nghị Cấp cao ASEAN"),
        (
            "paragraph",
            0,
            "",
            "Các nhà lãnh đạo đã trao đổi về nhiều vấn đề quan trọng của khu vực và quốc tế "
            "trong phiên khai mạc.",
        ),
        ("paragraph", 0, "", "Đoạn thứ hai là một đoạn văn riêng, đứng ngay dưới đoạn trên."),
        ("heading", 1, "1.", "Kết quả chính"),
        ("list_item", 0, "-", "Thông qua Khung phục hồi tổng thể;"),
        ("list_item", 1, "-", "Kế hoạch triển khai đi kèm;"),
        ("list_item", 0, "-", "Lập Quỹ ứng phó dịch bệnh."),
        ("quote", 0, "", "Đoàn kết là sức mạnh."),
        ("list_item", 0, "1)", "Việc thứ nhất của hội nghị."),
        ("list_item", 0, "2)", "Việc thứ hai của hội nghị."),
    ]


def test_a_name_with_an_initial_is_no_roman_heading(one, shown) -> None:
    text = (
        "Tổng thống Nga phát biểu\n\nV. Putin đề xuất tăng cường hợp tác y tế với các nước\n\nHết."
    )
    assert shown(one(text))[1][0] == "paragraph"


@pytest.mark.parametrize(
    ("text", "dateline", "rest"),
    [
        ("Hà Nội (TTXVN 12/11) - Sáng 12/11, họp", "Hà Nội (TTXVN 12/11)", "Sáng 12/11, họp"),
        ("Jakarta (TTXVN) – Báo chí", "Jakarta (TTXVN)", "Báo chí"),
        ("TTXVN (Hà Nội 12/11) - Hội nghị", "TTXVN (Hà Nội 12/11)", "Hội nghị"),
        ("Hà Nội, 12/11/2020 (TTXVN) - Hội nghị", "Hà Nội, 12/11/2020 (TTXVN)", "Hội nghị"),
        ("Hà Nội, ngày 12/11 - Hội nghị", "Hà Nội, ngày 12/11", "Hội nghị"),
        ("Thành phố Hồ Chí Minh (TTXVN 1/12) - Tin", "Thành phố Hồ Chí Minh (TTXVN 1/12)", "Tin"),
    ],
)  # fmt: skip
def test_a_dateline_is_taken_off_its_paragraph(text: str, dateline: str, rest: str) -> None:
    found = find_dateline(text)
    assert found is not None
    assert (found.text, found.rest) == (dateline, rest)


@pytest.mark.parametrize(
    "text",
    [
        "Hội nghị - theo phóng viên TTXVN - đã khai mạc.",
        "Đại diện của hãng thông tấn (TTXVN) - ông Nam - cho biết",
        "Việt Nam - Nhật Bản: hợp tác",
    ],
)
def test_what_only_looks_like_a_dateline_stays(text: str) -> None:
    assert find_dateline(text) is None


def test_the_year_of_a_dateline_is_the_nearest_one_past() -> None:
    assert full_date((12, 11, None), date(2020, 11, 13)) == date(2020, 11, 12)
    assert full_date((31, 12, None), date(2021, 1, 2)) == date(2020, 12, 31)
    assert full_date((12, 11, 2019), date(2021, 1, 2)) == date(2019, 11, 12)
    assert full_date((31, 2, None), date(2021, 1, 2)) is None


def test_dateline_byline_bureau_and_end_mark_of_a_wire_item(one, shown) -> None:
    story = one(
        "Dư luận Indonesia về hội nghị\n\n"
        "Báo chí Indonesia đưa tin đậm nét về hội nghị cấp cao.\n\n"
        "Jakarta (TTXVN 12/11) - Nhiều tờ báo lớn ở Indonesia đánh giá cao Việt Nam.\n\n"
        "Các học giả cũng có chung nhận định này./.\n\n"
        "Hữu Chiến (PV TTXVN tại Jakarta)"
    )
    assert story.dateline == "Jakarta (TTXVN 12/11)"
    assert story.byline == "Hữu Chiến (PV TTXVN tại Jakarta)"
    assert story.bureau == "Jakarta"
    assert story.dated == date(2020, 11, 12)
    assert [kind for kind, *_ in shown(story)] == [
        "headline", "standfirst", "paragraph", "paragraph",
    ]  # fmt: skip
    assert story.blocks[2].text.startswith("Nhiều tờ báo")
    assert story.blocks[-1].text == "Các học giả cũng có chung nhận định này."


@pytest.mark.parametrize(
    "text", ["(TTXVN)", "Nguyễn Văn A (TTXVN)", "PV TTXVN tại Jakarta", "Theo TTXVN"]
)
def test_closing_bylines_are_known(text: str) -> None:
    assert is_byline(text)


@pytest.mark.parametrize("text", ["Ảnh: TTXVN", "Theo TTXVN, hội nghị đã kết thúc.", "Hết"])
def test_other_closings_are_no_bylines(text: str) -> None:
    assert not is_byline(text)


def test_an_address_at_the_end_keeps_its_stroke() -> None:
    assert without_end_mark("xem tại https://asean2020.vnanet.vn/.").endswith("vn/.")
    assert without_end_mark("xem xét, quyết định. /.") == "xem xét, quyết định."


def test_a_title_in_capitals_over_several_lines_is_one_headline(one) -> None:
    body = "Các nhà lãnh đạo đã trao đổi về nhiều vấn đề quan trọng."
    story = one(f"KẾ HOẠCH THÔNG TIN\nHỘI NGHỊ CẤP CAO ASEAN\n\n{body}\n\nI/ MỤC ĐÍCH\n\n{body}")
    assert story.headline == "KẾ HOẠCH THÔNG TIN HỘI NGHỊ CẤP CAO ASEAN"
    assert [str(b.kind) for b in story.blocks] == ["headline", "paragraph", "heading", "paragraph"]


def test_bullets_of_word_s_symbol_fonts_are_bullets(one, shown) -> None:
    story = one(
        "Hội nghị khai mạc\n\nHội nghị đã bàn những việc sau đây của các nước trong khu vực:\n\n"
        "\uf0b7 Việc thứ nhất\n\uf0a7\tViệc thứ hai"
    )
    assert shown(story)[2:] == [
        ("list_item", 0, "•", "Việc thứ nhất"),
        ("list_item", 0, "•", "Việc thứ hai"),
    ]


def test_markdown_footnotes_stand_below_their_paragraph_and_struck_text_is_gone(one, shown) -> None:
    story = one(
        "# Hội nghị khai mạc\n\nSố ca trong khu vực đã tăng[^1] ~~giảm~~ mạnh.\n\n"
        "[^1]: Số liệu của Ban Thư ký\n    ASEAN.\n\nĐoạn sau của bài.",
        "a.md",
    )
    assert shown(story)[1:] == [
        ("paragraph", 0, "", "Số ca trong khu vực đã tăng mạnh."),
        ("paragraph", 0, "[1]", "Số liệu của Ban Thư ký ASEAN."),
        ("paragraph", 0, "", "Đoạn sau của bài."),
    ]


def test_every_markdown_footnote_stands_once_however_often_it_is_referred_to(one, shown) -> None:
    story = one(
        "# Hội nghị khai mạc\n\nSố ca trong khu vực[^1] đã tăng[^1] mạnh.\n\n"
        "Đoạn sau[^1] của bài.\n\n[^1]: Số liệu của Ban Thư ký.\n\n"
        "[^2]: Bài viết có sự hỗ trợ của ASEAN.",
        "a.md",
    )
    assert shown(story)[1:] == [
        ("paragraph", 0, "", "Số ca trong khu vực đã tăng mạnh."),
        ("paragraph", 0, "[1]", "Số liệu của Ban Thư ký."),
        ("paragraph", 0, "", "Đoạn sau của bài."),
        ("paragraph", 0, "[2]", "Bài viết có sự hỗ trợ của ASEAN."),
    ]
