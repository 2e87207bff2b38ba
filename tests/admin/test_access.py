"""Who may do what, told from outside: each visitor tries each route."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from admin import access
from bot import staff
from bot.casework import incidents
from bot.store.tables import SignInStage
from bot.translations import sources
from tests.admin.matrix import EVERYBODY, MATRIX, NOT_OURS, OTHERS, ROLES, SIGNED_IN, VISITORS
from tests.chat import TRUSTED, Phone
from tests.desk import Desk, Visitor

_STAGES = {"half_way": SignInStage.HALF_WAY, "enrolling": SignInStage.ENROLLING}


def _rules(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_its_row_in_the_matrix(desk: Desk) -> None:
    assert _rules(desk.app) - NOT_OURS == set(MATRIX)


def test_a_route_without_its_row_is_noticed(desk: Desk) -> None:
    """The negative control: a page that nobody thought of."""
    access.page("/forgotten", who=access.Door.ANYONE, on=desk.app)(lambda: "")  # type: ignore[arg-type]
    assert _rules(desk.app) - NOT_OURS - set(MATRIX) == {("GET", "/forgotten")}


def test_every_page_of_ours_says_whom_it_is_for(desk: Desk) -> None:
    with desk.app.app_context():
        ours = [rule.endpoint for rule in desk.app.url_map.iter_rules() if not rule.endpoint.startswith("webhooks.")]
        assert all(access.allowed(endpoint) is not None for endpoint in ours)


def _enter(desk: Desk, who: str) -> Visitor:
    if who == "anonymous":
        return desk.visitor()
    if who in _STAGES:
        return desk.enter(stage=_STAGES[who])
    if who == "no_role":
        return desk.enter()
    visitor = desk.enter(*ROLES) if who in OTHERS else desk.enter(who)
    if who == "suspended":
        assert visitor.staff_id
        with desk.road.store.writing() as session:
            staff.change_rights(session, desk.road.now, "command", visitor.staff_id, ROLES, active=False)
    if who == "expired":
        desk.road.later(minutes=31)
    return visitor


def _knock(visitor: Visitor, method: str, path: str) -> TestResponse:
    return visitor.get(path) if method == "GET" else visitor.post(path)


_DOORS = ("/admin/sign-in", "/admin/second-factor", "/admin/second-factor/new", "/admin/keys/new")


def _was_refused(answer: TestResponse, rule: str, who: str) -> bool:
    """Whether the visitor was stopped before the page: forbidden, or sent to the door where they must go first."""
    if rule == "/admin/sign-out":  # it leads to the sign-in page from inside, too
        return who not in SIGNED_IN
    location = answer.headers.get("Location")
    wrong_door = location == "/admin/" and rule.startswith(("/admin/second-factor", "/admin/keys"))
    return answer.status_code == 403 or location in _DOORS or wrong_door


# The rights are the same on both databases.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", VISITORS)
def test_each_visitor_gets_exactly_what_the_matrix_says(desk: Desk, phone: Phone, who: str) -> None:
    phone.says("le puits de Konna est sec")
    phone.bips()
    report_id, call_back_id = desk.road.report().id, desk.road.call_backs()[0].id
    with desk.road.store.writing() as session:
        incident_id = incidents.join(session, desk.road.now, TRUSTED, report_id, [])
    message = next(iter(sources(desk.road.catalogues)))
    named = {
        "<uuid:report_id>": str(report_id),
        "<uuid:call_back_id>": str(call_back_id),
        "<uuid:incident_id>": str(incident_id),
        "<tag>": "bm",
        "<key>": message,
        "<code>": "chair",
        "<secret>": "no such link",
        "<int:number>": "1",
    }
    let_in = set()
    for method, rule in MATRIX:
        path = rule
        for name, value in named.items():
            path = path.replace(name, value)
        path = re.sub("<uuid:[a-z_]+>", str(report_id), path)
        answer = _knock(_enter(desk, who), method, path.replace("<digest>/<name>", "0/panel.css"))
        assert answer.status_code < 500
        if not _was_refused(answer, rule, who):
            let_in.add((method, rule))
    assert let_in == {cell for cell, visitors in MATRIX.items() if who in visitors}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", sorted(EVERYBODY - SIGNED_IN))
def test_signing_out_asks_who_is_there(desk: Desk, who: str) -> None:
    visitor = _enter(desk, who)
    assert visitor.post("/admin/sign-out").headers["Location"] in _DOORS
    assert "staff.signed_out" not in desk.actions()


@pytest.mark.parametrize("method", ["head", "options"])
def test_other_methods_show_nothing_of_a_page(desk: Desk, method: str) -> None:
    answer = getattr(desk.visitor().client, method)("/admin/inbox", base_url=desk.base)
    assert not answer.data
    assert answer.status_code in {200, 303}


def test_a_refused_page_is_in_the_audit(desk: Desk) -> None:
    visitor = desk.enter("auditor")
    assert visitor.get("/admin/inbox").status_code == 403
    entry = desk.audit()[0]
    assert (entry.action, entry.actor) == ("staff.refused", f"staff:{visitor.staff_id}")
    assert entry.detail == {"why": "role", "page": "admin.inbox", "method": "GET"}


def _demote(session_desk: Desk, staff_id: UUID) -> None:
    with session_desk.road.store.writing() as session:
        staff.change_rights(session, session_desk.road.now, "command", staff_id, ["auditor"])


def _suspend(session_desk: Desk, staff_id: UUID) -> None:
    with session_desk.road.store.writing() as session:
        staff.change_rights(session, session_desk.road.now, "command", staff_id, ["triage"], active=False)


@pytest.mark.parametrize("change", [_demote, _suspend])
def test_a_change_of_rights_acts_on_the_next_request(desk: Desk, change: Callable[[Desk, UUID], None]) -> None:
    visitor = desk.enter("triage")
    assert visitor.get("/admin/inbox").status_code == 200
    assert visitor.staff_id
    change(desk, visitor.staff_id)
    assert visitor.get("/admin/inbox").status_code in {303, 403}


def test_a_session_ends_after_half_an_hour_without_a_page(desk: Desk) -> None:
    visitor = desk.enter("triage")
    desk.road.later(minutes=29)
    assert visitor.is_in()
    desk.road.later(minutes=29)
    assert visitor.is_in()
    desk.road.later(minutes=31)
    assert not visitor.is_in()


def test_a_page_that_looks_by_itself_keeps_nobody_signed_in(desk: Desk) -> None:
    visitor = desk.enter("triage")
    for _ in range(5):
        desk.road.later(minutes=7)
        answer = visitor.get("/admin/inbox/changes", X_Fragment="1")
    assert answer.status_code == 401


def test_a_session_ends_after_eight_hours_whatever_happens(desk: Desk) -> None:
    visitor = desk.enter("triage")
    for _ in range(24):
        desk.road.later(minutes=20)
        was_in = visitor.is_in()
    assert was_in
    desk.road.later(minutes=1)
    assert not visitor.is_in()


def test_the_way_between_password_and_code_is_open_for_ten_minutes(desk: Desk) -> None:
    visitor = desk.enter("triage", stage=SignInStage.HALF_WAY)
    desk.road.now += timedelta(minutes=9)
    assert visitor.get("/admin/second-factor").status_code == 200
    desk.road.now += timedelta(minutes=2)
    assert visitor.get("/admin/second-factor").headers["Location"] == "/admin/sign-in"


def test_the_phone_is_open_to_everybody_in_the_demonstration_only(demo_desk: Desk) -> None:
    assert demo_desk.visitor().get("/phone").status_code == 200


def test_the_closed_queue_is_not_there_for_others(desk: Desk, phone: Phone) -> None:
    phone.says("ma fille a ete enlevee hier a Konna")
    line = desk.road.report()
    assert line.closed_queue
    paths = {"GET": [""], "POST": ["/decide", "/reply", "/set-aside", "/take-back"]}
    visitor, nowhere = desk.enter("triage", "secretary"), UUID(int=7)
    for method, ends in paths.items():
        for end in ends:
            hidden = _knock(visitor, method, f"/admin/reports/{line.id}{end}")
            absent = _knock(visitor, method, f"/admin/reports/{nowhere}{end}")
            assert hidden.status_code == absent.status_code == 404
            assert hidden.text == absent.text
    assert str(line.id) not in visitor.get("/admin/inbox").text
    assert desk.enter("closed_queue").get(f"/admin/reports/{line.id}").status_code == 200
    refused = [entry for entry in desk.audit() if entry.action == "report.refused"]
    assert {entry.subject for entry in refused} == {str(line.id), str(nowhere)}


def test_the_closed_queues_calls_are_not_there_for_others(desk: Desk, phone: Phone) -> None:
    phone.says("ma fille a ete enlevee hier a Konna")
    for answer in ("1", "1", "1"):
        phone.says(answer)
    (task,) = desk.road.call_backs()
    assert task.closed_queue
    visitor = desk.enter("triage", "secretary")
    assert str(task.id) not in visitor.get("/admin/call-backs").text
    for end in ("number", "log", "done"):
        assert "76123456" not in visitor.post(f"/admin/call-backs/{task.id}/{end}").text
    assert [each.status for each in desk.road.call_backs()] == ["open"]
    assert "76123456" in desk.enter("closed_queue").post(f"/admin/call-backs/{task.id}/number").text


def test_everybody_is_somebody() -> None:
    assert set().union(*MATRIX.values()) == EVERYBODY
