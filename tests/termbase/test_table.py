"""Reading the term table, and naming every fault in it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from vietwire.termbase import Fault, TermBase, TermBaseInvalid, check
from vietwire.termbase.model import COLUMNS, Concept
from vietwire.termbase.table import parse_table, write_table

GOOD = {
    "concept": "bien-dong",
    "kind": "translate",
    "vi": "Biển Đông",
    "en": "East Sea",
    "en_status": "attested",
}


def table(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def faults(data: bytes) -> list[Fault]:
    with pytest.raises(TermBaseInvalid) as caught:
        parse_table(data)
    return caught.value.faults


def places(data: bytes) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in faults(data)]


def test_a_good_row_is_read_in_full() -> None:
    row = {
        **GOOD,
        "vi_variants": "biển Đông | Biển Đông Việt Nam",
        "en_forbidden": "South China Sea|SCS",
        "valid_from": "2020-01-01",
        "note": "House style.",
    }
    (concept,) = parse_table(table(row))
    assert concept.variants == ("biển Đông", "Biển Đông Việt Nam")
    assert concept.rendering("en").text == "East Sea"
    assert concept.rendering("en").forbidden == ("South China Sea", "SCS")
    assert concept.rendering("fr").text == ""
    assert concept.valid_from is not None
    assert concept.valid_from.isoformat() == "2020-01-01"
    assert concept.note == "House style."


def test_columns_may_come_in_any_order_and_with_a_byte_order_mark() -> None:
    data = b"\xef\xbb\xbf" + table(GOOD, columns=tuple(reversed(COLUMNS)))
    assert parse_table(data) == parse_table(table(GOOD))


def test_blank_rows_and_decomposed_letters_mean_nothing() -> None:
    import unicodedata

    decomposed = {name: unicodedata.normalize("NFD", cell) for name, cell in GOOD.items()}
    assert parse_table(table({}, decomposed, {})) == parse_table(table(GOOD))


def test_a_language_without_a_rendering_yet_is_no_fault() -> None:
    (concept,) = parse_table(table(GOOD))
    assert concept.rendering("fr").text == ""


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"concept": ""}, "concept", "identifier"),
        ({"concept": "Biển Đông"}, "concept", "identifier"),
        ({"kind": "name"}, "kind", "translate"),
        ({"kind": ""}, "kind", "translate"),
        ({"vi": " "}, "vi", "empty"),
        (
            {"en": "", "en_short": "ES", "fr": "mer", "fr_status": "confirm"},
            "en",
            "empty rendering",
        ),
        (
            {"en": "", "en_forms": "E. Sea", "fr": "mer", "fr_status": "confirm"},
            "en",
            "empty rendering",
        ),
        ({"fr_status": "attested"}, "fr", "empty rendering"),
        ({"fr_status": "confirm"}, "fr", "empty rendering"),
        ({"note": "a\x0bb"}, "note", "U+000B"),
        ({"en_article": "a"}, "en_article", "'a' is not one of: the"),
        ({"fr_article": "la"}, "fr_article", "an article, but no rendering"),
        ({"en_status": ""}, "en_status", "attested or confirm"),
        ({"en_status": "sure"}, "en_status", "'sure'"),
        ({"en_forbidden": "East Sea"}, "en_forbidden", "'East Sea'"),
        ({"en_forbidden": "SCS | east sea"}, "en_forbidden", "'east sea'"),
        ({"en_forms": "Bien Dong", "en_forbidden": "Bien Dong"}, "en_forbidden", "'Bien Dong'"),
        ({"valid_from": "2020-13-01"}, "valid_from", "2020-13-01"),
        ({"valid_from": "15/11/2020"}, "valid_from", "date"),
        ({"valid_until": "20201115"}, "valid_until", "date"),
        ({"valid_from": "2020-11-15", "valid_until": "2020-11-14"}, "valid_until", "before"),
        ({"vi_variants": "biển Đông | | x"}, "vi_variants", "empty entry"),
        ({"en_forbidden": "SCS |"}, "en_forbidden", "empty entry"),
    ],
)
def test_each_fault_is_named_with_row_and_column(
    change: dict[str, str], column: str, words: str
) -> None:
    other = {**GOOD, "concept": "other", "vi": "Biển Tây"}
    (fault,) = faults(table(other, {**GOOD, **change}))
    assert (fault.row, fault.column) == (3, column)
    assert words in fault.message


def test_kind_translate_needs_a_rendering_and_kind_forbid_a_forbidden_form() -> None:
    empty = {**GOOD, "en": "", "en_status": ""}
    assert "no language has a rendering" in faults(table(empty))[0].message
    forbid = {**empty, "kind": "forbid"}
    assert "no language has a forbidden form" in faults(table(forbid))[0].message
    assert parse_table(table({**forbid, "en_forbidden": "South China Sea"}))
    assert parse_table(table({**empty, "kind": "keep"}))
    with pytest.raises(TermBaseInvalid, match="kind is suggest"):
        parse_table(table({**empty, "kind": "suggest"}))


def test_a_concept_or_a_vietnamese_form_stands_once() -> None:
    assert places(table(GOOD, {**GOOD, "vi": "Biển Tây"})) == [(3, "concept")]
    again = {**GOOD, "concept": "again", "vi": "Biển Tây", "vi_variants": "BIỂN ĐÔNG | x"}
    (fault,) = faults(table(GOOD, {**again, "vi_variants": "biển đông | x"}))
    assert (fault.row, fault.column) == (3, "vi_variants")
    assert "row 2 (bien-dong)" in fault.message


def test_one_form_may_change_hands_between_dates() -> None:
    old = {**GOOD, "valid_until": "2021-04-04"}
    new = {**GOOD, "concept": "again", "valid_from": "2021-04-05"}
    assert len(parse_table(table(old, new))) == 2
    assert places(table(old, {**new, "valid_from": "2021-04-04"})) == [(3, "vi")]


def test_one_short_form_may_have_two_meanings_told_apart_by_context() -> None:
    first = {**GOOD, "vi_abbr": "SOM", "context": "ASEAN"}
    second = {**GOOD, "concept": "b", "vi": "Biển Tây", "vi_abbr": "SOM", "context": "vải"}
    assert len(parse_table(table(first, second))) == 2
    assert places(table(first, {**second, "context": "ASEAN"})) == [(3, "vi_abbr")]


def test_every_fault_is_listed_at_once() -> None:
    bad = {**GOOD, "concept": "b", "vi": "Biển Tây", "kind": "x", "en_forbidden": "East Sea"}
    late = {**GOOD, "concept": "c", "vi": "Biển Nam", "valid_from": "soon"}
    assert places(table(bad, {**GOOD, "vi": ""}, GOOD, late)) == [
        (2, "en_forbidden"),
        (2, "kind"),
        (3, "vi"),
        (4, "concept"),
        (5, "valid_from"),
    ]


def test_unknown_missing_and_doubled_columns_are_all_named() -> None:
    columns = tuple(c for c in COLUMNS if c not in ("zh", "note")) + ("de", "vi")
    out = ",".join(columns).encode() + b"\n"
    assert [(f.column, f.message.split()[0]) for f in faults(out)] == [
        ("de", "unknown"),
        ("note", "the"),
        ("vi", "the"),
        ("zh", "the"),
    ]


@pytest.mark.parametrize(
    ("data", "row", "words"),
    [
        (b"", 0, "empty"),
        (b",,,\n", 0, "empty"),
        ("concept,kind\nBiển,x\n".encode("utf-16"), 1, "UTF-8"),
        ("a\nb\nBi\u1ec3n\n".encode() + b"\xff", 4, "UTF-8"),
        (b'"open', 0, "CSV"),
    ],
)
def test_a_file_that_is_no_table_is_said_to_be_none(data: bytes, row: int, words: str) -> None:
    (fault,) = faults(data)
    assert fault.row == row
    assert words in fault.message


@pytest.mark.parametrize(("sign", "words"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_table_with_another_separator_is_told_so_once(sign: str, words: str) -> None:
    (fault,) = faults(table(GOOD).replace(b",", sign.encode()))
    assert (fault.row, fault.column) == (1, "")
    assert words in fault.message


def test_a_row_of_the_wrong_width_is_a_fault_of_its_own() -> None:
    data = table(GOOD) + b"one,two\n"
    (fault,) = faults(data)
    assert (fault.row, fault.message) == (3, f"has 2 cells, the header has {len(COLUMNS)}")


def test_the_error_is_one_line_that_names_file_row_and_column(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_bytes(table({**GOOD, "kind": "x", "en_status": "y"}))
    with pytest.raises(TermBaseInvalid) as caught:
        TermBase.load(tmp_path)
    message = str(caught.value)
    assert message.startswith("terms.csv: row 2, column en_status: 'y' is not one of")
    assert "(and 1 more)" in message
    assert "\n" not in message
    assert [fault.column for fault in check(tmp_path)] == ["en_status", "kind"]


def test_a_missing_table_is_a_fault_not_a_traceback(tmp_path: Path) -> None:
    assert "cannot be read" in check(tmp_path)[0].message


def test_what_is_written_is_read_back() -> None:
    concepts = parse_table(table({**GOOD, "note": 'a "quoted", note\nin two lines | bars'}))
    assert parse_table(write_table(concepts)) == concepts


def test_the_version_follows_the_content_and_not_the_order() -> None:
    one = Concept.of(**GOOD)
    two = Concept.of(**{**GOOD, "concept": "two", "vi": "Biển Tây"})
    assert TermBase([one, two]).version == TermBase([two, one]).version
    assert TermBase([one, two]).version != TermBase([one, two.with_cells(en="West Sea")]).version
    assert len(TermBase([one]).version) == 12


def test_twenty_thousand_rows_load_and_are_searched() -> None:
    from datetime import date

    rows = [
        Concept.of(
            **{**GOOD, "concept": f"c-{n}", "vi": f"Viện Nghiên cứu số {n}", "vi_abbr": f"VNC{n}"},
            note="x" * 200,
        )
        for n in range(20_000)
    ]
    base = TermBase(parse_table(write_table(rows)))
    assert len(base) == 20_000
    (hit,) = base.find("Viện nghiên cứu số 19876 họp.", "en", on=date(2020, 11, 12))
    assert hit.concept == "c-19876"
