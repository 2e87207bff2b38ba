"""What was typed is there again: after a refusal, a session that ended, on another laptop; and gone when it was sent."""

import html
import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from bot import staff
from bot.casework import incidents
from bot.store.tables import draft, incident, item
from tests.admin.acts import World
from tests.chat import USUAL, Phone
from tests.desk import Desk, Visitor, form_token

WELL = "le puits est sec"
Way = Callable[[World], tuple[Visitor, str, str, dict[str, str]]]
WORDS = "Merci, quelqu'un passe vendredi."


@pytest.fixture(autouse=True)
def _by_day(desk: Desk) -> None:
    desk.road.now = desk.road.now.replace(hour=10, minute=0, second=0)


@pytest.fixture
def triage(desk: Desk) -> Visitor:
    """Somebody of the desk."""
    return desk.enter("triage")


@pytest.fixture
def report(desk: Desk, phone: Phone) -> str:
    """The address of a report whose person may be written to."""
    for text in (WELL, "1", "2", "Konna", "2"):
        phone.says(text)
    return f"/admin/reports/{desk.road.report().id}"


def _typed(visitor: Visitor, page: str, field: str = "text") -> str:
    found = re.search(rf'<textarea[^>]* name="{field}"[^>]*>([^<]*)</textarea>', visitor.get(page).text)
    assert found
    return html.unescape(found[1])


def _saves(visitor: Visitor, report: str, token: str = "") -> TestResponse:
    """What the page's script sends while somebody types."""
    fields = {"csrf_token": visitor.csrf(), "token": token or form_token(), "text": WORDS, "draft": "keep"}
    return visitor.sends(f"{report}/reply", fields.items(), X_Fragment="1")


def _hides_discarding(page: str) -> bool:
    return re.search('value="discard"[^>]* hidden', page) is not None


def _drafts(desk: Desk) -> int:
    return len(desk.road.rows(draft.c.id))


def test_what_a_page_saves_by_itself_is_there_on_another_laptop_and_nobody_elses(
    desk: Desk, triage: Visitor, report: str
) -> None:
    answer = _saves(triage, report)
    assert answer.json == {"sentence": "Brouillon gardé à 10:00."}
    again = desk.let_in(triage.staff_id)
    assert _typed(again, report) == WORDS
    assert "Brouillon gardé à 10:00." in again.get(report).text
    assert _typed(desk.enter("triage"), report) == ""


def test_it_is_no_draft_any_more_when_it_was_sent(desk: Desk, triage: Visitor, report: str) -> None:
    triage.post(f"{report}/reply", text=WORDS, draft="keep")
    token = form_token()
    triage.post(f"{report}/reply", text=WORDS, token=token)
    assert _drafts(desk) == 0
    _saves(triage, report, token)
    assert _drafts(desk) == 0, "a save that was on its way when the form was sent"


def test_it_is_discarded_by_a_button(desk: Desk, triage: Visitor, report: str) -> None:
    triage.post(f"{report}/reply", text=WORDS, draft="keep")
    assert not _hides_discarding(triage.get(report).text)
    answer = triage.post(f"{report}/reply", text=WORDS, draft="discard")
    assert answer.status_code == 303
    assert _drafts(desk) == 0
    assert "Le brouillon est effacé." in triage.get(report).text
    assert _hides_discarding(triage.get(report).text)


def test_a_refused_form_keeps_what_was_typed(desk: Desk, triage: Visitor, report: str) -> None:
    words = "l'attaque de Konna"
    assert triage.post(f"{report}/reply", text=words).status_code == 422
    assert _typed(desk.let_in(triage.staff_id), report) == words
    colleague = desk.enter("triage")
    assert colleague.post(f"{report}/reply", text=WORDS).status_code == 409
    assert _typed(colleague, report) == WORDS


def test_a_form_that_comes_after_its_session_ended_by_itself_does_nothing_and_loses_nothing(
    desk: Desk, triage: Visitor, report: str
) -> None:
    desk.road.later(minutes=31)
    sent = len(desk.road.outbox())
    answer = triage.post(f"{report}/reply", text=WORDS)
    assert answer.headers["Location"] == "/admin/sign-in"
    assert "ce que vous avez écrit est gardé" in triage.get("/admin/sign-in").text
    assert len(desk.road.outbox()) == sent
    assert triage.get(report).status_code == 303, "it still opens nothing"
    assert _typed(desk.let_in(triage.staff_id), report) == WORDS


def test_a_page_that_saves_by_itself_then_is_told_so(desk: Desk, triage: Visitor, report: str) -> None:
    desk.road.later(minutes=31)
    answer = _saves(triage, report)
    assert answer.status_code == 401
    assert answer.json["title"]  # type: ignore[index]
    assert _drafts(desk) == 1


@pytest.mark.parametrize("how", ["ended by itself", "signed out", "suspended", "long ago", "no role"])
def test_nobody_else_leaves_a_draft(desk: Desk, triage: Visitor, report: str, how: str) -> None:
    """What a copied cookie can do once its session was ended on purpose, or for long: nothing at all."""
    visitor = desk.enter("auditor") if how == "no role" else triage
    csrf, cookie = visitor.csrf(), visitor.cookie()
    if how == "signed out":
        visitor.post("/admin/sign-out")
    elif how == "suspended":
        assert visitor.staff_id
        with desk.road.store.writing() as session:
            staff.end_sessions_of(session, visitor.staff_id)
    elif how != "no role":
        desk.road.later(minutes=31 if how == "ended by itself" else 60 * 48)
        desk.enter("triage")
    visitor.paste(cookie)
    visitor.post(f"{report}/reply", csrf=csrf, text=WORDS)
    assert _drafts(desk) == (1 if how == "ended by itself" else 0)


def test_a_form_that_is_too_old_is_shown_what_it_held(triage: Visitor, report: str) -> None:
    answer = triage.post(f"{report}/reply", csrf=" ", text=WORDS)
    assert answer.status_code == 400
    assert WORDS in html.unescape(answer.text)


def test_a_summary_and_the_note_of_a_call_are_kept_as_well(desk: Desk, triage: Visitor, report: str) -> None:
    call = f"/admin/call-backs/{desk.road.call_backs()[0].id}"
    triage.post(f"{call}/log", note="Rappeler le soir.", outcome="")
    assert _typed(triage, call, "note") == "Rappeler le soir."
    with desk.road.store.writing() as session:
        event = incidents.join(session, desk.road.now, USUAL, desk.road.report().id, [])
    incident = f"/admin/incidents/{event}"
    triage.post(f"{incident}/summary", summary="M. Diallo a soif.")
    assert _typed(triage, incident, "summary") == "M. Diallo a soif."
    triage.post(f"{incident}/summary", summary="Le village a soif.")
    triage.post(f"{call}/log", note="Rappeler le soir.", outcome="no_answer")
    assert _drafts(desk) == 0


def _asking_of_seats(world: World) -> tuple[Visitor, str, str, dict[str, str]]:
    """Who types, on which page, in which form, and what it takes beside the words."""
    triage = world.by("triage")
    page = f"/admin/incidents/{world.incident()}"
    triage.post(f"{page}/summary", summary="Le puits est sec.")
    return triage, page, f"{page}/route", {"lead": "solidarity", "days": "2"}


def _answering_a_seat(world: World) -> tuple[Visitor, str, str, dict[str, str]]:
    item, page = world.asked(), f"/admin/incidents/{world.newest(incident.c.id)}"
    return world.by("triage"), page, f"{page}/items/{item}/answer", {}


def _answering_the_desk(world: World) -> tuple[Visitor, str, str, dict[str, str]]:
    holder, _event, item = world.member_of_committee()
    page = f"/admin/items/{item}"
    return holder, page, f"{page}/step", {"step": "accepted"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("way", "field"), [(_asking_of_seats, "request"), (_answering_a_seat, "answer"), (_answering_the_desk, "words")]
)
def test_what_is_asked_of_seats_and_what_they_answer_is_kept_as_well(desk: Desk, way: Way, field: str) -> None:
    visitor, page, form, others = way(World(desk))
    fields = {"csrf_token": visitor.csrf(), "token": form_token(), field: WORDS, "draft": "keep"}
    assert visitor.sends(form, fields.items(), X_Fragment="1").json == {"sentence": "Brouillon gardé à 10:00."}
    assert _typed(desk.let_in(visitor.staff_id), page, field) == WORDS
    visitor.post(form, draft="discard", **{field: WORDS})
    assert _drafts(desk) == 0
    desk.road.later(minutes=31)
    visitor.post(form, **{field: WORDS}, **others)
    with visitor.client.session_transaction(base_url=desk.base) as cookie:  # type: ignore[attr-defined]
        assert cookie["back"] == page, "whoever signs in again is back on the page"
    again = desk.let_in(visitor.staff_id)
    assert _typed(again, page, field) == WORDS
    assert again.post(form, **{field: WORDS}, **others).status_code == 303
    assert _drafts(desk) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_seat_keeps_no_draft_of_the_desks_forms_and_a_link_none_at_all(desk: Desk) -> None:
    world = World(desk)
    _visitor, page, form, others = _asking_of_seats(world)
    desk.enter("committee").post(form, request=WORDS, **others)
    assert _drafts(desk) == 0
    world.by("triage").post(form, request="Voir le puits.", **others)
    made = world.by("triage").post(f"{page}/items/{world.newest(item.c.id)}/link").text
    link = re.search(r"/admin/link/[\w-]+", made)
    assert link
    device = desk.visitor()
    device.post(f"{link[0]}/open")
    assert "data-draft" not in device.get(link[0]).text
    device.post(f"{link[0]}/step", step="done", words="")
    assert _drafts(desk) == 0
