"""Working on a draft: claim, edit, conflict, approve, and what each role may do."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from vietwire.desk.edits import fingerprint, read_edits
from vietwire.story import STRONGEST, Draft, DraftStatus, MachineDraft, Signature
from vietwire.translation import NOTHING_BETTER

EAST_SEA = (
    "In his opening remarks, the Prime Minister stressed that ASEAN must stay united, uphold its "
    "centrality and maintain peace and stability in the East Sea."
)


def was(draft: Draft, *indexes: int) -> dict[str, str]:
    return {f"was-{i}": fingerprint(draft.segments[i].text) for i in indexes}


def send(who: Any, draft: Draft, action: str, **fields: str) -> Any:
    data = {"revision": str(draft.revision), "action": action, **fields}
    return who.post(f"/drafts/{draft.id}", data)


def texts(**by_index: str) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in by_index.items()}


def test_the_page_shows_both_sides_the_terms_and_the_findings(
    person: Callable[[str], Any], summit: Any
) -> None:
    page = person("linh").get(f"/drafts/{summit['en'].id}").text
    assert "Hội nghị Cấp cao ASEAN lần thứ 37" in page
    assert 'title="Biển Đông → East Sea (not found in the draft)"' in page
    assert 'class="f-block"' in page
    assert "“South China Sea” is never used." in page
    assert "Write “East Sea”." in page
    assert '<p class="text" lang="en">' in page
    assert 'class="src" lang="vi"' in page


def test_saving_a_free_draft_claims_it_and_checks_again(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft = summit["en"]
    answer = send(person("linh"), draft, "save", **{"text-4": EAST_SEA, **was(draft, 4)})
    assert answer.status_code == 302
    saved = room.store.draft(draft.id)
    assert saved.segments[4].text == EAST_SEA
    assert saved.segments[4].machine_text == draft.segments[4].machine_text
    assert saved.claimed_by == "linh"
    assert saved.blocking == ()


def test_boxes_that_were_not_touched_are_not_edits(summit: Any) -> None:
    draft = summit["en"]
    form = {f"text-{s.index}": f"  {s.text}\r\n" for s in draft.segments}
    form |= was(draft, *range(len(draft.segments)))
    form["text-1"] = "Changed\r\nover two lines"
    form["text-99"] = "no such segment"
    edits = read_edits(form, draft)
    assert dict(edits.texts) == {1: "Changed over two lines"}


def test_a_decomposed_accent_is_not_an_edit(summit: Any) -> None:
    import unicodedata

    draft = summit["fr"]
    text = draft.segments[1].text
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    assert read_edits({"text-1": apart, **was(draft, 1)}, draft).texts == {}


def test_approving_saves_what_was_typed_first(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft = summit["en"]
    answer = send(person("linh"), draft, "approve", **{"text-4": EAST_SEA, **was(draft, 4)})
    assert answer.status_code == 302
    approved = room.store.draft(draft.id)
    assert approved.status is DraftStatus.APPROVED
    assert approved.approved_by == "linh"
    assert approved.segments[4].text == EAST_SEA


def test_a_blocking_finding_stops_a_reviewer_and_keeps_their_text(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft = summit["en"]
    answer = send(
        person("linh"), draft, "approve", **{"text-0": "A better headline", **was(draft, 0)}
    )
    assert answer.status_code == 409
    assert answer.text.count("Not approved") == 1
    assert "Not approved: these findings block." in answer.text
    assert "Approve in spite of" not in answer.text
    now = room.store.draft(draft.id)
    assert now.status is DraftStatus.IN_REVIEW
    assert now.segments[0].text == "A better headline"
    assert f'name="revision" value="{now.revision}"' in answer.text


def test_an_editor_may_override_with_a_reason_and_only_with_one(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft, hoa = summit["en"], person("hoa")
    assert send(hoa, draft, "approve").status_code == 409
    now = room.store.draft(draft.id)
    reason = "Quoting the treaty's title as deposited."
    assert send(hoa, now, "approve", override_reason=reason).status_code == 302
    approved = room.store.draft(draft.id)
    assert approved.status is DraftStatus.APPROVED
    assert approved.override_reason == reason
    page = hoa.get(f"/drafts/{draft.id}").text
    assert "Quoting the treaty&#39;s title as deposited." in page


def test_the_loser_of_a_conflict_sees_both_texts_and_loses_nothing(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft = summit["en"]
    hoa, linh = person("hoa"), person("linh")
    claimed = room.review.claim(draft.id, room.store.user("linh").actor, draft.revision)
    edited = {"text-0": "Hoa's headline", "text-2": "Hoa's sentence", **was(draft, 0, 2)}
    assert (
        send(linh, claimed, "save", **{"text-0": "Linh's headline", **was(draft, 0)}).status_code
        == 302
    )
    answer = send(hoa, claimed, "save", **edited)
    assert answer.status_code == 409
    page = answer.text
    assert "Hoa&#39;s headline</textarea>" in page
    assert "Hoa&#39;s sentence</textarea>" in page
    assert '<p class="text" lang="en">Linh&#39;s headline</p>' in page
    assert "Trần Thùy Linh saved while you were editing" in page
    assert page.count("both changed it") == 1
    assert page.count("only you changed it") == 1
    now = room.store.draft(draft.id)
    assert now.segments[0].text == "Linh's headline", "nothing of the loser's was written yet"
    # The page's own form carries the new revision and fingerprints, and saves.
    fields = dict(re.findall(r'name="(was-\d+|revision)" value="([^"]+)"', page))
    again = {k: v for k, v in edited.items() if k.startswith("text")}
    saved = hoa.post(f"/drafts/{draft.id}", {"action": "save", **again, **fields})
    assert saved.status_code == 302
    now = room.store.draft(draft.id)
    assert [now.segments[i].text for i in (0, 2)] == ["Hoa's headline", "Hoa's sentence"]


def test_a_claim_in_between_is_no_conflict(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft = summit["en"]
    room.review.claim(draft.id, room.store.user("linh").actor, draft.revision)
    answer = send(person("linh"), draft, "save", **{"text-0": "Mine", **was(draft, 0)})
    assert answer.status_code == 302
    assert room.store.draft(draft.id).segments[0].text == "Mine"


def test_who_lost_the_claim_keeps_their_text_and_can_send_it_again(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft = summit["en"]
    linh, hoa = (room.store.user(n).actor for n in ("linh", "hoa"))
    claimed = room.review.claim(draft.id, linh, draft.revision)
    room.review.claim(draft.id, hoa, claimed.revision)
    answer = send(person("linh"), claimed, "save", **{"text-0": "Mine & hers", **was(draft, 0)})
    assert answer.status_code == 409
    assert "Mine &amp; hers</textarea>" in answer.text
    assert "Nguyễn Thị Hoa has this draft in hand" in answer.text
    assert "saved while you were editing" not in answer.text, "nobody saved anything"
    assert room.store.draft(draft.id).segments[0].text == draft.segments[0].text
    # Once the claim is put down the same page sends the text again.
    held = room.store.draft(draft.id)
    room.review.release_claim(draft.id, hoa, held.revision)
    button = re.search(r'<button class="primary" name="action" value="(\w+)"', answer.text)
    assert button is not None
    again = send(person("linh"), held, button[1], **{"text-0": "Mine & hers", **was(draft, 0)})
    assert again.status_code == 302
    assert room.store.draft(draft.id).segments[0].text == "Mine & hers"


def test_approving_an_outdated_page_is_not_an_approval(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft = summit["fr"]
    linh = room.store.user("linh").actor
    claimed = room.review.claim(draft.id, linh, draft.revision)
    room.review.save(draft.id, linh, claimed.revision, {0: "Un autre titre"})
    answer = send(person("linh"), claimed, "approve")
    assert answer.status_code == 302
    assert room.store.draft(draft.id).status is DraftStatus.IN_REVIEW


@pytest.mark.parametrize(
    ("name", "language", "action", "status"),
    [
        ("linh", "en", "claim", 302),
        ("linh", "ru", "claim", 403),
        ("linh", "ru", "approve", 403),
        ("linh", "fr", "reject", 302),
        ("linh", "fr", "kill", 403),
        ("minh", "fr", "save", 302),
        ("olga", "ru", "approve", 302),
        ("hoa", "zh", "approve", 302),
        ("hoa", "en", "return_to_machine", 302),
        ("hoa", "es", "kill", 302),
        ("admin", "ru", "reject", 302),
        ("linh", "en", "correct", 403),
        ("linh", "en", "release", 400),
        ("linh", "en", "outdate", 400),
        ("linh", "en", "nonsense", 400),
    ],
)
def test_each_role_does_what_the_table_says(
    person: Callable[[str], Any],
    summit: Any,
    room: Any,
    name: str,
    language: str,
    action: str,
    status: int,
) -> None:
    draft = summit[language]
    assert send(person(name), draft, action, reason="Because.").status_code == status
    moved = room.store.draft(draft.id).status is not draft.status
    assert moved == (status == 302 and action != "save")


def test_another_language_shows_no_boxes_and_takes_no_text(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft, linh = summit["ru"], person("linh")
    assert "<textarea" not in linh.get(f"/drafts/{draft.id}").text
    answer = send(linh, draft, "save", **{"text-0": "Не моё", **was(draft, 0)})
    assert answer.status_code == 409
    assert "Не моё" in answer.text
    assert room.store.draft(draft.id).segments[0].text == draft.segments[0].text


def test_a_rejection_needs_a_reason_and_the_history_tells_it(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft, linh = summit["en"], person("linh")
    assert send(linh, draft, "reject").status_code == 422
    now = room.store.draft(draft.id)
    assert now.revision == draft.revision
    assert send(linh, now, "reject", reason="Embargoed by the office").status_code == 302
    page = linh.get(f"/drafts/{draft.id}").text
    assert "Embargoed by the office" in page
    assert send(linh, room.store.draft(draft.id), "reopen").status_code == 302
    assert room.store.draft(draft.id).claimed_by == "linh"


@pytest.mark.parametrize(
    ("who", "action", "button"),
    [
        ("linh", "return_to_machine", "Return to the machine"),
        ("linh", "reject", "Reject"),
        ("hoa", "kill", "Kill"),
    ],
)
def test_a_missing_reason_is_asked_for_and_the_text_stays_in_the_form(
    person: Callable[[str], Any], summit: Any, room: Any, who: str, action: str, button: str
) -> None:
    draft, someone = summit["en"], person(who)
    answer = send(someone, draft, action, reason="  ", **{"text-4": EAST_SEA}, **was(draft, 4))
    assert answer.status_code == 422
    assert f"“{button}” needs a reason" in answer.text
    assert re.search(r'<input id="reason"[^>]*aria-invalid="true"[^>]*autofocus', answer.text)
    assert re.search(rf"<textarea[^>]*data-kept[^>]*>\s*{EAST_SEA}", answer.text)
    assert room.store.draft(draft.id) == draft
    sent = {"text-4": EAST_SEA, **was(draft, 4)}
    assert send(someone, draft, action, reason="Not ours", **sent).status_code == 302
    assert room.store.draft(draft.id).segments[4].text == EAST_SEA


def test_a_missing_reason_never_hides_a_conflict(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft, linh = summit["en"], person("linh")
    send(person("hoa"), draft, "save", **{"text-4": "Peace in the East Sea.", **was(draft, 4)})
    answer = send(linh, draft, "reject", **{"text-4": EAST_SEA}, **was(draft, 4))
    assert answer.status_code == 409
    assert EAST_SEA in answer.text
    assert "Peace in the East Sea." in answer.text


def test_who_may_not_reject_is_told_that_and_not_asked_why(
    person: Callable[[str], Any], summit: Any
) -> None:
    assert send(person("olga"), summit["en"], "reject").status_code == 403


def test_the_history_tells_who_changed_which_words(
    person: Callable[[str], Any], summit: Any
) -> None:
    draft, linh = summit["en"], person("linh")
    send(linh, draft, "save", **{"text-4": EAST_SEA, **was(draft, 4)})
    page = linh.get(f"/drafts/{draft.id}").text
    assert "<b>Trần Thùy Linh</b> edited" in page
    assert re.search(r"<del>South China</del><ins>East</ins>", page)


def test_hostile_text_is_only_ever_text(person: Callable[[str], Any], room: Any) -> None:
    from vietwire.story import Block, BlockKind, DraftSegment, MachineDraft, Signature, Story

    evil = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    story = Story(
        "evil-1",
        (Block(BlockKind.HEADLINE, evil), Block(BlockKind.LIST_ITEM, evil, marker=evil)),
        received_at=room.clock(),
        slug=evil,
        event=evil,
        keywords=(evil,),
        byline=evil,
        dateline=evil,
        bureau=evil,
    )
    room.store.add_story(story, origin=evil)
    signature = Signature(evil, "m", "r", "q", "d", "t", "v")
    segments = tuple(DraftSegment(i, i, evil, evil, evil) for i in range(2))
    draft = room.store.save_machine_draft(MachineDraft("evil-1", 1, "en", signature, segments))
    linh = person("linh")
    send(linh, draft, "save", **{"text-0": f"{evil} edited", **was(draft, 0)})
    pages = [
        "/",
        f"/?q={evil}&slug={evil}",
        "/stories",
        f"/stories?q={evil}",
        "/stories/evil-1",
        f"/drafts/{draft.id}",
        f"/terms?q={evil}",
    ]
    for path in pages:
        page = linh.get(path).text
        assert "<script>alert" not in page, path
        assert "<img" not in page, path
    stale = send(linh, draft, "save", **{"text-0": f"{evil} again", **was(draft, 0)})
    assert stale.status_code == 409
    assert "<script>alert" not in stale.text


def test_killing_a_released_item_withdraws_it_at_once(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft = summit["ru"]
    assert send(person("olga"), draft, "approve").status_code == 302
    hoa = person("hoa")
    assert hoa.post("/released/now").status_code == 302
    released = room.store.draft(draft.id)
    assert released.status is DraftStatus.RELEASED
    page = hoa.get("/released").text
    links = re.findall(r'href="(/released/\d+/\d+)"', page)
    assert len(links) >= 2
    kinds = set()
    for link in links:
        answer = hoa.get(link)
        assert answer.status_code == 200
        kinds.add(answer.mimetype)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert kinds <= {"application/json", "text/plain"}
    assert hoa.get(f"/released/{draft.id}/99").status_code == 404
    assert send(hoa, summit["es"], "approve").status_code == 302
    assert send(hoa, released, "kill", reason="Wrong speech").status_code == 302
    assert room.store.released()[0].killed_at is not None
    # What waits for release goes on waiting: a kill sends nothing out.
    assert room.store.draft(summit["es"].id).status is DraftStatus.APPROVED


def test_a_kill_whose_files_cannot_be_withdrawn_says_so_and_can_be_tried_again(
    person: Callable[[str], Any], summit: Any, room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vietwire.newsroom import Newsroom

    draft, hoa = summit["ru"], person("hoa")
    send(person("olga"), draft, "approve")
    hoa.post("/released/now")

    def full(self: Any) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Newsroom, "propagate_kills", full)
        sent = send(hoa, room.store.draft(draft.id), "kill", reason="Wrong speech")
    assert sent.status_code == 302
    assert "no space left on device" in hoa.get(f"/drafts/{draft.id}").text
    assert room.store.draft(draft.id).status is DraftStatus.KILLED
    assert "Release now" in hoa.get("/released").text
    hoa.post("/released/now")
    assert room.store.released()[0].killed_at is not None
    assert "Release now" not in hoa.get("/released").text


def test_a_release_whose_files_cannot_be_written_says_so_and_can_be_tried_again(
    person: Callable[[str], Any], summit: Any, room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hoa = person("hoa")
    send(person("olga"), summit["ru"], "approve")

    def full(handle: int) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("vietwire.release.files.os.fsync", full)
        hoa.post("/released/now")
    page = hoa.get("/released").text
    assert "no space left on device" in page
    assert "Release now" in page
    hoa.post("/released/now")
    assert "Release now" not in hoa.get("/released").text
    [item] = room.store.released()
    assert all((room.settings.outputs / name).is_file() for name in item.files)


def test_a_file_outside_the_released_folder_is_not_served(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    from vietwire.story import ReleasedItem

    draft = summit["ru"]
    send(person("olga"), draft, "approve")
    approved = room.store.draft(draft.id)
    item = ReleasedItem(
        draft.id,
        draft.source_id,
        draft.story_version,
        "ru",
        room.clock(),
        files=("desk.key", "released/../desk.key", "../../../etc/passwd"),
    )
    room.store.record_release(item, revision=approved.revision)
    hoa = person("hoa")
    for number in range(3):
        assert hoa.get(f"/released/{draft.id}/{number}").status_code == 404


def test_the_next_draft_follows_in_the_queue_and_after_the_last_comes_the_first(
    person: Callable[[str], Any], busy: Any
) -> None:
    """Passing drafts over leads through all of them, never to and fro between two."""
    linh = person("linh")
    links = re.findall(r'data-focus href="(/drafts/\d+)"', linh.get("/?language=en").text)
    minhs = [link for link in links if "claimed by Lê Quang Minh" in linh.get(link).text]
    waiting = [link for link in links if link not in minhs]
    assert len(waiting) > 3
    seen = [waiting[0]]
    for _ in waiting:
        found = re.search(r'data-next[^>]*href="(/drafts/\d+)"', linh.get(seen[-1]).text)
        assert found is not None
        seen.append(found[1])
    assert seen == [*waiting, waiting[0]]


def test_the_next_draft_is_found_without_reading_the_queue(
    person: Callable[[str], Any], busy: Any, summit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vietwire.store import Store

    read: list[int] = []
    usual = Store.drafts

    def counted(self: Any, *filters: Any) -> Any:
        rows = usual(self, *filters)
        read.append(len(rows))
        return rows

    monkeypatch.setattr(Store, "drafts", counted)
    page = person("linh").get(f"/drafts/{summit['en'].id}").text
    assert "data-next" in page
    assert read == [len(summit)]  # the story's other languages


def test_a_draft_is_read_as_copy_before_it_is_approved(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    linh, draft = person("linh"), summit["fr"]
    link = f"/drafts/{draft.id}/copy"
    assert f'href="{link}"' in linh.get(f"/drafts/{draft.id}").text
    page = linh.get(link).text
    article = re.search(r'<article class="panel copy" lang="fr">(.*?)</article>', page, re.DOTALL)
    assert article is not None
    copy = html.unescape(article[1])
    assert copy.startswith("Ouverture du 37e Sommet de l’ASEAN")
    assert "\n\nHanoï (VNA) – Les dirigeants des 10 pays" in copy
    assert "relue par Trần Thùy Linh" in copy
    assert room.store.draft(draft.id) == draft, "reading changes nothing"
    assert not (room.settings.outputs / "released").exists()


def test_findings_that_stop_an_approval_lead_to_their_segments(
    person: Callable[[str], Any], summit: Any
) -> None:
    stopped = send(person("hoa"), summit["en"], "approve")
    assert stopped.status_code == 409
    notice = re.search(r'<div class="notice error".*?</div>', stopped.text, re.DOTALL)
    assert notice is not None
    assert '<a href="#s4">segment 5</a>' in notice[0]
    assert 'href="#override"' in notice[0]


def test_a_draft_that_waits_for_the_machine_says_so(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft, linh = summit["en"], person("linh")
    send(linh, draft, "return_to_machine", reason="Half of it is missing")
    assert "waits for the machine" in linh.get(f"/drafts/{draft.id}").text


def test_a_draft_by_the_strongest_means_is_not_returned_again(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    linh, offer = person("linh"), 'value="return_to_machine"'
    before = summit["en"]
    assert offer in linh.get(f"/drafts/{before.id}").text
    by = Signature("embedded", "vietwire-mini", "3", "int8", "beam2", "4be1f02c", "0.1.0")
    made = MachineDraft(
        before.source_id, 1, "en", by.stronger(STRONGEST), before.segments, (NOTHING_BETTER,)
    )
    draft = room.store.save_machine_draft(made, force=True)
    page = linh.get(f"/drafts/{draft.id}").text
    assert offer not in page
    assert "cannot be returned to the machine again" in page
    assert "This text was sent back before" in page
    answer = send(linh, draft, "return_to_machine", reason="Still bad")
    assert answer.status_code == 403
    assert "the machine has nothing better: edit it" in answer.text
    assert room.store.draft(draft.id) == draft, "not even claimed"
    linh.post("/preferences", {"ui": "vi"})
    answer = send(linh, draft, "return_to_machine", reason="Still bad")
    assert "không thể trả lại bản dịch" in answer.text
    assert "Không thể trả lại cho máy nữa" in answer.text
    assert "đã bị trả lại trước đây" in answer.text


def test_a_replaced_version_offers_neither_its_files_nor_a_kill(
    person: Callable[[str], Any], summit: Any, room: Any
) -> None:
    draft, hoa = summit["ru"], person("hoa")
    send(hoa, draft, "approve")
    hoa.post("/released/now")
    send(hoa, room.store.draft(draft.id), "correct", reason="Name")
    now = room.store.draft(draft.id)
    send(hoa, now, "approve", **{"text-0": "Открылся 37-й саммит АСЕАН", **was(now, 0)})
    hoa.post("/released/now")
    newest, first = re.findall(r"<tr data-item>.*?</tr>", hoa.get("/released").text, re.DOTALL)
    assert "item version 2" in newest
    assert f"/released/{draft.id}/0" in newest
    assert 'value="kill"' in newest
    assert "replaced by version 2" in first
    assert f"/released/{draft.id}/0" not in first
    assert 'value="kill"' not in first


def test_the_page_reads_what_went_out_once(
    person: Callable[[str], Any], summit: Any, room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vietwire.store import Store

    hoa = person("hoa")
    for language in ("ru", "es"):
        send(hoa, summit[language], "approve")
    hoa.post("/released/now")
    reads: list[dict[str, Any]] = []
    usual = Store.released
    monkeypatch.setattr(
        Store, "released", lambda self, **asked: reads.append(asked) or usual(self, **asked)
    )
    assert hoa.get("/released").text.count("<tr data-item>") == 2
    assert hoa.get("/released?language=ru").text.count("<tr data-item>") == 1
    assert reads == [{}, {}]


def test_an_embargo_is_named_where_somebody_waits_for_the_release(
    person: Callable[[str], Any], embargoed: Any, room: Any, clock: Any
) -> None:
    draft, hoa = embargoed["es"], person("hoa")
    send(hoa, draft, "approve")
    page = hoa.get(f"/drafts/{draft.id}").text
    assert "goes out when its embargo ends, 12 Nov 2020, 15:00" in page
    page = hoa.get("/released").text
    assert "0 approved drafts wait for release · 1 waits for its embargo to end." in page
    assert "Release now" not in page
    hoa.post("/released/now")
    assert "1 waits for its embargo to end." in hoa.get("/released").text
    clock.now += timedelta(hours=4)
    assert "Release now" in hoa.get("/released").text
    hoa.post("/released/now")
    assert room.store.draft(draft.id).status is DraftStatus.RELEASED
