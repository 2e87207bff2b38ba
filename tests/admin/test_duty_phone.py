"""The duty phone in the panel: set and proved by a secretary, answered by whoever opens a page."""

import re
from dataclasses import replace

import pytest

from bot.casework.duty import duty_phone
from bot.casework.duty.rota import Line
from bot.people.addresses import Telephone
from tests.desk import Desk, Visitor

sqlite_is_enough = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_NUMBER = "76543210"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """At ten in the evening."""
    desk.road.now = desk.road.now.replace(hour=22, minute=0)
    return desk


@pytest.fixture
def secretary(desk: Desk) -> Visitor:
    return desk.let_in(desk.make("awa", "secretary"))


def _code(desk: Desk, number: str = _NUMBER) -> str:
    desk.road.deliver()
    note = desk.road.wire.mailbox.take(number)[-1]  # type: ignore[attr-defined]
    found = re.search("[0-9]{6}", note.text)
    assert found
    return found[0]


def _set(desk: Desk, secretary: Visitor, line: str = "desk", number: str = _NUMBER) -> None:
    secretary.post("/admin/duty/phone", line=line, number=number)
    secretary.post("/admin/duty/phone/confirm", line=line, code=_code(desk, number))


def _rings(desk: Desk) -> int:
    road = desk.road
    return duty_phone.ring_all(road.store, road.now, Telephone("sim", "simulator"), road.talks.gettext("fr"))


def test_a_secretary_sets_it_proves_it_and_takes_it_away_and_the_number_is_masked(
    desk: Desk, secretary: Visitor
) -> None:
    assert "personne n&#39;est appelé" in secretary.get("/admin/duty").text
    secretary.post("/admin/duty/phone", line="desk", number=_NUMBER)
    page = secretary.get("/admin/duty").text
    assert "attend son code" in page
    secretary.post("/admin/duty/phone/confirm", line="desk", code="no code")
    secretary.post("/admin/duty/phone/confirm", line="desk", code=_code(desk))
    page = secretary.get("/admin/duty").text
    assert "•••• ••10" in page
    assert "confirmé : il sonne" in page
    assert _NUMBER not in page
    secretary.post("/admin/duty/phone/remove", line="desk")
    assert "•••• ••10" not in secretary.get("/admin/duty").text
    done = [action for action in desk.actions() if action.startswith("duty_phone.")]
    assert done == ["duty_phone.removed", "duty_phone.confirmed", "duty_phone.refused", "duty_phone.set"]


@sqlite_is_enough
def test_a_number_that_can_not_be_is_shown_again_to_whoever_typed_it(desk: Desk, secretary: Visitor) -> None:
    answer = secretary.post("/admin/duty/phone", line="closed_queue", number="pas un numéro")
    assert answer.status_code == 422
    assert 'value="pas un numéro"' in answer.text
    assert secretary.post("/admin/duty/phone", line="x", number=_NUMBER).status_code == 400
    assert not [row for row in desk.road.outbox() if row.cause.startswith("duty")]


def test_whoever_opens_a_page_silences_the_phone_and_a_page_that_looks_by_itself_does_not(
    desk: Desk, secretary: Visitor
) -> None:
    _set(desk, secretary)
    sleeper, reader = desk.enter("triage"), desk.enter("auditor")
    desk.road.phone().says("attaque au marche, des tirs")
    assert _rings(desk) == 1
    desk.road.later(minutes=16)
    sleeper.get("/admin/inbox/changes", X_Fragment="1")
    reader.get("/admin/audit")
    assert _rings(desk) == 1
    sleeper.get("/admin/call-backs")
    desk.road.later(minutes=16)
    assert _rings(desk) == 0
    assert "a ouvert le panneau" in desk.enter("secretary").get("/admin/duty").text


@sqlite_is_enough
def test_when_the_closed_queue_rang_is_known_to_its_officers_alone(desk: Desk, secretary: Visitor) -> None:
    _set(desk, secretary, "closed_queue", "76543222")
    desk.road.phone().says("ma fille a ete enlevee maintenant a Konna")
    assert _rings(desk) == 1
    assert "A sonné la dernière fois" not in secretary.get("/admin/duty").text
    with desk.road.store.reading() as session:
        assert duty_phone.rings(session)[Line.CLOSED_QUEUE].answered_at is None
    officer = desk.enter("closed_queue")
    assert "A sonné la dernière fois" in officer.get("/admin/duty").text


@sqlite_is_enough
def test_a_house_without_an_sms_wire_says_so(desk: Desk, secretary: Visitor) -> None:
    services = desk.app.extensions["kunnafoni"]
    desk.app.extensions["kunnafoni"] = replace(services, telephone=Telephone("tel", ""))
    assert "Aucune voie SMS" in secretary.get("/admin/duty").text
    assert secretary.post("/admin/duty/phone", line="desk", number=_NUMBER).status_code == 422
