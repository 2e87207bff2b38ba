"""Receipts come in any order, twice, late, early, and of attempts that are long past; none lowers a state."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.delivery import outbox as box
from bot.delivery.outbox import RISING, Lane
from bot.delivery.receipts import note_receipt, opted_out
from bot.messages import Delivery, Receipt
from bot.store import Session
from bot.store.audit import Action
from bot.store.tables import OutboxStatus, address, audit, outbox
from tests.post import NOW, Person, Post

PROVES = {
    Delivery.SENT: OutboxStatus.SENT,
    Delivery.FAILED: OutboxStatus.FAILED,
    Delivery.DELIVERED: OutboxStatus.DELIVERED,
}


def _receipt(number: int, status: Delivery, attempt: int | None = 1, **more: Any) -> Receipt:
    return Receipt("wire", status, id=number, attempt=attempt, **more)


def _highest(states: Sequence[OutboxStatus]) -> OutboxStatus:
    return max(states, key=RISING.index)


WORDS = (*Delivery, "taken")
SEQUENCES = [
    *itertools.chain.from_iterable(itertools.product(WORDS, repeat=length) for length in (1, 2, 3)),
    *itertools.permutations(WORDS),
]


def test_in_every_order_with_every_repeat_the_most_certain_word_stands(post: Post, person: Person) -> None:
    """The three receipts and the sender's own word: all orders, and all repeats among three."""
    number = person.put()
    (claimed,) = post.claim()
    for sequence in SEQUENCES:
        post.set(number, status="sending", lease_until=None, provider_id=None)
        state = OutboxStatus.SENDING
        with post.store.writing() as session:
            for word in sequence:
                if word == "taken":
                    box.taken(session, claimed, "P1")
                else:
                    note_receipt(session, _receipt(number, word), NOW)
                state = _highest([state, OutboxStatus.SENT if word == "taken" else PROVES[word]])
                assert _status_now(session, number) == state, sequence


def _status_now(session: Session, number: int) -> str:
    return str(session.run(outbox.select().where(outbox.c.id == number)).one().status)


def test_in_every_order_an_older_attempt_counts_only_if_it_proves_delivery(post: Post, person: Person) -> None:
    words = list(itertools.product(Delivery, (1, 2)))
    sequences = list(itertools.product(words, repeat=2))
    number = person.put()
    for sequence in sequences:
        post.set(number, status="sending", attempt=2)
        for word, attempt in sequence:
            post.write(note_receipt, _receipt(number, word, attempt), NOW)
        proofs = [PROVES[word] for word, attempt in sequence if attempt == 2 or word is Delivery.DELIVERED]
        assert post.status(number) == [_highest([OutboxStatus.SENDING, *proofs])], sequence


def test_a_receipt_before_the_sender_has_written_down_that_it_left(post: Post, person: Person) -> None:
    number = person.put()
    (claimed,) = post.claim()
    assert post.write(note_receipt, _receipt(number, Delivery.DELIVERED, provider_id="P1"), NOW)
    post.write(box.taken, claimed, "P1")
    assert (post.row(number).status, post.row(number).provider_id) == (OutboxStatus.DELIVERED, "P1")


def test_a_receipt_ends_the_lease_so_that_nothing_is_looked_up(post: Post, person: Person) -> None:
    number = person.put()
    post.claim()
    post.write(note_receipt, _receipt(number, Delivery.SENT), NOW)
    assert post.row(number).lease_until is None


def test_a_receipt_settles_what_nobody_knew(post: Post, person: Person) -> None:
    number = person.put()
    (claimed,) = post.claim()
    post.write(box.uncertain, claimed, "timeout")
    assert post.write(note_receipt, _receipt(number, Delivery.DELIVERED), NOW)
    assert post.status(number) == [OutboxStatus.DELIVERED]


def test_a_receipt_of_a_message_that_waits_for_its_next_attempt_keeps_it_from_leaving_twice(
    post: Post, person: Person
) -> None:
    number = person.put()
    (claimed,) = post.claim()
    post.write(box.again, claimed, "busy", 0.0)
    post.write(note_receipt, _receipt(number, Delivery.SENT), NOW)
    assert post.claim() == []
    assert post.status(number) == [OutboxStatus.SENT]


def test_a_receipt_by_the_providers_id_alone(post: Post, person: Person) -> None:
    number = person.put()
    (claimed,) = post.claim()
    post.write(box.taken, claimed, "P1")
    assert post.write(note_receipt, Receipt("wire", Delivery.DELIVERED, provider_id="P1"), NOW)
    assert post.status(number) == [OutboxStatus.DELIVERED]


def test_a_receipt_by_a_providers_id_of_an_older_attempt_is_not_of_this_one(post: Post, person: Person) -> None:
    number = person.put()
    (claimed,) = post.claim()
    post.set(number, provider_id="P1")
    post.write(box.again, claimed, "busy", 0.0)
    post.claim()
    assert not post.write(note_receipt, Receipt("wire", Delivery.FAILED, provider_id="P1"), NOW)
    assert post.status(number) == [OutboxStatus.SENDING]


@pytest.mark.parametrize(
    "change",
    [
        lambda number: Receipt("other", Delivery.FAILED, id=number, attempt=1),
        lambda number: Receipt("wire", Delivery.FAILED, id=number + 1000, attempt=1),
        lambda number: Receipt("wire", Delivery.FAILED, id=number, attempt=2),
        lambda number: Receipt("wire", Delivery.SENT, id=number, attempt=0),
        lambda number: Receipt("wire", Delivery.FAILED, provider_id="P9"),
        lambda number: Receipt("wire", Delivery.FAILED),
    ],
)
def test_a_receipt_of_something_else_changes_nothing(
    post: Post, person: Person, change: Callable[[int], Receipt]
) -> None:
    number = person.put()
    post.claim()
    before = post.row(number)
    assert not post.write(note_receipt, change(number), NOW)
    assert post.row(number) == before


@pytest.mark.parametrize("status", [OutboxStatus.CANCELLED, OutboxStatus.EXPIRED, OutboxStatus.REFUSED])
@pytest.mark.parametrize("word", list(Delivery))
def test_what_was_ended_by_us_stays_ended(post: Post, person: Person, status: OutboxStatus, word: Delivery) -> None:
    number = person.put()
    post.force(number, status, attempt=1)
    assert not post.write(note_receipt, _receipt(number, word), NOW)
    assert post.status(number) == [status]


def test_a_message_that_was_never_offered_has_no_receipt(post: Post, person: Person) -> None:
    number = person.put()
    assert not post.write(note_receipt, _receipt(number, Delivery.SENT, attempt=None), NOW)
    assert post.status(number) == [OutboxStatus.QUEUED]


def test_a_reason_is_kept_and_cut(post: Post, person: Person) -> None:
    number = person.put()
    post.claim()
    post.write(note_receipt, _receipt(number, Delivery.FAILED, code="3" * 100), NOW)
    assert post.row(number).code == "3" * 64


@pytest.mark.parametrize("word", list(Delivery))
def test_who_told_the_provider_to_stop_is_told_nothing_more(post: Post, person: Person, word: Delivery) -> None:
    number = person.put()
    post.claim()
    campaign = person.put(lane=Lane.CAMPAIGN)
    reply = person.put(cause="reply:wire:SM1")
    post.write(note_receipt, _receipt(number, word, code="21610", opted_out=True), NOW)
    assert post.write(opted_out, person.id)
    assert post.status(campaign, reply) == [OutboxStatus.CANCELLED, OutboxStatus.QUEUED]


def test_a_late_or_repeated_word_of_stopping_counts_all_the_same_and_is_noted_once(post: Post, person: Person) -> None:
    number = person.put()
    post.claim()
    post.write(note_receipt, _receipt(number, Delivery.DELIVERED), NOW)
    for _ in range(3):
        post.write(note_receipt, _receipt(number, Delivery.FAILED, opted_out=True), NOW)
    assert post.write(opted_out, person.id)
    assert post.status(number) == [OutboxStatus.DELIVERED]
    with post.store.reading() as session:
        entries = session.run(audit.select().where(audit.c.action == Action.ADDRESS_OPTED_OUT.value)).all()
        assert [entry.subject for entry in entries] == [str(person.id)]
        assert session.run(address.select()).one().opted_out_at is not None


def test_a_receipt_without_that_word_stops_nobody(post: Post, person: Person) -> None:
    number = person.put()
    post.claim()
    post.write(note_receipt, _receipt(number, Delivery.FAILED, code="30003"), NOW)
    assert not post.write(opted_out, person.id)
