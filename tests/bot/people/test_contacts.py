"""Contacts: found by number and by the sound of a name; a telephone may be shared; nothing tells who ever wrote."""

import pytest
from sqlalchemy import select

from bot.errors import NotAllowed
from bot.people import contacts
from bot.people.contacts import Details, NumberTaken
from bot.store.audit import Action
from bot.store.tables import address, audit, contact, contact_word
from tests.bot.people.conftest import Secretary
from tests.chat import Road

AWA = Details("Awa Coulibaly", ("bm", "fr"), "kun:mopti/mopti/konna", "signed the list of 3 March")
URI = "sim:76000001"


def _make(secretary: Secretary, uri: str = URI, details: Details = AWA, **named: bool) -> object:
    return secretary.does(contacts.make, uri, "simulator", details, **named)


def test_what_was_told_of_a_person_is_read_again_and_stands_nowhere_in_clear(secretary: Secretary) -> None:
    identity = _make(secretary)
    found = secretary.asks(contacts.look, identity)
    assert found.details == AWA
    (row,) = secretary.road.rows(contact)
    assert b"Coulibaly" not in row.name
    assert b"March" not in row.consent


@pytest.mark.parametrize("words", ["awa", "COULIBALY", "Kulibali awa", "koulibali"])
def test_a_name_is_found_by_its_words_however_they_are_spelt(secretary: Secretary, words: str) -> None:
    identity = _make(secretary)
    _make(secretary, "sim:76000002", Details("Awa Traoré"))
    found = [each.id for each in secretary.asks(contacts.by_name, words)]
    assert identity in found
    assert len(found) == (2 if words == "awa" else 1)


@pytest.mark.parametrize("words", ["", "  ", "Moussa", "Awa Moussa", "%", "a"])
def test_other_words_find_nobody(secretary: Secretary, words: str) -> None:
    _make(secretary)
    assert secretary.asks(contacts.by_name, words) == []


def test_a_number_finds_who_is_reached_there_and_never_who_only_wrote(secretary: Secretary, road: Road) -> None:
    road.phone("76000009").says("le puits est sec")
    identity = _make(secretary)
    assert [each.id for each in secretary.asks(contacts.by_address, URI)] == [identity]
    assert secretary.asks(contacts.by_address, "sim:76000009") == []
    assert secretary.asks(contacts.by_address, "sim:76000008") == []


def test_a_contact_may_be_made_of_a_number_that_wrote_before(secretary: Secretary, road: Road) -> None:
    road.phone().says("le puits est sec")
    _make(secretary)
    assert len(road.rows(address.c.id)) == 1


def test_a_number_is_one_persons_unless_the_telephone_is_shared(secretary: Secretary) -> None:
    first = _make(secretary)
    with pytest.raises(NumberTaken) as taken:
        _make(secretary, details=Details("Moussa"))
    assert taken.value.contact_id == first
    second = _make(secretary, details=Details("Moussa"), shared=True)
    (here,) = secretary.asks(contacts.reached, first)
    (there,) = secretary.asks(contacts.reached, second)
    assert (here.person, there.person) == (1, 2)
    assert (here.shared_with, there.shared_with) == ((second,), (first,))
    assert here.shown == there.shown == "•••• ••01"


def test_a_change_is_kept_found_and_noted(secretary: Secretary) -> None:
    identity = _make(secretary)
    secretary.does(contacts.edit, identity, Details("Mariam Sy", ("ffm",)))
    assert secretary.asks(contacts.look, identity).details == Details("Mariam Sy", ("ffm",))
    assert [each.id for each in secretary.asks(contacts.by_name, "sy")] == [identity]
    assert secretary.asks(contacts.by_name, "awa") == []
    done = [row.action for row in secretary.road.rows(audit.c.action, subject=str(identity))]
    assert done == [Action.CONTACT_MADE, Action.CONTACT_CHANGED]
    with pytest.raises(NotAllowed):
        secretary.does(contacts.edit, secretary.road.rows(address.c.id)[0].id, AWA)


def test_who_asks_to_be_forgotten_is_no_contact_any_more(secretary: Secretary, road: Road) -> None:
    _make(secretary)
    _make(secretary, details=Details("Moussa"), shared=True)
    road.phone("76000001").says("oubliez-moi")
    assert road.rows(contact.c.id) == road.rows(contact_word.c.word) == []


def test_who_is_reached_elsewhere_too_loses_the_number_and_stays(secretary: Secretary, road: Road) -> None:
    identity = _make(secretary)
    with road.store.writing() as session:
        other = session.run(select(address.c.id)).scalar_one()
        there = contacts.reach(session, road.now, "sim:76000002", "simulator")
        assert there != other
        contacts.link(session, road.now, identity, there, 1)
    road.phone("76000001").says("oubliez-moi")
    assert [each.shown for each in secretary.asks(contacts.reached, identity)] == ["•••• ••02"]
    road.phone("76000002").says("oubliez-moi")
    assert secretary.asks(contacts.look, identity) is None


def test_two_contacts_of_one_person_are_joined_and_taken_apart(secretary: Secretary) -> None:
    awa, twice = _make(secretary), _make(secretary, "sim:76000002", Details("Hawa Koulibaly"))
    secretary.does(contacts.merge, awa, twice)
    assert sorted(each.shown for each in secretary.asks(contacts.reached, awa)) == ["•••• ••01", "•••• ••02"]
    assert [each.id for each in secretary.asks(contacts.by_address, "sim:76000002")] == [awa]
    assert [each.id for each in secretary.asks(contacts.by_name, "koulibaly")] == [awa]
    assert secretary.asks(contacts.look, twice).merged_into == awa
    assert secretary.asks(contacts.look, awa).details == AWA
    assert (secretary.asks(contacts.count), secretary.asks(contacts.merged, awa)[0].id) == (1, twice)
    secretary.does(contacts.split, awa, twice)
    assert [each.shown for each in secretary.asks(contacts.reached, twice)] == ["•••• ••02"]
    assert {each.id for each in secretary.asks(contacts.by_name, "koulibaly")} == {awa, twice}
    assert (secretary.asks(contacts.count), secretary.asks(contacts.merged, awa)) == (2, [])


def test_what_is_not_two_contacts_is_not_joined(secretary: Secretary) -> None:
    one, two = _make(secretary), _make(secretary, "sim:76000002", Details("Awa"))
    three = _make(secretary, "sim:76000003", Details("Awa"))
    nobody = secretary.road.rows(address.c.id)[0].id
    secretary.does(contacts.merge, one, two)
    for pair in ((one, one), (one, nobody), (nobody, one), (one, two), (two, three), (three, one)):
        with pytest.raises(NotAllowed):
            secretary.does(contacts.merge, *pair)
    with pytest.raises(NotAllowed):
        secretary.does(contacts.split, three, two)
    secretary.does(contacts.merge, one, three)
    assert secretary.asks(contacts.count) == 1


def test_forgetting_takes_the_contact_that_was_joined_along(secretary: Secretary, road: Road) -> None:
    awa = _make(secretary)
    secretary.does(contacts.merge, awa, _make(secretary, "sim:76000002", Details("Hawa")))
    road.phone("76000001").says("oubliez-moi")
    assert len(road.rows(contact.c.id)) == 2, "they are reached elsewhere still"
    road.phone("76000002").says("oubliez-moi")
    assert road.rows(contact.c.id) == road.rows(contact_word.c.word) == []
