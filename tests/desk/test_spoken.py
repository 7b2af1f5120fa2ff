"""Findings and refused moves in Vietnamese."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask_babel import force_locale

from vietwire.desk.history import told
from vietwire.desk.spoken import PLACE, say, sentences
from vietwire.story import AuditEvent


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("Translate it.", "Hãy dịch."),
        ("“South China Sea” must not be printed.", "Không được dùng “South China Sea”."),
        ("The number “38” is not in the Vietnamese.", "Con số “38” không có trong tiếng Việt."),
        ("The date 12/11 has become 11/12.", "Ngày 12/11 đã thành 11/12."),
        ("“{}” must not be printed.", "Không được dùng “{}”."),
        ("Something no module says.", "Something no module says."),
        ("", ""),
    ],
)
def test_a_sentence_is_said_with_its_values(english: str, vietnamese: str) -> None:
    assert say(english, "vi") == vietnamese
    assert say(english, "en") == english


def test_every_sentence_keeps_its_values_in_place() -> None:
    known = sentences("vi")
    assert len(known) > 90
    for english, vietnamese in known.items():
        assert vietnamese, english
        assert english.count(PLACE) == vietnamese.count(PLACE), english
        numbered = [f"<{n}>" for n in range(english.count(PLACE))]
        filled = english
        for value in numbered:
            filled = filled.replace(PLACE, value, 1)
        said = say(filled, "vi")
        assert all(value in said for value in numbered), english


def test_what_the_checks_find_is_said_in_vietnamese() -> None:
    from vietwire.checks import check_segment

    pairs = [
        ("Kinh tế khu vực suy giảm 3,8% trong năm 2020.", "The economy shrank by 38% in 2020."),
        ("Hội nghị khai mạc ngày 12/11/2020.", "The summit opened on 11 December 2020."),
        ("Thủ tướng phát biểu khai mạc hội nghị.", ""),
    ]
    said = 0
    for source, target in pairs:
        for finding in check_segment(source, target, "en"):
            for sentence in (finding.message, finding.action):
                assert say(sentence, "vi") != sentence, sentence
                said += 1
    assert said >= 6


def test_a_refused_move_is_explained_in_vietnamese(
    person: Callable[[str], Any], summit: Any
) -> None:
    linh = person("linh")
    linh.post("/preferences", {"ui": "vi"})
    draft = summit["ru"]
    answer = linh.post(f"/drafts/{draft.id}", {"revision": draft.revision, "action": "claim"})
    assert answer.status_code == 403
    assert "không phụ trách" in answer.text


def wordings(node: ast.expr, within: ast.AST) -> set[str]:
    """The sentences an expression can be, ``{}`` for their values; a name is looked up."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.JoinedStr(values=parts):
            return {"".join(str(p.value) if isinstance(p, ast.Constant) else PLACE for p in parts)}
        case ast.IfExp(body=one, orelse=other):
            return wordings(one, within) | wordings(other, within)
        case ast.Name(id=name):
            given = [
                n.value
                for n in ast.walk(within)
                if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == name
            ]
            return set().union(*(wordings(value, within) for value in given))
    return set()


def sentences_of(package: ModuleType, makers: dict[str, slice]) -> set[str]:
    """Every sentence that a package's code hands to ``makers``, whose arguments are named."""
    found: set[str] = set()
    for path in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for within in (n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)):
            for node in ast.walk(within):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    for argument in node.args[makers.get(node.func.id, slice(0))]:
                        found |= wordings(argument, within)
    return found - {""}


def sentences_of_intake() -> set[str]:
    """Every sentence with which intake's code refuses."""
    import vietwire.intake

    names = ("Fault", "unreadable", "_no_encoding", "wrong_value")
    return sentences_of(vietwire.intake, dict.fromkeys(names, slice(-1, None)))


def test_every_finding_is_said_in_vietnamese() -> None:
    """Also those that the labelled cases do not hold."""
    import vietwire.checks
    import vietwire.termbase

    makers = {"Finding": slice(2, 4), "_finding": slice(1, 3)}
    sentences = sentences_of(vietwire.checks, makers) | sentences_of(vietwire.termbase, makers)
    assert len(sentences) > 80
    for english in sentences:
        values = [f"<{n}>" for n in range(english.count(PLACE))]
        filled = english
        for value in values:
            filled = filled.replace(PLACE, value, 1)
        said = say(filled, "vi")
        assert said != filled, english
        assert all(value in said for value in values), english


def test_every_refusal_of_intake_is_said_in_vietnamese() -> None:
    refusals = sentences_of_intake()
    assert len(refusals) > 35
    for english in refusals:
        values = [f"<{n}>" for n in range(english.count(PLACE))]
        # Some sentences begin with the place of the fault, or go on from it.
        filled = re.sub(r"^\{\}: ", "line 3, column 4: ", english)
        for value in values:
            filled = filled.replace(PLACE, value, 1)
        said = say(filled, "vi")
        assert said != filled, english
        assert all(value in said for value in values if value in filled), english


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        (
            "line 4: urgency cannot be 'cao'; write a whole number from 1 (flash) to 9, 4 is "
            "normal",
            "dòng 4: urgency không thể là 'cao'; hãy viết số nguyên từ 1 (hỏa tốc) đến 9, 4 là "
            "bình thường",
        ),
        (
            "it reads as English; the desk takes Vietnamese",
            "văn bản giống tiếng Anh; ban chỉ nhận tiếng Việt",
        ),
        (
            "The date 15 November 2020 has become December 2020.",
            "Ngày 15/11/2020 đã thành 12/2020.",
        ),
        ("“Asean” should be written “ASEAN”.", "“Asean” phải viết là “ASEAN”."),
        (
            "“ASEAN” stays as it is, but is missing from the translation.",
            "“ASEAN” phải giữ nguyên nhưng không có trong bản dịch.",
        ),
        (
            "model 'nllb' is not on this machine; run: vietwire models pull nllb",
            "mô hình 'nllb' chưa có trên máy này; hãy chạy: vietwire models pull nllb",
        ),
        ("The handle @ttxvn is missing.", "Thiếu tên tài khoản @ttxvn."),
        ("The handle @ttxvn has become @vna.", "Tên tài khoản @ttxvn đã thành @vna."),
        ("“12 November” must not be printed.", "Không được dùng “12 November”."),
        (
            "The translation should be French but reads as English.",
            "Bản dịch phải là tiếng Pháp nhưng lại giống tiếng Anh.",
        ),
    ],
)
def test_values_are_said_too_and_quotations_are_left_alone(english: str, vietnamese: str) -> None:
    assert say(english, "vi") == vietnamese


CASES = Path(__file__).resolve().parents[1] / "checks" / "cases"
QUOTED = re.compile(r"“.*”|'[^']*'|@\w+|\S+\.\S+", re.DOTALL)
ENGLISH = re.compile(
    r"\b(?:the|is|are|as|of|in|not|has|have|reads|stands?|missing|become|number|date|month|year"
    r"|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|\w+day|Cyrillic|Han|handle)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("file", sorted(CASES.glob("*.tsv")), ids=lambda path: path.stem)
def test_no_english_is_left_in_what_the_checks_say(file: Path) -> None:
    """Over the labelled cases of the checks, where every finding has its words."""
    from vietwire.checks import check_segment

    said = 0
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            for finding in check_segment(row["source"], row["target"], row["language"]):
                for sentence in (finding.message, finding.action):
                    vietnamese = say(sentence, "vi")
                    assert vietnamese != sentence
                    left = ENGLISH.search(QUOTED.sub("", vietnamese))
                    assert left is None, vietnamese
                    said += 1
    assert said >= 10


def test_a_refusal_is_read_in_vietnamese(person: Callable[[str], Any]) -> None:
    linh = person("linh")
    linh.post("/preferences", {"ui": "vi"})
    body = "The summit opened in Ha Noi on the morning of November 12 with ten member states."
    answer = linh.post("/new", {"headline": "Summit opens in Ha Noi", "body": body})
    assert answer.status_code == 422
    assert "văn bản giống tiếng Anh" in answer.text
    assert "văn bản giống tiếng Anh" in linh.get("/refused").text


@pytest.mark.parametrize(
    ("action", "note", "vietnamese"),
    [
        (
            "approve",
            "in spite of: “Biển Đông” should be “East Sea”; that is not in the translation; "
            "“South China Sea” must not be printed. Reason: the treaty's title; Write “East Sea”.",
            "dù có phát hiện: “Biển Đông” phải là “East Sea”; không thấy trong bản dịch; "
            "Không được dùng “South China Sea”. Lý do: the treaty's title; Write “East Sea”.",
        ),
        (
            "approve",
            "in spite of: “a; b” must not be printed; A finding of old. Reason: why",
            "dù có phát hiện: Không được dùng “a; b”; A finding of old. Lý do: why",
        ),
        ("check", "approval stopped by 2 blocking finding(s)", "chưa duyệt vì 2 phát hiện chặn"),
        ("outdate", "story version 2 came in", "tin có phiên bản 2 mới"),
        ("reject", "Translate it.", "Translate it."),
        ("story_added", "inbox", "inbox"),
    ],
)
def test_the_history_is_read_in_vietnamese_and_peoples_words_are_left_alone(
    app: Any, action: str, note: str, vietnamese: str
) -> None:
    event = AuditEvent(datetime(2020, 11, 12, tzinfo=UTC), "hoa", action, note=note)
    with app.test_request_context():
        assert told([event], {}, {})[0].note == note
        with force_locale("vi"):
            assert told([event], {}, {})[0].note == vietnamese
