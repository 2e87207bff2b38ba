"""Call-backs: the number is shown to who calls, and that is written down."""

import html
import re
from datetime import timedelta

import pytest

from bot.casework.call_backs import CallBack
from bot.store.types import new_id
from tests.chat import Phone
from tests.desk import Desk, Visitor, form_token


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


def test_whose_life_is_in_danger_is_called_before_who_has_waited_longer(desk: Desk, visitor: Visitor) -> None:
    calm, silent, endangered = (desk.road.phone(f"7600000{number}") for number in (1, 2, 3))
    for said in ("le puits de konna est sec", "1", "2", "2"):
        calm.says(said)
    desk.road.later(minutes=1)
    silent.bips()
    desk.road.later(minutes=1)
    for said in ("attaque a konna des gens armes", "1", "1", "1"):
        endangered.says(said)
    page = visitor.get("/admin/call-backs").text
    lines = re.findall(r'<li class="line task( u\d)?"', page)
    assert lines == [" u1", "", " u3"]


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


def test_a_call_page_has_a_script_and_what_came_of_the_calls_before(
    desk: Desk, visitor: Visitor, task: CallBack
) -> None:
    path = f"/admin/call-backs/{task.id}"
    assert f'href="{path}"' in visitor.get("/admin/call-backs").text
    page = html.unescape(visitor.get(path).text)
    assert "sans que personne n'écoute" in page
    assert "Personne n'a encore appelé" in page
    assert "76123456" not in page
    answer = visitor.post(f"{path}/log", outcome="no_answer", note="<b>le soir</b>")
    assert answer.headers["Location"] == "/admin/call-backs"
    assert "1 appel tenté" in visitor.get("/admin/call-backs").text
    assert "&lt;b&gt;le soir&lt;/b&gt;" in visitor.get(path).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"outcome": ""}, "Choisissez ce que l'appel a donné"),
        ({"outcome": "police"}, "Choisissez ce que l'appel a donné"),
        ({"outcome": "later"}, "Dites quand on peut appeler"),
        ({"outcome": "later", "call_at": "demain"}, "Dites quand on peut appeler"),
        ({"outcome": "later", "call_at": "2020-01-01T10:00"}, "Dites quand on peut appeler"),
    ],
)
def test_what_is_missing_is_one_sentence_and_the_note_stays(
    desk: Desk, visitor: Visitor, task: CallBack, typed: dict[str, str], sentence: str
) -> None:
    answer = visitor.post(f"/admin/call-backs/{task.id}/log", note="rappeler son frere", **typed)
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert sentence in page
    assert ">rappeler son frere</textarea>" in page
    assert "call_back.tried" not in desk.actions()


def test_who_asks_to_be_called_later_goes_to_the_end_until_then(desk: Desk, visitor: Visitor, task: CallBack) -> None:
    desk.road.phone("76000002").bips()
    later = (desk.road.now + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    visitor.post(f"/admin/call-backs/{task.id}/log", outcome="later", call_at=later)
    order = re.findall(r'id="c([^"]+)"', visitor.get("/admin/call-backs").text)
    assert order[-1] == str(task.id)
    # Late in the evening it is the next day's, with its date.
    assert re.search(rf"pas avant (?:[^<]+, )?{later[11:]}<", visitor.get("/admin/call-backs").text)


def test_after_three_calls_without_an_answer_closing_is_suggested(desk: Desk, visitor: Visitor, task: CallBack) -> None:
    path = f"/admin/call-backs/{task.id}"
    for _ in range(3):
        assert "personne ne répond" not in visitor.get(path).text
        visitor.post(f"{path}/log", outcome="no_answer")
    assert "personne ne répond" in visitor.get(path).text
    visitor.post(f"{path}/done")
    assert not desk.road.call_backs()


def test_a_report_says_that_a_call_would_endanger_who_told_it(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    for text in ("le puits est sec", "1", "0", "0", "2"):
        phone.says(text)
    report, task = f"/admin/reports/{desk.road.report().id}", desk.road.call_backs()[0]
    visitor.post(f"/admin/call-backs/{task.id}/log", outcome="not_safe")
    page = html.unescape(visitor.get(report).text)
    assert "Un appel mettrait cette personne en danger" in page
    assert "dangereux : ne plus jamais appeler" in page
    assert visitor.get(f"/admin/call-backs/{task.id}").headers["Location"] == "/admin/call-backs"


def test_a_call_that_is_noted_twice_is_one_call(desk: Desk, visitor: Visitor, task: CallBack) -> None:
    token = form_token()
    for _ in range(2):
        visitor.post(f"/admin/call-backs/{task.id}/log", token=token, outcome="no_answer")
    assert desk.actions().count("call_back.tried") == 1
