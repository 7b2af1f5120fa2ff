"""Intake at work: from every source into the store, or aside with a reason."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from vietwire.intake import feed, files
from vietwire.intake.assemble import Setting, default_id
from vietwire.intake.events import Events
from vietwire.intake.fields import canonical
from vietwire.intake.form import raw_of_form
from vietwire.intake.outcome import (
    Fault,
    Outcome,
    Reading,
    Taken,
    refusal_of,
    wrong_value,
)
from vietwire.intake.reading import read_items, read_one
from vietwire.intake.restricted import is_bare_id, is_restricted, name_is_marked, restricted_id
from vietwire.settings import Settings
from vietwire.story import Refusal, RefusalReason, Story, VietwireError

_log = logging.getLogger(__name__)


class Added(Protocol):
    """What the store says of a story it was handed."""

    @property
    def story(self) -> Story: ...
    @property
    def outcome(self) -> str: ...


class StoryStore(Protocol):
    """The part of the store that intake needs."""

    def add_story(self, story: Story, *, origin: str = "", after: int | None = None) -> Added: ...
    def add_refusal(self, refusal: Refusal) -> None: ...
    def refusals(self, since: datetime | None = None) -> list[Refusal]: ...


class Intake:
    """Takes stories in. The ``take_`` methods never raise for one bad item.

    ``inbox`` is watched; beneath it lie, unless named, ``processed/`` (files that are in the
    store), ``refused/`` (files that are not, each with its ``.reason.json``) and ``restricted/``
    (held for the operator alone). ``settle_seconds`` is how long a file in the inbox must have
    been left alone before it is taken.
    """

    def __init__(
        self,
        store: StoryStore,
        inbox: Path,
        *,
        settings: Settings,
        clock: Callable[[], datetime],
        refused: Path | None = None,
        processed: Path | None = None,
        settle_seconds: float = 2.0,
    ) -> None:
        self.store = store
        self.inbox = inbox
        self.refused = refused or inbox / "refused"
        self.processed = processed or inbox / "processed"
        self.restricted = inbox / "restricted"
        self.settings = settings
        self.clock = clock
        self.settle_seconds = settle_seconds

    # -- sources -----------------------------------------------------------------------------

    def take_inbox(self) -> list[Taken]:
        """Take every finished file in the inbox and move it on: processed, refused or restricted.

        A crash between storing and moving is harmless: the file is read again, and the store
        knows the story.
        """
        if not self.inbox.is_dir():
            return []
        setting, trouble = self._setting()
        reserved = (self.refused, self.processed, self.restricted)
        found = list(files.walk(self.inbox, skip=reserved))
        taken: list[Taken] = list(trouble)
        for path in files.whole_files(found, self.settle_seconds):
            try:
                taken += self._take_from_inbox(path, setting)
            except Exception as error:
                taken.append(self._failed(_shown(path.name), error))
        return taken

    def take_paths(self, paths: Iterable[Path | str]) -> list[Taken]:
        """Take files, and folders with all that is in them; nothing is moved or changed.

        A file that is refused again for the same reason is reported but not recorded twice.
        """
        setting, taken = self._setting()
        for given in map(Path, paths):
            folder = given.is_dir() and not given.is_symlink()
            found = read_folder(given) if folder else [given]
            for path in found:
                origin = _shown(path.name)
                try:
                    below = _shown(str(path.relative_to(given))) if folder else origin
                    readings = self._read(path, origin, below, setting)
                    taken += self._keep(readings, origin, once=True)
                except Exception as error:
                    taken.append(self._failed(origin, error))
        return taken

    def take_form(
        self, fields: Mapping[str, str], *, origin: str = "form", after: int | None = None
    ) -> list[Taken]:
        """Take a story typed at the desk: ``headline``, ``body`` and any field of the front matter.

        ``after`` is the version that it corrects; it is FAILED where there is a newer one.
        A wrong value in a field is answered, not recorded: the form still holds the text.
        """
        setting, taken = self._setting()
        return taken + self._guard(origin, lambda: self._form(fields, origin, setting, after))

    def take_upload(
        self,
        name: str,
        data: bytes,
        fields: Mapping[str, str] | None = None,
        *,
        after: int | None = None,
    ) -> list[Taken]:
        """Take an uploaded file. ``fields`` fill in what the file does not say. With a source id
        among them the file corrects that story, and is taken only if that is all it does;
        ``after`` as for the form.

        The name serves to tell the format and to show; two uploads of one name and no source id
        are two stories, since nobody says that the second corrects the first.
        """
        setting, taken = self._setting(fields or {})
        name = _shown(name.replace("\\", "/").rpartition("/")[2])[-200:]
        return taken + self._guard(name, lambda: self._upload(name, data, setting, after))

    def take_feed(self, url: str, transport: feed.Transport | None = None) -> list[Taken]:
        """Take the entries of an RSS or Atom feed.

        Without a ``transport`` the feed is fetched over HTTP, and only if it changed since the
        last time all its entries were dealt with. A feed that cannot be had is one FAILED.
        """
        setting, taken = self._setting()
        return taken + self._guard(url, lambda: self._feed(url, transport, setting))

    # -- one item ----------------------------------------------------------------------------

    def _setting(self, defaults: Mapping[str, str] | None = None) -> tuple[Setting, list[Taken]]:
        """How to judge items now; a broken events file is reported and done without."""
        trouble: list[Taken] = []
        try:
            events = Events.load(self.settings.glossary / "events.toml")
        except (VietwireError, OSError) as error:
            events = Events()
            trouble.append(self._failed("events.toml", error))
        limit = self.settings.max_story_chars
        return Setting(self.clock(), limit, defaults or {}, events), trouble

    def _read(self, path: Path, origin: str, below: str, setting: Setting) -> list[Reading]:
        try:
            if files.is_hidden(path.name):
                raise Fault(RefusalReason.UNREADABLE, "hidden and unfinished files are not taken")
            data = files.read_file(path)
        except Fault as fault:
            if name_is_marked(below):
                return [self._restricted(os.fsencode(below), setting)]
            source_id = fault.source_id or default_id(origin, b"")
            refusal = refusal_of(fault, at=setting.received_at, source_id=source_id, origin=origin)
            return [Reading(refusal=refusal)]
        return read_items(data, name=origin, setting=setting, path=below)

    def _take_from_inbox(self, path: Path, setting: Setting) -> list[Taken]:
        origin = _shown(path.name)
        below = _shown(str(path.relative_to(self.inbox)))
        readings = self._read(path, origin, below, setting)
        refusals = [r.refusal for r in readings if r.refusal is not None]
        held = [r for r in refusals if r.reason is RefusalReason.RESTRICTED]
        if held:
            taken = self._keep(readings, origin)
            files.hold(path, self.restricted, held[0].source_id)
            return taken
        if len(refusals) == len(readings):
            # Aside first, so that the record can say where; a crash between leaves the file and
            # its reason in refused/.
            name = f"{files.stamp(setting.received_at)}-{files.safe_name(origin)}"
            kept = files.move_into(path, self.refused, name)
            return self._keep(readings, origin, kept=kept)
        taken = self._keep(readings, origin)
        if all(item.outcome is not Outcome.FAILED for item in taken):
            files.move_into(path, self.processed)
        return taken

    def _form(
        self, fields: Mapping[str, str], origin: str, setting: Setting, after: int | None
    ) -> list[Taken]:
        named = {canonical(name) or name: value for name, value in fields.items()}
        body = named.pop("body", "")
        head = "\n".join(f"{name}: {value}" for name, value in named.items())
        data = f"{head}\n\n{body}".encode("utf-8", "replace")
        if any(is_restricted(part.encode("utf-8", "replace")) for part in (head, body)):
            return self._keep([self._restricted(data, setting)], "")
        raw = raw_of_form(named, body)
        reading = read_one(raw, f"form-{_digest(data)}", origin, setting, data)
        if reading.refusal is not None and reading.is_field:
            return [Taken(origin, Outcome.REFUSED, "", 0, reading.refusal)]
        return self._keep([reading], origin, data=data, name="form.txt", after=after)

    def _upload(self, name: str, data: bytes, setting: Setting, after: int | None) -> list[Taken]:
        if len(data) > files.MAX_BYTES:
            message = f"the file is larger than {files.MAX_BYTES >> 20} MB; not read"
            fault = Fault(RefusalReason.TOO_LONG, message)
            if is_restricted(data, name):
                return self._keep([self._restricted(data, setting)], "")
            refusal = refusal_of(fault, at=setting.received_at, source_id="", origin=name)
            return self._keep([Reading(refusal=refusal)], name, data=data, name=name)
        fields = "\n".join(f"{key}: {value}" for key, value in setting.defaults.items())
        if is_restricted(fields.encode("utf-8", "replace")):
            return self._keep([self._restricted(data, setting)], "")
        stem = default_id(name, data)
        digest = _digest(data)
        source_id = stem if stem.endswith(digest) else f"{stem}-{digest}"
        readings = read_items(data, name=name, setting=setting, source_id=source_id)
        corrected = setting.defaults.get("source_id", "")
        amiss = _other_than(corrected, readings) if corrected else None
        if amiss is not None:
            held = [r for r in readings if _is_restricted(r)]
            if held:
                return self._keep(held, "")
            refusal = refusal_of(amiss, at=setting.received_at, source_id=corrected, origin=name)
            return [Taken(name, Outcome.REFUSED, "", 0, refusal)]
        return self._keep(readings, name, data=data, name=name, after=after)

    def _feed(self, url: str, transport: feed.Transport | None, setting: Setting) -> list[Taken]:
        memory = feed.Memory(self.inbox / ".feeds")
        validators: dict[str, str] = {}
        if transport is not None:
            body = transport(url)
        else:
            fetched = feed.fetch(url, memory.get(url))
            if fetched.body is None:
                return []
            body, validators = fetched.body, fetched.validators
        taken: list[Taken] = []
        for entry in feed.entries(body):
            if entry.restricted:
                reading = self._restricted(entry.data, setting, entry.source_id)
            else:
                reading = read_one(entry.raw, entry.source_id, url, setting, entry.data)
            taken += self._guard(
                url,
                lambda r=reading, e=entry: self._keep(  # type: ignore[misc]
                    [r], url, data=e.data, name="feed-entry.html", once=True
                ),
            )
        if transport is None and all(t.outcome is not Outcome.FAILED for t in taken):
            memory.put(url, validators)
        return taken

    def _restricted(self, data: bytes, setting: Setting, source_id: str = "") -> Reading:
        if not is_bare_id(source_id):
            source_id = restricted_id(data)
        fault = Fault(RefusalReason.RESTRICTED, "")
        refusal = refusal_of(fault, at=setting.received_at, source_id=source_id, origin="")
        return Reading(refusal=refusal)

    # -- keeping -----------------------------------------------------------------------------

    def _keep(
        self,
        readings: list[Reading],
        origin: str,
        *,
        kept: Path | None = None,
        data: bytes | None = None,
        name: str = "",
        once: bool = False,
        after: int | None = None,
    ) -> list[Taken]:
        """Store each story and record each refusal. ``data`` is what to put aside of an item that
        came without a file; ``once`` leaves out a refusal that is recorded already."""
        taken: list[Taken] = []
        if any(map(_is_restricted, readings)):
            data = None  # it holds the restricted item too
        for reading in readings:
            try:
                if reading.story is not None:
                    taken.append(self._add(reading.story, origin, reading.notes, after))
                elif reading.refusal is not None:
                    item = self._refuse(reading.refusal, kept, data, name, once)
                    kept = None if item.refusal and item.refusal.kept_as else kept
                    taken.append(item)
            except Exception as error:
                refusal = reading.refusal
                secret = refusal is not None and refusal.reason is RefusalReason.RESTRICTED
                taken.append(self._failed("" if secret else origin, error))
        return taken

    def _add(self, story: Story, origin: str, notes: tuple[str, ...], after: int | None) -> Taken:
        added = self.store.add_story(story, origin=origin, after=after)
        _log.info("%s: %s, version %d", story.source_id, added.outcome, added.story.version)
        return Taken(
            origin, Outcome(added.outcome), story.source_id, added.story.version, notes=notes
        )

    def _refuse(
        self, refusal: Refusal, kept: Path | None, data: bytes | None, name: str, once: bool
    ) -> Taken:
        restricted = refusal.reason is RefusalReason.RESTRICTED
        if once and any(_same(refusal, known) for known in self.store.refusals()):
            return Taken(
                refusal.origin, Outcome.REFUSED, refusal.source_id, 0, refusal,
                ("recorded before",),
            )  # fmt: skip
        if not restricted:
            if kept is None and data is not None:
                aside = f"{files.stamp(refusal.at)}-{files.safe_name(name)}"
                kept = files.write_aside(data, self.refused, aside)
            if kept is not None:
                refusal = Refusal(
                    refusal.reason, refusal.message, refusal.at, refusal.source_id,
                    refusal.origin, kept.name,
                )  # fmt: skip
                files.write_reason(kept, refusal)
        self.store.add_refusal(refusal)
        _log.info("%s: refused, %s", refusal.source_id, refusal.reason)
        return Taken(refusal.origin, Outcome.REFUSED, refusal.source_id, 0, refusal)

    def _guard(self, origin: str, work: Callable[[], list[Taken]]) -> list[Taken]:
        try:
            return work()
        except Exception as error:
            return [self._failed(origin, error)]

    def _failed(self, origin: str, error: Exception) -> Taken:
        """Something outside the item went wrong. An unknown error's text could quote the item, or
        name a file that must not be named, so only its kind is told."""
        said = str(error) if isinstance(error, VietwireError) else type(error).__name__
        _log.warning("intake failed: %s", said)
        return Taken(origin, Outcome.FAILED, notes=(said,))


def read_folder(folder: Path) -> list[Path]:
    """The files below a folder that could be stories, in order of name: nothing hidden or
    unfinished, no README, no link."""
    return [
        path
        for path in files.walk(folder)
        if not files.is_about(path.name) and not path.is_symlink()
    ]


def _other_than(source_id: str, readings: list[Reading]) -> Fault | None:
    """Why a file that should correct one story cannot: it holds several, or another one."""
    if len(readings) > 1:
        return wrong_value(
            f"the file holds {len(readings)} stories; to correct one, send a file of that one alone"
        )
    for story in (reading.story for reading in readings):
        if story is not None and story.source_id != source_id:
            return wrong_value(
                f"the file is of the story '{story.source_id}', not of '{source_id}'; "
                "nothing was changed"
            )
    return None


def _is_restricted(reading: Reading) -> bool:
    return reading.refusal is not None and reading.refusal.reason is RefusalReason.RESTRICTED


def _same(one: Refusal, other: Refusal) -> bool:
    if one.reason is RefusalReason.RESTRICTED:
        return other.reason is one.reason and other.source_id == one.source_id
    mine = (one.reason, one.source_id, one.origin, one.message)
    return mine == (other.reason, other.source_id, other.origin, other.message)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _shown(name: str) -> str:
    """A file name that can be stored and printed, whatever bytes it is made of."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "?" for c in text)
