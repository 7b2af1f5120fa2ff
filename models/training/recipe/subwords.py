"""The joint SentencePiece model: training it, and turning text into ids.

Ids are the same in SentencePiece, in the Marian vocabulary and in the network: 0 is the end of
sentence, 1 unknown, and the padding id, which SentencePiece does not know, is the last one.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import sentencepiece as spm

EOS = 0
UNK = 1
TAGS = {language: f">>{language}<<" for language in ("en", "fr", "es", "zh", "ru", "vi")}
TERM_OPEN, TERM_TO, TERM_CLOSE = "▁<t>", "▁<to>", "▁</t>"
SPARE = tuple(f"▁<x{number}>" for number in range(8))
BACK = SPARE[0]  # after the tag of sources that were made by back-translation
SYMBOLS = (*TAGS.values(), TERM_OPEN, TERM_TO, TERM_CLOSE, *SPARE)


def train_subwords(
    lines: Iterable[str], path: Path, pieces: int, coverage: float, required: str, threads: int
) -> None:
    """Train a unigram model of ``pieces`` pieces on ``lines`` and write it to ``path``.

    Args:
        lines: NFC text of all languages, already balanced.
        pieces: size without the padding id.
        coverage: share of character occurrences that must have a piece; the rest becomes bytes.
        required: characters that must have a piece whatever their frequency.
    """
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model,
        model_type="unigram",
        vocab_size=pieces,
        character_coverage=coverage,
        required_chars=required,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=True,
        user_defined_symbols=list(SYMBOLS),
        eos_id=EOS,
        unk_id=UNK,
        bos_id=-1,
        pad_id=-1,
        num_threads=threads,
        num_sub_iterations=2,
        max_sentence_length=2000,
        max_sentencepiece_length=14,
        train_extremely_large_corpus=False,
        minloglevel=1,
    )
    path.write_bytes(model.getvalue())


def load(path: Path) -> spm.SentencePieceProcessor:
    """Return the SentencePiece processor stored at ``path``."""
    processor = spm.SentencePieceProcessor()
    processor.load(str(path))
    return processor


def han_characters(lines: Iterable[str], at_least: int) -> str:
    """Return the Han characters that occur ``at_least`` times in ``lines``, commonest first."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(line)
    return "".join(
        character
        for character, count in counts.most_common()
        if "\u3400" <= character <= "\u9fff" and count >= at_least
    )
