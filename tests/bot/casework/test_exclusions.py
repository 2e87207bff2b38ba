"""A body that must not hear of something hears nothing of it, by whatever seat its people sit in."""

from datetime import timedelta
from uuid import UUID

import pytest

from bot.casework import committee, desk, exclusions, incidents, items
from bot.casework.exclusions import Why
from bot.casework.items import ShutOut
from bot.conversation.kinds import Kind
from bot.errors import NotAllowed
from bot.store.audit import Action
from bot.store.tables import ItemStatus
from bot.store.types import new_id
from tests.bot.casework.clerk import Clerk, times
from tests.bot.casework.members import member_of_staff
from tests.chat import TRUSTED, Phone, Road

PONT = "le pont de Konna est coupe"


@pytest.fixture
def clerk(road: Road, usual: Clerk) -> Clerk:
    """Somebody of the desk who is in the table of staff."""
    return Clerk(road, usual.seat.__class__(member_of_staff(road, "clerk")))


@pytest.fixture
def event(clerk: Clerk, road: Road, phone: Phone) -> UUID:
    """One report as an event with a summary."""
    phone.says(PONT)
    return _event(clerk, road.report().id)


def _event(clerk: Clerk, report_id: UUID) -> UUID:
    clerk.does(desk.confirm, report_id, kind=Kind.DISASTER, place="kun:mopti/mopti/konna", urgency=2)
    incident_id: UUID = clerk.does(incidents.join, report_id, [])
    clerk.does(items.summarise, incident_id, "Le pont est coupé.", seen=None)
    return incident_id


def _sits(road: Road, clerk: Clerk, username: str, code: str, *, deputy: bool = False) -> UUID:
    member = member_of_staff(road, username)
    clerk.does(committee.seat_down, code, member, deputy=deputy)
    return member


def _route(clerk: Clerk, event: UUID, lead: str, *others: str) -> list[UUID]:
    due = clerk.road.now + timedelta(days=1)
    made: list[UUID] = clerk.does(items.route, event, lead=lead, contributors=others, request="Réparer.", due_at=due)
    return made


def _sees(road: Road, member: UUID) -> int:
    with road.store.reading() as session:
        return len(items.own(session, road.now, member))


@pytest.mark.parametrize(("lead", "others"), [("security", ()), ("solidarity", ("security",))])
def test_nothing_is_sent_when_one_of_the_seats_is_excluded(
    clerk: Clerk, road: Road, event: UUID, lead: str, others: tuple[str, ...]
) -> None:
    clerk.does(exclusions.add, event, "security", Why.PARTY)
    with pytest.raises(ShutOut):
        _route(clerk, event, lead, *others)
    assert times(road, Action.ITEM_SENT) == 0
    assert len(_route(clerk, event, "solidarity")) == 1


def test_what_was_sent_before_is_taken_back_and_what_was_done_is_gone(clerk: Clerk, road: Road, event: UUID) -> None:
    member = _sits(road, clerk, "ali", "security")
    (item_id,) = _route(clerk, event, "security")
    with road.store.writing() as session:
        items.step(session, road.now, "staff:x", item_id, ItemStatus.DONE, "fait")
    assert _sees(road, member) == 1
    clerk.does(items.exclude, event, "security", Why.RISK)
    assert _sees(road, member) == 0
    with road.store.reading() as session:
        assert items.look(session, road.now, member, item_id) is None
    clerk.does(exclusions.lift, event, "security")
    _route(clerk, event, "security")
    clerk.does(items.exclude, event, "security", Why.RISK)
    assert times(road, Action.ITEM_WITHDRAWN) == 1
    assert _sees(road, member) == 0


def test_whoever_sits_in_an_excluded_body_finds_nothing_as_a_deputy_elsewhere(
    clerk: Clerk, road: Road, event: UUID
) -> None:
    """An overdue item climbs to the deputy of its seat, who may be the very person that must not hear of it."""
    excluded = _sits(road, clerk, "ali", "security")
    _sits(road, clerk, "awa", "solidarity")
    _sits(road, clerk, "ali", "solidarity", deputy=True)
    (item_id,) = _route(clerk, event, "solidarity")
    road.later(days=3)
    assert _sees(road, excluded) == 1, "the negative control: without the exclusion it climbs to them"
    clerk.does(items.exclude_from_report, road.report().id, "security", Why.ASKED)
    assert _sees(road, excluded) == 0
    with road.store.reading() as session:
        assert items.look(session, road.now, excluded, item_id) is None
        assert len(items.overdue(session, road.now)) == 1, "the secretariat goes on seeing it"


def test_a_report_that_joins_brings_its_exclusions(clerk: Clerk, road: Road, event: UUID) -> None:
    member = _sits(road, clerk, "ali", "security")
    _route(clerk, event, "security")
    road.phone("76000002").says(PONT)
    second = next(line for line in road.reports() if line.incident_id is None)
    clerk.does(items.exclude_from_report, second.id, "security", Why.ASKED)
    assert _sees(road, member) == 1
    clerk.does(incidents.join, second.id, [road.reports()[0].id])
    assert _sees(road, member) == 0
    with pytest.raises(ShutOut):
        _route(clerk, event, "security")


def test_of_two_events_that_become_one_both_go_on_excluding(clerk: Clerk, road: Road, event: UUID) -> None:
    member = _sits(road, clerk, "ali", "security")
    road.phone("76000002").says(PONT)
    second = next(line for line in road.reports() if line.incident_id is None)
    other = _event(clerk, second.id)
    _route(clerk, other, "security")
    clerk.does(items.exclude_from_report, second.id, "security", Why.ASKED)
    kept = clerk.does(incidents.join, second.id, [road.reports()[0].id])
    assert kept == event
    assert _sees(road, member) == 0
    with road.store.reading() as session:
        assert (
            exclusions.of_incident(session, event) == exclusions.of_incident(session, other) == {"security": Why.ASKED}
        )


def test_what_is_not_there_excludes_nobody(clerk: Clerk, usual: Clerk, road: Road, phone: Phone) -> None:
    phone.says("mon frere a ete enleve")
    hidden = road.report().id
    for act, subject in ((items.exclude_from_report, hidden), (items.exclude_from_report, new_id())):
        with pytest.raises(NotAllowed):
            usual.does(act, subject, "security", Why.ASKED)
    with pytest.raises(NotAllowed):
        clerk.does(items.exclude, new_id(), "security", Why.ASKED)
    trusted = Clerk(road, TRUSTED.__class__(clerk.seat.staff_id, sees_closed=True))
    with pytest.raises(NotAllowed):
        trusted.does(items.exclude_from_report, hidden, "no seat", Why.ASKED)
    assert times(road, Action.SEAT_EXCLUDED) == 0


def test_the_reason_may_change_and_each_change_is_in_the_audit(clerk: Clerk, road: Road, event: UUID) -> None:
    for why in (Why.RISK, Why.PARTY):
        clerk.does(items.exclude, event, "faiths", why)
    with road.store.reading() as session:
        assert exclusions.of_incident(session, event) == {"faiths": Why.PARTY}
    clerk.does(exclusions.lift, event, "faiths")
    clerk.does(exclusions.lift, event, "faiths")
    assert (times(road, Action.SEAT_EXCLUDED), times(road, Action.SEAT_READMITTED)) == (2, 1)
