"""Staff on the pages: the way in by an invitation, and what two people do together."""

import html
import re
from uuid import UUID

import pytest

from bot import staff
from bot.staff import Member, second_person
from tests.desk import PASSWORD, Desk, Visitor

_LINK = re.compile(r"<code dir=\"ltr\">https://desk\.example(/admin/invitation/[^<]+)</code>")


@pytest.fixture
def awa(desk: Desk) -> Visitor:
    """An administrator, signed in."""
    return desk.let_in(desk.make("awa", "administrator"))


@pytest.fixture
def boubou(desk: Desk) -> Visitor:
    """Another one."""
    return desk.let_in(desk.make("boubou", "administrator"))


def _posts(visitor: Visitor, path: str, *roles: str, **fields: str) -> str:
    """Send a form with boxes ticked; the page that follows."""
    content = [
        ("csrf_token", visitor.csrf()),
        ("token", "t" * 24),
        *fields.items(),
        *(("roles", each) for each in roles),
    ]
    data: dict[str, list[str]] = {}
    for name, value in content:
        data.setdefault(name, []).append(value)
    answer = visitor.client.post(
        path, base_url=visitor.desk.base, data=data, headers={"Referer": visitor.desk.base + "/admin/"}
    )
    return html.unescape((visitor.get(answer.location) if answer.status_code == 303 else answer).text)


def _invites(visitor: Visitor, who: str, *roles: str, **changes: str) -> str:
    return _posts(visitor, "/admin/staff", *roles, **{"username": who, "name": "Fanta", "language": "fr", **changes})


def _member(desk: Desk, username: str) -> Member:
    with desk.road.store.reading() as session:
        return next(each for each in staff.everybody(session) if each.username == username)


def _waiting(desk: Desk) -> list[second_person.Request]:
    with desk.road.store.reading() as session:
        return second_person.waiting(session, desk.road.now)


def test_from_the_invitation_to_the_first_page(desk: Desk, awa: Visitor) -> None:
    page = _invites(awa, "fanta", "triage")
    link = _LINK.search(page)
    assert link
    assert link[1] not in awa.get("/admin/staff").text, "shown once"
    fanta = desk.visitor()
    assert "Fanta" in fanta.get(link[1]).text
    entered = fanta.post(link[1], password=PASSWORD, again=PASSWORD)
    assert entered.headers["Location"] == "/admin/second-factor/new"
    secret = fanta.get(entered.headers["Location"]).text.partition('<p class="code-text">')[2].partition("</p>")[0]
    fanta.post("/admin/second-factor/new", code=desk.code(secret.replace(" ", "")))
    assert fanta.get("/admin/").headers["Location"] == "/admin/inbox"
    for later in (fanta, desk.visitor()):
        assert later.get(link[1]).status_code == 404
        assert later.post(link[1], password=PASSWORD, again=PASSWORD).status_code == 404


@pytest.mark.parametrize("password", ["court", "fantafantafanta", "autre que l'autre phrase"])
def test_a_bad_first_password_uses_nothing_up(desk: Desk, awa: Visitor, password: str) -> None:
    link = _LINK.search(_invites(awa, "fanta", "triage"))
    assert link
    again = PASSWORD if password.startswith("autre") else password
    assert desk.visitor().post(link[1], password=password, again=again).status_code == 422
    assert desk.visitor().post(link[1], password=PASSWORD, again=PASSWORD).status_code == 303


@pytest.mark.parametrize("secret", ["x", "A" * 32, "é" * 500, "%00", "' or 1=1"])
def test_any_other_link_opens_nothing(desk: Desk, secret: str) -> None:
    for answer in (
        desk.visitor().get(f"/admin/invitation/{secret}"),
        desk.visitor().post(f"/admin/invitation/{secret}", password=PASSWORD, again=PASSWORD),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"username": "é"}, "nom de connexion"), ({"username": "a"}, "nom de connexion"), ({"username": "a b"}, "nom de connexion"),
        ({"name": " "}, "collègues"), ({"name": "x" * 129}, "collègues"), ({"language": "xx"}, "langue"),
        ({"username": "awa"}, "déjà pris"),
    ],
)  # fmt: skip
def test_a_wrong_invitation_says_how_to_mend_it_and_keeps_what_was_typed(
    awa: Visitor, changes: dict[str, str], said: str
) -> None:
    page = _invites(awa, "fanta", "translator", **changes)
    assert said in page.partition('role="alert"')[2].partition("</p>")[0]
    assert 'value="translator" checked' in page
    assert f'value="{changes.get("name", "Fanta").strip()}"' in page


def test_a_role_that_is_none_is_refused(awa: Visitor) -> None:
    assert "illisible" in _invites(awa, "fanta", "king")


def test_an_invitation_sent_twice_is_one_member(desk: Desk, awa: Visitor) -> None:
    _invites(awa, "fanta", "triage")
    assert "deux fois" in _invites(awa, "fatim", "triage")
    with desk.road.store.reading() as session:
        assert sorted(each.username for each in staff.everybody(session)) == ["awa", "fanta"]


def test_a_guarded_role_needs_the_other_administrator(desk: Desk, awa: Visitor, boubou: Visitor) -> None:
    demba = desk.let_in(desk.make("demba", "triage"))
    page = _posts(awa, f"/admin/staff/{demba.staff_id}/roles", "triage", "approver")
    assert "deuxième personne" in page
    (asked,) = _waiting(desk)
    assert "D'accord" not in page
    refused_page = _posts(awa, f"/admin/staff/requests/{asked.id}/approve")
    assert "Quelqu'un d'autre doit en décider" in refused_page
    assert desk.audit()[0].detail["why"] == "rule"
    assert _member(desk, "demba").roles == {"triage"}
    assert "D'accord" in html.unescape(boubou.get("/admin/staff").text)
    _posts(boubou, f"/admin/staff/requests/{asked.id}/approve")
    assert _member(desk, "demba").roles == {"triage", "approver"}
    assert demba.get("/admin/inbox").headers["Location"] == "/admin/sign-in"
    assert "n'attend plus" in _posts(boubou, f"/admin/staff/requests/{asked.id}/approve")


def test_to_give_roles_the_second_factor_is_proved_again(desk: Desk) -> None:
    staff_id = desk.make("awa", "administrator")
    secret, _ = desk.enrol(staff_id)
    demba = desk.make("demba", "triage")
    awa = desk.let_in(staff_id, proved=False)
    page = _posts(awa, f"/admin/staff/{demba}/roles", "secretary", "translator")
    assert _member(desk, "demba").roles == {"triage"}
    kept = re.findall(r'name="roles" value="([^"]+)"', page)
    assert kept == ["secretary", "translator"]
    _posts(awa, f"/admin/staff/{demba}/roles", *kept, fresh_code=desk.code(secret))
    assert _member(desk, "demba").roles == {"secretary", "translator"}


def test_a_suspended_members_next_request_is_refused_and_they_can_come_back(desk: Desk, awa: Visitor) -> None:
    demba = desk.let_in(desk.make("demba", "triage", password=PASSWORD))
    assert demba.get("/admin/inbox").status_code == 200
    assert "suspendu" in _posts(awa, f"/admin/staff/{demba.staff_id}/suspend")
    assert demba.get("/admin/inbox").headers["Location"] == "/admin/sign-in"
    assert desk.visitor().sign_in("demba").status_code == 401
    _posts(awa, f"/admin/staff/{demba.staff_id}/return")
    assert desk.visitor().sign_in("demba").status_code == 303


def test_nobody_can_take_the_last_administrator_away(desk: Desk, awa: Visitor) -> None:
    assert awa.staff_id
    assert "Personne d'autre n'est administrateur" in _posts(awa, f"/admin/staff/{awa.staff_id}/roles", "secretary")
    assert _member(desk, "awa").roles == {"administrator"}


def test_a_forgotten_password_is_chosen_anew_and_the_second_factor_still_stands(desk: Desk, awa: Visitor) -> None:
    demba = desk.make("demba", "triage", password=PASSWORD)
    secret, _ = desk.enrol(demba)
    link = _LINK.search(_posts(awa, f"/admin/staff/{demba}/link"))
    assert link
    thief = desk.visitor()
    new = "cinq girafes boivent du jus"
    assert thief.post(link[1], password=new, again=new).headers["Location"] == "/admin/second-factor"
    assert not thief.is_in()
    visitor = desk.visitor()
    visitor.sign_in("demba", new)
    assert visitor.post("/admin/second-factor", code=desk.code(secret)).status_code == 303


def test_a_lost_second_factor_is_taken_away_by_two_and_set_up_anew(desk: Desk, awa: Visitor, boubou: Visitor) -> None:
    demba = desk.make("demba", "triage", password=PASSWORD)
    desk.enrol(demba)
    _posts(awa, f"/admin/staff/{demba}/second-factor")
    visitor = desk.visitor()
    assert visitor.sign_in("demba").headers["Location"] == "/admin/second-factor"
    _posts(boubou, f"/admin/staff/requests/{_waiting(desk)[0].id}/approve")
    assert visitor.sign_in("demba").headers["Location"] == "/admin/second-factor/new"


def test_the_auditor_sees_everybody_and_changes_nobody(desk: Desk, awa: Visitor) -> None:
    page = desk.enter("auditor").get("/admin/staff").text
    assert "awa" in page
    assert "/admin/staff/" not in page.partition("<main")[2]


@pytest.mark.parametrize("act", ["roles", "suspend", "return", "link", "second-factor"])
def test_an_act_on_nobody_finds_nothing(desk: Desk, awa: Visitor, act: str) -> None:
    assert awa.post(f"/admin/staff/{UUID(int=7)}/{act}").status_code == 404
    assert awa.get(f"/admin/staff/{UUID(int=7)}").status_code == 404
