"""Who gets in, how long they stay, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from vietwire.desk.passwords import WeakPassword, hash_password, verify_password

ROUTES_OPEN = ("/login", "/health", "/static/desk.css")


def every_page(app: Any) -> list[str]:
    """One address for every route that can be read."""
    values = {"draft_id": 1, "number": 0, "source_id": "vna-2020-11-12-0017", "name": "x.md"}
    values |= {"filename": "desk.css"}
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        return [
            adapter.build(rule.endpoint, {k: values[k] for k in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "GET" in rule.methods
        ]


def every_write(app: Any) -> list[str]:
    values = {"draft_id": 1, "source_id": "vna-2020-11-12-0017", "name": "linh"}
    adapter = app.url_map.bind("localhost")
    return [
        adapter.build(rule.endpoint, {k: values[k] for k in rule.arguments}, method="POST")
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods
    ]


def test_every_answer_carries_the_security_headers(
    app: Any, person: Callable[[str], Any], busy: Any
) -> None:
    pages = every_page(app)
    assert len(pages) > 14
    for who in (person("admin"), person("")):
        for path in [*pages, "/nowhere"]:
            answer = who.get(path)
            assert answer.status_code in (200, 302, 404), (path, answer.status_code)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, path
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            if not path.startswith("/static"):
                assert answer.headers["Cache-Control"] == "no-store", path


def test_no_page_needs_inline_code_or_style(
    app: Any, person: Callable[[str], Any], busy: Any
) -> None:
    admin = person("admin")
    for path in every_page(app):
        answer = admin.get(path)
        if answer.mimetype == "text/html":
            assert " style=" not in answer.text, path
            assert " onclick=" not in answer.text, path
            assert "<script>" not in answer.text, path


def test_without_a_session_every_page_leads_to_the_sign_in(
    app: Any, person: Callable[[str], Any], summit: Any
) -> None:
    nobody = person("")
    for path in every_page(app):
        answer = nobody.get(path)
        if path in ROUTES_OPEN:
            assert answer.status_code == 200, path
        else:
            assert answer.status_code == 302, path
            assert answer.location.startswith("/login?next="), path


def test_every_write_without_a_token_is_refused(
    app: Any, person: Callable[[str], Any], summit: Any
) -> None:
    admin = person("admin")
    writes = every_write(app)
    assert len(writes) > 10
    for path in writes:
        answer = admin.client.post(path, data={"action": "claim", "revision": "1"})
        assert answer.status_code == 400, path
        assert "no longer valid" in answer.text


def test_a_forged_token_is_refused_and_the_text_shown_again(
    person: Callable[[str], Any], summit: Any
) -> None:
    linh = person("linh")
    data = {
        "csrf_token": "forged",
        "revision": "1",
        "action": "save",
        "text-0": "My own headline",
        "was-0": "0" * 20,
    }
    answer = linh.client.post(f"/drafts/{summit['en'].id}", data=data)
    assert answer.status_code == 400
    assert "My own headline" in answer.text


@pytest.mark.parametrize("name", ["linh", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(
    person: Callable[[str], Any], name: str
) -> None:
    answer = person("").sign_in(name, "wrong password")
    assert answer.status_code == 401
    assert "Name and password do not fit." in answer.text


def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    person: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from vietwire.desk.views import account

    seen: list[str | None] = []

    def watching(stored: str | None, password: str) -> bool:
        seen.append(stored)
        return verify_password(stored, password)

    monkeypatch.setattr(account, "verify_password", watching)
    person("").sign_in("nobody", "x")
    person("").sign_in("linh", "x")
    assert len(seen) == 2
    assert seen[0] is None
    assert seen[1] is not None


def test_five_wrong_passwords_close_the_door_for_a_while(
    person: Callable[[str], Any], clock: Any
) -> None:
    nobody = person("")
    for _ in range(5):
        assert nobody.sign_in("linh", "guess").status_code == 401
    answer = nobody.sign_in("linh")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert nobody.sign_in("minh").status_code == 302, "a colleague is not locked out"
    clock.now += timedelta(minutes=16)
    assert person("").sign_in("linh").status_code == 302


def test_one_address_cannot_try_many_names(person: Callable[[str], Any]) -> None:
    nobody = person("")
    for number in range(30):
        nobody.sign_in(f"name{number}", "guess")
    assert nobody.sign_in("linh").status_code == 429


def test_a_session_ends_by_time(person: Callable[[str], Any], clock: Any) -> None:
    linh = person("linh")
    clock.now += timedelta(hours=11)
    assert linh.signed_in
    clock.now += timedelta(hours=2)
    assert not linh.signed_in


def test_signing_out_ends_the_session_itself(person: Callable[[str], Any]) -> None:
    linh = person("linh")
    cookie = linh.client.get_cookie("vietwire_session").value
    linh.post("/logout")
    linh.client.set_cookie("vietwire_session", cookie)
    assert not linh.signed_in


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(
    person: Callable[[str], Any],
) -> None:
    answer = person("").sign_in("linh")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "vietwire_session" in c)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_under_https_cookies_are_secure(room: Any) -> None:
    from dataclasses import replace

    from vietwire.desk import create_app

    room.settings = replace(room.settings, https=True)
    client = create_app(room).test_client()
    page = client.get("/login")
    assert all("Secure" in cookie for cookie in page.headers.getlist("Set-Cookie"))
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    client_data = {"csrf_token": token, "name": "linh", "password": "correct horse desk"}
    answer = client.post(
        "/login",
        data=client_data,
        base_url="https://localhost",
        headers={"Referer": "https://localhost/login"},
    )
    assert answer.status_code in (302, 400)
    assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_signing_in_never_leads_off_the_desk(person: Callable[[str], Any], target: str) -> None:
    nobody = person("")
    data = {"name": "linh", "password": "correct horse desk", "next": target}
    assert nobody.post("/login", data).location == "/"


def test_text_sent_after_the_session_ended_comes_back_after_the_sign_in(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    linh = person("linh")
    draft = summit["en"]
    path = f"/drafts/{draft.id}"
    token = linh.token(path)
    room.store.end_sessions("linh")
    data = {"revision": draft.revision, "action": "save", "text-0": "Mine & <b>only</b> mine"}
    answer = linh.client.post(path, data={"csrf_token": token, "was-0": "0" * 20, **data})
    assert answer.status_code == 401
    assert "Mine &amp; &lt;b&gt;only&lt;/b&gt; mine" in answer.text
    again = linh.client.post(
        "/login",
        data={
            "csrf_token": token,
            "name": "linh",
            "password": "correct horse desk",
            "next": path,
            "kept-text-0": "Mine & <b>only</b> mine",
            "kept-was-0": "0" * 20,
        },
    )
    assert again.status_code == 200
    assert "Mine &amp; &lt;b&gt;only&lt;/b&gt; mine</textarea>" in again.text
    assert "not saved yet" in again.text
    assert room.store.draft(draft.id).segments[0].text == draft.segments[0].text
    assert linh.signed_in


def test_changing_a_password_ends_other_sessions(person: Callable[[str], Any]) -> None:
    here, there = person("linh"), person("linh")
    data = {"old": "correct horse desk", "new": "another good one", "again": "another good one"}
    assert here.post("/account/password", {**data, "old": "wrong"}).status_code == 400
    assert here.post("/account/password", {**data, "again": "different"}).status_code == 400
    short = {**data, "new": "short", "again": "short"}
    assert "too short" in here.post("/account/password", short).text
    assert here.post("/account/password", data).status_code == 302
    assert here.signed_in
    assert not there.signed_in
    assert person("").sign_in("linh").status_code == 401
    assert person("").sign_in("linh", "another good one").status_code == 302


def test_a_deactivated_person_is_out_at_once(person: Callable[[str], Any]) -> None:
    linh, admin = person("linh"), person("admin")
    assert admin.post("/people/linh/active", {"active": "0"}).status_code == 302
    assert not linh.signed_in
    assert person("").sign_in("linh").status_code == 401


def test_passwords_are_hashed_and_weak_ones_refused() -> None:
    stored = hash_password("correct horse desk")
    assert stored.startswith("$argon2id$")
    assert verify_password(stored, "correct horse desk")
    assert not verify_password(stored, "correct horse")
    assert not verify_password(None, "correct horse desk")
    assert not verify_password("not a hash", "x")
    for weak in ("short", "x" * 300):
        with pytest.raises(WeakPassword):
            hash_password(weak)
    with pytest.raises(WeakPassword):
        hash_password("administrator", name="Administrator")


def test_the_form_key_is_for_the_desk_alone_and_survives_a_restart(room: Any) -> None:
    from vietwire.desk import create_app

    first = create_app(room).config["SECRET_KEY"]
    path = room.settings.outputs / "desk.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert create_app(room).config["SECRET_KEY"] == first


@pytest.mark.parametrize("https", [False, True])
def test_serving_uses_options_that_the_server_knows(
    room: Any, monkeypatch: pytest.MonkeyPatch, https: bool
) -> None:
    from dataclasses import replace

    import waitress
    from waitress.adjustments import Adjustments

    from vietwire.desk import serve

    seen: list[Adjustments] = []

    def listen(app: Any, **options: Any) -> None:
        seen.append(Adjustments(**options))

    monkeypatch.setattr(waitress, "serve", listen)
    room.settings = replace(room.settings, https=https)
    serve(room, "127.0.0.1", 8330)
    assert seen[0].listen[0][3] == ("127.0.0.1", 8330)
    assert seen[0].trusted_proxy == ("127.0.0.1" if https else None)
    assert seen[0].clear_untrusted_proxy_headers


def test_a_look_without_a_body_at_the_sign_in_is_no_failed_attempt(
    person: Callable[[str], Any], room: Any
) -> None:
    """A monitor asks with HEAD; thirty of those must not lock an address out."""
    nobody = person("")
    for _ in range(31):
        assert nobody.client.head("/login").status_code == 200
    assert nobody.sign_in("linh").status_code == 302
