"""What a form must carry, and that sending it twice does nothing twice."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from admin.mounting import WITHOUT_FORMS
from bot.store.audit import Action
from bot.store.tables import outbox
from bot.store.types import new_id
from tests.admin.matrix import MATRIX
from tests.chat import Phone
from tests.desk import Desk, Visitor, form_token

_POSTS = sorted(rule for method, rule in MATRIX if method != "GET")
_ALL = ("administrator", "secretary", "triage", "closed_queue", "auditor")


def _path(rule: str) -> str:
    return re.sub("<uuid:[a-z_]+>", lambda _: str(new_id()), rule)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("rule", _POSTS)
def test_no_form_is_taken_without_its_session_s_token(desk: Desk, rule: str) -> None:
    visitor, other = desk.enter(*_ALL), desk.enter(*_ALL)
    without = visitor.sends(_path(rule), [("token", form_token())])
    empty = visitor.post(_path(rule), csrf=" ")
    foreign = visitor.post(_path(rule), csrf=other.csrf())
    assert [without.status_code, empty.status_code, foreign.status_code] == [400, 400, 400]
    assert "trop ancien" in without.text
    assert visitor.is_in()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("rule", _POSTS)
def test_no_form_of_another_site_is_taken(desk: Desk, rule: str) -> None:
    visitor = desk.enter(*_ALL)
    content = {"csrf_token": visitor.csrf(), "token": form_token()}
    for referer in ({"Referer": "https://evil.example/"}, {}):
        answer = visitor.client.post(_path(rule), base_url=desk.base, data=content, headers=referer)
        assert answer.status_code == 400


@pytest.mark.parametrize("rule", _POSTS)
def test_nothing_is_changed_by_following_a_link(desk: Desk, rule: str) -> None:
    also_a_page = ("GET", rule) in MATRIX
    visitor = desk.enter(*_ALL)
    before = len(desk.audit())
    answer = visitor.get(_path(rule))
    assert also_a_page or answer.status_code == 405
    # What does not exist was tried to be looked at, and that alone is noted.
    assert {entry.action for entry in desk.audit()[: len(desk.audit()) - before]} <= {Action.REPORT_REFUSED}


def test_only_the_wires_go_without_a_form_token() -> None:
    assert {"webhooks"} == WITHOUT_FORMS


def test_a_wire_needs_no_form_token(demo_desk: Desk) -> None:
    """The negative control: the guard above is not what refuses everything."""
    answer = demo_desk.visitor().client.post(
        "/channels/simulator/inbound",
        json={"id": "0" * 32, "phone": "76123456", "text": "bonjour"},
        headers={"x-kunnafoni-simulator": "1"},
    )
    assert answer.status_code == 200


def test_a_refused_form_of_a_member_is_in_the_audit(desk: Desk) -> None:
    visitor = desk.enter("triage")
    visitor.post("/admin/sign-out", csrf="wrong")
    assert desk.audit()[0].detail == {"why": "form", "page": "admin.sign_out", "method": "POST"}


def _messages(desk: Desk) -> list[str]:
    with desk.road.store.reading() as session:
        return [row.cause for row in session.run(select(outbox)) if row.cause.startswith("desk:")]


def test_a_reply_sent_twice_is_one_message(desk: Desk, phone: Phone) -> None:
    phone.says("le puits de Konna est sec")
    line, visitor, token = desk.road.report(), desk.enter("triage"), form_token()
    path = f"/admin/reports/{line.id}/reply"
    answers = [visitor.post(path, token=token, text="Merci, nous avons lu.") for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"/admin/reports/{line.id}"] * 2
    assert _messages(desk) == [f"desk:{token}"]
    assert "C&#39;était déjà fait" in visitor.get(f"/admin/reports/{line.id}").text


def test_a_reply_sent_eight_times_at_once_is_one_message(desk: Desk, phone: Phone) -> None:
    phone.says("le puits de Konna est sec")
    line, visitor, token = desk.road.report(), desk.enter("triage"), form_token()
    csrf, cookie = visitor.csrf(), visitor.cookie()

    def send(_: int) -> int:
        browser: Visitor = desk.visitor()
        browser.paste(cookie)
        return browser.post(f"/admin/reports/{line.id}/reply", csrf=csrf, token=token, text="Merci.").status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(send, range(8))) == [303] * 8
    assert _messages(desk) == [f"desk:{token}"]


def test_two_replies_with_the_same_words_are_two_messages(desk: Desk, phone: Phone) -> None:
    """The negative control: it is the form that counts, not its words."""
    phone.says("le puits de Konna est sec")
    visitor = desk.enter("triage")
    for _ in range(2):
        visitor.post(f"/admin/reports/{desk.road.report().id}/reply", text="Merci.")
    assert len(_messages(desk)) == 2


@pytest.mark.parametrize("token", ["", "short", "x" * 65, "é" * 24, "a b" * 8])
def test_a_form_token_of_another_form_is_refused(desk: Desk, phone: Phone, token: str) -> None:
    phone.says("le puits de Konna est sec")
    visitor = desk.enter("triage")
    content = {"csrf_token": visitor.csrf(), "token": token, "text": "Merci."}
    answer = visitor.sends(f"/admin/reports/{desk.road.report().id}/reply", content.items())
    assert answer.status_code == 400
    assert not _messages(desk)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("rule", ["/admin/sign-in", "/phone"])
def test_a_form_that_is_too_long_is_refused_in_plain_words(desk: Desk, rule: str) -> None:
    answer = desk.enter("triage").sends(rule, [("text", "x" * 70_000)])
    assert answer.status_code == 413
    assert "raccourcissez votre texte" in answer.text
