"""Files as they come from people: opened without trust, left until whole, put aside safely."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from vietwire.intake.outcome import Fault, unreadable
from vietwire.intake.restricted import fold, is_restricted, restricted_id
from vietwire.story import Refusal, RefusalReason

#: Bytes of the largest file that is read; a DOCX with pictures fits.
MAX_BYTES = 16 * 1024 * 1024
_MAX_DEPTH = 8
#: How a copier names a file it has not finished.
_UNFINISHED = (
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".filepart",
    ".crdownload",
    ".download",
    ".swp",
)
#: Files that explain a folder rather than belong to it.
_ABOUT = re.compile(r"(?:readme|licen[cs]e|changelog|notice)(?:\..*)?", re.I)


def read_file(path: Path) -> bytes:
    """The bytes of a plain file, following no link.

    :raises Fault: for a link, a folder, a device, a file that is too large or cannot be read.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0) | os.O_CLOEXEC
    try:
        if path.is_symlink():
            raise unreadable("it is a link to another place; send the file itself")
        descriptor = os.open(path, flags)
    except OSError as error:
        raise unreadable(f"it cannot be opened ({error.strerror})") from None
    with os.fdopen(descriptor, "rb") as handle:
        status = os.fstat(handle.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise unreadable("it is not a plain file")
        try:
            data = handle.read(MAX_BYTES + 1)
        except OSError as error:
            raise unreadable(f"it cannot be read ({error.strerror})") from None
    if len(data) > MAX_BYTES:
        if is_restricted(data, path.name):
            raise Fault(RefusalReason.RESTRICTED, "", source_id=restricted_id(data))
        megabytes = MAX_BYTES // (1024 * 1024)
        raise Fault(RefusalReason.TOO_LONG, f"the file is larger than {megabytes} MB; not read")
    return data


def is_hidden(name: str) -> bool:
    return name.startswith((".", "~")) or fold(name).endswith(_UNFINISHED)


def is_about(name: str) -> bool:
    return _ABOUT.fullmatch(name) is not None


def walk(folder: Path, skip: Sequence[Path] = (), depth: int = 0) -> Iterator[Path]:
    """Files and links below a folder, by name; nothing hidden, unfinished or in ``skip``.

    Links to folders are not followed: they come out as they are, and reading refuses them.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if is_hidden(entry.name) or path in skip:
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < _MAX_DEPTH:
                yield from walk(path, skip, depth + 1)
        else:
            yield path


def whole_files(paths: Sequence[Path], settle_seconds: float) -> list[Path]:
    """Those files that nobody is still writing.

    A file touched within ``settle_seconds`` is watched that long, all such files together, and
    left for the next time if its size or time of change moved.
    """
    before = {path: _state(path) for path in paths}
    now = time.time()
    young = [
        p for p, s in before.items() if s is not None and abs(now - s[1] / 1e9) < settle_seconds
    ]
    if young:
        time.sleep(settle_seconds)
    changed = {path for path in young if _state(path) != before[path]}
    return [path for path in paths if before[path] is not None and path not in changed]


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def safe_name(name: str) -> str:
    """A file name of plain letters, digits, dots and dashes, never hidden, never a path."""
    base = fold(re.split(r"[/\\]", name)[-1])
    return re.sub(r"[^a-z0-9._-]+", "-", base).strip(".-")[-120:] or "item"


def free_path(folder: Path, name: str) -> Path:
    """A path in the folder that nothing has yet: ``name``, else with a number before its ending."""
    path, number = folder / name, 1
    while path.exists() or path.is_symlink():
        number += 1
        path = folder / f"{Path(name).stem}.{number}{Path(name).suffix}"
    return path


def move_into(path: Path, folder: Path, name: str = "") -> Path:
    """Move a file into a folder under a free name and return where it is now."""
    folder.mkdir(parents=True, exist_ok=True)
    target = free_path(folder, name or path.name)
    try:
        path.rename(target)
    except OSError:
        shutil.move(path, target)
    return target


def write_aside(data: bytes, folder: Path, name: str) -> Path:
    """Keep bytes that came without a file (upload, form, feed), complete or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    target = free_path(folder, name)
    unfinished = target.with_name(f".{target.name}.part")
    unfinished.write_bytes(data)
    unfinished.rename(target)
    return target


def write_reason(kept: Path, refusal: Refusal) -> None:
    """``NAME.reason.json`` beside what was put aside."""
    reason = {
        "reason": str(refusal.reason),
        "message": refusal.message,
        "at": refusal.at.isoformat(),
        "source_id": refusal.source_id,
        "origin": refusal.origin,
    }
    text = json.dumps(reason, ensure_ascii=False, indent=2)
    kept.with_name(f"{kept.name}.reason.json").write_text(f"{text}\n", encoding="utf-8")


def hold(path: Path, folder: Path, source_id: str) -> Path:
    """Put a restricted file where only the operator's account can look, under its id alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    target = move_into(path, folder, f"{safe_name(source_id)}.held")
    if not target.is_symlink():
        target.chmod(0o600)
    return target


def stamp(moment: datetime) -> str:
    """A time for file names, in UTC."""
    return moment.strftime("%Y%m%dT%H%M%S")
