"""The audit page: what was done, and how far the chain holds."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from bot.store import Session
from bot.store.audit import Entry, link_new
from bot.store.tables import audit
from tests.chat import Phone
from tests.desk import Desk, Visitor


@pytest.fixture
def auditor(desk: Desk) -> Visitor:
    """An auditor."""
    return desk.enter("auditor")


def _link(desk: Desk) -> None:
    desk.road.later(seconds=10)
    with desk.road.store.writing() as session:
        link_new(session, desk.road.now)


def test_the_page_says_that_nothing_was_changed(desk: Desk, auditor: Visitor, phone: Phone) -> None:
    phone.says("le puits de Konna est sec")
    _link(desk)
    assert "Pas encore vérifié" in auditor.get("/admin/audit").text
    linked = len(desk.audit())
    assert auditor.post("/admin/audit").status_code == 303
    page = html.unescape(auditor.get("/admin/audit").text)
    assert "Rien n'a été modifié" in page
    assert f"{linked} maillons tiennent" in page
    assert desk.actions()[0] == "audit.checked"
    _link(desk)
    assert "1 entrée a été liée depuis" in auditor.get("/admin/audit").text


def _changed(session: Session) -> None:
    session.run(update(audit).where(audit.c.link == 3).values(actor="somebody else"))


def _removed(session: Session) -> None:
    session.run(delete(audit).where(audit.c.link == 3))


@pytest.mark.parametrize("act", [_changed, _removed])
def test_a_changed_entry_is_named_with_what_to_do(
    desk: Desk, auditor: Visitor, phone: Phone, act: Callable[[Session], None]
) -> None:
    """The negative control of the one above."""
    phone.says("le puits de Konna est sec")
    for number in range(3):
        desk.make(f"member-{number}")
    _link(desk)
    whole = {entry.id for entry in desk.audit()[-2:]}
    with desk.road.store.writing() as session:
        act(session)
    auditor.post("/admin/audit")
    page = html.unescape(auditor.get("/admin/audit").text)
    assert f"Jusqu'à l'entrée n° {max(whole)} (" in page
    assert "Ne changez rien" in page
    rows = re.findall(r"<tr><td>(\d+)</td>(.*?)</tr>", page)
    assert {int(number) for number, row in rows if "non prouvé" not in row} == whole
    assert "Rien n'a été modifié" not in page


def test_what_was_changed_at_the_very_beginning_leaves_nothing_proved(desk: Desk, auditor: Visitor) -> None:
    desk.make("awa")
    _link(desk)
    with desk.road.store.writing() as session:
        session.run(update(audit).where(audit.c.link == 1).values(actor="somebody else"))
    auditor.post("/admin/audit")
    assert "toute première entrée" in auditor.get("/admin/audit").text


def _shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<tr><td>(\d+)</td>", page)]


def _numbers(desk: Desk, wanted: Callable[[Entry], bool]) -> list[int]:
    return [entry.id for entry in desk.audit() if wanted(entry)]


def test_entries_are_looked_for_by_who_what_when_and_on_what(desk: Desk, auditor: Visitor, phone: Phone) -> None:
    triage = desk.enter("triage")
    phone.says("le puits de Konna est sec")
    desk.road.later(hours=30)
    report = desk.road.report().id
    triage = desk.enter("triage")
    triage.post(f"/admin/reports/{report}/set-aside", reason="test")
    auditor = desk.enter("auditor")
    entries, today = desk.audit(), desk.road.now.date()
    found: dict[str, Callable[[Entry], bool]] = {
        f"who=staff:{triage.staff_id}": lambda entry: entry.actor == f"staff:{triage.staff_id}",
        "who=phones": lambda entry: entry.actor == "sender",
        "who=service": lambda entry: entry.actor == "command",
        "act=report.set_aside": lambda entry: entry.action == "report.set_aside",
        f"about={report}": lambda entry: entry.subject == str(report),
        f"about=https://desk.example/admin/reports/{report}": lambda entry: entry.subject == str(report),
        f"since={today}": lambda entry: entry.at.date() >= today,
        f"until={today - timedelta(days=1)}": lambda entry: entry.at.date() < today,
        f"who=phones&since={today}": lambda entry: False,
        f"who=service&until={today}": lambda entry: entry.actor == "command",
    }
    for query, wanted in found.items():
        page = auditor.get(f"/admin/audit?{query}")
        assert (page.status_code, _shown(page.text)) == (200, _numbers(desk, wanted)), query
    assert "Rien n" in auditor.get("/admin/audit?act=keys.rotated").text
    assert desk.audit() == entries, "to look is no act"


def test_a_day_that_is_none_is_said_and_what_was_typed_stays(auditor: Visitor) -> None:
    answer = auditor.get("/admin/audit?since=hier&act=report.seen")
    assert answer.status_code == 422
    assert "année-mois-jour" in answer.text
    assert 'value="report.seen" selected' in answer.text


def test_a_search_is_turned_page_by_page(desk: Desk, auditor: Visitor) -> None:
    for number in range(120):
        desk.make(f"member-{number}")
    address, seen = "/admin/audit?act=staff.made&who=service", []
    while address:
        page = auditor.get(address).text
        seen += _shown(page)
        older = re.search(r'href="(/admin/audit\?[^"]*before=\d+[^"]*)"', page)
        address = html.unescape(older[1]) if older else ""
    assert seen == _numbers(desk, lambda entry: entry.action == "staff.made")
    assert len(seen) > 120


def test_old_entries_are_turned_to_page_by_page(desk: Desk, auditor: Visitor) -> None:
    for _ in range(120):
        desk.make(f"member-{_}")
    address, seen = "/admin/audit", []
    while address:
        page = auditor.get(address).text
        seen += [int(number) for number in re.findall(r"<tr><td>(\d+)</td>", page)]
        older = re.search(r'href="(/admin/audit\?before=\d+)"', page)
        address = older[1] if older else ""
    assert seen == sorted((entry.id for entry in desk.audit()), reverse=True)


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=-1",
        "before=",
        "before=99999999999999999999999",
        "before=٣",
        "who=nobody-of-ours",
        "act=no.such",
        "about=%00",
        "until=9999-12-31",
        "since=0001-01-01",
    ],
)
def test_a_mistyped_address_still_shows_the_audit(auditor: Visitor, query: str) -> None:
    assert auditor.get(f"/admin/audit?{query}").status_code == 200


def test_the_page_holds_no_text_of_a_report(desk: Desk, auditor: Visitor, phone: Phone) -> None:
    phone.says("le puits de Konna est sec")
    page = auditor.get("/admin/audit").text
    assert "Signalement reçu" in page
    assert "puits" not in page
