"""Tokenisers: vietwire's own SentencePiece networks, and whatever a hub model brings."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vietwire.engines.base import ModelCorrupt
from vietwire.engines.steering import MARKERS
from vietwire.story import SOURCE_LANGUAGE, TARGET_LANGUAGES

END = "</s>"


class OwnTokens:
    """The joint SentencePiece of a vietwire network: tag piece, pieces, end of sentence."""

    def __init__(self, model: Path) -> None:
        """Read the SentencePiece model.

        :raises ModelCorrupt: it is missing, unreadable or lacks the tags and markers.
        """
        import sentencepiece

        try:
            self._pieces: Any = sentencepiece.SentencePieceProcessor(model_file=str(model))
        except (OSError, RuntimeError) as error:
            raise ModelCorrupt(f"{model} is not a readable SentencePiece model") from error
        known = {
            self._pieces.id_to_piece(number) for number in range(self._pieces.get_piece_size())
        }
        self.languages = frozenset(code for code in TARGET_LANGUAGES if f">>{code}<<" in known)
        self.inline = all(f"▁{marker}" in known for marker in MARKERS)
        if not self.languages:
            raise ModelCorrupt(f"{model} has no language tags such as >>en<<")
        tags = [f">>{code}<<" for code in (*TARGET_LANGUAGES, SOURCE_LANGUAGE)]
        marks = [f"▁{marker}" for marker in MARKERS] + [f"▁<x{n}>" for n in range(8)]
        pieces = [f"<0x{byte:02X}>" for byte in range(0x100)]
        control = [*pieces[:0x20], pieces[0x7F]]
        self._never = tuple(piece for piece in (*tags, *marks, *control) if piece in known)
        self._bytes = frozenset(pieces) & known
        self._invented = (*self._never, *sorted(self._bytes - {*control}))

    def unwanted(self, row: Sequence[str]) -> tuple[str, ...]:
        return self._never if self._bytes.intersection(row) else self._invented

    def source(self, text: str, target: str) -> list[str]:
        text = unicodedata.normalize("NFC", text)
        return [f">>{target}<<", *self._pieces.encode(text, out_type=str), END]

    def start(self, target: str) -> list[str]:
        return []

    def target(self, text: str, target: str) -> list[str]:
        return list(self._pieces.encode(unicodedata.normalize("NFC", text), out_type=str))

    def text(self, tokens: Sequence[str]) -> str:
        return str(self._pieces.decode_pieces(list(tokens))).strip()

    def ids(self, tokens: Sequence[str]) -> list[int]:
        return [int(self._pieces.piece_to_id(token)) for token in tokens]

    def pieces(self, ids: Sequence[int]) -> list[str]:
        return [str(self._pieces.id_to_piece(number)) for number in ids]


class HubTokens:
    """The tokeniser that comes with a hub model, and how its family names languages.

    ``family`` is ``marian`` (tag before the text, none for one-way models), ``t5`` (the same, as
    MADLAD does it), ``nllb`` or ``m2m100`` (source language set, output starts with the target's
    token). ``tags`` maps vietwire's language codes to the model's.
    """

    def __init__(self, folder: Path, family: str, tags: Mapping[str, str]) -> None:
        """Load the tokeniser; ``tags[“vi”]`` names the source where the family needs it.

        :raises ModelCorrupt: it cannot be read.
        """
        import warnings

        from transformers import AutoTokenizer

        self.family = family
        self.tags = dict(tags)
        arguments: dict[str, Any] = {}
        if family in ("nllb", "m2m100"):
            arguments["src_lang"] = self.tags.get(SOURCE_LANGUAGE, SOURCE_LANGUAGE)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.tokenizer: Any = AutoTokenizer.from_pretrained(
                    str(folder), local_files_only=True, **arguments
                )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise ModelCorrupt(f"the tokeniser in {folder} cannot be read: {error}") from error
        known = self.tokenizer.get_vocab()
        special = [*self.tokenizer.all_special_tokens, *self.tags.values()]
        self._never = tuple(
            token
            for token in dict.fromkeys(special)
            if token in known and token != self.tokenizer.eos_token
        )

    def unwanted(self, row: Sequence[str]) -> tuple[str, ...]:
        return self._never

    def source(self, text: str, target: str) -> list[str]:
        text = unicodedata.normalize("NFC", text)
        tag = self.tags.get(target, "")
        if self.family in ("marian", "t5") and tag:
            text = f"{tag} {text}"
        ids = self.tokenizer(text, truncation=False, verbose=False)["input_ids"]
        return list(self.tokenizer.convert_ids_to_tokens(ids))

    def start(self, target: str) -> list[str]:
        if self.family == "nllb":
            return [self.tags[target]]
        if self.family == "m2m100":
            return [f"__{self.tags[target]}__"]
        return []

    def target(self, text: str, target: str) -> list[str]:
        if self.family == "marian":
            # The only family with another SentencePiece on the target side.
            ids = self.tokenizer(text_target=text, verbose=False)["input_ids"]
        else:
            ids = self.tokenizer(text, truncation=False, verbose=False)["input_ids"]
        special = {*self.tokenizer.all_special_tokens, *self._never}
        if self.family == "m2m100":
            special.add(f"__{self.tags[SOURCE_LANGUAGE]}__")
        return [t for t in self.tokenizer.convert_ids_to_tokens(ids) if t not in special]

    def text(self, tokens: Sequence[str]) -> str:
        ids = self.tokenizer.convert_tokens_to_ids(list(tokens))
        return str(
            self.tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        ).strip()

    def ids(self, tokens: Sequence[str]) -> list[int]:
        return list(self.tokenizer.convert_tokens_to_ids(list(tokens)))

    def pieces(self, ids: Sequence[int]) -> list[str]:
        return list(self.tokenizer.convert_ids_to_tokens(list(ids)))
