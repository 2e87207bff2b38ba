"""Bodies that must not hear of something: the reporter asked for it, or the desk knows better.

An exclusion belongs to a report or to an event; an event has those of its reports, too. It binds the seat and whoever
sits in it: they find nothing of the event, in whatever other seat they stand in.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select

from bot.casework.seats import Seat
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import exclusion, report


class Why(StrEnum):
    """Why a body must not hear of it: the reporter asked for it, it is a party, somebody could be harmed."""

    ASKED = "asked"
    PARTY = "party"
    RISK = "risk"


def of_itself(session: Session, subject: UUID) -> dict[str, Why]:
    """The seats that were excluded from this very report or event, by code."""
    return _whys(session, exclusion.c.subject == subject)


def of_incident(session: Session, incident_id: UUID) -> dict[str, Why]:
    """The seats that must not hear of this event, by code: its own exclusions and those of its reports."""
    return _whys(session, _concerns(incident_id))


def _whys(session: Session, condition: Any) -> dict[str, Why]:
    rows = session.run(select(exclusion.c.seat, exclusion.c.why).where(condition).order_by(exclusion.c.made_at))
    return {row.seat: Why(row.why) for row in rows}


def shut_out(incident_id: Any, codes: Collection[str]) -> ColumnElement[bool]:
    """Whether one of these seats must not hear of this event."""
    return exists(select(1).where(_concerns(incident_id), exclusion.c.seat.in_(codes)))


def _concerns(incident_id: Any) -> ColumnElement[bool]:
    theirs = select(report.c.id).where(report.c.incident_id == incident_id)
    return or_(exclusion.c.subject == incident_id, exclusion.c.subject.in_(theirs))


def add(session: Session, now: datetime, seat: Seat, subject: UUID, code: str, why: Why) -> None:
    """From now on this seat must not hear of this report or event; a later reason replaces the first."""
    _remove(session, subject, code)
    values = {"subject": subject, "seat": code, "why": why.value, "staff_id": seat.staff_id, "made_at": now}
    session.run(insert(exclusion).values(**values))
    note(session, now, seat.actor, Action.SEAT_EXCLUDED, subject, {"seat": code, "why": why.value})


def lift(session: Session, now: datetime, seat: Seat, subject: UUID, code: str) -> None:
    """The seat may hear of it after all; what was taken back from it stays so until it is sent again."""
    if _remove(session, subject, code):
        note(session, now, seat.actor, Action.SEAT_READMITTED, subject, {"seat": code})


def settle(session: Session, incident_id: UUID, *others: UUID) -> None:
    """What this event excludes by its reports it excludes for good, also when they go; and so do the other events."""
    rows = session.run(select(exclusion).where(_concerns(incident_id)).order_by(exclusion.c.made_at)).all()
    for subject in (incident_id, *others):
        there = set(session.run(select(exclusion.c.seat).where(exclusion.c.subject == subject)).scalars())
        for seat, row in {row.seat: row for row in rows}.items():
            if seat not in there:
                values = {"subject": subject, "seat": seat, "why": row.why, "staff_id": row.staff_id}
                session.run(insert(exclusion).values(**values, made_at=row.made_at))


def _remove(session: Session, subject: UUID, code: str) -> int:
    return session.run(delete(exclusion).where(exclusion.c.subject == subject, exclusion.c.seat == code)).rowcount
