"""The commands as a user types them, and how they say that something is wrong."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from vietwire import cli
from vietwire.newsroom import Newsroom
from vietwire.story import Actor, Role

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.usefixtures("database_url")
def test_translate_a_file_and_see_it_in_the_queue(
    project: Path, vietwire: Run, story_text: Callable[[int], str]
) -> None:
    (project / "hop.md").write_text(story_text(1), encoding="utf-8")
    report = json.loads(vietwire("translate", "hop.md", "--to", "en,fr", "--json").stdout)
    assert [line["outcome"] for line in report["lines"]] == ["drafted", "drafted"]
    again = json.loads(vietwire("translate", "hop.md", "--to", "en,fr", "--json").stdout)
    assert [line["outcome"] for line in again["lines"]] == ["unchanged", "unchanged"]
    rows = json.loads(vietwire("queue", "--json").stdout)
    assert [(row["source_id"], row["language"]) for row in rows] == [
        ("hop-1", "en"),
        ("hop-1", "fr"),
    ]


@pytest.mark.usefixtures("database_url")
def test_force_makes_a_new_draft_and_keeps_the_old_one(
    project: Path, vietwire: Run, story_text: Callable[[int], str]
) -> None:
    (project / "hop.md").write_text(story_text(1), encoding="utf-8")
    first = json.loads(vietwire("translate", "hop.md", "--to", "en", "--json").stdout)
    forced = json.loads(
        vietwire("translate", "--source-id", "hop-1", "--to", "en", "--force", "--json").stdout
    )
    assert forced["lines"][0]["outcome"] == "drafted"
    assert forced["lines"][0]["draft_id"] != first["lines"][0]["draft_id"]
    assert len(json.loads(vietwire("queue", "--json").stdout)) == 1


def test_mt_keeps_one_line_for_one_line(vietwire: Run) -> None:
    lines = "Biển Đông\n\nHội nghị Cấp cao ASEAN lần thứ 37\n"
    done = vietwire("mt", "--to", "en", stdin=lines)
    assert len(done.stdout.split("\n")) == 4
    assert done.stdout.split("\n")[1] == ""


def test_mt_with_the_embedded_network(vietwire: Run) -> None:
    done = vietwire(
        "mt", "--to", "en", stdin="Việt Nam ký hiệp định.\n", VIETWIRE_ENGINE="embedded"
    )
    assert done.stdout.strip()
    assert "ký" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["mt", "--to", "de"], "unknown language 'de'"),
        (["translate", "nothing.md"], "does not exist"),
        (["translate", "--source-id", "nobody"], "nobody"),
        (["queue", "--status", "lost"], "choose from"),
        (["restore", "nothing.db", "--yes"], "does not exist"),
        (["terms", "import", "nothing.csv"], "nothing.csv"),
        (["models", "card", "nothing"], "nothing"),
    ],
)
def test_an_error_is_one_clear_line(vietwire: Run, arguments: list[str], words: str) -> None:
    done = vietwire(*arguments, stdin="", check=False)
    assert done.returncode not in (0, None)
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_project_folder_it_says_where_to_go(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vietwire", "queue"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "not a vietwire project folder" in done.stderr


def test_backup_and_restore(project: Path, vietwire: Run, story_text: Callable[[int], str]) -> None:
    (project / "hop.md").write_text(story_text(1), encoding="utf-8")
    vietwire("translate", "hop.md", "--to", "en")
    vietwire("backup", "desk.db")
    vietwire("translate", "hop.md", "--to", "fr")
    assert len(json.loads(vietwire("queue", "--json").stdout)) == 2
    vietwire("restore", "desk.db", "--yes")
    assert len(json.loads(vietwire("queue", "--json").stdout)) == 1


def test_a_bad_term_file_is_listed_fault_by_fault_each_on_one_line(
    project: Path, vietwire: Run
) -> None:
    table = (project / "glossary/terms.csv").read_bytes()
    head, first, second = table.decode().splitlines()[:3]
    long = "rất " * 30
    again = second.replace(second.split(",")[0], first.split(",")[0], 1)
    bad = f"{head}\n{first}\n{again}\nnew,{long.strip()},{',' * (head.count(',') - 2)}\n"
    (project / "bad.csv").write_text(bad, encoding="utf-8")
    for command in ("import", "diff"):
        done = vietwire("terms", command, "bad.csv", check=False)
        assert done.returncode == 1
        lines = done.stdout.splitlines()
        assert "row 3, column concept: duplicate concept" in lines[0]
        assert lines[1].startswith("row 4, column kind: 'rất")
        assert lines[1].endswith("forbid, keep, suggest, translate")
        assert lines[-1].startswith("bad.csv: 3 faults")
        assert "terms check" not in done.stdout + done.stderr
    assert (project / "glossary/terms.csv").read_bytes() == table


def test_terms_commands(project: Path, vietwire: Run) -> None:
    found = json.loads(vietwire("terms", "find", "Biển Đông", "--json").stdout)
    assert {language: hits[0]["rendering"] for language, hits in found.items()} == {
        "en": "East Sea",
        "fr": "mer Orientale",
        "es": "Mar del Este",
        "zh": "东海",
        "ru": "Восточное море",
    }
    assert "in order" in vietwire("terms", "check").stdout
    vietwire("terms", "export", "terms.tbx")
    assert "0 added, 0 removed, 0 changed" in vietwire("terms", "diff", "terms.tbx").stdout
    assert json.loads(vietwire("terms", "stats", "--json").stdout)["concepts"] >= 300


@pytest.mark.usefixtures("database_url")
def test_doctor_names_what_is_wrong_and_the_remedy(project: Path, vietwire: Run) -> None:
    healthy = {row["name"]: row for row in json.loads(vietwire("doctor", "--json").stdout)}
    assert healthy["term base"]["state"] == "ok"
    assert healthy["database"]["remedy"].startswith("vietwire user add")
    (project / "glossary").unlink()
    (project / "glossary").mkdir()
    done = vietwire("doctor", "--json", check=False)
    assert done.returncode == 1
    sick = {row["name"]: row for row in json.loads(done.stdout)}
    assert sick["term base"]["state"] == "wrong"
    assert "terms check" in sick["term base"]["remedy"]


def test_mt_ends_a_line_at_line_feeds_only(vietwire: Run) -> None:
    done = vietwire("mt", "--to", "en", "--no-terms", stdin="Một\u2028hai\x0cba\r\nbốn")
    assert done.stdout == "[NOT TRANSLATED en] Một hai ba\n[NOT TRANSLATED en] bốn\n"


def test_mt_names_the_line_that_is_not_utf8(project: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vietwire", "mt", "--to", "en"],
        cwd=project, env=environment, input=b"m\xe1\xbb\x99t\nm\xff\n", capture_output=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.decode().strip() == "vietwire: standard input, line 2: not UTF-8"


def test_a_folder_that_cannot_be_written_is_one_line(vietwire: Run, project: Path) -> None:
    (project / "taken").write_text("a file, no folder")
    done = vietwire("queue", check=False, VIETWIRE_OUTPUTS=str(project / "taken" / "outputs"))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "taken" in done.stderr


def test_the_queue_shows_ids_whole(
    project: Path, vietwire: Run, story_text: Callable[[int], str]
) -> None:
    text = story_text(1).replace("hop-1", "TTXVN-20201115-0207")
    (project / "hop.md").write_text(text, encoding="utf-8")
    table = vietwire("translate", "hop.md", COLUMNS="80").stdout
    assert "TTXVN-20201115-0207" in table
    again = vietwire("translate", "hop.md", COLUMNS="80").stdout
    assert "TTXVN-20201115-0207" in again
    assert "unchanged" in again
    assert "TTXVN-20201115-0207" in vietwire("queue", COLUMNS="80").stdout


def test_doctor_names_a_misspelt_variable(vietwire: Run) -> None:
    rows = json.loads(vietwire("doctor", "--json", VIETWIRE_LANGAUGES="en").stdout)
    found = {row["name"]: row for row in rows}["environment"]
    assert found["state"] == "warning"
    assert "VIETWIRE_LANGAUGES" in found["message"]


def test_the_desk_on_a_taken_port_is_one_clear_line(vietwire: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = vietwire("desk", "--port", str(port), check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == f"vietwire: port {port} is in use on 127.0.0.1; name another"


@pytest.mark.usefixtures("database_url")
def test_a_translation_that_fails_says_why(
    project: Path,
    vietwire: Run,
    story_text: Callable[[int], str],
    open_desk: Callable[[], AbstractContextManager[Newsroom]],
) -> None:
    (project / "hop.md").write_text(story_text(1), encoding="utf-8")
    draft = json.loads(vietwire("translate", "hop.md", "--to", "en", "--json").stdout)
    with open_desk() as room:
        lan = Actor("lan", Role.EDITOR)
        room.review.claim(draft["lines"][0]["draft_id"], lan, 1)
    done = vietwire("translate", "--source-id", "hop-1", "--to", "en", "--force", check=False)
    assert done.returncode == 1
    assert "failed: hop-1 en:" in done.stdout
    assert "lan" in done.stdout


def test_an_engine_that_is_not_there_is_said_with_the_story(
    project: Path,
    vietwire: Run,
    story_text: Callable[[int], str],
    open_desk: Callable[[], AbstractContextManager[Newsroom]],
) -> None:
    """The desk reads the run's report; it started the command and promised drafts."""
    (project / "hop.md").write_text(story_text(1), encoding="utf-8")
    vietwire("intake", "hop.md")
    asked = ("translate", "--source-id", "hop-1", "--to", "en,fr")
    engine = {"VIETWIRE_ENGINE": "nllb-200-600m", "VIETWIRE_ACCEPT_LICENCES": "CC-BY-NC-4.0"}
    done = vietwire(*asked, check=False, **engine)
    assert done.returncode == 1
    with open_desk() as room:
        (run,) = room.store.runs(kind="one")
    assert run.finished_at is not None
    assert run.report is not None
    assert [line["language"] for line in run.report["lines"]] == ["en", "fr"]
    assert all("models pull nllb-200-600m" in line["error"] for line in run.report["lines"])


def test_one_bad_story_never_stops_the_command_and_is_in_its_report(
    project: Path,
    vietwire: Run,
    story_text: Callable[[int], str],
    open_desk: Callable[[], AbstractContextManager[Newsroom]],
    sqlite_url: str,
) -> None:
    with open_desk():
        pass  # makes the tables
    database = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    database.execute(
        "CREATE TRIGGER bad BEFORE INSERT ON drafts WHEN NEW.source_id = 'hop-1' "
        "BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    database.close()
    for number in (1, 2):
        (project / f"hop-{number}.md").write_text(story_text(number), encoding="utf-8")

    done = vietwire("translate", "hop-1.md", "hop-2.md", "--to", "en", check=False)

    assert done.returncode == 1
    assert "failed: hop-1 en: IntegrityError" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    (file,) = (project / "outputs" / "reports").glob("*-one.json")
    lines = json.loads(file.read_text(encoding="utf-8"))["lines"]
    assert [(line["source_id"], line["outcome"]) for line in lines] == [
        ("hop-1", "failed"),
        ("hop-2", "drafted"),
    ]
    trace = (project / "outputs" / "logs" / "commands.log").read_text(encoding="utf-8")
    assert "IntegrityError" in trace
    assert "Việt Nam chủ trì" not in trace, "a story's text has no place in a log"


def test_what_nobody_foresaw_is_one_line_and_its_trace_is_in_the_log(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_off() -> None:
        raise RuntimeError("out of\nmemory")

    monkeypatch.setenv("VIETWIRE_HOME", str(project))
    monkeypatch.setattr(cli, "newsroom", break_off)
    monkeypatch.setattr(sys, "argv", ["vietwire", "queue"])
    log = project / "outputs" / "logs" / "commands.log"
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr().err
    assert (end.value.code, said) == (
        1,
        f"vietwire: the command broke off (RuntimeError); see {log}\n",
    )
    assert "RuntimeError: out of" in log.read_text(encoding="utf-8")

    monkeypatch.setenv("VIETWIRE_HOME", str(project / "nowhere"))
    with pytest.raises(SystemExit):
        cli.main()
    assert capsys.readouterr().err == (
        "vietwire: the command broke off (RuntimeError: out of memory)\n"
    )


def test_intake_without_paths_takes_in_the_inbox_and_the_feeds(
    project: Path, vietwire: Run, inbox: Callable[[int, int], None]
) -> None:
    assert vietwire("intake").stdout.strip() == "Nothing waits to be taken in."
    inbox(1, 3)
    folder = project / "outputs" / "inbox"
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    done = vietwire("intake", check=False, VIETWIRE_FEEDS="http://127.0.0.1:9/feed")
    assert done.returncode == 1
    assert done.stdout.startswith("failed: 1\nnew: 2\nnote: http://127.0.0.1:9/feed: ")
    assert sorted(path.name for path in (folder / "processed").iterdir()) == [
        "hop-1.md",
        "hop-2.md",
    ]
