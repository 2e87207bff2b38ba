"""What an administrator changes at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import NotAllowed
from bot.staff import invitations, rights
from bot.staff.rights import LastAdministrator
from tests.bot.staff.people import House


def _change(house: House, by: str, whose: str, *roles: str) -> frozenset[str]:
    return house.does(
        lambda session: rights.change_roles(session, house.now, house.ids[by], house.ids[whose], set(roles))
    )


def test_ordinary_roles_are_given_at_once_and_the_others_wait(house: House) -> None:
    identity = house.comes_in("demba")
    assert _change(house, "awa", "demba", "secretary", "closed_queue") == {"closed_queue"}
    assert house.member("demba").roles == {"secretary"}
    assert not house.is_in(identity)
    (entry,) = house.entries()
    assert entry.detail == {"what": "rights", "roles": ["secretary"], "asked": ["closed_queue"]}


def test_a_role_is_taken_away_at_once_whatever_it_opens(house: House) -> None:
    house.has("fanta", "closed_queue", "triage")
    identity = house.comes_in("fanta")
    assert not _change(house, "awa", "fanta", "triage")
    assert house.member("fanta").roles == {"triage"}
    assert not house.is_in(identity)
    assert not house.waiting()


def test_to_keep_what_is_there_changes_nothing_and_is_no_entry(house: House) -> None:
    identity = house.comes_in("demba")
    _change(house, "awa", "demba", "triage")
    assert house.is_in(identity)
    assert not house.entries()


def test_the_last_administrator_stays(house: House) -> None:
    house.does(lambda session: rights.suspend(session, house.now, house.ids["awa"], house.ids["boubou"]))
    with pytest.raises(LastAdministrator):
        _change(house, "awa", "awa", "auditor")
    with pytest.raises(LastAdministrator):
        house.does(lambda session: rights.suspend(session, house.now, house.ids["coumba"], house.ids["awa"]))
    assert house.member("awa").roles == {"administrator"}
    assert house.member("awa").active


def test_two_administrators_can_t_remove_each_other_at_once(house: House) -> None:
    pairs = [("awa", "boubou"), ("boubou", "awa")]

    def remove(pair: tuple[str, str]) -> bool:
        try:
            _change(house, *pair, "secretary")
        except LastAdministrator:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, pairs)) == [False, True]


def test_a_suspended_member_is_out_at_once_with_links_and_requests(house: House) -> None:
    identity = house.comes_in("demba")
    _change(house, "awa", "demba", "triage", "approver")
    house.does(lambda session: rights.suspend(session, house.now, house.ids["awa"], house.ids["demba"]))
    assert not house.is_in(identity)
    assert house.member("demba").suspended
    assert not house.waiting()
    with pytest.raises(NotAllowed):
        house.does(lambda session: invitations.invite_again(session, house.now, house.ids["awa"], house.ids["demba"]))
    assert [entry.action for entry in house.entries()] == ["staff.suspended", "staff.changed"]


@pytest.mark.parametrize("whose", ["awa", "gone"])
def test_nobody_suspends_themselves_or_nobody(house: House, whose: str) -> None:
    house.ids["gone"] = house.ids["awa"].__class__(int=7)
    with pytest.raises(NotAllowed):
        house.does(lambda session: rights.suspend(session, house.now, house.ids["awa"], house.ids[whose]))


def test_whoever_comes_back_has_the_roles_that_open_much_only_after_a_second_person(house: House) -> None:
    house.has("fanta", "closed_queue", "triage")
    house.does(lambda session: rights.suspend(session, house.now, house.ids["awa"], house.ids["fanta"]))
    asked = house.does(lambda session: rights.bring_back(session, house.now, house.ids["awa"], house.ids["fanta"]))
    assert asked == {"closed_queue"}
    assert (house.member("fanta").active, house.member("fanta").roles) == (True, {"triage"})
    assert [each.roles for each in house.waiting()] == [("closed_queue",)]
    with pytest.raises(NotAllowed):
        house.does(lambda session: rights.bring_back(session, house.now, house.ids["awa"], house.ids["fanta"]))
