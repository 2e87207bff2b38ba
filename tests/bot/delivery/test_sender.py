"""The sender: what the provider says is written down, and no failure makes a message vanish or leave twice."""

import logging
import threading

import pytest

from bot.delivery.outbox import Lane, Patience
from bot.delivery.receipts import opted_out
from bot.delivery.sender import Sender
from bot.errors import OptedOut, Refused, RetryLater, StoreAway, Uncertain
from bot.messages import Outbound
from bot.store import Store
from bot.store.tables import OutboxStatus, address, message, talk
from tests.post import Person, Post, raises


def _sender(post: Post, **changes: object) -> Sender:
    return Sender(post.store, post.provider, threading.Event(), **changes)  # type: ignore[arg-type]


def test_what_waits_is_sent_and_written_down(post: Post) -> None:
    numbers = [post.person().put(f"text {number}") for number in range(25)]
    assert _sender(post).drain() == 25
    assert sorted(post.provider.texts) == sorted(f"text {number}" for number in range(25))
    assert set(post.status(*numbers)) == {OutboxStatus.SENT}
    assert [post.row(number).provider_id for number in numbers] == [f"P{number}.1" for number in numbers]


def test_messages_to_one_person_arrive_in_order(post: Post, person: Person) -> None:
    for number in range(5):
        person.put(str(number))
    sender = _sender(post)
    while sender.drain():
        pass
    assert post.provider.texts == ["0", "1", "2", "3", "4"]


def test_a_provider_that_gives_no_id_is_believed(post: Post, person: Person) -> None:
    number = person.put()
    post.provider.says = lambda outbound: None
    _sender(post).drain()
    assert (post.row(number).status, post.row(number).provider_id) == (OutboxStatus.SENT, None)


def test_what_the_provider_will_never_take_has_failed(post: Post, person: Person) -> None:
    number = person.put()
    post.provider.says = raises(Refused("21211"))
    _sender(post).drain()
    assert (post.row(number).status, post.row(number).code) == (OutboxStatus.FAILED, "21211")
    assert not post.write(opted_out, person.id)


def test_who_told_the_provider_to_stop_is_not_written_to_again(post: Post, person: Person) -> None:
    first = person.put()
    post.provider.says = raises(OptedOut("21610"))
    later = person.put(lane=Lane.CAMPAIGN, after=60.0)
    _sender(post).drain()
    assert post.status(first, later) == [OutboxStatus.REFUSED, OutboxStatus.CANCELLED]
    assert post.write(opted_out, person.id)


def test_what_was_not_taken_is_offered_again_and_fails_after_the_fifth_time(post: Post, person: Person) -> None:
    number = person.put()
    post.provider.says = raises(RetryLater("busy", 0.0))
    _sender(post).drain()
    assert [outbound.attempt for outbound in post.provider.got] == [1, 2, 3, 4, 5]
    assert (post.row(number).status, post.row(number).code) == (OutboxStatus.FAILED, "busy")


def test_what_was_not_taken_waits_as_long_as_the_provider_asks(post: Post, person: Person) -> None:
    number = person.put()
    post.provider.says = raises(RetryLater("429", 120.0))
    assert _sender(post).drain() == 1
    assert post.status(number) == [OutboxStatus.QUEUED]


@pytest.mark.parametrize("failure", [Uncertain("timeout"), OSError("to +22370000000"), ValueError("I ni ce")])
def test_what_may_have_been_taken_is_never_sent_again_blindly(
    post: Post, person: Person, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    number = person.put("I ni ce")
    post.provider.says = raises(failure)
    with caplog.at_level(logging.DEBUG, logger="bot"):
        assert _sender(post).drain() == 1
        assert _sender(post).drain() == 0
    assert post.status(number) == [OutboxStatus.UNKNOWN]
    assert "I ni ce" not in caplog.text
    assert "2237" not in caplog.text


def test_no_transaction_is_open_while_the_provider_is_asked(post: Post, person: Person, store: Store) -> None:
    """On SQLite a write from outside would wait for ever if one were."""
    number = person.put()
    wrote = []

    def write_meanwhile(outbound: Outbound) -> str:
        with store.writing() as session:
            session.run(address.update().values(language="bm"))
        wrote.append(post.status(number))
        return "P1"

    post.provider.says = write_meanwhile
    _sender(post).drain()
    assert wrote == [[OutboxStatus.SENDING]], "and others see that it is on its way"


def test_no_more_are_at_the_provider_than_may_be(post: Post) -> None:
    for _ in range(12):
        post.person().put()
    lock, now, most = threading.Lock(), 0, 0
    full = threading.Event()

    def count(outbound: Outbound) -> str:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
            if now == 3:
                full.set()
        full.wait(10)
        with lock:
            now -= 1
        return "P"

    post.provider.says = count
    _sender(post, in_flight=3).drain()
    assert (most, len(post.provider.got)) == (3, 12)


def test_a_sender_that_was_held_up_sends_nothing_stale(post: Post, person: Person) -> None:
    number = person.put()
    sender = _sender(post, patience=Patience(lease=-100.0))
    post.provider.says = raises(AssertionError("it was offered"))
    assert sender.drain() >= 1
    assert post.provider.got == []
    assert post.row(number).code == "held up"


def test_the_sender_runs_until_it_is_told_to_stop_and_is_woken_by_its_bell(post: Post, person: Person) -> None:
    bell, stop, arrived = threading.Event(), threading.Event(), threading.Event()

    def arrive(outbound: Outbound) -> str:
        arrived.set()
        return "P"

    post.provider.says = arrive
    thread = threading.Thread(target=Sender(post.store, post.provider, bell).run, args=(stop,))
    thread.start()
    try:
        number = person.put()
        bell.set()
        assert arrived.wait(20)
    finally:
        stop.set()
        bell.set()
        thread.join(20)
    assert not thread.is_alive()
    assert post.status(number) == [OutboxStatus.SENT], "what was on its way is written down before it ends"


def test_what_became_of_a_message_is_kept_while_the_database_is_away(
    post: Post, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    number = person.put()
    away = _AwayOnce(post.store)
    sender = Sender(away, post.provider, threading.Event())  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR), pytest.raises(StoreAway):
        sender.drain()
    assert post.status(number) == [OutboxStatus.SENDING]
    sender.drain()
    assert post.status(number) == [OutboxStatus.SENT]
    assert len(post.provider.got) == 1, "and it left once"


class _AwayOnce:
    """A store that can't be reached for the second transaction."""

    def __init__(self, store: Store) -> None:
        self._store, self._asked = store, 0

    def writing(self):  # type: ignore[no-untyped-def]
        """As the store does."""
        self._asked += 1
        if self._asked == 2:
            raise StoreAway("away")
        return self._store.writing()


@pytest.mark.parametrize("loss", [{"body": b"\x01damaged"}, {"body": None}])
def test_a_message_that_can_not_be_opened_is_never_sent_and_keeps_nobody_else_waiting(
    post: Post, person: Person, loss: dict[str, bytes | None], caplog: pytest.LogCaptureFixture
) -> None:
    damaged, other = person.put(), post.person().put()
    with post.store.writing() as session:
        session.run(message.update().where(message.c.id == post.row(damaged).message_id).values(**loss))
    _sender(post).drain()
    assert post.status(other) == [OutboxStatus.SENT]
    assert [outbound.id for outbound in post.provider.got] == [other]


def test_a_message_whose_key_was_erased_is_never_sent(post: Post, person: Person) -> None:
    number = person.put()
    with post.store.writing() as session:
        session.run(talk.update().values(data_key=None))
    _sender(post).drain()
    assert post.provider.got == []
    assert post.status(number) != [OutboxStatus.SENT]
