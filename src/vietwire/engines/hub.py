"""Fetching models from a hub: pinned, verified, resumed, and used offline afterwards.

A model lies in ``models/<id>/files`` with ``models/<id>/manifest.json``, which is written last:
where it is there, the model is complete. An interrupted file is kept as ``….part`` and taken up
again where it ended. ``HF_ENDPOINT``, ``HF_TOKEN`` and ``HF_HUB_OFFLINE`` are honoured.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, BinaryIO

from vietwire.engines.base import EngineError, ModelCorrupt, ModelMissing
from vietwire.engines.registry import FILE, ModelEntry, Registry

MANIFEST = "manifest.json"
#: Called with the file's name, bytes done and bytes in all, over all files of the model.
Progress = Callable[[str, int, int], None]


class PullFailed(EngineError):
    """A model could not be fetched; what arrived is kept and taken up again next time."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on the hub: SHA-256 where it is a large file, else git's blob id (SHA-1)."""

    name: str
    size: int
    sha256: str
    blob: str

    def matches(self, path: Path) -> bool:
        """Whether a local file has the published size and checksum."""
        if not path.is_file() or path.stat().st_size != self.size:
            return False
        if self.sha256:
            with path.open("rb") as handle:
                return hashlib.file_digest(handle, "sha256").hexdigest() == self.sha256
        content = path.read_bytes()
        # Git's own object id; not used for security but as the hub publishes it.
        digest = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        return digest.hexdigest() == self.blob


def model_folder(models: Path, entry: ModelEntry) -> Path:
    """Return where the files of a pulled model lie."""
    return models / entry.id / "files"


def installed(models: Path, entry: ModelEntry) -> bool:
    """Whether a model is there, complete and of the pinned revision."""
    try:
        check_installed(models, entry)
    except EngineError:
        return False
    return True


def check_installed(models: Path, entry: ModelEntry) -> Path:
    """Return the folder of a pulled model after a quick check of revision and sizes.

    :raises ModelMissing: it was not pulled, or in another revision.
    :raises ModelCorrupt: a file is missing or has another size.
    """
    mend = f"run: vietwire models pull {entry.id}"
    manifest = models / entry.id / MANIFEST
    if not manifest.is_file():
        raise ModelMissing(f"model {entry.id!r} is not on this machine; {mend}")
    try:
        content = json.loads(manifest.read_text("utf-8"))
        files = {str(name): int(row["size"]) for name, row in content["files"].items()}
        revision = str(content["revision"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelCorrupt(f"{manifest} cannot be read; {mend}") from error
    if entry.revision and revision != entry.revision:
        raise ModelMissing(
            f"model {entry.id!r} is here as {revision[:12]}, the registry pins "
            f"{entry.revision[:12]}; {mend}"
        )
    folder = model_folder(models, entry)
    for name, size in files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise ModelCorrupt(f"{path} is missing or cut short; {mend}")
    return folder


def revision_of(models: Path, entry: ModelEntry) -> str:
    """Return the revision of a pulled model."""
    content = json.loads((models / entry.id / MANIFEST).read_text("utf-8"))
    return str(content["revision"])


def pull(
    models: Path,
    name: str,
    *,
    accepted: tuple[str, ...] = (),
    revision: str = "",
    progress: Progress | None = None,
) -> Path:
    """Fetch a model of the registry, or do nothing where it is complete.

    :param models: the project's ``models`` folder.
    :param accepted: licences the operator has acknowledged.
    :param revision: commit to take where the registry pins none; it cannot override a pin.
    :param progress: called as bytes arrive.
    :returns: the folder of the files.
    :raises UnknownEngine: the registry does not know the model.
    :raises LicenceNotAccepted: the licence has to be acknowledged first.
    :raises PullFailed: the hub cannot be reached, breaks off, or serves other files than it says.
    """
    entry = Registry.load(models / FILE)[name]
    if not entry.on_hub:
        raise EngineError(f"model {name!r} is part of vietwire; there is nothing to pull")
    entry.check_licence(accepted)
    wanted = _revision(entry, revision)
    if installed(models, entry) and revision_of(models, entry) == wanted:
        if _verified(models, entry):
            return model_folder(models, entry)
        (models / entry.id / MANIFEST).unlink()
    files = _listing(entry, wanted)
    folder = model_folder(models, entry)
    folder.mkdir(parents=True, exist_ok=True)
    total = sum(file.size for file in files)
    done = 0
    for file in files:
        path = folder / file.name
        if not file.matches(path):
            _fetch(entry, wanted, file, path, done, total, progress)
        done += file.size
        if progress:
            progress(file.name, done, total)
    manifest = {
        "id": entry.id,
        "hub": entry.hub,
        "revision": wanted,
        "licence": entry.licence,
        "files": {
            file.name: {"size": file.size, "sha256": _sha256(folder / file.name)} for file in files
        },
    }
    scratch = models / entry.id / f"{MANIFEST}.new"
    scratch.write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    scratch.replace(models / entry.id / MANIFEST)
    return folder


def _revision(entry: ModelEntry, asked: str) -> str:
    if entry.revision:
        if asked and asked != entry.revision:
            raise PullFailed(
                f"the registry pins {entry.id!r} to {entry.revision}; change the pin instead"
            )
        return entry.revision
    if len(asked) == 40 and set(asked) <= set("0123456789abcdef"):
        return asked
    raise PullFailed(
        f"model {entry.id!r} has no pinned revision: look up the commit (40 hex digits) of "
        f"{entry.hub} and write it to 'revision' in models/{FILE}"
    )


def _endpoint() -> str | None:
    return os.environ.get("HF_ENDPOINT") or None


def _listing(entry: ModelEntry, revision: str) -> list[RemoteFile]:
    """Return the files of a revision that the entry wants."""
    from huggingface_hub import HfApi

    try:
        found = HfApi(endpoint=_endpoint()).model_info(
            entry.hub, revision=revision, files_metadata=True, timeout=30
        )
    except Exception as error:  # the library has its own kinds and its transport's
        raise PullFailed(_reason(entry, "cannot be looked up", error)) from error
    if found.sha and found.sha != revision:
        raise PullFailed(f"the hub answers with {found.sha} where {entry.id!r} pins {revision}")
    files = []
    for sibling in found.siblings or []:
        if not any(fnmatch(sibling.rfilename, pattern) for pattern in entry.files):
            continue
        if Path(sibling.rfilename).is_absolute() or ".." in Path(sibling.rfilename).parts:
            raise PullFailed(f"the hub lists a file outside the model: {sibling.rfilename!r}")
        if sibling.size is None or not (sibling.lfs or sibling.blob_id):
            raise PullFailed(f"the hub gives no size and checksum for {sibling.rfilename!r}")
        lfs: Any = sibling.lfs
        files.append(
            RemoteFile(
                sibling.rfilename,
                int(sibling.size),
                str(lfs.sha256) if lfs else "",
                str(sibling.blob_id or ""),
            )
        )
    missing = [
        pattern
        for pattern in entry.files
        if "*" not in pattern and not any(file.name == pattern for file in files)
    ]
    if missing or not files:
        raise PullFailed(f"{entry.hub} has no {', '.join(missing) or 'such files'} at {revision}")
    return sorted(files, key=lambda file: file.size)


def _fetch(
    entry: ModelEntry,
    revision: str,
    file: RemoteFile,
    path: Path,
    before: int,
    total: int,
    progress: Progress | None,
) -> None:
    """Fetch one file, going on where an earlier try ended, and put it in place if it is right."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{(file.sha256 or file.blob)[:12]}.part")
    if part.is_file() and part.stat().st_size > file.size:
        part.unlink()
    try:
        with part.open("ab") as handle:
            have = handle.tell()
            if have < file.size:
                http_get(
                    hf_hub_url(entry.hub, file.name, revision=revision, endpoint=_endpoint()),
                    _Counted(handle, file.name, before, total, progress),  # type: ignore[arg-type]
                    resume_size=have,
                    expected_size=file.size,
                    headers={**build_hf_headers(), "Accept-Encoding": "identity"},
                    tqdm_class=_silent(),
                )
    except Exception as error:  # the library has its own kinds and its transport's
        raise PullFailed(
            _reason(entry, f"broke off in {file.name}", error)
            + "; what arrived is kept, pull again to go on"
        ) from error
    if not file.matches(part):
        part.unlink()
        raise PullFailed(
            f"{file.name} of {entry.hub} does not have its published checksum; nothing of it was "
            "kept, pull again"
        )
    part.replace(path)


class _Counted:
    """A file that tells how far it has come."""

    def __init__(
        self, handle: BinaryIO, name: str, before: int, total: int, progress: Progress | None
    ) -> None:
        self._handle, self._name, self._before = handle, name, before
        self._total, self._progress = total, progress

    def write(self, data: bytes) -> int:
        count = self._handle.write(data)
        if self._progress:
            self._progress(self._name, self._before + self._handle.tell(), self._total)
        return count

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handle, name)


def _silent() -> type[Any]:
    """Return a progress bar class that shows nothing: we report progress ourselves."""
    from tqdm import tqdm

    class Silent(tqdm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs.pop("name", None)
            kwargs["disable"] = True
            super().__init__(*args, **kwargs)

    return Silent


def _verified(models: Path, entry: ModelEntry) -> bool:
    """Whether every file of a pulled model still has its checksum."""
    content = json.loads((models / entry.id / MANIFEST).read_text("utf-8"))
    folder = model_folder(models, entry)
    return all(_sha256(folder / name) == row["sha256"] for name, row in content["files"].items())


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _reason(entry: ModelEntry, what: str, error: Exception) -> str:
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    hint = " (HF_HUB_OFFLINE is set)" if os.environ.get("HF_HUB_OFFLINE") else ""
    return f"{entry.hub} {what}: {reason}{hint}"
