"""Users, sessions that end, throttled logins; and the runs of the pipeline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vietwire.store import NotFound, StoreError
from vietwire.story import Role, UnknownLanguage


@pytest.fixture
def lan(store):
    return store.add_user(
        "Lan",
        Role.REVIEWER,
        password_hash="$argon2id$x",
        languages=["fr", "en"],
        display_name="Lan",
    )


def test_a_user_is_kept_with_role_languages_and_hash(store, lan, clock):
    assert store.user("LAN ") == lan
    assert (lan.name, lan.role, lan.languages) == ("lan", Role.REVIEWER, ("fr", "en"))
    assert lan.password_hash == "$argon2id$x"
    assert "argon2" not in repr(lan)
    assert lan.created_at == clock()
    assert lan.actor.languages == ("fr", "en")
    with pytest.raises(NotFound, match="nobody"):
        store.user("nobody")


@pytest.mark.parametrize("name", ["", "a b", "lan<script>", "pipeline", "x" * 65, "Lân"])
def test_a_name_that_cannot_be_used_is_refused(sqlite_store, name):
    with pytest.raises(StoreError, match="user name"):
        sqlite_store.add_user(name, Role.ADMIN, password_hash="x")


def test_refused_users(store, lan):
    with pytest.raises(StoreError, match="already"):
        store.add_user("lan", Role.ADMIN, password_hash="x")
    with pytest.raises(StoreError, match="at least one language"):
        store.add_user("binh", Role.REVIEWER, password_hash="x")
    with pytest.raises(UnknownLanguage):
        store.add_user("binh", Role.REVIEWER, password_hash="x", languages=["de"])
    assert [u.name for u in store.users()] == ["lan"]


def test_changes_of_rights_are_in_the_audit_log(store, lan):
    store.change_user("lan", role=Role.EDITOR, ui_language="vi", actor="boss")
    changed = store.user("lan")
    assert (changed.role, changed.ui_language) == (Role.EDITOR, "vi")
    event = store.audit(actor="boss")[0]
    assert (event.action, event.before, event.after, event.note) == (
        "user_change",
        "reviewer fr,en",
        "editor fr,en",
        "lan",
    )


def test_the_last_admin_cannot_be_switched_off(store):
    store.add_user("boss", Role.ADMIN, password_hash="x")
    for change in ({"active": False}, {"role": Role.EDITOR}):
        with pytest.raises(StoreError, match="only active admin"):
            store.change_user("boss", **change)
    store.add_user("second", Role.ADMIN, password_hash="x")
    assert store.change_user("boss", active=False).active is False
    assert [u.name for u in store.users(active=True)] == ["second"]


def test_a_session_lasts_until_it_expires(store, lan, clock):
    token = store.create_session("lan", lifetime=timedelta(hours=8))
    session = store.session(token)
    assert (session.user, session.expires_at) == ("lan", clock() + timedelta(hours=8))
    clock.advance(hours=8)
    assert store.session(token) is None
    assert store.session("made up") is None


def test_only_a_hash_of_the_session_is_stored(store, lan):
    from sqlalchemy import text

    token = store.create_session("lan", lifetime=timedelta(hours=8))
    with store._reading() as connection:
        rows = connection.execute(text("SELECT * FROM desk_sessions")).all()
    assert len(token) >= 43
    assert token not in str(rows)


def test_sessions_end_with_logout_password_change_or_switching_off(store, lan):
    hours = timedelta(hours=8)
    first, second = (store.create_session("lan", lifetime=hours) for _ in range(2))
    store.end_session(first)
    assert store.session(first) is None
    assert store.session(second) is not None
    store.set_password_hash("lan", "new")
    assert store.session(second) is None
    assert store.user("lan").password_hash == "new"
    third = store.create_session("lan", lifetime=hours)
    store.change_user("lan", active=False)
    assert store.session(third) is None
    with pytest.raises(NotFound):
        store.create_session("lan", lifetime=hours)
    store.change_user("lan", active=True)
    fourth = store.create_session("lan", lifetime=hours)
    assert store.end_sessions("lan") == 1
    assert store.session(fourth) is None


def test_failed_logins_count_by_name_and_by_address(store, clock):
    start = clock()
    clock.advance(seconds=1)
    for name, address in (("lan", "1.1.1.1"), ("LAN ", "2.2.2.2"), ("mai", "1.1.1.1")):
        store.record_login_attempt(name, address, success=False)
    assert store.failed_logins_since(start, name="lan") == 2
    assert store.failed_logins_since(start, address="1.1.1.1") == 2
    assert store.failed_logins_since(start, name="lan", address="1.1.1.1") == 1
    assert store.failed_logins_since(clock(), name="lan") == 0


def test_a_success_clears_the_name_but_not_the_address(store, clock):
    start = clock()
    clock.advance(seconds=1)
    store.record_login_attempt("lan", "1.1.1.1", success=False)
    store.record_login_attempt("lan", "1.1.1.1", success=True)
    assert store.failed_logins_since(start, name="lan") == 0
    assert store.failed_logins_since(start, address="1.1.1.1") == 1
    store.record_login_attempt("lan", "1.1.1.1", success=False)
    assert store.failed_logins_since(start, name="lan") == 1


def test_runs_are_listed_newest_first_and_a_killed_one_stays_open(store, clock):
    killed = store.start_run("overnight")
    clock.advance(minutes=1)
    done = store.start_run("release")
    clock.advance(minutes=1)
    store.finish_run(done, {"released": 3, "câu": ["ạ"]})

    newest, oldest = store.runs()

    assert (newest.id, newest.report) == (done, {"released": 3, "câu": ["ạ"]})
    assert newest.finished_at - newest.started_at == timedelta(minutes=1)
    assert (oldest.id, oldest.finished_at, oldest.report) == (killed, None, None)
    assert [r.kind for r in store.runs(kind="overnight")] == ["overnight"]


@pytest.mark.parametrize("source_id", ["vna-1", 'tin "100%"\\', "bản-tin_1"])
def test_runs_are_found_by_a_story_that_their_report_names(store, source_id):
    for name in ("other", source_id, f"{source_id}2", source_id.replace("_", "x") + "3"):
        store.finish_run(store.start_run("one"), {"lines": [{"source_id": name, "error": ""}]})
    store.start_run("one")
    [found] = store.runs(source_id=source_id)
    assert found.report == {"lines": [{"source_id": source_id, "error": ""}]}
    with pytest.raises(NotFound):
        store.finish_run(99, {})
