"""Excluding a body on the pages: struck out where the event is sent, and nothing of it on the body's own pages."""

import html
import re

import pytest

from bot.casework import committee, incidents, items
from bot.casework.seats import Seat
from bot.conversation.kinds import Kind
from tests.chat import Phone
from tests.desk import Desk, Visitor

SUMMARY = "Resume-canari"


@pytest.fixture
def triage(desk: Desk) -> Visitor:
    """Somebody of the desk."""
    return desk.enter("triage")


@pytest.fixture
def event(desk: Desk, triage: Visitor, phone: Phone) -> str:
    """The address of an event with a summary."""
    phone.says("le pont de Konna est coupe")
    assert triage.staff_id
    with desk.road.store.writing() as session:
        seat = Seat(triage.staff_id)
        incident_id = incidents.join(session, desk.road.now, seat, desk.road.report().id, [])
        where = {"kind": Kind.DISASTER, "place": "kun:mopti/mopti/konna", "urgency": 2}
        incidents.decide(session, desk.road.now, seat, incident_id, **where)  # type: ignore[arg-type]
        items.summarise(session, desk.road.now, seat, incident_id, SUMMARY, seen=None)
    return f"/admin/incidents/{incident_id}"


def _sits(desk: Desk, username: str, *codes: tuple[str, bool]) -> Visitor:
    member = desk.make(username, "committee")
    with desk.road.store.writing() as session:
        for code, deputy in codes:
            committee.seat_down(session, desk.road.now, Seat(member), code, member, deputy=deputy)
    return desk.let_in(member)


def _routes(triage: Visitor, event: str, lead: str, days: str = "1") -> str:
    triage.post(f"{event}/route", lead=lead, request="Reparer", days=days)
    return html.unescape(triage.get(event).text)


def _offered(page: str) -> set[str]:
    return set(re.findall(r'name="contributors" value="(\w+)"', page))


def test_an_excluded_body_is_struck_out_with_the_reason_and_is_not_sent_it(
    desk: Desk, triage: Visitor, event: str
) -> None:
    before = _offered(triage.get(event).text)
    triage.post(f"{event}/excluded", seat="solidarity", why="party")
    page = html.unescape(triage.get(event).text)
    assert _offered(page) == before - {"solidarity"}
    assert re.search(r"<del>[^<]+</del> <small>ne doit pas en être informé : il est partie à l'affaire", page)
    assert "ne doit pas en être informé. Choisissez de nouveau" in _routes(triage, event, "solidarity")
    assert "item.sent" not in desk.actions()
    triage.post(f"{event}/excluded", seat="solidarity", off="1")
    _routes(triage, event, "solidarity")
    assert desk.actions().count("item.sent") == 1


def test_what_a_reporter_asked_for_is_shown_at_the_event(desk: Desk, triage: Visitor, event: str) -> None:
    triage.post(f"/admin/reports/{desk.road.report().id}/excluded", seat="security", why="asked")
    assert "la personne qui l'a dit le demande · dit dans un signalement" in html.unescape(triage.get(event).text)
    assert "security" not in _offered(triage.get(event).text)


def test_the_rules_pass_an_excluded_body_by(triage: Visitor, event: str) -> None:
    def lead() -> str:
        found = re.search(r'<option value="(\w+)" selected', triage.get(event).text.partition('id="lead"')[2])
        assert found
        return found[1]

    first = lead()
    triage.post(f"{event}/excluded", seat=first, why="party")
    second = lead()
    assert second != first
    triage.post(f"{event}/excluded", seat=second, why="party")
    assert lead() not in (first, second)


def test_nothing_of_it_is_on_any_page_of_the_excluded_body(desk: Desk, triage: Visitor, event: str) -> None:
    _sits(desk, "awa", ("solidarity", False))
    member = _sits(desk, "ali", ("security", False), ("solidarity", True))
    _routes(triage, event, "solidarity")
    desk.road.later(days=20)
    triage = desk.enter("triage", "secretary")
    desk.road.later(seconds=1)
    with desk.road.store.reading() as session:
        (late,) = items.overdue(session, desk.road.now)
    member = desk.let_in(member.staff_id)  # type: ignore[arg-type]
    assert late.number in member.get(f"/admin/items/{late.id}").text, "it has climbed to the deputy"
    triage.post(f"/admin/reports/{desk.road.report().id}/excluded", seat="security", why="asked")
    assert str(late.id) not in member.get("/admin/items").text
    assert member.get(f"/admin/items/{late.id}").status_code == 404
    assert member.post(f"/admin/items/{late.id}/step", step="accepted").status_code == 404
    printed = triage.get("/admin/committee/report").text
    assert late.number in printed
    assert not any(word in printed for word in (SUMMARY, "Konna", "Mopti", "Reparer", "Catastrophe"))


@pytest.mark.parametrize(("days", "shown"), [(1.5, (False, False)), (4, (True, False)), (9, (True, True))])
def test_what_is_overdue_climbs_to_the_secretariat_and_then_to_the_committee(
    desk: Desk, triage: Visitor, event: str, days: float, shown: tuple[bool, bool]
) -> None:
    _routes(triage, event, "solidarity")
    desk.road.later(days=days)
    secretary = desk.enter("secretary")
    assert ("En retard au comité" in html.unescape(secretary.get("/admin/incidents").text)) == shown[0]
    assert ('class="figures late"' in secretary.get("/admin/committee/report").text) == shown[1]


@pytest.mark.parametrize("fields", [{"seat": "security"}, {"seat": "security", "why": "because"}])
def test_a_reason_that_is_none_is_refused(desk: Desk, triage: Visitor, event: str, fields: dict[str, str]) -> None:
    assert triage.post(f"{event}/excluded", **fields).status_code == 400
    triage.post(f"{event}/excluded", seat="no seat", why="party")
    assert "Cet organe n'existe pas" in html.unescape(triage.get(event).text)
    assert "seat.excluded" not in desk.actions()
