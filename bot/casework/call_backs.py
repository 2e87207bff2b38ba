"""Call-backs: somebody rang and hung up, or may be called; a person calls them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, case, exists, func, insert, select, true, update

from bot.casework.seats import Seat, visible
from bot.casework.states import IS_OPEN
from bot.casework.telling.reach import DESK
from bot.errors import NotAllowed, Stale
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import unseal
from bot.store.tables import CallBackStatus, address, call_back, report
from bot.store.types import among, new_id

_MOST_COUNTED, _MOST_SHOWN = 1_000, 200
#: Who rang and hung up may need anything: they come before whatever can wait until tomorrow.
_UNTOLD = 2


@dataclass(frozen=True, slots=True)
class CallBack:
    """One task: whom (by its address), in which language, at what hour, how often they rang, how urgent it is."""

    id: UUID
    report_id: UUID | None
    language: str | None
    hour: str | None
    asked: int
    made_at: datetime
    heard_at: datetime
    status: CallBackStatus
    closed_queue: bool
    call_at: datetime | None = None
    urgency: int | None = None

    def waits(self, now: datetime) -> bool:
        """Whether they asked not to be called before a time that has not come."""
        return self.call_at is not None and self.call_at > now


_open_one = (call_back.c.address_id == bindparam("of_address")) & among(call_back.c.status, "open")
_of_closed = exists(select(1).where(report.c.id == call_back.c.report_id, report.c.closed_queue).correlate(call_back))
#: Who rings without saying why is called by who knows of them: the closed queue, while it has an open report of theirs.
_own_closed = (
    select(report.c.id)
    .where(report.c.address_id == bindparam("of_address"), report.c.closed_queue)
    .where(IS_OPEN)
    .order_by(report.c.made_at.desc())
    .limit(1)
    .scalar_subquery()
)
_new_report = func.coalesce(bindparam("new_report", type_=Uuid()), _own_closed, type_=Uuid())
_AGAIN = (
    update(call_back)
    .where(_open_one)
    .values(
        asked=case((call_back.c.asked < _MOST_COUNTED, call_back.c.asked + bindparam("rings")), else_=_MOST_COUNTED),
        heard_at=bindparam("now"),
        call_at=None,
        hour=func.coalesce(bindparam("new_hour"), call_back.c.hour),
        language=func.coalesce(bindparam("new_language"), call_back.c.language),
        # A task of the closed queue stays there, whatever the same person tells of later.
        report_id=case(
            (_of_closed, call_back.c.report_id),
            else_=func.coalesce(_new_report, call_back.c.report_id),
        ),
    )
    .returning(call_back.c.id)
)
#: Whoever asks for a call may be called again, whatever was noted before.
_SAFE = (
    update(address)
    .where(address.c.id == bindparam("of_address"), address.c.unsafe_at.is_not(None))
    .values(unsafe_at=None)
)
_FIRST = {
    name: bindparam(f"first_{name}", type_=call_back.c[name].type)
    for name in (
        "id", "address_id", "talk_id", "status", "language", "hour", "asked", "made_at", "heard_at",
    )
}  # fmt: skip
_ASK = (
    insert(call_back)
    .from_select(
        [*_FIRST, "report_id"],
        select(*_FIRST.values(), _new_report.label("report_id")).where(~exists(select(1).where(_open_one))),
    )
    .returning(call_back.c.id)
)


def ask_call_back(
    session: Session,
    now: datetime,
    address_id: UUID,
    talk_id: UUID,
    report_id: UUID | None = None,
    language: str | None = None,
    hour: str | None = None,
    *,
    rang: bool = True,
    actor: str = "sender",
) -> None:
    """Make the task, or note on the open one what is new: one person, one task. `rang` counts one more call of theirs.

    The count stops at a thousand, which is a machine.
    """
    news = {"now": now, "rings": int(rang), "new_hour": hour, "new_language": language, "new_report": report_id}
    session.later(_SAFE, {"of_address": address_id})
    again = session.later(_AGAIN, {"of_address": address_id, **news})
    values = {
        "id": new_id(),
        "address_id": address_id,
        "talk_id": talk_id,
        "status": CallBackStatus.OPEN.value,
        "language": language,
        "hour": hour,
        "asked": 1,
        "made_at": now,
        "heard_at": now,
    }
    named = {f"first_{name}": each for name, each in values.items()}
    first = session.later(_ASK, {"of_address": address_id, "new_report": report_id, **named})
    session.flush()
    note(session, now, actor, Action.CALL_BACK_ASKED, (again.rows or first.rows)[0].id)


def want(session: Session, now: datetime, seat: Seat, report_id: UUID) -> None:
    """The desk puts whoever said that they may be called on the list, at the hour they named.

    Raises NotAllowed for a report that the seat may not see, or whose person may not be called or can't be.
    """
    joined = select(report, address.c.unsafe_at).join(address, address.c.id == report.c.address_id)
    row: Any = session.run(joined.where(report.c.id == report_id, visible(seat)).with_for_update(of=address)).first()
    if row is None or row.call in (None, "no") or row.unsafe_at or row.channel == DESK:
        raise NotAllowed("this person may not be called")
    about = row.address_id, row.talk_id, row.id, row.language, row.call
    ask_call_back(session, now, *about, rang=False, actor=seat.actor)


def withdraw(session: Session, now: datetime, address_id: UUID, actor: str = "sender") -> None:
    """They don't want to be called after all, or are not there any more: whatever task is open for them is done."""
    withdrawn = session.run(
        update(call_back)
        .where(call_back.c.address_id == address_id, call_back.c.status == CallBackStatus.OPEN.value)
        .values(status=CallBackStatus.DONE.value, done_at=now)
        .returning(call_back.c.id)
    ).scalars()
    for identity in withdrawn.all():
        note(session, now, actor, Action.CALL_BACK_DONE, identity)


_CLOSED = func.coalesce(report.c.closed_queue, False).label("closed_queue")
_ROWS = select(call_back, report.c.urgency, _CLOSED).outerjoin(report, report.c.id == call_back.c.report_id)


def open_call_backs(session: Session, seat: Seat, *conditions: ColumnElement[bool]) -> list[CallBack]:
    """The open tasks that this seat may see, the most urgent first and of them who waits the longest."""
    order = func.coalesce(report.c.urgency, _UNTOLD), call_back.c.made_at
    statement = _ROWS.where(open_to(seat), *conditions).order_by(*order).limit(_MOST_SHOWN)
    return [_task(row) for row in session.run(statement)]


def waiting(session: Session, seat: Seat) -> int:
    """How many of the open tasks this seat may see; it counts no further than it shows."""
    theirs = select(call_back.c.id).where(open_to(seat)).limit(_MOST_SHOWN)
    return int(session.run(select(func.count()).select_from(theirs.subquery())).scalar_one())


def of_report(session: Session, seat: Seat, report_id: UUID) -> list[CallBack]:
    """The tasks that belong to this report, newest first."""
    statement = _ROWS.where(call_back.c.report_id == report_id, _visible(seat)).order_by(call_back.c.made_at.desc())
    return [_task(row) for row in session.run(statement)]


def number_to_call(session: Session, now: datetime, seat: Seat, call_back_id: UUID) -> str | None:
    """The number of an open task, for the person who is about to call; the look is in the audit."""
    row = session.run(
        select(address.c.id, address.c.data_key, address.c.sealed)
        .join(call_back, call_back.c.address_id == address.c.id)
        .where(call_back.c.id == call_back_id, open_to(seat))
    ).first()
    if row is None or row.sealed is None:
        return None
    note(session, now, seat.actor, Action.CALL_BACK_SHOWN, call_back_id)
    return unseal(session.keys.unwrap(row.data_key, row.id), "address", row.id, row.sealed)


def done(session: Session, now: datetime, seat: Seat, call_back_id: UUID) -> None:
    """Nobody calls them any more for this. Raises Stale if somebody else was faster."""
    changed = session.run(
        update(call_back)
        .where(call_back.c.id == call_back_id, open_to(seat))
        .values(status=CallBackStatus.DONE.value, done_at=now, done_by=seat.staff_id)
    )
    if not changed.rowcount:
        raise Stale("the call-back is no longer open")
    note(session, now, seat.actor, Action.CALL_BACK_DONE, call_back_id)


def _visible(seat: Seat) -> Any:
    """A task of a report in the closed queue is there only for who may see that queue."""
    return true() if seat.sees_closed else ~_of_closed


def open_to(seat: Seat) -> Any:
    """Whether a task is open, and this seat's to see."""
    return and_(call_back.c.status == CallBackStatus.OPEN.value, _visible(seat))


def _task(row: Any) -> CallBack:
    return CallBack(
        row.id,
        row.report_id,
        row.language,
        row.hour,
        row.asked,
        row.made_at,
        row.heard_at,
        CallBackStatus(row.status),
        bool(row.closed_queue),
        row.call_at,
        row.urgency,
    )
