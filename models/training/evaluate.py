"""Measure chrF, BLEU and speed of an exported network on a development set.

    python evaluate.py --model OUT --dev DEV --limit 200 --beam 2

DEV holds one text file a language (``vi.txt`` and the targets), line by line. The scores are
sacrebleu's, with signatures; Chinese BLEU uses its ``zh`` tokenizer. Decoding is what the export's
signature asks for, unless given here. Speed is counted in target pieces a second.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from recipe import subwords
from recipe.clean import TARGETS


class Translator:
    """The int8 form with its SentencePiece model."""

    def __init__(self, folder: Path, threads: int, compute: str = "int8") -> None:
        import ctranslate2

        self.engine = ctranslate2.Translator(
            str(folder / "ct2-int8"), device="cpu", intra_threads=threads, compute_type=compute
        )
        self.processor = subwords.load(folder / "spm.model")

    def translate(
        self, lines: list[str], language: str, beam: int, batch_tokens: int, **more: Any
    ) -> tuple[list[str], int]:
        """Return the translations of ``lines`` and how many pieces were written.

        ``more`` goes to ``ctranslate2.Translator.translate_batch``.
        """
        tag = subwords.TAGS[language]
        source = [[tag, *self.processor.encode(line, out_type=str), "</s>"] for line in lines]
        answers = self.engine.translate_batch(
            source,
            beam_size=beam,
            max_batch_size=batch_tokens,
            batch_type="tokens",
            max_decoding_length=256,
            **more,
        )
        pieces = [answer.hypotheses[0] for answer in answers]
        written = sum(len(some) + 1 for some in pieces)
        return [self.processor.decode(some) for some in pieces], written


def score(hypotheses: list[str], references: list[str], language: str) -> dict[str, Any]:
    """Return chrF and BLEU with their signatures."""
    from sacrebleu.metrics import BLEU, CHRF

    chrf, bleu = CHRF(), BLEU(tokenize="zh" if language == "zh" else "13a")
    held = chrf.corpus_score(hypotheses, [references])
    other = bleu.corpus_score(hypotheses, [references])
    return {
        "chrf": round(held.score, 2),
        "bleu": round(other.score, 2),
        "chrf_signature": str(chrf.get_signature()),
        "bleu_signature": str(bleu.get_signature()),
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", type=Path, required=True, help="folder that export wrote")
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=0, help="sentences a language (0: all)")
    parser.add_argument("--beam", type=int, default=2)
    parser.add_argument("--batch-tokens", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--languages", nargs="+", default=list(TARGETS), choices=TARGETS)
    parser.add_argument("--repetition-penalty", type=float)
    parser.add_argument("--no-repeat", type=int, help="no_repeat_ngram_size")
    parser.add_argument("--length-penalty", type=float)
    parser.add_argument("--out", type=Path, help="where to write the figures as JSON")
    parser.add_argument("--show", type=int, default=0, help="print so many translations")
    options = parser.parse_args(arguments)
    if not (options.dev / "vi.txt").is_file():
        print(f"evaluate: no development set in {options.dev}", file=sys.stderr)
        return 2
    begun = time.time()
    translator = Translator(options.model, options.threads)
    loaded = time.time() - begun
    source = (options.dev / "vi.txt").read_text(encoding="utf-8").splitlines()
    source = source[: options.limit or None]
    signature = json.loads((options.model / "signature.json").read_text())
    decoding = {
        key: signature["decoding"].get(key, neutral) if given is None else given
        for key, given, neutral in (
            ("repetition_penalty", options.repetition_penalty, 1.0),
            ("no_repeat_ngram_size", options.no_repeat, 0),
            ("length_penalty", options.length_penalty, 1.0),
        )
    }
    figures: dict[str, Any] = {
        "revision": signature["revision"],
        "steps": signature["steps"],
        "target_tokens_seen": signature["target_tokens_seen"],
        "sentences": len(source),
        "beam": options.beam,
        "decoding": decoding,
        "batch_tokens": options.batch_tokens,
        "threads": options.threads,
        "load_seconds": round(loaded, 2),
        "languages": {},
    }
    for language in options.languages:
        reference = (options.dev / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        begun = time.time()
        lines, written = translator.translate(
            source,
            language,
            options.beam,
            options.batch_tokens,
            **decoding,
        )
        spent = time.time() - begun
        held = score(lines, reference[: len(source)], language)
        held["tokens_per_second"] = round(written / spent, 1)
        figures["languages"][language] = held
        print(
            f"{language}: chrF {held['chrf']:.1f}  BLEU {held['bleu']:.1f}  "
            f"{held['tokens_per_second']:.0f} tokens/s",
            flush=True,
        )
        for number in range(min(options.show, len(lines))):
            print(f"   {source[number]}\n   = {lines[number]}\n   ~ {reference[number]}")
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
