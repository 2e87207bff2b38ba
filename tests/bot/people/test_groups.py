"""Groups are data: found again by kind, place and title, counted by how their members stand; titles are sealed."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.casework import members
from bot.errors import NotAllowed, Stale
from bot.people import contacts, groups, memberships
from bot.people.contacts import Details
from bot.people.groups import Counts, Wanted
from bot.people.memberships import CONFIRMED_FOR, Standing, addresses_of
from bot.store.tables import GroupKind, MemberRole, contact_address, contact_group, member
from tests.bot.people.conftest import Secretary
from tests.chat import TRUSTED, Road

KONNA, DOUENTZA = "kun:mopti/mopti/konna", "kun:mopti/douentza/douentza"


@pytest.fixture(autouse=True)
def at_an_hour_for_questions(road: Road) -> None:
    """Nobody is asked at night."""
    road.now = road.now.replace(hour=10)


@pytest.fixture
def cell(secretary: Secretary) -> UUID:
    """The cell of Konna."""
    identity: UUID = secretary.does(groups.make, GroupKind.CELL, KONNA)
    return identity


def _reached(secretary: Secretary, number: str = "76000001") -> UUID:
    """A contact with this number; how they are reached."""
    contact_id = secretary.does(contacts.make, f"sim:{number}", "simulator", Details("Awa"))
    found: UUID = secretary.asks(contacts.reached, contact_id)[0].id
    return found


def _counts(secretary: Secretary, group_id: UUID) -> Counts:
    found: Counts = secretary.asks(groups.counted, secretary.road.now, group_id)
    return found


def test_there_is_one_group_of_a_kind_a_place_and_a_title(secretary: Secretary, cell: UUID) -> None:
    assert secretary.does(groups.make, GroupKind.CELL, KONNA) == cell
    titled = secretary.does(groups.make, GroupKind.CELL, KONNA, "Les Anciens")
    assert titled != cell
    assert secretary.does(groups.make, GroupKind.CELL, KONNA, "les  anciens") == titled
    assert secretary.does(groups.make, GroupKind.CELL, DOUENTZA, "Les Anciens") not in {cell, titled}
    assert secretary.does(groups.make, GroupKind.WOMEN, KONNA) != cell


def test_a_title_is_sealed_and_only_shown_to_who_may_see_it(secretary: Secretary) -> None:
    identity = secretary.does(groups.make, GroupKind.WOMEN, KONNA, "Benkadi")
    (row,) = secretary.road.rows(contact_group)
    assert b"Benkadi" not in row.title
    assert secretary.asks(groups.look, identity, titles=True).title == "Benkadi"
    assert secretary.asks(groups.look, identity, titles=False).title is None
    ((shown, _),) = secretary.asks(groups.listed, secretary.road.now, Wanted(), titles=False)
    assert shown.title is None


def test_a_group_is_changed_but_into_no_other(secretary: Secretary, cell: UUID) -> None:
    other = secretary.does(groups.make, GroupKind.YOUTH, KONNA, "Espoir")
    secretary.does(groups.edit, other, GroupKind.YOUTH, DOUENTZA, None)
    found = secretary.asks(groups.look, other, titles=True)
    assert (found.kind, found.place, found.title) == (GroupKind.YOUTH, DOUENTZA, None)
    with pytest.raises(NotAllowed):
        secretary.does(groups.edit, other, GroupKind.CELL, KONNA, None)


def test_groups_are_narrowed_by_kind_and_by_places(secretary: Secretary, cell: UUID) -> None:
    secretary.does(groups.make, GroupKind.RADIO, None, "Radio Jamana")

    def found(wanted: Wanted) -> list[GroupKind]:
        return [group.kind for group, _ in secretary.asks(groups.listed, secretary.road.now, wanted, titles=True)]

    assert found(Wanted()) == [GroupKind.CELL, GroupKind.RADIO]
    assert found(Wanted(kind=GroupKind.RADIO)) == [GroupKind.RADIO]
    assert found(Wanted(places=(KONNA, DOUENTZA))) == [GroupKind.CELL]
    assert found(Wanted(kind=GroupKind.RADIO, places=(KONNA,))) == []


def test_members_are_counted_by_how_they_stand(secretary: Secretary, cell: UUID, road: Road) -> None:
    for number in range(4):
        there = _reached(secretary, f"7600000{number}")
        secretary.does(memberships.add, cell, there, MemberRole.MEMBER)
    assert _counts(secretary, cell) == Counts(unconfirmed=4)
    ids = [row.id for row in road.rows(member.c.id)]
    with road.store.writing() as session:
        for number, values in enumerate(
            ({"confirmed_at": road.now}, {"confirmed_at": road.now, "paused_until": road.now + timedelta(days=7)})
        ):
            session.run(member.update().where(member.c.id == ids[number]).values(values))
    assert _counts(secretary, cell) == Counts(listed=1, paused=1, unconfirmed=2)
    road.later(days=8)
    assert _counts(secretary, cell) == Counts(listed=2, unconfirmed=2)
    road.later(days=CONFIRMED_FOR.days)
    assert _counts(secretary, cell) == Counts(unconfirmed=4)


def test_a_membership_ends_and_is_taken_back(secretary: Secretary, cell: UUID) -> None:
    there = _reached(secretary)
    secretary.does(memberships.add, cell, there, MemberRole.FOCAL_POINT)
    with pytest.raises(Stale):
        secretary.does(memberships.add, cell, there, MemberRole.MEMBER)
    (one,) = secretary.asks(memberships.of_group, secretary.road.now, cell, 10)
    assert (one.role, one.standing, one.shown) == (MemberRole.FOCAL_POINT, Standing.UNCONFIRMED, "•••• ••01")
    staff_id = UUID(secretary.actor.partition(":")[2])
    secretary.does(memberships.end, staff_id, one.id)
    with pytest.raises(Stale):
        secretary.does(memberships.end, staff_id, one.id)
    (over,) = secretary.asks(memberships.of_group, secretary.road.now, cell, 10)
    assert (over.standing, over.own_wish) == (Standing.ENDED, False)
    secretary.does(memberships.take_back, one.id)
    assert _counts(secretary, cell) == Counts(unconfirmed=1)
    with pytest.raises(NotAllowed):
        secretary.does(memberships.take_back, one.id)


def test_who_left_at_their_own_wish_is_brought_back_by_nobody_else(
    secretary: Secretary, cell: UUID, road: Road
) -> None:
    there = _reached(secretary)
    secretary.does(memberships.add, cell, there, MemberRole.MEMBER)
    (one,) = secretary.asks(memberships.of_group, road.now, cell, 10)
    secretary.does(memberships.have_asked, cell)
    with road.store.writing() as session:
        assert members.ask_all(session, road.now, road.talks, {road.wire.name: road.wire}) >= 1
    road.phone("76000001").says("3")
    with pytest.raises(NotAllowed):
        secretary.does(memberships.take_back, one.id)
    with pytest.raises(NotAllowed):
        secretary.does(memberships.add, cell, there, MemberRole.MEMBER)


def test_who_was_put_on_a_list_is_asked_only_when_the_desk_says_so_and_then_confirms(
    secretary: Secretary, cell: UUID, road: Road
) -> None:
    secretary.does(memberships.add, cell, _reached(secretary), MemberRole.MEMBER)

    def ask() -> int:
        with road.store.writing() as session:
            return members.ask_all(session, road.now, road.talks, {road.wire.name: road.wire})

    assert ask() == 0
    road.later(days=60)
    assert ask() == 0
    assert secretary.does(memberships.have_asked, cell) == 1
    assert secretary.does(memberships.have_asked, cell) == 0, "nobody is asked twice by that"
    assert ask() == 1
    road.phone("76000001").says("1")
    assert _counts(secretary, cell) == Counts(listed=1)


def test_a_code_for_their_group_confirms_who_was_put_there_and_makes_no_second_person(
    secretary: Secretary, cell: UUID, road: Road
) -> None:
    secretary.does(memberships.add, cell, _reached(secretary), MemberRole.MEMBER)
    phone = road.phone("76000001")
    with road.store.writing() as session:
        codes = [members.invite(session, road.now, TRUSTED, cell) for _ in range(2)]
    for said in (f"inscription {codes[0]}", "1", "1"):
        phone.says(said)
    assert "numéro" not in phone.hears
    assert _counts(secretary, cell) == Counts(listed=1)
    for said in (f"inscription {codes[1]}", "1"):
        phone.says(said)
    assert "numéro 2" in phone.hears
    assert _counts(secretary, cell) == Counts(listed=2)


def test_a_number_that_is_somebody_elses_now_reaches_the_contact_no_more(
    secretary: Secretary, cell: UUID, road: Road
) -> None:
    there = _reached(secretary)
    secretary.does(memberships.add, cell, there, MemberRole.MEMBER)
    secretary.does(memberships.have_asked, cell)
    with road.store.writing() as session:
        members.ask_all(session, road.now, road.talks, {road.wire.name: road.wire})
    road.phone("76000001").says("2")
    assert _counts(secretary, cell) == Counts()
    (row,) = road.rows(contact_address.c.ended_at)
    assert row.ended_at is not None


def test_the_addresses_of_a_kind_are_those_of_its_living_members(secretary: Secretary, cell: UUID, road: Road) -> None:
    women = secretary.does(groups.make, GroupKind.WOMEN, KONNA)
    secretary.does(memberships.add, cell, _reached(secretary), MemberRole.MEMBER)
    secretary.does(memberships.add, women, _reached(secretary, "76000002"), MemberRole.MEMBER)
    (mine,) = road.rows(contact_address.c.address_id, contact_id=road.rows(contact_address.c.contact_id)[0].contact_id)
    with road.store.reading() as session:
        assert session.run(addresses_of(GroupKind.CELL)).scalars().all() == [mine.address_id]
        assert session.run(select(member.c.id)).scalars().all()
