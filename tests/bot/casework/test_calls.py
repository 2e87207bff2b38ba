"""Calls: what came of each try is known to who calls next, and nobody calls where it would endanger somebody."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.casework import call_backs, calls, entries
from bot.casework.calls import NoTime
from bot.casework.entries import Behalf, Told
from bot.conversation.lexicon import Lexicon
from bot.errors import NotAllowed, Stale
from bot.store.audit import Action
from bot.store.tables import CallBackStatus, CallOutcome, address, audit, call, call_back, report, talk
from tests.bot.casework.clerk import TAKEN, WELL, Clerk, times
from tests.chat import Phone, Road

_LEXICON = Lexicon.load()


def _task(road: Road) -> call_backs.CallBack:
    (task,) = road.call_backs()
    return task


def _tries(clerk: Clerk, task: call_backs.CallBack) -> list[calls.Call]:
    return list(clerk.asks(calls.of, [task.id]).get(task.id, []))


def test_who_calls_next_reads_what_came_of_the_calls_before(
    usual: Clerk, trusted: Clerk, road: Road, phone: Phone
) -> None:
    phone.bips()
    task = _task(road)
    usual.does(calls.log, task.id, CallOutcome.NO_ANSWER)
    road.later(hours=1)
    trusted.does(calls.log, task.id, CallOutcome.WRONG_PERSON, "une voix d'enfant")
    last, first = _tries(usual, task)
    assert (last.outcome, last.note, last.staff_id) == (
        CallOutcome.WRONG_PERSON,
        "une voix d'enfant",
        trusted.seat.staff_id,
    )
    assert (first.outcome, first.note) == (CallOutcome.NO_ANSWER, None)
    assert _task(road).id == task.id
    entries_ = [row for row in road.rows(audit) if row.action == Action.CALL_BACK_TRIED]
    assert [row.detail for row in entries_] == [{"outcome": "no_answer"}, {"outcome": "wrong_person"}]
    assert "enfant" not in repr(road.rows(call)) + repr(road.rows(audit))


@pytest.mark.parametrize("outcome", CallOutcome)
def test_reached_and_not_safe_end_the_task_and_nothing_else_does(
    usual: Clerk, road: Road, phone: Phone, outcome: CallOutcome
) -> None:
    phone.bips()
    usual.does(calls.log, _task(road).id, outcome, "", road.now + timedelta(hours=2))
    ended = outcome in (CallOutcome.REACHED, CallOutcome.NOT_SAFE)
    assert [row.status for row in road.rows(call_back.c.status)] == [
        CallBackStatus.DONE if ended else CallBackStatus.OPEN
    ]
    assert times(road, Action.CALL_BACK_TRIED) == 1
    assert times(road, Action.CALL_BACK_DONE) == 0


def test_who_asked_to_be_called_later_waits_until_then(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.bips()
    task = _task(road)
    for wrong in (None, road.now, road.now - timedelta(hours=1), road.now + calls.FARTHEST + timedelta(hours=1)):
        with pytest.raises(NoTime):
            usual.does(calls.log, task.id, CallOutcome.LATER, "", wrong)
    usual.does(calls.log, task.id, CallOutcome.LATER, "", road.now + timedelta(hours=3))
    assert _task(road).waits(road.now)
    road.later(hours=4)
    assert not _task(road).waits(road.now)


def test_who_rings_again_before_that_may_be_called_now(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.bips()
    usual.does(calls.log, _task(road).id, CallOutcome.LATER, "", road.now + timedelta(hours=3))
    phone.bips()
    assert not _task(road).waits(road.now)


def test_three_calls_in_a_row_that_nobody_answers_are_enough(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.bips()
    task = _task(road)
    for outcome in (CallOutcome.NO_ANSWER, CallOutcome.WRONG_PERSON, CallOutcome.NO_ANSWER, CallOutcome.NO_ANSWER):
        usual.does(calls.log, task.id, outcome)
        road.later(minutes=1)
    assert calls.unanswered(_tries(usual, task)) == 2
    usual.does(calls.log, task.id, CallOutcome.NO_ANSWER)
    assert calls.unanswered(_tries(usual, task)) == calls.ENOUGH


def _enter(clerk: Clerk, phone: Phone, behalf: Behalf) -> None:
    told = Told(behalf, WELL, 3, address=phone.address, call="now")
    clerk.does(entries.enter, told, _LEXICON.suggest(WELL), "simulator")


def test_where_it_is_not_safe_nobody_is_sent_to_call_before_they_come_back(
    usual: Clerk, road: Road, phone: Phone
) -> None:
    for text in (WELL, "1", "0", "0", "2"):
        phone.says(text)
    line = road.report()
    assert not usual.asks(calls.unsafe_of, line.id)
    usual.does(calls.log, _task(road).id, CallOutcome.NOT_SAFE)
    assert usual.asks(calls.unsafe_of, line.id)
    _enter(usual, phone, Behalf.RADIO)
    assert road.call_backs() == []
    phone.bips()
    assert len(road.call_backs()) == 1
    assert not usual.asks(calls.unsafe_of, line.id)


def test_whoever_stands_at_the_desk_has_come_back(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.bips()
    usual.does(calls.log, _task(road).id, CallOutcome.NOT_SAFE)
    _enter(usual, phone, Behalf.WALK_IN)
    assert len(road.call_backs()) == 1


def test_the_mark_is_on_nobody_else(usual: Clerk, road: Road, phone: Phone) -> None:
    road.phone("76000002").bips()
    phone.bips()
    usual.does(calls.log, road.call_backs()[0].id, CallOutcome.NOT_SAFE)
    assert sorted(row.unsafe_at is None for row in road.rows(address.c.unsafe_at)) == [False, True]
    assert len(road.call_backs()) == 1


def test_of_two_who_end_a_task_at_one_instant_one_is_told_so(
    usual: Clerk, trusted: Clerk, road: Road, phone: Phone
) -> None:
    phone.bips()
    task, stale = _task(road), []

    def end(clerk: Clerk) -> None:
        try:
            clerk.does(calls.log, task.id, CallOutcome.REACHED)
        except Stale as failure:
            stale.append(failure)

    both = [threading.Thread(target=end, args=(clerk,)) for clerk in (usual, trusted)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert (len(stale), len(road.rows(call.c.id))) == (1, 1)


def test_the_closed_queues_calls_are_nobody_elses(usual: Clerk, trusted: Clerk, road: Road, phone: Phone) -> None:
    for text in (TAKEN, "1", "1", "0", "2"):
        phone.says(text)
    task = _task(road)
    for outcome in CallOutcome:
        with pytest.raises(Stale):
            usual.does(calls.log, task.id, outcome, "", road.now + timedelta(hours=1))
    assert {row.unsafe_at for row in road.rows(address.c.unsafe_at)} == {None}
    trusted.does(calls.log, task.id, CallOutcome.NO_ANSWER, "rien")
    assert _tries(usual, task) == []
    assert len(_tries(trusted, task)) == 1
    assert not usual.asks(calls.unsafe_of, road.report().id)


def test_forget_me_takes_the_calls_too(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.bips()
    usual.does(calls.log, _task(road).id, CallOutcome.NOT_SAFE, "ne plus appeler")
    phone.says("oubliez-moi")
    assert road.rows(call) == []
    assert {row.unsafe_at for row in road.rows(address.c.unsafe_at)} == {None}


def test_where_the_key_is_gone_a_call_is_noted_without_words(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.bips()
    task = _task(road)
    with road.store.writing() as session:
        session.run(update(talk).values(data_key=None))
    with pytest.raises(NotAllowed):
        usual.does(calls.log, task.id, CallOutcome.NO_ANSWER, "une note")
    usual.does(calls.log, task.id, CallOutcome.NO_ANSWER)
    assert len(road.rows(call)) == 1
    assert road.rows(report) == []
