"""Call-backs: one task for each person who waits, however often they ring, and it is done once."""

import threading

import pytest
from sqlalchemy import update

from bot.casework import call_backs, closed
from bot.errors import Stale
from bot.store.audit import Action
from bot.store.tables import CallBackStatus, call_back
from tests.bot.casework.clerk import WELL, Clerk, times
from tests.chat import TRUSTED, USUAL, Phone, Road


def test_who_rings_twice_waits_once_and_is_counted_twice(road: Road, phone: Phone) -> None:
    phone.bips()
    road.later(minutes=2)
    phone.bips()
    (task,) = road.call_backs()
    assert task.asked == 2
    assert task.made_at < task.heard_at
    assert times(road, Action.CALL_BACK_ASKED) == 2


def test_the_same_ring_told_twice_by_the_wire_is_one_ring(road: Road, phone: Phone) -> None:
    for _ in range(2):
        phone.bips(provider_id="one call")
    assert road.call_backs()[0].asked == 1


def test_who_rings_twice_at_one_instant_waits_once(road: Road, phone: Phone) -> None:
    phone.says("bonjour")
    both = [threading.Thread(target=road.phone().bips) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert [task.asked for task in road.call_backs()] == [2]


def test_a_machine_that_rings_for_ever_is_counted_to_a_thousand(road: Road, phone: Phone) -> None:
    phone.bips()
    with road.store.writing() as session:
        session.run(update(call_back).values(asked=999))
    for _ in range(3):
        phone.bips()
    assert road.call_backs()[0].asked == 1000


def test_the_longest_waiting_stands_first(road: Road) -> None:
    first, second = road.phone("76000001"), road.phone("76000002")
    first.bips()
    second.bips()
    first.bips()
    assert [task.asked for task in road.call_backs()] == [2, 1]


def test_who_is_in_danger_is_listed_behind_however_many_who_rang_before(road: Road) -> None:
    for number in range(201):
        road.phone(f"77{number:06d}").bips()
    attacked = road.phone("76000009")
    for text in ("attaque a konna, on tire", "1", "1", "1"):
        attacked.says(text)
    assert [task.urgency for task in road.call_backs()][:2] == [1, None]
    survivor = road.phone("76000008")
    for text in ("une femme a ete violee a konna", "1", "1", "1"):
        survivor.says(text)
    with road.store.reading() as session:
        assert [task.closed_queue for task in closed.calls(session, TRUSTED)] == [True]
        assert closed.calls(session, USUAL) == []


def test_the_language_and_the_hour_are_noted_as_they_are_chosen(road: Road, phone: Phone) -> None:
    phone.bips()
    (task,) = road.call_backs()
    assert (task.language, task.hour) == (None, None)
    for text in ("2", "2"):
        phone.says(text)
    (task,) = road.call_backs()
    assert (task.language, task.hour, task.asked) == ("bm", "morning", 1)


def test_a_later_ring_keeps_the_hour_that_was_chosen(road: Road, phone: Phone) -> None:
    phone.bips()
    for text in ("2", "2"):
        phone.says(text)
    phone.bips()
    (task,) = road.call_backs()
    assert (task.language, task.hour, task.asked) == ("bm", "morning", 2)


def test_who_does_not_want_to_be_called_after_all_waits_no_more(road: Road, phone: Phone) -> None:
    phone.bips()
    for text in ("1", "5"):
        phone.says(text)
    assert road.call_backs() == []
    assert times(road, Action.CALL_BACK_DONE) == 1


def test_withdrawing_touches_nobody_elses_task(road: Road, phone: Phone) -> None:
    road.phone("76000002").bips()
    phone.bips()
    for text in ("1", "5"):
        phone.says(text)
    assert len(road.call_backs()) == 1


def test_a_call_is_done_by_the_first_who_says_so(usual: Clerk, trusted: Clerk, road: Road, phone: Phone) -> None:
    phone.bips()
    (task,) = road.call_backs()
    usual.does(call_backs.done, task.id)
    with pytest.raises(Stale):
        trusted.does(call_backs.done, task.id)
    (row,) = road.rows(call_back.c.status, call_back.c.done_by)
    assert (row.status, row.done_by) == (CallBackStatus.DONE, usual.seat.staff_id)
    assert times(road, Action.CALL_BACK_DONE) == 1


def test_who_rings_again_after_the_call_is_a_new_task(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.bips()
    usual.does(call_backs.done, road.call_backs()[0].id)
    phone.bips()
    assert [task.asked for task in road.call_backs()] == [1]
    assert len(road.rows(call_back.c.id)) == 2


def test_each_look_at_a_number_is_in_the_audit_and_no_number_is(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.bips()
    (task,) = road.call_backs()
    for _ in range(2):
        assert usual.does(call_backs.number_to_call, task.id) == phone.address
    assert times(road, Action.CALL_BACK_SHOWN) == 2
    usual.does(call_backs.done, task.id)
    assert usual.does(call_backs.number_to_call, task.id) is None
    assert times(road, Action.CALL_BACK_SHOWN) == 2


def test_a_report_shows_its_own_tasks_only(usual: Clerk, road: Road, phone: Phone) -> None:
    road.phone("76000002").bips()
    for text in (WELL, "1", "0", "0", "2"):
        phone.says(text)
    (task,) = usual.asks(call_backs.of_report, road.report().id)
    assert (task.hour, task.status) == ("morning", CallBackStatus.OPEN)
    usual.does(call_backs.done, task.id)
    assert [each.status for each in usual.asks(call_backs.of_report, road.report().id)] == [CallBackStatus.DONE]


def test_a_task_of_the_closed_queue_stays_there_whatever_is_told_later(road: Road, phone: Phone) -> None:
    for text in ("on a viole une fille pres du puits", "1", "1", "0", "1"):
        phone.says(text)
    (task,) = road.call_backs()
    assert task.closed_queue
    road.later(hours=30)
    for text in ("le puits du village est a sec depuis hier", "1", "0", "1"):
        phone.says(text)
    (again,) = road.call_backs()
    assert (again.id, again.report_id, again.closed_queue) == (task.id, task.report_id, True)
