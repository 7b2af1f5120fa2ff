"""What people approved goes out once, whole, in two forms; corrections and kills follow it."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from vietwire.release import ReleaseFailed, files, preview, propagate_kills
from vietwire.release import releasing as module
from vietwire.store import Conflict
from vietwire.story import Block, BlockKind, DraftStatus, Story

STEM = "2020-11-12-asean-2020-ttxvn-20201112-0101-en"


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def test_an_approved_draft_goes_out_as_text_and_ninjs(desk, approved, clock):
    [item] = desk.release()

    assert item.files == (f"released/en/{STEM}.json", f"released/en/{STEM}.txt")
    assert (item.item_version, item.released_at) == (1, clock())
    assert (desk.outputs / item.files[1]).read_text(encoding="utf-8") == (
        "ASEAN summit opens\n\n"
        "Hanoi (VNA) – It opened on <Thursday>.\n\n"
        "The East Sea is the topic.\n\n"
        "VNA staff\n\n"
        "--\n"
        "ASEAN 2020\n"
        "ASEAN 2020, COVID-19\n"
        "Machine-translated by test (tiny), reviewed by Lan Nguyen.\n"
    )
    news = read(desk.outputs / item.files[0])
    assert news["uri"] == "urn:newsml:vietwire:TTXVN-20201112-0101:en"
    assert (news["version"], news["pubStatus"], news["language"]) == ("1", "usable", "en")
    assert news["versionCreated"] == "2020-11-12T08:00:00Z"
    assert news["headlines"][0]["value"] == "ASEAN summit opens"
    assert news["slugline"] == "ASEAN 2020"
    assert news["subjects"] == [
        {"name": "ASEAN 2020", "rel": "about"},
        {"name": "COVID-19", "rel": "about"},
    ]
    assert (news["located"], news["by"]) == ("Hanoi", "VNA staff")
    assert news["events"][0]["name"] == "37th ASEAN Summit"
    assert "Machine-translated by test (tiny), reviewed by Lan Nguyen." in news["edNote"]
    assert {"name": "Lan Nguyen", "role": "review"} in news["infoSources"]
    html = next(b["value"] for b in news["bodies"] if b["contentType"] == "text/html")
    assert html == (
        "<p>Hanoi (VNA) – It opened on &lt;Thursday&gt;.</p><p>The East Sea is the topic.</p>"
    )


def test_the_release_is_recorded_and_happens_once(desk, approved):
    desk.release()
    draft = desk.store.draft(approved.id)
    assert draft.status is DraftStatus.RELEASED
    event = desk.store.audit(draft_id=draft.id)[0]
    assert (event.actor, event.action, event.after) == ("pipeline", "release", "released")
    before = {p: p.stat().st_mtime_ns for p in desk.outputs.rglob("*") if p.is_file()}

    assert desk.release() == []

    assert {p: p.stat().st_mtime_ns for p in desk.outputs.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    "status", [s for s in DraftStatus if s not in (DraftStatus.APPROVED, DraftStatus.RELEASED)]
)
def test_nothing_goes_out_without_an_approval(desk, approved, status):
    desk.move(approved, status)
    assert desk.release() == []
    assert not list(desk.outputs.rglob("*.txt"))


def test_an_embargo_holds_until_its_time(desk, make_story, make_draft, clock):
    embargo = clock() + timedelta(hours=3)
    story = desk.store.add_story(make_story("later", embargo=embargo)).story
    desk.approve(desk.store.save_machine_draft(make_draft(story)))
    clock.advance(hours=2, minutes=59)
    assert desk.release() == []
    clock.advance(minutes=1)
    assert [item.source_id for item in desk.release()] == ["later"]


def test_urgent_items_go_first(desk, make_story, make_draft):
    for name, urgency in (("slow", 5), ("flash", 1)):
        story = desk.store.add_story(make_story(name, urgency=urgency)).story
        desk.approve(desk.store.save_machine_draft(make_draft(story)))
    assert [item.source_id for item in desk.release()] == ["flash", "slow"]


def test_a_correction_replaces_the_files_as_the_next_version(desk, approved, clock):
    [first] = desk.release()
    clock.advance(hours=1)
    desk.approve(desk.move(approved, DraftStatus.IN_REVIEW), s0="ASEAN summit opens in Hanoi")

    [second] = desk.release()

    assert (second.item_version, second.files) == (2, first.files)
    news = read(desk.path(".json"))
    assert news["version"] == "2"
    assert news["firstCreated"] == "2020-11-12T08:00:00Z"
    assert news["versionCreated"] == "2020-11-12T09:00:00Z"
    assert news["headlines"][0]["value"] == "ASEAN summit opens in Hanoi"
    assert "Version 2, corrected 12 Nov 2020." in news["edNote"]
    assert "Version 2, corrected 12 Nov 2020." in desk.path(".txt").read_text(encoding="utf-8")
    assert [i.item_version for i in desk.store.released(live=True)] == [2]
    assert desk.store.audit(draft_id=approved.id)[0].action == "release_correction"


def test_a_new_story_version_flags_what_is_out_and_its_release_corrects_it(
    desk, story, approved, make_story, make_draft
):
    desk.release()
    added = desk.store.add_story(make_story(story.source_id, "Tiêu đề mới", slug="RCEP"))
    assert added.outdated == (approved.id,)
    assert desk.store.draft(approved.id).outdated is True
    assert desk.store.draft(approved.id).status is DraftStatus.RELEASED
    assert desk.store.audit(draft_id=approved.id)[0].action == "correction_due"
    texts = ["New headline", "One.", "Two."]
    draft = desk.store.save_machine_draft(make_draft(added.story, texts=texts))
    desk.approve(draft)

    [item] = desk.release()

    # The slug changed, but the files that are out are the ones replaced.
    assert (item.item_version, item.story_version) == (2, 2)
    assert item.files[0].endswith(f"{STEM}.json")
    assert read(desk.path(".json"))["headlines"][0]["value"] == "New headline"
    assert desk.store.draft(approved.id).outdated is False
    assert len(list(desk.outputs.rglob("*.txt"))) == 1


def test_a_forced_draft_of_a_released_story_is_a_candidate_for_its_correction(
    desk, story, approved, make_draft
):
    desk.release()
    new = desk.store.save_machine_draft(make_draft(story), force=True)
    assert desk.store.draft(approved.id).status is DraftStatus.RELEASED
    desk.approve(new)
    [item] = desk.release()
    assert (item.draft_id, item.item_version) == (new.id, 2)


def test_a_kill_replaces_what_went_out(desk, approved, clock):
    desk.release()
    clock.advance(hours=1)
    desk.move(approved, DraftStatus.KILLED)

    assert desk.release() == []

    text = desk.path(".txt").read_text(encoding="utf-8")
    assert text.startswith("KILL: ASEAN summit opens\n")
    assert "East Sea" not in text
    news = read(desk.path(".json"))
    assert (news["pubStatus"], news["version"]) == ("canceled", "2")
    assert news["uri"] == "urn:newsml:vietwire:TTXVN-20201112-0101:en"
    assert "East Sea" not in json.dumps(news, ensure_ascii=False)
    [item] = desk.store.released()
    assert item.killed_at == clock()
    assert desk.store.released(live=True) == []
    assert desk.store.audit(draft_id=approved.id)[0].action == "kill_released"
    assert propagate_kills(desk.store, desk.outputs, desk.glossary, clock) == []


def test_a_killed_draft_that_never_went_out_leaves_no_file(desk, approved):
    desk.move(approved, DraftStatus.KILLED)
    assert desk.release() == []
    assert not list(desk.outputs.rglob("*.json"))


def test_a_substitute_after_a_kill_has_a_version_of_its_own(
    desk, story, approved, make_story, make_draft
):
    desk.release()
    desk.move(approved, DraftStatus.KILLED)
    desk.release()
    new = desk.store.add_story(make_story(story.source_id, "Bản thay thế")).story
    desk.approve(desk.store.save_machine_draft(make_draft(new)))
    [item] = desk.release()
    assert item.item_version == 3
    news = read(desk.path(".json"))
    assert (news["version"], news["pubStatus"]) == ("3", "usable")


def held(desk) -> dict[str, str]:
    """Every released file with its text; the index and the feeds apart."""
    return {
        path.relative_to(desk.outputs).as_posix(): path.read_text(encoding="utf-8")
        for path in desk.outputs.rglob("*")
        if path.is_file() and path.name not in ("index.json", "feed.atom")
    }


def recorded(desk) -> dict[str, str]:
    return {name: text for _, texts in desk.store.release_texts() for name, text in texts.items()}


#: What a run may die before: the record, the first file, the second, the index, a feed.
CRASHES = ("record_release", ".json", ".txt", "index.json", "feed.atom")


class Killed(BaseException):
    """As kill -9 does, it leaves no time to tidy up."""


def die_before(step, desk, monkeypatch):
    """The next run dies at that step of its work."""

    def die(*args, **kwargs):
        raise Killed

    real = files.write_whole

    def write(path, text):
        if path.name.endswith(step):
            raise Killed
        real(path, text)

    with monkeypatch.context() as patch:
        if step.startswith("record_"):
            patch.setattr(desk.store, step, die)
        else:
            patch.setattr(files, "write_whole", write)
        with pytest.raises(Killed):
            desk.release()


@pytest.mark.parametrize("step", CRASHES)
def test_a_first_release_that_dies_anywhere_is_finished_by_the_next_run(
    desk, approved, monkeypatch, step
):
    die_before(step, desk, monkeypatch)
    assert set(held(desk)) <= set(recorded(desk)), "no file without its record"
    desk.release()
    assert held(desk) == recorded(desk)
    assert set(held(desk)) == {f"released/en/{STEM}.json", f"released/en/{STEM}.txt"}
    assert read(desk.path(".json"))["version"] == "1"
    [entry] = read(desk.outputs / "released" / "index.json")["items"]
    assert (entry["version"], entry["headline"]) == ("1", "ASEAN summit opens")
    assert "ASEAN summit opens" in desk.path("feed.atom").read_text(encoding="utf-8")
    assert desk.release() == []


@pytest.mark.parametrize("step", CRASHES)
def test_a_correction_that_dies_anywhere_is_finished_by_the_next_run(
    desk, approved, monkeypatch, step
):
    desk.release()
    desk.approve(desk.move(approved, DraftStatus.IN_REVIEW), s0="Corrected headline")
    die_before(step, desk, monkeypatch)
    desk.release()
    assert held(desk) == recorded(desk)
    assert read(desk.path(".json"))["version"] == "2"
    [entry] = read(desk.outputs / "released" / "index.json")["items"]
    assert (entry["version"], entry["headline"]) == ("2", "Corrected headline")
    assert "Corrected headline" in desk.path("feed.atom").read_text(encoding="utf-8")


@pytest.mark.parametrize("status", [DraftStatus.IN_REVIEW, DraftStatus.KILLED])
@pytest.mark.parametrize("step", CRASHES)
@pytest.mark.parametrize("out", [False, True], ids=["first release", "correction"])
def test_what_nobody_approves_after_a_crash_is_not_out(
    desk, approved, monkeypatch, step, status, out
):
    """The draft is reopened or killed before the next run: the files follow the records."""
    if out:
        desk.release()
        desk.approve(desk.move(approved, DraftStatus.IN_REVIEW), s0="Corrected headline")
    die_before(step, desk, monkeypatch)
    desk.move(approved, status)
    desk.release()
    assert held(desk) == recorded(desk)
    if status is DraftStatus.KILLED:
        assert desk.store.released(live=True) == []
        assert "East Sea" not in "".join(held(desk).values())
    else:
        [version] = {i.item_version for i in desk.store.released(live=True)} or {0}
        # Recorded before the crash, it is out until it is corrected or killed.
        assert version == (0 if step == "record_release" else 1) + out
        assert bool(held(desk)) is bool(version)


@pytest.mark.parametrize("step", ["record_kill", *CRASHES[1:]])
def test_a_kill_that_dies_anywhere_is_finished_by_the_next_run(desk, approved, monkeypatch, step):
    desk.release()
    desk.move(approved, DraftStatus.KILLED)
    die_before(step, desk, monkeypatch)
    desk.release()
    assert held(desk) == recorded(desk)
    assert desk.store.released()[0].killed_at is not None
    news = read(desk.path(".json"))
    assert (news["pubStatus"], news["version"]) == ("canceled", "2")
    assert "KILL:" in desk.path("feed.atom").read_text(encoding="utf-8")


def test_a_released_file_that_was_lost_or_changed_is_made_again(desk, approved):
    [item] = desk.release()
    before = held(desk)
    desk.path(".txt").write_text("somebody's own words")
    desk.path(".json").unlink()
    # Open again for a correction: what stands in the draft by now is not what is out.
    desk.move(approved, DraftStatus.IN_REVIEW)
    assert desk.release() == [item]
    assert held(desk) == before


def test_a_killed_writer_leaves_no_half_file_for_long(desk, approved):
    desk.release()
    old, young = (desk.outputs / "released" / "en" / f".{n}.txt.x.part" for n in ("old", "young"))
    old.write_text("half a")
    young.write_text("half a")
    os.utime(old, (0, 0))
    desk.release()
    assert (old.exists(), young.exists()) == (False, True)


def test_one_item_that_cannot_be_written_does_not_stop_the_others(
    desk, approved, make_story, make_draft
):
    story = desk.store.add_story(make_story("french")).story
    french = desk.approve(desk.store.save_machine_draft(make_draft(story, "fr")))
    (desk.glossary / "styles" / "fr.toml").unlink()

    with pytest.raises(ReleaseFailed, match=r"fr\.toml is missing") as caught:
        desk.release()

    assert [item.draft_id for item in caught.value.released] == [approved.id]
    assert [draft_id for draft_id, _ in caught.value.failures] == [french.id]
    assert desk.store.draft(french.id).status is DraftStatus.APPROVED


def test_a_write_that_fails_leaves_the_old_file_and_no_rubbish(desk, approved, monkeypatch):
    desk.release()
    before = desk.path(".txt").read_bytes()
    desk.approve(desk.move(approved, DraftStatus.IN_REVIEW), s0="New headline")

    def fail(handle):
        raise OSError("no space left on device")

    monkeypatch.setattr("vietwire.release.files.os.fsync", fail)
    with pytest.raises(ReleaseFailed, match="no space left"):
        desk.release()
    monkeypatch.undo()

    assert desk.path(".txt").read_bytes() == before
    assert not list(desk.outputs.rglob("*.part"))
    assert [item.item_version for item in desk.release()] == [2]


def test_a_draft_that_somebody_reopens_in_this_moment_is_left_alone(desk, approved, monkeypatch):
    real = module.compose

    def reopen_first(draft, *args, **kwargs):
        desk.move(approved, DraftStatus.IN_REVIEW)
        return real(draft, *args, **kwargs)

    monkeypatch.setattr(module, "compose", reopen_first)
    assert desk.release() == []
    assert desk.store.draft(approved.id).status is DraftStatus.IN_REVIEW
    assert desk.store.released() == []
    assert held(desk) == {}


def test_a_correction_that_somebody_reopens_in_this_moment_leaves_the_old_files(
    desk, approved, monkeypatch
):
    desk.release()
    before = held(desk)
    desk.approve(desk.move(approved, DraftStatus.IN_REVIEW), s0="Corrected headline")
    real = module.compose

    def reopen_first(draft, *args, **kwargs):
        desk.move(approved, DraftStatus.IN_REVIEW)
        return real(draft, *args, **kwargs)

    monkeypatch.setattr(module, "compose", reopen_first)
    assert desk.release() == []
    assert held(desk) == before


def test_only_an_approved_draft_can_be_recorded_as_released(desk, approved, clock):
    [item] = desk.release()
    now = desk.store.draft(approved.id)
    with pytest.raises(Conflict):
        desk.store.record_release(item, revision=now.revision)
    assert len(desk.store.released()) == 1


def test_names_from_outside_cannot_leave_the_folder(desk, make_story, make_draft):
    evil = ("../../../etc/passwd", "..\\..\\x", "a/b\0c", "tin số 1", "tin so 1", "東京")
    for number, source_id in enumerate(evil):
        if "\0" in source_id:
            continue
        story = desk.store.add_story(
            make_story(source_id, f"Tin {number}", slug="../<script>")
        ).story
        desk.approve(desk.store.save_machine_draft(make_draft(story)))
    items = desk.release()
    assert len({item.files for item in items}) == 5
    root = (desk.outputs / "released" / "en").resolve()
    for item in items:
        for name in item.files:
            assert (desk.outputs / name).resolve().parent == root
            assert set(Path(name).name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def test_the_index_and_feeds_tell_what_is_out(desk, approved, make_story, make_draft, clock):
    desk.release()
    clock.advance(hours=1)
    story = desk.store.add_story(make_story("second", "Tin hai")).story
    second = desk.approve(
        desk.store.save_machine_draft(make_draft(story, texts=["A & B <x>", "One.", "Two."]))
    )
    desk.release()
    clock.advance(hours=1)
    desk.move(approved, DraftStatus.KILLED)
    desk.release()

    items = read(desk.outputs / "released" / "index.json")["items"]

    assert [(i["source_id"], i["status"]) for i in items] == [
        ("TTXVN-20201112-0101", "canceled"),
        ("second", "usable"),
    ]
    assert (desk.outputs / "released" / items[1]["files"][0]).is_file()
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = ET.parse(desk.outputs / "released" / "en" / "feed.atom")
    titles = [node.text for node in feed.findall("a:entry/a:title", atom)]
    assert titles == ["KILL: ASEAN summit opens", "A & B <x>"]
    links = [node.get("href") for node in feed.findall("a:entry/a:link", atom)]
    assert all((desk.outputs / "released" / "en" / link).is_file() for link in links)
    assert second.id in {item.draft_id for item in desk.store.released(live=True)}


def test_feeds_parse_with_a_feed_reader(desk, approved):
    import feedparser

    desk.release()
    feed = feedparser.parse((desk.outputs / "released" / "en" / "feed.atom").read_bytes())
    assert not feed.bozo
    assert feed.entries[0].title == "ASEAN summit opens"
    assert feed.entries[0].updated == "2020-11-12T08:00:00Z"


def test_layout_survives_in_every_form(desk, make_draft, clock):
    story = Story(
        "layout",
        (
            Block(BlockKind.HEADLINE, "H"),
            Block(BlockKind.STANDFIRST, "S"),
            Block(BlockKind.HEADING, "I", level=1, marker="1."),
            Block(BlockKind.PARAGRAPH, "P"),
            Block(BlockKind.LIST_ITEM, "a", level=0, marker="-"),
            Block(BlockKind.LIST_ITEM, "b", level=1, marker="a)"),
            Block(BlockKind.LIST_ITEM, "c", level=0, marker="-"),
            Block(BlockKind.TABLE_CELL, "x", row=0, column=0),
            Block(BlockKind.TABLE_CELL, "y", row=0, column=1),
            Block(BlockKind.TABLE_CELL, "z", row=1, column=0),
            Block(BlockKind.QUOTE, "Q"),
            Block(BlockKind.CUE, "u", start=1.5, end=3.0),
            Block(BlockKind.CUE, "v", start=3661.25, end=3662.0),
            Block(BlockKind.CAPTION, "C"),
        ),
        clock(),
        dateline="Hà Nội",
    )
    story = desk.store.add_story(story).story
    texts = [b.text.upper() + "." for b in story.blocks]
    desk.approve(desk.store.save_machine_draft(make_draft(story, texts=texts)))

    [item] = desk.release()

    text = desk.path(".txt").read_text(encoding="utf-8")
    assert text.startswith(
        "H.\n\nS.\n\n1. I.\n\nHanoi (VNA) – P.\n\n- A.\n  a) B.\n- C.\n\nX. | Y.\nZ.\n\nQ.\n\n"
        "U.\nV.\n\nC.\n\n--\n"
    )
    news = read(desk.path(".json"))
    assert news["bodies"][1]["value"] == (
        '<p class="standfirst">S.</p><h2>1. I.</h2><p>Hanoi (VNA) – P.</p>'
        "<ul><li>A.<ul><li>a) B.</li></ul></li><li>C.</li></ul>"
        "<table><tr><td>X.</td><td>Y.</td></tr><tr><td>Z.</td></tr></table>"
        "<blockquote><p>Q.</p></blockquote>"
        '<p class="cue">U.</p><p class="cue">V.</p><p class="caption">C.</p>'
    )
    ET.fromstring(f"<body>{news['bodies'][1]['value']}</body>")
    assert news["descriptions"][0] == {
        "role": "summary",
        "contentType": "text/plain",
        "value": "S.",
    }
    assert desk.path(".srt").read_text(encoding="utf-8") == (
        "1\n00:00:01,500 --> 00:00:03,000\nU.\n\n2\n01:01:01,250 --> 01:01:02,000\nV.\n"
    )
    assert len(item.files) == 3


def test_chinese_sentences_are_joined_without_spaces(desk, make_draft, clock):
    from vietwire.story import DraftSegment

    story = Story(
        "zh-1",
        (Block(BlockKind.HEADLINE, "Tít"), Block(BlockKind.PARAGRAPH, "Một. Hai.")),
        clock(),
        dateline="Hà Nội (TTXVN 12/11)",
    )
    story = desk.store.add_story(story).story
    segments = (
        DraftSegment(0, 0, "Tít", "标题", "标题"),
        DraftSegment(1, 1, "Một.", "一。", "一。", " "),
        DraftSegment(2, 1, "Hai.", "二。", "二。"),
    )
    desk.approve(desk.store.save_machine_draft(make_draft(story, "zh", segments=segments)))
    desk.release()
    assert "VNAHanoi11月12日电 一。二。" in desk.path(".txt", "zh").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["East Sea", "RCEP", "Hanoi"]),
        ("zh", ["东海", "RCEP", "Hanoi"]),
        ("ru", ["Восточное море", "RCEP", "Hanoi"]),
    ],
)
def test_keywords_go_out_in_the_language_and_never_in_vietnamese(
    desk, make_story, make_draft, language, expected
):
    words = ("Biển Đông", "RCEP", "chuyện chưa ai dịch", "an ninh", "Hà Nội", "biển Đông")
    story = desk.store.add_story(make_story("kw", "Tít", keywords=words)).story
    desk.approve(desk.store.save_machine_draft(make_draft(story, language)))
    desk.release()
    news = read(desk.path(".json", language))
    assert [subject["name"] for subject in news["subjects"]] == expected
    assert ", ".join(expected) in desk.path(".txt", language).read_text(encoding="utf-8")


def test_a_draft_is_read_as_it_would_go_out_before_it_does(desk, story, make_draft, approved):
    texts = ["ASEAN summit opens", "It opened on <Thursday>.", "The East Sea is the topic."]
    draft = desk.store.draft(approved.id)
    seen = preview(desk.store, desk.outputs, desk.glossary, desk.clock, draft, "mai")
    assert not desk.outputs.exists()
    assert all(text in seen for text in texts)
    desk.release()
    assert desk.path(".txt").read_text(encoding="utf-8") == seen


def test_a_preview_names_whoever_would_approve_it(desk, story, make_draft):
    draft = desk.store.save_machine_draft(make_draft(story))
    seen = preview(desk.store, desk.outputs, desk.glossary, desk.clock, draft, "lan")
    assert "reviewed by Lan Nguyen" in seen
