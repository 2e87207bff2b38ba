"""Moments and ids that mean the same on both databases."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from sqlalchemy import Function, Insert, insert, literal, select
from sqlalchemy.exc import StatementError

from bot.store import Store
from bot.store.tables import contact
from bot.store.types import moment, new_id, seconds_since

BAMAKO_MORNING = datetime(2026, 11, 23, 7, 30, 0, 123456, tzinfo=UTC)


def _made(at: datetime | Function[datetime]) -> Insert:
    """A row with this moment in it."""
    return insert(contact).values(id=new_id(), made_at=at, changed_at=BAMAKO_MORNING)


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises((ValueError, StatementError), match="without a time zone"), store.writing() as session:
        session.run(_made(BAMAKO_MORNING.replace(tzinfo=None)))
    with store.reading() as session:
        assert session.run(select(contact)).all() == []


@pytest.mark.parametrize("queued", [False, True], ids=["run", "later"])
def test_a_moment_comes_back_aware_and_exact_whatever_zone_it_was_written_in(store: Store, queued: bool) -> None:
    elsewhere = BAMAKO_MORNING.astimezone(timezone(timedelta(hours=14)))
    statement, row = insert(contact), {"id": new_id(), "made_at": elsewhere, "changed_at": elsewhere, "name": None}
    with store.writing() as session:
        (session.later if queued else session.run)(statement, row)
    with store.reading() as session:
        found = session.run(select(contact.c.made_at)).scalar_one()
        ((same,),) = session.fetch((select(contact.c.made_at), {}))
    assert found == same.made_at == BAMAKO_MORNING
    assert found.utcoffset() == timedelta(0)


def test_moments_are_compared_as_moments_and_not_as_text(store: Store) -> None:
    later = (BAMAKO_MORNING + timedelta(seconds=1)).astimezone(timezone(timedelta(hours=-11)))
    with store.writing() as session:
        session.run(_made(BAMAKO_MORNING))
        found = session.run(select(contact).where(contact.c.made_at < later)).all()
    assert len(found) == 1


def test_the_databases_clock_is_the_one_of_this_machine_and_can_be_shifted(store: Store) -> None:
    with store.reading() as session:
        before, now, ago, ahead, in_utc = session.run(
            select(
                moment(literal(-60.5)),
                moment(),
                seconds_since(moment(literal(-90.0))),
                seconds_since(moment(literal(3600.0))),
                moment(),
            )
        ).one()
    assert timedelta(seconds=60) < now - before < timedelta(seconds=62)
    assert 89.9 < ago < 92
    assert -3601 < ahead < -3598
    assert abs(in_utc - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_the_database_wrote_and_what_we_wrote_compare(store: Store) -> None:
    """SQLite compares text: both must have the same form to the last digit."""
    with store.writing() as session:
        session.run(_made(moment(literal(-5.0))))
        for ours, found in ((datetime.now(UTC), 1), (datetime.now(UTC) - timedelta(seconds=60), 0)):
            assert len(session.run(select(contact).where(contact.c.made_at <= ours)).all()) == found


def test_ids_sort_by_the_millisecond_they_were_made_in() -> None:
    made = []
    for milliseconds in (0, 1, 2, 999, 1_000, 86_400_000, 10**12):
        with time_machine.travel(BAMAKO_MORNING + timedelta(milliseconds=milliseconds), tick=False):
            made.append([new_id() for _ in range(50)])
    for earlier, later in itertools.pairwise(made):
        assert max(earlier) < min(later)
        assert max(each.hex for each in earlier) < min(each.hex for each in later), "SQLite sorts them as text"


def test_ids_are_of_version_7_hold_their_time_and_never_meet() -> None:
    with time_machine.travel(BAMAKO_MORNING, tick=False):
        made = [new_id() for _ in range(20_000)]
    assert len(set(made)) == 20_000
    assert {(each.version, each.variant) for each in made} == {(7, uuid.RFC_4122)}
    assert {each.int >> 80 for each in made} == {int(BAMAKO_MORNING.timestamp() * 1000)}
    bits = [0] * 128
    for each in made:
        for place in range(128):
            bits[place] += each.int >> place & 1
    chance = [count for place, count in enumerate(bits[:76]) if place not in (62, 63)]
    assert all(9_000 < count < 11_000 for count in chance), "a bit of chance that is none"
