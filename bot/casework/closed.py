"""The closed queue: survivors of sexual violence, children, people taken away. Only its officers see that it is there.

Anybody at the desk may send a report there and loses sight of it at once; who sees the queue releases what landed there
wrongly. Words of the person only ever take a report there, never out of it.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select, update

from bot.casework import call_backs, desk
from bot.casework.apart import set_apart
from bot.casework.call_backs import CallBack
from bot.casework.desk import Line
from bot.casework.seats import Seat
from bot.casework.states import OPEN
from bot.conversation.kinds import CLOSED, Kind
from bot.errors import Stale
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import ReportStatus, report

PAGE = 100


class Why(StrEnum):
    """Why a report is released: a word was misread, the person told of something else, somebody erred."""

    WORD = "word"
    OTHER = "other"
    MISTAKE = "mistake"


def waiting(session: Session, seat: Seat) -> list[Line]:
    """What is open in the queue, the most urgent first and within that the longest waiting; none for other seats."""
    found = desk.lines(session, seat, report.c.closed_queue, report.c.status.in_(OPEN), most=PAGE)
    return sorted(found, key=lambda line: (line.urgency, line.made_at))


def done(session: Session, seat: Seat) -> list[Line]:
    """What was closed or set aside in the queue, the newest first; none for other seats."""
    return desk.lines(session, seat, report.c.closed_queue, report.c.status.not_in(OPEN), most=PAGE)


def counts(session: Session, seat: Seat) -> dict[str, int]:
    """How many reports of the queue stand in each state; none for other seats."""
    if not seat.sees_closed:
        return {}
    statement = (
        select(report.c.status, func.count().label("number")).where(report.c.closed_queue).group_by(report.c.status)
    )
    return {row.status: row.number for row in session.run(statement)}


def calls(session: Session, seat: Seat) -> list[CallBack]:
    """Who of the queue waits for a call, the most urgent first; none for other seats."""
    return call_backs.open_call_backs(session, seat, report.c.closed_queue)


def send(session: Session, now: datetime, seat: Seat, report_id: UUID) -> None:
    """Into the queue, and out of the sight of whoever may not see it. Raises Stale if it is there already."""
    if desk.mine(session, seat, report_id).closed_queue:
        raise Stale("the report is in the closed queue")
    set_apart(session, now, seat.actor, report_id)
    note(session, now, seat.actor, Action.REPORT_SHELTERED, report_id)


def release(session: Session, now: datetime, seat: Seat, report_id: UUID, why: Why) -> None:
    """It landed in the queue wrongly: it is in the inbox of all, unread; `send` undoes it.

    A kind of the queue that was suggested or decided was wrong, and is decided anew. Raises Stale if it is not there,
    NotAllowed for a seat that may not see it.
    """
    line = desk.mine(session, seat, report_id)
    if not line.closed_queue:
        raise Stale("the report is not in the closed queue")
    undecided = {"kind": None, "status": ReportStatus.RECEIVED.value if line.status in OPEN else line.status.value}
    values = {
        "closed_queue": False,
        "suggested_kind": Kind.OTHER.value if line.suggested_kind in CLOSED else line.suggested_kind,
        "seen_at": None,
        "changed_at": now,
        **(undecided if line.kind in CLOSED else {}),
    }
    session.run(update(report).where(report.c.id == report_id).values(**values))
    note(session, now, seat.actor, Action.REPORT_RELEASED, report_id, {"why": why.value})
