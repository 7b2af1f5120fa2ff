"""Messages of several items, and the many ways in which a sender fills ninjs and NewsML-G2."""

from __future__ import annotations

import json

import pytest

from vietwire.intake import Outcome, Refused

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
P1 = "Sáng 12/11, tại Hà Nội, Thủ tướng đã chủ trì lễ khai mạc hội nghị."
P2 = "Phát biểu khai mạc, Thủ tướng nhấn mạnh các nước đã vượt qua nhiều thử thách trong năm qua."
HTML = f"<p>{P1}</p><p>{P2}</p>"


def _ninjs(**fields: object) -> dict[str, object]:
    return {"uri": "u1", "headline": "Hội nghị khai mạc", "body_html": HTML, **fields}


def _newsml(guid: str, content: str, status: str = "usable") -> str:
    return (
        f'<newsItem xmlns="{NAMESPACE}" guid="{guid}"><itemMeta><pubStatus qcode="stat:{status}"/>'
        f"</itemMeta><contentMeta><headline>Hội nghị khai mạc</headline></contentMeta>"
        f"<contentSet>{content}</contentSet></newsItem>"
    )


_INLINE = f'<inlineXML contenttype="application/xhtml+xml"><div>{HTML}</div></inlineXML>'


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_a_withdrawn_item_does_not_stop_those_beside_it(intake, kind: str) -> None:
    if kind == "json":
        gone = _ninjs(uri="u2", pubstatus="canceled")
        text = json.dumps([_ninjs(), gone, 3, _ninjs(uri="u4")])
    else:
        sets = [
            _newsml("u1", _INLINE),
            _newsml("u2", _INLINE, "canceled"),
            _newsml("u4", _INLINE),
        ]
        inner = "".join(f"<itemSet>{item}</itemSet>" for item in sets)
        text = f'<newsMessage xmlns="{NAMESPACE}"><header/>{inner}</newsMessage>'
    (intake.inbox / f"all.{kind}").write_text(text)
    taken = {t.source_id: t for t in intake.take_inbox()}
    assert [taken[name].outcome for name in ("u1", "u2", "u4")] == [
        Outcome.NEW, Outcome.REFUSED, Outcome.NEW,
    ]  # fmt: skip
    assert "withdrawn" in taken["u2"].refusal.message
    assert len(taken) == (4 if kind == "json" else 3)


@pytest.mark.parametrize(
    "fields",
    [
        {"bodies": HTML},
        {"bodies": {"value": HTML}},
        {"bodies": [{"value": HTML, "contentType": "text/html"}]},
        {"bodies": [{"value": "cũ", "contenttype": "text/plain"}, {"value": HTML}]},
        {"bodies": [{"value": HTML, "contenttype": "application/xhtml+xml"}]},
        {
            "bodies": [
                {
                    "value": f"<nitf><body><body.content>{HTML}</body.content></body></nitf>",
                    "contenttype": "application/nitf+xml",
                }
            ]
        },
    ],
)
def test_bodies_of_every_make(one, fields: dict[str, object]) -> None:
    item = {"uri": "u1", "headlines": [{"value": "Hội nghị <b>khai mạc</b> &amp; ký"}], **fields}
    story = one(json.dumps(item), "a.json")
    assert [block.text for block in story.blocks] == ["Hội nghị khai mạc & ký", P1, P2]


def test_a_second_body_is_named_not_dropped_in_silence(intake) -> None:
    bodies = [
        {"role": "main", "value": HTML, "contenttype": "text/html"},
        {"role": "sidebar", "value": f"<p>{P2}</p>", "contenttype": "text/html"},
    ]
    item = {"uri": "u1", "headline": "Hội nghị khai mạc", "bodies": bodies}
    (intake.inbox / "a.json").write_text(json.dumps(item))
    (taken,) = intake.take_inbox()
    assert any("sidebar" in note for note in taken.notes)


@pytest.mark.parametrize(
    "content",
    [
        "<inlineData>" + HTML.replace("<", "&lt;") + "</inlineData>",
        f"<inlineData><![CDATA[{HTML}]]></inlineData>",
        f"<inlineXML>{P1}\n\n{P2}</inlineXML>",
    ],
)
def test_newsml_content_that_does_not_say_what_it_is(one, content: str) -> None:
    story = one(_newsml("g", content), "a.xml")
    assert [block.text for block in story.blocks][1:] == [P1, P2]


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("slug asean-37\nurgency: 1", "line 2: front matter wants lines such as"),
        ("slug: asean-37\n\turgency: 3", "line 3: field 'urgency' is indented"),
        ("slug: asean-37\n  urgency: 3", "line 3: field 'urgency' is indented"),
        ("slug: a\nurgency: 12", "line 3: urgency cannot be '12'"),
    ],
)
def test_a_fault_in_front_matter_names_field_and_line(refusal, head: str, wanted: str) -> None:
    error: Refused = refusal(f"---\n{head}\n---\n\nHội nghị khai mạc\n\n{P1}\n\n{P2}", "a.md")
    assert wanted in str(error)


def test_a_rule_across_the_page_is_no_front_matter(one) -> None:
    story = one(f"---\nHội nghị khai mạc\n\n{P1}\n\nNgày: 12/11\n---\n{P2}", "a.txt")
    assert story.headline == "Hội nghị khai mạc"
