from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from vietwire_tests_contract import SEGMENTS, EngineContract, hinted, requests
from vietwire_tests_tiny import write_sums

from vietwire.engines import (
    Engine,
    EngineError,
    ModelCorrupt,
    ModelMissing,
    Request,
    close_engines,
    open_engine,
)
from vietwire.engines.embedded import open_embedded
from vietwire.settings import Settings
from vietwire.story import UnknownLanguage


@pytest.fixture(scope="module")
def tiny_engine(tiny_embedded: Path) -> Iterator[Engine]:
    engine = open_embedded(tiny_embedded)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def shipped_engine(shipped_models: Path) -> Iterator[Engine]:
    engine = open_embedded(shipped_models / "embedded")
    yield engine
    engine.close()


class TestEmbeddedContract(EngineContract):
    @pytest.fixture()
    def engine(self, tiny_engine: Engine) -> Engine:
        return tiny_engine


class TestShippedContract(EngineContract):
    targets = ("en", "fr", "es", "zh", "ru")

    @pytest.fixture()
    def engine(self, shipped_engine: Engine) -> Engine:
        return shipped_engine


def copied(source: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(source, tmp_path / "embedded"))


@pytest.mark.parametrize("name", ["ct2-int8/model.bin", "source.spm", "signature.json"])
def test_a_corrupted_file_is_refused_with_the_way_to_mend_it(
    tiny_embedded: Path, tmp_path: Path, name: str
) -> None:
    folder = copied(tiny_embedded, tmp_path)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelCorrupt, match="git checkout -- models/embedded") as caught:
        open_embedded(folder)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_that_went_bad_after_the_first_check_is_noticed(
    tiny_embedded: Path, tmp_path: Path
) -> None:
    folder = copied(tiny_embedded, tmp_path)
    open_embedded(folder).close()
    (folder / "ct2-int8/model.bin").write_bytes(b"short")
    with pytest.raises(ModelCorrupt, match=r"model\.bin"):
        open_embedded(folder)


def test_missing_files_and_missing_network_say_how_to_mend(
    tiny_embedded: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelMissing, match="git checkout"):
        open_embedded(tmp_path / "nothing")
    folder = copied(tiny_embedded, tmp_path)
    (folder / "source.spm").unlink()
    with pytest.raises(ModelCorrupt, match=r"source\.spm is missing"):
        open_embedded(folder)


def test_a_checksum_line_may_not_point_outside_the_folder(
    tiny_embedded: Path, tmp_path: Path
) -> None:
    folder = copied(tiny_embedded, tmp_path)
    with (folder / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  ../../etc/passwd\n")
    with pytest.raises(ModelCorrupt, match="not a checksum line"):
        open_embedded(folder)


def test_weights_that_are_garbage_with_a_right_checksum_are_one_clear_error(
    tiny_embedded: Path, tmp_path: Path
) -> None:
    folder = copied(tiny_embedded, tmp_path)
    (folder / "ct2-int8/model.bin").write_bytes(b"not a network at all" * 100)
    write_sums(folder)
    with pytest.raises(ModelCorrupt, match="cannot be loaded"):
        open_embedded(folder)


def test_the_int8_form_is_made_once_where_only_the_weights_are_there(
    tiny_embedded: Path, tmp_path: Path
) -> None:
    folder = copied(tiny_embedded, tmp_path)
    shutil.rmtree(folder / "ct2-int8")
    write_sums(folder)
    engine = open_embedded(folder)
    made = (folder / "ct2-int8/model.bin").stat().st_mtime_ns
    shipped = open_embedded(tiny_embedded)
    assert engine.translate(requests(), "en") == shipped.translate(requests(), "en")
    engine.close()
    shipped.close()
    open_embedded(folder).close()
    assert (folder / "ct2-int8/model.bin").stat().st_mtime_ns == made


def test_an_unknown_language_is_an_error_never_a_guess(tiny_engine: Engine) -> None:
    with pytest.raises(UnknownLanguage, match="choose from: en, fr, es, zh, ru"):
        tiny_engine.translate([Request("a")], "de")
    with pytest.raises(UnknownLanguage):
        tiny_engine.translate([], "vi")


def test_a_language_without_a_tag_in_the_network_is_an_error(tiny_embedded: Path) -> None:
    engine = open_embedded(tiny_embedded)
    engine.languages = frozenset({"en"})
    with pytest.raises(EngineError, match="does not translate into 'ru'"):
        engine.translate([Request("a")], "ru")
    engine.close()


def test_the_signature_changes_with_weights_beam_and_term_base(
    tiny_embedded: Path, tmp_path: Path
) -> None:
    engine = open_embedded(tiny_embedded)
    signature = engine.signature("t1")
    assert signature.quantisation == "int8" and "beam4" in signature.decoding
    assert engine.signature("t2") != signature
    assert open_embedded(tiny_embedded, beam=5).signature("t1") != signature
    folder = copied(tiny_embedded, tmp_path)
    (folder / "signature.json").write_text(json.dumps({"name": "tiny", "revision": "r1"}))
    write_sums(folder)
    assert open_embedded(folder).signature("t1").revision != signature.revision


def test_the_networks_own_decoding_settings_are_used(tiny_embedded: Path, tmp_path: Path) -> None:
    folder = copied(tiny_embedded, tmp_path)
    (folder / "signature.json").write_text(
        json.dumps({"decoding": {"repetition_penalty": 1.3, "no_repeat_ngram_size": 3}})
    )
    write_sums(folder)
    engine = open_embedded(folder)
    assert "rep1.3,ngram3" in engine.signature("").decoding
    plain = open_embedded(tiny_embedded)
    assert engine.translate(requests(), "en") != plain.translate(requests(), "en")


def test_markers_and_tags_never_come_out(tiny_engine: Engine) -> None:
    hint = hinted(SEGMENTS[0], "Hội nghị Cấp cao ASEAN", "ASEAN Summit")
    for strength in (0, 1, 2):
        for candidates in tiny_engine.translate(
            [*requests(), hint], "en", candidates=8, strength=strength
        ):
            for candidate in candidates:
                assert not any(
                    mark in candidate.text for mark in ("<t>", "<to>", "</t>", ">>", "<unk>")
                )


def test_only_a_network_that_was_taught_to_gets_placeables(
    tiny_embedded: Path, tmp_path: Path
) -> None:
    plain = open_embedded(tiny_embedded)
    assert not plain.takes_placeables
    folder = copied(tiny_embedded, tmp_path / "taught")
    (folder / "signature.json").write_text(json.dumps({"inline_placeables": True}), "utf-8")
    write_sums(folder)
    taught = open_embedded(folder)
    assert taught.takes_placeables
    assert "hints-inline+placeables" in taught.signature("").decoding
    assert "placeables" not in plain.signature("").decoding


def test_a_character_without_a_piece_is_copied_and_never_invented(tiny_engine: Engine) -> None:
    tokens = tiny_engine.network.tokens  # type: ignore[attr-defined]
    has_pieces = [
        text for text in SEGMENTS if not any("<0x" in piece for piece in tokens.source(text, "zh"))
    ]
    # The tiny network, hardly trained, is as likely to write bytes as anything else.
    for target in sorted(tiny_engine.languages):
        asked = [Request(text) for text in has_pieces]
        for candidates in tiny_engine.translate(asked, target, candidates=4, strength=1):
            assert not any("\ufffd" in candidate.text for candidate in candidates)
    without, with_one = (tokens.source(text, "zh") for text in (has_pieces[1], "Có cá 鱻."))
    assert any(piece.startswith("<0x") for piece in with_one)
    assert set(tokens.unwanted(with_one)) < set(tokens.unwanted(without))
    assert not any(piece in tokens.unwanted(with_one) for piece in with_one[1:])


def test_strong_means_place_a_rendering_that_the_network_would_never_say(
    tiny_engine: Engine,
) -> None:
    request = hinted(SEGMENTS[0], "Hội nghị Cấp cao ASEAN", "Zebra Quartz")
    plain = tiny_engine.translate([request], "en", candidates=8, strength=1)[0]
    strong = tiny_engine.translate([request], "en", candidates=8, strength=2)[0]
    assert not any("Zebra Quartz" in c.text for c in plain)
    assert "Zebra Quartz" in strong[0].text


def test_strong_means_place_several_renderings_none_at_the_cost_of_another(
    shipped_engine: Engine,
) -> None:
    text = (
        "Sáng 12/11, tại Hà Nội, Thủ tướng Nguyễn Xuân Phúc chủ trì lễ khai mạc Hội nghị Cấp cao "
        "ASEAN lần thứ 37 theo hình thức trực tuyến."
    )
    wanted = {
        "Hà Nội": "Ханой",
        "Thủ tướng Nguyễn Xuân Phúc": "премьер-министр Нгуен Суан Фук",
        "lễ khai mạc": "церемония открытия",
        "Hội nghị Cấp cao ASEAN lần thứ 37": "37-й саммит АСЕАН",
        "theo hình thức trực tuyến": "в режиме онлайн",
    }
    hints = tuple(hint for p, r in wanted.items() for hint in hinted(text, p, r).hints)
    best = shipped_engine.translate([Request(text, hints)], "ru", candidates=4, strength=2)[0][0]
    assert [r for r in wanted.values() if r not in best.text] == []


def test_only_the_forms_of_what_is_lacking_are_tried() -> None:
    from vietwire.engines.base import Candidate, TermHint
    from vietwire.engines.steered import _lacking

    text = "ASEAN họp ở Hà Nội."
    hints = (TermHint("ASEAN", 0, 5, "ASEAN"), TermHint("Hà Nội", 12, 18, "Hanoi", ("Ha Noi",)))
    part = Request(text, hints)
    assert list(_lacking(part, [Candidate("ASEAN meets.", -0.5)])) == [1]
    better = [Candidate("ASEAN meets.", -0.5), Candidate("ASEAN meets in Ha Noi.", -0.9)]
    assert list(_lacking(part, better)) == [0, 1], "each is there: the use of one was faulted"


def test_another_form_of_the_rendering_counts_as_obeyed() -> None:
    from vietwire.engines.base import Candidate, rank

    request = hinted(SEGMENTS[0], "Hội nghị Cấp cao ASEAN", "sommet", "sommets")
    pool = [Candidate("les réunions", -0.1), Candidate("Les Sommets de l'ASEAN", -0.9)]
    assert rank(pool, request.hints, by_terms=True, limit=1)[0].score == -0.9
    assert rank(pool, request.hints, by_terms=False, limit=1)[0].score == -0.1


def test_the_network_says_which_beam_suits_it_and_the_operator_has_the_last_word(
    tiny_embedded: Path, tmp_path: Path
) -> None:
    folder = copied(tiny_embedded, tmp_path)
    content = json.loads((folder / "signature.json").read_text())
    content["decoding"] = {**content.get("decoding", {}), "beam": 6}
    (folder / "signature.json").write_text(json.dumps(content))
    write_sums(folder)
    assert open_embedded(folder).decoding.beam == 6
    assert open_embedded(folder, beam=3).decoding.beam == 3
    settings = Settings(home=tmp_path)
    assert (
        "beam6,"
        in open_engine("embedded", models=folder.parent, settings=settings).signature("t").decoding
    )
    close_engines()


def test_engines_are_shared_within_a_process_and_reopened_after_closing(
    tiny_embedded: Path, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    models = tiny_embedded.parent
    first = open_engine("embedded", models=models, settings=settings)
    assert open_engine("embedded", models=models, settings=settings) is first
    wider = open_engine("embedded", models=models, settings=replace(settings, beam_size=8))
    assert wider is not first
    close_engines()
    with pytest.raises(EngineError, match="closed"):
        first.translate([Request("a")], "en")


def test_threads_sharing_an_engine_get_what_one_alone_gets(tiny_engine: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    alone = tiny_engine.translate(requests(), "ru")
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: tiny_engine.translate(requests(), "ru"), range(8)))
    assert all(found == alone for found in together)


def test_the_number_of_cores_does_not_change_the_text(tiny_embedded: Path) -> None:
    found = []
    for threads in (1, 2, 3):
        engine = open_embedded(tiny_embedded, threads=threads)
        found.append(engine.translate(requests(), "fr", candidates=2))
        engine.close()
    assert found[0] == found[1] == found[2]


def test_importing_the_package_loads_no_network_library() -> None:
    code = (
        "import sys, vietwire.engines, vietwire.engines.registry;"
        "bad = {'torch', 'transformers', 'ctranslate2', 'sentencepiece', 'huggingface_hub',"
        " 'sacrebleu', 'numpy'};"
        "print(sorted(bad & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
