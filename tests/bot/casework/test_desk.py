"""What the desk does with a report: each act once, each in the audit, none on a report that has moved on."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.casework import desk, thread
from bot.casework.desk import Line
from bot.casework.keeping import forgetting
from bot.conversation.kinds import Kind
from bot.errors import KunnafoniError, NotAllowed, Stale
from bot.store import Duplicate, Session, form_tokens
from bot.store.audit import Action
from bot.store.tables import ReportStatus, address, outbox, report
from bot.store.types import new_id
from tests.bot.casework.clerk import WELL, Clerk, times
from tests.chat import Phone, Road


@pytest.fixture
def line(road: Road, phone: Phone) -> Line:
    """A report whose questions are all answered."""
    for text in (WELL, "1", "0", "0", "0"):
        phone.says(text)
    return road.report()


def _at_once(*acts: Callable[[], Any]) -> list[KunnafoniError | None]:
    """Start all acts at the same instant; what each of them raised."""
    start, raised = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        start.wait(10)
        try:
            acts[number]()
        except KunnafoniError as failure:
            raised[number] = failure  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return list(raised)


def _meanwhile(road: Road, first: Callable[[Session], None], second: Callable[[], Any]) -> KunnafoniError | None:
    """Begin the second act while the first has done all but commit; what the second raised. It must have waited."""
    raised: list[KunnafoniError] = []

    def run() -> None:
        try:
            second()
        except KunnafoniError as failure:
            raised.append(failure)

    thread = threading.Thread(target=run)
    with road.store.writing() as session:
        first(session)
        session.flush()
        thread.start()
        thread.join(0.2)
        assert thread.is_alive(), "the second did not wait for the first"
    thread.join(30)
    assert not thread.is_alive()
    return raised[0] if raised else None


def _written(road: Road) -> int:
    """How many messages of the desk there are."""
    with road.store.reading() as session:
        return len(session.run(select(outbox.c.id).where(outbox.c.cause.startswith("desk:"))).all())


# Deciding


def test_what_is_decided_stands_in_the_report_and_in_the_audit(usual: Clerk, line: Line, road: Road) -> None:
    usual.does(desk.confirm, line.id, kind=Kind.NEED, place="kun:mopti/mopti/konna", urgency=2)
    now = road.report()
    assert (now.kind, now.place, now.place_confirmed, now.urgency) == (Kind.NEED, "kun:mopti/mopti/konna", True, 2)
    assert now.status is ReportStatus.TRIAGED
    assert times(road, Action.REPORT_CONFIRMED) == 1


def test_who_decides_anew_does_not_undo_an_answer(usual: Clerk, line: Line, road: Road) -> None:
    usual.does(thread.reply, line.id, "Merci", "token", usual.road.means)
    usual.does(desk.confirm, line.id, kind=Kind.NEED, place=None, urgency=2)
    assert road.report().status is ReportStatus.ANSWERED


def test_a_report_that_is_not_there_can_not_be_decided(usual: Clerk) -> None:
    with pytest.raises(NotAllowed):
        usual.does(desk.confirm, new_id(), kind=Kind.NEED, place=None, urgency=2)


# Writing to the reporter


def test_a_reply_is_the_newest_of_the_conversation_and_answers_the_report(usual: Clerk, line: Line, road: Road) -> None:
    usual.does(thread.reply, line.id, "Merci", "token", usual.road.means)
    assert road.conversation(line)[-1] == ("we", "Merci")
    assert road.report().status is ReportStatus.ANSWERED
    road.deliver()
    assert [note.text for note in road.wire.mailbox.take("76000001")] == ["Merci"]  # type: ignore[attr-defined]


def test_the_same_form_sent_twice_writes_once(usual: Clerk, line: Line, road: Road) -> None:
    usual.does(thread.reply, line.id, "Merci", "token", usual.road.means)
    with pytest.raises(Duplicate):
        usual.does(thread.reply, line.id, "Merci", "token", usual.road.means)
    assert (_written(road), times(road, Action.REPORT_REPLIED)) == (1, 1)
    usual.does(thread.reply, line.id, "Merci", "another token", usual.road.means)
    assert _written(road) == 2


def test_the_same_form_sent_twice_at_one_instant_writes_once(usual: Clerk, line: Line, road: Road) -> None:
    failures = _at_once(*[lambda: usual.does(thread.reply, line.id, "Merci", "token", usual.road.means)] * 2)
    assert sorted(type(failure) for failure in failures if failure) == [Duplicate]
    assert (_written(road), times(road, Action.REPORT_REPLIED)) == (1, 1)


def test_two_forms_sent_at_one_instant_are_two_messages(usual: Clerk, line: Line, road: Road) -> None:
    failures = _at_once(
        *[lambda token=token: usual.does(thread.reply, line.id, "Merci", token, usual.road.means) for token in "ab"]
    )
    assert (failures, _written(road)) == ([None, None], 2)


def test_a_token_is_used_up_by_the_first_who_brings_it(road: Road) -> None:
    def use() -> None:
        with road.store.writing() as session:
            form_tokens.use(session, road.now, "token")

    failures = _at_once(use, use)
    assert [type(failure) for failure in failures if failure] == [Duplicate]


@pytest.mark.parametrize("wish", ["stop", "oubliez-moi"])
def test_nobody_is_written_to_against_their_wish(usual: Clerk, line: Line, road: Road, phone: Phone, wish: str) -> None:
    phone.says(wish)
    with pytest.raises(NotAllowed):
        usual.does(thread.reply, line.id, "Merci", "token", usual.road.means)
    assert (_written(road), road.report().status) == (0, ReportStatus.RECEIVED)


def test_who_comes_back_after_stop_may_be_written_to(usual: Clerk, line: Line, road: Road, phone: Phone) -> None:
    for text in ("stop", "start"):
        phone.says(text)
    usual.does(thread.reply, line.id, "Merci", "token", usual.road.means)
    assert _written(road) == 1


@pytest.mark.parametrize("wish", ["stop", "forget me"])
def test_a_wish_that_comes_at_the_same_instant_is_waited_for(usual: Clerk, line: Line, road: Road, wish: str) -> None:
    def say(session: Session) -> None:
        (sender,) = session.run(select(address.c.id).with_for_update()).scalars()
        if wish == "stop":
            session.run(update(address).values(opted_out_at=road.now))
        else:
            forgetting.forget(session, road.now, sender, "nothing")

    failure = _meanwhile(road, say, lambda: usual.does(thread.reply, line.id, "Merci", "token", usual.road.means))
    assert isinstance(failure, NotAllowed)
    assert _written(road) == 0


# Setting aside


def test_what_is_set_aside_comes_back_as_it_was(usual: Clerk, line: Line, road: Road) -> None:
    usual.does(desk.set_aside, line.id, "test")
    assert road.report().status is ReportStatus.SET_ASIDE
    usual.does(desk.take_back, line.id)
    assert road.report().status is ReportStatus.RECEIVED
    usual.does(desk.confirm, line.id, kind=Kind.NEED, place=None, urgency=3)
    usual.does(desk.set_aside, line.id, "test")
    usual.does(desk.take_back, line.id)
    assert road.report().status is ReportStatus.TRIAGED


def test_who_comes_second_is_refused(usual: Clerk, trusted: Clerk, line: Line, road: Road) -> None:
    with pytest.raises(Stale):
        usual.does(desk.take_back, line.id)
    usual.does(desk.set_aside, line.id, "test")
    with pytest.raises(Stale):
        trusted.does(desk.set_aside, line.id, "duplicate")
    usual.does(desk.take_back, line.id)
    with pytest.raises(Stale):
        trusted.does(desk.take_back, line.id)
    assert (times(road, Action.REPORT_SET_ASIDE), times(road, Action.REPORT_TAKEN_BACK)) == (1, 1)


def test_a_closed_report_can_not_be_set_aside(usual: Clerk, line: Line, road: Road) -> None:
    with road.store.writing() as session:
        session.run(update(report).values(status=ReportStatus.CLOSED.value))
    with pytest.raises(Stale):
        usual.does(desk.set_aside, line.id, "test")


@pytest.mark.parametrize("act", [desk.set_aside, desk.confirm], ids=["set aside", "confirmed"])
def test_who_comes_at_the_same_instant_waits_and_sees_how_it_stands_then(
    usual: Clerk, trusted: Clerk, line: Line, road: Road, act: Callable[..., None]
) -> None:
    def set_aside_first(session: Session) -> None:
        desk.set_aside(session, road.now, usual.seat, line.id, "test")

    choice: dict[str, Any] = {"kind": Kind.NEED, "place": None, "urgency": 3}
    named = choice if act is desk.confirm else {"reason": "duplicate"}
    failure = _meanwhile(road, set_aside_first, lambda: trusted.does(act, line.id, **named))
    assert type(failure) is (type(None) if act is desk.confirm else Stale)
    assert (road.report().status, times(road, Action.REPORT_SET_ASIDE)) == (ReportStatus.SET_ASIDE, 1)


# Looking


def test_only_the_first_look_is_in_the_audit_until_there_is_more_to_read(
    usual: Clerk, line: Line, road: Road, phone: Phone
) -> None:
    for _ in range(2):
        usual.does(desk.mark_seen, line.id)
    assert (road.report().unread, times(road, Action.REPORT_SEEN)) == (False, 1)
    phone.says("et les animaux meurent de soif")
    usual.does(desk.mark_seen, line.id)
    assert times(road, Action.REPORT_SEEN) == 2


def test_a_conversation_has_every_message_in_order_and_what_became_of_ours(
    usual: Clerk, line: Line, road: Road
) -> None:
    road.later(seconds=1)
    usual.does(thread.reply, line.id, "Merci", "token", usual.road.means)
    spoken = usual.asks(desk.conversation, line.id)
    assert [each.text for each in spoken if not each.outbound] == [WELL, "1", "0", "0", "0"]
    assert [each.at for each in spoken] == sorted(each.at for each in spoken)
    assert {each.delivery for each in spoken if not each.outbound} == {None}
    assert [each.delivery for each in spoken if each.outbound] == ["delivered"] * 5 + ["queued"]
