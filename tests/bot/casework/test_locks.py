"""Who works on a report: one at a time, for ten minutes without a sign, and anybody may take it over."""

import threading
from collections.abc import Callable

import pytest

from bot import staff
from bot.casework import locks
from bot.casework.desk import Line
from bot.casework.locks import LASTS, Held
from bot.casework.seats import Seat
from bot.errors import NotAllowed
from bot.store.audit import Action
from bot.store.tables import report_lock
from tests.bot.casework.clerk import TAKEN, WELL, Clerk, times
from tests.chat import Phone, Road


@pytest.fixture
def hire(road: Road) -> Callable[[str], Clerk]:
    """Somebody new at the desk who does not see the closed queue."""

    def make(name: str) -> Clerk:
        with road.store.writing() as session:
            identity = staff.make(session, road.now, "command", name, name.title(), "no password", ["triage"])
        return Clerk(road, Seat(identity))

    return make


@pytest.fixture
def awa(hire: Callable[[str], Clerk]) -> Clerk:
    """The first at the desk."""
    return hire("awa")


@pytest.fixture
def moussa(hire: Callable[[str], Clerk]) -> Clerk:
    """The second."""
    return hire("moussa")


@pytest.fixture
def line(road: Road, phone: Phone) -> Line:
    """A report of a well."""
    phone.says(WELL)
    return road.report()


def _works(clerk: Clerk, line: Line) -> bool:
    return bool(clerk.does(locks.take, line.id).staff_id == clerk.seat.staff_id)


def test_who_comes_first_works_on_it_and_the_second_hears_who_that_is(
    awa: Clerk, moussa: Clerk, line: Line, road: Road
) -> None:
    began = road.now
    assert _works(awa, line)
    road.later(minutes=3)
    assert not _works(moussa, line)
    with pytest.raises(Held) as held:
        moussa.does(locks.hold, line.id)
    assert (held.value.lock.staff_id, held.value.lock.since) == (awa.seat.staff_id, began)


def test_a_lease_that_nobody_renews_ends_by_itself(awa: Clerk, moussa: Clerk, line: Line, road: Road) -> None:
    assert _works(awa, line)
    road.now += LASTS
    assert _works(moussa, line)
    assert not _works(awa, line)


def test_whoever_goes_on_keeps_it_and_the_time_since_when(awa: Clerk, moussa: Clerk, line: Line, road: Road) -> None:
    began = road.now
    for _ in range(4):
        assert _works(awa, line)
        road.later(minutes=9)
    assert not _works(moussa, line)
    assert awa.does(locks.take, line.id).since == began


def test_an_act_takes_what_nobody_holds(awa: Clerk, moussa: Clerk, line: Line) -> None:
    awa.does(locks.hold, line.id)
    with pytest.raises(Held):
        moussa.does(locks.hold, line.id)


def test_whoever_leaves_makes_room_and_can_leave_nobody_elses(awa: Clerk, moussa: Clerk, line: Line) -> None:
    assert _works(awa, line)
    moussa.does(locks.leave, line.id)
    assert not _works(moussa, line)
    awa.does(locks.leave, line.id)
    assert _works(moussa, line)


def test_a_report_is_taken_over_and_that_is_written_down(awa: Clerk, moussa: Clerk, line: Line, road: Road) -> None:
    assert _works(awa, line)
    moussa.does(locks.take_over, line.id, awa.seat.staff_id)
    with pytest.raises(Held):
        awa.does(locks.hold, line.id)
    assert times(road, Action.REPORT_TAKEN_OVER) == 1


def test_nothing_is_taken_over_from_whoever_has_just_taken_it_over(
    awa: Clerk, moussa: Clerk, hire: Callable[[str], Clerk], line: Line, road: Road
) -> None:
    assert _works(awa, line)
    moussa.does(locks.take_over, line.id, awa.seat.staff_id)
    with pytest.raises(Held) as held:
        hire("fanta").does(locks.take_over, line.id, awa.seat.staff_id)
    assert held.value.lock.staff_id == moussa.seat.staff_id
    assert times(road, Action.REPORT_TAKEN_OVER) == 1


def _at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do these at one instant; what was raised."""
    ready, raised = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        ready.wait(10)
        try:
            act()
        except BaseException as failure:  # noqa: BLE001 - carried over to the test's own thread
            raised.append(failure)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


def test_of_two_at_one_instant_one_works_on_it(awa: Clerk, moussa: Clerk, road: Road) -> None:
    for number in range(8):
        road.phone(f"7600010{number}").says(WELL)
    for line in road.reports():
        raised = _at_once(lambda at=line: awa.does(locks.hold, at.id), lambda at=line: moussa.does(locks.hold, at.id))
        assert [type(each) for each in raised] == [Held]
    assert len(road.rows(report_lock)) == 8


def test_of_two_who_take_it_over_at_one_instant_one_has_it(
    awa: Clerk, moussa: Clerk, hire: Callable[[str], Clerk], line: Line, road: Road
) -> None:
    assert _works(awa, line)
    fanta = hire("fanta")
    raised = _at_once(
        lambda: moussa.does(locks.take_over, line.id, awa.seat.staff_id),
        lambda: fanta.does(locks.take_over, line.id, awa.seat.staff_id),
    )
    assert [type(each) for each in raised] == [Held]
    assert times(road, Action.REPORT_TAKEN_OVER) == 1


def test_the_closed_queue_is_held_by_nobody_who_may_not_see_it(awa: Clerk, road: Road, phone: Phone) -> None:
    phone.says(TAKEN)
    closed = road.report()
    for act in (locks.take, locks.hold):
        with pytest.raises(NotAllowed):
            awa.does(act, closed.id)
    trusted = Clerk(road, Seat(awa.seat.staff_id, sees_closed=True))
    assert _works(trusted, closed)
    with pytest.raises(NotAllowed):
        awa.does(locks.take_over, closed.id, awa.seat.staff_id)


def test_old_leases_are_removed_and_living_ones_are_not(awa: Clerk, line: Line, road: Road) -> None:
    def let_go() -> int:
        with road.store.writing() as session:
            return locks.let_go(session, road.now)

    assert _works(awa, line)
    assert let_go() == 0
    road.later(hours=25)
    assert let_go() == 1
    assert road.rows(report_lock) == []
