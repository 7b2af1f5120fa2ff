"""What Word leaves in a real document: tracked changes, text boxes, footnotes, nested tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from vietwire.intake import Refused
from vietwire.story import Story

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
Take = Callable[..., Story]


def _run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.fixture
def take(one, article: tuple[str, str], docx_bytes) -> Take:  # type: ignore[no-untyped-def]
    """The story of a document with a headline, two paragraphs and what is added to its body."""

    def make(*added: str, build: Callable[[Any], None] | None = None, patch: Any = None) -> Story:
        from docx.oxml import parse_xml

        def fill(document: Any) -> None:
            headline, body = article
            for text in (headline, *body.split("\n\n")):
                document.add_paragraph(text)
            if build is not None:
                build(document)
            for xml in added:
                name, _, rest = xml.partition(">")
                document.element.body.insert(-1, parse_xml(f"{name} {_NAMESPACES}>{rest}"))

        data = docx_bytes(fill)
        return one(patch(data) if patch else data, "tin.docx")

    return make


def _added(story: Story) -> list[str]:
    return [block.text for block in story.blocks[3:]]


def test_tracked_changes_are_read_as_accepted(take: Take) -> None:
    story = take(
        f"<w:p>{_run('Việt Nam ')}<w:ins w:id='1'>{_run('và các nước ASEAN ')}</w:ins>"
        "<w:del w:id='2'><w:r><w:delText>đã xóa </w:delText></w:r></w:del>"
        f"{_run('nhất trí.')}</w:p>",
        f"<w:p><w:moveFrom w:id='3'>{_run('Câu đã chuyển chỗ.')}</w:moveFrom></w:p>",
        f"<w:p><w:moveTo w:id='4'>{_run('Câu đã chuyển chỗ.')}</w:moveTo></w:p>",
    )
    assert _added(story) == ["Việt Nam và các nước ASEAN nhất trí.", "Câu đã chuyển chỗ."]


def test_text_inside_word_s_wrappers_is_read_and_hidden_text_is_not(take: Take) -> None:
    hidden = _run("Chữ ẩn. ", "<w:rPr><w:vanish/></w:rPr>")
    shown = _run("Không ẩn.", "<w:rPr><w:vanish w:val='0'/></w:rPr>")
    story = take(
        f"<w:p><w:smartTag>{_run('Hà Nội ')}</w:smartTag><w:sdt><w:sdtContent>"
        f"{_run('là nơi ')}</w:sdtContent></w:sdt><w:hyperlink>{_run('họp ')}</w:hyperlink>"
        "<w:r><w:instrText>PAGEREF abc</w:instrText></w:r>"
        f"<w:fldSimple w:instr='DATE'>{_run('ngày 12')}</w:fldSimple></w:p>",
        f"<w:sdt><w:sdtContent><w:p>{_run('Đoạn trong khối.')}</w:p></w:sdtContent></w:sdt>",
        f"<w:p>{hidden}{_run('Chữ hiện.')}</w:p>",
        f"<w:p>{shown}</w:p>",
        f"<w:p>{_run('Câu bị')}<w:r><w:br w:type='page'/></w:r>{_run('ngắt trang.')}</w:p>",
    )
    assert _added(story) == [
        "Hà Nội là nơi họp ngày 12",
        "Đoạn trong khối.",
        "Chữ hiện.",
        "Không ẩn.",
        "Câu bị ngắt trang.",
    ]


def test_a_text_box_is_read_once(take: Take) -> None:
    box = f"<w:txbxContent><w:p>{_run('Số liệu chính của hội nghị.')}</w:p></w:txbxContent>"
    story = take(
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}"
        f"</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>{_run('Có hộp.')}</w:p>"
    )
    assert _added(story) == ["Có hộp.", "Số liệu chính của hội nghị."]


def test_every_cell_of_a_table_comes_once_merged_and_nested_ones_too(take: Take) -> None:
    def build(document: Any) -> None:
        table = document.add_table(40, 3)
        for row in range(40):
            for column in range(3):
                table.cell(row, column).text = f"ô {row}.{column}"
        table.cell(0, 1).merge(table.cell(0, 2)).text = "gộp ngang"
        table.cell(1, 0).merge(table.cell(2, 0)).text = "gộp dọc"
        inner = table.cell(39, 2).add_table(1, 1)
        inner.cell(0, 0).text = "lồng trong"

    cells = [block.text for block in take(build=build).blocks if block.row is not None]
    assert len(cells) == 40 * 3 - 2 + 1
    assert len(set(cells)) == len(cells)
    assert cells[-2:] == ["ô 39.2", "lồng trong"]


def _with_footnote(data: bytes) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    added = {
        "[Content_Types].xml": f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/>',
        "word/_rels/document.xml.rels": (
            f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/>'
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part).decode("utf-8", "surrogateescape")
            if part.filename in added:
                head, end, tail = content.rpartition("</")
                content = f"{head}{added[part.filename]}{end}{tail}"
            new.writestr(part.filename, content.encode("utf-8", "surrogateescape"))
        new.writestr(
            "word/footnotes.xml",
            f"<w:footnotes {_NAMESPACES}><w:footnote w:type='separator' w:id='0'><w:p/>"
            f"</w:footnote><w:footnote w:id='2'><w:p>{_run('Số liệu của Ban Thư ký.')}</w:p>"
            "</w:footnote></w:footnotes>",
        )
    return out.getvalue()


def test_a_footnote_stands_below_its_paragraph(take: Take) -> None:
    story = take(
        f"<w:p>{_run('Số ca')}<w:r><w:footnoteReference w:id='2'/></w:r>{_run(' mạnh.')}</w:p>",
        f"<w:p>{_run('Đoạn sau.')}</w:p>",
        patch=_with_footnote,
    )
    assert _added(story) == ["Số ca mạnh.", "Số liệu của Ban Thư ký.", "Đoạn sau."]
    assert story.blocks[4].marker == "[2]"


def test_a_dateline_s_year_is_that_of_the_last_saving(take: Take) -> None:
    def save(created: datetime, modified: datetime) -> Callable[[Any], None]:
        def build(document: Any) -> None:
            document.core_properties.created = created
            document.core_properties.modified = modified
            document.paragraphs[1].text = "Hà Nội (TTXVN 3/11) - " + document.paragraphs[1].text

        return build

    old, new = datetime(2015, 5, 4), datetime(2019, 11, 3)
    assert take(build=save(old, new)).dated == date(2019, 11, 3)
    template = datetime(2013, 12, 23, 23, 15)
    assert take(build=save(template, template)).dated == date(2020, 11, 3)


def test_front_matter_typed_with_line_breaks(article: tuple[str, str], one, docx_bytes) -> None:  # type: ignore[no-untyped-def]
    def document(urgency: str) -> bytes:
        def build(document: Any) -> None:
            document.add_paragraph(f"---\nslug: asean-37\nurgency: {urgency}\n---")
            for text in (article[0], *article[1].split("\n\n")):
                document.add_paragraph(text)

        return bytes(docx_bytes(build))

    story = one(document("2"), "tin.docx")
    assert (story.slug, story.urgency, story.headline) == ("asean-37", 2, article[0])
    with pytest.raises(Refused, match="urgency cannot be '12'"):
        one(document("12"), "tin.docx")
