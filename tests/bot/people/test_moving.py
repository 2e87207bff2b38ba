"""People and numbers part: another number, one that is no longer theirs, one that is somebody else's; what can be undone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bot.casework import members
from bot.casework.keeping import recycled
from bot.errors import NotAllowed
from bot.people import contacts, groups, memberships, moving
from bot.people.contacts import Details, NumberTaken
from bot.people.memberships import Standing
from bot.store.tables import GroupKind, MemberRole, address, contact_address, report
from tests.bot.people.conftest import Secretary
from tests.chat import Road

OLD, NEW = "sim:76000001", "sim:76000002"


def _staff_id(secretary: Secretary) -> UUID:
    return UUID(secretary.actor.removeprefix("staff:"))


def _contact(secretary: Secretary, uri: str = OLD, name: str = "Awa", **named: bool) -> UUID:
    found: UUID = secretary.does(contacts.make, uri, "simulator", Details(name, ("bm",)), **named)
    return found


def _link(secretary: Secretary, contact_id: UUID) -> UUID:
    found: UUID = secretary.asks(contacts.reached, contact_id)[0].id
    return found


def _in_a_group(secretary: Secretary, contact_id: UUID) -> UUID:
    group_id: UUID = secretary.does(groups.make, GroupKind.CELL, "kun:mopti/mopti/konna")
    secretary.does(memberships.add, group_id, _link(secretary, contact_id), MemberRole.MEMBER)
    return group_id


def _standing(secretary: Secretary, contact_id: UUID) -> list[Standing]:
    with secretary.road.store.reading() as session:
        return [each.standing for each in memberships.of_contact(session, secretary.road.now, contact_id)]


def _shown(secretary: Secretary, contact_id: UUID) -> list[tuple[str, bool]]:
    return [(each.shown[-2:], each.ended_at is None) for each in secretary.asks(contacts.reached, contact_id)]


def _recycle(secretary: Secretary, contact_id: UUID) -> UUID:
    link_id = _link(secretary, contact_id)
    secretary.does(recycled.recycle, _staff_id(secretary), contact_id, link_id)
    return link_id


def test_a_changed_number_takes_the_groups_along_and_waits_for_a_yes(secretary: Secretary, road: Road) -> None:
    awa = _contact(secretary)
    group_id = _in_a_group(secretary, awa)
    secretary.does(moving.give_number, awa, NEW, "simulator", instead_of=_link(secretary, awa))
    assert _shown(secretary, awa) == [("02", True), ("01", False)]
    with road.store.reading() as session:
        (found,) = memberships.of_group(session, road.now, group_id, 10)
    assert (found.contact_id, found.shown[-2:], found.standing) == (awa, "02", Standing.UNCONFIRMED)


def test_a_number_beside_the_older_one(secretary: Secretary) -> None:
    awa = _contact(secretary)
    secretary.does(moving.give_number, awa, NEW, "simulator")
    assert sorted(_shown(secretary, awa)) == [("01", True), ("02", True)]
    with pytest.raises(NotAllowed):
        secretary.does(moving.give_number, awa, NEW, "simulator")


def test_a_number_that_is_anothers_is_taken_only_for_a_shared_telephone(secretary: Secretary) -> None:
    awa, other = _contact(secretary), _contact(secretary, NEW, "Moussa")
    with pytest.raises(NumberTaken) as taken:
        secretary.does(moving.give_number, awa, NEW, "simulator")
    assert taken.value.contact_id == other
    secretary.does(moving.give_number, awa, NEW, "simulator", shared=True)
    (there,) = [each for each in secretary.asks(contacts.reached, awa) if each.shown.endswith("02")]
    assert (there.person, there.shared_with) == (2, (other,))


def test_a_number_of_nobody_and_a_link_of_nobody_are_refused(secretary: Secretary) -> None:
    awa, other = _contact(secretary), _contact(secretary, NEW, "Moussa")
    for contact_id, instead in ((UUID(int=7), None), (awa, _link(secretary, other)), (awa, UUID(int=7))):
        with pytest.raises(NotAllowed):
            secretary.does(moving.give_number, contact_id, "sim:76000003", "simulator", instead_of=instead)
    assert _shown(secretary, awa) == [("01", True)]


def test_a_telephone_no_longer_theirs_ends_their_groups_and_both_come_back(secretary: Secretary) -> None:
    awa = _contact(secretary)
    _contact(secretary, name="Moussa", shared=True)
    _in_a_group(secretary, awa)
    link_id = _link(secretary, awa)
    secretary.does(moving.leave_number, _staff_id(secretary), awa, link_id)
    assert (_shown(secretary, awa), _standing(secretary, awa)) == ([("01", False)], [Standing.ENDED])
    secretary.does(moving.take_number_back, awa, link_id)
    assert (_shown(secretary, awa), _standing(secretary, awa)) == ([("01", True)], [Standing.UNCONFIRMED])
    with pytest.raises(NotAllowed):
        secretary.does(moving.take_number_back, awa, link_id)


def test_a_recycled_number_answers_nothing_of_before_to_who_has_it_now(secretary: Secretary, road: Road) -> None:
    phone = road.phone("76000001")
    for said in ("le puits de Konna est sec", "1", "1", "1"):
        phone.says(said)
    asked = f"STATUS {phone.code}"
    assert phone.code in (phone.says(asked) or "")
    awa, moussa = _contact(secretary), _contact(secretary, name="Moussa", shared=True)
    _recycle(secretary, awa)
    assert [_shown(secretary, each) for each in (awa, moussa)] == [[("01", False)]] * 2
    assert road.call_backs() == [], "a stranger would be called"
    assert {row.status for row in road.outbox()} <= {"delivered", "cancelled", "sent"}
    new = road.phone("76000001")
    new.says("bonjour")
    assert len(road.rows(address.c.id)) == 2, "who has it now is somebody else"
    assert new.says(asked) == new.says("STATUS 10000"), "a right code is a wrong one now"
    (told,) = road.rows(report.c.address_id)
    (old,) = road.rows(contact_address.c.address_id, contact_id=awa)
    assert told == old


def test_what_still_waited_for_the_old_owner_is_not_sent(secretary: Secretary, road: Road) -> None:
    phone = road.phone("76000001")
    phone.says("le puits de Konna est sec", inline=False)
    assert [row.status for row in road.outbox()] == ["queued"]
    _recycle(secretary, _contact(secretary))
    assert [row.status for row in road.outbox()] == ["cancelled"]
    assert road.deliver() == 0


def test_a_recycled_number_comes_back_as_long_as_nobody_has_written_from_it(secretary: Secretary, road: Road) -> None:
    awa = _contact(secretary)
    link_id = _recycle(secretary, awa)
    assert secretary.asks(contacts.by_address, OLD) == []
    secretary.does(moving.take_number_back, awa, link_id)
    assert [each.id for each in secretary.asks(contacts.by_address, OLD)] == [awa]
    road.phone("76000001").says("bonjour")
    assert len(road.rows(address.c.id)) == 1
    _recycle(secretary, awa)
    road.phone("76000001").says("bonjour")
    with pytest.raises(NotAllowed):
        secretary.does(moving.take_number_back, awa, link_id)


def test_what_they_said_themselves_nobody_takes_back(secretary: Secretary, road: Road) -> None:
    awa = _contact(secretary)
    group_id = _in_a_group(secretary, awa)
    secretary.does(memberships.have_asked, group_id)
    link_id = _link(secretary, awa)
    _says_that_it_is_somebody_elses(road)
    assert _shown(secretary, awa) == [("01", False)]
    with pytest.raises(NotAllowed):
        secretary.does(moving.take_number_back, awa, link_id)


def _says_that_it_is_somebody_elses(road: Road) -> None:
    """The monthly question, answered by who has the number now."""
    road.now = (road.now + timedelta(days=1)).replace(hour=10)
    with road.store.writing() as session:
        assert members.ask_all(session, road.now, road.talks, {road.wire.name: road.wire})
    road.deliver()
    road.phone("76000001").says("2")


@pytest.mark.parametrize(("shared", "addresses"), [(False, 2), (True, 1)])
def test_who_says_that_the_number_is_theirs_now_begins_as_a_stranger(
    secretary: Secretary, road: Road, shared: bool, addresses: int
) -> None:
    """But where others of before still share the telephone, it is theirs."""
    awa = _contact(secretary)
    if shared:
        _contact(secretary, name="Moussa", shared=True)
    secretary.does(memberships.have_asked, _in_a_group(secretary, awa))
    _says_that_it_is_somebody_elses(road)
    road.phone("76000001").says("bonjour")
    assert len(road.rows(address.c.id)) == addresses


@pytest.mark.parametrize("act", [moving.leave_number, recycled.recycle])
def test_a_link_of_somebody_else_is_refused(secretary: Secretary, act: Any) -> None:
    awa, other = _contact(secretary), _contact(secretary, NEW, "Moussa")
    with pytest.raises(NotAllowed):
        secretary.does(act, _staff_id(secretary), awa, _link(secretary, other))
    assert _shown(secretary, other) == [("02", True)]
