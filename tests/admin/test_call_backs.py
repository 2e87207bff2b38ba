"""Call-backs: the number is shown to who calls, and that is written down."""

import pytest

from bot.casework.call_backs import CallBack
from bot.store.types import new_id
from tests.chat import Phone
from tests.desk import Desk, Visitor


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    """Somebody of the triage."""
    return desk.enter("triage")


@pytest.fixture
def task(desk: Desk, phone: Phone) -> CallBack:
    """Somebody who rang."""
    phone.bips()
    return desk.road.call_backs()[0]


def test_a_missed_call_waits_in_the_list_and_in_the_menu(visitor: Visitor, phone: Phone, task: CallBack) -> None:
    phone.bips()
    page = visitor.get("/admin/call-backs").text
    assert "a sonné 2 fois" in page
    assert '<span class="number">1</span>' in visitor.get("/admin/account").text


def test_the_number_is_shown_on_demand_and_each_look_is_written_down(
    desk: Desk, visitor: Visitor, task: CallBack
) -> None:
    assert "76123456" not in visitor.get("/admin/call-backs").text
    for _ in range(2):
        assert "76123456" in visitor.post(f"/admin/call-backs/{task.id}/number").text
    shown = [entry for entry in desk.audit() if entry.action == "call_back.shown"]
    assert [(entry.actor, entry.subject) for entry in shown] == [(f"staff:{visitor.staff_id}", str(task.id))] * 2
    assert "76123456" not in visitor.get("/admin/call-backs").text


def test_a_call_is_done_once(desk: Desk, visitor: Visitor, task: CallBack) -> None:
    for who in (visitor, desk.enter("secretary")):
        assert who.post(f"/admin/call-backs/{task.id}/done").headers["Location"] == "/admin/call-backs"
    assert not desk.road.call_backs()
    assert desk.actions().count("call_back.done") == 1


def test_the_number_of_a_done_call_is_not_shown_any_more(visitor: Visitor, task: CallBack) -> None:
    visitor.post(f"/admin/call-backs/{task.id}/done")
    assert visitor.post(f"/admin/call-backs/{task.id}/number").status_code == 303


def test_a_task_that_is_not_there_leads_back_to_the_list(visitor: Visitor) -> None:
    assert visitor.post(f"/admin/call-backs/{new_id()}/number").headers["Location"] == "/admin/call-backs"
    assert "Cette tâche est faite" in visitor.get("/admin/call-backs").text


def test_an_empty_list_says_so(visitor: Visitor) -> None:
    assert 'class="empty"' in visitor.get("/admin/call-backs").text
