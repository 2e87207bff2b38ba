"""Joining reports on the pages: ticked, shown together, decided once for all."""

import html
import re

import pytest

from bot.casework.desk import judge
from bot.casework.seats import Seat
from bot.store.tables import Veracity
from bot.store.types import new_id
from tests.chat import Phone
from tests.desk import Desk


def test_two_reports_are_joined_judged_and_closed_on_the_page(desk: Desk, phone: Phone) -> None:
    visitor = desk.enter("triage")
    for said in ("le pont de Konna est coupe par la crue", "1", "2", "0", "0"):
        phone.says(said)
    first = desk.road.report()
    other = desk.road.phone("76000002")
    for said in ("inondation a Konna, le pont ne passe plus", "1", "2", "0", "0"):
        other.says(said)
    (second,) = [line for line in desk.road.reports() if line.id != first.id]
    page = visitor.get(f"/admin/reports/{first.id}").text
    assert "Le même événement ?" in page
    assert "même commune" in page
    assert str(second.id) in page
    assert "Aucun événement ici." in visitor.get("/admin/incidents").text
    visitor.post(f"/admin/reports/{first.id}/join")
    assert "Cochez les signalements" in visitor.get(f"/admin/reports/{first.id}").text
    assert visitor.post(f"/admin/reports/{first.id}/join", others="no id").status_code == 400
    address = visitor.post(f"/admin/reports/{first.id}/join", others=str(second.id)).location
    page = visitor.get(address).text
    assert "le pont ne passe plus" in page
    assert "2 signalements" in visitor.get("/admin/incidents").text
    assert visitor.post(f"{address}/decide", kind="child", urgency="1").status_code == 422
    visitor.post(f"{address}/decide", kind="disaster", urgency="1", place="kun:mopti/mopti/konna")
    assert "Inondation" in visitor.get(address).text
    visitor.post(f"{address}/close")
    assert "Pont" not in visitor.get("/admin/incidents").text
    assert "2 signalements" in visitor.get("/admin/incidents?status=closed").text
    visitor.post(f"{address}/reopen")
    visitor.post(f"/admin/reports/{second.id}/split")
    assert "le pont ne passe plus" not in visitor.get(address).text


def test_what_one_person_alone_tells_is_brought_to_the_committee(desk: Desk, phone: Phone) -> None:
    visitor = desk.enter("secretary")
    for said in ("le pont de Konna est coupe par la crue", "1", "2", "0", "0"):
        phone.says(said)
    report = f"/admin/reports/{desk.road.report().id}"
    assert f'action="{report}/event"' in visitor.get(report).text
    event = visitor.post(f"{report}/event").location
    assert "Résumé pour le comité" in visitor.get(event).text
    assert f'action="{report}/event"' not in visitor.get(report).text
    visitor.post(f"{event}/decide", kind="disaster", urgency="2", place="kun:mopti/mopti/konna")
    visitor.post(f"{event}/summary", summary="Le pont de Konna est coupé.")
    visitor.post(f"{event}/route", lead="solidarity", request="Rouvrir le passage.", days="2")
    assert "item.sent" in desk.actions()
    visitor.post(f"{report}/split")
    assert f'action="{report}/event"' in visitor.get(report).text


@pytest.mark.parametrize("said", ["mon frere a ete enleve", "on dit que le marche de Konna est ferme, est-ce vrai?"])
def test_the_closed_queue_and_a_rumour_have_their_own_way(desk: Desk, phone: Phone, said: str) -> None:
    for words in (said, "1", "2", "0", "0"):
        phone.says(words)
    page = desk.enter("closed_queue").get(f"/admin/reports/{desk.road.report().id}")
    assert page.status_code == 200
    assert "/event" not in page.text


def test_an_event_that_is_not_there_is_not_found(desk: Desk) -> None:
    visitor = desk.enter("triage")
    assert visitor.get("/admin/incidents/00000000-0000-0000-0000-000000000001").status_code == 404


@pytest.mark.parametrize(
    ("veracity", "weighs"),
    [
        (Veracity.CONFIRMED_TRUE, "Plutôt vrai jusqu'ici"),
        (Veracity.CONFIRMED_FALSE, "Plutôt faux jusqu'ici"),
        (Veracity.CANNOT_BE_CHECKED, "Ni vrai ni faux jusqu'ici"),
    ],
)
def test_a_report_says_what_its_source_weighs(desk: Desk, phone: Phone, veracity: Veracity, weighs: str) -> None:
    for said in ("le pont de Konna est coupe par la crue", "1", "2", "0", "0"):
        phone.says(said)
    with desk.road.store.writing() as session:
        judge(session, desk.road.now, Seat(new_id()), desk.road.report().id, veracity)
    desk.road.later(hours=30)
    phone.says("le puits de Sofara est sec")
    newest = max(desk.road.reports(), key=lambda line: line.made_at)
    page = html.unescape(desk.enter("triage").get(f"/admin/reports/{newest.id}").text)
    assert re.search(rf"<dt>Source</dt><dd><b>{weighs}</b> · 1 signalement antérieur", page)
