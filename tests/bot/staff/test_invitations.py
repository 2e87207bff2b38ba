"""An invitation: shown once, good for three days, used once, and it gives no more than was agreed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from bot import staff
from bot.errors import NotAllowed, Stale
from bot.staff import Member, invitations, rights
from bot.staff.invitations import Invited
from bot.store import Duplicate
from bot.store.tables import staff as staff_table
from bot.store.tables import staff_invitation
from tests.bot.staff.people import House


def _invite(house: House, username: str, *roles: str) -> Invited:
    invited = house.does(
        lambda session: invitations.invite(
            session, house.now, house.ids["awa"], username, username.title(), set(roles), "fr"
        )
    )
    house.ids[username] = invited.staff_id
    return invited


def _opened(house: House, secret: str) -> Member | None:
    with house.store.reading() as session:
        return invitations.opened(session, house.now, secret)


def _accept(house: House, secret: str) -> Member:
    return house.does(lambda session: invitations.accept(session, house.now, secret, "kept"))


def _find(house: House, username: str) -> tuple[Member, str] | None:
    with house.store.reading() as session:
        return staff.find(session, username)


def test_whoever_comes_by_the_link_has_the_password_they_chose_and_the_roles_they_were_given(house: House) -> None:
    secret = _invite(house, "fanta", "secretary", "translator").secret
    assert _find(house, "fanta") is None
    _accept(house, secret)
    found = _find(house, "fanta")
    assert found
    assert (found[1], found[0].roles) == ("kept", {"secretary", "translator"})
    joined, invited = house.entries()
    assert (joined.action, joined.actor) == ("staff.joined", f"staff:{house.ids['fanta']}")
    assert (invited.action, invited.actor) == ("staff.invited", f"staff:{house.ids['awa']}")
    assert invited.detail == {"roles": ["secretary", "translator"], "asked": []}


def test_a_guarded_role_does_not_come_with_the_invitation(house: House) -> None:
    invited = _invite(house, "fanta", "secretary", "administrator")
    assert invited.asked == {"administrator"}
    _accept(house, invited.secret)
    assert house.member("fanta").roles == {"secretary"}
    assert [each.roles for each in house.waiting()] == [("administrator",)]


def test_a_link_works_once(house: House) -> None:
    secret = _invite(house, "fanta", "triage").secret
    _accept(house, secret)
    assert _opened(house, secret) is None
    with pytest.raises(Stale):
        _accept(house, secret)


def test_a_link_that_twenty_use_at_once_is_used_by_one(house: House) -> None:
    secret = _invite(house, "fanta", "triage").secret

    def use(_: int) -> bool:
        try:
            _accept(house, secret)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(20))) == 1


@pytest.mark.parametrize(("hours", "good"), [(71.9, True), (72.1, False)])
def test_a_link_is_good_for_three_days(house: House, hours: float, good: bool) -> None:
    secret = _invite(house, "fanta", "triage").secret
    house.later(hours=hours)
    assert (_opened(house, secret) is not None) == good


def test_only_the_hash_of_the_secret_is_kept(house: House) -> None:
    secret = _invite(house, "fanta", "triage").secret
    with house.store.reading() as session:
        kept = repr([*session.run(select(staff_invitation)), *session.run(select(staff_table))])
    assert secret not in kept
    assert _opened(house, secret[:-1]) is None


def test_a_new_link_ends_the_old_one(house: House) -> None:
    old = _invite(house, "fanta", "triage").secret
    new = house.does(
        lambda session: invitations.invite_again(session, house.now, house.ids["awa"], house.ids["fanta"])
    ).secret
    assert _opened(house, old) is None
    assert _opened(house, new)


def test_a_withdrawn_invitation_opens_nothing(house: House) -> None:
    secret = _invite(house, "fanta", "triage", "approver").secret
    house.does(lambda session: rights.suspend(session, house.now, house.ids["boubou"], house.ids["fanta"]))
    assert _opened(house, secret) is None
    assert not house.waiting()
    assert not house.member("fanta").joined


def test_a_link_to_an_account_that_nothing_else_guards_is_not_made(house: House) -> None:
    """Whoever made it could walk in: the second factor must still stand in the way."""
    with pytest.raises(NotAllowed):
        house.does(lambda session: invitations.invite_again(session, house.now, house.ids["awa"], house.ids["demba"]))


def test_a_name_is_taken_once(house: House) -> None:
    with pytest.raises(Duplicate):
        _invite(house, "Demba", "triage")


def test_the_database_itself_lets_nobody_in_who_has_no_password(house: House) -> None:
    _invite(house, "fanta", "triage")
    active = update(staff_table).where(staff_table.c.id == house.ids["fanta"]).values(active=True)
    with pytest.raises(IntegrityError):
        house.does(lambda session: session.run(active))
