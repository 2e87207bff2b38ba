"""Calls: what came of each try to call somebody back, so that the next who calls knows.

A note is sealed under the key of the talk in which they asked, and goes with it. Where a call would endanger somebody,
the task is done and the address is marked: nobody calls there again before they come back by themselves.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, insert, select, update

from bot.casework import drafts
from bot.casework.call_backs import open_to
from bot.casework.seats import Seat, visible
from bot.errors import KunnafoniError, NotAllowed, Stale
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import seal, unseal
from bot.store.tables import CallBackStatus, CallOutcome, address, call, call_back, report, talk
from bot.store.types import new_id

#: Nobody asks to be called later than that.
FARTHEST = timedelta(days=30)
#: After so many tries that nobody answered in a row, the task may well be closed.
ENOUGH = 3
LONGEST_NOTE = 600
_ENDS = (CallOutcome.REACHED, CallOutcome.NOT_SAFE)


class NoTime(KunnafoniError):
    """Who asks to be called later names a time, ahead of now and within a month."""


@dataclass(frozen=True, slots=True)
class Call:
    """One try: by whom, when, what came of it, and what was noted (None: nothing, or it was erased)."""

    staff_id: UUID
    at: datetime
    outcome: CallOutcome
    note: str | None = field(default=None, repr=False)


def log(
    session: Session,
    now: datetime,
    seat: Seat,
    call_back_id: UUID,
    outcome: CallOutcome,
    words: str = "",
    call_at: datetime | None = None,
) -> None:
    """What came of a call; reached and not safe end the task, later puts it off until `call_at`.

    Raises Stale if the task is no longer open to this seat, NoTime, and NotAllowed if nothing can be noted any more.
    """
    if outcome is CallOutcome.LATER:
        if call_at is None or not now < call_at <= now + FARTHEST:
            raise NoTime("a time ahead, within a month")
    else:
        call_at = None
    this = call_back.c.id == call_back_id
    if outcome is CallOutcome.NOT_SAFE:
        # The address first, as everywhere.
        called = select(call_back.c.address_id).where(this, open_to(seat)).scalar_subquery()
        session.run(update(address).where(address.c.id == called).values(unsafe_at=now))
    end = {"status": CallBackStatus.DONE.value, "done_at": now, "done_by": seat.staff_id} if outcome in _ENDS else {}
    changed = update(call_back).where(this, open_to(seat)).values(call_at=call_at, **end)
    row = session.run(changed.returning(call_back.c.talk_id)).first()
    if row is None:
        raise Stale("the call-back is no longer open")
    identity = new_id()
    values = {"id": identity, "call_back_id": call_back_id, "staff_id": seat.staff_id, "at": now}
    sealed = _sealed(session, row.talk_id, identity, words) if words else None
    session.run(insert(call).values(**values, outcome=outcome.value, note=sealed))
    note(session, now, seat.actor, Action.CALL_BACK_TRIED, call_back_id, {"outcome": outcome.value})


def _sealed(session: Session, talk_id: UUID | None, identity: UUID, words: str) -> bytes:
    wrapped = session.run(select(talk.c.data_key).where(talk.c.id == talk_id)).scalar()
    if talk_id is None or wrapped is None:
        raise NotAllowed("the key of this talk was erased")
    return seal(session.keys.unwrap(wrapped, talk_id), "call.note", identity, words)


def of(session: Session, seat: Seat, call_back_ids: Collection[UUID]) -> Mapping[UUID, list[Call]]:
    """The tries of these open tasks, as far as this seat may see them, the newest first."""
    statement = (
        select(call, call_back.c.talk_id, talk.c.data_key)
        .join(call_back, call_back.c.id == call.c.call_back_id)
        .outerjoin(talk, talk.c.id == call_back.c.talk_id)
        .where(call.c.call_back_id.in_(call_back_ids), open_to(seat))
        .order_by(call.c.at.desc(), call.c.id.desc())
    )
    found: dict[UUID, list[Call]] = {}
    for row in session.run(statement):
        found.setdefault(row.call_back_id, []).append(_call(session, row))
    return found


def _call(session: Session, row: Any) -> Call:
    words = None
    if row.note is not None and row.data_key is not None:
        words = unseal(session.keys.unwrap(row.data_key, row.talk_id), "call.note", row.id, row.note)
    return Call(row.staff_id, row.at, CallOutcome(row.outcome), words)


def unanswered(tries: Collection[Call]) -> int:
    """How many of these, the newest first, nobody has answered in a row."""
    number = 0
    for each in tries:
        if each.outcome is not CallOutcome.NO_ANSWER:
            break
        number += 1
    return number


def unsafe_since(session: Session, address_id: UUID) -> datetime | None:
    """Since when nobody may call there; None if they may be called."""
    since: datetime | None = session.run(select(address.c.unsafe_at).where(address.c.id == address_id)).scalar()
    return since


def unsafe_of(session: Session, seat: Seat, report_id: UUID) -> bool:
    """Whether a call would endanger who told this report."""
    marked = exists(select(1).where(address.c.id == report.c.address_id, address.c.unsafe_at.is_not(None)))
    return session.run(select(report.c.id).where(report.c.id == report_id, visible(seat), marked)).first() is not None


def forget(session: Session, address_id: UUID) -> None:
    """Nothing is left of the calls to this address."""
    theirs = select(call_back.c.id).where(call_back.c.address_id == address_id)
    drafts.forget(session, theirs)
    session.run(delete(call).where(call.c.call_back_id.in_(theirs)))


def forget_notes(session: Session, *of_tasks: Any) -> None:
    """What was noted of the calls for these tasks goes; that somebody called stays."""
    tasks = select(call_back.c.id).where(*of_tasks)
    drafts.forget(session, tasks)
    session.run(update(call).where(call.c.call_back_id.in_(tasks), call.c.note.is_not(None)).values(note=None))
