"""Into the closed queue and out of it: nothing stays outside, nothing is lost, and only its officers release."""

from datetime import timedelta
from uuid import UUID

import pytest

from bot.casework import call_backs, closed, committee, desk, incidents, items
from bot.casework.closed import Why
from bot.casework.desk import Line
from bot.conversation.kinds import Kind
from bot.errors import NotAllowed, Stale
from bot.store.audit import Action
from bot.store.tables import ItemStatus, ReportStatus, audit
from tests.bot.casework.clerk import TAKEN, WELL, Clerk, times
from tests.bot.casework.members import member_of_staff
from tests.chat import TRUSTED, Phone, Road


@pytest.fixture
def clerk(road: Road) -> Clerk:
    """Somebody of the desk who is in the table of staff, without the queue."""
    return Clerk(road, TRUSTED.__class__(member_of_staff(road, "clerk")))


@pytest.fixture
def line(road: Road, phone: Phone) -> Line:
    """An ordinary report."""
    phone.says(WELL)
    return road.report()


# In


def test_whoever_sends_a_report_there_loses_sight_of_it_at_once(
    usual: Clerk, trusted: Clerk, road: Road, line: Line
) -> None:
    usual.does(closed.send, line.id)
    assert usual.asks(desk.look, line.id) is None
    assert usual.sees() == set()
    with pytest.raises(NotAllowed):
        usual.does(closed.send, line.id)
    with pytest.raises(Stale):
        trusted.does(closed.send, line.id)
    assert [each.id for each in trusted.asks(closed.waiting)] == [line.id]
    assert (road.report().narrative, times(road, Action.REPORT_SHELTERED)) == (WELL, 1)


@pytest.mark.parametrize("way", ["sent", "decided", "told"])
def test_of_an_event_that_nobody_else_tells_of_nothing_is_left(
    usual: Clerk, clerk: Clerk, road: Road, phone: Phone, line: Line, way: str
) -> None:
    event, member, item_id = _routed(clerk, road, line)
    secret = clerk.does(items.make_link, item_id)
    _take_in(usual, phone, line, way)
    assert road.report().closed_queue
    with road.store.writing() as session:
        assert items.own(session, road.now, member) == []
        assert items.look(session, road.now, member, item_id) is None
        assert items.open_link(session, road.now, secret, None) is None
        assert items.summary_of(session, event) is None
        found = incidents.look(session, event)
    assert found
    assert (found.status, found.reports) == ("closed", 0)
    assert times(road, Action.ITEM_WITHDRAWN) == 1


def test_an_event_that_others_tell_of_goes_on_without_its_summary(
    usual: Clerk, clerk: Clerk, road: Road, line: Line
) -> None:
    road.phone("76000002").says(WELL)
    second = next(each for each in road.reports() if each.id != line.id)
    event, member, _item_id = _routed(clerk, road, line, second)
    clerk.does(items.exclude_from_report, line.id, "security", items.Why.ASKED)
    usual.does(closed.send, line.id)
    with road.store.reading() as session:
        (left,) = items.own(session, road.now, member)
        found = incidents.look(session, event)
    assert (left.summary, left.status) == (None, ItemStatus.SENT)
    assert found
    assert (found.status, found.reports) == ("open", 1)
    with pytest.raises(NotAllowed):
        _route(clerk, event, "women")
    clerk.does(items.summarise, event, "Le puits est sec.", seen=None)
    with pytest.raises(items.ShutOut):
        _route(clerk, event, "security")


def _routed(clerk: Clerk, road: Road, *lines: Line) -> tuple[UUID, UUID, UUID]:
    """An event of these reports that a seat has, and who sits there."""
    member = member_of_staff(road, "awa")
    clerk.does(committee.seat_down, "solidarity", member, deputy=False)
    clerk.does(desk.confirm, lines[0].id, kind=Kind.NEED, place=None, urgency=2)
    event = clerk.does(incidents.join, lines[0].id, [each.id for each in lines[1:]])
    clerk.does(items.summarise, event, "Une femme du village dit que le puits est sec.", seen=None)
    (item_id,) = _route(clerk, event, "solidarity")
    return event, member, item_id


def _route(clerk: Clerk, event: UUID, lead: str) -> list[UUID]:
    due = clerk.road.now + timedelta(days=1)
    made: list[UUID] = clerk.does(items.route, event, lead=lead, contributors=[], request="Aider.", due_at=due)
    return made


def _take_in(usual: Clerk, phone: Phone, line: Line, way: str) -> None:
    if way == "sent":
        usual.does(closed.send, line.id)
    elif way == "decided":
        usual.does(desk.confirm, line.id, kind=Kind.CHILD, place=None, urgency=1)
    else:
        phone.says(TAKEN)


def test_what_is_decided_in_the_queue_is_not_in_the_audit(trusted: Clerk, road: Road, phone: Phone) -> None:
    phone.says(TAKEN)
    trusted.does(desk.confirm, road.report().id, kind=Kind.ABDUCTION, place="kun:mopti/mopti/konna", urgency=1)
    details = [row.detail for row in road.rows(audit) if row.action == "report.confirmed"]
    assert details == [{"urgency": 1}]


# Out


@pytest.mark.parametrize("decided", [False, True])
def test_a_report_that_landed_there_wrongly_is_released_whole(
    usual: Clerk, trusted: Clerk, road: Road, phone: Phone, decided: bool
) -> None:
    for said in (TAKEN, "1", "1", "0", "2"):
        phone.says(said)
    hidden = road.report()
    if decided:
        trusted.does(desk.confirm, hidden.id, kind=Kind.ABDUCTION, place=None, urgency=1)
    assert usual.asks(call_backs.open_call_backs) == []
    trusted.does(closed.release, hidden.id, Why.WORD)
    (seen,) = usual.sees()
    assert (seen.id, seen.narrative, seen.closed_queue, seen.unread) == (hidden.id, TAKEN, False, True)
    assert (seen.kind, seen.suggested_kind, seen.status) == (None, Kind.OTHER, ReportStatus.RECEIVED)
    assert len(usual.asks(call_backs.open_call_backs)) == 1
    (entry,) = [row for row in road.rows(audit) if row.action == "report.released"]
    assert entry.detail == {"why": "word"}


def test_a_release_is_undone_and_loses_nothing(usual: Clerk, trusted: Clerk, road: Road, line: Line) -> None:
    trusted.does(closed.send, line.id)
    trusted.does(closed.release, line.id, Why.MISTAKE)
    with pytest.raises(Stale):
        trusted.does(closed.release, line.id, Why.MISTAKE)
    usual.does(closed.send, line.id)
    assert usual.sees() == set()
    assert (road.report().narrative, road.report().suggested_kind) == (line.narrative, line.suggested_kind)


def test_nobody_else_releases(usual: Clerk, trusted: Clerk, line: Line) -> None:
    trusted.does(closed.send, line.id)
    with pytest.raises(NotAllowed):
        usual.does(closed.release, line.id, Why.MISTAKE)
    assert trusted.asks(desk.look, line.id).closed_queue


# What its officers see and nobody else


def test_the_queue_has_counts_of_its_own(usual: Clerk, trusted: Clerk, road: Road, line: Line) -> None:
    other = road.phone("76000002")
    for said in (TAKEN, "1", "1", "0", "2"):
        other.says(said)
    assert trusted.asks(closed.counts) == {"received": 1}
    assert len(trusted.asks(closed.calls)) == 1
    trusted.does(desk.close, trusted.asks(closed.waiting)[0].id)
    assert (len(trusted.asks(closed.waiting)), len(trusted.asks(closed.done))) == (0, 1)
    for question in (closed.waiting, closed.done, closed.calls):
        assert usual.asks(question) == []
    assert usual.asks(closed.counts) == {}


def test_a_call_of_the_queue_is_not_seen_by_others_when_the_person_tells_of_something_else(
    usual: Clerk, trusted: Clerk, road: Road, phone: Phone
) -> None:
    for said in (TAKEN, "1", "1", "0", "2"):
        phone.says(said)
    road.later(hours=30)
    for said in (WELL, "1", "0", "2"):
        phone.says(said)
    assert len(road.reports()) == 2
    (task,) = trusted.asks(call_backs.open_call_backs)
    assert task.closed_queue
    assert usual.asks(call_backs.open_call_backs) == []
    (ordinary,) = usual.sees()
    assert usual.asks(call_backs.of_report, ordinary.id) == []
    assert usual.does(call_backs.number_to_call, task.id) is None


def test_who_rings_again_is_called_by_who_knows_of_them(usual: Clerk, trusted: Clerk, road: Road, phone: Phone) -> None:
    for said in (TAKEN, "1", "1", "0", "2"):
        phone.says(said)
    (task,) = trusted.asks(call_backs.open_call_backs)
    trusted.does(call_backs.done, task.id)
    phone.bips()
    assert usual.asks(call_backs.open_call_backs) == []
    (again,) = trusted.asks(call_backs.open_call_backs)
    assert again.report_id == task.report_id
    trusted.does(call_backs.done, again.id)
    trusted.does(desk.close, task.report_id)
    phone.bips()
    assert len(usual.asks(call_backs.open_call_backs)) == 1, "the negative control: the queue knows of nothing open"
