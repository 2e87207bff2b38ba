"""What a file changes: new people and new groups, known ones added to, nobody changed silently; all of it or nothing."""

from dataclasses import asdict
from uuid import UUID

import pytest
from sqlalchemy import select, update

from bot.errors import Stale
from bot.people import contacts, groups, importing, landing, memberships
from bot.people.contacts import Details
from bot.people.groups import Wanted
from bot.people.landing import Counts, Plan
from bot.people.reading import read_entries
from bot.people.spreadsheet import read_rows
from bot.places.gazetteer import Gazetteer
from bot.store import Duplicate
from bot.store.tables import (
    GroupKind,
    MemberRole,
    address,
    contact,
    contact_address,
    contact_group,
    contact_word,
    member,
)
from tests.bot.people.conftest import Secretary
from tests.bot.people.files import as_csv, row
from tests.chat import Road

KONNA = "kun:mopti/mopti/konna"
TABLES = (address, contact, contact_address, contact_word, contact_group, member)


@pytest.fixture
def lander(secretary: Secretary, gazetteer: Gazetteer) -> "Lander":
    return Lander(secretary, gazetteer)


class Lander:
    """Takes files as the desk does."""

    def __init__(self, secretary: Secretary, gazetteer: Gazetteer) -> None:
        self.secretary, self.road, self.gazetteer = secretary, secretary.road, gazetteer

    def plan(self, *rows: tuple[str, ...]) -> Plan:
        with self.road.store.reading() as session:
            return landing.plan(session, read_entries(read_rows(as_csv(*rows)), self.gazetteer))

    def write(self, made: Plan) -> None:
        prepared = landing.prepare(self.road.store.keys, self.road.now, made, "simulator")
        with self.road.store.writing() as session:
            landing.write(session, made, prepared)

    def lands(self, *rows: tuple[str, ...]) -> Counts:
        made = self.plan(*rows)
        assert made.bad == []
        self.write(made)
        return made.counts

    def person(self, number: str, name: str = "Awa Coulibaly", *, shared: bool = False) -> UUID:
        """A contact that is known already; how they are reached."""
        made = self.secretary.does(contacts.make, f"tel:+223{number}", "simulator", Details(name), shared=shared)
        found: UUID = self.secretary.asks(contacts.reached, made)[0].id
        return found


def _sizes(road: Road) -> dict[str, int]:
    return {table.name: len(road.rows(table)) for table in TABLES}


def test_what_a_row_says_is_found_in_the_house(lander: Lander) -> None:
    assert lander.lands(row(role="point focal")) == Counts(fresh=1, memberships=1, groups=1)
    (found,) = lander.secretary.asks(contacts.by_address, "tel:+22376123456")
    assert found.details == Details("Awa Coulibaly", ("bm",), KONNA, "liste signée le 3 mars")
    assert [each.id for each in lander.secretary.asks(contacts.by_name, "koulibali")] == [found.id]
    (there,) = lander.secretary.asks(memberships.of_contact, lander.road.now, found.id)
    assert (there.kind, there.place, there.role) == (GroupKind.CELL, KONNA, MemberRole.FOCAL_POINT)
    assert there.standing == "unconfirmed", "a paper is not their own yes"
    assert there.shown == "•••• ••56"


def test_nothing_of_a_file_stands_in_clear(lander: Lander) -> None:
    lander.lands(row(titre="Benkadi"))
    kept = b"".join(
        value for table in TABLES for each in lander.road.rows(table) for value in each if isinstance(value, bytes)
    )
    for told in (b"76123456", b"Awa", b"Coulibaly", b"sign", b"Benkadi"):
        assert told not in kept


def test_the_same_file_twice_changes_nothing_the_second_time(lander: Lander) -> None:
    rows = [row(f"7000000{number}", f"Awa {name}") for number, name in enumerate(("Ba", "Sy", "Ly"))]
    assert lander.lands(*rows) == Counts(fresh=3, memberships=3, groups=1)
    before = _sizes(lander.road)
    assert lander.lands(*rows) == Counts(known=3)
    assert _sizes(lander.road) == before


def test_a_known_number_is_added_to_the_group_and_otherwise_left_as_it_is(lander: Lander) -> None:
    lander.person("76123456")
    assert lander.lands(row()) == Counts(known=1, memberships=1, groups=1)
    (found,) = lander.secretary.asks(contacts.by_address, "tel:+22376123456")
    assert found.details == Details("Awa Coulibaly")


def test_a_known_number_under_another_name_is_a_bad_row(lander: Lander) -> None:
    lander.person("76123456", "Moussa Traoré")
    made = lander.plan(row(), row("70000001"))
    assert [(bad.row, "another name" in str(bad.problem)) for bad in made.bad] == [(2, True)]


def test_on_a_shared_telephone_the_digit_says_who(lander: Lander) -> None:
    lander.person("76123456")
    lander.person("76123456", "Moussa Traoré", shared=True)
    (bad,) = lander.plan(row()).bad
    assert "Several people share" in str(bad.problem)
    assert lander.lands(row(personne="1"), row(name="Moussa Traoré", personne="2")).known == 2
    assert lander.lands(row(name="Fanta Diarra", personne="3")).fresh == 1
    assert len(lander.secretary.asks(contacts.by_address, "tel:+22376123456")) == 3


def test_a_digit_that_was_somebody_elses_is_not_given_again(lander: Lander) -> None:
    there = lander.person("76123456")
    lander.person("76123456", "Moussa Traoré", shared=True)
    with lander.road.store.writing() as session:
        contacts.unlink(session, lander.road.now, there)
    (bad,) = lander.plan(row(name="Fanta Diarra", personne="1")).bad
    assert "somebody else's" in str(bad.problem)


def test_a_number_that_only_wrote_looks_like_any_other(lander: Lander) -> None:
    with lander.road.store.writing() as session:
        contacts.reach(session, lander.road.now, "tel:+22376123456", "simulator")
    assert lander.lands(row()) == Counts(fresh=1, memberships=1, groups=1)
    assert len(lander.road.rows(address)) == 1


def test_who_said_stop_stays_silent(lander: Lander) -> None:
    lander.person("76123456")
    with lander.road.store.writing() as session:
        session.run(update(address).values(opted_out_at=lander.road.now))
    assert lander.lands(row()) == Counts(known=1, memberships=1, groups=1, silent=1)
    (found,) = lander.road.rows(address.c.opted_out_at)
    assert found.opted_out_at is not None


def test_who_left_a_group_at_their_own_wish_is_not_put_back(lander: Lander) -> None:
    lander.lands(row())
    with lander.road.store.writing() as session:
        session.run(update(member).values(ended_at=lander.road.now))
    assert lander.lands(row()) == Counts(known=1, stay_out=1)
    assert len(lander.road.rows(member)) == 1


def test_whom_the_desk_took_out_may_be_put_back_by_a_file(lander: Lander) -> None:
    lander.lands(row())
    staff_id = UUID(lander.secretary.actor.partition(":")[2])
    lander.secretary.does(memberships.end, staff_id, lander.road.rows(member.c.id)[0].id)
    assert lander.lands(row()) == Counts(known=1, memberships=1)


def test_one_person_in_two_groups_is_one_contact(lander: Lander) -> None:
    assert lander.lands(row(), row(groupe="femmes", titre="Benkadi")) == Counts(fresh=1, memberships=2, groups=2)
    assert _sizes(lander.road)["contact"] == 1
    assert lander.lands(row("70000001", "Fanta", groupe="femmes", titre="BENKADI")).groups == 0


def _forget(lander: Lander) -> None:
    with lander.road.store.writing() as session:
        session.run(update(address).values(hash=b"x" * 32))


def _unlink(lander: Lander) -> None:
    with lander.road.store.writing() as session:
        contacts.unlink(session, lander.road.now, session.run(select(contact_address.c.id)).scalar_one())


@pytest.mark.parametrize("meanwhile", [_forget, _unlink])
def test_who_was_forgotten_between_the_plan_and_the_writing_is_on_no_list(lander: Lander, meanwhile: object) -> None:
    lander.person("76123456")
    made = lander.plan(row(), row("70000001"))
    meanwhile(lander)  # type: ignore[operator]
    before = _sizes(lander.road)
    with pytest.raises(Stale):
        lander.write(made)
    assert _sizes(lander.road) == before, "not one row of it"


def test_a_number_that_came_between_the_plan_and_the_writing_lets_nothing_land(lander: Lander) -> None:
    made = lander.plan(row("70000001"), row())
    lander.person("76123456")
    before = _sizes(lander.road)
    with pytest.raises(Duplicate):
        lander.write(made)
    assert _sizes(lander.road) == before
    assert asdict(lander.lands(row("70000001"), row()))["known"] == 1, "planned anew it lands"


def test_groups_of_a_file_are_those_that_are_there(lander: Lander) -> None:
    known = lander.secretary.does(groups.make, GroupKind.CELL, KONNA)
    lander.lands(row(), row("70000001", "Fanta", groupe="radio", commune="", titre="Radio Jamana"))
    found = lander.secretary.asks(groups.listed, lander.road.now, Wanted(), titles=True)
    assert [(group.kind, group.place, group.title) for group, _ in found] == [
        (GroupKind.CELL, KONNA, None),
        (GroupKind.RADIO, None, "Radio Jamana"),
    ]
    assert found[0][0].id == known


def test_a_long_list_says_how_far_it_is(lander: Lander) -> None:
    made, heard = lander.plan(*(row(f"76{number:06}", "Awa") for number in range(2_100))), list[int]()
    importing.write(lander.road.store, lander.road.now, "command", made, "simulator", prepared=heard.append)
    assert heard == [1_000, 2_000]
    assert len(lander.road.rows(contact.c.id)) == 2_100
