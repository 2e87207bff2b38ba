"""The same act on several reports: each by itself, one entry in the audit for each, and what could not be done is told."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest

from bot import staff
from bot.casework import bulk, desk, incidents, locks
from bot.casework.bulk import Result, Why
from bot.casework.seats import Seat
from bot.conversation.kinds import Kind
from bot.store import Session
from bot.store.audit import Action
from bot.store.tables import ReportStatus, incident
from bot.store.types import new_id
from tests.bot.casework.clerk import TAKEN, WELL, Clerk, times
from tests.chat import Road

TOKEN = "a" * 24


@pytest.fixture
def hire(road: Road) -> Callable[..., Clerk]:
    """Somebody new at the desk."""

    def make(name: str, *, sees_closed: bool = False) -> Clerk:
        with road.store.writing() as session:
            identity = staff.make(session, road.now, "command", name, name.title(), "no password", ["triage"])
        return Clerk(road, Seat(identity, sees_closed=sees_closed))

    return make


@pytest.fixture
def awa(hire: Callable[..., Clerk]) -> Clerk:
    """Who chooses the reports."""
    return hire("awa")


@pytest.fixture
def three(road: Road) -> list[UUID]:
    """Three reports of wells."""
    for number in range(3):
        road.phone(f"7600001{number}").says(WELL)
    return [line.id for line in road.reports()]


def _aside(clerk: Clerk) -> Callable[[Session, UUID], None]:
    return lambda session, report_id: desk.set_aside(session, clerk.road.now, clerk.seat, report_id, "duplicate")


def _each(clerk: Clerk, chosen: list[UUID], token: str = TOKEN) -> Result:
    return bulk.each(clerk.road.store, clerk.road.now, clerk.seat, token, chosen, _aside(clerk))


def _join(clerk: Clerk, chosen: list[UUID], token: str = TOKEN) -> tuple[Result, UUID | None]:
    return bulk.join(clerk.road.store, clerk.road.now, clerk.seat, token, chosen)


def _states(road: Road) -> list[ReportStatus]:
    return [line.status for line in road.reports()]


def test_what_can_be_done_is_done_and_the_rest_is_told(
    awa: Clerk, hire: Callable[..., Clerk], road: Road, three: list[UUID]
) -> None:
    hire("moussa").does(locks.take, three[1])
    nowhere = new_id()
    result = _each(awa, [*three, nowhere, three[0]])
    assert result == Result([three[0], three[2]], {three[1]: Why.HELD, nowhere: Why.NOT_THERE})
    assert sorted(_states(road)) == [ReportStatus.RECEIVED, ReportStatus.SET_ASIDE, ReportStatus.SET_ASIDE]
    assert (times(road, Action.REPORT_SET_ASIDE), times(road, Action.REPORT_REFUSED)) == (2, 2)


def test_the_same_form_again_does_what_was_left_and_nothing_twice(
    awa: Clerk, hire: Callable[..., Clerk], road: Road, three: list[UUID]
) -> None:
    moussa = hire("moussa")
    moussa.does(locks.take, three[1])
    _each(awa, three)
    moussa.does(locks.leave, three[1])
    again = _each(awa, three)
    assert again == Result([three[1]], {three[0]: Why.ALREADY, three[2]: Why.ALREADY})
    assert times(road, Action.REPORT_SET_ASIDE) == 3


def test_a_form_that_is_sent_twice_at_one_instant_acts_once_on_each(awa: Clerk, road: Road, three: list[UUID]) -> None:
    results: list[Result] = []
    both = [threading.Thread(target=lambda: results.append(_each(awa, three))) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    assert sorted(each for result in results for each in result.done) == sorted(three)
    assert times(road, Action.REPORT_SET_ASIDE) == 3


def test_the_closed_queue_is_not_there_for_who_may_not_see_it(
    awa: Clerk, hire: Callable[..., Clerk], road: Road, three: list[UUID]
) -> None:
    road.phone("76000020").says(TAKEN)
    closed = next(line.id for line in road.reports() if line.closed_queue)
    assert _each(awa, [closed, three[0]]) == Result([three[0]], {closed: Why.NOT_THERE})
    assert _join(awa, [closed, three[1], three[2]])[0].refused == {closed: Why.NOT_THERE}
    trusted = hire("fanta", sees_closed=True)
    assert _each(trusted, [closed], "b" * 24).done == [closed]


def test_reports_are_joined_together_or_not_at_all(
    awa: Clerk, hire: Callable[..., Clerk], road: Road, three: list[UUID]
) -> None:
    result, event = _join(awa, three)
    assert result.done == three
    assert event
    assert {line.incident_id for line in road.reports()} == {event}
    again, none = _join(awa, three)
    assert (again.refused, none) == (dict.fromkeys(three, Why.ALREADY), None)
    assert times(road, Action.REPORT_JOINED) == 3


def test_what_can_t_be_part_of_an_event_is_left_out(
    awa: Clerk, hire: Callable[..., Clerk], road: Road, three: list[UUID]
) -> None:
    road.phone("76000020").says(TAKEN)
    closed = next(line.id for line in road.reports() if line.closed_queue)
    trusted = hire("fanta", sees_closed=True)
    awa.does(locks.take, three[0])
    result, event = _join(trusted, [closed, *three])
    assert result == Result(three[1:], {closed: Why.CLOSED, three[0]: Why.HELD})
    assert event
    alone, none = _join(trusted, [closed, three[0]], "b" * 24)
    assert (alone.done, none, len(road.rows(incident))) == ([], None, 1)


def test_of_an_event_that_is_over_nothing_is_joined(awa: Clerk, road: Road, three: list[UUID]) -> None:
    _result, event = _join(awa, three[:2])
    awa.does(incidents.close, event)
    result, none = _join(awa, three, "b" * 24)
    assert (set(result.refused), none) == (set(three), None)
    assert [line.incident_id for line in road.reports()].count(None) == 1


def test_kind_and_urgency_are_decided_and_the_place_stays_to_be_confirmed(awa: Clerk, road: Road) -> None:
    road.phone("76000010").says("le puits de Konna est sec")
    line = road.report()
    awa.does(desk.sort, line.id, kind=Kind.NEED, urgency=2)
    after = road.report()
    assert (after.kind, after.urgency, after.status) == (Kind.NEED, 2, ReportStatus.TRIAGED)
    assert (after.place, after.place_confirmed) == (line.place, False)


def test_no_more_than_a_page_is_done_at_once(awa: Clerk, three: list[UUID]) -> None:
    assert len(_each(awa, [*(new_id() for _ in range(bulk.MOST)), *three]).refused) == bulk.MOST
