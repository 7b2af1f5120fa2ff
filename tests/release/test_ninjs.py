"""Released JSON has the shape of ninjs 3.0: known properties only, of the right types."""

from __future__ import annotations

import json
import re

import pytest

from vietwire.story import DraftStatus

DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TEXT = {"role": str, "contentType": str, "value": str}
#: The properties of IPTC's ninjs 3.0 that we use, with types, read from ninjs-schema_3.0.json
#: (3.0.1). Other names are not allowed there; "keywords", which older versions had, is one.
SHAPE = {
    "uri": re.compile(r"urn:newsml:[^\s]+"),
    "standard": {"name": str, "version": re.compile(r"3\.0"), "schema": re.compile(r"https://.+")},
    "type": re.compile(r"text|audio|video|picture|graphic|composite|component|event|planning"),
    "profile": str,
    "representationType": re.compile(r"full|partial"),
    "version": re.compile(r"\d+"),
    "firstCreated": DATE_TIME,
    "versionCreated": DATE_TIME,
    "contentCreated": DATE_TIME,
    "pubStatus": re.compile(r"usable|withheld|canceled"),
    "urgency": int,
    "language": re.compile(r"[a-z]{2}"),
    "slugline": str,
    "located": str,
    "by": str,
    "copyrightHolder": str,
    "edNote": str,
    "headlines": [TEXT],
    "descriptions": [TEXT],
    "bodies": [TEXT | {"charCount": int, "wordCount": int}],
    "subjects": [{"name": str, "rel": str, "uri": str}],
    "events": [{"name": str, "rel": str, "uri": str}],
    "infoSources": [{"name": str, "role": str, "uri": str}],
    "altIds": [{"role": str, "value": str}],
}


def faults(value, shape, path="item"):
    """Where a JSON value departs from a shape."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        found = [f"{path}.{name} is not known" for name in value.keys() - shape.keys()]
        for name in value.keys() & shape.keys():
            found += faults(value[name], shape[name], f"{path}.{name}")
        return found
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            return [f"{path} is no list, or empty"]
        return [f for i, each in enumerate(value) for f in faults(each, shape[0], f"{path}[{i}]")]
    if isinstance(shape, re.Pattern):
        ok = isinstance(value, str) and shape.fullmatch(value)
    else:
        ok = type(value) is shape and value != ""
    return [] if ok else [f"{path} is {value!r}"]


def test_the_shape_finds_faults():
    assert faults({"uri": "x", "bogus": 1, "headlines": [{"value": 3}]}, SHAPE) != []
    assert len(faults({"urgency": "4", "headlines": []}, SHAPE)) == 2


def test_a_released_item_has_the_shape_of_ninjs(desk, approved):
    desk.release()
    news = json.loads(desk.path(".json").read_text(encoding="utf-8"))
    assert faults(news, SHAPE) == []
    assert {"uri", "version", "versionCreated", "bodies", "headlines", "by", "located"} <= set(news)


def test_a_bare_item_has_it_too(desk, make_story, make_draft):
    story = desk.store.add_story(make_story("bare id/1", "Tít")).story
    desk.approve(desk.store.save_machine_draft(make_draft(story, "ru")))
    desk.release()
    news = json.loads(desk.path(".json", "ru").read_text(encoding="utf-8"))
    assert faults(news, SHAPE) == []
    assert news["uri"] == "urn:newsml:vietwire:bare%20id%2F1:ru"
    assert not {"slugline", "located", "by", "subjects", "events"} & set(news)


def test_a_kill_has_it_too(desk, approved):
    desk.release()
    desk.move(approved, DraftStatus.KILLED)
    desk.release()
    assert faults(json.loads(desk.path(".json").read_text(encoding="utf-8")), SHAPE) == []


@pytest.mark.parametrize("language", ["en", "fr", "es", "zh", "ru"])
def test_every_language_goes_out(desk, story, make_draft, language):
    desk.approve(desk.store.save_machine_draft(make_draft(story, language)))
    desk.release()
    news = json.loads(desk.path(".json", language).read_text(encoding="utf-8"))
    assert news["language"] == language
    assert news["headlines"][0]["value"] == f"[{language}] {story.headline}"
    assert f"[{language}] {story.blocks[2].text}" in news["bodies"][0]["value"]
