"""Run reports: what a batch did, for the terminal, for a file and for Prefect's page.

A report never holds a story's text, so it is safe wherever logs are.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vietwire.story import Draft

if TYPE_CHECKING:
    from rich.table import Table

#: How many of the slowest drafts a report names.
SLOWEST = 5


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft of a run. ``outcome``: drafted, unchanged or failed; ``seconds`` is its work."""

    source_id: str
    version: int
    language: str
    outcome: str
    slug: str = ""
    draft_id: int | None = None
    segments: int = 0
    terms: int = 0
    terms_obeyed: int = 0
    findings: dict[str, int] = field(default_factory=dict)
    block: int = 0
    warn: int = 0
    note: int = 0
    seconds: float = 0.0
    error: str = ""


def line_for(draft: Draft, outcome: str) -> DraftLine:
    """The report line of a saved draft."""
    from vietwire.translation import counts

    kinds = Counter(finding.check for finding in draft.all_findings)
    tally = counts(draft)
    return DraftLine(
        source_id=draft.source_id,
        version=draft.story_version,
        language=draft.language,
        outcome=outcome,
        slug=draft.slug,
        draft_id=draft.id,
        segments=tally["segments"],
        terms=tally["terms"],
        terms_obeyed=tally["terms_obeyed"],
        findings=dict(sorted(kinds.items())),
        block=tally["block"],
        warn=tally["warn"],
        note=tally["note"],
        seconds=draft.seconds,
    )


@dataclass(slots=True)
class RunReport:
    """What one run did: stories taken and refused, drafts made, what failed and what was slow."""

    kind: str
    started_at: datetime
    finished_at: datetime | None = None
    signature: str = ""
    taken: dict[str, int] = field(default_factory=dict)
    refusals: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: list[DraftLine] = field(default_factory=list)
    waiting_before: int = 0

    @property
    def drafted(self) -> list[DraftLine]:
        return [line for line in self.lines if line.outcome == "drafted"]

    @property
    def failed(self) -> list[DraftLine]:
        return [line for line in self.lines if line.outcome == "failed"]

    @property
    def findings_by_check(self) -> dict[str, int]:
        """How many findings of each check all drafts of the run carry, commonest first."""
        total: Counter[str] = Counter()
        for line in self.lines:
            total.update(line.findings)
        return dict(total.most_common())

    def summary(self) -> str:
        """One line: what the run did."""
        seconds = (self.finished_at - self.started_at).total_seconds() if self.finished_at else 0.0
        stories = len({line.source_id for line in self.drafted})
        refused = f"{_number(len(self.refusals), 'story', 'stories')} refused"
        if not self.drafted and not self.failed:
            known = self.taken.get("same", 0)
            parts = ["Nothing new to translate"]
            if self.lines:
                parts.append(f"{_number(len(self.lines), 'draft', 'drafts')} unchanged")
            elif known:
                parts.append(f"{_number(known, 'story', 'stories')} known already")
            if self.refusals:
                parts.append(refused)
            return f"{', '.join(parts)} ({seconds:.0f} s)."
        parts = [
            f"{_number(len(self.drafted), 'draft', 'drafts')} of "
            f"{_number(stories, 'story', 'stories')}"
        ]
        if self.failed:
            parts.append(f"{len(self.failed)} failed")
        if self.refusals:
            parts.append(refused)
        return f"{', '.join(parts)} in {seconds:.0f} s."

    def refusal_lines(self) -> list[str]:
        """One line for each refusal: the file (of a restricted item its id), and the reason."""
        return [
            f"{r.get('origin') or r.get('source_id') or 'unnamed'}: {r['message']}"
            for r in self.refusals
        ]

    def to_dict(self) -> dict[str, Any]:
        data = asdict(self)
        data["started_at"] = self.started_at.isoformat()
        data["finished_at"] = self.finished_at.isoformat() if self.finished_at else None
        data["findings_by_check"] = self.findings_by_check
        data["summary"] = self.summary()
        return data

    def to_markdown(self) -> str:
        """The report as Markdown, for Prefect's artifact and for reading."""
        out = [f"# vietwire: {self.kind}", "", self.summary(), ""]
        if self.signature:
            out += [f"Engine: `{self.signature}`", ""]
        if self.lines:
            out += [
                "| story | language | outcome | segments | terms | block | warn | note | s |",
                "|---|---|---|--:|--:|--:|--:|--:|--:|",
            ]
            out += [
                f"| {_cell(line.source_id)} | {line.language} | {line.outcome} | {line.segments} "
                f"| {line.terms_obeyed}/{line.terms} | {line.block} | {line.warn} | {line.note} "
                f"| {line.seconds:.1f} |"
                for line in self.lines
            ]
            out.append("")
        if self.refusals:
            out += ["## Refused", ""]
            out += [f"- {_cell(line)}" for line in self.refusal_lines()]
            out.append("")
        if self.notes:
            out += ["## Notes", "", *(f"- {_cell(note)}" for note in self.notes), ""]
        if self.failed:
            out += ["## Failed", ""]
            out += [f"- {_cell(f.source_id)} {f.language}: {_cell(f.error)}" for f in self.failed]
            out.append("")
        slowest = sorted(self.drafted, key=lambda line: -line.seconds)[:SLOWEST]
        if slowest:
            out += ["## Slowest", ""]
            out += [f"- {_cell(s.source_id)} {s.language}: {s.seconds:.1f} s" for s in slowest]
            out.append("")
        if self.findings_by_check:
            out += ["## Findings by check", ""]
            out += [f"- {name}: {count}" for name, count in self.findings_by_check.items()]
            out.append("")
        return "\n".join(out)

    def table(self) -> Table:
        """The report as the terminal's table: story by language."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        # Ids are there to be copied; eighty columns hold a usual one whole.
        table.add_column("story", overflow="fold", min_width=19, max_width=30)
        table.add_column("to", no_wrap=True)
        for name in ("segments", "terms", "block", "warn", "note", "seconds"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("", no_wrap=True)
        previous = None
        for line in self.lines:
            table.add_row(
                line.source_id if line.source_id != previous else "",
                line.language,
                str(line.segments),
                f"{line.terms_obeyed}/{line.terms}",
                str(line.block),
                str(line.warn),
                str(line.note),
                f"{line.seconds:.1f}",
                "" if line.outcome == "drafted" else line.outcome,
            )
            previous = line.source_id
        return table

    def write(self, folder: Path) -> Path:
        """Write JSON and Markdown side by side, atomically; returns the Markdown file.

        A report of the same kind and second, of another process too, is never overwritten.
        """
        folder.mkdir(parents=True, exist_ok=True)
        stem = _claimed(folder, f"{self.started_at:%Y%m%d-%H%M%S}-{self.kind}")
        data = json.dumps(self.to_dict(), ensure_ascii=False, indent=2)
        write_atomically(folder / f"{stem}.json", data + "\n")
        target = folder / f"{stem}.md"
        write_atomically(target, self.to_markdown())
        return target


def _claimed(folder: Path, stem: str) -> str:
    """``stem``, or the first of ``stem-2``, ``stem-3`` … whose JSON file nobody has made yet."""
    for number in count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        try:
            (folder / f"{name}.json").touch(exist_ok=False)
        except FileExistsError:
            continue
        return name
    raise AssertionError("unreachable")


def write_atomically(path: Path, content: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _cell(value: str) -> str:
    """Keep a value from outside from breaking Markdown's table or smuggling in markup."""
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("|", "\\|").replace("\n", " ").replace("`", "'")
