"""Each format intake reads, with its structure; and each that is broken or hostile."""

from __future__ import annotations

import functools
import io
import json
import zipfile

import pytest

from vietwire.story import MediaKind, RefusalReason

P1 = "Các nhà lãnh đạo ASEAN đã thông qua nhiều văn kiện quan trọng tại hội nghị."
P2 = "Hội nghị được tổ chức theo hình thức trực tuyến do đại dịch diễn biến phức tạp."


def test_markdown_keeps_lists_tables_quotes_and_captions(one, shown) -> None:
    text = f"""# Hội nghị khai mạc

**{P1}** Xem [chi tiết](https://example.vn) và *thêm*.

## Kết quả

1. Việc thứ nhất
   - ý thứ nhất
   - ý thứ hai
2. Việc thứ hai

> Đoàn kết là sức mạnh.

![Lễ khai mạc](a.jpg)

| Nước | Năm |
|---|---|
| Việt Nam | 1995 |
"""
    story = one(text, "a.md")
    assert shown(story) == [
        ("headline", 0, "", "Hội nghị khai mạc"),
        ("paragraph", 0, "", f"{P1} Xem chi tiết và thêm."),
        ("heading", 2, "", "Kết quả"),
        ("list_item", 0, "1.", "Việc thứ nhất"),
        ("list_item", 1, "-", "ý thứ nhất"),
        ("list_item", 1, "-", "ý thứ hai"),
        ("list_item", 0, "2.", "Việc thứ hai"),
        ("quote", 0, "", "Đoàn kết là sức mạnh."),
        ("caption", 0, "", "Lễ khai mạc"),
        ("table_cell", 0, "", "Nước"),
        ("table_cell", 0, "", "Năm"),
        ("table_cell", 0, "", "Việt Nam"),
        ("table_cell", 0, "", "1995"),
    ]
    assert [(b.row, b.column) for b in story.blocks[-4:]] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_html_drops_what_is_not_the_story(one, shown) -> None:
    page = f"""<!DOCTYPE html><html><head><title>Báo X - Hội nghị</title>
    <meta name="keywords" content="ASEAN, RCEP"><meta name="urgency" content="3">
    <style>p {{color: red}}</style></head><body>
    <nav><ul><li>Trang chủ</li></ul></nav>
    <article><h1>Hội nghị khai mạc</h1><p class="sapo">{P1}</p>
    <p>{P2}<script>alert("x")</script></p>
    <figure><img src="a.jpg" alt="x"><figcaption>Lễ khai mạc</figcaption></figure>
    <h2>Kết quả</h2>
    <ol><li>Việc thứ nhất<ul><li>ý thứ nhất</li></ul></li><li>Việc thứ hai</li></ol>
    <table><tr><th>Nước</th><td>Năm</td></tr></table>
    <blockquote><p>Đoàn kết là sức mạnh.</p></blockquote>
    <div class="related-news"><p>Tin liên quan</p></div></article>
    <footer>Bản quyền</footer></body></html>"""
    story = one(page, "a.html")
    assert shown(story) == [
        ("headline", 0, "", "Hội nghị khai mạc"),
        ("standfirst", 0, "", P1),
        ("paragraph", 0, "", P2),
        ("caption", 0, "", "Lễ khai mạc"),
        ("heading", 2, "", "Kết quả"),
        ("list_item", 0, "1.", "Việc thứ nhất"),
        ("list_item", 1, "-", "ý thứ nhất"),
        ("list_item", 0, "2.", "Việc thứ hai"),
        ("table_cell", 0, "", "Nước"),
        ("table_cell", 0, "", "Năm"),
        ("quote", 0, "", "Đoàn kết là sức mạnh."),
    ]
    assert story.keywords == ("ASEAN", "RCEP")
    assert story.urgency == 3


def test_docx_keeps_headings_lists_tables_and_captions(one, shown, docx_bytes) -> None:
    def build(document) -> None:
        document.add_heading("Hội nghị khai mạc", 0)
        document.add_paragraph(P1)
        document.add_heading("Kết quả", 1)
        document.add_paragraph("Việc thứ nhất", style="List Number")
        document.add_paragraph("ý thứ nhất", style="List Bullet 2")
        document.add_paragraph("Việc thứ hai", style="List Number")
        table = document.add_table(2, 2)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "Các nước"
        table.cell(1, 0).text, table.cell(1, 1).text = "Việt Nam", "1995"
        document.add_paragraph("Lễ khai mạc", style="Caption")
        document.core_properties.keywords = "ASEAN, RCEP"
        document.core_properties.author = "PC-01"

    story = one(docx_bytes(build), "a.docx")
    assert shown(story) == [
        ("headline", 0, "", "Hội nghị khai mạc"),
        ("paragraph", 0, "", P1),
        ("heading", 1, "", "Kết quả"),
        ("list_item", 0, "1.", "Việc thứ nhất"),
        ("list_item", 1, "-", "ý thứ nhất"),
        ("list_item", 0, "2.", "Việc thứ hai"),
        ("table_cell", 0, "", "Các nước"),
        ("table_cell", 0, "", "Việt Nam"),
        ("table_cell", 0, "", "1995"),
        ("caption", 0, "", "Lễ khai mạc"),
    ]
    assert [(b.row, b.column) for b in story.blocks[6:9]] == [(0, 0), (1, 0), (1, 1)]
    assert story.keywords == ("ASEAN", "RCEP")
    assert story.byline == ""


@pytest.mark.parametrize(
    "names",
    [
        {"created": "versioncreated", "type": "contenttype"},
        {"created": "versionCreated", "type": "contentType"},
    ],
)
def test_ninjs_2_and_3(one, shown, names: dict[str, str]) -> None:
    item = {
        "uri": "urn:vna:1",
        names["created"]: "2020-11-12T10:00:00+07:00",
        "pubstatus": "usable",
        "urgency": 3,
        "embargoed": "2020-11-12T14:00:00+07:00",
        "slugline": "ASEAN 2020",
        "keywords": ["ASEAN", "RCEP"],
        "by": "Nguyễn Văn A",
        "located": "Hà Nội",
        "headlines": [{"role": "main", "value": "Hội nghị khai mạc"}],
        "descriptions": [{"role": "summary", names["type"]: "text/plain", "value": P2}],
        "bodies": [
            {"role": "main", names["type"]: "text/plain", "value": "bản trơn"},
            {"role": "rich", names["type"]: "application/xhtml+xml", "value": f"<p>{P1}</p>"},
        ],
        "associations": [{"type": "picture", "descriptions": [{"value": "Lễ khai mạc"}]}],
    }
    story = one(json.dumps(item), "a.json")
    assert shown(story) == [
        ("headline", 0, "", "Hội nghị khai mạc"),
        ("standfirst", 0, "", P2),
        ("paragraph", 0, "", P1),
        ("caption", 0, "", "Lễ khai mạc"),
    ]
    assert (story.source_id, story.slug, story.urgency) == ("urn:vna:1", "ASEAN 2020", 3)
    assert (story.byline, story.dateline) == ("Nguyễn Văn A", "Hà Nội")
    assert story.embargo is not None
    assert str(story.dated) == "2020-11-12"


NEWSML = f"""<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:vna:1" version="2" standard="NewsML-G2"><itemMeta>
<itemClass qcode="ninat:picture"/><versionCreated>2020-11-12T10:00:00+07:00</versionCreated>
<embargoed>2020-11-12T14:00:00+07:00</embargoed></itemMeta>
<contentMeta><urgency>2</urgency><slugline>ASEAN 2020</slugline>
<headline>Hội nghị khai mạc</headline><by>Nguyễn Văn A</by><dateline>Hà Nội</dateline>
<keyword>ASEAN</keyword><keyword>RCEP</keyword></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml">
<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{P1}</p><ul><li>ý một</li></ul></body></html>
</inlineXML></contentSet></newsItem>
<newsItem guid="urn:vna:2"><contentMeta><headline>Tin trơn</headline></contentMeta>
<contentSet><inlineData contenttype="text/plain">{P1}

{P2}</inlineData></contentSet></newsItem>
</itemSet></newsMessage>"""


def test_newsml_message_with_two_items(read, shown) -> None:
    first, second = read(NEWSML, "a.xml")
    assert shown(first) == [
        ("headline", 0, "", "Hội nghị khai mạc"),
        ("caption", 0, "", P1),
        ("list_item", 0, "-", "ý một"),
    ]
    assert first.media_kind is MediaKind.PHOTO
    assert (first.source_id, first.urgency, first.slug) == ("urn:vna:1", 2, "ASEAN 2020")
    assert (first.byline, first.dateline, first.keywords) == (
        "Nguyễn Văn A", "Hà Nội", ("ASEAN", "RCEP"),
    )  # fmt: skip
    assert first.embargo is not None
    assert [text for *_, text in shown(second)] == ["Tin trơn", P1, P2]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", f"1\n00:00:01,000 --> 00:00:04,500\n<i>{P1}</i>\n\n2\n00:00:05,000 --> "
                  f"00:00:09,000\nDòng một\nDòng hai\n"),
        ("a.vtt", f"WEBVTT\n\nNOTE urgency: 3\n\n00:01.000 --> 00:04.500 align:start\n{P1}\n\n"
                  f"b\n00:05.000 --> 00:09.000\nDòng một\nDòng hai\n"),
    ],
)  # fmt: skip
def test_subtitles_become_cues(one, name: str, text: str) -> None:
    story = one(text, name)
    assert [(b.kind, b.start, b.end, b.text) for b in story.blocks] == [
        ("cue", 1.0, 4.5, P1),
        ("cue", 5.0, 9.0, "Dòng một\nDòng hai"),
    ]
    assert story.media_kind is MediaKind.TV


def test_a_script_with_times_keeps_headline_and_cues(one) -> None:
    story = one(f"---\nkind: tv\n---\nBản tin sáng\n\n[00:05 - 00:12] {P1}\n", "a.txt")
    assert story.headline == "Bản tin sáng"
    assert (story.blocks[1].start, story.blocks[1].end, story.blocks[1].text) == (5.0, 12.0, P1)


def test_content_wins_over_a_wrong_ending(one) -> None:
    assert one(NEWSML.split("<newsItem guid=\"urn:vna:2\"")[0] + "</itemSet></newsMessage>",
               "a.txt").source_id == "urn:vna:1"  # fmt: skip


# -- broken and hostile ------------------------------------------------------------------------


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE newsItem [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    '<newsItem guid="x"><headline>&b;</headline></newsItem>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE newsItem [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<newsItem guid="x"><headline>&x;</headline></newsItem>'
)


@functools.cache
def hostile() -> dict[str, tuple[str, bytes, str]]:
    return {
        "JSON cut short": ("a.json", b'{"headline": "a", "bodies": [', "line 1, column"),
        "JSON that is no story": ("a.json", b'{"a": 1}', "not a ninjs item"),
        "JSON nested without end": ("a.json", b"[" * 100_000, "JSON"),
        "XML cut short": ("a.xml", b"<newsItem guid='x'><headline>a", "line 1"),
        "XML that is no story": ("a.xml", b"<rss><channel/></rss>", "not NewsML-G2"),
        "entities": ("a.xml", LAUGHS.encode(), "DTD or entities"),
        "external entity": ("a.xml", OUTSIDE.encode(), "DTD or entities"),
        "no ZIP": ("a.docx", b"khong phai zip", "DOCX is broken"),
        "ZIP that is no DOCX": ("a.docx", _zip(a=b"x"), "no word/document.xml"),
        "ZIP bomb": ("a.docx", _zip(word__document_xml=b"\0" * 32_000_000), "tight"),
        "too much in a ZIP": ("a.docx", _zip(word__document_xml=b"\0" * 70_000_000), "unpacks"),
        "DTD in a DOCX": (
            "a.docx", _zip(word__document_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "DTD",
        ),
        "a DOCX of nonsense": ("a.docx", _zip(word__document_xml=b"<a/>"), "DOCX"),
        "PDF": ("a.pdf", b"%PDF-1.7", "a PDF"),
        "old Word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1", "old Word"),
        "unknown ending": ("a.xyz", "Chữ".encode(), ".xyz files are not read"),
        "cue that ends too soon": ("a.srt", b"1\n00:00:05,000 --> 00:00:01,000\na", "before"),
        "no cue": ("a.srt", "chỉ là chữ".encode(), "no cue"),
    }  # fmt: skip


@pytest.mark.parametrize("what", hostile())
def test_what_cannot_be_read_is_refused_with_a_reason(refusal, what: str) -> None:
    name, data, wanted = hostile()[what]
    error = refusal(data, name)
    assert error.refusal.reason is RefusalReason.UNREADABLE
    assert wanted in str(error)
    assert "\n" not in str(error)


def test_a_docx_cut_anywhere_is_refused(refusal, docx_bytes) -> None:
    whole = docx_bytes(lambda document: document.add_paragraph(P1))
    for part in (4, 100, len(whole) // 2, len(whole) - 10):
        assert refusal(whole[:part], "a.docx").refusal.reason is RefusalReason.UNREADABLE


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", RefusalReason.EMPTY),
        (" \n\t\n", RefusalReason.EMPTY),
        ("---\nslug: a\n---\n", RefusalReason.EMPTY),
        (P1, RefusalReason.EMPTY),
        ("The summit opened\n\nLeaders of ten countries met online to discuss recovery.",
         RefusalReason.NOT_VIETNAMESE),
        ("Le sommet s'est ouvert\n\nLes dirigeants des dix pays se sont réunis en ligne.",
         RefusalReason.NOT_VIETNAMESE),
        ("12345\n\n67890 - 2020", RefusalReason.CANNOT_TELL),
        (f"Đầu đề\n\n{P1}\n\n" + f"{P2}\n\n" * 900, RefusalReason.TOO_LONG),
    ],
)  # fmt: skip
def test_each_refusal_has_its_reason(reason, text: str, wanted: RefusalReason) -> None:
    assert reason(text) is wanted


def test_the_limit_of_length_is_a_setting(one, refusal) -> None:
    text = f"Đầu đề\n\n{P1} {P2}"
    assert "more than 100" in str(refusal(text, max_chars=100))
    assert one(text, max_chars=500).headline == "Đầu đề"
