"""The outbox: who goes first, how many at once, and who may write down what became of a message."""

import threading

import pytest
from sqlalchemy import literal, update

from bot.delivery import outbox as box
from bot.delivery.outbox import MOST_ATTEMPTS, Lane, Patience
from bot.store import Duplicate
from bot.store.tables import OutboxStatus, pace
from bot.store.types import moment
from tests.post import Person, Post

FINAL = [each for each in OutboxStatus if each not in (OutboxStatus.QUEUED, OutboxStatus.SENDING, OutboxStatus.UNKNOWN)]


def _ids(claimed: list[box.Claimed]) -> list[int]:
    return [each.outbound.id for each in claimed]


def test_a_claimed_message_is_opened_for_its_person(post: Post, person: Person) -> None:
    number = person.put("I ni ce")
    (claimed,) = post.claim()
    assert claimed.outbound.text == "I ni ce"
    assert claimed.outbound.address == "tel:+22370000000"
    assert (claimed.outbound.id, claimed.outbound.attempt, claimed.token) == (number, 1, 1)
    assert post.status(number) == [OutboxStatus.SENDING]


def test_a_claimed_message_is_nobody_elses(post: Post, person: Person) -> None:
    person.put()
    assert len(post.claim()) == 1
    assert post.claim() == []


def test_urgent_goes_before_conversation_and_conversation_before_campaigns(post: Post) -> None:
    lanes = (Lane.CAMPAIGN, Lane.CONVERSATION, Lane.URGENT, Lane.CAMPAIGN, Lane.URGENT)
    numbers = [post.person().put(lane=lane) for lane in lanes]
    order = [numbers[place] for place in (2, 4, 1, 0, 3)]
    assert [_ids(post.claim(1))[0] for _ in order] == order
    with pytest.raises(IndexError):
        _ids(post.claim(1))[0]


def test_messages_to_one_person_in_one_lane_go_one_after_the_other(post: Post, person: Person) -> None:
    first, second, third = person.put(), person.put(), person.put()
    seen = []
    for _ in range(3):
        (claimed,) = post.claim()
        post.write(box.taken, claimed, "P")
        seen.append(claimed.outbound.id)
    assert seen == [first, second, third]


@pytest.mark.parametrize("status", [OutboxStatus.QUEUED, OutboxStatus.SENDING, OutboxStatus.UNKNOWN])
def test_an_earlier_message_that_may_still_leave_holds_back_the_later_one(
    post: Post, person: Person, status: OutboxStatus
) -> None:
    earlier = person.put()
    person.put()
    post.force(earlier, status, not_before=moment(literal(60.0)))
    assert post.claim() == []


@pytest.mark.parametrize("status", FINAL)
def test_an_earlier_message_that_is_settled_holds_back_nobody(post: Post, person: Person, status: OutboxStatus) -> None:
    earlier, later = person.put(), person.put()
    post.force(earlier, status)
    assert _ids(post.claim()) == [later]


def test_a_message_that_will_never_be_settled_holds_back_nobody(post: Post, person: Person) -> None:
    earlier, later = person.put(), person.put()
    post.force(earlier, OutboxStatus.UNKNOWN, lease_until=None)
    assert _ids(post.claim()) == [later]


def test_an_alert_does_not_wait_for_the_conversation(post: Post, person: Person) -> None:
    earlier = person.put()
    alert = person.put(lane=Lane.URGENT)
    post.force(earlier, OutboxStatus.SENDING)
    assert _ids(post.claim()) == [alert]


def test_one_person_does_not_hold_back_another(post: Post, person: Person) -> None:
    post.force(person.put(), OutboxStatus.SENDING)
    person.put()
    other = post.person().put()
    assert _ids(post.claim()) == [other]


def test_a_message_waits_for_its_moment(post: Post, person: Person) -> None:
    number = person.put(after=60.0)
    assert post.claim() == []
    post.lapse(number, column="not_before")
    assert _ids(post.claim()) == [number]


def test_a_sender_takes_only_what_goes_by_its_wire(post: Post, person: Person) -> None:
    person.put(channel="other")
    assert post.claim() == []


def test_no_more_than_the_burst_leaves_at_once_and_then_as_much_as_the_pace_gives(post: Post) -> None:
    for _ in range(9):
        post.person().put()
    assert len(post.claim(rate=0.001, burst=3)) == 3
    assert post.claim(rate=0.001, burst=3) == []
    _refilled_ago(post, 1000.0)
    assert len(post.claim(rate=0.002, burst=3)) == 2, "two in a thousand seconds"
    _refilled_ago(post, 1_000_000.0)
    assert len(post.claim(rate=0.002, burst=3)) == 3, "never more than the burst"


def test_the_pace_is_taken_by_what_is_claimed_and_not_by_looking(post: Post, person: Person) -> None:
    for _ in range(5):
        assert post.claim(rate=0.001, burst=2) == []
    person.put()
    post.person().put()
    assert len(post.claim(rate=0.001, burst=2)) == 2


def test_each_wire_has_a_pace_of_its_own(post: Post, person: Person) -> None:
    person.put()
    post.person().put(channel="other")
    assert len(post.claim(rate=0.001, burst=1)) == 1
    post.provider.name = "other"
    assert len(post.claim(rate=0.001, burst=1)) == 1


def test_senders_at_the_same_instant_share_the_work_and_the_pace(post: Post) -> None:
    numbers = {post.person().put() for _ in range(20)}
    found: list[int] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        for _ in range(4):
            found.extend(_ids(post.claim(3, rate=0.001, burst=15)))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 15, "the burst, all senders together"
    assert len(set(found)) == 15, "each once"
    assert set(found) <= numbers


def test_a_cause_has_one_message(post: Post, person: Person) -> None:
    person.put(cause="desk:1")
    with pytest.raises(Duplicate):
        person.put(cause="desk:1")
    assert len(post.claim()) == 1


def test_who_comes_late_changes_nothing(post: Post, person: Person) -> None:
    """A sender that was taken for dead finds its token worth nothing."""
    number = person.put()
    (late,) = post.claim()
    post.lapse(number)
    post.force(number, OutboxStatus.QUEUED)
    (current,) = post.claim()
    assert current.token == late.token + 1
    before = post.row(number)
    post.write(box.taken, late, "old")
    post.write(box.again, late, "x", 1.0)
    post.write(box.uncertain, late, "x")
    post.write(box.ended, late, OutboxStatus.FAILED, "x")
    assert post.row(number) == before
    post.write(box.taken, current, "new")
    assert (post.row(number).status, post.row(number).provider_id) == (OutboxStatus.SENT, "new")


def test_a_sender_that_was_slow_keeps_a_message_from_leaving_twice(post: Post, person: Person) -> None:
    number = person.put()
    (slow,) = post.claim()
    post.force(number, OutboxStatus.QUEUED)
    post.write(box.taken, slow, "P1")
    assert post.status(number) == [OutboxStatus.SENT]
    assert post.claim() == []


def test_what_a_receipt_has_proved_is_not_lowered_by_the_sender(post: Post, person: Person) -> None:
    number = person.put()
    (claimed,) = post.claim()
    post.set(number, status="delivered", provider_id="P1")
    for act in (
        lambda: post.write(box.taken, claimed, "P2"),
        lambda: post.write(box.uncertain, claimed, "x"),
        lambda: post.write(box.again, claimed, "x", 0.0),
        lambda: post.write(box.ended, claimed, OutboxStatus.FAILED, "x"),
    ):
        act()
        assert (post.row(number).status, post.row(number).provider_id) == (OutboxStatus.DELIVERED, "P1")


def test_a_message_that_is_never_taken_fails_after_five_attempts(post: Post, person: Person) -> None:
    number = person.put()
    attempts = []
    while claimed := post.claim():
        attempts.append(claimed[0].outbound.attempt)
        post.write(box.again, claimed[0], "busy", 0.0)
    assert attempts == list(range(1, MOST_ATTEMPTS + 1)) == [1, 2, 3, 4, 5]
    assert (post.row(number).status, post.row(number).code) == (OutboxStatus.FAILED, "busy")


def test_another_attempt_waits_as_long_as_the_provider_asks_for(post: Post, person: Person) -> None:
    number = person.put()
    (claimed,) = post.claim()
    post.write(box.again, claimed, "busy", 60.0)
    assert post.claim() == []
    post.lapse(number, column="not_before")
    (again,) = post.claim()
    assert (again.outbound.attempt, again.provider_id) == (2, None)


def test_a_new_attempt_forgets_the_providers_id_of_the_old_one(post: Post, person: Person) -> None:
    number = person.put()
    (claimed,) = post.claim()
    post.set(number, provider_id="P1")
    post.write(box.again, claimed, "lost", 0.0)
    post.claim()
    assert post.row(number).provider_id is None


def test_a_reply_that_rides_in_an_answer_is_never_claimed(post: Post, person: Person) -> None:
    sending = person.put(status=OutboxStatus.SENDING)
    sent = post.person().put(status=OutboxStatus.SENT)
    assert post.claim() == []
    assert [(post.row(each).attempt, post.row(each).token) for each in (sending, sent)] == [(1, 0), (1, 0)]
    assert post.row(sent).settled_at is not None


def test_what_waits_or_hangs_is_counted(post: Post) -> None:
    numbers = [post.person().put() for _ in OutboxStatus]
    for number, status in zip(numbers, OutboxStatus, strict=True):
        post.force(number, status)
    assert post.write(box.unsettled, "wire") == 3


def test_the_lease_is_as_long_as_ones_patience(post: Post, person: Person) -> None:
    number = person.put()
    post.claim(patience=Patience(lease=-5.0))
    row = post.row(number)
    assert row.lease_until < row.sending_at


def _refilled_ago(post: Post, seconds: float) -> None:
    with post.store.writing() as session:
        session.run(update(pace).values(refilled_at=moment(literal(-seconds))))
