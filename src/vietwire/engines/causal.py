"""Causal language models that translate when prompted, with the terms in the prompt."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vietwire.engines.base import (
    Candidate,
    ModelCorrupt,
    Request,
    SegmentEngine,
    TermHint,
    rank,
    vietwire_version,
)
from vietwire.engines.decoding import Decoding, loops
from vietwire.engines.steering import code_switched, neutral
from vietwire.engines.torch_network import load_model, quiet
from vietwire.story import Signature


@dataclass(frozen=True, slots=True)
class Prompt:
    """The prompt of a model, as its card gives it.

    ``text`` holds ``{language}`` and ``{text}``; ``terms`` is put before it where there are hints
    and holds ``{terms}``, the lines made from ``term`` with ``{phrase}`` and ``{rendering}``.
    ``languages`` are the names of the languages in the language of the prompt.
    """

    text: str
    terms: str
    term: str
    languages: Mapping[str, str]

    def write(self, text: str, hints: Sequence[TermHint], target: str) -> str:
        """Return the user message for a segment."""
        body = self.text.replace("{language}", self.languages[target])
        if hints:
            lines = "\n".join(
                self.term.replace("{phrase}", text[h.start : h.end]).replace(
                    "{rendering}", h.rendering
                )
                for h in hints
            )
            body = self.terms.replace("{terms}", lines) + body
        # Last, so that nothing in the text is taken for a place holder.
        return body.replace("{text}", neutral(text))


class CausalEngine(SegmentEngine):
    """A chat model asked for one segment at a time, decoded greedily or with beams."""

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        prompt: Prompt,
        languages: frozenset[str],
        max_source_tokens: int,
        identity: Signature,
        beam: int = 1,
        threads: int = 0,
    ) -> None:
        """Load tokeniser and weights.

        :raises ModelCorrupt: they cannot be read, or the tokeniser has no chat template.
        """
        from transformers import AutoTokenizer

        self.name = name
        self.languages = languages
        self.max_source_tokens = max_source_tokens
        self.decoding = Decoding(beam=beam, repetition_penalty=1.05, length_factor=3)
        self._prompt = prompt
        self._identity = identity
        self._lock = threading.Lock()
        try:
            with quiet():
                self._tokenizer: Any = AutoTokenizer.from_pretrained(
                    str(folder), local_files_only=True
                )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise ModelCorrupt(f"the tokeniser in {folder} cannot be read: {error}") from error
        if not getattr(self._tokenizer, "chat_template", None):
            raise ModelCorrupt(f"the tokeniser in {folder} has no chat template")
        import torch

        if threads:
            torch.set_num_threads(threads)
        self._model: Any = load_model(folder, "AutoModelForCausalLM")

    def signature(self, termbase_version: str) -> Signature:
        """Return what identifies this engine's output."""
        return replace(
            self._identity,
            decoding=f"{self.decoding},in{self.max_source_tokens},hints-prompt",
            termbase=termbase_version,
            vietwire=vietwire_version(),
        )

    def close(self) -> None:
        """Forget the weights."""
        super().close()
        self._model = None

    def count_tokens(self, text: str, hints: Sequence[TermHint], target: str) -> int:
        """Return the tokens of the segment and its terms; the rest of the prompt is constant."""
        lines = "\n".join(f"{text[h.start : h.end]} {h.rendering}" for h in hints)
        return len(self._tokenizer(f"{text}\n{lines}", add_special_tokens=False)["input_ids"])

    def count_output(self, texts: Sequence[str], target: str) -> int:
        """Return the tokens of ``texts``, ends of answer included."""
        rows = self._tokenizer(list(texts), add_special_tokens=False)["input_ids"] if texts else []
        return sum(len(row) + 1 for row in rows)

    def decode(
        self, parts: Sequence[Request], target: str, candidates: int, strength: int
    ) -> list[list[Candidate]]:
        """See :class:`SegmentEngine`."""
        beam = self.decoding.beam if strength <= 0 else max(4, self.decoding.beam)
        count = candidates if strength <= 0 else max(candidates, beam)
        out = []
        for part in parts:
            message = self._prompt.write(part.text, part.hints, target)
            pool = self._ask(message, part, target, max(beam, count), count)
            if strength >= 2 and part.hints:
                # The rendering is also put into the text itself.
                switched = code_switched(part.text, part.hints, target)
                message = self._prompt.write(switched, (), target)
                pool += self._ask(message, part, target, beam, 2)
            out.append(rank(pool, part.hints, by_terms=strength > 0, limit=candidates))
        return out

    def _ask(
        self, message: str, part: Request, target: str, beam: int, count: int
    ) -> list[Candidate]:
        import torch

        encoded = self._tokenizer.apply_chat_template(
            [{"role": "user", "content": message}],
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )
        ids = encoded["input_ids"]
        longest = self.decoding.longest(self.count_tokens(part.text, part.hints, target))
        with self._lock, torch.inference_mode(), quiet():
            result = self._model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
                num_beams=beam,
                num_return_sequences=count,
                repetition_penalty=self.decoding.repetition_penalty,
                max_new_tokens=longest,
                max_length=None,
                pad_token_id=self._pad(),
                return_dict_in_generate=True,
            )
            found = []
            for sequence in result.sequences:
                answer = sequence[ids.shape[1] :]
                text = self._tokenizer.decode(answer, skip_special_tokens=True).strip()
                found.append(Candidate(" ".join(text.split()), self._mean(sequence, ids.shape[1])))
        kept = [c for c in found if not loops(c.text.split())]
        return kept or found

    def _pad(self) -> int:
        pad = self._tokenizer.pad_token_id
        if pad is not None:
            return int(pad)
        end = self._model.generation_config.eos_token_id
        return int(end[0] if isinstance(end, list) else end or 0)

    def _mean(self, sequence: Any, start: int) -> float:
        """Return the mean log-probability of the answer's tokens, padding left out."""
        import torch

        pad = self._pad()
        length = int(sequence.shape[0])
        while length > start + 1 and int(sequence[length - 1]) == pad:
            length -= 1
        if length <= start:
            return 0.0
        sequence = sequence[:length]
        logits = self._model(input_ids=sequence[None, :-1]).logits[0, start - 1 :]
        wanted = sequence[start:]
        return float(torch.log_softmax(logits, -1).gather(1, wanted[:, None]).mean())
