"""The audit page: what was done, and how far the chain holds."""

import re

import pytest
from sqlalchemy import update

from bot.store.audit import link_new
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


def test_the_page_says_how_many_entries_are_linked_and_that_they_hold(
    desk: Desk, auditor: Visitor, phone: Phone
) -> None:
    phone.says("le puits de Konna est sec")
    _link(desk)
    linked = len(desk.audit())
    page = auditor.get("/admin/audit?check=1").text
    assert f"{linked} entrées" in page
    assert 'class="said good"' in page


def test_a_changed_entry_is_named(desk: Desk, auditor: Visitor, phone: Phone) -> None:
    """The negative control of the one above."""
    phone.says("le puits de Konna est sec")
    _link(desk)
    with desk.road.store.writing() as session:
        session.run(update(audit).where(audit.c.link == 2).values(actor="somebody else"))
    page = auditor.get("/admin/audit?check=1").text
    assert 'class="said bad"' in page
    assert re.search(r"maillon 2\b", page)


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


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=", "before=99999999999999999999999", "before=٣"])
def test_a_mistyped_address_still_shows_the_audit(auditor: Visitor, query: str) -> None:
    assert auditor.get(f"/admin/audit?{query}").status_code == 200


def test_the_page_holds_no_text_of_a_report(desk: Desk, auditor: Visitor, phone: Phone) -> None:
    phone.says("le puits de Konna est sec")
    page = auditor.get("/admin/audit").text
    assert "Signalement reçu" in page
    assert "puits" not in page
