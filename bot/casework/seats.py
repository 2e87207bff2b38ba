"""Seats: who looks, and what they may see. Every question and act of the desk names one."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select, true

from bot.errors import NotAllowed
from bot.store import Session
from bot.store.tables import report


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks: the staff member's id, and whether the closed queue is theirs to see."""

    staff_id: UUID
    sees_closed: bool = False

    @property
    def actor(self) -> str:
        """How the audit names them."""
        return f"staff:{self.staff_id}"


def visible(seat: Seat, rows: Table = report) -> ColumnElement[bool]:
    """Whether a row is there for this seat: of the reports, or of another table that tells the closed queue apart."""
    return true() if seat.sees_closed else rows.c.closed_queue.is_(False)


def lock(session: Session, seat: Seat, report_id: UUID) -> bool:
    """Lock a report to work on it; whether it is in the closed queue. Raises NotAllowed if this seat may not see it."""
    this = select(report.c.closed_queue).where(report.c.id == report_id, visible(seat))
    closed: bool | None = session.run(this.with_for_update(of=report)).scalar()
    if closed is None:
        raise NotAllowed("there is no such report for this seat")
    return closed
