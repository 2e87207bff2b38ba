"""The closed queue is not there for who may not see it, whatever they ask or do; and is there for who may."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.casework import call_backs, desk, thread
from bot.casework.desk import Line
from bot.conversation.kinds import CLOSED, Kind
from bot.conversation.templates import TEMPLATES
from bot.errors import NotAllowed, Stale
from bot.store.audit import Action
from bot.store.tables import ReportStatus, report
from tests.bot.casework.clerk import TAKEN, WELL, Clerk, times
from tests.chat import Phone, Road

#: Every act of the desk on one report.
ACTS: dict[str, Callable[[Clerk, Line], Any]] = {
    "confirm": lambda clerk, line: clerk.does(desk.confirm, line.id, kind=Kind.OTHER, place=None, urgency=4),
    "set_aside": lambda clerk, line: clerk.does(desk.set_aside, line.id, "test"),
    "say": lambda clerk, line: clerk.does(thread.ask, line.id, TEMPLATES["read"], "token", clerk.road.means),
}


@pytest.fixture
def closed(road: Road, phone: Phone) -> Line:
    """A report of the closed queue, whose sender may be called."""
    for text in (TAKEN, "1", "1", "0", "2"):
        phone.says(text)
    line = road.report()
    assert line.closed_queue
    return line


def test_no_list_and_no_count_shows_it(usual: Clerk, trusted: Clerk, closed: Line, road: Road) -> None:
    road.phone("76000002").says(WELL)
    assert {line.narrative for line in usual.sees()} == {WELL}
    assert usual.asks(desk.counts) == {"received": 1}
    assert closed in trusted.sees()
    assert trusted.asks(desk.counts) == {"received": 2}


def test_who_knows_its_id_finds_neither_the_report_nor_what_was_said(
    usual: Clerk, trusted: Clerk, closed: Line
) -> None:
    assert usual.asks(desk.look, closed.id) is None
    assert usual.asks(desk.conversation, closed.id) == []
    assert usual.asks(call_backs.of_report, closed.id) == []
    assert trusted.asks(desk.look, closed.id) == closed
    assert trusted.asks(desk.conversation, closed.id)[0].text == TAKEN
    assert len(trusted.asks(call_backs.of_report, closed.id)) == 1


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_who_knows_its_id_can_do_nothing_with_it(
    usual: Clerk, trusted: Clerk, closed: Line, road: Road, act: Callable[[Clerk, Line], Any]
) -> None:
    before = road.rows(report), len(road.outbox())
    with pytest.raises(NotAllowed):
        act(usual, closed)
    assert (road.rows(report), len(road.outbox())) == before
    act(trusted, closed)
    assert (road.rows(report), len(road.outbox())) != before


def test_it_can_not_be_taken_back_by_who_may_not_see_it(usual: Clerk, trusted: Clerk, closed: Line) -> None:
    trusted.does(desk.set_aside, closed.id, "test")
    with pytest.raises(NotAllowed):
        usual.does(desk.take_back, closed.id)
    trusted.does(desk.take_back, closed.id)
    assert trusted.asks(desk.look, closed.id).status is ReportStatus.RECEIVED


def test_it_is_not_seen_by_who_may_not_see_it(usual: Clerk, trusted: Clerk, closed: Line, road: Road) -> None:
    usual.does(desk.mark_seen, closed.id)
    assert (road.report().unread, times(road, Action.REPORT_SEEN)) == (True, 0)
    trusted.does(desk.mark_seen, closed.id)
    assert (road.report().unread, times(road, Action.REPORT_SEEN)) == (False, 1)


def test_the_mark_of_the_inbox_does_not_betray_that_something_came_or_moved(
    usual: Clerk, trusted: Clerk, road: Road, phone: Phone
) -> None:
    marks = []
    for text in (TAKEN, "ils l'ont emmene hier soir"):
        marks.append((usual.asks(desk.newest_change), trusted.asks(desk.newest_change)))
        phone.says(text)
    trusted.does(desk.confirm, road.report().id, kind=Kind.ABDUCTION, place=None, urgency=1)
    marks.append((usual.asks(desk.newest_change), trusted.asks(desk.newest_change)))
    assert len({for_usual for for_usual, _ in marks}) == 1
    assert len({for_trusted for _, for_trusted in marks}) == len(marks)


def test_its_call_is_nobody_elses(usual: Clerk, trusted: Clerk, closed: Line, road: Road) -> None:
    (task,) = trusted.asks(call_backs.open_call_backs)
    assert task.closed_queue
    assert usual.asks(call_backs.open_call_backs) == []
    assert usual.does(call_backs.number_to_call, task.id) is None
    with pytest.raises(Stale):
        usual.does(call_backs.done, task.id)
    assert (times(road, Action.CALL_BACK_SHOWN), times(road, Action.CALL_BACK_DONE)) == (0, 0)
    assert trusted.does(call_backs.number_to_call, task.id) == "sim:76000001"
    trusted.does(call_backs.done, task.id)
    assert trusted.asks(call_backs.open_call_backs) == []


# How a report comes there


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_of_the_closed_queue_and_no_other_takes_a_report_there(
    usual: Clerk, road: Road, phone: Phone, kind: Kind
) -> None:
    phone.says(WELL)
    usual.does(desk.confirm, road.report().id, kind=kind, place=None, urgency=2)
    assert road.report().closed_queue == (kind in CLOSED)
    assert bool(usual.sees()) == (kind not in CLOSED)


def test_what_is_in_the_closed_queue_stays_there_whatever_kind_is_decided(trusted: Clerk, closed: Line) -> None:
    trusted.does(desk.confirm, closed.id, kind=Kind.NEED, place=None, urgency=3)
    assert trusted.asks(desk.look, closed.id).closed_queue


def test_words_that_come_later_take_a_report_and_its_call_there(
    usual: Clerk, trusted: Clerk, road: Road, phone: Phone
) -> None:
    for text in (WELL, "1", "0", "0", "2"):
        phone.says(text)
    assert len(usual.sees()) == len(usual.asks(call_backs.open_call_backs)) == 1
    phone.says(TAKEN)
    assert usual.sees() == set()
    assert usual.asks(call_backs.open_call_backs) == []
    assert len(trusted.asks(call_backs.open_call_backs)) == 1
