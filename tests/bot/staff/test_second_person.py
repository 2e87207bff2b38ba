"""What one administrator can't do alone: the second person is another, also in the database, also at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from bot import staff
from bot.errors import NotAllowed, Stale
from bot.staff import rights, second_person
from bot.staff.second_person import OPEN_FOR, Request
from bot.store import Session
from bot.store.tables import StaffRequestKind, staff_request
from bot.store.types import new_id
from tests.bot.staff.people import House


def _asks(house: House, by: str, for_whom: str, *roles: str) -> Request:
    member = house.member(for_whom)
    house.does(
        lambda session: rights.change_roles(session, house.now, house.ids[by], member.id, {*member.roles, *roles})
    )
    return next(each for each in house.waiting() if each.staff_id == member.id)


def _approves(house: House, by: str, asked: Request) -> None:
    house.does(lambda session: second_person.approve(session, house.now, house.ids[by], asked.id))


@pytest.mark.parametrize("role", sorted(staff.GUARDED))
def test_a_role_that_opens_much_is_had_when_another_administrator_agrees(house: House, role: str) -> None:
    asked = _asks(house, "awa", "demba", role)
    session_of_before = house.comes_in("demba")
    assert house.member("demba").roles == {"triage"}
    _approves(house, "boubou", asked)
    assert house.member("demba").roles == {"triage", role}
    assert not house.is_in(session_of_before)
    assert not house.waiting()
    approved = house.entries()[0]
    assert (approved.action, approved.actor) == ("staff.approved", f"staff:{house.ids['boubou']}")
    assert (approved.subject, approved.detail) == (str(house.ids["demba"]), {"what": "roles", "roles": [role]})


def _the_one_who_asked(house: House) -> tuple[str, str]:
    return "awa", "demba"


def _the_one_concerned(house: House) -> tuple[str, str]:
    return "boubou", "boubou"


def _the_auditor_while_there_is_another_administrator(house: House) -> tuple[str, str]:
    return "coumba", "demba"


def _somebody_else(house: House) -> tuple[str, str]:
    house.has("fanta", "secretary", "triage", "committee")
    return "fanta", "demba"


@pytest.mark.parametrize(
    "case",
    [
        _the_one_who_asked,
        _the_one_concerned,
        _the_auditor_while_there_is_another_administrator,
        _somebody_else,
    ],
)
def test_nobody_but_a_second_person_decides(house: House, case: Callable[[House], tuple[str, str]]) -> None:
    by, for_whom = case(house)
    asked = _asks(house, "awa", for_whom, "closed_queue")
    for verb in (second_person.approve, second_person.decline):
        with pytest.raises(NotAllowed):
            house.does(lambda session, verb=verb: verb(session, house.now, house.ids[by], asked.id))
    assert "closed_queue" not in house.member(for_whom).roles
    assert house.waiting() == [asked]


def test_where_there_is_no_other_administrator_the_auditor_agrees(house: House) -> None:
    house.does(lambda session: rights.suspend(session, house.now, house.ids["awa"], house.ids["boubou"]))
    asked = _asks(house, "awa", "demba", "approver")
    _approves(house, "coumba", asked)
    assert "approver" in house.member("demba").roles


def test_one_can_t_make_oneself_the_second_person(house: House) -> None:
    """An administrator asks for a role of their own: it is another who agrees."""
    asked = _asks(house, "awa", "awa", "auditor")
    with pytest.raises(NotAllowed):
        _approves(house, "awa", asked)
    _approves(house, "boubou", asked)
    assert house.member("awa").roles == {"administrator", "auditor"}


@pytest.mark.parametrize("party", ["asked_by", "staff_id"])
def test_the_database_itself_refuses_a_decision_of_a_party(house: House, party: str) -> None:
    asked = _asks(house, "awa", "boubou", "approver")
    decided = update(staff_request).values(status="approved", decided_by=getattr(asked, party), decided_at=house.now)
    with pytest.raises(IntegrityError):
        house.does(lambda session: session.run(decided))


@pytest.mark.parametrize("status", ["approved", "refused"])
def test_the_database_itself_refuses_a_decision_of_nobody(house: House, status: str) -> None:
    values = {"what": "roles", "staff_id": house.ids["demba"], "roles": ["approver"], "asked_by": house.ids["awa"]}
    times = {"asked_at": house.now, "expires_at": house.now}
    with pytest.raises(IntegrityError):
        house.does(
            lambda session: session.run(
                insert(staff_request).values(id=new_id(), status=status, decided_by=None, **values, **times)
            )
        )


def test_eight_decisions_at_once_are_one(house: House) -> None:
    others = [house.has(f"administrator-{number}", "administrator") for number in range(8)]
    asked = _asks(house, "awa", "demba", "approver")

    def decide(number: int) -> bool:
        verb = second_person.approve if number % 2 else second_person.decline
        try:
            house.does(lambda session: verb(session, house.now, others[number], asked.id))
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(decide, range(8))) == 1
    decided = [entry.action for entry in house.entries() if entry.action in {"staff.approved", "staff.declined"}]
    assert len(decided) == 1
    assert ("approver" in house.member("demba").roles) == (decided == ["staff.approved"])


def test_a_refused_or_withdrawn_request_can_t_be_approved(house: House) -> None:
    refused = _asks(house, "awa", "demba", "approver")
    house.does(lambda session: second_person.decline(session, house.now, house.ids["boubou"], refused.id))
    withdrawn = _asks(house, "awa", "demba", "approver")
    with pytest.raises(Stale):
        house.does(lambda session: second_person.withdraw(session, house.now, house.ids["boubou"], withdrawn.id))
    house.does(lambda session: second_person.withdraw(session, house.now, house.ids["awa"], withdrawn.id))
    for asked in (refused, withdrawn):
        with pytest.raises(Stale):
            _approves(house, "boubou", asked)
    assert house.member("demba").roles == {"triage"}


def test_a_request_is_off_after_a_week(house: House) -> None:
    asked = _asks(house, "awa", "demba", "approver")
    house.later(seconds=(OPEN_FOR + timedelta(seconds=1)).total_seconds())
    with pytest.raises(Stale):
        _approves(house, "boubou", asked)
    assert _asks(house, "awa", "demba", "approver").id != asked.id


def test_what_is_asked_anew_must_be_approved_anew(house: House) -> None:
    first = _asks(house, "awa", "demba", "closed_queue")
    second = _asks(house, "awa", "demba", "approver")
    with pytest.raises(Stale):
        _approves(house, "boubou", first)
    _approves(house, "boubou", second)
    assert house.member("demba").roles == {"triage", "approver"}


@pytest.mark.parametrize("change", [rights.suspend, lambda *given: rights.change_roles(*given, ["secretary"])])
def test_whoever_may_no_longer_ask_has_asked_for_nothing(house: House, change: Callable[..., object]) -> None:
    asked = _asks(house, "awa", "demba", "approver")
    house.does(lambda session: change(session, house.now, house.ids["boubou"], house.ids["awa"]))
    house.has("fanta", "administrator")
    with pytest.raises(Stale):
        _approves(house, "fanta", asked)


def test_a_lost_second_factor_is_taken_away_by_two(house: House) -> None:
    demba = house.ids["demba"]
    with pytest.raises(NotAllowed):
        house.does(lambda session: second_person.ask_for_reset(session, house.now, house.ids["awa"], demba))
    _enrol(house, "demba")
    identity = house.comes_in("demba")
    house.does(lambda session: second_person.ask_for_reset(session, house.now, house.ids["awa"], demba))
    (asked,) = house.waiting()
    assert asked.what is StaffRequestKind.SECOND_FACTOR
    assert house.member("demba").has_second_factor
    _approves(house, "boubou", asked)
    assert not house.member("demba").has_second_factor
    assert house.member("demba").recovery_codes == 0
    assert not house.is_in(identity)


def _enrol(house: House, username: str) -> None:
    identity = house.comes_in(username)

    def enrol(session: Session) -> None:
        found = staff.signed_in(session, house.now, identity)
        assert found
        secret = staff.propose_totp(session, found)
        assert staff.confirm_totp(session, house.now, found, pyotp.TOTP(secret).at(house.now))

    house.does(enrol)
