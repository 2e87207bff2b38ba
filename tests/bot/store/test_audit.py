"""The chain of the audit: whatever is done to it afterwards shows, and where."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, update

from bot.store import Session, Store
from bot.store.audit import Action, link_new, linked_up_to, newest, note, note_checked, timeline, verify
from bot.store.tables import audit

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def chain(store: Store) -> Store:
    """Ten entries, linked."""
    with store.writing() as session:
        for number in range(10):
            note(session, NOW, "sender", Action.REPORT_RECEIVED, f"thing-{number}", {"n": number})
    with store.writing() as session:
        assert link_new(session, LATER) == 10
    return store


def test_a_chain_that_nobody_touched_holds(chain: Store) -> None:
    with chain.reading() as session:
        found = verify(session)
        assert (found.linked, found.broken_at) == (10, None)
        assert linked_up_to(session) == 10


def _entry(number: int) -> object:
    return audit.c.link == number


def _changed(session: Session) -> None:
    session.run(update(audit).where(_entry(5)).values(actor="somebody else"))


def _dated_back(session: Session) -> None:
    session.run(update(audit).where(_entry(5)).values(at=NOW - timedelta(days=1)))


def _other_detail(session: Session) -> None:
    session.run(update(audit).where(_entry(5)).values(detail={"n": 6}))


def _removed(session: Session) -> None:
    session.run(delete(audit).where(_entry(5)))


def _swapped(session: Session) -> None:
    for before, after in ((5, 99), (6, 5), (99, 6)):
        session.run(update(audit).where(_entry(before)).values(link=after))


def _forged(session: Session) -> None:
    session.run(delete(audit).where(_entry(5)))
    values = {"at": NOW, "actor": "x", "action": "report.seen", "subject": "y", "detail": {}, "hash": bytes(32)}
    session.run(insert(audit).values(id=1000, link=5, **values))


@pytest.mark.parametrize("act", [_changed, _dated_back, _other_detail, _removed, _swapped, _forged])
def test_whatever_is_done_to_an_entry_breaks_the_chain_there(chain: Store, act: Callable[[Session], None]) -> None:
    with chain.writing() as session:
        act(session)
    with chain.reading() as session:
        assert verify(session).broken_at == 5


@pytest.mark.parametrize("grown", [False, True])
def test_an_end_that_was_cut_off_shows_where_an_earlier_walk_had_seen_it(chain: Store, *, grown: bool) -> None:
    with chain.writing() as session:
        note_checked(session, LATER, "clock", verify(session))
    with chain.writing() as session:
        assert link_new(session, LATER + timedelta(minutes=1)) == 1
        note_checked(session, LATER + timedelta(hours=1), "clock", verify(session))
    with chain.reading() as session:
        assert verify(session).broken_at is None
    with chain.writing() as session:
        session.run(delete(audit).where(audit.c.link == 11))
        if grown:
            note(session, LATER, "staff:1", Action.REPORT_SEEN, "thing-1")
            assert link_new(session, LATER + timedelta(days=1)) == 2
    with chain.reading() as session:
        found = verify(session)
        assert (found.linked, found.broken_at) == (0, 1), "no walk is left that says how far it held"


def test_what_an_earlier_walk_has_seen_and_still_is_there_holds(chain: Store) -> None:
    for hours in (1, 2):
        with chain.writing() as session:
            note_checked(session, LATER + timedelta(hours=hours), "clock", verify(session))
        with chain.writing() as session:
            assert link_new(session, LATER + timedelta(hours=hours, minutes=1)) == 1
    with chain.writing() as session:
        note_checked(session, LATER + timedelta(hours=3), "clock", verify(session))
        session.run(delete(audit).where(audit.c.link == 12))
    with chain.reading() as session:
        assert (verify(session).linked, verify(session).broken_at) == (10, 11)
        assert verify(session, most=5).broken_at is None, "the walk is not over"


def test_the_chain_goes_on_where_it_ended(chain: Store) -> None:
    with chain.writing() as session:
        note(session, LATER, "staff:1", Action.REPORT_SEEN, "thing-1")
    with chain.writing() as session:
        assert link_new(session, LATER) == 0, "too young: a slower transaction may still come in before it"
        assert link_new(session, LATER + timedelta(seconds=3)) == 1
    with chain.reading() as session:
        assert (verify(session).linked, verify(session).broken_at) == (11, None)


def test_a_timeline_is_a_things_own_and_the_newest_come_first(chain: Store) -> None:
    with chain.writing() as session:
        note(session, LATER, "staff:1", Action.REPORT_SEEN, "thing-1")
    with chain.reading() as session:
        assert [entry.action for entry in timeline(session, "thing-1")] == [Action.REPORT_RECEIVED, Action.REPORT_SEEN]
        first = newest(session, 3)
        assert [entry.subject for entry in first] == ["thing-1", "thing-9", "thing-8"]
        assert [entry.subject for entry in newest(session, 2, before=first[-1].id)] == ["thing-7", "thing-6"]
