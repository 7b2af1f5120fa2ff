"""The nouns of the newsroom: plain frozen values that every other module shares.

Nothing here does I/O or imports anything but the standard library.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum

SOURCE_LANGUAGE = "vi"
#: The languages the desk publishes in, in the order the desk names them (ISO 639-1).
TARGET_LANGUAGES: tuple[str, ...] = ("en", "fr", "es", "zh", "ru")
LANGUAGE_NAMES: dict[str, str] = {
    "vi": "Vietnamese",
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "zh": "Chinese",
    "ru": "Russian",
}


class VietwireError(Exception):
    """Anything that goes wrong in a way the user can act on. The message is one clear line."""


class UnknownLanguage(VietwireError):
    """A language code that vietwire does not publish in."""

    def __init__(self, code: str) -> None:
        known = ", ".join(TARGET_LANGUAGES)
        super().__init__(f"unknown language {code!r}; choose from: {known}")
        self.code = code


def check_language(code: str) -> str:
    """Return ``code`` if it is a target language.

    :raises UnknownLanguage: if it is not. A language is never guessed.
    """
    if code not in TARGET_LANGUAGES:
        raise UnknownLanguage(code)
    return code


class BlockKind(StrEnum):
    """What a block of a story is; layout survives translation block by block."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    CAPTION = "caption"
    LIST_ITEM = "list_item"
    TABLE_CELL = "table_cell"
    CUE = "cue"
    LABEL = "label"


class Channel(StrEnum):
    """PB is for publication; BCTK (reference report) must never leave the house."""

    PUBLISH = "PB"
    REFERENCE = "BCTK"


class MediaKind(StrEnum):
    TEXT = "text"
    PHOTO = "photo"
    TV = "tv"
    GRAPHIC = "graphic"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a story.

    ``level`` is the depth of a heading (1..) or of a list item (0 = outermost);
    ``marker`` is the list marker or heading number as written ("-", "2.1", "a)"), not translated;
    ``start`` and ``end`` are seconds, for subtitle cues only;
    ``row`` and ``column`` place a table cell.
    """

    kind: BlockKind
    text: str
    level: int = 0
    marker: str = ""
    start: float | None = None
    end: float | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One version of what came in. ``blocks`` starts with the headline block.

    ``urgency`` is IPTC's 1 (flash) to 9; 4 is normal. ``version`` is 0 until the store assigns one.
    ``dated`` is the day the story was written, where it says so (front matter ``date``).
    Times are timezone-aware.
    """

    source_id: str
    blocks: tuple[Block, ...]
    received_at: datetime
    slug: str = ""
    keywords: tuple[str, ...] = ()
    event: str = ""
    bureau: str = ""
    byline: str = ""
    dateline: str = ""
    urgency: int = 4
    embargo: datetime | None = None
    channel: Channel = Channel.PUBLISH
    media_kind: MediaKind = MediaKind.TEXT
    language: str = SOURCE_LANGUAGE
    version: int = 0
    dated: date | None = None

    @property
    def day(self) -> date:
        """The day the story speaks from, which decides what titles and terms were valid."""
        return self.dated or self.received_at.date()

    @property
    def headline(self) -> str:
        """The text of the headline block, or of the first block where there is none."""
        for block in self.blocks:
            if block.kind is BlockKind.HEADLINE:
                return block.text
        return self.blocks[0].text if self.blocks else ""

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over what a reader would see and what decides its handling.

        Arrival time and version do not count, so the same story arriving twice is the same story.
        """
        embargo = self.embargo.astimezone(UTC).isoformat() if self.embargo else None
        payload = [
            [
                [b.kind, b.text, b.level, b.marker, b.start, b.end, b.row, b.column]
                for b in self.blocks
            ],
            self.slug,
            list(self.keywords),
            self.event,
            self.bureau,
            self.byline,
            self.dateline,
            self.urgency,
            embargo,
            self.channel,
            self.media_kind,
            self.dated.isoformat() if self.dated else None,
        ]
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class Severity(StrEnum):
    """BLOCK stops approval unless an editor overrides it with a reason."""

    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reviewer should look at.

    ``span`` is (start, end) in characters of the segment's target text, ``source_span`` the same in
    its source; None where the finding is about the whole segment. ``message`` says what is wrong,
    ``action`` what to do about it. ``segment`` is the segment's index in the draft, None for the
    whole draft; checks leave it None and the pipeline fills it in.
    """

    severity: Severity
    check: str
    message: str
    action: str
    span: tuple[int, int] | None = None
    source_span: tuple[int, int] | None = None
    segment: int | None = None


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term found in a source segment, and whether its rendering stands in the target.

    ``concept`` is the term base's id; ``start``/``end`` are characters of the source segment;
    ``rendering`` is the approved rendering in the draft's language; ``obeyed`` None = not verified;
    ``target_span`` is where the rendering was found.
    """

    concept: str
    source_form: str
    start: int
    end: int
    rendering: str
    obeyed: bool | None = None
    target_span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ForbiddenHit:
    """A rendering that house style forbids, found in a target text.

    ``form`` is the forbidden form as the term base lists it, ``start``/``end`` the characters of
    the target text where it (or an inflected form of it) stands; ``rendering`` is the approved
    rendering to use instead ("" where the base gives none); ``concept`` is the term base's id.
    """

    form: str
    start: int
    end: int
    rendering: str
    concept: str


class DraftStatus(StrEnum):
    """Where a draft stands. The moves between them are in ``review.TRANSITIONS`` and only there."""

    MACHINE = "machine"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RELEASED = "released"
    REJECTED = "rejected"
    STALE = "stale"
    KILLED = "killed"


class Role(StrEnum):
    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. ``languages`` limits a reviewer; editors and admins work in all."""

    name: str
    role: Role
    languages: tuple[str, ...] = ()
    display_name: str = ""


#: Who the pipeline is in the audit log. It has no role at the desk and cannot approve.
PIPELINE = "pipeline"


@dataclass(frozen=True, slots=True)
class DraftSegment:
    """One segment of a draft: the unit of translation, checks, memory and edit statistics.

    ``block`` is the index of the block in the story, ``index`` the segment's index in the draft.
    ``separator`` is the source's white space between this segment and the next of its block.
    ``machine_text`` never changes; ``text`` is what a person may have edited.
    ``origin`` is "machine", "memory" (an approved segment reused), "copy" (nothing to translate).
    """

    index: int
    block: int
    source: str
    machine_text: str
    text: str
    separator: str = ""
    origin: str = "machine"
    score: float | None = None
    terms: tuple[TermHit, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """What made a machine draft. The same signature and source give the same text."""

    engine: str
    model: str
    revision: str
    quantisation: str
    decoding: str
    termbase: str
    vietwire: str

    def __str__(self) -> str:
        """One line in the manner of sacrebleu: ``engine:embedded|model:...|...``."""
        names = ("engine", "model", "revision", "quantisation", "decoding", "termbase", "vietwire")
        return "|".join(f"{name}:{getattr(self, name)}" for name in names)

    def stronger(self, strength: int) -> Signature:
        """This signature for a draft made at once by the engine's means of ``strength``."""
        mark = f",strength{strength}" if strength else ""
        return replace(self, decoding=f"{self.decoding}{mark}")


#: The strongest means an engine has; a draft made by them is not returned to the machine again.
STRONGEST = 2
_STRENGTH = re.compile(r",strength(\d+)(?=\|termbase:)")


@dataclass(frozen=True, slots=True)
class MachineDraft:
    """What translation hands to the store: one story version in one language."""

    source_id: str
    story_version: int
    language: str
    signature: Signature
    segments: tuple[DraftSegment, ...]
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as the store holds it. ``revision`` grows by one with every change (optimistic lock).

    ``number`` counts the machine drafts of this story version and language from 1;
    ``current`` is False for one that a later forced translation replaced (kept in history).
    ``returned``: rejected, and a new machine translation is asked for. ``outdated``: released, but
    a newer version of the story has come in since, so a correction may be due.
    """

    id: int
    source_id: str
    story_version: int
    language: str
    status: DraftStatus
    revision: int
    signature: str
    segments: tuple[DraftSegment, ...]
    findings: tuple[Finding, ...]
    headline: str
    slug: str
    event: str
    urgency: int
    created_at: datetime
    updated_at: datetime
    claimed_by: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    override_reason: str | None = None
    number: int = 1
    current: bool = True
    seconds: float = 0.0
    embargo: datetime | None = None
    returned: bool = False
    outdated: bool = False

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Findings of the segments, in order, then those of the whole draft."""
        return (*(f for s in self.segments for f in s.findings), *self.findings)

    @property
    def strength(self) -> int:
        """The means it was made by: one step further each time a person returned it."""
        found = _STRENGTH.search(self.signature)
        return int(found[1]) if found else 0

    def made_by(self, signature: Signature) -> bool:
        """Whether the same network made it in the same way, whatever strength and term base."""
        mine = _STRENGTH.sub("", self.signature).partition("|termbase:")[0]
        return mine == str(signature).partition("|termbase:")[0]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.all_findings if f.severity is Severity.BLOCK)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of the append-only audit log, written in the same transaction as the change."""

    at: datetime
    actor: str
    action: str
    draft_id: int | None = None
    source_id: str | None = None
    segment: int | None = None
    before: str | None = None
    after: str | None = None
    note: str = ""
    id: int = 0


class RefusalReason(StrEnum):
    NOT_VIETNAMESE = "not_vietnamese"
    CANNOT_TELL = "cannot_tell"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    ENCODING = "encoding"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A story that intake would not take, with a sentence the desk can read.

    ``kept_as`` names where the file was put aside ("" where nothing was kept). For a restricted
    item only ``source_id``, ``at`` and ``reason`` are ever filled in: no text, no file name.
    """

    reason: RefusalReason
    message: str
    at: datetime
    source_id: str = ""
    origin: str = ""
    kept_as: str = ""


@dataclass(frozen=True, slots=True)
class ReleasedItem:
    """A draft that went out, and the files it went out as (relative to the outputs folder)."""

    draft_id: int
    source_id: str
    story_version: int
    language: str
    released_at: datetime
    files: tuple[str, ...] = field(default=())
    killed_at: datetime | None = None
    item_version: int = 1
