"""The duty page: a week with its gaps, and what a secretary does with it."""

import re
from datetime import UTC, date, timedelta
from uuid import UUID

import pytest

from bot.casework.duty import rota
from bot.casework.duty.hours import Span
from bot.casework.duty.rota import Line
from bot.casework.seats import Seat
from tests.desk import Desk, Visitor

_MORNING = Span(7, 13)
sqlite_is_enough = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """On a Monday at nine, long ahead: hours and days are then the same whenever the test runs."""
    today = desk.road.now
    desk.road.now = (today + timedelta(days=7 - today.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    return desk


@pytest.fixture
def secretary(desk: Desk) -> Visitor:
    return desk.let_in(desk.make("awa", "secretary"))


def _today(desk: Desk) -> date:
    return desk.road.now.astimezone(UTC).date()


def _put(desk: Desk, who: UUID, span: Span = _MORNING, line: Line = Line.DESK, days: int = 0) -> None:
    with desk.road.store.writing() as session:
        day = _today(desk) + timedelta(days=days)
        rota.add(session, desk.road.now, Seat(who), line, who, [day], span)


def _form(desk: Desk, who: UUID | None, **changes: str) -> dict[str, str]:
    usual = {"person": str(who), "line": "desk", "opens": "7", "closes": "13", "day": _today(desk).isoformat()}
    return {**usual, **changes}


def _days(page: str) -> list[str]:
    return page.partition('<ol class="week">')[2].partition("</ol>")[0].split('<li class="card')[1:]


def _names(desk: Desk, since: int = 0) -> list[str]:
    with desk.road.store.reading() as session:
        found = rota.shifts(session, _today(desk) + timedelta(days=since))
    return [each.person.name for each in found]


def test_a_secretary_puts_somebody_on_the_rota_and_everybody_of_the_desk_reads_it(
    desk: Desk, secretary: Visitor
) -> None:
    answer = secretary.post("/admin/duty/shifts", **_form(desk, secretary.staff_id))
    assert answer.status_code == 303
    assert desk.actions()[0] == "shift.added"
    reader = desk.enter("triage")
    monday = _days(reader.get("/admin/duty").text)[0]
    assert "Awa" in monday
    assert "7 h–13 h" in monday
    assert "13 h–19 h personne n&#39;est de permanence" in monday
    assert "De permanence : Awa jusqu&#39;à 13 h" in reader.get("/admin/inbox").text
    assert "/admin/duty/shifts" not in reader.get("/admin/duty").text


@pytest.mark.parametrize(
    "changes",
    [{"person": "x"}, {"closes": "7"}, {"opens": "-1"}, {"day": "gestern"}, {"day": "2020-01-01"}, {"line": "other"}],
)
@sqlite_is_enough
def test_a_form_that_can_not_be_is_shown_again_with_what_was_typed(
    desk: Desk, secretary: Visitor, changes: dict[str, str]
) -> None:
    answer = secretary.post("/admin/duty/shifts", **_form(desk, secretary.staff_id, **{"opens": "9", **changes}))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    if "opens" not in changes:
        assert '<option value="9" selected>' in answer.text
    assert _names(desk) == []


@sqlite_is_enough
def test_the_same_form_sent_twice_acts_once(desk: Desk, secretary: Visitor) -> None:
    for _ in range(2):
        secretary.post("/admin/duty/shifts", token="t" * 24, **_form(desk, secretary.staff_id))
    assert desk.actions().count("shift.added") == 1


def test_removing_swapping_copying_and_undoing(desk: Desk, secretary: Visitor) -> None:
    assert secretary.staff_id
    other = desk.make("moussa", "triage")
    _put(desk, secretary.staff_id)
    _put(desk, other, Span(13, 19))
    page = secretary.get("/admin/duty").text
    one, two = re.findall(r"/admin/duty/shifts/([^/]+)/remove", page)
    secretary.post("/admin/duty/swap", one=one, other=two)
    assert _names(desk) == ["Moussa", "Awa"]
    secretary.post("/admin/duty/copy", week=_today(desk).isoformat())
    assert _names(desk, 7) == ["Moussa", "Awa"]
    for _ in range(2):
        change = re.search(r'name="change" value="(\d+)"', secretary.get("/admin/duty").text)
        assert change
        secretary.post("/admin/duty/undo", change=change[1])
        assert _names(desk, 7) == []
    assert _names(desk) == ["Awa", "Moussa"]
    stale = secretary.post("/admin/duty/undo", change="4")
    assert "plus rapide" in secretary.get(stale.location).text
    secretary.post(f"/admin/duty/shifts/{re.findall(r'/admin/duty/shifts/([^/]+)/remove', page)[0]}/remove")
    assert _names(desk) == ["Moussa"]


@sqlite_is_enough
def test_hours_and_holidays_are_set_and_taken_back(desk: Desk, secretary: Visitor) -> None:
    today = _today(desk).isoformat()
    secretary.post("/admin/duty/hours", day=today, weekday="0", opens="8", closes="12")
    assert "service 8 h–12 h" in _days(secretary.get("/admin/duty").text)[0]
    secretary.post("/admin/duty/hours", day=today, name="Tabaski", closed="1", opens="7", closes="13")
    monday = _days(secretary.get("/admin/duty").text)[0]
    assert "fermé · Tabaski" in monday
    assert "Le bureau est fermé jusqu" in secretary.get("/admin/inbox").text
    secretary.post("/admin/duty/hours", day=today, back="1")
    assert "service 8 h–12 h" in _days(secretary.get("/admin/duty").text)[0]
    assert desk.actions().count("hours.changed") == 3
    for wrong in ({"day": "2020-01-01", "closed": "1"}, {"day": today, "opens": "9", "closes": "9"}, {"day": ""}):
        assert secretary.post("/admin/duty/hours", **wrong).status_code == 422


@sqlite_is_enough
def test_one_says_of_oneself_in_which_languages_one_works_and_the_secretary_of_all(
    desk: Desk, secretary: Visitor
) -> None:
    own = desk.let_in(desk.make("fanta", "triage"))
    colleague = desk.make("moussa", "triage")
    address = f"/admin/duty/people/{own.staff_id}"
    own.post(address, language="ffm", as_woman="1")
    assert "Peul, prend" not in own.get("/admin/duty").text
    page = own.get("/admin/duty").text
    assert re.search(r"Fanta</a></dt><dd>[^<]+ · prend les appels en tant que femme", page)
    assert own.get(f"/admin/duty/people/{colleague}").status_code == 404
    assert own.post(f"/admin/duty/people/{colleague}", language="bm").status_code == 404
    assert secretary.post(f"/admin/duty/people/{colleague}", language="bm").status_code == 303
    assert secretary.get(f"/admin/duty/people/{UUID(int=9)}").status_code == 404
    auditor = desk.make("issa", "auditor")
    assert secretary.get(f"/admin/duty/people/{auditor}").status_code == 404


@sqlite_is_enough
def test_the_languages_of_the_closed_queue_are_known_to_its_officers_alone(desk: Desk) -> None:
    phone = desk.road.phone()
    for text in ("ma fille a ete enlevee hier a Konna", "2"):
        phone.says(text)
    officer = desk.make("fanta", "closed_queue", "secretary")
    _put(desk, officer, line=Line.CLOSED_QUEUE)
    assert "bambara" in _days(desk.let_in(officer).get("/admin/duty").text)[0].lower()
    for roles in (("triage",), ("secretary",)):
        page = _days(desk.enter(*roles).get("/admin/duty").text)[0]
        assert "Fanta" in page
        assert "bambara" not in page.lower()


@sqlite_is_enough
@pytest.mark.parametrize("week", ["", "x", "2026-13-01", "0001-01-01", "9999-12-31", "%00"])
def test_a_mistyped_week_is_the_present_one(desk: Desk, secretary: Visitor, week: str) -> None:
    answer = secretary.get(f"/admin/duty?week={week}")
    assert answer.status_code == 200
    assert "aujourd" in _days(answer.text)[0]


@sqlite_is_enough
def test_an_unread_report_of_a_life_in_danger_stands_on_every_page_until_somebody_opens_it(desk: Desk) -> None:
    visitor, officer = desk.enter("triage"), desk.enter("closed_queue")
    assert "de vie en danger n" not in visitor.get("/admin/duty").text
    desk.road.phone("76000001").says("attaque au marche, des tirs")
    desk.road.phone("76000002").says("ma fille a ete enlevee hier a Konna")
    assert "1 signalement de vie en danger" in visitor.get("/admin/duty").text
    assert "2 signalements de vie en danger" in officer.get("/admin/call-backs").text
    for line in desk.road.reports():
        officer.get(f"/admin/reports/{line.id}")
    assert "de vie en danger n&#39;est" not in visitor.get("/admin/duty").text
