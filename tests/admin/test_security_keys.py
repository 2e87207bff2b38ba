"""Security keys on the pages: administrators and approvers come in with one, and nobody else's code replaces it."""

import html
import re

import pytest

from bot import staff
from tests.authenticator import Authenticator
from tests.desk import PASSWORD, Desk, Visitor

_KEYED = ("administrator", "approver")


def _options(page: str) -> str:
    found = re.search(r'data-options="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def _adds(visitor: Visitor, key: Authenticator, **fields: str) -> str:
    answer = key.create(_options(visitor.get("/admin/keys/new").text))
    return visitor.post("/admin/keys/new", name="bleue", answer=answer, **fields).text


def _with_key(desk: Desk, *roles: str) -> tuple[Authenticator, list[str]]:
    """A member who has come in for the first time: their key, and their recovery codes."""
    desk.make("awa", *roles, password=PASSWORD)
    visitor, key = desk.visitor(), Authenticator()
    assert visitor.sign_in("awa").headers["Location"] == "/admin/keys/new"
    codes = re.findall(r'<li class="code-text">([^<]+)</li>', _adds(visitor, key))
    assert visitor.is_in()
    return key, codes


def _at_the_key(desk: Desk) -> tuple[Visitor, str]:
    visitor = desk.visitor()
    assert visitor.sign_in("awa").headers["Location"] == "/admin/second-factor"
    return visitor, _options(visitor.get("/admin/second-factor").text)


@pytest.mark.parametrize("role", _KEYED)
def test_whose_role_asks_for_a_key_comes_in_with_one(desk: Desk, role: str) -> None:
    key, codes = _with_key(desk, role)
    assert len(codes) == 10
    visitor, options = _at_the_key(desk)
    assert not visitor.is_in()
    assert visitor.post("/admin/second-factor", answer=key.get(options)).status_code == 303
    assert visitor.is_in()


def test_a_wrong_key_stays_outside_and_is_in_the_audit(desk: Desk) -> None:
    _with_key(desk, "administrator")
    visitor, options = _at_the_key(desk)
    assert visitor.post("/admin/second-factor", answer=Authenticator().get(options)).status_code == 401
    assert not visitor.is_in()
    assert (desk.audit()[0].action, desk.audit()[0].detail) == ("staff.sign_in_refused", {"why": "second_factor"})


def test_an_app_alone_does_not_let_an_administrator_in(desk: Desk) -> None:
    secret, _ = desk.enrol(desk.make("awa", "administrator", password=PASSWORD))
    visitor = desk.visitor()
    visitor.sign_in("awa")
    answer = visitor.post("/admin/second-factor", code=desk.code(secret))
    assert answer.headers["Location"] == "/admin/keys/new"
    assert visitor.get("/admin/staff").headers["Location"] == "/admin/keys/new"
    _adds(visitor, Authenticator())
    assert visitor.is_in()


def test_once_there_is_a_key_the_app_s_code_opens_nothing_for_an_administrator(desk: Desk) -> None:
    staff_id = desk.make("awa", "administrator", password=PASSWORD)
    secret, _ = desk.enrol(staff_id)
    _adds(desk.let_in(staff_id), Authenticator(), present=PASSWORD)
    visitor, _ = _at_the_key(desk)
    assert visitor.post("/admin/second-factor", code=desk.code(secret)).status_code == 401


def test_for_the_others_the_code_still_opens(desk: Desk) -> None:
    """The negative control."""
    staff_id = desk.make("awa", "triage", password=PASSWORD)
    secret, _ = desk.enrol(staff_id)
    _adds(desk.let_in(staff_id), Authenticator(), present=PASSWORD)
    visitor, _ = _at_the_key(desk)
    assert visitor.post("/admin/second-factor", code=desk.code(secret)).status_code == 303


def test_whose_key_is_lost_comes_in_with_a_recovery_code_once(desk: Desk) -> None:
    _, codes = _with_key(desk, "administrator")
    assert _at_the_key(desk)[0].post("/admin/second-factor", code=codes[0]).status_code == 303
    assert _at_the_key(desk)[0].post("/admin/second-factor", code=codes[0]).status_code == 401


def test_a_grave_act_is_proved_with_the_key(desk: Desk) -> None:
    key, _ = _with_key(desk, "administrator")
    visitor, options = _at_the_key(desk)
    visitor.post("/admin/second-factor", answer=key.get(options))
    desk.road.later(minutes=6)
    asked = visitor.post("/admin/account/recovery-codes")
    assert asked.status_code == 401
    shown = visitor.post("/admin/account/recovery-codes", fresh_answer=key.get(_options(asked.text)))
    assert shown.text.count('<li class="code-text">') == 10


def test_the_last_key_stays_and_a_second_one_makes_it_removable(desk: Desk) -> None:
    _with_key(desk, "administrator")
    with desk.road.store.reading() as session:
        found = staff.find(session, "awa")
    assert found
    visitor = desk.let_in(found[0].id)
    (path,) = re.findall(r'action="(/admin/keys/[^"]+/remove)"', visitor.get("/admin/account").text)
    assert visitor.post(path).status_code == 422
    _adds(visitor, Authenticator(), present=PASSWORD)
    assert visitor.post(path).status_code == 303
    assert path not in visitor.get("/admin/account").text


def test_the_demonstration_asks_for_no_key(demo_desk: Desk) -> None:
    demo_desk.make("awa", "administrator", password=PASSWORD)
    assert demo_desk.visitor().sign_in("awa").headers["Location"] == "/admin/"


def test_without_a_script_the_page_says_why_it_can_t_ask_the_key(desk: Desk) -> None:
    _with_key(desk, "administrator")
    visitor, _ = _at_the_key(desk)
    page = html.unescape(visitor.get("/admin/second-factor").text)
    assert "il y faut JavaScript" in page
    assert "codes de secours" in page
