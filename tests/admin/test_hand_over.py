"""Hand-over notes in the panel, and which officer of the closed queue is on duty."""

import re
from datetime import UTC

import pytest

from bot.casework.duty import rota
from bot.casework.duty.hours import Span
from bot.casework.duty.rota import Line
from bot.casework.seats import Seat
from tests.desk import Desk

sqlite_is_enough = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_WORDS = "Rappeler la radio <b>de Konna</b>"


def test_a_note_stands_over_the_inbox_of_each_until_they_have_read_it(desk: Desk) -> None:
    awa, moussa, fanta = (desk.let_in(desk.make(name, "triage")) for name in ("awa", "moussa", "fanta"))
    desk.road.later(minutes=1)
    assert awa.post("/admin/hand-overs", text=_WORDS).status_code == 303
    page = moussa.get("/admin/inbox").text
    assert "Rappeler la radio &lt;b&gt;de Konna" in page
    assert "Rappeler" not in awa.get("/admin/inbox").text
    path = re.findall(r'action="(/admin/hand-overs/[^"]+/read)"', page)[0]
    assert moussa.post(path).location == "/admin/inbox"
    assert "Rappeler" not in moussa.get("/admin/inbox").text
    assert "Rappeler" in fanta.get("/admin/inbox").text
    assert "lue par Moussa" in awa.get("/admin/hand-overs").text
    assert desk.actions()[:2] == ["hand_over.read", "hand_over.written"]


def test_its_author_takes_it_back_and_nobody_else_is_offered_that(desk: Desk) -> None:
    awa, moussa = (desk.let_in(desk.make(name, "triage")) for name in ("awa", "moussa"))
    awa.post("/admin/hand-overs", text=_WORDS)
    path = re.findall(r'action="(/admin/hand-overs/[^"]+/withdraw)"', awa.get("/admin/hand-overs").text)[0]
    assert path not in moussa.get("/admin/hand-overs").text
    moussa.post(path)
    assert "Rappeler" in awa.get("/admin/hand-overs").text
    awa.post(path)
    assert "Rappeler" not in awa.get("/admin/hand-overs").text
    assert awa.post(path).status_code == 404


@sqlite_is_enough
@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_a_note_that_can_not_be_is_shown_again(desk: Desk, text: str) -> None:
    answer = desk.enter("triage").post("/admin/hand-overs", text=text)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert text.strip() in answer.text


@sqlite_is_enough
def test_a_note_for_the_closed_queue_is_there_for_its_officers_alone(desk: Desk) -> None:
    officer, other = desk.let_in(desk.make("fanta", "closed_queue")), desk.enter("triage", "secretary")
    assert other.post("/admin/hand-overs", text=_WORDS, closed_queue="1").status_code == 404
    officer.post("/admin/hand-overs", text=_WORDS, closed_queue="1")
    page = officer.get("/admin/hand-overs").text
    assert "Rappeler" in page
    path = re.findall(r'action="(/admin/hand-overs/[^"]+)/withdraw"', page)[0]
    assert "Rappeler" not in other.get("/admin/hand-overs").text + other.get("/admin/inbox").text
    assert [other.post(f"{path}/{verb}").status_code for verb in ("read", "withdraw")] == [404, 404]
    assert 'name="closed_queue"' not in other.get("/admin/hand-overs").text


@sqlite_is_enough
def test_the_pages_of_calls_say_which_officer_is_on_duty(desk: Desk) -> None:
    desk.road.now = desk.road.now.replace(hour=9, minute=0)
    fanta = desk.make("fanta", "closed_queue")
    officer, other = desk.let_in(fanta), desk.enter("triage")
    for path in ("/admin/call-backs", "/admin/closed"):
        assert "aucun responsable n&#39;est de permanence" in officer.get(path).text
    with desk.road.store.writing() as session:
        today = desk.road.now.astimezone(UTC).date()
        rota.add(session, desk.road.now, Seat(fanta), Line.CLOSED_QUEUE, fanta, [today], Span(7, 13))
    for path in ("/admin/call-backs", "/admin/closed"):
        assert "File confidentielle, de permanence : Fanta jusqu&#39;à 13 h" in officer.get(path).text
    assert "File confidentielle, de permanence" not in other.get("/admin/call-backs").text
