"""The sweep: what nobody knows is asked for, and never sent again blindly where the provider can be asked."""

from collections.abc import Callable

import pytest

from bot.channels import Channel
from bot.delivery import outbox as box
from bot.delivery.outbox import MOST_LOST, Lane
from bot.delivery.sweep import end_leases, oldest_unsent, settle_unknown
from bot.errors import RetryLater
from bot.messages import Delivery, Outbound, Receipt
from bot.store.tables import OutboxStatus
from tests.post import Person, Post, raises


def _settle(post: Post) -> int:
    wire: Channel = post.provider  # type: ignore[assignment]
    return settle_unknown(post.store, wire)


def _lost(post: Post, person: Person, text: str = "words", **changes: object) -> int:
    """A message whose sender died after offering it, or before; its lease and its grace are over."""
    number = person.put(text, **changes)
    assert [each.outbound.id for each in post.claim()] == [number]
    post.lapse(number)
    assert post.write(end_leases) == 1
    assert post.status(number) == [OutboxStatus.UNKNOWN]
    post.lapse(number)
    return number


def _knows(status: Delivery, provider_id: str = "P9") -> Callable[[Outbound], Receipt]:
    return lambda outbound: Receipt("wire", status, provider_id, outbound.id, outbound.attempt)


def test_a_lease_that_holds_is_left_alone(post: Post, person: Person) -> None:
    number = person.put()
    post.claim()
    assert post.write(end_leases) == 0
    assert post.status(number) == [OutboxStatus.SENDING]


def test_a_message_in_doubt_waits_for_its_grace(post: Post, person: Person) -> None:
    number = person.put()
    post.claim()
    post.lapse(number)
    post.write(end_leases)
    assert _settle(post) == 0
    assert post.provider.asked == []


@pytest.mark.parametrize(
    ("word", "state"),
    [
        (Delivery.SENT, OutboxStatus.SENT),
        (Delivery.DELIVERED, OutboxStatus.DELIVERED),
        (Delivery.FAILED, OutboxStatus.FAILED),
    ],
)
def test_what_the_provider_has_is_not_sent_again(
    post: Post, person: Person, word: Delivery, state: OutboxStatus
) -> None:
    number = _lost(post, person)
    post.provider.knows = _knows(word)
    assert _settle(post) == 1
    assert (post.row(number).status, post.row(number).provider_id) == (state, "P9")
    assert post.claim() == []


def test_what_the_provider_never_had_is_sent_again_as_a_new_attempt(post: Post, person: Person) -> None:
    number = _lost(post, person)
    assert _settle(post) == 1
    assert post.status(number) == [OutboxStatus.QUEUED]
    (again,) = post.claim()
    assert (again.outbound.id, again.outbound.attempt, again.possible_duplicate) == (number, 2, False)


def test_what_kills_every_sender_is_given_up_in_the_end(post: Post, person: Person) -> None:
    number = person.put()
    for _ in range(MOST_LOST):
        post.claim()
        post.lapse(number)
        post.write(end_leases)
        post.lapse(number)
        _settle(post)
    assert post.status(number) == [OutboxStatus.FAILED]


def test_where_nobody_can_be_asked_a_conversation_goes_once_more_and_is_marked(post: Post, person: Person) -> None:
    number = _lost(post, person)
    post.provider.knows = raises(NotImplementedError())
    assert _settle(post) == 1
    (again,) = post.claim()
    assert again.possible_duplicate
    post.lapse(number)
    post.write(end_leases)
    post.lapse(number)
    assert _settle(post) == 0
    assert post.status(number) == [OutboxStatus.UNKNOWN], "not a third time"
    assert post.claim() == []


def test_where_nobody_can_be_asked_a_campaign_message_stays_in_doubt(post: Post, person: Person) -> None:
    number = _lost(post, person, lane=Lane.CAMPAIGN)
    post.provider.knows = raises(NotImplementedError())
    assert _settle(post) == 0
    assert post.status(number) == [OutboxStatus.UNKNOWN]
    assert post.row(number).lease_until is None


@pytest.mark.parametrize("failure", [RetryLater("429", 600.0), ValueError("odd")])
def test_one_that_can_t_be_asked_for_does_not_hide_those_behind_it(post: Post, failure: Exception) -> None:
    first, second = (_lost(post, post.person()) for _ in range(2))

    def answer(outbound: Outbound) -> Receipt:
        if outbound.id == first:
            raise failure
        return _knows(Delivery.DELIVERED)(outbound)

    post.provider.knows = answer
    _settle(post)
    assert post.status(first) == [OutboxStatus.UNKNOWN], "still in doubt, and not sent again"
    _settle(post)
    assert post.status(second) == [OutboxStatus.DELIVERED]


def test_the_look_up_knows_which_messages_to_the_same_person_are_others(post: Post, person: Person) -> None:
    earlier = person.put("the same words")
    (claimed,) = post.claim()
    post.write(box.taken, claimed, "P1")
    assert post.status(earlier) == [OutboxStatus.SENT]
    _lost(post, person, "the same words")
    _settle(post)
    assert post.provider.others == [frozenset({"P1"})]


def test_a_sender_that_wakes_up_after_its_lease_changes_nothing(post: Post, person: Person) -> None:
    number = person.put()
    (late,) = post.claim()
    post.lapse(number)
    post.write(end_leases)
    post.lapse(number)
    _settle(post)
    (current,) = post.claim()
    for act in (box.ended, box.again, box.uncertain):
        arguments = {box.ended: (OutboxStatus.FAILED, "x"), box.again: ("x", 0.0), box.uncertain: ("x",)}[act]
        post.write(act, late, *arguments)
        assert post.status(number) == [OutboxStatus.SENDING]
    post.write(box.taken, late, "P-late")
    assert post.row(number).provider_id is None
    post.write(box.taken, current, "P2")
    assert (post.row(number).status, post.row(number).provider_id) == (OutboxStatus.SENT, "P2")


def test_how_long_the_oldest_has_waited_is_told(post: Post, person: Person) -> None:
    assert post.write(oldest_unsent) == 0.0
    number = person.put()
    post.lapse(number, column="made_at", seconds=90.0)
    assert 89 < post.write(oldest_unsent) < 95
