"""Term files in and out, and what they change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from vietwire.story import VietwireError
from vietwire.termbase import (
    TermBase,
    TermBaseInvalid,
    diff,
    export_terms,
    import_terms,
    read_terms,
    stats,
)
from vietwire.termbase.model import Concept
from vietwire.termbase.table import parse_table, write_table
from vietwire.termbase.tbx import NAMESPACE, parse_tbx, write_tbx

TBX = f'<?xml version="1.0"?>\n<tbx type="TBX-Basic" style="dca" xmlns="{NAMESPACE}" xml:lang="vi">'


def tbx(entries: str) -> bytes:
    return f"{TBX}<tbxHeader/><text><body>{entries}</body></text></tbx>".encode()


@pytest.mark.parametrize("name", ["terms.csv", "terms.tbx", "TERMS.TBX"])
def test_an_export_is_read_back_as_it_was(base: TermBase, tmp_path: Path, name: str) -> None:
    export_terms(base, tmp_path / name)
    again = TermBase(read_terms(tmp_path / name))
    assert not diff(base, again)
    assert again.version == base.version


def test_a_tbx_export_is_tbx_core_in_dca_style(base: TermBase) -> None:
    from defusedxml.ElementTree import fromstring

    root = fromstring(write_tbx(base.concepts))
    assert root.tag == f"{{{NAMESPACE}}}tbx"
    assert (root.get("type"), root.get("style")) == ("TBX-Core", "dca")
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    core = {"tbx", "tbxHeader", "fileDesc", "sourceDesc", "p", "text", "body"}
    core |= {"conceptEntry", "langSec", "termSec", "term", "note"}
    assert names == core


def test_awkward_cells_survive_both_formats() -> None:
    """Markup, spaces, line breaks and words that look like our own notes are only text."""
    concept = Concept.of(
        concept="awkward",
        kind="translate",
        vi='A "b" <c> & d, e',
        vi_variants="status: x | B  c",
        context="a | b: c",
        en='x, "y" & <z>\u00a0w',
        en_forms="a;b | role: full form | note: x",
        en_status="confirm",
        fr="l’œuvre «d’art»",
        fr_status="confirm",
        ru="О'Брайен ё",
        ru_status="attested",
        zh="《第37届》（10+3）",
        zh_status="confirm",
        valid_from="2020-01-01",
        source="https://a/b?c=d&e=f | see: x",
        note="status: attested; kind: keep\nsecond line  two spaces",
    )
    assert parse_table(write_table([concept])) == (concept,)
    assert parse_tbx(write_tbx([concept])) == (concept,)


def test_a_wrapped_term_of_another_tool_is_one_line() -> None:
    entry = """<conceptEntry id="sea"><langSec xml:lang="vi"><termSec><term>Biển
        Đông</term></termSec></langSec><langSec xml:lang="en"><termSec><term>
        East
        Sea
        </term></termSec></langSec></conceptEntry>"""
    (concept,) = parse_tbx(tbx(entry))
    assert (concept.vi, concept.rendering("en").text) == ("Biển Đông", "East Sea")


def test_a_concept_id_that_begins_with_a_figure_survives_tbx() -> None:
    concept = Concept.of(concept="37-summit", kind="keep", vi="A", ru_status="confirm")
    data = write_tbx([concept])
    assert b'id="_37-summit"' in data
    assert parse_tbx(data) == (concept,)


def test_tbx_of_other_tools_is_read_by_its_status_and_type() -> None:
    (concept,) = parse_tbx(
        tbx(
            """<conceptEntry id="east-sea">
              <note>From the style book</note>
              <langSec xml:lang="vi-VN"><termSec><term>Biển Đông</term></termSec></langSec>
              <langSec xml:lang="en-GB">
                <termSec><term>South China Sea</term>
                  <termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec>
                <termSec><term>ES</term><termNote type="termType">abbreviation</termNote></termSec>
                <termSec><term>East Sea</term>
                  <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termSec>
                <termSec><term>Bien Dong</term>
                  <termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></termSec>
              </langSec></conceptEntry>"""
        )
    )
    english = concept.rendering("en")
    assert (concept.id, concept.vi, concept.note) == (
        "east-sea",
        "Biển Đông",
        "From the style book",
    )
    assert (english.text, english.short, english.forms) == ("East Sea", "ES", ("Bien Dong",))
    assert english.forbidden == ("South China Sea",)
    assert english.status == "confirm"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"not xml", "XML"),
        (b"<html/>", "<html>"),
        (b'<martif type="TBX"/>', "version 3"),
        (TBX.replace('"dca"', '"dct"').encode() + b"</tbx>", "DCA"),
        (tbx(""), "conceptEntry"),
        (b'<!DOCTYPE x [<!ENTITY a "aa">]><tbx>&a;</tbx>', "take them out"),
        (tbx('<conceptEntry id="a"><langSec xml:lang="de"/></conceptEntry>'), "'de'"),
        (
            tbx(
                '<conceptEntry id="a"><langSec xml:lang="vi"><termSec><term>a|b</term></termSec>'
                "</langSec></conceptEntry>"
            ),
            "'|'",
        ),
    ],
)
def test_what_is_no_tbx_of_version_3_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(TermBaseInvalid) as caught:
        parse_tbx(data)
    assert words in " ".join(str(fault) for fault in caught.value.faults)


def test_faults_in_a_tbx_file_name_the_entry() -> None:
    good = '<conceptEntry id="a"><note>kind: keep</note><langSec xml:lang="vi"><termSec><term>A'
    good += "</term></termSec></langSec></conceptEntry>"
    with pytest.raises(TermBaseInvalid) as caught:
        parse_tbx(tbx(good + good.replace("kind: keep", "kind: maybe")))
    assert [(f.row, f.column) for f in caught.value.faults] == [(2, "concept"), (2, "kind")]


def test_an_import_adds_and_replaces_concepts_and_keeps_the_others(
    glossary: Path, base: TermBase, tmp_path: Path
) -> None:
    hanoi = base.concept("hanoi")
    assert hanoi is not None
    new = Concept.of(concept="hue", kind="translate", vi="Huế", en="Hue", en_status="attested")
    (tmp_path / "new.csv").write_bytes(write_table([hanoi.with_cells(en="Ha Noi"), new]))
    change = import_terms(tmp_path / "new.csv", glossary)
    assert change.added == ("hue",)
    assert change.removed == ()
    assert [(c.concept, c.column, c.before, c.after) for c in change.changed] == [
        ("hanoi", "en", "Hanoi", "Ha Noi")
    ]
    assert len(TermBase.load(glossary)) == len(base) + 1
    assert not import_terms(tmp_path / "new.csv", glossary)


def test_an_import_that_replaces_leaves_only_the_file(glossary: Path, tmp_path: Path) -> None:
    new = Concept.of(concept="hue", kind="translate", vi="Huế", en="Hue", en_status="attested")
    (tmp_path / "new.tbx").write_bytes(write_tbx([new]))
    change = import_terms(tmp_path / "new.tbx", glossary, replace=True)
    assert "bien-dong" in change.removed
    assert [c.id for c in TermBase.load(glossary).concepts] == ["hue"]


def test_an_import_into_an_empty_folder_makes_the_table(tmp_path: Path, base: TermBase) -> None:
    export_terms(base, tmp_path / "new.csv")
    folder = tmp_path / "glossary"
    folder.mkdir()
    import_terms(tmp_path / "new.csv", folder)
    assert TermBase.load(folder).version == base.version


@pytest.mark.parametrize(
    "bad",
    [
        # at fault by itself
        {"concept": "a", "kind": "x", "vi": "A"},
        # at fault only together with what the table holds
        {"concept": "a", "kind": "keep", "vi": "Biển Đông"},
    ],
)
def test_a_bad_import_is_refused_whole_and_the_base_untouched(
    glossary: Path, tmp_path: Path, bad: dict[str, str]
) -> None:
    before = (glossary / "terms.csv").read_bytes()
    good = Concept.of(concept="hue", kind="keep", vi="Huế")
    (tmp_path / "bad.csv").write_bytes(write_table([good, Concept.of(**bad)]))
    with pytest.raises(TermBaseInvalid):
        import_terms(tmp_path / "bad.csv", glossary)
    assert (glossary / "terms.csv").read_bytes() == before
    assert [path.name for path in glossary.iterdir()] == ["terms.csv"]


def test_a_broken_table_is_mended_by_replacing_it(
    glossary: Path, tmp_path: Path, base: TermBase
) -> None:
    good = tmp_path / "good.csv"
    export_terms(base, good)
    (glossary / "terms.csv").write_text("concept\n", encoding="utf-8")
    with pytest.raises(TermBaseInvalid):
        import_terms(good, glossary)
    import_terms(good, glossary, replace=True)
    assert TermBase.load(glossary).version == base.version


def test_a_failed_write_leaves_the_old_table(
    glossary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (glossary / "terms.csv").read_bytes()
    new = Concept.of(concept="hue", kind="keep", vi="Huế")
    (tmp_path / "new.csv").write_bytes(write_table([new]))

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(VietwireError, match="No space left"):
        import_terms(tmp_path / "new.csv", glossary)
    assert (glossary / "terms.csv").read_bytes() == before
    assert [path.name for path in glossary.iterdir()] == ["terms.csv"]


def test_a_file_that_is_neither_csv_nor_tbx_is_refused(base: TermBase, tmp_path: Path) -> None:
    with pytest.raises(VietwireError, match=r"terms\.xlsx"):
        read_terms(tmp_path / "terms.xlsx")
    with pytest.raises(VietwireError, match=r"\.csv or \.tbx"):
        export_terms(base, tmp_path / "terms.txt")
    with pytest.raises(VietwireError, match="cannot be read"):
        read_terms(tmp_path / "absent.csv")
    with pytest.raises(VietwireError, match="cannot be written"):
        export_terms(base, tmp_path / "absent" / "terms.csv")


def test_stats_count_what_the_table_holds(base: TermBase) -> None:
    figures = stats(base)
    assert figures.concepts == len(base)
    assert figures.kinds == {"translate": len(base) - 1, "keep": 1}
    assert figures.dated == 2
    by_language = {row.language: row for row in figures.languages}
    assert by_language["en"].rendered == len(base) - 1
    assert by_language["en"].missing == 0
    assert by_language["en"].confirm == 1
    assert by_language["fr"].forbidden == 3
    assert by_language["ru"].missing == len(base) - 1 - by_language["ru"].rendered
    assert by_language["en"].suggested == 0


def test_stats_count_suggested_phrases_by_themselves(base: TermBase) -> None:
    drought = Concept.of(
        concept="drought", kind="suggest", vi="hạn hán", en="drought", en_status="confirm"
    )
    before, after = stats(base), stats(TermBase([*base.concepts, drought]))
    assert after.concepts == before.concepts + 1
    assert after.kinds["suggest"] == 1
    for one, other in zip(before.languages, after.languages, strict=True):
        assert other == replace(one, suggested=int(one.language == "en"))
