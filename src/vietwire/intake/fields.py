"""The fields of a story: their names, the values they take, and YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

from vietwire.intake.outcome import Raw, Value, unreadable, wrong_value
from vietwire.intake.restricted import channel_is_restricted, fold
from vietwire.story import Channel, MediaKind

#: Viet Nam's time; times without a zone are read in it. No summer time since before 1975.
HANOI = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

#: Other names a field goes by, in the folded form of `fold` with "_" for a space.
_ALIASES = {
    "headline": ("title", "tit", "tieu_de", "dau_de"),
    "standfirst": ("sapo", "lead", "chapeau", "summary", "description", "tom_tat"),
    "body": ("text", "noi_dung"),
    "slug": ("slugline", "tit_dan"),
    "keywords": ("keyword", "tags", "tu_khoa"),
    "event": ("su_kien",),
    "bureau": ("cqtt", "co_quan_thuong_tru", "phan_xa"),
    "byline": ("by", "author", "tac_gia", "phong_vien"),
    "dateline": ("located", "dia_danh"),
    "urgency": ("priority", "do_khan"),
    "embargo": ("embargoed", "cam_phat_truoc"),
    "channel": ("kenh",),
    "kind": ("media_kind", "type", "loai"),
    "source_id": ("id", "sourceid", "ma_tin"),
    "date": ("dated", "ngay"),
}
FIELD_NAMES = tuple(_ALIASES)
_CANONICAL = {alias: name for name, also in _ALIASES.items() for alias in (name, *also)}
#: Fields that are the translation's business or nobody's; known, and not used.
_IGNORED = frozenset(("language", "lang", "layout", "draft", "version"))

_URGENCIES = {
    "flash": 1, "tin nhanh": 1, "hoa toc": 1, "bulletin": 2, "thuong khan": 2, "urgent": 3,
    "khan": 3, "tin khan": 3, "normal": 4, "thuong": 4, "tin thuong": 4, "routine": 5,
    "low": 6, "background": 6,
}  # fmt: skip
_KINDS = {
    "text": MediaKind.TEXT, "van ban": MediaKind.TEXT, "tin": MediaKind.TEXT,
    "bai": MediaKind.TEXT, "article": MediaKind.TEXT, "photo": MediaKind.PHOTO,
    "picture": MediaKind.PHOTO, "image": MediaKind.PHOTO, "anh": MediaKind.PHOTO,
    "tv": MediaKind.TV, "video": MediaKind.TV, "truyen hinh": MediaKind.TV,
    "tin hinh": MediaKind.TV, "graphic": MediaKind.GRAPHIC, "do hoa": MediaKind.GRAPHIC,
    "tin do hoa": MediaKind.GRAPHIC, "infographic": MediaKind.GRAPHIC,
}  # fmt: skip
_PUBLISH = frozenset(("", "pb", "pho bien", "public", "publish", "publication", "tin pb"))
_ID = re.compile(r"[^\s\x00-\x1f\x7f]{1,200}")


def canonical(name: str) -> str | None:
    """The field a name stands for ("Tiêu đề" is headline), or None."""
    return _CANONICAL.get(re.sub(r"[\s-]+", "_", fold(name.strip())))


def put_named(raw: Raw, name: str, value: str, line: int = 0) -> None:
    """Set a field by any of its names; an unknown name becomes a note."""
    field = canonical(name)
    if field is not None:
        raw.put(field, value, line)
    elif name.strip().lower() not in _IGNORED:
        place = f" (line {line})" if line else ""
        raw.notes.append(f"unknown field {name.strip()[:60]!r}{place} is not used")


# -- values ----------------------------------------------------------------------------------


def channel_of(value: Value) -> Channel:
    """PB where nothing or publication is said. Anything unknown is refused, not guessed."""
    if channel_is_restricted(value.text):
        return Channel.REFERENCE
    if fold(value.text) in _PUBLISH:
        return Channel.PUBLISH
    raise _wrong("channel", value, "PB, or leave it out")


def kind_of(value: Value) -> MediaKind:
    try:
        return _KINDS[fold(value.text)]
    except KeyError:
        raise _wrong("kind", value, "text, photo, tv or graphic") from None


def urgency_of(value: Value) -> int:
    """1 (flash) to 9, or a word the wire uses."""
    word = fold(value.text)
    if word in _URGENCIES:
        return _URGENCIES[word]
    if re.fullmatch(r"[1-9](?:\.0+)?", word):
        return int(word[0])
    raise _wrong("urgency", value, "a whole number from 1 (flash) to 9, 4 is normal")


def source_id_of(value: Value) -> str:
    if not _ID.fullmatch(value.text):
        raise _wrong("source_id", value, "up to 200 characters without spaces")
    return value.text


def keywords_of(value: Value) -> tuple[str, ...]:
    """Split at commas, semicolons and line ends; in order, none twice."""
    words = (word.strip().strip("\"'") for word in re.split(r"[,;\n|]", value.text.strip("[]")))
    return tuple(dict.fromkeys(word for word in words if word))


def embargo_of(value: Value) -> datetime:
    """A day and time, in UTC. A day alone ends its embargo when that day begins in Ha Noi."""
    moment = parse_time(value.text)
    if moment is None:
        raise _wrong("embargo", value, "a day and time such as 2020-11-12T14:00+07:00")
    return moment.astimezone(UTC)


def date_of(value: Value) -> date:
    moment = parse_time(value.text)
    if moment is None:
        raise _wrong("date", value, "a day such as 2020-11-12")
    return moment.astimezone(HANOI).date()


def parse_time(text: str) -> datetime | None:
    """ISO 8601, "12/11/2020 14:00", "14h30 ngày 12/11/2020", or an RFC 822 date; None if none."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)
    except ValueError:
        pass
    day = re.search(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)", text)
    if day:
        clock = re.search(r"(?<![\d/.-])(\d{1,2})(?::|h|g| giờ ?)(\d{2})?(?![\d/])", text)
        hour, minute = (int(clock[1]), int(clock[2] or 0)) if clock else (0, 0)
        try:
            return datetime(int(day[3]), int(day[2]), int(day[1]), hour, minute, tzinfo=HANOI)
        except ValueError:
            return None
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _wrong(name: str, value: Value, wanted: str) -> Exception:
    place = f"line {value.line}: " if value.line else ""
    shown = value.text if len(value.text) <= 40 else value.text[:39] + "…"
    return wrong_value(f"{place}{name} cannot be {shown!r}; write {wanted}")


# -- front matter ------------------------------------------------------------------------------

_FENCE = re.compile(r"---[ \t]*")
_END_FENCE = re.compile(r"(?:---|\.\.\.)[ \t]*")
_LINE = re.compile(r"([^\W\d_][\w -]{0,30}?)[ \t]*:(?:[ \t]+(.*))?$")


def split_front_matter(text: str) -> tuple[dict[str, tuple[str, int]], str]:
    """The fields between ``---`` lines at the top, with their line numbers, and the rest.

    YAML, of which every value is read as the text that was written. A value that is not YAML
    because of a colon in it (a headline, most often) is read to the end of its line.

    :raises Fault: (UNREADABLE) when the block has no end, a field twice, or a line that is none.
    """
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None or not _FENCE.fullmatch(lines[first]):
        return {}, text
    following = next((line for line in lines[first + 1 :] if line.strip()), "")
    end = next((i for i in range(first + 1, len(lines)) if _END_FENCE.fullmatch(lines[i])), None)
    if not _LINE.match(following) and not following.lstrip().startswith("#"):
        head = lines[first + 1 : end] if end else []
        named = (_LINE.match(line) for line in head if all(map(str.strip, head)))
        if not any(found and canonical(found[1]) for found in named):
            return {}, text  # a rule across the page, not front matter
    if end is None:
        raise unreadable(f"line {first + 1}: front matter begins with --- but no --- ends it")
    fields = _read_yaml(lines[first + 1 : end], first + 2)
    # Keep the line count, so that later messages name the file's own lines.
    return fields, "\n".join([""] * (end + 1) + lines[end + 1 :])


def _read_yaml(lines: list[str], offset: int) -> dict[str, tuple[str, int]]:
    import yaml

    source = "\n".join(lines)
    fields: dict[str, tuple[str, int]] = {}
    try:
        if any(isinstance(t, yaml.AliasToken | yaml.AnchorToken) for t in yaml.scan(source)):
            raise unreadable(f"line {offset}: front matter may not use YAML anchors or aliases")
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return _read_lines(lines, offset)
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        return _read_lines(lines, offset)
    for key, value in node.value:
        line = offset + key.start_mark.line
        if not isinstance(key, yaml.ScalarNode):
            raise unreadable(f"line {line}: a field's name must be a word")
        if key.value in fields:
            raise unreadable(f"line {line}: field {key.value[:60]!r} stands twice")
        fields[key.value] = (_flat(value, line), line)
    return fields


def _flat(node: object, line: int) -> str:
    """A scalar as written, or a plain list joined by line ends."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        empty = node.tag.endswith(":null") and node.value in ("~", "null")
        return "" if empty else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return "\n".join(_flat(part, line) for part in node.value)
    raise unreadable(f"line {line}: a field's value must be a text or a list of texts")


def _read_lines(lines: list[str], offset: int) -> dict[str, tuple[str, int]]:
    fields: dict[str, tuple[str, int]] = {}
    name = ""
    for number, line in enumerate(lines, offset):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.match(line)
        if found:
            name = found[1]
            if name in fields:
                raise unreadable(f"line {number}: field {name!r} stands twice")
            fields[name] = ((found[2] or "").strip().strip("\"'"), number)
        elif name and (line[0] in " \t" or line.startswith("-")):
            indented = _LINE.match(line.strip())
            if indented and canonical(indented[1]):
                raise unreadable(
                    f"line {number}: field {indented[1]!r} is indented; begin it at the margin"
                )
            before, at = fields[name]
            part = line.strip().removeprefix("-").strip().strip("\"'")
            fields[name] = (f"{before}\n{part}".strip(), at)
        else:
            raise unreadable(f"line {number}: front matter wants lines such as 'slug: asean-37'")
    return fields


def put_all(raw: Raw, fields: Mapping[str, tuple[str, int]]) -> None:
    """Set every field of a front matter."""
    for name, (value, line) in fields.items():
        put_named(raw, name, value, line)
