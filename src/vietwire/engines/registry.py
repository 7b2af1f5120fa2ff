"""The registry of models: ``models/registry.toml``, read and checked as a whole.

Every entry pins what it is: hub id, commit, licence, languages, limits. What cannot be used is
refused when the registry is read, with the file, the entry and the field named.
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from vietwire.engines.base import EngineError, LicenceNotAccepted, UnknownEngine
from vietwire.story import TARGET_LANGUAGES

FILE = "registry.toml"
KINDS = ("embedded", "seq2seq", "causal", "pivot", "dummy")
FAMILIES = ("marian", "nllb", "m2m100", "t5", "causal", "vietwire", "none")
RUNTIMES = ("ctranslate2", "transformers", "none")
_ID = re.compile(r"[a-z0-9][a-z0-9.-]*")
_HUB = re.compile(r"[\w.-]+/[\w.-]+")
_REVISION = re.compile(r"[0-9a-f]{40}")
_LANGUAGES = {*TARGET_LANGUAGES, "vi"}


class RegistryInvalid(EngineError):
    """The registry has faults. ``faults`` lists them, one line each."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        super().__init__(f"{path}: {'; '.join(faults)}")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model.

    ``source`` is the language it reads; ``languages`` those it writes; ``tags`` the names it has
    for languages; ``files`` what is fetched from the hub; ``first`` and ``second`` the legs of a
    pivot; ``prompt`` the templates of a causal model; ``measured`` the scores that
    ``vietwire evaluate --record`` wrote. ``size_mb`` is megabytes (10^6 bytes) to download.
    """

    id: str
    kind: str
    licence: str
    languages: frozenset[str]
    title: str = ""
    hub: str = ""
    revision: str = ""
    family: str = "none"
    runtime: str = "none"
    commercial: bool = True
    source: str = "vi"
    tags: Mapping[str, str] = field(default_factory=dict)
    max_source_tokens: int = 256
    size_mb: int = 0
    files: tuple[str, ...] = ()
    first: str = ""
    second: Mapping[str, str] = field(default_factory=dict)
    prompt: Mapping[str, Any] = field(default_factory=dict)
    measured: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    @property
    def on_hub(self) -> bool:
        """Whether the model has to be pulled before it can be used."""
        return bool(self.hub)

    def check_licence(self, accepted: tuple[str, ...]) -> None:
        """Raise unless the licence allows a newsroom's use or the operator has acknowledged it.

        :raises LicenceNotAccepted: it does not; the message says what to set.
        """
        if not self.commercial and self.licence not in accepted:
            raise LicenceNotAccepted(
                f"model {self.id!r} is under {self.licence}, which forbids commercial use; if your "
                f"use is allowed, set VIETWIRE_ACCEPT_LICENCES={self.licence} (or accept_licences "
                "in vietwire.toml)"
            )


class Registry(Mapping[str, ModelEntry]):
    """The entries by id, in the order of the file."""

    def __init__(self, path: Path, entries: list[ModelEntry]) -> None:
        self.path = path
        self._entries = MappingProxyType({entry.id: entry for entry in entries})

    def __getitem__(self, name: str) -> ModelEntry:
        """Return an entry.

        :raises UnknownEngine: there is none of this name; the message lists what there is.
        """
        try:
            return self._entries[name]
        except KeyError:
            raise UnknownEngine(
                f"no model {name!r} in {self.path}; choose one of: {', '.join(self._entries)}"
            ) from None

    def __iter__(self) -> Any:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    @classmethod
    def load(cls, path: Path) -> Registry:
        """Read and check the registry.

        :raises RegistryInvalid: the file is missing or has faults, all of them listed.
        """
        try:
            table = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise RegistryInvalid(path, ["there is no registry; git checkout -- models"]) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise RegistryInvalid(path, [f"not valid TOML: {error}"]) from error
        faults: list[str] = [f"unknown table {name!r}" for name in table if name != "model"]
        rows = table.get("model", [])
        entries = []
        for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
            entry, wrong = _entry(row, number)
            faults += wrong
            if entry:
                entries.append(entry)
        faults += _between(entries)
        if not entries and not faults:
            faults.append("no [[model]] in it")
        if faults:
            raise RegistryInvalid(path, faults)
        return cls(path, entries)


_KINDS_OF_FIELDS: dict[str, type] = {
    "id": str,
    "kind": str,
    "title": str,
    "licence": str,
    "languages": list,
    "hub": str,
    "revision": str,
    "family": str,
    "runtime": str,
    "commercial": bool,
    "source": str,
    "tags": dict,
    "max_source_tokens": int,
    "size_mb": int,
    "files": list,
    "first": str,
    "second": dict,
    "prompt": dict,
    "measured": dict,
    "note": str,
}
_NEEDED = ("id", "kind", "licence", "languages")
_WORDS = {str: "text", list: "a list", bool: "true or false", dict: "a table", int: "a number"}


def _entry(row: object, number: int) -> tuple[ModelEntry | None, list[str]]:
    """Return an entry or its faults."""
    if not isinstance(row, dict):
        return None, [f"model {number}: not a table"]
    where = f"model {row.get('id', number)!r}"
    faults = [f"{where}: unknown field {name!r}" for name in row if name not in _KINDS_OF_FIELDS]
    faults += [f"{where}: {name!r} is missing" for name in _NEEDED if name not in row]
    for name, kind in _KINDS_OF_FIELDS.items():
        if name in row and (
            not isinstance(row[name], kind) or (kind is int and isinstance(row[name], bool))
        ):
            faults.append(f"{where}: {name!r} has to be {_WORDS[kind]}, not {row[name]!r}")
    if faults:
        return None, faults
    values = dict(row)
    values["languages"] = frozenset(row["languages"])
    values["files"] = tuple(row.get("files", ()))
    entry = ModelEntry(**values)
    faults = [f"{where}: {fault}" for fault in _faults(entry)]
    return (None if faults else entry), faults


def _faults(entry: ModelEntry) -> list[str]:
    """Return what is wrong with the values of an entry."""
    faults = []
    if not _ID.fullmatch(entry.id):
        faults.append("'id' may hold small letters, digits, '.' and '-'")
    for name, value, allowed in (
        ("kind", entry.kind, KINDS),
        ("family", entry.family, FAMILIES),
        ("runtime", entry.runtime, RUNTIMES),
    ):
        if value not in allowed:
            faults.append(f"{name!r} {value!r} is not one of: {', '.join(allowed)}")
    strange = sorted({*entry.languages, entry.source, *entry.tags} - _LANGUAGES)
    if strange:
        faults.append(f"unknown language {', '.join(map(repr, strange))}")
    if not entry.languages:
        faults.append("'languages' is empty")
    if not entry.licence:
        faults.append("'licence' is empty")
    if not 8 <= entry.max_source_tokens <= 8192:
        faults.append(f"'max_source_tokens' {entry.max_source_tokens} is not between 8 and 8192")
    if entry.revision and not _REVISION.fullmatch(entry.revision):
        faults.append(f"'revision' {entry.revision!r} is not a commit of 40 hex digits")
    if entry.kind in ("seq2seq", "causal"):
        if not _HUB.fullmatch(entry.hub):
            faults.append(f"'hub' {entry.hub!r} is not of the form owner/name")
        if not entry.files:
            faults.append("'files' is empty")
        if any(Path(name).is_absolute() or ".." in Path(name).parts for name in entry.files):
            faults.append("'files' may not leave the model's folder")
        if entry.runtime == "none":
            faults.append("'runtime' has to be ctranslate2 or transformers")
    if entry.kind == "seq2seq" and entry.family not in ("marian", "nllb", "m2m100", "t5"):
        faults.append(f"'family' {entry.family!r} does not fit a seq2seq model")
    if entry.family in ("nllb", "m2m100", "t5"):
        missing = sorted(entry.languages - set(entry.tags))
        if missing:
            faults.append(f"'tags' lacks {', '.join(missing)}")
    if entry.kind == "causal":
        faults += _prompt_faults(entry)
        if entry.runtime == "ctranslate2":
            faults.append("a causal model runs under transformers")
    if entry.kind == "pivot":
        if not entry.first or not entry.second:
            faults.append("a pivot needs 'first' and 'second'")
        if entry.languages != {"en", *entry.second}:
            faults.append("'languages' has to be 'en' and the keys of 'second'")
    return faults


def _prompt_faults(entry: ModelEntry) -> list[str]:
    faults = []
    for name, holder in (("text", "{text}"), ("terms", "{terms}"), ("term", "{rendering}")):
        if holder not in str(entry.prompt.get(name, "")):
            faults.append(f"'prompt.{name}' has to hold {holder}")
    names = entry.prompt.get("languages")
    missing = sorted(entry.languages - set(names if isinstance(names, dict) else ()))
    if missing:
        faults.append(f"'prompt.languages' lacks {', '.join(missing)}")
    return faults


def _between(entries: list[ModelEntry]) -> list[str]:
    """Return faults between entries: doubled ids, legs that are not there or do not fit."""
    faults = []
    known = {entry.id: entry for entry in entries}
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            faults.append(f"model {entry.id!r}: the id occurs twice")
        seen.add(entry.id)
        if entry.kind != "pivot":
            continue
        legs = [(entry.first, "vi", "en")]
        legs += [(leg, "en", language) for language, leg in entry.second.items()]
        for leg, source, language in legs:
            other = known.get(leg)
            if other is None:
                faults.append(f"model {entry.id!r}: no model {leg!r} for a leg")
            elif other.source != source or language not in other.languages:
                faults.append(
                    f"model {entry.id!r}: {leg!r} does not go from {source} to {language}"
                )
    return faults


def list_models(models: Path) -> list[ModelEntry]:
    """Return the entries of the registry in ``models``, in the order of the file."""
    return list(Registry.load(models / FILE).values())


def card(models: Path, name: str) -> str:
    """Return the model card of an entry, as Markdown.

    :raises UnknownEngine: the registry does not know the model.
    :raises EngineError: there is no card.
    """
    entry = Registry.load(models / FILE)[name]
    path = models / "cards" / f"{entry.id}.md"
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise EngineError(f"{name!r} has no card at {path}") from None


def record_scores(
    path: Path,
    name: str,
    scores: Mapping[str, Mapping[str, float]],
    *,
    data: str,
    signature: str,
) -> None:
    """Write what was measured into an entry of the registry, in place of what stood there.

    Comments and layout of the file stay as they are; the file is replaced at once.

    :param path: the registry.
    :param scores: for each measure its figures by language.
    :param data: test set, number of lines and date.
    :param signature: the engine's, so that decoding is on record.
    :raises UnknownEngine: the registry does not know the model.
    """
    import json

    Registry.load(path)[name]
    lines = path.read_text("utf-8").splitlines()
    heads = [at for at, line in enumerate(lines) if line.strip() == "[[model]]"] + [len(lines)]
    for start, end in pairwise(heads):
        block = lines[start:end]
        if not any(re.match(rf'id\s*=\s*"{re.escape(name)}"\s*$', line) for line in block):
            continue
        kept: list[str] = []
        inside = False
        for line in block:
            if line.startswith("["):
                inside = line.strip() == "[model.measured]"
            if not inside:
                kept.append(line)
        while kept and not kept[-1].strip():
            kept.pop()
        figures = [
            f"{measure} = {{ {', '.join(f'{k} = {v:g}' for k, v in by_language.items())} }}"
            for measure, by_language in scores.items()
        ]
        kept += [
            "",
            "[model.measured]",
            f"data = {json.dumps(data, ensure_ascii=False)}",
            f"signature = {json.dumps(signature, ensure_ascii=False)}",
            *figures,
            "",
        ]
        lines[start:end] = kept
        break
    text = "\n".join(lines).rstrip("\n") + "\n"
    handle, scratch = tempfile.mkstemp(prefix=".registry-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    try:
        Registry.load(Path(scratch))
        Path(scratch).chmod(0o644)
        Path(scratch).replace(path)
    finally:
        Path(scratch).unlink(missing_ok=True)
