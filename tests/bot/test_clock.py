"""The clock: one process at a time, and no duty keeps another waiting."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import literal, update

from bot.clock import AuditCheck, Clock, Duty, drain_spool, duties
from bot.errors import StoreAway
from bot.messages import Inbound
from bot.store import Store, audit
from bot.store.sealing import Keys
from bot.store.spool import Spool
from bot.store.tables import TalkStatus, lease, talk
from bot.store.tables import audit as table
from bot.store.types import moment
from tests.chat import Phone, Road


class Another(Clock):
    """A clock of another process: another holder of the lease."""

    def __init__(self, store: Store, duties: list[Duty]) -> None:
        super().__init__(store, duties)
        self._holder = "elsewhere"


def test_one_clock_holds_the_lease_and_the_other_takes_it_over_when_it_ends(store: Store) -> None:
    first, second = Clock(store, []), Another(store, [])
    assert first.holds_lease()
    assert first.holds_lease(), "and keeps it"
    assert not second.holds_lease()
    with store.writing() as session:
        session.run(update(lease).values(until=moment(literal(-1.0))))
    assert second.holds_lease()
    assert not first.holds_lease()


def test_a_duty_that_fails_does_not_keep_the_others_waiting(store: Store) -> None:
    done: list[str] = []

    def fails() -> None:
        done.append("fails")
        raise ValueError

    clock = Clock(store, [Duty("fails", 10.0, fails), Duty("works", 10.0, lambda: done.append("works"))])
    clock.tick(100.0)
    assert done == ["fails", "works"]
    clock.tick(105.0)
    assert done == ["fails", "works"], "neither is due"
    clock.tick(110.0)
    assert done == ["fails", "works"] * 2


def test_a_database_that_is_away_ends_the_round(store: Store) -> None:
    done: list[str] = []

    def away() -> None:
        raise StoreAway("away")

    clock = Clock(store, [Duty("away", 1.0, away), Duty("works", 1.0, lambda: done.append("works"))])
    with pytest.raises(StoreAway):
        clock.tick(1.0)
    assert done == []


def test_the_clock_runs_until_it_is_told_to_stop(store: Store) -> None:
    rung, stop = threading.Event(), threading.Event()
    thread = threading.Thread(target=Clock(store, [Duty("ring", 1.0, rung.set)]).run, args=(stop,), daemon=True)
    thread.start()
    assert rung.wait(20)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", Keys.make())


def _act(road: Road, spool: Spool, name: str) -> Callable[[], object]:
    found = duties(road.store, {road.wire.name: road.wire}, road.intake, spool)
    return next(duty.act for duty in found if duty.name == name)


def test_a_question_nobody_answered_for_a_month_is_let_go(road: Road, phone: Phone, spool: Spool) -> None:
    phone.says("on a vole nos boeufs cette nuit")
    old = road.phone("76000002")
    old.says("le puits est sec depuis hier")
    with road.store.writing() as session:
        theirs = talk.c.opened_at == max(row.opened_at for row in road.rows(talk.c.opened_at))
        session.run(update(talk).where(theirs).values(heard_at=road.now - timedelta(days=31)))
    _act(road, spool, "let old talks go")()
    assert sorted(row.status for row in road.rows(talk.c.status)) == [TalkStatus.LEFT, TalkStatus.OPEN]
    assert len(road.reports()) == 2, "what was said is kept"


def test_what_was_spooled_is_taken_in_the_order_it_came_and_a_wire_that_is_closed_waits(
    road: Road, spool: Spool
) -> None:
    for number, text in enumerate(("on a vole nos boeufs", "1", "2")):
        spool.keep(Inbound("simulator", f"{number:032x}", "sim:1", text), 1_800_000_000.0 + number)
    spool.keep(Inbound("telegram", "9", "telegram:1", "salut"), 1_800_000_010.0)
    assert drain_spool(spool, {road.wire.name: road.wire}, road.intake) == 3
    assert road.report().answer_needed == "today"
    assert road.report().made_at.timestamp() == 1_800_000_000.0, "when it came, not when it was drained"
    assert spool.count() == 1


def test_every_duty_can_be_done_on_an_empty_house(road: Road, spool: Spool) -> None:
    names = [duty.name for duty in duties(road.store, {road.wire.name: road.wire}, road.intake, spool)]
    assert len(names) == len(set(names)) >= 6
    for name in names:
        _act(road, spool, name)()


def _chain(road: Road, entries: int) -> None:
    with road.store.writing() as session:
        for number in range(entries):
            audit.note(session, road.now, "sender", audit.Action.REPORT_RECEIVED, f"thing-{number}")
    road.later(minutes=1)
    with road.store.writing() as session:
        audit.link_new(session, road.now)


def test_the_audit_is_checked_once_a_day_a_stretch_at_a_time(road: Road) -> None:
    _chain(road, 25)
    check = AuditCheck(road.store, most=10)
    for _ in range(2):
        check.step(road.now)
        with road.store.reading() as session:
            assert audit.last_checked(session) is None, "the walk is not over"
    for _ in range(3):
        check.step(road.now)
    with road.store.reading() as session:
        found = audit.newest_of(session, audit.CHAIN, 10)
        checked = audit.last_checked(session)
    assert checked
    assert (checked.linked, checked.broken, len(found)) == (25, False, 1)
    road.later(days=1)
    for _ in range(5):
        check.step(road.now)
    with road.store.reading() as session:
        assert len(audit.newest_of(session, audit.CHAIN, 10)) == 2


def test_a_change_behind_a_stretch_that_was_walked_is_found(road: Road) -> None:
    """The negative control."""
    _chain(road, 25)
    with road.store.writing() as session:
        session.run(update(table).where(table.c.link == 12).values(actor="somebody else"))
    check = AuditCheck(road.store, most=10)
    for _ in range(3):
        check.step(road.now)
    with road.store.reading() as session:
        checked = audit.last_checked(session)
    assert checked
    assert (checked.linked, checked.broken) == (11, True)
