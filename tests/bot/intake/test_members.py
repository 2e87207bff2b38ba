"""Members: invited by a code, asked by the clock, off the lists as soon as nobody confirms them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import main
from bot.casework import members
from bot.channels.simulator import Simulator
from bot.config import Settings
from bot.languages.catalogue import Catalogues
from bot.people import contacts, groups
from bot.people.groups import Counts, Wanted
from bot.people.memberships import is_listed
from bot.places.gazetteer import Gazetteer
from bot.store import Store, migrations
from bot.store.sealing import Keys
from bot.store.tables import GroupKind, contact_address, member, weekly
from flows import FLOWS
from tests.chat import TRUSTED, Phone, Road

KONNA = "kun:mopti/mopti/konna"
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def road(settings: Callable[..., Settings], database_url: str) -> Iterator[Road]:
    store = Store.open(settings(database_url=database_url), Keys.make())
    migrations.upgrade(store.engine)
    catalogues = Catalogues.load(main.LOCALES, "bot", drafts=True)
    road = Road.build(store, Simulator(), FLOWS, main.VERBS, catalogues, Gazetteer.load())
    road.now = MONDAY - timedelta(days=2)
    yield road
    store.close()


@pytest.fixture
def phone(road: Road) -> Phone:
    return road.phone()


def _code(road: Road, group: GroupKind = GroupKind.CELL) -> str:
    with road.store.writing() as session:
        group_id = groups.make(session, road.now, TRUSTED.actor, group, KONNA)
        return members.invite(session, road.now, TRUSTED, group_id)


def _join(road: Road, phone: Phone, group: GroupKind = GroupKind.CELL) -> None:
    for said in ("langue", "1", f"inscription {_code(road, group)}", "1"):
        phone.says(said)


def _ask(road: Road) -> list[str]:
    """What the clock writes to everybody now."""
    before = len(road.outbox())
    with road.store.writing() as session:
        members.ask_all(session, road.now, road.talks, {road.wire.name: road.wire})
    road.deliver()
    return [row.cause.split(":")[0] for row in road.outbox()[before:]]


def _members(road: Road) -> list[tuple[int, bool]]:
    statement = select(contact_address.c.person, member.c.ended_at).join(contact_address)
    with road.store.reading() as session:
        return sorted((row.person, row.ended_at is None) for row in session.run(statement))


def test_a_code_makes_one_member_who_said_yes(road: Road, phone: Phone) -> None:
    code = _code(road)
    phone.says(f"INSCRIPTION {code}")
    assert _members(road) == []
    for said in ("1", "1"):  # the language, and yes
        phone.says(said)
    assert _members(road) == [(1, True)]
    other = road.phone("76000002")
    other.says(f"inscription {code}")
    assert "par exemple" in other.hears, "a code works once"


def test_who_says_no_is_on_no_list_and_may_still_use_the_code(road: Road, phone: Phone) -> None:
    code = _code(road)
    for said in (f"inscription {code}", "1", "2"):
        phone.says(said)
    assert _members(road) == []
    for said in (f"inscription {code}", "1"):
        phone.says(said)
    assert _members(road) == [(1, True)]


@pytest.mark.parametrize("text", ["inscription 12345678", "inscription", "join 1"])
def test_a_wrong_code_and_none_are_answered_alike(phone: Phone, text: str) -> None:
    phone.says(text)
    assert phone.hears == "Envoyez INSCRIPTION et le numéro qu'on vous a donné, par exemple INSCRIPTION 12345678."


def test_codes_can_not_be_tried_out(road: Road, phone: Phone) -> None:
    code = _code(road)
    for number in range(5):
        road.later(minutes=5)
        phone.says(f"inscription 0000000{number}")
    phone.says(f"inscription {code}")
    assert "par exemple" in phone.hears
    road.later(days=2)
    phone.says(f"inscription {code}")
    assert "par exemple" not in phone.hears


def test_an_old_code_is_a_wrong_one(road: Road, phone: Phone) -> None:
    code = _code(road)
    road.later(days=31)
    phone.says(f"inscription {code}")
    assert "par exemple" in phone.hears


def test_two_people_on_one_phone_are_told_apart_by_a_digit(road: Road, phone: Phone) -> None:
    _join(road, phone)
    for said in (f"inscription {_code(road)}", "1"):
        phone.says(said)
    assert "numéro 2" in phone.hears
    road.now = MONDAY
    assert _ask(road) == ["weekly"]
    for said in ("2", "0"):
        phone.says(said)
    assert _ask(road) == ["weekly"], "the second is asked when the first has answered"
    phone.says("menu")
    assert phone.hears.startswith("(2) Bonjour")


def test_a_cell_is_asked_once_a_week_and_reminded_once(road: Road, phone: Phone) -> None:
    _join(road, phone)
    assert _ask(road) == [], "not on a Saturday"
    road.now = MONDAY
    assert _ask(road) == ["weekly"]
    assert _ask(road) == []
    road.later(days=2)
    assert _ask(road) == ["weekly"]
    assert _ask(road) == []
    for said in ("1", "121"):
        phone.says(said)
    assert phone.hears == "Merci, c'est noté. A la semaine prochaine."
    (row,) = road.rows(weekly.c.week, weekly.c.answer, weekly.c.services)
    assert tuple(row) == ("2026-W49", "good", "121")


def test_whoever_is_in_a_cell_by_two_telephones_is_asked_on_one_of_them(road: Road, phone: Phone) -> None:
    other = road.phone("76000002")
    _join(road, phone)
    _join(road, other)
    with road.store.writing() as session:
        one, two = session.run(select(contact_address.c.contact_id).order_by(contact_address.c.made_at)).scalars()
        contacts.merge(session, road.now, TRUSTED.actor, one, two)
    road.now = MONDAY
    assert _ask(road) == ["weekly"]
    assert _ask(road) == []
    road.later(days=2)
    assert _ask(road) == ["weekly"], "reminded, there alone"
    road.later(days=5)
    with road.store.writing() as session:
        contacts.split(session, road.now, TRUSTED.actor, one, two)
    assert _ask(road) == ["weekly", "weekly"], "two people after all"


def test_nobody_is_asked_at_night_or_in_the_middle_of_something_else(road: Road, phone: Phone) -> None:
    _join(road, phone)
    road.now = MONDAY.replace(hour=19)
    assert _ask(road) == []
    road.now = MONDAY
    phone.says("le puits est sec")
    assert _ask(road) == []


def test_who_answered_is_not_reminded(road: Road, phone: Phone) -> None:
    _join(road, phone)
    road.now = MONDAY
    _ask(road)
    for said in ("2", "5"):
        phone.says(said)
    road.later(days=2)
    assert _ask(road) == []


def test_an_association_is_not_asked_each_week(road: Road, phone: Phone) -> None:
    _join(road, phone, GroupKind.ASSOCIATION)
    road.now = MONDAY
    assert _ask(road) == []


def test_call_me_becomes_a_call_back(road: Road, phone: Phone) -> None:
    _join(road, phone)
    road.now = MONDAY
    _ask(road)
    for said in ("4", "2"):
        phone.says(said)
    assert [task.hour for task in road.call_backs()] == ["morning"]


def test_a_pause_is_kept(road: Road, phone: Phone) -> None:
    _join(road, phone)
    road.now = MONDAY
    _ask(road)
    for said in ("5", "2"):
        phone.says(said)
    road.now = MONDAY + timedelta(days=7)
    assert _ask(road) == []
    road.now = MONDAY + timedelta(days=14, hours=1)
    assert _ask(road) == ["weekly"]


def test_a_stand_in_joins_with_the_code_that_the_member_was_given(road: Road, phone: Phone) -> None:
    _join(road, phone)
    road.now = MONDAY
    _ask(road)
    phone.says("6")
    code = phone.hears.split("INSCRIPTION ")[1].split(",")[0]
    other = road.phone("76000002")
    for said in (f"inscription {code}", "1", "1"):
        other.says(said)
    assert _members(road) == [(1, True), (1, True)]


@pytest.mark.parametrize("stop", ["stop", "oubliez-moi"])
def test_who_wants_no_messages_is_not_asked(road: Road, phone: Phone, stop: str) -> None:
    _join(road, phone)
    phone.says(stop)
    road.now = MONDAY
    assert _ask(road) == []


@pytest.mark.parametrize(("digit", "stays"), [("1", True), ("2", False), ("3", False)])
def test_each_month_a_member_says_whether_it_is_still_them(
    road: Road, phone: Phone, digit: str, *, stays: bool
) -> None:
    _join(road, phone, GroupKind.ASSOCIATION)
    road.later(days=31)
    assert _ask(road) == ["confirm"]
    assert _ask(road) == []
    phone.says(digit)
    assert _members(road) == [(1, stays)]


def test_who_confirms_nothing_leaves_every_list(road: Road, phone: Phone) -> None:
    _join(road, phone)
    road.now = MONDAY + timedelta(weeks=6, days=2)
    with road.store.reading() as session:
        assert session.run(select(member.c.id).where(is_listed(road.now))).all() == []
        assert [counts for _, counts in groups.listed(session, road.now, Wanted(), titles=False)] == [
            Counts(unconfirmed=1)
        ]
    road.now = MONDAY + timedelta(weeks=7)
    assert _ask(road) == ["confirm"], "and is asked for that, never for the week"


def test_forgetting_leaves_nothing_of_a_member(road: Road, phone: Phone) -> None:
    _join(road, phone)
    road.now = MONDAY
    _ask(road)
    phone.says("oubliez-moi")
    assert _members(road) == []
    assert road.rows(weekly.c.week) == []


def test_words_instead_of_a_digit_are_a_report(road: Road, phone: Phone) -> None:
    _join(road, phone)
    road.now = MONDAY
    _ask(road)
    phone.says("des hommes armes sont venus hier soir")
    assert road.report().narrative == "des hommes armes sont venus hier soir"


def test_what_is_told_beside_a_yes_begins_a_report(road: Road, phone: Phone) -> None:
    for said in ("langue", "1", f"inscription {_code(road)}", "oui il y a une attaque"):
        phone.says(said)
    assert len(_members(road)) == 1
    assert road.report().narrative == "oui il y a une attaque"


def test_a_plain_yes_begins_none(road: Road, phone: Phone) -> None:
    for said in ("langue", "1", f"inscription {_code(road)}", "oui je veux bien"):
        phone.says(said)
    assert len(_members(road)) == 1
    assert road.reports() == []
