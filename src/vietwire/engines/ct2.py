"""Networks in CTranslate2's int8 form: loading, exact batching, one-time conversion.

Batching must not change what comes out. Matrix products in int8 are exact, but attention is in
floating point, and padding a row to its neighbours' length changes its last bits; an activation
that then rounds to another int8 step changes the output. So rows are padded to the next multiple
of eight of their *own* length, whoever their neighbours are: only rows of one such length share a
batch, and where none of them has the full length a filler row gives it.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import json
import os
import shutil
import tempfile
import threading
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vietwire.engines.base import EngineError, ModelCorrupt, ModelMissing
from vietwire.engines.decoding import Decoding, Hypothesis, Tokens, rounded

#: Rows decoded together; small enough that every core gets some of a story.
ROWS = 8
#: After so many calls the C library is asked to give memory back. Batches of all shapes leave holes
#: that it would keep: a night of two thousand stories then grows by a tenth.
CALLS_A_TRIM = 100


class Ct2Network:
    """A CTranslate2 model on the CPU, safe to use from several threads."""

    def __init__(
        self, folder: Path, tokens: Tokens, *, threads: int = 0, positions: int = 512
    ) -> None:
        """Load the model in ``folder``; ``threads`` 0 means all cores.

        ``positions`` is the longest sequence the network can hold, 0 where there is no such limit.

        :raises ModelMissing: there is no model.
        :raises ModelCorrupt: CTranslate2 cannot read it.
        """
        if not (folder / "model.bin").is_file():
            raise ModelMissing(f"no CTranslate2 model in {folder}")
        import ctranslate2

        self.tokens = tokens
        self.positions = positions
        try:
            self._translator: Any = ctranslate2.Translator(
                str(folder),
                device="cpu",
                compute_type="int8",
                inter_threads=threads or os.cpu_count() or 1,
                intra_threads=1,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelCorrupt(f"{folder} cannot be loaded: {error}") from error
        self.compute_type = str(self._translator.compute_type)
        self._vocabulary = _vocabulary(folder)
        self._calls = itertools.count(1)

    def generate(
        self,
        rows: Sequence[Sequence[str]],
        target: str,
        decoding: Decoding,
        count: int = 1,
        prefixes: Sequence[Sequence[str]] | None = None,
    ) -> list[list[Hypothesis]]:
        """See :meth:`vietwire.engines.decoding.Network.generate`."""
        start = self.tokens.start(target)
        begins = [[*start, *prefix] for prefix in prefixes or [()] * len(rows)]
        # Rows share a batch only if every shape in it is the row's own: length and prefix; and if
        # the same pieces are unwanted.
        groups: dict[tuple[int, int, tuple[str, ...]], list[int]] = defaultdict(list)
        for index, (row, begin) in enumerate(zip(rows, begins, strict=True)):
            groups[rounded(len(row)), len(begin), self.tokens.unwanted(row)].append(index)
        waiting = []
        for (length, prefix_length, pieces), members in sorted(groups.items(), reverse=True):
            unwanted = [[piece] for piece in pieces if piece in self._vocabulary]
            for at in range(0, len(members), ROWS):
                part = members[at : at + ROWS]
                batch = [list(rows[i]) for i in part]
                prefix = [begins[i] for i in part]
                if max(map(len, batch)) < length:
                    batch.append(_filler(max(batch, key=len), length))
                    prefix.append(prefix[0])
                results = self._translator.translate_batch(
                    batch,
                    target_prefix=prefix if prefix_length else None,
                    asynchronous=True,
                    beam_size=max(decoding.beam, count),
                    num_hypotheses=count,
                    length_penalty=decoding.length_penalty,
                    repetition_penalty=decoding.repetition_penalty,
                    no_repeat_ngram_size=decoding.no_repeat_ngram,
                    max_input_length=0,
                    max_decoding_length=self._longest(decoding.longest(length) + prefix_length),
                    disable_unk=True,
                    suppress_sequences=unwanted or None,
                    return_scores=True,
                )
                waiting.append((part, results))
        if next(self._calls) % CALLS_A_TRIM == 0:
            _trim()
        out: list[list[Hypothesis]] = [[] for _ in rows]
        for part, results in waiting:
            for index, pending in zip(part, results, strict=False):
                result = pending.result()
                out[index] = [
                    Hypothesis(
                        tuple(tokens[len(start) :]),
                        float(score) * max(1, len(tokens)) ** (decoding.length_penalty - 1),
                    )
                    for tokens, score in zip(result.hypotheses, result.scores, strict=True)
                ]
        return out

    def _longest(self, wanted: int) -> int:
        return min(wanted, self.positions - 1) if self.positions else wanted

    def score(
        self,
        rows: Sequence[Sequence[str]],
        outputs: Sequence[Sequence[str]],
        target: str,
    ) -> list[float]:
        """See :meth:`vietwire.engines.decoding.Network.score`. Rows are scored one by one."""
        start = self.tokens.start(target)
        pending = [
            self._translator.score_batch(
                [list(row)], [[*start, *output]], max_input_length=0, asynchronous=True
            )[0]
            for row, output in zip(rows, outputs, strict=True)
        ]
        scores = []
        for one in pending:
            log_probs = one.result().log_probs[len(start) :]
            scores.append(sum(log_probs) / max(1, len(log_probs)))
        return scores

    def close(self) -> None:
        """Unload the weights."""
        self._translator.unload_model()


def _trim() -> None:
    """Give memory that is free back to the system, where the C library is glibc."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _vocabulary(folder: Path) -> frozenset[str]:
    """Return the output tokens a converted model knows."""
    for name in ("shared_vocabulary.json", "target_vocabulary.json"):
        if (folder / name).is_file():
            return frozenset(json.loads((folder / name).read_text("utf-8")))
    raise ModelCorrupt(f"{folder} has no vocabulary")


def _filler(row: Sequence[str], length: int) -> list[str]:
    """Return a row of ``length`` tokens like ``row``; what comes of it is thrown away."""
    body, end = list(row[:-1]), row[-1]
    return [*body, *[body[-1] if body else end] * (length - len(row)), end]


_converting = threading.Lock()


def convert(source: Path, output: Path) -> Path:
    """Convert a transformers model to CTranslate2 int8, once; atomic.

    :param source: folder as ``save_pretrained`` or the hub lays it out.
    :param output: folder to make; returned at once where it already holds a model.
    :raises EngineError: CTranslate2 does not know the architecture, or the files are not readable.
    """
    with _converting:
        if (output / "model.bin").is_file():
            return output
        import ctranslate2

        from vietwire.engines.torch_network import quiet

        output.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
        try:
            with quiet():
                ctranslate2.converters.TransformersConverter(str(source)).convert(
                    str(scratch), quantization="int8", force=True
                )
            scratch.chmod(0o755)
            shutil.rmtree(output, ignore_errors=True)
            try:
                scratch.rename(output)
            except OSError:
                # Another process was faster; its result is as good.
                if not (output / "model.bin").is_file():
                    raise
        except (ValueError, OSError, RuntimeError, KeyError) as error:
            raise EngineError(f"{source} cannot be converted to CTranslate2: {error}") from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return output
