"""Two people at one report: who is named, what is refused, and that nothing typed is lost."""

import html
import re

import pytest

from bot.casework.desk import Line
from bot.store.tables import ReportStatus
from tests.chat import Phone
from tests.desk import Desk, Visitor


@pytest.fixture
def line(desk: Desk, phone: Phone) -> Line:
    """A report of a village whose well is dry."""
    phone.says("le puits de Konna est sec")
    return desk.road.report()


@pytest.fixture
def awa(desk: Desk, line: Line) -> Visitor:
    """Who has the report open."""
    visitor = desk.enter("triage", username="awa")
    visitor.get(f"/admin/reports/{line.id}")
    return visitor


@pytest.fixture
def moussa(desk: Desk) -> Visitor:
    """Who opens it next."""
    return desk.enter("secretary", username="moussa")


def _page(visitor: Visitor, line: Line) -> str:
    return html.unescape(visitor.get(f"/admin/reports/{line.id}").text)


def _take_over(visitor: Visitor, line: Line) -> int:
    holder = re.search(r'name="holder" value="([^"]+)"', _page(visitor, line))
    assert holder
    return visitor.post(f"/admin/reports/{line.id}/take-over", holder=holder[1]).status_code


def test_the_second_reads_who_works_on_it_and_the_first_reads_nothing(
    awa: Visitor, moussa: Visitor, line: Line
) -> None:
    assert "Awa travaille sur ce signalement depuis" in _page(moussa, line)
    assert "travaille sur ce signalement" not in _page(awa, line)


def test_the_inbox_says_who_is_on_it(awa: Visitor, moussa: Visitor, line: Line) -> None:
    assert "Awa s'en occupe" in html.unescape(moussa.get("/admin/inbox").text)
    assert "s'en occupe" not in html.unescape(awa.get("/admin/inbox").text)


@pytest.mark.parametrize(
    ("act", "typed", "kept"),
    [
        ("reply", {"text": "Merci, nous arrivons."}, ">Merci, nous arrivons.</textarea>"),
        (
            "decide",
            {"kind": "need", "urgency": "2", "place": "kun:mopti/mopti/konna"},
            '<option value="need" selected>',
        ),
        ("set-aside", {"reason": "test"}, 'value="test" required checked'),
        ("close", {}, "Awa travaille"),
        ("split", {}, ""),
        ("join", {"others": "00000000-0000-7000-8000-000000000000"}, ""),
    ],
)
def test_an_act_of_the_second_is_refused_in_one_sentence_and_nothing_typed_is_lost(
    desk: Desk, awa: Visitor, moussa: Visitor, line: Line, act: str, typed: dict[str, str], kept: str
) -> None:
    answer = moussa.post(f"/admin/reports/{line.id}/{act}", **typed)
    assert answer.status_code in {303, 409}
    page = html.unescape(answer.text) if answer.status_code == 409 else _page(moussa, line)
    assert "Awa travaille sur ce signalement depuis" in page
    assert "Rien n'a été fait" in page
    assert kept in page
    after = desk.road.report()
    assert (after.status, after.kind) == (ReportStatus.RECEIVED, None)
    entry = desk.audit()[0]
    assert (entry.action, entry.subject, entry.detail["why"]) == ("report.refused", str(line.id), "held")


def test_what_was_refused_can_be_sent_from_the_same_page_after_taking_over(
    desk: Desk, awa: Visitor, moussa: Visitor, line: Line
) -> None:
    assert _take_over(moussa, line) == 303
    assert "C'est vous qui travaillez" in _page(moussa, line)
    assert moussa.post(f"/admin/reports/{line.id}/reply", text="Merci.").status_code == 303
    answer = awa.post(f"/admin/reports/{line.id}/reply", text="Nous arrivons.")
    assert answer.status_code == 409
    assert "Moussa travaille" in answer.text
    assert "Nous arrivons." in answer.text
    entry = next(each for each in desk.audit() if each.action == "report.taken_over")
    assert (entry.actor, entry.detail) == (f"staff:{moussa.staff_id}", {"from": str(awa.staff_id)})


def test_without_a_sign_for_ten_minutes_the_report_is_free(
    desk: Desk, awa: Visitor, moussa: Visitor, line: Line
) -> None:
    desk.road.later(minutes=11)
    assert "travaille sur ce signalement" not in _page(moussa, line)
    assert awa.post(f"/admin/reports/{line.id}/close").status_code == 409


def test_the_script_renews_the_lease_hears_who_has_it_and_leaves_it(
    desk: Desk, awa: Visitor, moussa: Visitor, line: Line
) -> None:
    path = f"/admin/reports/{line.id}/lock"
    desk.road.later(minutes=9)
    assert awa.post(path).get_json() == {"sentence": ""}
    desk.road.later(minutes=9)
    assert "Awa travaille" in moussa.post(path).get_json()["sentence"]
    awa.post(path, leave="1")
    assert moussa.post(path).get_json() == {"sentence": ""}


@pytest.mark.parametrize("holder", ["", "x", "0"])
def test_nothing_is_taken_over_from_nobody(moussa: Visitor, awa: Visitor, line: Line, holder: str) -> None:
    assert moussa.post(f"/admin/reports/{line.id}/take-over", holder=holder).status_code == 400
    assert "Awa travaille" in _page(moussa, line)


def test_the_closed_queue_is_neither_taken_over_nor_held_by_others(desk: Desk, phone: Phone) -> None:
    phone.says("ma fille a ete enlevee hier a Konna")
    report_id = desk.road.report().id
    officer, other = desk.enter("closed_queue"), desk.enter("triage")
    officer.get(f"/admin/reports/{report_id}")
    for end in ("take-over", "lock"):
        answer = other.post(f"/admin/reports/{report_id}/{end}", holder=str(officer.staff_id))
        assert answer.status_code == 404
    assert "s&#39;en occupe" not in other.get("/admin/inbox").text


@pytest.mark.parametrize(("act", "typed"), [("shelter", {}), ("decide", {"kind": "child", "urgency": "1"})])
def test_whoever_sends_a_report_to_the_closed_queue_works_on_it_no_more(
    desk: Desk, awa: Visitor, line: Line, act: str, typed: dict[str, str]
) -> None:
    awa.post(f"/admin/reports/{line.id}/{act}", **typed)
    assert awa.get(f"/admin/reports/{line.id}").status_code == 404
    assert "travaille sur" not in _page(desk.enter("closed_queue"), line)
