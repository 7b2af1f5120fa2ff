"""Pages as content management systems make them."""

from __future__ import annotations

import pytest

P1 = "Sáng 12/11, tại Hà Nội, Thủ tướng đã chủ trì lễ khai mạc hội nghị."
P2 = "Phát biểu khai mạc, Thủ tướng nhấn mạnh các nước đã vượt qua nhiều thử thách trong năm qua."


def texts(story) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return [(str(block.kind), block.text) for block in story.blocks]


@pytest.mark.parametrize(
    "opening",
    [
        '<div class="article-body share-content">',
        '<div class="ads-wrapper content">',
        '<div class="has-sidebar page-nav">',
        '<section id="main-related"><div class="social">',
    ],
)
def test_the_article_is_no_ornament_whatever_its_class_is(one, opening: str) -> None:
    page = f"""<body><div class="menu"><a href="/">Trang chủ</a> <a href="/a">Chính trị</a></div>
    <h1>Hội nghị khai mạc</h1>{opening}<p>{P1}</p><p>{P2}</p></div>
    <div class="related"><ul><li><a href="/b">Bài khác tên dài</a></li></ul></div></body>"""
    assert texts(one(page, "a.html")) == [
        ("headline", "Hội nghị khai mạc"),
        ("paragraph", P1),
        ("paragraph", P2),
    ]


def test_a_page_with_sharing_title_author_time_tags_and_hidden_parts(one) -> None:
    page = f"""<html><head><meta property="og:title" content="Hội nghị"></head><body>
    <h1>Hội nghị<br>khai mạc</h1>
    <div class="meta"><span class="author">Lâm Khánh</span> <time>12/11/2020 09:30</time></div>
    <p>{P1} Phiên họp bắt đầu lúc <time>9 giờ</time>.</p>
    <table class="picture"><tr><td><img src="a.jpg"></td></tr>
    <tr><td class="caption">Lễ khai mạc</td></tr></table>
    <table><tr><td><p>Dòng một</p><p>Dòng hai<br>dòng ba</p></td></tr></table>
    <p>{P2}</p><p style="display: none">Ẩn.</p><p hidden>Cũng ẩn.</p>
    <div class="tags">Từ khóa: ASEAN</div></body></html>"""
    story = one(page, "a.html")
    assert texts(story) == [
        ("headline", "Hội nghị khai mạc"),
        ("paragraph", f"{P1} Phiên họp bắt đầu lúc 9 giờ."),
        ("caption", "Lễ khai mạc"),
        ("table_cell", "Dòng một Dòng hai dòng ba"),
        ("paragraph", P2),
    ]
    assert story.byline == "Lâm Khánh"


def test_a_time_or_an_author_within_a_sentence_is_part_of_it(one) -> None:
    page = f"""<body><h1>Hội nghị khai mạc</h1>
    <div class="meta">Tác giả: <span class="author">Lâm Khánh</span></div>
    <div>Hội nghị diễn ra ngày <b><time>12/11</time></b> tại Hà Nội.</div>
    <div>Nhà văn <span class="author">Tô Hoài</span> dự hội nghị.</div><p>{P1}</p></body>"""
    story = one(page, "a.html")
    assert [text for _, text in texts(story)][2:] == [
        "Hội nghị diễn ra ngày 12/11 tại Hà Nội.",
        "Nhà văn Tô Hoài dự hội nghị.",
        P1,
    ]
    assert story.byline == "Lâm Khánh"


def test_entities_defined_in_a_page_are_neither_read_nor_shown(one) -> None:
    page = f"""<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "aaaa">]>
    <html><body><h1>Hội nghị khai mạc</h1><p>{P1}</p><p>{P2} &x;</p></body></html>"""
    assert texts(one(page, "a.html")) == [
        ("headline", "Hội nghị khai mạc"),
        ("paragraph", P1),
        ("paragraph", f"{P2} &x;"),
    ]
