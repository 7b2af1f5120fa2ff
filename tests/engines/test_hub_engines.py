"""Engines over hub models: real loading code on tiny networks built on the spot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from vietwire_tests_contract import SEGMENTS, EngineContract, hinted, requests
from vietwire_tests_tiny import causal, m2m100, marian, nllb, t5

from vietwire.engines import Engine, EngineError, Request, close_engines, open_engine
from vietwire.engines.dummy import DummyEngine
from vietwire.engines.pivot import PivotEngine
from vietwire.settings import Settings
from vietwire.story import UnknownLanguage

REVISION = "ab" * 20
TAGS = {
    "marian": {code: f">>{code}<<" for code in ("en", "fr", "es", "zh", "ru")},
    "nllb": {
        "vi": "vie_Latn",
        "en": "eng_Latn",
        "fr": "fra_Latn",
        "es": "spa_Latn",
        "zh": "zho_Hans",
        "ru": "rus_Cyrl",
    },
    "m2m100": {code: code for code in ("vi", "en", "fr", "es", "zh", "ru")},
    "t5": {code: f"<2{code}>" for code in ("en", "fr", "es", "zh", "ru")},
}
BUILD = {"marian": marian, "nllb": nllb, "m2m100": m2m100, "t5": t5}


def put_in_place(models: Path, name: str) -> None:
    """Write the manifest that pulling would write."""
    files = {
        path.relative_to(models / name / "files").as_posix(): {
            "size": path.stat().st_size,
            "sha256": "",
        }
        for path in (models / name / "files").rglob("*")
        if path.is_file()
    }
    (models / name / "manifest.json").write_text(json.dumps({"revision": REVISION, "files": files}))


def inline_table(values: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in values.items()) + " }"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with a tiny network of every family."""
    folder = tmp_path_factory.mktemp("models")
    text = []
    for family, build in BUILD.items():
        build(folder / family / "files")
        put_in_place(folder, family)
        text.append(
            f'[[model]]\nid = "{family}"\nkind = "seq2seq"\nhub = "o/{family}"\n'
            f'revision = "{REVISION}"\nlicence = "MIT"\nfamily = "{family}"\n'
            'runtime = "ctranslate2"\nlanguages = ["en", "fr", "es", "zh", "ru"]\n'
            f'files = ["*"]\nmax_source_tokens = 100\ntags = {inline_table(TAGS[family])}\n'
        )
    causal(folder / "causal" / "files")
    put_in_place(folder, "causal")
    names = {"en": "英语", "fr": "法语", "es": "西班牙语", "zh": "中文", "ru": "俄语"}
    text.append(
        f'[[model]]\nid = "causal"\nkind = "causal"\nhub = "o/c"\nrevision = "{REVISION}"\n'
        'licence = "MIT"\nfamily = "causal"\nruntime = "transformers"\nfiles = ["*"]\n'
        'languages = ["en", "fr", "es", "zh", "ru"]\nmax_source_tokens = 120\n[model.prompt]\n'
        'text = "Translate into {language}:\\n{text}"\nterms = "Use:\\n{terms}\\n"\n'
        'term = "{phrase} = {rendering}"\n'
        f"languages = {inline_table(names)}\n"
    )
    (folder / "registry.toml").write_text("\n".join(text), "utf-8")
    return folder


@pytest.fixture(scope="module")
def opened(models: Path) -> Iterator[dict[str, Engine]]:
    settings = Settings(home=models, threads=1)
    names = [f"ctranslate2:{f}" for f in BUILD] + ["transformers:marian", "transformers:nllb"]
    names += ["transformers:t5", "causal"]
    engines = {name: open_engine(name, models=models, settings=settings) for name in names}
    for engine in engines.values():
        # Random networks hardly ever stop by themselves; short outputs keep the tests quick.
        decoding = engine.decoding  # type: ignore[attr-defined]
        engine.decoding = replace(decoding, length_factor=0.2, length_extra=6)  # type: ignore[attr-defined]
    yield engines
    close_engines()


class TestCtranslate2Marian(EngineContract):
    @pytest.fixture()
    def engine(self, opened: dict[str, Engine]) -> Engine:
        return opened["ctranslate2:marian"]


class TestCtranslate2Nllb(EngineContract):
    @pytest.fixture()
    def engine(self, opened: dict[str, Engine]) -> Engine:
        return opened["ctranslate2:nllb"]


class TestCtranslate2M2m100(EngineContract):
    @pytest.fixture()
    def engine(self, opened: dict[str, Engine]) -> Engine:
        return opened["ctranslate2:m2m100"]


class TestCtranslate2T5(EngineContract):
    @pytest.fixture()
    def engine(self, opened: dict[str, Engine]) -> Engine:
        return opened["ctranslate2:t5"]


class TestTransformersMarian(EngineContract):
    targets = ("ru",)

    @pytest.fixture()
    def engine(self, opened: dict[str, Engine]) -> Engine:
        return opened["transformers:marian"]


class TestTransformersNllb(EngineContract):
    targets = ("zh",)

    @pytest.fixture()
    def engine(self, opened: dict[str, Engine]) -> Engine:
        return opened["transformers:nllb"]


class TestCausal(EngineContract):
    targets = ("fr",)

    @pytest.fixture()
    def engine(self, opened: dict[str, Engine]) -> Engine:
        return opened["causal"]


class TestPivot(EngineContract):
    @pytest.fixture()
    def engine(self, opened: dict[str, Engine]) -> Engine:
        second = opened["ctranslate2:nllb"]
        return PivotEngine(
            "pivot", opened["ctranslate2:marian"], {code: lambda: second for code in ("zh", "ru")}
        )


@pytest.mark.parametrize(
    ("name", "first", "begins"),
    [
        ("ctranslate2:marian", ">>fr<<", []),
        ("ctranslate2:nllb", "vie_Latn", ["fra_Latn"]),
        ("ctranslate2:m2m100", "__vi__", ["__fr__"]),
        ("ctranslate2:t5", "<2fr>", []),
    ],
)
def test_every_family_is_told_the_languages_in_its_own_way(
    opened: dict[str, Engine], name: str, first: str, begins: list[str]
) -> None:
    tokens = opened[name].network.tokens  # type: ignore[attr-defined]
    source = tokens.source(SEGMENTS[1], "fr")
    assert first in source[:2] and source[-1] == "</s>"
    assert tokens.start("fr") == begins
    assert tokens.text(tokens.target("Le 37e Sommet", "fr")) == "Le 37e Sommet"


@pytest.mark.parametrize("name", ["ctranslate2:marian", "ctranslate2:nllb", "transformers:t5"])
def test_the_target_language_decides_what_comes_out(opened: dict[str, Engine], name: str) -> None:
    french, russian = (
        [c[0].text for c in opened[name].translate(requests(), code)] for code in ("fr", "ru")
    )
    assert french != russian
    assert not any("_Latn" in text or ">>" in text or "<2" in text for text in french + russian)


def test_hints_reach_a_plain_network_as_a_code_switched_source(opened: dict[str, Engine]) -> None:
    engine = opened["ctranslate2:marian"]
    hint = hinted(SEGMENTS[0], "Hà Nội", "Hanoï")
    switched = Request(SEGMENTS[0].replace("Hà Nội", "Hanoï"))
    assert engine.translate([hint], "fr") == engine.translate([switched], "fr")
    assert engine.translate([hint], "fr") != engine.translate([Request(SEGMENTS[0])], "fr")


def test_both_runtimes_read_the_same_weights_in_the_same_way(opened: dict[str, Engine]) -> None:
    """The same forced output is as likely under 32 bits as under int8, but for rounding."""
    row_of = opened["ctranslate2:marian"].network  # type: ignore[attr-defined]
    other = opened["transformers:marian"].network  # type: ignore[attr-defined]
    row = row_of.tokens.source(SEGMENTS[0], "en")
    assert row == other.tokens.source(SEGMENTS[0], "en")
    output = row_of.tokens.target("ASEAN Summit opened in Hanoi", "en")
    (quick,), (exact,) = (n.score([row], [output], "en") for n in (row_of, other))
    assert quick == pytest.approx(exact, rel=0.05)


def test_a_model_is_converted_once_and_whole(models: Path, opened: dict[str, Engine]) -> None:
    folder = models / "marian" / f"ct2-int8-{REVISION[:12]}"
    made = (folder / "model.bin").stat().st_mtime_ns
    close_engines()
    engine = open_engine("marian", models=models, settings=Settings(home=models, threads=1))
    assert engine.translate([Request("Hà Nội")], "en")[0][0].text
    assert (folder / "model.bin").stat().st_mtime_ns == made
    assert not [path for path in (models / "marian").iterdir() if path.name.startswith(".")]


def test_a_conversion_that_fails_leaves_nothing_behind(models: Path, tmp_path: Path) -> None:
    from vietwire.engines.ct2 import convert

    (tmp_path / "model").mkdir()
    (tmp_path / "model/config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(EngineError, match="cannot be converted"):
        convert(tmp_path / "model", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_the_prompt_of_a_causal_model_carries_terms_and_no_template_injection() -> None:
    from vietwire.engines.causal import Prompt

    prompt = Prompt(
        "Into {language}:\n{text}", "Use:\n{terms}\n\n", "{phrase} = {rendering}", {"fr": "French"}
    )
    request = hinted("Tại Biển Đông {terms}", "Biển Đông", "mer Orientale")
    assert prompt.write(request.text, request.hints, "fr") == (
        "Use:\nBiển Đông = mer Orientale\n\nInto French:\nTại Biển Đông {terms}"
    )
    assert prompt.write("A", (), "fr") == "Into French:\nA"


class Recorder(DummyEngine):
    """A leg that notes what it is asked and answers from a table."""

    def __init__(self, answers: dict[str, str], languages: tuple[str, ...]) -> None:
        super().__init__()
        self.languages = frozenset(languages)
        self.answers = answers
        self.asked: list[Request] = []

    def decode(self, parts, target, candidates, strength):  # type: ignore[no-untyped-def]
        from vietwire.engines import Candidate

        self.asked += parts
        return [[Candidate(self.answers[part.text], -0.5)] for part in parts]


def test_a_pivot_hints_each_leg_in_that_legs_language() -> None:
    source = "Hội nghị về Biển Đông tại Hà Nội"
    first = Recorder(
        {"Biển Đông": "East Sea.", source: "Conference on the East Sea in Hanoi"}, ("en",)
    )
    second = Recorder({"Conference on the East Sea in Hanoi": "Conférence"}, ("fr",))
    engine = PivotEngine("pivot", first, {"fr": lambda: second})
    found = engine.translate([hinted(source, "Biển Đông", "mer Orientale")], "fr")
    assert found[0][0].text == "Conférence"
    assert [hint.rendering for hint in first.asked[-1].hints] == ["East Sea"]
    (hint,) = second.asked[0].hints
    assert (hint.source_form, hint.rendering) == ("East Sea", "mer Orientale")
    assert second.asked[0].text[hint.start : hint.end] == "East Sea"


def test_a_pivot_knows_only_the_languages_of_its_legs() -> None:
    engine = PivotEngine("pivot", DummyEngine(), {"fr": DummyEngine})
    assert engine.languages == {"en", "fr"}
    with pytest.raises(EngineError, match="does not translate into 'zh'"):
        engine.translate([Request("a")], "zh")
    with pytest.raises(UnknownLanguage):
        engine.translate([Request("a")], "xx")
