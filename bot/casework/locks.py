"""Who works on a report just now: a lease that a page or an act renews, and that anybody may take over.

It keeps two people from answering the same person; it hides nothing. Of several locks those of reports come before
addresses and reports themselves, in the order of their ids.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, case, delete, insert, or_, select, update

from bot.casework import desk
from bot.casework.seats import Seat
from bot.errors import KunnafoniError, NotAllowed
from bot.store import Duplicate, Session
from bot.store.audit import Action, note
from bot.store.tables import report_lock

#: So long a lease lasts without a sign of whoever holds it.
LASTS = timedelta(minutes=10)
#: A lease that ended so long ago says nothing to anybody.
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lock:
    """Who works on a report, since when, and until when unless they go on."""

    staff_id: UUID
    since: datetime
    until: datetime


class Held(KunnafoniError):
    """Somebody else works on this report; `lock` says who."""

    def __init__(self, lock: Lock) -> None:
        super().__init__("somebody else works on this report")
        self.lock = lock


def take(session: Session, now: datetime, seat: Seat, report_id: UUID) -> Lock:
    """Hold the report from now on, unless somebody else does; the lock as it stands then. Raises NotAllowed."""
    if not desk.is_there(session, seat, report_id):
        raise NotAllowed("there is no such report for this seat")
    own = and_(report_lock.c.staff_id == seat.staff_id, report_lock.c.until > now)
    values = {
        "staff_id": seat.staff_id,
        "since": case((own, report_lock.c.since), else_=now),
        "until": now + LASTS,
    }
    free = or_(report_lock.c.staff_id == seat.staff_id, report_lock.c.until <= now)
    this = report_lock.c.report_id == report_id
    if not session.run(update(report_lock).where(this, free).values(**values)).rowcount:
        with suppress(Duplicate), session.connection.begin_nested():  # held, or somebody was faster at this instant
            session.run(insert(report_lock).values(report_id=report_id, **{**values, "since": now}))
    row = session.run(select(report_lock).where(this)).one()
    return Lock(row.staff_id, row.since, row.until)


def hold(session: Session, now: datetime, seat: Seat, *report_ids: UUID) -> None:
    """Before an act: hold these reports. Raises Held for one that somebody else works on, NotAllowed as `take` does."""
    for report_id in sorted(report_ids):
        lock = take(session, now, seat, report_id)
        if lock.staff_id != seat.staff_id:
            raise Held(lock)


def take_over(session: Session, now: datetime, seat: Seat, report_id: UUID, holder: UUID) -> None:
    """Hold the report instead of `holder`. Raises Held if it is another by now who works on it."""
    theirs = and_(report_lock.c.report_id == report_id, report_lock.c.staff_id == holder)
    if desk.is_there(session, seat, report_id):
        values = {"staff_id": seat.staff_id, "since": now, "until": now + LASTS}
        session.run(update(report_lock).where(theirs).values(**values))
    hold(session, now, seat, report_id)
    note(session, now, seat.actor, Action.REPORT_TAKEN_OVER, report_id, {"from": str(holder)})


def leave(session: Session, now: datetime, seat: Seat, report_id: UUID) -> None:
    """Work on it no more; whoever else holds it keeps it."""
    own = and_(report_lock.c.report_id == report_id, report_lock.c.staff_id == seat.staff_id)
    session.run(update(report_lock).where(own, report_lock.c.until > now).values(until=now))


def held(session: Session, now: datetime, report_ids: Collection[UUID]) -> Mapping[UUID, Lock]:
    """Which of these reports somebody works on."""
    living = select(report_lock).where(report_lock.c.report_id.in_(report_ids), report_lock.c.until > now)
    return {row.report_id: Lock(row.staff_id, row.since, row.until) for row in session.run(living)}


def let_go(session: Session, now: datetime) -> int:
    """Remove the leases that ended long ago; how many."""
    return session.run(delete(report_lock).where(report_lock.c.until < now - _KEPT)).rowcount
