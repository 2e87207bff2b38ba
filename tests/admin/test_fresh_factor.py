"""An act that an open laptop must not do: the second factor is proved again on the spot, and nothing is typed twice."""

import html
import re
from concurrent.futures import ThreadPoolExecutor

from flask import request

from admin import access
from tests.desk import Desk, Visitor

_ACT = "/admin/grave"


def _with_an_act(desk: Desk, *, fresh: bool = True) -> list[dict[str, list[str]]]:
    """A page of gravity on this desk; what it was given, each time it ran."""
    done: list[dict[str, list[str]]] = []

    def grave() -> str:
        done.append(request.form.to_dict(flat=False))
        return "done"

    access.page(_ACT, who=access.Door.SIGNED_IN, methods=("GET", "POST"), fresh=fresh, on=desk.app)(grave)  # type: ignore[arg-type]
    return done


def _somebody(desk: Desk, *, proved: bool = False) -> tuple[Visitor, str]:
    staff_id = desk.make("awa", "triage")
    secret, _ = desk.enrol(staff_id)
    return desk.let_in(staff_id, proved=proved), secret


def test_an_old_proof_is_asked_for_again_and_what_was_filled_in_goes_on(desk: Desk) -> None:
    done = _with_an_act(desk)
    visitor, secret = _somebody(desk)
    asked = visitor.post(_ACT, token="t" * 24, reason='l\'eau & le "puits"')
    assert asked.status_code == 401
    assert not done
    kept = {
        html.unescape(name): html.unescape(value)
        for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text)
        if name != "csrf_token"
    }
    assert kept == {"token": "t" * 24, "reason": 'l\'eau & le "puits"'}
    assert visitor.post(_ACT, **kept, fresh_code=desk.code(secret)).text == "done"
    assert [(each["token"], each["reason"]) for each in done] == [([kept["token"]], [kept["reason"]])]


def test_a_proof_is_fresh_for_five_minutes(desk: Desk) -> None:
    _with_an_act(desk)
    visitor, _ = _somebody(desk, proved=True)
    desk.road.later(minutes=4, seconds=59)
    assert visitor.post(_ACT).text == "done"
    desk.road.later(seconds=2)
    assert visitor.post(_ACT).status_code == 401


def test_signing_in_is_a_fresh_proof(desk: Desk) -> None:
    _with_an_act(desk)
    secret, _ = desk.enrol(desk.make("awa", "triage", password="quatre mots jamais ensemble"))
    visitor = desk.visitor()
    visitor.sign_in("awa")
    visitor.post("/admin/second-factor", code=desk.code(secret))
    assert visitor.post(_ACT).text == "done"


def test_looking_is_never_asked(desk: Desk) -> None:
    _with_an_act(desk)
    assert _somebody(desk)[0].get(_ACT).text == "done"


def test_a_page_that_does_not_ask_does_not(desk: Desk) -> None:
    """The negative control."""
    _with_an_act(desk, fresh=False)
    assert _somebody(desk)[0].post(_ACT).text == "done"


def test_the_sessions_id_changes_with_the_proof_and_the_old_one_is_dead(desk: Desk) -> None:
    _with_an_act(desk)
    visitor, secret = _somebody(desk)
    thief = desk.visitor()
    thief.paste(visitor.cookie())
    assert thief.is_in()
    assert visitor.post(_ACT, fresh_code=desk.code(secret)).text == "done"
    assert visitor.is_in()
    assert not thief.is_in()


def test_a_proof_makes_the_session_no_longer(desk: Desk) -> None:
    _with_an_act(desk)
    visitor, secret = _somebody(desk)
    for _ in range(23):
        desk.road.later(minutes=20)
        assert visitor.is_in()
    assert visitor.post(_ACT, fresh_code=desk.code(secret)).text == "done"
    desk.road.later(minutes=21)
    assert not visitor.is_in()


def test_a_wrong_code_does_nothing_keeps_what_was_filled_in_and_can_t_be_tried_in_a_row(desk: Desk) -> None:
    done = _with_an_act(desk)
    visitor, _ = _somebody(desk)
    answers = [visitor.post(_ACT, reason="puits", fresh_code="000000") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert all('name="reason" value="puits"' in answer.text for answer in answers)
    assert not done
    refused = [entry for entry in desk.audit() if entry.action == "staff.sign_in_refused"]
    assert [(entry.subject, entry.detail) for entry in refused] == [
        (str(visitor.staff_id), {"why": "second_factor"})
    ] * 5


def test_twenty_posts_of_one_code_at_once_do_one_act(desk: Desk) -> None:
    done = _with_an_act(desk)
    visitor, secret = _somebody(desk)
    csrf, cookie, code = visitor.csrf(), visitor.cookie(), desk.code(secret)

    def send(_: int) -> int:
        browser = desk.visitor()
        browser.paste(cookie)
        return browser.post(_ACT, csrf=csrf, fresh_code=code).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(send, range(20)))
    assert statuses.count(200) == len(done) == 1


def test_the_demonstration_asks_nothing_of_whoever_has_no_second_factor(demo_desk: Desk) -> None:
    _with_an_act(demo_desk)
    assert demo_desk.let_in(demo_desk.make("awa"), proved=False).post(_ACT).text == "done"


def test_changing_the_second_factor_needs_the_old_one(desk: Desk) -> None:
    visitor, _ = _somebody(desk)
    assert "Est-ce toujours vous" in visitor.post("/admin/second-factor/new", code="123456").text
