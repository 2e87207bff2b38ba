"""What was heard and done in a month: counted without pointing at anybody, told to members once two people agree."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import update

from bot import staff
from bot.casework import desk, report_backs
from bot.casework.report_backs import About, Heard, House
from bot.casework.seats import Seat
from bot.conversation.kinds import Kind
from bot.errors import NotAllowed, Stale
from bot.people import contacts, groups, memberships
from bot.people.contacts import Details
from bot.people.memberships import CONFIRMED_FOR
from bot.places.gazetteer import Gazetteer
from bot.store.tables import GroupKind, address, report
from bot.store.tables import staff as staff_table
from bot.store.types import new_id
from tests.bot.casework.clerk import Clerk, file_reports
from tests.chat import Phone, Road

KONNA, MOPTI = "kun:mopti/mopti/konna", "cod2021:ML0504"
NOVEMBER = About(date(2026, 11, 1))


@pytest.fixture
def filed(road: Road, phone: Phone) -> Phone:
    """A phone that has spoken, at noon of a day in November."""
    road.now = datetime(2026, 11, 9, 12, tzinfo=UTC)
    phone.says("aide")
    return phone


def _heard(road: Road, about: About = NOVEMBER) -> Heard:
    with road.store.reading() as session:
        return report_backs.heard(session, about)


def _people(road: Road) -> list[Seat]:
    with road.store.writing() as session:
        made = [staff.make(session, road.now, "command", name, name, "x", ["secretary"]) for name in ("awa", "ba")]
    return [Seat(each) for each in made]


def _enrol(
    road: Road, numbers: Iterable[str], group: GroupKind = GroupKind.CELL, *, confirmed_at: datetime | None = None
) -> None:
    with road.store.writing() as session:
        group_id = groups.make(session, road.now, "command", group, KONNA)
        for number in numbers:
            made = contacts.make(session, road.now, "command", f"sim:{number}", "simulator", Details())
            (there,) = contacts.reached(session, made)
            memberships.enrol(session, road.now, group_id, there.id, confirmed_at=confirmed_at or road.now)


def _worded(road: Road, about: About = NOVEMBER, language: str = "fr", text: str = "Merci.") -> UUID:
    """A message that one person worded and another approved."""
    one, other = [Seat(row.id) for row in road.rows(staff_table.c.id)] or _people(road)
    with road.store.writing() as session:
        identity = report_backs.propose(session, road.now, one, about, language, text)
        report_backs.approve(session, road.now, other, identity)
    return identity


def _send(road: Road, gazetteer: Gazetteer) -> int:
    house = House({road.wire.name: road.wire}, gazetteer.ids_within)
    return report_backs.send_due(road.store, road.now, road.talks, house)


# Counting


def test_a_kind_that_few_told_of_stands_with_the_others_or_nowhere(road: Road, filed: Phone) -> None:
    file_reports(road, [Kind.NEED] * 6 + [Kind.ROAD] * 2 + [Kind.HEALTH] * 2)
    assert _heard(road) == Heard(((Kind.NEED, 6),), 0, 0, 0, 0), "four others are too few to be counted at all"
    file_reports(road, [Kind.THEFT])
    assert _heard(road) == Heard(((Kind.NEED, 6),), 5, 0, 0, 0)
    assert _heard(road).reports == 11


def test_the_closed_queue_exercises_and_other_months_are_not_counted(road: Road, filed: Phone) -> None:
    file_reports(road, [Kind.SEXUAL_VIOLENCE] * 6 + [Kind.NEED] * 5)
    assert _heard(road).kinds == ((Kind.NEED, 5),)
    assert _heard(road, About(date(2026, 10, 1))).reports == 0
    with road.store.writing() as session:
        session.run(update(report).values(exercise=True))
    assert _heard(road).reports == 0


def test_of_what_was_done_only_what_many_had_is_said(trusted: Clerk, road: Road, filed: Phone) -> None:
    file_reports(road, [Kind.NEED] * 9)
    lines = road.reports()
    for line in lines[:4]:
        trusted.does(desk.close, line.id)
    assert _heard(road).done == 0
    trusted.does(desk.close, lines[4].id)
    assert _heard(road).done == 5


def test_a_place_takes_all_that_lies_in_it_and_a_group_its_own(road: Road, filed: Phone, gazetteer: Gazetteer) -> None:
    file_reports(road, [Kind.NEED] * 5)
    with road.store.writing() as session:
        session.run(update(report).values(place=KONNA))
    cercle = next(each.id for each in gazetteer.path(gazetteer.get(KONNA)) if each.id != KONNA)  # type: ignore[arg-type]
    within = About(date(2026, 11, 1), cercle, gazetteer.ids_within(cercle))
    assert _heard(road, within).reports == 5
    elsewhere = next(each.id for each in gazetteer if each.name == "Kidal")
    assert _heard(road, About(date(2026, 11, 1), elsewhere, gazetteer.ids_within(elsewhere))).reports == 0
    cell = About(date(2026, 11, 1), group=GroupKind.CELL)
    assert _heard(road, cell).reports == 0
    _enrol(road, ["76000001"])
    assert _heard(road, cell).reports == 5


# Approving and sending


def test_nobody_approves_what_they_wrote_and_nothing_is_sent_before(
    road: Road, filed: Phone, gazetteer: Gazetteer
) -> None:
    _enrol(road, ["76000001"])
    one, other = _people(road)
    with road.store.writing() as session:
        identity = report_backs.propose(session, road.now, one, NOVEMBER, "fr", "Merci.")
    with road.store.writing() as session, pytest.raises(NotAllowed):
        report_backs.approve(session, road.now, one, identity)
    assert _send(road, gazetteer) == 0
    with road.store.writing() as session:
        report_backs.approve(session, road.now, other, identity)
    with road.store.writing() as session, pytest.raises(Stale):
        report_backs.approve(session, road.now, other, identity)
    assert _send(road, gazetteer) == 1


def test_each_telephone_on_the_list_hears_it_once_by_day_and_on_its_own_lane(
    road: Road, filed: Phone, gazetteer: Gazetteer
) -> None:
    for number in ("76000002", "76000003", "76000004", "76000005"):
        road.phone(number).says("aide")
    road.phone("76000003").says("stop")
    _enrol(road, ["76000001", "76000002", "76000003"])
    _enrol(road, ["76000004"], confirmed_at=road.now - CONFIRMED_FOR)
    with road.store.reading() as session:
        assert report_backs.audience(session, road.now, NOVEMBER) == 2
    identity = _worded(road)
    at_noon, road.now = road.now, road.now.replace(hour=22)
    assert _send(road, gazetteer) == 0, "not at night"
    road.now = at_noon
    assert [_send(road, gazetteer), _send(road, gazetteer)] == [2, 0]
    rows = [row for row in road.outbox() if row.cause.startswith("report_back:")]
    assert len(rows) == 2
    assert {row.lane for row in rows} == {2}
    with road.store.reading() as session:
        (shown,) = report_backs.newest(session)
    assert (shown.id, shown.sent) == (identity, 2)


def test_a_member_hears_it_in_the_best_of_their_languages_that_is_approved(
    road: Road, filed: Phone, gazetteer: Gazetteer
) -> None:
    for number in ("76000002", "76000003"):
        road.phone(number).says("aide")
    _enrol(road, ["76000001", "76000002", "76000003"])
    keys = road.store.keys
    with road.store.writing() as session:
        for number, tag in (("76000001", "bm"), ("76000002", "ffm")):
            hashed = keys.blind("address", f"sim:{number}")
            session.run(update(address).where(address.c.hash == hashed).values(language=tag))
    _worded(road, text="Merci a tous.")
    _worded(road, language="bm", text="Aw ni ce.")
    assert _send(road, gazetteer) == 3
    road.deliver()
    mailbox = road.wire.mailbox  # type: ignore[attr-defined]
    heard = [[each.text for each in mailbox.take(f"7600000{number}")] for number in (1, 2, 3)]
    assert heard == [["Aw ni ce."], ["Merci a tous."], ["Merci a tous."]]


def test_withdrawn_it_goes_to_nobody_else(road: Road, filed: Phone, gazetteer: Gazetteer) -> None:
    _enrol(road, ["76000001"])
    identity = _worded(road)
    with road.store.writing() as session:
        report_backs.withdraw(session, road.now, Seat(new_id()), identity)
    assert _send(road, gazetteer) == 0
    with road.store.writing() as session, pytest.raises(Stale):
        report_backs.withdraw(session, road.now, Seat(new_id()), identity)
