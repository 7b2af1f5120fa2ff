"""The recipe end to end on a made-up corpus: it really trains, exports, loads and translates."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from toy_corpus import CONFIGS, Run

from recipe import checkpoints, clean, corpus, settings, subwords
from recipe.network import Marian, Shape

SENTENCE = "Bạn đước hội ngền thưởng trẩm bắng."


def test_prepare_keeps_good_rows_and_drops_bad_ones(prepared: Run) -> None:
    counts = json.loads((prepared.work / "counts.json").read_text())
    assert set(counts) == {"vi-en", "vi-fr", "vi-es", "vi-zh", "vi-ru"}
    assert counts["vi-en"]["corpora"]["toy_news"] == 260
    assert counts["vi-en"]["corpora"]["toy_lexicon"] > 30
    log = (prepared.work / "prepare.log").read_text()
    assert "dropped vi-en markup 1" in log
    assert "dropped vi-en numbers 1" in log


def test_store_rows_begin_with_the_tag_and_decode_to_the_text(prepared: Run) -> None:
    store = corpus.TokenStore.load(prepared.work / "vi-zh.npz")
    processor = subwords.load(prepared.work / "spm.model")
    first = store.source[store.source_at[0] : store.source_at[1]].tolist()
    assert processor.id_to_piece(first[0]) == ">>zh<<"
    kept = (prepared.work / "text" / "vi-zh.tsv").read_text(encoding="utf-8").splitlines()
    _, source, target = kept[0].split("\t")
    assert processor.decode(first[1:]) == source
    assert processor.decode(store.target[: store.target_at[1]].tolist()) == target


def test_aligner_finds_the_made_up_dictionary(prepared: Run) -> None:
    store = corpus.TokenStore.load(prepared.work / "vi-en.npz")
    assert len(store.links) >= 0.9 * len(store.target)
    assert store.links[:, 2].mean() > 0.3


def test_annotated_rows_carry_the_rendering_that_stands_in_the_target(prepared: Run) -> None:
    processor = subwords.load(prepared.work / "spm.model")
    opening, to, closing = (
        processor.piece_to_id(mark)
        for mark in (subwords.TERM_OPEN, subwords.TERM_TO, subwords.TERM_CLOSE)
    )
    for name in ("vi-en", "vi-zh"):
        store = corpus.TokenStore.load(prepared.work / f"{name}.terms.npz")
        assert len(store) > 50
        found = total = 0
        for row in range(len(store)):
            source = store.source[store.source_at[row] : store.source_at[row + 1]].tolist()
            target = store.target[store.target_at[row] : store.target_at[row + 1]].tolist()
            assert source.count(opening) == source.count(to) == source.count(closing) >= 1
            rendering = processor.decode(source[source.index(to) + 1 : source.index(closing)])
            total += 1
            found += rendering.strip().lower() in processor.decode(target).lower()
        assert found >= 0.95 * total


def test_names_give_way_to_entries_of_the_glossary(
    prepared: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import terms

    store = corpus.TokenStore.load(prepared.work / "vi-en.npz")
    table = {**settings.read(CONFIGS / "terms.toml")["terms"], "listed": 1.0, "exchanged": 0.0}
    pairs = terms.read_glossary(CONFIGS / "glossary.csv", "en")
    model = prepared.work / "spm.model"
    annotator = terms.Annotator(store, model, table, 1, frozenset(), pairs)
    drawn = [annotator.rendering("lemi", True, False) for _ in range(60)]
    assert {(word.shown, word.inside) for word in drawn} <= {
        ("Bada Lemi", "Bada Lemi"),
        ("BL", "BL"),
    }
    assert {here for here, *_ in drawn} == {None, "Bạn đước", "Bạn đội", "Hạn đước", "BĐ"}
    assert annotator.rendering("lemi", False, False)[0] is None  # not a name

    entry = terms.Wording("Hạn đước", "Bada Lemi", "Bada Lemi")
    monkeypatch.setattr(annotator, "rendering", lambda *_: entry)
    row = next(n for n in range(40) if annotator.candidates(n))
    made = annotator.annotate(row)
    assert made is not None
    source, target, links = made
    processor = subwords.load(model)
    assert "<t> Hạn đước<to> Bada Lemi</t>" in processor.decode(source).replace(" <", "<").replace(
        "<t>", "<t> "
    ).replace("  ", " ")
    assert "Bada Lemi" in processor.decode(target)
    assert all(here < len(source) and there < len(target) for here, there, _ in links)


@pytest.mark.parametrize(
    ("language", "article", "before", "inside", "earlier"),
    [
        ("en", "the", "in", "the Bada Lemi", False),
        ("en", "the", "the", "Bada Lemi", False),
        ("en", "the", "a", None, False),
        ("fr", "le", "dans", "le Bada Lemi", False),
        ("fr", "le", "de", "du Bada Lemi", True),
        ("fr", "le", "au", "Bada Lemi", False),
        ("fr", "la", "au", None, False),
        ("fr", "l'", "de", "l'Bada Lemi", False),
        ("es", "el", "a", "al Bada Lemi", True),
    ],
)
def test_a_glossary_entry_stands_with_its_article(
    prepared: Run, language: str, article: str, before: str, inside: str | None, earlier: bool
) -> None:
    import terms

    store = corpus.TokenStore.load(prepared.work / f"vi-{language}.npz")
    table = {**settings.read(CONFIGS / "terms.toml")["terms"], "listed": 1.0, "exchanged": 0.0}
    pairs = [("Hạn đước", "Bada Lemi", article)]
    annotator = terms.Annotator(store, prepared.work / "spm.model", table, 1, frozenset(), pairs)
    drawn = [annotator.rendering("lemi", True, False, before) for _ in range(60)]
    if inside is None:
        assert {word.inside for word in drawn} <= {"lemi", f"{before} lemi"}
        return
    assert {(word.inside, word.earlier) for word in drawn} == {(inside, earlier)}
    whole = f"{article}Bada Lemi" if article == "l'" else f"{article} Bada Lemi"
    assert {word.shown for word in drawn} == {whole, "Bada Lemi"}


def test_a_hint_may_hold_the_article_before_its_phrase(prepared: Run) -> None:
    import terms

    store = corpus.TokenStore.load(prepared.work / "vi-es.npz")
    table = {**settings.read(CONFIGS / "terms.toml")["terms"], "exchanged": 0.0, "listed": 0.0}
    table |= {"surface": 1.0, "surface_of": {}}
    annotator = terms.Annotator(store, prepared.work / "spm.model", table, 1, frozenset(), [])
    drawn = {annotator.rendering("Lemi", True, False, "del") for _ in range(60)}
    assert drawn == {terms.Wording(None, "Lemi", "Lemi"), terms.Wording(None, "el Lemi", "Lemi")}
    drawn = {annotator.rendering("Lemi", True, False, "la") for _ in range(60)}
    assert terms.Wording(None, "la Lemi", "la Lemi", earlier=True) in drawn


@pytest.mark.parametrize(
    ("surface_of", "shown"),
    [({}, "министром"), ({"en": 0.0}, "министром"), ({"ru": 0.0}, "министр")],
)
def test_a_language_that_inflects_may_have_fewer_inflected_hints(
    prepared: Run, surface_of: dict[str, float], shown: str
) -> None:
    import terms

    store = corpus.TokenStore.load(prepared.work / "vi-ru.npz")
    table = settings.read(CONFIGS / "terms.toml")["terms"]
    table |= {"exchanged": 0.0, "surface": 1.0, "surface_of": surface_of}
    annotator = terms.Annotator(store, prepared.work / "spm.model", table, 1, frozenset(), [])
    said = annotator.rendering("министром", False, False)
    assert said == terms.Wording(None, shown, "министром")


def test_a_glossary_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    import terms

    with pytest.raises(corpus.CorpusError, match="no glossary"):
        terms.read_glossary(tmp_path / "none.csv", "en")
    (tmp_path / "short.csv").write_text("vi,en\nBiển Đông,East Sea\n", encoding="utf-8")
    with pytest.raises(corpus.CorpusError, match="has no column 'en_short'"):
        terms.read_glossary(tmp_path / "short.csv", "en")
    pairs = terms.read_glossary(CONFIGS / "glossary.csv", "en")
    assert ("BĐ", "BL", "") in pairs and ("Hạn đước", "Bada Lemi", "") in pairs


def test_training_lowers_the_loss_and_goes_on_where_it_stopped(trained: Run) -> None:
    log = (trained.checkpoints / "train.log").read_text().splitlines()
    losses = [float(line.split(" loss ")[1].split()[0]) for line in log if " loss " in line]
    assert losses[-1] < 0.8 * losses[0]
    assert any("resumed at step 40" in line for line in log)
    assert [path.name for path in checkpoints.weights(trained.checkpoints)] == [
        "weights-00000040.pt",
        "weights-00000080.pt",
    ]


def test_training_in_two_parts_equals_training_in_one(prepared: Run, tmp_path: Path) -> None:
    import train

    common = ["--config", str(CONFIGS / "train.toml"), "--work", str(prepared.work)]
    one, two = tmp_path / "one", tmp_path / "two"
    assert train.main([*common, "--checkpoints", str(one), "--steps", "8"]) == 0
    assert train.main([*common, "--checkpoints", str(two), "--steps", "4"]) == 0
    assert train.main([*common, "--checkpoints", str(two), "--steps", "8"]) == 0
    weights = [checkpoints.read(folder / "last.pt")["network"] for folder in (one, two)]
    for name, value in weights[0].items():
        torch.testing.assert_close(value, weights[1][name], msg=name)


def test_cooldown_ends_the_run_and_keeps_the_state_before(prepared: Run, tmp_path: Path) -> None:
    import train

    common = ["--config", str(CONFIGS / "train.toml"), "--work", str(prepared.work)]
    common += ["--checkpoints", str(tmp_path)]
    (tmp_path / "anneal").write_text("6 steps")
    assert train.main([*common, "--steps", "50"]) == 0
    assert checkpoints.read(tmp_path / "annealed.pt")["step"] == 6
    assert checkpoints.read(tmp_path / "before-anneal.pt")["step"] == 0
    assert not (tmp_path / "anneal").exists()


def test_same_logits_as_transformers_and_same_tokens_as_ctranslate2(
    trained: Run, tmp_path: Path
) -> None:
    import ctranslate2
    from transformers import MarianMTModel, MarianTokenizer

    import export

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = MarianMTModel.from_pretrained(trained.out, dtype=torch.float32).eval()
        tokenizer = MarianTokenizer.from_pretrained(trained.out)
        export.write_ctranslate2(trained.out, tmp_path / "float", "float32")
    state = checkpoints.read(trained.checkpoints / "average.pt")
    network = Marian(Shape(**state["shape"])).eval()
    network.load_state_dict(state["network"])
    with torch.no_grad():  # the export holds half precision
        for parameter in network.parameters():
            parameter.copy_(parameter.half().float())
    lines = [f">>en<< {SENTENCE}", ">>zh<< Hội <t> thưởng <to> 国会 </t> bắng."]
    batch = tokenizer(lines, return_tensors="pt", padding=True)
    start = torch.full((2, 1), network.shape.pad)
    target = torch.cat([start, torch.randint(2, 300, (2, 7))], dim=1)
    with torch.no_grad():
        theirs = model(**batch, decoder_input_ids=target).logits
        ours = network.logits(network(batch["input_ids"], target)[0])
    torch.testing.assert_close(ours[..., :-1], theirs[..., :-1], atol=1e-4, rtol=0)

    with torch.no_grad():
        written = model.generate(**batch, num_beams=1, do_sample=False, max_length=40)
    engine = ctranslate2.Translator(str(tmp_path / "float"), device="cpu")
    for line, answer in zip(lines, written, strict=True):
        ids = tokenizer(line)["input_ids"]
        held = engine.translate_batch(
            [tokenizer.convert_ids_to_tokens(ids)], beam_size=1, max_decoding_length=39
        )[0].hypotheses[0]
        pieces = tokenizer.convert_ids_to_tokens(answer.tolist())[1:]
        pieces = [piece for piece in pieces if piece not in ("</s>", "<pad>")]
        assert pieces == held[: len(pieces)]


def test_tokenizer_of_transformers_gives_the_ids_that_were_trained_on(trained: Run) -> None:
    from transformers import MarianTokenizer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer = MarianTokenizer.from_pretrained(trained.out)
    store = corpus.TokenStore.load(trained.work / "vi-en.npz")
    kept = (trained.work / "text" / "vi-en.tsv").read_text(encoding="utf-8").splitlines()
    source = kept[3].split("\t")[1]
    ids = store.source[store.source_at[3] : store.source_at[4]].tolist()
    assert tokenizer(f">>en<< {source}")["input_ids"] == [*ids, subwords.EOS]


def test_export_is_whole_small_and_matches_its_sums(trained: Run) -> None:
    lines = (trained.out / "SHA256SUMS").read_text().splitlines()
    names = {line.split("  ")[1] for line in lines}
    assert {"config.json", "model.safetensors", "source.spm", "target.spm"} <= names
    assert {"vocab.json", "signature.json", "ct2-int8/model.bin"} <= names
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((trained.out / name).read_bytes()).hexdigest() == digest
    signature = json.loads((trained.out / "signature.json").read_text())
    assert signature["steps"] == 80
    assert signature["target_tokens_seen"] > 1000
    assert not list(trained.out.parent.glob("*.new"))


def test_the_products_own_engine_translates_with_it(trained: Run) -> None:
    from vietwire.engines.base import Request
    from vietwire.engines.embedded import open_embedded

    engine = open_embedded(trained.out, threads=1)
    try:
        answer = engine.translate([Request(SENTENCE)], "fr")
        assert answer[0][0].text
        assert engine.languages == {"en", "fr", "es", "zh", "ru"}
    finally:
        engine.close()


def test_evaluate_writes_scores_with_signatures(trained: Run, tmp_path: Path) -> None:
    import evaluate

    kept = (trained.work / "text" / "vi-en.tsv").read_text(encoding="utf-8").splitlines()[:8]
    (tmp_path / "vi.txt").write_text("\n".join(line.split("\t")[1] for line in kept) + "\n")
    (tmp_path / "en.txt").write_text("\n".join(line.split("\t")[2] for line in kept) + "\n")
    out = tmp_path / "scores.json"
    arguments = ["--model", str(trained.out), "--dev", str(tmp_path), "--languages", "en"]
    assert evaluate.main([*arguments, "--out", str(out), "--threads", "1"]) == 0
    held = json.loads(out.read_text())["languages"]["en"]
    assert 0 <= held["chrf"] <= 100
    assert "chrF2" in held["chrf_signature"] or "nc:6" in held["chrf_signature"]


@pytest.mark.parametrize(
    ("source", "target", "language", "fault"),
    [
        ("Hội nghị khai mạc hôm nay.", "The meeting opens today.", "en", ""),
        ("Hội nghị <b>khai mạc</b>", "The <b>meeting</b> opens", "en", "markup"),
        ("Hội nghị khai mạc hôm nay.", "Совещание открылось сегодня.", "en", "script"),
        ("Năm 2020 có 17 cuộc họp", "In 1999 there were 3 meetings", "en", "numbers"),
        ("Hội nghị cấp cao", "Hội nghị cấp cao", "en", "copy"),
        ("Bạn có khỏe không hôm nay?", "Cómo estás hoy, amigo mío?", "es", "typography"),
        ("Có", "Yes, and a lot more was said by the man who came in late", "en", "ratio"),
        ("Thủ tướng phát biểu tại hội nghị.", "总理在会议上发表讲话。", "zh", ""),
    ],
)
def test_filters_say_what_is_wrong(source: str, target: str, language: str, fault: str) -> None:
    assert clean.pair_fault(source, target, "vi", language) == fault


@pytest.mark.parametrize(
    ("text", "language", "tidied"),
    [
        ("然而,他说:\u300c好\u300d.", "zh", "然而，他说：\u300c好\u300d."),
        ("他 来 了。", "zh", "他来了。"),
        ("- a\u00a0b  c", "en", "a b c"),
        ("Ho\u0302\u0323i...", "vi", "Hội…"),
    ],
)
def test_text_is_tidied(text: str, language: str, tidied: str) -> None:
    assert clean.tidy(text, language) == tidied


@pytest.mark.parametrize(
    ("phrase", "language", "listed"),
    [
        ("Юго-Восточной Азии", "ru", "Юго-Восточной Азии"),
        ("министром", "ru", "министр"),
        ("Восточного моря", "ru", "Восточное море"),
        ("президента республики", "ru", "президент республики"),
        ("ministres", "fr", "ministre"),
        ("acuerdos", "es", "acuerdo"),
        ("the agreements", "en", "the agreements"),
        ("announced", "en", "announce"),
        ("Announced", "en", "Announced"),
    ],
)
def test_dictionary_forms(phrase: str, language: str, listed: str) -> None:
    from recipe.phrases import dictionary_form

    assert dictionary_form(phrase, language) == listed


def test_embeddings_put_translations_together(prepared: Run) -> None:
    from recipe.warmstart import company_embeddings

    stores = [corpus.TokenStore.load(prepared.work / f"vi-{x}.npz") for x in ("en", "ru")]
    table = company_embeddings(stores, 601, 32, 1)
    assert table.shape == (601, 32)
    assert not table[600].any()
    again = company_embeddings(stores, 601, 32, 1)
    np.testing.assert_array_equal(table, again)


def test_files_are_averaged_by_their_shares(trained: Run, tmp_path: Path) -> None:
    import average

    paths = checkpoints.weights(trained.checkpoints)[-2:]
    one, other = (checkpoints.read(path)["network"] for path in paths)
    out = tmp_path / "mean.pt"
    files = ["--files", *map(str, paths), "--out", str(out), "--shares"]
    assert average.main([*files, "0.25", "0.75"]) == 0
    mean = checkpoints.read(out)["network"]
    for name in mean:
        torch.testing.assert_close(mean[name], 0.25 * one[name] + 0.75 * other[name])
    assert average.main([*files, "0.5", "0.75"]) == 2
    assert average.main([*files, "1"]) == 2


def test_steps_refuse_what_they_cannot_use(
    prepared: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import average
    import export
    import prepare
    import train

    missing = str(tmp_path / "none.toml")
    folder = str(tmp_path)
    assert prepare.main(["--config", missing, "--data", folder, "--work", folder]) == 2
    assert "no configuration" in capsys.readouterr().err
    config = str(CONFIGS / "prepare.toml")
    assert prepare.main(["--config", config, "--data", folder, "--work", folder]) == 2
    assert "no data file" in capsys.readouterr().err
    bad = tmp_path / "bad.toml"
    bad.write_text("stores = [")
    arguments = ["--work", folder, "--checkpoints", folder]
    assert train.main(["--config", str(bad), *arguments]) == 2
    assert "not valid TOML" in capsys.readouterr().err
    arguments = ["--work", folder, "--checkpoints", str(tmp_path / "c")]
    assert train.main(["--config", str(CONFIGS / "train.toml"), *arguments]) == 2
    assert "run prepare first" in capsys.readouterr().err
    assert average.main(["--checkpoints", folder, "--out", str(tmp_path / "a.pt")]) == 2
    assert "no checkpoints" in capsys.readouterr().err
    (tmp_path / "broken.pt").write_bytes(b"no")
    arguments = ["--work", str(prepared.work), "--out", str(tmp_path / "o")]
    assert export.main(["--checkpoint", str(tmp_path / "broken.pt"), *arguments]) == 2
    assert "cannot read" in capsys.readouterr().err


@pytest.mark.parametrize("order", ["soon", "5 apples", "until noon"])
def test_cooldown_orders_that_cannot_be_read(order: str) -> None:
    import train

    with pytest.raises(settings.SettingsError, match="cannot read"):
        train.Cooldown(order, 0, 0.0)


def test_a_stopped_cooldown_goes_on_falling(prepared: Run, tmp_path: Path) -> None:
    import train

    common = ["--config", str(CONFIGS / "train.toml"), "--work", str(prepared.work)]
    common += ["--checkpoints", str(tmp_path)]
    (tmp_path / "anneal").write_text("8 steps")
    assert train.main([*common, "--steps", "5"]) == 0
    assert (tmp_path / "anneal").exists()
    assert train.main([*common, "--steps", "50"]) == 0
    assert checkpoints.read(tmp_path / "annealed.pt")["step"] == 8


def test_the_gpu_configuration_trains_at_toy_size(prepared: Run, tmp_path: Path) -> None:
    import train

    config = settings.read(CONFIGS.parent / "gpu" / "train.toml")
    config["stores"] = [name for name in config["stores"] if name in config["direction_shares"]]
    assert len(config["stores"]) == 18
    config["stores"] = [name for name in config["stores"] if name.startswith("vi-")]
    config["network"] |= {"vocabulary": 601, "width": 32, "heads": 4, "ffn": 64}
    config["train"] |= {"device": "cpu", "threads": 1, "compile": False, "batch_tokens": 400}
    trainer = train.Trainer(config, prepared.work, tmp_path)
    trainer.run(6)
    assert trainer.step == 6
    with pytest.raises(settings.SettingsError, match="no GPU here"):
        if torch.cuda.is_available():
            raise settings.SettingsError("no GPU here: not so on this machine")
        config["train"]["device"] = "cuda"
        train.Trainer(config, prepared.work, tmp_path)


def test_two_workers_end_with_the_same_weights(prepared: Run, tmp_path: Path) -> None:
    config = (CONFIGS / "train.toml").read_text(encoding="utf-8")
    quick = tmp_path / "train.toml"
    quick.write_text(config.replace("[train]\n", "[train]\nhalf = true\nmeet_seconds = 1\n"))
    command = [sys.executable, "train.py", "--config", str(quick), "--work", str(prepared.work)]
    command += ["--checkpoints", str(tmp_path), "--steps", "30", "--workers", "2", "--rank"]
    workers = [
        subprocess.Popen([*command, str(rank)], cwd=CONFIGS.parents[1], stderr=subprocess.DEVNULL)
        for rank in (0, 1)
    ]
    assert [worker.wait(timeout=250) for worker in workers] == [0, 0]
    states = [checkpoints.read(tmp_path / name) for name in ("last.pt", "last-1.pt")]
    for name, value in states[0]["network"].items():
        torch.testing.assert_close(value, states[1]["network"][name], msg=name)
    assert "the mean of 2 workers" in (tmp_path / "train.log").read_text()
    losses = [
        float(line.split(" loss ")[1].split()[0])
        for line in (tmp_path / "train.log").read_text().splitlines()
        if " loss " in line
    ]
    assert losses[-1] < losses[0]


def test_a_meeting_counts_weights_by_tokens_and_does_not_wait_for_ever(tmp_path: Path) -> None:
    from recipe.meeting import Meeting

    now = [100.0]
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    def network(value: float) -> torch.nn.Linear:
        held = torch.nn.Linear(1, 1, bias=False)
        torch.nn.init.constant_(held.weight, value)
        return held

    places = [Meeting(tmp_path, n, 2, 60, 5, lambda: now[0], sleep) for n in (0, 1)]
    assert not places[0].due()
    now[0] = 130.0
    assert places[0].due()
    first, second = network(1.0), network(5.0)
    assert places[0].meet(first, 300) == (1, 0)
    assert sum(waited) == pytest.approx(5, abs=0.3)
    assert first.weight.item() == 1.0
    assert places[1].meet(second, 100) == (2, 300)
    assert second.weight.item() == pytest.approx(2.0)
    assert not places[0].due()


def test_a_worker_that_ended_long_ago_is_not_in_the_last_mean(tmp_path: Path) -> None:
    from recipe.meeting import Meeting

    places = [Meeting(tmp_path, n, 2, 60, 0.01) for n in (0, 1)]
    gone, last = (torch.nn.Linear(1, 1, bias=False) for _ in range(2))
    places[1].meet(gone, 100, last=True)
    os.utime(tmp_path / "end-1.pt", (1, 1))
    before = last.weight.item()
    assert places[0].meet(last, 100, last=True) == (1, 0)
    assert last.weight.item() == before


def test_a_corpus_may_weigh_otherwise_in_one_direction(prepared: Run) -> None:
    from recipe import batches

    stores = [corpus.TokenStore.load(prepared.work / f"vi-{x}.npz") for x in ("en", "fr")]

    def expected(weights: dict[str, float]) -> list[float]:
        mixture = batches.Mixture(stores, weights, {"en": 1.0, "fr": 1.0}, 400, 999, 1)
        named = np.concatenate([np.array(s.names)[s.corpus] for s in stores])
        news = named == "toy_news"
        return [
            mixture.copies[news & (mixture.language == language)].mean()
            / mixture.copies[~news & (mixture.language == language)].mean()
            for language in ("en", "fr")
        ]

    assert expected({"toy_news": 3.0}) == pytest.approx([3.0, 3.0])
    assert expected({"toy_news": 3.0, "vi-en:toy_news": 0.5}) == pytest.approx([0.5, 3.0])


@pytest.mark.parametrize(
    "path",
    sorted(CONFIGS.parent.glob("*pu/train*.toml")),
    ids=lambda p: f"{p.parent.name}/{p.name}",
)
def test_every_training_configuration_names_what_it_needs(path: Path) -> None:
    config = settings.read(path)
    shape = Shape(**config["network"])
    assert shape.pad == shape.vocabulary - 1
    languages = {store.split(".")[0].split("-")[1] for store in config["stores"]}
    shares = config.get("shares") or {
        name.split("-")[1]: share for name, share in config["direction_shares"].items()
    }
    assert languages == set(shares)
    if "shares" in config:
        assert sum(shares.values()) == pytest.approx(1.0, abs=0.01)
    for name in config.get("annotated_stores", []):
        assert name.split(".")[-1] in {"terms", "figures"}


def test_workers_begin_as_one_network(prepared: Run, tmp_path: Path) -> None:
    import train

    config = settings.read(CONFIGS / "train.toml")
    one, two = (
        train.Trainer(config, prepared.work, tmp_path / name, rank, 2)
        for rank, name in enumerate(("one", "two"))
    )
    for name, value in one.network.state_dict().items():
        torch.testing.assert_close(value, two.network.state_dict()[name], msg=name)
    assert one.mixture.fingerprint() != two.mixture.fingerprint()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_cross_entropy_in_parts_is_that_of_torch(smoothing: float) -> None:
    from recipe.crossentropy import cross_entropy

    draw = torch.Generator().manual_seed(3)
    hidden, table, bias = (
        torch.randn(size, generator=draw, requires_grad=True)
        for size in ((700, 16), (300, 16), (300,))
    )
    target = torch.randint(0, 300, (700,), generator=draw)
    scores = torch.nn.functional.linear(hidden, table, bias)
    theirs = torch.nn.functional.cross_entropy(scores, target, label_smoothing=smoothing)
    ours, plain = cross_entropy(hidden, table, bias, target, smoothing)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(plain, torch.nn.functional.cross_entropy(scores, target))
    for one, other in zip(
        torch.autograd.grad(ours, (hidden, table, bias)),
        torch.autograd.grad(theirs, (hidden, table, bias)),
        strict=True,
    ):
        torch.testing.assert_close(one, other)


def test_a_training_begins_from_an_exported_network_made_deeper(
    trained: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import begin

    common = ["--model", str(trained.out), "--work", str(trained.work)]
    out = tmp_path / "begin.pt"
    assert begin.main([*common, "--encoder-layers", "4", "--out", str(out)]) == 0
    state = checkpoints.read(out)
    assert state["shape"]["encoder_layers"] == 4
    assert state["tokens"] > 1000
    assert begin.main([*common, "--out", str(tmp_path / "same.pt")]) == 0
    store = corpus.TokenStore.load(trained.work / "vi-en.npz")
    source = begin.some_sources(store, 600, 20)[0]
    written = []
    for name in ("begin.pt", "same.pt"):
        held = checkpoints.read(tmp_path / name)
        network = Marian(Shape(**held["shape"])).eval()
        network.load_state_dict(held["network"])
        with torch.no_grad():
            written.append(network.encode(source)[source != 600])
    spread = float((written[0] - written[1]).pow(2).mean().sqrt() / written[1].std())
    assert spread < 0.2
    assert begin.main([*common, "--encoder-layers", "1", "--out", str(out)]) == 2
    assert "has 2 encoder layers" in capsys.readouterr().err
    assert begin.main(["--model", str(tmp_path), "--out", str(out)]) == 2
    assert "no exported network" in capsys.readouterr().err


def test_a_training_begins_from_an_exported_network_made_wider(
    trained: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import begin

    common = ["--model", str(trained.out)]
    narrow = begin.from_export(trained.out)
    head = narrow["shape"]["width"] // narrow["shape"]["heads"]
    width = narrow["shape"]["width"] * 2
    out = tmp_path / "begin.pt"
    assert begin.main([*common, "--width", str(width), "--out", str(out)]) == 0
    wide = checkpoints.read(out)
    assert wide["shape"]["width"] == width
    assert wide["shape"]["heads"] == 2 * narrow["shape"]["heads"]
    store = corpus.TokenStore.load(trained.work / "vi-en.npz")
    source = begin.some_sources(store, 600, 20)[0]
    spoken = []
    for state in (narrow, wide):
        network = Marian(Shape(**state["shape"])).eval()
        network.load_state_dict(state["network"])
        target = torch.full((len(source), 1), network.shape.pad)
        with torch.no_grad():
            spoken.append(network.logits(network(source, target)[0]).softmax(-1))
    # The mean of all probability that moved; between two unrelated networks it is near one.
    moved = float((spoken[0] - spoken[1]).abs().sum(-1).mean() / 2)
    assert moved < 0.15
    assert begin.main([*common, "--width", str(width + head - 1), "--out", str(out)]) == 2
    assert f"in steps of {head}" in capsys.readouterr().err


def test_sampled_copies_keep_the_text_and_vary_the_pieces(prepared: Run) -> None:
    import prepare

    pairs = [("toy_news", SENTENCE, "Bado lemi the."), ("toy+back", SENTENCE, "Sono.")]
    store = prepare.tokenise("vi-en", pairs, prepared.work / "spm.model", 80, 1, 8, 0.1)
    assert len(store) == 18
    processor = subwords.load(prepared.work / "spm.model")
    rows = [
        store.source[store.source_at[row] : store.source_at[row + 1]].tolist() for row in range(18)
    ]
    assert processor.decode(rows[0][1:]) == SENTENCE
    assert processor.id_to_piece(rows[1][1]) == subwords.BACK
    assert processor.decode(rows[2][1:]) == SENTENCE
    assert any(rows[0] != other for other in rows[2::2])


def test_only_a_source_that_was_made_is_marked(prepared: Run) -> None:
    import prepare

    mark = subwords.load(prepared.work / "spm.model").piece_to_id(subwords.BACK)
    for direction, marked in (("vi-ru", True), ("ru-vi", False)):  # the Vietnamese was made
        pairs = [("toy+back", "Sono lemi.", "Bado the.")]
        store = prepare.tokenise(direction, pairs, prepared.work / "spm.model", 80, 1)
        assert (int(store.source[1]) == mark) is marked


@pytest.mark.parametrize("language", ["en", "fr", "es", "zh", "ru"])
def test_made_figures_are_right_by_the_products_own_checks(language: str) -> None:
    import random

    import figures
    from vietwire.checks.figures import check_figures
    from vietwire.story import Severity

    vietnamese = [
        "Ngày 15/11, hai nước ký thỏa thuận trị giá 25 triệu USD.",
        "Các bộ trưởng đã thông qua tuyên bố chung.",
    ]
    there = {
        "en": ["On November 15, the two countries signed a deal worth 25 million USD.",
               "The ministers adopted the joint statement."],
        "fr": ["Le 15 novembre, les deux pays ont signé un accord de 25 millions de dollars.",
               "Les ministres ont adopté la déclaration commune."],
        "es": ["El 15 de noviembre, los dos países firmaron un acuerdo de 25 millones de dólares.",
               "Los ministros aprobaron la declaración conjunta."],
        "zh": ["11月15日，两国签署了价值2500万美元的协议。", "部长们通过了联合声明。"],
        "ru": ["15 ноября две страны подписали соглашение на 25 млн долларов США.",
               "Министры приняли совместное заявление."],
    }[language]  # fmt: skip
    rows = [("news", here, said) for here, said in zip(vietnamese, there, strict=True)] * 5
    if language == "en":  # neither end of a range may be exchanged alone
        rows.append(("news", "Dự án cần 5-7 triệu USD.", "The project needs 5-7 million USD."))
        rows.append(("news", "Họ họp vào tháng 11.", "They meet in November."))
    made = figures.Figures(language, random.Random(3), rows).make(9, 20, 60)
    kinds = {item.corpus for item in made}
    assert kinds == {"news+figures", "templates+figures"}
    assert len({item.source for item in made}) > 50
    assert all(item.places for item in made)
    wrong = [
        (item, finding)
        for item in made
        for finding in check_figures(item.source, item.target, language)
        if finding.severity is not Severity.NOTE
    ]
    assert not wrong, wrong[:3]


def test_figures_become_a_store_with_hints_inside(prepared: Run) -> None:
    import figures

    for language, line in (("en", "Có 1.234 người.\tThere were 1,234 people.\n"),):
        path = prepared.work / "text" / f"vi-{language}.tsv"
        before = path.read_text(encoding="utf-8")
        path.write_text(before + f"toy_news\t{line}", encoding="utf-8")
        try:
            arguments = ["--config", str(CONFIGS / "figures.toml"), "--work", str(prepared.work)]
            assert figures.main(arguments) == 0
        finally:
            path.write_text(before, encoding="utf-8")
    store = corpus.TokenStore.load(prepared.work / "vi-en.figures.npz")
    processor = subwords.load(prepared.work / "spm.model")
    texts = [
        processor.decode(store.source[store.source_at[n] : store.source_at[n + 1]].tolist())
        for n in range(len(store))
    ]
    assert len(texts) > 20
    assert sum("<to>" in text for text in texts) > len(texts) / 3
    assert {store.names[n] for n in store.corpus} == {"toy_news+figures", "templates+figures"}


def test_english_news_with_other_translations_becomes_pairs_with_vietnamese(
    trained: Run, tmp_path: Path
) -> None:
    import lzma

    import synthesize

    rows = [
        "wmt\t\tThe talks ended.\tLes pourparlers ont pris fin.\t\t\t",
        "wmt\t\tThe talks ended.\t\t\t\tПереговоры завершились.",
        "other\t\tClick here.\tCliquez ici.\t\t\t",
        "wmt\tCó rồi.\tIt is there.\tC'est là.\t\t\t",
    ]
    tier = tmp_path / "pivot.tsv.xz"
    with lzma.open(tier, "wt", encoding="utf-8") as out:
        out.write("\t".join(corpus.COLUMNS) + "\n" + "\n".join(rows) + "\n")
    human = synthesize.read_input(tier, "en", "vi", 10, ["wmt"])
    assert [sorted(row) for row in human] == [["en", "fr", "ru"]]
    assert synthesize.read_input(tier, "en", "fr", 10, None) == []  # the row has French
    human = synthesize.read_input(tier, "en", "es", 10, None)
    assert human == [{"corpus": "wmt", "vi": "Có rồi.", "en": "It is there."}]
    common = ["--model", str(trained.out), "--input", str(tier), "--work", str(tmp_path)]
    common += ["--name", "pivot", "--threads", "1", "--source", "en", "--target"]
    assert synthesize.main([*common, "es"]) == 0
    for row in corpus.read_tier(tmp_path / "synthetic" / "pivot.tsv.xz"):
        assert row["corpus"] == "wmt+forward" and row["vi"] == "Có rồi." and not row["en"]


def test_synthesize_makes_a_tier_that_prepare_reads(
    trained: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import lzma

    import synthesize

    lines = (trained.work / "text" / "vi-en.tsv").read_text(encoding="utf-8").splitlines()[:12]
    news = tmp_path / "news.txt.xz"
    with lzma.open(news, "wt", encoding="utf-8") as out:
        out.write("\n".join(line.split("\t")[1] for line in lines) + "\n")
    common = ["--model", str(trained.out), "--input", str(news), "--work", str(tmp_path)]
    common += ["--name", "made", "--threads", "1", "--part", "5"]
    assert synthesize.main([*common, "--source", "vi", "--target", "en"]) == 0
    assert "00000010.tsv" in capsys.readouterr().out
    assert synthesize.main([*common, "--source", "vi", "--target", "en"]) == 0
    assert "00000000.tsv" not in capsys.readouterr().out  # finished parts are not made again
    for row in corpus.read_tier(tmp_path / "synthetic" / "made.tsv.xz"):
        assert row["corpus"] == "made+forward"
        assert row["vi"] and row["en"]
    assert synthesize.main([*common, "--source", "en", "--target", "fr"]) == 2
    processor = subwords.load(trained.out / "spm.model")
    sizes = sorted(len(processor.encode(line.split("\t")[1])) for line in lines)
    common[common.index("made")] = "shorter"
    common += ["--part", "50", "--longest", str(sizes[5])]
    assert synthesize.main([*common, "--source", "vi", "--target", "en"]) == 0
    fit = sum(size <= sizes[5] for size in sizes)
    assert 6 <= fit < len(lines)
    assert f" of {fit}," in capsys.readouterr().out
    good = ("The talks ended on Monday.", "Переговоры завершились в понедельник.")
    assert synthesize.keep(*good, ("en", "ru"))
    assert not synthesize.keep(good[0], good[1].replace("о", "\ufffd", 1), ("en", "ru"))
    assert synthesize.loops("a b c d a b c d a b c d")
    assert not synthesize.loops("the talks ended and the talks began")


def test_the_term_base_is_a_tier_of_word_pairs(
    prepared: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import listed
    import prepare
    from vietwire.termbase import Concept
    from vietwire.termbase.table import write_table

    rows = [
        {"concept": "court", "vi": "tòa án", "en": "court", "ru": "суд"},
        {"concept": "drought", "vi": "hạn hán", "vi_variants": "khô hạn", "en": "drought"},
    ]
    for row in rows:
        row |= {f"{code}_status": "confirm" for code in ("en", "ru") if code in row}
    concepts = [Concept.of(kind="suggest", **row) for row in rows]
    arguments = ["--glossary", str(tmp_path), "--work", str(tmp_path)]
    assert listed.main(arguments) == 2
    assert "terms.csv" in capsys.readouterr().err
    (tmp_path / "terms.csv").write_bytes(write_table(concepts))
    assert listed.main(arguments) == 0
    rows = list(corpus.read_tier(tmp_path / "synthetic" / "listed.tsv.xz"))
    assert {row["vi"]: row["en"] for row in rows}["khô hạn"] == "drought"
    kept, _ = prepare.collect(prepared.data, tmp_path, ["listed"], ["vi-en", "vi-ru"])
    assert ("vietwire_terms", "hạn hán", "drought") in kept["vi-en"]
    assert [pair[2] for pair in kept["vi-ru"]] == ["суд"]


@pytest.mark.parametrize(
    ("language", "line", "whole"),
    [
        ("ru", "Российский рубль торгуется по 0,18 лея.", True),
        ("ru", "Российский рубль торгуется по0,18 лея.", False),
        ("ru", "В РоссииЗапрещено это.", False),
        ("ru", "В Россиизапрещенодемонстрироватьсимволы", False),
        ("ru", "МИД и ООН договорились.", True),
        ("es", "Dijo que la ciudad deMéxico crece.", False),
        ("es", "Dijo que la ONU y la OTAN crecen.", True),
        ("en", "McCain met MacArthur.", True),
        ("fr", "Il a dit : « oui.", False),
        ("fr", 'Il a dit "oui".', True),
    ],
)
def test_found_news_with_glued_words_or_half_quotations_is_passed_over(
    language: str, line: str, whole: bool
) -> None:
    import synthesize

    assert synthesize.whole(line, language) is whole


def test_the_counts_of_further_rows_are_added(tmp_path: Path) -> None:
    import export

    one, other = tmp_path / "one.json", tmp_path / "other.json"
    held = {"rows": 3, "source_tokens": 30, "target_tokens": 40, "corpora": {"news": 3}}
    one.write_text(json.dumps({"vi-en": held, "vi-ru": held}), encoding="utf-8")
    held = {"rows": 2, "source_tokens": 5, "target_tokens": 6, "corpora": {"wmt+back": 2}}
    other.write_text(json.dumps({"vi-en": held}), encoding="utf-8")
    rows = export.rows_of([one, other])
    assert rows["vi-en"] == {
        "rows": 5,
        "corpora": {"news": 3, "wmt+back": 2},
        "source_tokens": 35,
        "target_tokens": 46,
    }
    assert rows["vi-ru"]["rows"] == 3
    assert export.rows_of([]) == {}
