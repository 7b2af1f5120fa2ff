"""Restricted items are known in whatever form they come, and leave nothing behind."""

from __future__ import annotations

import io
import json
import logging
import stat
import traceback
import unicodedata
import zipfile
from pathlib import Path

import pytest

from vietwire.intake import Outcome
from vietwire.intake.restricted import channel_is_restricted, is_restricted, name_is_marked
from vietwire.story import RefusalReason

PROSE = "Hội nghị bàn về nhiều vấn đề của khu vực và thế giới trong năm qua."


def marked_texts() -> dict[str, str]:
    return {
        "front matter": f"---\nchannel: BCTK\n---\nĐầu đề\n\n{PROSE}",
        "front matter, quoted": f'---\nslug: a\nchannel: "bctk"\n---\nĐầu đề\n\n{PROSE}',
        "Vietnamese field": f"---\nkênh: BCTK\n---\nĐầu đề\n\n{PROSE}",
        "list in a field": f"---\nchannel:\n  - BCTK\n---\nĐầu đề\n\n{PROSE}",
        "two channels": f"---\nchannel: PB, BCTK\n---\nĐầu đề\n\n{PROSE}",
        "keyword": f"---\nkeywords: [ASEAN, BCTK]\n---\nĐầu đề\n\n{PROSE}",
        "secrecy": f"---\nĐộ mật: Mật\n---\nĐầu đề\n\n{PROSE}",
        "header line": f"BCTK\n\nĐầu đề\n\n{PROSE}",
        "header line with a number": f"BCTK số 123\nĐầu đề\n\n{PROSE}",
        "header line in brackets": f"[BCTK]\nĐầu đề\n\n{PROSE}",
        "spaced letters": f"B C T K\nĐầu đề\n\n{PROSE}",
        "full-width letters": f"ＢＣＴＫ\nĐầu đề\n\n{PROSE}",
        "invisible characters": f"B\u200bCT\u00adK\nĐầu đề\n\n{PROSE}",
        "in full": f"BÁO CÁO THAM KHẢO\nĐầu đề\n\n{PROSE}",
        "without marks": f"BAO CAO THAM KHAO\nĐầu đề\n\n{PROSE}",
        "special reference": f"Tin tham khảo đặc biệt\nĐầu đề\n\n{PROSE}",
        "its abbreviation": f"TLTKĐB\nĐầu đề\n\n{PROSE}",
        "not for spreading": f"Đầu đề\n\n{PROSE}\n\nKHÔNG PHỔ BIẾN",
        "secret": f"MẬT\nĐầu đề\n\n{PROSE}",
        "top secret": f"**TUYỆT MẬT**\n\nĐầu đề\n\n{PROSE}",
        "prefix of the headline": f"BCTK: Đầu đề\n\n{PROSE}",
        "end of the headline": f"Đầu đề (BCTK)\n\n{PROSE}",
        "headline field": f"---\ntitle: BCTK - Đầu đề\n---\n{PROSE}",
        "dateline": f"Đầu đề\n\nHà Nội (TTXVN-BCTK 12/11) - {PROSE}",
        "line deep in the text": "Đầu đề\n\n" + f"{PROSE}\n\n" * 30 + f"BCTK\n\n{PROSE}",
        "Markdown emphasis": f"# **BCTK**\n\nĐầu đề\n\n{PROSE}",
        "HTML meta": f"<html><meta name='channel' content='BCTK'><p>{PROSE}</p>",
        "HTML text": f"<p>BC<b>TK</b></p><h1>Đầu đề</h1><p>{PROSE}</p>",
        "HTML entities": f"<p>&#66;CTK</p><p>{PROSE}</p>",
        "HTML comment": f"<!-- BCTK --><p>{PROSE}</p>",
        "ninjs field": json.dumps({"uri": "a", "channel": "BCTK", "body_text": PROSE}),
        "ninjs escapes": '{"uri": "a", "usageterms": "Kh\\u00f4ng ph\\u1ed5 bi\\u1ebfn"}',
        "ninjs subject": json.dumps({"subjects": [{"uri": "vna:BCTK"}], "body_text": PROSE}),
        "ninjs body": json.dumps({"body_text": f"BCTK\n{PROSE}"}),
        "broken JSON": f'{{"channel": "BCTK", "body_text": "{PROSE}',
        "NewsML signal": f'<newsItem><signal qcode="sig:BCTK"/><p>{PROSE}</p></newsItem>',
        "NewsML usage terms": f"<newsItem><usageTerms>KHÔNG PHỔ BIẾN</usageTerms><p>{PROSE}</p>",
        "for it alone": f"(Tin này chỉ dùng cho BCTK)\n\nĐầu đề\n\n{PROSE}",
        "Cyrillic look-alikes": f"ВСТК\n\nĐầu đề\n\n{PROSE}",
        "subtitles": f"WEBVTT BCTK\n\n00:01.000 --> 00:02.000\n{PROSE}",
        "HTML meta without quotes": f"<meta content=BCTK name=channel><p>{PROSE}</p>",
        "HTML class": f'<div class="tin bctk moi"><p>{PROSE}</p></div>',
        "ninjs keywords": json.dumps({"keywords": "ASEAN,BCTK", "body_text": PROSE}),
        "ninjs classification": json.dumps({"classification": "BCTK 12/2020", "body_text": PROSE}),
        "ninjs flag": json.dumps({"is_bctk": True, "body_text": PROSE}),
        "NewsML note in words": f"<newsItem><edNote>Đây là tin BCTK</edNote><p>{PROSE}</p>",
        "XML instruction": f"<newsItem><?channel BCTK?><p>{PROSE}</p></newsItem>",
        "broken XML": f"<newsItem><service><name>BCTK</name><body><p>{PROSE}",
    }


@pytest.mark.parametrize("form", marked_texts())
def test_a_marking_is_known_in_every_form(form: str) -> None:
    assert is_restricted(marked_texts()[form].encode())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_marking_is_known_in_every_encoding(encoding: str) -> None:
    assert is_restricted(f"BÁO CÁO THAM KHẢO\n{PROSE}".encode(encoding))


def test_a_marking_is_known_in_the_legacy_code_pages_and_beside_broken_bytes() -> None:
    cp1258 = "BA\u0301O CA\u0301O THAM KHA\u0309O\nHo\u0323p ngay".encode("cp1258")
    tcvn3 = b"B\xb8O C\xb8O THAM KH\xb6O\n\xae\xf3ng"
    assert is_restricted(cp1258)
    assert is_restricted(tcvn3)
    assert is_restricted(b"\xff\xfe\xfd BC\xffTK\n\x81\x82\n" + PROSE.encode())


def test_ordinary_stories_are_not_taken_for_restricted() -> None:
    for text in (
        f"Đầu đề\n\n{PROSE} Các cơ quan triển khai thông tin PB/BCTK về hội nghị, phù hợp thực tế.",
        f"2.2.2 Thông tin BCTK:\n\n- {PROSE}",
        f"Hiệp ước không phổ biến vũ khí hạt nhân\n\n{PROSE}",
        f"---\nkeywords: không phổ biến vũ khí hạt nhân, ASEAN\n---\nĐầu đề\n\n{PROSE}",
        f"Báo cáo tham khảo của Liên hợp quốc về biến đổi khí hậu\n\n{PROSE}",
        f"Giá mật ong tăng\n\nMật ong rừng được ưa chuộng. {PROSE}",
        f"---\nchannel: PB\n---\nĐầu đề\n\n{PROSE}",
        f"Hai bên trao đổi tài liệu mật vụ\n\nGặp mặt báo chí\n\n{PROSE}",
    ):
        assert not is_restricted(text.encode()), text


@pytest.mark.parametrize("value", ["BCTK", "bctk ", "PB/BCTK", "BTCK", "Báo cáo tham khảo", "Mật"])
def test_a_channel_that_may_mean_the_reference_report_is_restricted(value: str) -> None:
    assert channel_is_restricted(value)


def test_file_and_folder_names_can_carry_the_marking() -> None:
    assert name_is_marked("tin-BCTK-0812.docx")
    assert name_is_marked("BCTK/tin.txt")
    for name in (
        "BCTK2020-11-12.docx",
        "12BCTK.docx",
        "tinBCTK.docx",
        "B.C.T.K.docx",
        "b_c_t_k.md",
        "ＢＣＴＫ.txt",
        "ВСТК-1.txt",
        "Báo cáo tham khảo 12.docx",
        unicodedata.normalize("NFD", "tham-khảo-đặc-biệt.docx"),
        "khong_pho_bien.txt",
        "2020-11-12 Báo cáo tham khảo.docx",
        "bao-cao-tham-khao-so-12-bien-dong.docx",
        "Chuyến thăm (không phổ biến).docx",
        "Không phổ biến/tin.txt",
    ):
        assert name_is_marked(name), name
    for name in (
        "bctkx.txt",
        "abctk.txt",
        "hiep-uoc-khong-pho-bien-vu-khi-hat-nhan.txt",
        "hiep-uoc-khong-pho-bien-hat-nhan-123.html",
        "Can benh khong pho bien.docx",
        "bao-cao-tham-khao-ve-khi-hau.html",
        "cam-pho-bien-van-hoa-pham.txt",
    ):
        assert not name_is_marked(name), name


def _docx(docx_bytes, paragraphs: list[str], header: str = "") -> bytes:  # type: ignore[no-untyped-def]
    def build(document) -> None:  # type: ignore[no-untyped-def]
        if header:
            document.sections[0].header.paragraphs[0].text = header
        for text in paragraphs:
            run = document.add_paragraph()
            for letter in text:  # every letter a run of its own, as Word likes to leave them
                run.add_run(letter)

    return docx_bytes(build)


def test_a_docx_is_searched_in_text_and_page_header(docx_bytes) -> None:  # type: ignore[no-untyped-def]
    assert is_restricted(_docx(docx_bytes, ["BCTK", PROSE]))
    assert is_restricted(_docx(docx_bytes, [PROSE], header="BÁO CÁO THAM KHẢO"))
    assert not is_restricted(_docx(docx_bytes, [PROSE]))


@pytest.mark.parametrize("name", ["title", "subject", "keywords", "category", "comments"])
@pytest.mark.parametrize("value", ["BCTK", "ASEAN, BCTK", "Kênh: BCTK"])
def test_the_properties_of_a_docx_are_searched(docx_bytes, name: str, value: str) -> None:  # type: ignore[no-untyped-def]
    if value == "ASEAN, BCTK" and name not in ("keywords", "subject", "category"):
        return  # a list of words only where lists are written

    def build(document) -> None:  # type: ignore[no-untyped-def]
        document.add_paragraph(PROSE)
        setattr(document.core_properties, name, value)

    assert is_restricted(docx_bytes(build))


def test_a_truncated_docx_is_searched_as_far_as_it_goes(docx_bytes) -> None:  # type: ignore[no-untyped-def]
    whole = _docx(docx_bytes, ["BCTK", *[f"{PROSE} {n}" for n in range(400)]])
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        part = archive.getinfo("word/document.xml")
    cut = whole[: part.header_offset + part.compress_size // 2]
    assert not zipfile.is_zipfile(io.BytesIO(cut))
    assert is_restricted(cut)


# -- nothing is left ---------------------------------------------------------------------------


def _everything_under(folder: Path) -> bytes:
    return b"".join(
        path.read_bytes() + path.name.encode()
        for path in folder.rglob("*")
        if path.is_file() and "restricted" not in path.parts
    )


def _assert_no_trace(secret: str, name: str, *places: object) -> None:
    for place in places:
        text = place if isinstance(place, bytes) else str(place).encode()
        for encoding in ("utf-8", "utf-16-le"):
            assert secret.encode(encoding) not in text
        assert name.encode() not in text


def restricted_files(secret: str) -> dict[str, bytes]:
    text = f"---\nsource_id: VNA-77\nchannel: BCTK\n---\n{secret}\n\n{PROSE} {secret}."
    return {
        "tuyet-mat-chuyen.txt": text.encode(),
        "tuyet-mat-chuyen.md": text.encode(),
        "tuyet-mat-chuyen.utf16": text.encode("utf-16"),
        "tuyet-mat-chuyen.json": json.dumps(
            {"uri": "VNA-77", "channel": "BCTK", "headline": secret, "body_text": PROSE}
        ).encode(),
        "tuyet-mat-chuyen.xml": (
            f'<newsItem guid="VNA-77"><signal qcode="s:BCTK"/><headline>{secret}</headline>'
        ).encode(),
    }


@pytest.mark.parametrize("name", sorted(restricted_files("")))
def test_a_restricted_file_in_the_inbox_leaves_only_id_time_and_reason(
    name: str, intake, secret: str, tmp_path: Path, caplog
) -> None:  # type: ignore[no-untyped-def]
    caplog.set_level(logging.DEBUG)
    data = restricted_files(secret)[name]
    (intake.inbox / name).write_bytes(data)
    (taken,) = intake.take_inbox()
    (kept,) = intake.store.refusals()
    assert taken.outcome is Outcome.REFUSED
    assert (kept.source_id, kept.reason, kept.origin, kept.kept_as) == (
        "VNA-77", RefusalReason.RESTRICTED, "", "",
    )  # fmt: skip
    intake.store.close()
    _assert_no_trace(
        secret, name, caplog.text, repr(taken), repr(kept), _everything_under(tmp_path)
    )
    held = intake.inbox / "restricted" / "vna-77.held"
    assert held.read_bytes() == data
    assert stat.S_IMODE(held.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(held.stat().st_mode) == 0o600


def test_a_restricted_file_given_by_path_stays_where_it_is(
    intake, secret: str, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "elsewhere" / "chuyen.txt"
    path.parent.mkdir()
    path.write_text(f"BCTK\n\n{secret}\n\n{PROSE}")
    (taken,) = intake.take_paths([path])
    intake.take_paths([path])
    assert path.exists()
    assert taken.refusal is not None
    assert taken.source_id.startswith("restricted-")
    _assert_no_trace(secret, "chuyen", repr(taken), repr(intake.store.refusals()))
    assert len(intake.store.refusals()) == 1


def test_form_upload_and_fields_are_searched_too(intake, secret: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    taken = [
        *intake.take_form({"headline": secret, "body": PROSE, "channel": "BCTK"}),
        *intake.take_form({"headline": "Đầu đề", "body": f"BCTK\n\n{secret}"}),
        *intake.take_upload("chuyen.txt", f"MẬT\n\n{secret}\n\n{PROSE}".encode()),
        *intake.take_upload("chuyen.txt", f"{secret}\n\n{PROSE}".encode(), {"channel": "BCTK"}),
    ]
    assert [t.refusal.reason for t in taken] == [RefusalReason.RESTRICTED] * 4
    intake.store.close()
    _assert_no_trace(secret, "chuyen", repr(taken), _everything_under(tmp_path))


def test_an_upload_with_a_restricted_item_is_not_put_aside_for_another_item(
    intake, secret: str, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    items = [
        {"uri": "a", "headline": "Summit opens", "body_text": "Leaders met online on Thursday."},
        {"uri": "b", "headline": "Đầu đề", "channel": "BCTK", "body_text": secret},
    ]
    data = json.dumps(items, ensure_ascii=False).encode()
    taken = intake.take_upload("chuyen.json", data)
    assert [t.outcome for t in taken] == [Outcome.REFUSED] * 2
    intake.store.close()
    _assert_no_trace(secret, "chuyen", repr(taken), _everything_under(tmp_path))


def test_an_exception_about_a_restricted_item_quotes_nothing(refusal, secret: str) -> None:  # type: ignore[no-untyped-def]
    for name, data in restricted_files(secret).items():
        error = refusal(data, name)
        told = "".join(traceback.format_exception(error))
        _assert_no_trace(secret, name, repr(error), repr(error.refusal), told.split("\n\n")[-1])
        assert error.__context__ is None


def test_of_a_message_with_one_restricted_item_the_others_are_taken(
    intake, secret: str, article: tuple[str, str]
) -> None:  # type: ignore[no-untyped-def]
    headline, body = article
    items = [
        {"uri": "open-1", "headline": headline, "body_text": body},
        {"uri": "closed-1", "channel": "BCTK", "headline": secret, "body_text": PROSE},
        {"uri": "open-2", "headline": headline + " lần nữa", "body_text": body},
    ]
    (intake.inbox / "all.json").write_text(json.dumps(items), encoding="utf-8")
    taken = intake.take_inbox()
    assert [(t.source_id, t.outcome) for t in taken] == [
        ("open-1", Outcome.NEW),
        ("closed-1", Outcome.REFUSED),
        ("open-2", Outcome.NEW),
    ]
    assert not list(intake.processed.glob("*"))
    assert len(list((intake.inbox / "restricted").iterdir())) == 1


def test_an_id_that_spells_the_headline_is_not_kept(intake) -> None:
    address = "https://tin.example/chuon-chuon-tim-dau-tren-mai-ngoi"
    item = {"uri": address, "channel": "BCTK", "headline": "x", "body_text": PROSE}
    (intake.inbox / "a.json").write_text(json.dumps(item))
    (taken,) = intake.take_inbox()
    assert taken.source_id.startswith("restricted-")


def test_a_link_whose_name_is_marked_is_not_named(intake, tmp_path: Path) -> None:
    (intake.inbox / "BCTK-chuyen-la.txt").symlink_to(tmp_path / "nowhere")
    (taken,) = intake.take_inbox()
    _assert_no_trace("BCTK-chuyen-la", "chuyen-la", repr(taken), repr(intake.store.refusals()))
