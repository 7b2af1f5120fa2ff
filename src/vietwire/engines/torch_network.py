"""Sequence-to-sequence networks run by transformers, in 32-bit floats."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vietwire.engines.base import ModelCorrupt
from vietwire.engines.decoding import Decoding, Hypothesis, Tokens


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers' progress bars and advice off the terminal while loading."""
    from transformers.utils import logging

    bar, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bar:
            logging.enable_progress_bar()


def load_model(folder: Path, kind: str) -> Any:
    """Load a model of local files in 32-bit floats; ``kind`` names the transformers class.

    :raises ModelCorrupt: the files cannot be read.
    """
    import torch
    import transformers

    try:
        with quiet():
            model = getattr(transformers, kind).from_pretrained(
                str(folder), local_files_only=True, dtype=torch.float32
            )
    except Exception as error:  # transformers raises many kinds for unreadable files
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelCorrupt(f"{folder} cannot be loaded: {reason}") from error
    return model.eval()


class TorchNetwork:
    """A seq2seq model under transformers; calls from several threads wait for each other.

    Rows are decoded one by one, so that a batch cannot change what comes out; ``together`` > 1
    pads rows into batches instead, for measuring.
    """

    def __init__(
        self, folder: Path, tokens: Tokens, *, threads: int = 0, together: int = 1
    ) -> None:
        """Load the model in ``folder``; ``threads`` 0 leaves PyTorch's own number.

        :raises ModelCorrupt: the files cannot be read.
        """
        import torch

        if threads:
            torch.set_num_threads(threads)
        self.tokens = tokens
        self.together = together
        self._model: Any = load_model(folder, "AutoModelForSeq2SeqLM")
        config = self._model.config
        self._start = int(config.decoder_start_token_id)
        self._pad = int(config.pad_token_id)
        end = config.eos_token_id
        self._end = int(end[0] if isinstance(end, list) else end)
        self.positions = int(getattr(config, "max_position_embeddings", 0) or 512)
        self._lock = threading.Lock()

    def generate(
        self,
        rows: Sequence[Sequence[str]],
        target: str,
        decoding: Decoding,
        count: int = 1,
        prefixes: Sequence[Sequence[str]] | None = None,
    ) -> list[list[Hypothesis]]:
        """See :meth:`vietwire.engines.decoding.Network.generate`."""
        start = [self._start, *self.tokens.ids(self.tokens.start(target))]
        begins = [[*start, *self.tokens.ids(prefix)] for prefix in prefixes or [()] * len(rows)]
        out: list[list[Hypothesis]] = [[] for _ in rows]
        size = 1 if prefixes else self.together
        groups: dict[tuple[str, ...], list[int]] = {}
        for index, row in enumerate(rows):
            groups.setdefault(self.tokens.unwanted(row), []).append(index)
        with self._lock:
            for pieces, members in groups.items():
                unwanted = self.tokens.ids(pieces)
                for at in range(0, len(members), size):
                    part = members[at : at + size]
                    found = self._decode(
                        [self.tokens.ids(rows[i]) for i in part],
                        [begins[i] for i in part],
                        len(start),
                        decoding,
                        count,
                        unwanted,
                    )
                    for index, hypotheses in zip(part, found, strict=True):
                        out[index] = hypotheses
        return out

    def _decode(
        self,
        ids: list[list[int]],
        begins: list[list[int]],
        skip: int,
        decoding: Decoding,
        count: int,
        unwanted: Sequence[int],
    ) -> list[list[Hypothesis]]:
        import torch

        longest = max(map(len, ids))
        padded = [row + [self._pad] * (longest - len(row)) for row in ids]
        beams = max(decoding.beam, count, 2)
        with torch.inference_mode(), quiet():
            result = self._model.generate(
                input_ids=torch.tensor(padded),
                attention_mask=torch.tensor(
                    [[1] * len(row) + [0] * (longest - len(row)) for row in ids]
                ),
                decoder_input_ids=torch.tensor(begins),
                num_beams=beams,
                num_return_sequences=count,
                do_sample=False,
                early_stopping=False,
                length_penalty=decoding.length_penalty,
                repetition_penalty=decoding.repetition_penalty,
                no_repeat_ngram_size=decoding.no_repeat_ngram,
                max_new_tokens=min(decoding.longest(longest), self.positions - 1 - len(begins[0])),
                max_length=None,
                min_new_tokens=1,
                forced_bos_token_id=None,
                forced_eos_token_id=None,
                bad_words_ids=[[n] for n in (*unwanted, self._pad)],
                return_dict_in_generate=True,
                output_scores=True,
            )
        found: list[list[Hypothesis]] = [[] for _ in ids]
        for number, (sequence, score) in enumerate(
            zip(result.sequences.tolist(), result.sequences_scores.tolist(), strict=True)
        ):
            body = sequence[skip:]
            if self._end in body:
                body = body[: body.index(self._end)]
            body = [n for n in body if n != self._pad]
            mean = float(score) * max(1, len(body)) ** (decoding.length_penalty - 1)
            found[number // count].append(Hypothesis(tuple(self.tokens.pieces(body)), mean))
        return found

    def score(
        self, rows: Sequence[Sequence[str]], outputs: Sequence[Sequence[str]], target: str
    ) -> list[float]:
        """See :meth:`vietwire.engines.decoding.Network.score`."""
        import torch

        start = [self._start, *self.tokens.ids(self.tokens.start(target))]
        scores = []
        with self._lock, torch.inference_mode():
            for row, output in zip(rows, outputs, strict=True):
                wanted = [*self.tokens.ids(output), self._end]
                logits = self._model(
                    input_ids=torch.tensor([self.tokens.ids(row)]),
                    decoder_input_ids=torch.tensor([[*start, *wanted[:-1]]]),
                ).logits[0, len(start) - 1 :]
                chances = logits.log_softmax(-1).gather(1, torch.tensor(wanted)[:, None])
                scores.append(float(chances.mean()))
        return scores

    def close(self) -> None:
        """Forget the weights."""
        self._model = None
