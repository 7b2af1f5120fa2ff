"""Measuring an engine: quality on parallel text, and how well it obeys the term base.

Quality is chrF, BLEU and TER as sacrebleu computes them (Post 2018), each with its signature, of
the raw engine without terms; beside it stand the chrF and the term success of drafts as the desk
gets them, so that what obeying costs is seen. Terms alone are measured as in the WMT 2025
terminology task: without terms, with the proper terms, and with random ones, which shows whether an
engine obeys or merely guesses what was wanted anyway.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vietwire.settings import Settings
from vietwire.story import LANGUAGE_NAMES, TermHit, VietwireError, check_language

if TYPE_CHECKING:
    from rich.table import Table

    from vietwire.engines import Engine
    from vietwire.termbase import TermBase
    from vietwire.translation import Translator

#: Published chrF of Vietnamese to English on FLORES-200 devtest, to read figures beside.
ANCHORS = {"Google": 65.1, "Firefox tiny": 59.1, "NLLB-600M": 57.0, "OPUS-MT": 52.9}
#: The day by which terms of the test are valid: the summit.
TEST_DAY = date(2020, 11, 12)
MODES = ("none", "proper", "random", "pipeline")
#: What goes into the registry, each by language.
RECORDED = (
    "chrf",
    "bleu",
    "ter",
    "chrf_with_terms",
    "term_success",
    "figure_success",
    "tokens_per_second",
)
SEED = 37


class EvaluationError(VietwireError):
    """Test data that cannot be used; names the file."""


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, without their ends.

    :raises EvaluationError: if it is missing or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise EvaluationError(f"{path} does not exist") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} is not UTF-8: {error}") from error


def corpus_scores(
    hypotheses: Sequence[str], references: Sequence[str], language: str
) -> dict[str, Any]:
    """chrF, BLEU and TER of a corpus with sacrebleu's signatures; Chinese by characters."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

    chinese = language == "zh"
    metrics = {
        "chrf": CHRF(),
        "bleu": BLEU(tokenize="zh" if chinese else "13a"),
        "ter": TER(asian_support=chinese),
    }
    result: dict[str, Any] = {}
    for name, metric in metrics.items():
        result[name] = round(metric.corpus_score(list(hypotheses), [list(references)]).score, 2)
        result[f"{name}_signature"] = str(metric.get_signature())
    return result


def _engine(settings: Settings, name: str) -> Engine:
    from vietwire.engines import open_engine

    return open_engine(name, models=settings.models, settings=replace(settings, engine=name))


def evaluate_quality(
    settings: Settings,
    engine_name: str,
    data: Path,
    languages: Sequence[str],
    *,
    limit: int = 0,
    record: bool = False,
) -> list[dict[str, Any]]:
    """Translate ``data/vi.txt`` and score it against ``data/<language>.txt``.

    The scores and the speed are the raw engine's, without hints. Sentences with terms or figures
    are then translated as drafts are: ``term_success`` is the share of their terms that stand in
    the result, ``figure_success`` the share of sentences with figures whose figures all do (both
    in per cent, ``None`` where there are none), ``chrf_with_terms`` the chrF of the whole text
    with them. With ``record`` the figures go into the engine's registry entry.

    :raises EvaluationError: for missing files or files of different length.
    """
    from vietwire.engines import Request
    from vietwire.termbase import TermBase
    from vietwire.termbase.scoring import score_terms
    from vietwire.text import normalise
    from vietwire.translation import wrong_figures

    sources = [normalise(line) for line in read_lines(data / "vi.txt")]
    sources = sources[:limit] if limit else sources
    if not sources:
        raise EvaluationError(f"{data / 'vi.txt'} has no lines")
    base = TermBase.load(settings.glossary)
    engine = _engine(settings, engine_name)
    translator = _translator(settings, engine, base)
    rows: list[dict[str, Any]] = []
    for language in languages:
        references = read_lines(data / f"{check_language(language)}.txt")
        references = references[:limit] if limit else references
        if len(references) != len(sources):
            raise EvaluationError(
                f"{data / language}.txt has {len(references)} lines, vi.txt {len(sources)}"
            )
        engine.translate([Request(sources[0])], language)  # what is loaded late is not timed
        started = time.perf_counter()
        answers = engine.translate([Request(line) for line in sources], language)
        seconds = time.perf_counter() - started
        hypotheses = [candidates[0].text for candidates in answers]
        figured = {number for number, source in enumerate(sources) if _has_figures(source)}
        found = {
            number: hits
            for number, source in enumerate(sources)
            if (hits := base.find(source, language, on=TEST_DAY)) or number in figured
        }
        steered = translator.translate(
            [sources[number] for number in found], language, day=TEST_DAY, hits=[*found.values()]
        )
        drafts = dict(zip(found, (answer.text for answer in steered), strict=True))
        with_terms = [drafts.get(number, text) for number, text in enumerate(hypotheses)]
        terms = score_terms(base, [*found.values()], [*drafts.values()], language)
        right = sum(not wrong_figures(sources[n], drafts[n], language) for n in figured)
        rows.append(
            {
                "engine": engine_name,
                "language": language,
                "data": data.name,
                "lines": len(sources),
                **corpus_scores(hypotheses, references, language),
                "chrf_with_terms": corpus_scores(with_terms, references, language)["chrf"],
                "terms": terms.mentions,
                "term_success": round(100 * terms.rate, 1) if terms.mentions else None,
                "figures": len(figured),
                "figure_success": round(100 * right / len(figured), 1) if figured else None,
                "seconds": round(seconds, 2),
                "tokens_per_second": round(engine.count_output(hypotheses, language) / seconds, 1),
                "signature": str(engine.signature(base.version)),
            }
        )
    if record:
        from vietwire.engines.registry import record_scores

        record_scores(
            settings.models / "registry.toml",
            engine_name,
            {
                metric: {row["language"]: row[metric] for row in rows if row[metric] is not None}
                for metric in RECORDED
            },
            data=f"{data.name}, {len(sources)} lines, {datetime.now(UTC):%Y-%m-%d}",
            signature=rows[0]["signature"] if rows else "",
        )
    return rows


def _has_figures(source: str) -> bool:
    from vietwire.placeables import find_placeables

    return any(place.phrase[:1].isdigit() for place in find_placeables(source, "en"))


def _translator(settings: Settings, engine: Engine, base: TermBase) -> Translator:
    """The translator as drafts are made."""
    from vietwire.translation import Translator

    return Translator(engine, base, batch_size=settings.batch_size, retries=settings.term_retries)


def quality_table(rows: Sequence[dict[str, Any]]) -> Table:
    """The scores as a table, with the published anchors below."""
    from rich.table import Table

    anchors = ", ".join(f"{name} {score}" for name, score in ANCHORS.items())
    table = Table(
        title="Vietnamese to ...",
        caption="terms: those that stand in drafts.\n"
        "figures: sentences with dates or figures whose draft has them all right.\n"
        "drafts: chrF where terms and figures are placed as in drafts.\n"
        f"Published chrF, Vietnamese to English, FLORES-200 devtest: {anchors}",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("language")
    for name in ("lines", "chrF", "BLEU", "TER", "terms", "figures", "drafts", "tok/s"):
        table.add_column(name, justify="right")
    for row in rows:
        success, figures = row["term_success"], row["figure_success"]
        table.add_row(
            LANGUAGE_NAMES[row["language"]],
            str(row["lines"]),
            f"{row['chrf']:.1f}",
            f"{row['bleu']:.1f}",
            f"{row['ter']:.1f}",
            "-" if success is None else f"{success:.1f}%",
            "-" if figures is None else f"{figures:.1f}%",
            f"{row['chrf_with_terms']:.1f}",
            f"{row['tokens_per_second']:.0f}",
        )
    return table


def read_term_test(path: Path) -> list[str]:
    """The sentences of a term test: a TSV with a ``sentence`` column, or plain lines.

    :raises EvaluationError: if a row has no sentence.
    """
    lines = read_lines(path)
    header = lines[0].split("\t") if lines else []
    if "sentence" not in header:
        return [line for line in lines if line.strip()]
    column = header.index("sentence")
    sentences = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) <= column or not cells[column].strip():
            raise EvaluationError(f"{path}:{number}: no sentence")
        sentences.append(cells[column])
    return sentences


def evaluate_terms(
    settings: Settings,
    engine_name: str,
    data: Path,
    languages: Sequence[str],
    *,
    limit: int = 0,
) -> list[dict[str, Any]]:
    """Term success per language in four modes over the sentences of ``data``.

    none: the raw engine without hints; proper: the raw engine with the term base's renderings;
    random: the raw engine with wrong ones; pipeline: with verification and retries, as drafts are
    made. Success is the share of term hits whose rendering stands in the output.
    """
    from vietwire.engines import Request, TermHint
    from vietwire.termbase import TermBase
    from vietwire.termbase.scoring import random_renderings, score_terms
    from vietwire.text import correct_typography, normalise

    sentences = [normalise(line) for line in read_term_test(data)]
    sentences = sentences[:limit] if limit else sentences
    base = TermBase.load(settings.glossary)
    engine = _engine(settings, engine_name)
    rows: list[dict[str, Any]] = []

    def raw(hits: Sequence[Sequence[TermHit]] | None, language: str) -> list[str]:
        requests = [
            Request(
                sentence,
                tuple(
                    TermHint(hit.source_form, hit.start, hit.end, hit.rendering)
                    for hit in (hits[i] if hits else ())
                    if hit.rendering
                ),
            )
            for i, sentence in enumerate(sentences)
        ]
        answers = engine.translate(requests, language)
        return [correct_typography(candidates[0].text, language) for candidates in answers]

    for language in languages:
        found = [
            tuple(hit for hit in base.find(sentence, language, on=TEST_DAY) if hit.rendering)
            for sentence in sentences
        ]
        total = sum(len(hits) for hits in found)
        dealt = [
            random_renderings(base, hits, language, seed=SEED + number)
            for number, hits in enumerate(found)
        ]

        def success(
            wanted: Sequence[tuple[TermHit, ...]],
            targets: Sequence[str],
            language: str = language,
        ) -> float:
            return round(100.0 * score_terms(base, wanted, targets, language).rate, 1)

        pipeline = _translator(settings, engine, base).translate(
            sentences, language, day=TEST_DAY, hits=found
        )
        rows.append(
            {
                "engine": engine_name,
                "language": language,
                "sentences": len(sentences),
                "terms": total,
                "none": success(found, raw(None, language)),
                "proper": success(found, raw(found, language)),
                "random": success(dealt, raw(dealt, language)),
                "pipeline": success(found, [answer.text for answer in pipeline]),
                "signature": str(engine.signature(base.version)),
            }
        )
    return rows


def term_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Term success as a table, in per cent."""
    from rich.table import Table

    table = Table(title="Term success, per cent", title_justify="left")
    table.add_column("language")
    for name in ("sentences", "terms", *MODES):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            LANGUAGE_NAMES[row["language"]],
            str(row["sentences"]),
            str(row["terms"]),
            *(f"{row[mode]:.1f}" for mode in MODES),
        )
    return table
