"""Carry out what people decided: approved drafts go out, killed ones are withdrawn.

A release is recorded first, with its text, and only then written to its files: a draft that
somebody reopens in that moment leaves no file. Every round makes the files what the records say, so
that a run which was cut off is finished by the next one. A kill is written first and recorded
after: it cannot be taken back, so doing it again is harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from vietwire.release.feeds import write_feeds
from vietwire.release.files import file_stem, remove_partials, write_unless_same
from vietwire.release.forms import Notice, kill_ninjs, ninjs, plain_text, subtitles
from vietwire.release.item import Item, compose, item_uri
from vietwire.release.styles import Style, load_event_names, load_style
from vietwire.store import Conflict, DraftFilter, NotFound, Store
from vietwire.story import Draft, DraftStatus, ReleasedItem, VietwireError

if TYPE_CHECKING:
    from vietwire.termbase import TermBase


class ReleaseFailed(VietwireError):
    """Some items could not be written; the others went out. ``failures``: (draft id, reason)."""

    def __init__(self, failures: Sequence[tuple[int, str]], released: Sequence[ReleasedItem]):
        first, reason = failures[0]
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        super().__init__(f"draft {first} could not be released: {reason}{more}")
        self.failures = tuple(failures)
        self.released = tuple(released)


def release_approved(
    store: Store, outputs: Path, glossary: Path, clock: Callable[[], datetime]
) -> list[ReleasedItem]:
    """Write every approved draft whose embargo has passed to ``outputs/released/<language>/``.

    Kills are carried out first; then files are mended that an earlier run did not finish. Answers
    what went out now, urgent first. A later approved draft of a story that is out replaces it, in
    the same files, as the next version with a correction note.

    :raises ReleaseFailed: after trying all, when some could not be written.
    """
    press = _Press(store, outputs, glossary, clock)
    failures: list[tuple[int, str]] = []
    press.kill_all(failures)
    released = press.mend_all(failures)
    ready = DraftFilter(statuses=(DraftStatus.APPROVED,), releasable_at=clock(), limit=None)
    for row in store.drafts(ready):
        try:
            released.append(press.release(store.draft(row.id)))
        except (Conflict, NotFound):
            continue  # Somebody reopened, killed or released it in this very moment.
        except (OSError, VietwireError) as error:
            failures.append((row.id, str(error)))
    press.write_feeds()
    if failures:
        raise ReleaseFailed(failures, released)
    return released


def propagate_kills(
    store: Store, outputs: Path, glossary: Path, clock: Callable[[], datetime]
) -> list[ReleasedItem]:
    """Replace what went out from killed drafts by kill notices; answers what was withdrawn.

    :raises ReleaseFailed: after trying all, when some could not be written.
    """
    press = _Press(store, outputs, glossary, clock)
    failures: list[tuple[int, str]] = []
    killed = press.kill_all(failures)
    press.write_feeds()
    if failures:
        raise ReleaseFailed(failures, [])
    return killed


def preview(
    store: Store,
    outputs: Path,
    glossary: Path,
    clock: Callable[[], datetime],
    draft: Draft,
    reviewer: str,
) -> str:
    """The clean text of ``draft`` as it would go out now, approved by ``reviewer``."""
    press = _Press(store, outputs, glossary, clock)
    earlier = store.released(source_id=draft.source_id, language=draft.language)
    return plain_text(press.compose(draft, draft.approved_by or reviewer, earlier))


class _Press:
    """The state of one round of releases: styles and the term base are read once."""

    def __init__(
        self, store: Store, outputs: Path, glossary: Path, clock: Callable[[], datetime]
    ) -> None:
        self.store = store
        self.outputs = outputs
        self.glossary = glossary
        self.clock = clock
        self.style = lru_cache(lambda language: load_style(glossary, language))
        self.events = lru_cache(lambda language: load_event_names(glossary, language))

    def compose(self, draft: Draft, reviewer: str, earlier: Sequence[ReleasedItem]) -> Item:
        """The item as it goes out now; ``earlier`` are those of its story and language so far."""
        now = self.clock()
        story = self.store.story(draft.source_id, draft.story_version)
        style: Style = self.style(draft.language)
        return compose(
            draft,
            story,
            style,
            version=_next_version(earlier),
            created=now,
            first_created=min((e.released_at for e in earlier), default=now),
            reviewer=self._person(reviewer),
            event=self.events(draft.language).get(story.event, story.event),
            rendering_of=lambda name: self._rendering(name, style, story.day),
        )

    def release(self, draft: Draft) -> ReleasedItem:
        earlier = self.store.released(source_id=draft.source_id, language=draft.language)
        item = self.compose(draft, draft.approved_by or "", earlier)
        stem = _stem_of(earlier) or (
            f"released/{draft.language}/"
            + file_stem(item.story.day, draft.slug, draft.source_id, draft.language)
        )
        forms = {".json": ninjs(item), ".txt": plain_text(item), ".srt": subtitles(item)}
        texts = {f"{stem}{suffix}": text for suffix, text in forms.items() if text}
        done = ReleasedItem(
            draft.id,
            draft.source_id,
            draft.story_version,
            draft.language,
            item.created,
            tuple(texts),
            item_version=item.version,
        )
        self.store.record_release(done, revision=draft.revision, texts=texts)
        self._write(texts)
        return done

    def mend_all(self, failures: list[tuple[int, str]]) -> list[ReleasedItem]:
        """Make all files what their records say; answers the live items whose files were not."""
        remove_partials(self.outputs / "released")
        mended = []
        for item, texts in self.store.release_texts():
            try:
                if self._write(texts) and item.killed_at is None:
                    mended.append(item)
            except OSError as error:
                failures.append((item.draft_id, str(error)))
        return mended

    def _write(self, texts: Mapping[str, str]) -> bool:
        """Write one item's files, and remove those it no longer has; whether that changed any."""
        changed = False
        for name, text in texts.items():
            changed |= write_unless_same(self.outputs / name, text)
            subtitled = Path(name).with_suffix(".srt")
            if subtitled.as_posix() not in texts:
                (self.outputs / subtitled).unlink(missing_ok=True)
        return changed

    def kill_all(self, failures: list[tuple[int, str]]) -> list[ReleasedItem]:
        killed = []
        for item in self.store.kills_due():
            try:
                killed.append(self._kill(item))
            except (OSError, VietwireError) as error:
                failures.append((item.draft_id, str(error)))
        return killed

    def _kill(self, item: ReleasedItem) -> ReleasedItem:
        style: Style = self.style(item.language)
        notice = Notice(style, self.store.draft(item.draft_id).headline, self.clock())
        uri = item_uri(item.source_id, item.language)
        forms = {
            ".json": kill_ninjs(uri, item.item_version + 1, item.language, style, notice),
            ".txt": notice.plain(),
        }
        texts = {name: forms[end] for name in item.files if (end := Path(name).suffix) in forms}
        self._write(texts)
        return self.store.record_kill(item.draft_id, texts=texts)

    def write_feeds(self) -> None:
        if languages := {item.language for item in self.store.released()}:
            write_feeds(self.store, self.outputs, languages)

    def _person(self, name: str) -> str:
        try:
            return self.store.user(name).display_name or name
        except NotFound:
            return name

    def _rendering(self, name: str, style: Style, day: date) -> str | None:
        """A Vietnamese name or term, whole, in the language: by the style or the term base."""
        if name in style.places:
            return style.places[name]
        for hit in self._termbase.find(name, style.language, on=day):
            if (hit.start, hit.end) == (0, len(name)):
                return hit.rendering
        return None

    @cached_property
    def _termbase(self) -> TermBase:
        from vietwire.termbase import TermBase

        return TermBase.load(self.glossary)


def _next_version(earlier: Sequence[ReleasedItem]) -> int:
    """The version of the item to come. A kill notice counts as a version of its own."""
    if not earlier:
        return 1
    last = max(earlier, key=lambda item: item.item_version)
    return last.item_version + (1 if last.killed_at is None else 2)


def _stem_of(earlier: Sequence[ReleasedItem]) -> str | None:
    """Path and name, without ending, of the files that are out already."""
    names = [name for item in earlier for name in item.files if name.endswith(".json")]
    return names[0].removesuffix(".json") if names else None
