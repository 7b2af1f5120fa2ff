"""Subtitle files, SRT and WebVTT, and the timed lines of a television script."""

from __future__ import annotations

import html
import re

from vietwire.intake.fields import canonical, put_all, put_named, split_front_matter
from vietwire.intake.outcome import Raw, unreadable
from vietwire.story import Block, BlockKind

_STAMP = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"^\s*{_STAMP}\s*-->\s*{_STAMP}(?:\s.*)?$")
#: "[00:05 - 00:12] lời bình" in a script.
_SCRIPT = re.compile(rf"^\s*[\[(]\s*{_STAMP}\s*(?:-->|[-–—])\s*{_STAMP}\s*[\])]\s*:?\s*(.*)$")
_TAG = re.compile(r"</?(?:[bciuv]|font|lang|ruby|rt)\b[^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")


def _seconds(groups: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, part = groups
    milliseconds = int((part or "0").ljust(3, "0"))
    return (int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)) + (
        milliseconds / 1000
    )


def read(text: str) -> list[Raw]:
    """One item of cues. WebVTT's NOTE blocks may carry fields: ``NOTE headline: ...``.

    :raises Fault: (UNREADABLE) when there is no cue, or one ends before it begins.
    """
    raw = Raw()
    fields, body = split_front_matter(text)
    put_all(raw, fields)
    lines = body.lstrip("\ufeff").split("\n")
    head = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[head].startswith("WEBVTT"):
        raw.put("headline", lines[head].removeprefix("WEBVTT").strip(" \t-–—"))
        lines[head] = ""
    kept: list[str] = []
    aside = ""  # NOTE, STYLE or REGION until the next blank line
    for number, line in enumerate(lines, 1):
        word = line.split()[0] if line.strip() else ""
        if not word:
            aside = ""
        elif not aside and word in ("NOTE", "STYLE", "REGION"):
            aside, line = word, line.removeprefix("NOTE")
        if aside == "NOTE":
            name, colon, value = line.partition(":")
            if colon and value.strip() and canonical(name):
                put_named(raw, name, value, number)
        kept.append("" if aside else line)
    raw.put("kind", "tv")
    loose, raw.blocks = timed_lines("\n".join(kept))
    if not raw.blocks:
        raise unreadable("no cue with times such as 00:00:01,000 --> 00:00:04,000")
    words = [line for line in loose.split("\n") if line.strip() and not line.strip().isdigit()]
    if words:
        raw.notes.append(f"{len(words)} lines stand outside the cues and are not used")
    return [raw]


def timed_lines(text: str) -> tuple[str, list[Block]]:
    """Part a text into what has no times, and the cues: after a line of times, up to a blank line.

    Line breaks inside a cue are kept; cue numbers are dropped.
    """
    if "-->" not in text and not re.search(r"^\s*[\[(]\s*\d{1,2}:\d{2}", text, re.M):
        return text, []
    loose: list[str] = []
    cues: list[Block] = []
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        times, script = _TIMES.match(line), _SCRIPT.match(line)
        found = times or script
        if found:
            start, end = _seconds(found.groups()[:4]), _seconds(found.groups()[4:8])
            if end < start:
                raise unreadable(f"line {number}: the cue ends before it begins")
            if times and loose and loose[-1].strip().isdigit():
                loose[-1] = ""
            said = _plain(script[9]) if script else ""
            cues.append(Block(BlockKind.CUE, said, start=start, end=end))
            inside = True
        elif inside and line.strip():
            joined = f"{cues[-1].text}\n{_plain(line)}".strip()
            cues[-1] = Block(BlockKind.CUE, joined, start=cues[-1].start, end=cues[-1].end)
        else:
            inside = False
            loose.append(line)
    return "\n".join(loose), [cue for cue in cues if cue.text]


def _plain(line: str) -> str:
    return html.unescape(_TAG.sub("", line)).strip()
