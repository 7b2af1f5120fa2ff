"""Intake at work: sources, what becomes of files, and that one bad item stops nothing."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from vietwire.intake import Intake, Outcome, read_folder
from vietwire.story import RefusalReason


@pytest.fixture
def text(article: tuple[str, str]) -> str:
    headline, body = article
    return f"{headline}\n\n{body}"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def outcomes(taken) -> list[tuple[str, str]]:
    return [(item.source_id, str(item.outcome)) for item in taken]


# -- the inbox ---------------------------------------------------------------------------------


def test_what_is_taken_from_the_inbox_moves_to_processed(intake, text) -> None:
    path = put(intake.inbox, "a.txt", text)
    assert outcomes(intake.take_inbox()) == [("a", "new")]
    assert not path.exists()
    assert (intake.processed / "a.txt").read_text(encoding="utf-8") == text
    assert intake.store.story("a").headline == text.split("\n")[0]
    assert intake.take_inbox() == []


def test_the_same_story_again_is_nothing_new_and_a_changed_one_a_new_version(intake, text) -> None:
    put(intake.inbox, "a.txt", text)
    intake.take_inbox()
    put(intake.inbox, "a.txt", text)
    assert outcomes(intake.take_inbox()) == [("a", "same")]
    put(intake.inbox, "a.txt", text + "\n\nHội nghị sẽ kết thúc vào ngày 15/11 tới.")
    (taken,) = intake.take_inbox()
    assert (taken.outcome, taken.version) == (Outcome.VERSION, 2)
    assert len(list(intake.processed.iterdir())) == 3


def test_a_crash_between_storing_and_moving_is_harmless(intake, text, monkeypatch) -> None:
    put(intake.inbox, "a.txt", text)
    with monkeypatch.context() as patch:
        patch.setattr("vietwire.intake.files.move_into", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            intake.take_inbox()
    assert outcomes(intake.take_inbox()) == [("a", "same")]
    assert len(intake.store.versions("a")) == 1


def _power_cut(*_: object) -> Path:
    raise KeyboardInterrupt


def test_a_refused_file_is_kept_aside_with_its_reason(intake) -> None:
    put(intake.inbox, "tin tiếng Anh.txt", "The summit opened\n\nLeaders met online on Thursday.")
    (taken,) = intake.take_inbox()
    (refusal,) = intake.store.refusals()
    assert taken.refusal == refusal
    assert refusal.reason is RefusalReason.NOT_VIETNAMESE
    assert refusal.origin == "tin tiếng Anh.txt"
    kept = intake.refused / refusal.kept_as
    assert kept.read_text().startswith("The summit")
    reason = json.loads(kept.with_name(kept.name + ".reason.json").read_text(encoding="utf-8"))
    assert reason["reason"] == "not_vietnamese"
    assert "English" in reason["message"]
    assert intake.take_inbox() == []


def test_one_bad_item_does_not_stop_the_rest(intake, text) -> None:
    put(intake.inbox, "a.txt", text)
    put(intake.inbox, "b.docx", b"PK\x03\x04broken")
    put(intake.inbox, "c.json", "{")
    put(intake.inbox, "d.txt", b"\x81\x8d\x8f" * 30)
    put(intake.inbox, "e.txt", "")
    put(intake.inbox, "sub/f.txt", text)
    taken = intake.take_inbox()
    assert outcomes(taken) == [
        ("a", "new"), ("b", "refused"), ("c", "refused"), ("d", "refused"), ("e", "refused"),
        ("f", "new"),
    ]  # fmt: skip
    assert len(list(intake.refused.glob("*.reason.json"))) == 4


def test_a_file_that_is_still_being_written_is_left(sqlite_store, settings, text) -> None:
    settings.inbox.mkdir()
    service = Intake(
        sqlite_store, settings.inbox, settings=settings,
        clock=lambda: sqlite_store_now(), settle_seconds=0.6,
    )  # fmt: skip
    path = put(settings.inbox, "a.txt", text[:40])
    for name in ("b.txt.part", ".c.txt", "~$d.docx", "e.tmp"):
        put(settings.inbox, name, text)
    stop = threading.Event()

    def copy() -> None:
        while not stop.wait(0.05):
            with path.open("a", encoding="utf-8") as handle:
                handle.write("x")

    copier = threading.Thread(target=copy)
    copier.start()
    try:
        assert service.take_inbox() == []
    finally:
        stop.set()
        copier.join()
    path.write_text(text, encoding="utf-8")
    assert outcomes(service.take_inbox()) == [("a", "new")]
    assert sorted(p.name for p in settings.inbox.iterdir() if p.is_file()) == [
        ".c.txt", "b.txt.part", "e.tmp", "~$d.docx",
    ]  # fmt: skip


def sqlite_store_now():
    from datetime import UTC, datetime

    return datetime(2020, 11, 12, tzinfo=UTC)


def test_links_devices_and_huge_files_are_never_read(intake, tmp_path, monkeypatch, text) -> None:
    outside = put(tmp_path, "outside.txt", text)
    (intake.inbox / "link.txt").symlink_to(outside)
    (intake.inbox / "folder").symlink_to(tmp_path)
    os.mkfifo(intake.inbox / "pipe.txt")
    put(intake.inbox, "huge.txt", text * 40)
    monkeypatch.setattr("vietwire.intake.files.MAX_BYTES", 5000)
    taken = {item.origin: item for item in intake.take_inbox()}
    assert set(taken) == {"link.txt", "folder", "pipe.txt", "huge.txt"}
    assert all(item.outcome is Outcome.REFUSED for item in taken.values())
    assert taken["huge.txt"].refusal.reason is RefusalReason.TOO_LONG
    assert "link" in taken["link.txt"].refusal.message
    assert outside.read_text(encoding="utf-8") == text


def test_names_without_meaning_do_not_make_one_story_of_two(intake, text) -> None:
    put(intake.inbox, "document1.txt", text)
    put(intake.inbox, "sub/document1.txt", text.replace("Khai mạc", "Bế mạc"))
    assert [str(item.outcome) for item in intake.take_inbox()] == ["new", "new"]


@pytest.mark.skipif(os.name != "posix", reason="names of bytes")
def test_a_name_that_is_no_text_is_no_obstacle(intake, text) -> None:
    path = intake.inbox / os.fsdecode(b"\xff\xfe\n.txt")
    path.write_bytes(text.encode())
    (taken,) = intake.take_inbox()
    assert taken.outcome is Outcome.NEW


def test_a_store_that_fails_loses_nothing(intake, text, monkeypatch) -> None:
    put(intake.inbox, "a.txt", text)
    with monkeypatch.context() as patch:
        patch.setattr(intake.store, "add_story", _locked)
        (taken,) = intake.take_inbox()
    assert taken.outcome is Outcome.FAILED
    assert "quoting" not in "".join(taken.notes)
    assert outcomes(intake.take_inbox()) == [("a", "new")]


def _locked(*_: object, **__: object) -> None:
    raise RuntimeError("database is locked, quoting the whole story")


def test_no_inbox_is_no_error(sqlite_store, settings) -> None:
    service = Intake(sqlite_store, settings.inbox, settings=settings, clock=sqlite_store_now)
    assert service.take_inbox() == []


# -- files and folders by path -----------------------------------------------------------------


def test_files_given_by_path_stay_where_they_are(intake, tmp_path, text) -> None:
    good = put(tmp_path, "in/a.txt", text)
    bad = put(tmp_path, "in/b.json", "{")
    put(tmp_path, "in/README.md", "About this folder")
    put(tmp_path, "in/deep/c.md", f"# {text}")
    taken = intake.take_paths([tmp_path / "in"])
    assert outcomes(taken) == [("a", "new"), ("b", "refused"), ("c", "new")]
    assert good.exists() and bad.exists()


def test_a_second_run_over_the_same_paths_records_nothing_twice(intake, tmp_path, text) -> None:
    put(tmp_path, "in/a.txt", text)
    put(tmp_path, "in/b.json", "{")
    intake.take_paths([tmp_path / "in"])
    again = intake.take_paths([tmp_path / "in"])
    assert outcomes(again) == [("a", "same"), ("b", "refused")]
    assert again[1].notes == ("recorded before",)
    assert len(intake.store.refusals()) == 1


def test_a_missing_path_is_refused_not_raised(intake, tmp_path) -> None:
    (taken,) = intake.take_paths([tmp_path / "nothing.txt"])
    assert taken.outcome is Outcome.REFUSED
    assert "cannot be opened" in taken.refusal.message


def test_reading_a_folder_follows_no_link_and_shows_nothing_hidden(tmp_path, text) -> None:
    for name in ("b.txt", "a/c.md", ".hidden", "README", "d.part"):
        put(tmp_path / "in", name, text)
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    assert [p.name for p in read_folder(tmp_path / "in")] == ["c.md", "b.txt"]


# -- form and upload ---------------------------------------------------------------------------


def test_a_story_from_the_form(intake, article) -> None:
    headline, body = article
    (taken,) = intake.take_form(
        {"headline": headline, "body": body, "keywords": "ASEAN, RCEP", "urgency": "2", "slug": ""}
    )
    story = intake.store.story(taken.source_id)
    assert taken.outcome is Outcome.NEW
    assert (story.headline, story.urgency, story.keywords) == (headline, 2, ("ASEAN", "RCEP"))
    (again,) = intake.take_form(
        {"headline": headline, "body": body, "keywords": "ASEAN, RCEP", "urgency": "2", "slug": ""}
    )
    assert again.outcome is Outcome.SAME


def test_a_wrong_value_in_the_form_is_answered_not_recorded(intake, article) -> None:
    (taken,) = intake.take_form({"headline": article[0], "body": article[1], "urgency": "gấp"})
    assert taken.outcome is Outcome.REFUSED
    assert "urgency cannot be 'gấp'" in taken.refusal.message
    assert intake.store.refusals() == []


def test_a_form_that_is_refused_keeps_its_text(intake) -> None:
    (taken,) = intake.take_form({"headline": "The summit", "body": "Leaders met online today."})
    assert taken.refusal.reason in (RefusalReason.NOT_VIETNAMESE, RefusalReason.CANNOT_TELL)
    assert "Leaders met" in (intake.refused / taken.refusal.kept_as).read_text()


def test_uploads_of_one_name_are_two_stories_unless_told_otherwise(intake, text) -> None:
    other = text.replace("Khai mạc", "Bế mạc")
    first, second = intake.take_upload("a.txt", text.encode()) + intake.take_upload(
        "a.txt", other.encode()
    )
    assert (first.outcome, second.outcome) == (Outcome.NEW, Outcome.NEW)
    told = {"source_id": first.source_id}
    (third,) = intake.take_upload("b.txt", other.encode(), told)
    assert (third.outcome, third.version) == (Outcome.VERSION, 2)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/x.txt", "..\\..\\x.txt", "a\0b", ""])
def test_the_name_of_an_upload_is_never_a_path(intake, tmp_path, name: str) -> None:
    before = {p for p in tmp_path.rglob("*") if "sqlite" not in p.name}
    (taken,) = intake.take_upload(name, b"The summit opened\n\nLeaders met online on Thursday.")
    made = {p for p in tmp_path.rglob("*") if "sqlite" not in p.name} - before
    assert taken.outcome is Outcome.REFUSED
    assert all(intake.refused in p.parents or p == intake.refused for p in made)


# -- the shipped samples -------------------------------------------------------------------------

SAMPLES = Path(__file__).parents[2] / "samples"


def test_every_shipped_sample_goes_in_or_is_refused_as_meant(intake, tmp_path) -> None:
    folder = tmp_path / "samples"
    shutil.copytree(SAMPLES, folder)
    taken = intake.take_paths([folder])
    by_reason = {t.refusal.reason for t in taken if t.refusal}
    assert by_reason == {
        RefusalReason.RESTRICTED, RefusalReason.NOT_VIETNAMESE, RefusalReason.UNREADABLE,
    }  # fmt: skip
    stories = [intake.store.story(t.source_id) for t in taken if t.outcome is Outcome.NEW]
    assert len(stories) == len(taken) - 3 >= 8
    for story in stories:
        assert story.slug and story.event and story.byline and story.dateline and story.dated
        assert story.headline and len(story.blocks) >= 5
        assert "TTXVN 1" not in story.blocks[1].text  # the dateline is off the text
    assert {str(s.media_kind) for s in stories} == {"text", "photo", "tv"}
    again = intake.take_paths([folder])
    assert {str(t.outcome) for t in again} == {"same", "refused"}
    assert len(intake.store.refusals()) == 3


def test_the_restricted_sample_leaves_no_trace(intake, tmp_path, caplog) -> None:
    caplog.set_level("DEBUG")
    (sample,) = SAMPLES.glob("*bctk*")
    shutil.copy(sample, intake.inbox)
    intake.take_inbox()
    intake.store.close()
    body = sample.read_text(encoding="utf-8").split("---")[-1]
    sentences = [s.strip() for s in body.replace("\n", ". ").split(". ") if len(s) > 25]
    assert len(sentences) >= 3
    written = b"".join(
        p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p.suffix != ".held"
    )
    for sentence in sentences:
        assert sentence.encode() not in written
        assert sentence not in caplog.text


def test_time_of_settling_is_spent_once_for_all_files(sqlite_store, settings, text) -> None:
    settings.inbox.mkdir()
    service = Intake(
        sqlite_store, settings.inbox, settings=settings, clock=sqlite_store_now, settle_seconds=0.5
    )
    for number in range(4):
        put(settings.inbox, f"tin-so-{number}-a.txt", text)
    slept = []
    real = time.sleep
    time.sleep = lambda seconds: (slept.append(seconds), real(seconds))[0]  # type: ignore[assignment]
    try:
        assert len(service.take_inbox()) == 4
    finally:
        time.sleep = real  # type: ignore[assignment]
    assert slept == [0.5]


def test_characters_no_database_takes_are_left_out(intake, article) -> None:
    item = {"uri": "x\u0000y", "headline": article[0] + "\u0000\ud800", "body_text": article[1]}
    put(intake.inbox, "a.json", json.dumps(item))
    (taken,) = intake.take_inbox()
    assert taken.outcome is Outcome.REFUSED  # an id with a zero in it is no id
    item["uri"] = "x-y"
    put(intake.inbox, "a.json", json.dumps(item))
    (taken,) = intake.take_inbox()
    assert intake.store.story("x-y").headline == article[0]


@pytest.mark.parametrize("urgency", ["2", "9"])
def test_a_story_goes_into_either_database(store, settings, tmp_path, text, urgency: str) -> None:
    service = Intake(store, settings.inbox, settings=settings, clock=sqlite_store_now)
    path = put(tmp_path, "in/a.txt", f"---\nurgency: {urgency}\n---\n{text}")
    (taken,) = service.take_paths([path])
    assert store.story(taken.source_id).urgency == int(urgency)
