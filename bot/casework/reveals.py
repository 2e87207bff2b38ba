"""Revealing who told something: one person asks and says why, another allows it, for a quarter of an hour.

Every step is in the audit, each look too. A call-back shows its number in another way (`call_backs.py`): there the
person asked to be called.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select, update

from bot.casework.seats import Seat, visible
from bot.errors import NotAllowed, Stale
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import seal, unseal
from bot.store.tables import RevealStatus, address, report, reveal
from bot.store.types import new_id

#: What was allowed can be looked at for so long; what nobody decided on is over after a day.
LASTS = timedelta(minutes=15)
WAITS = timedelta(days=1)
#: A reason has at least so many characters and at most so many.
SHORTEST, LONGEST = 10, 300
_LIVING = (RevealStatus.ASKED.value, RevealStatus.ALLOWED.value)


@dataclass(frozen=True, slots=True)
class Reveal:
    """One request: by whom, about which report, why, and until when it may be looked at."""

    id: UUID
    report_id: UUID
    asked_by: UUID
    asked_at: datetime
    status: RevealStatus
    reason: str | None
    expires_at: datetime

    def open_to(self, seat: Seat, now: datetime) -> bool:
        """Whether whoever asked may look now."""
        return self.status is RevealStatus.ALLOWED and self.asked_by == seat.staff_id and now < self.expires_at


def ask(session: Session, now: datetime, seat: Seat, report_id: UUID, reason: str) -> UUID:
    """Ask to see the number behind a report. Raises NotAllowed without a reason, or where this seat has no number."""
    row = session.run(
        select(report.c.address_id, address.c.data_key)
        .join(address, address.c.id == report.c.address_id)
        .where(report.c.id == report_id, visible(seat), address.c.sealed.is_not(None))
    ).first()
    if row is None or not SHORTEST <= len(reason) <= LONGEST:
        raise NotAllowed("a number that is there and a reason in a sentence")
    identity = new_id()
    session.run(
        insert(reveal).values(
            id=identity,
            report_id=report_id,
            address_id=row.address_id,
            status=RevealStatus.ASKED.value,
            reason=seal(session.keys.unwrap(row.data_key, row.address_id), "reveal.reason", identity, reason),
            asked_by=seat.staff_id,
            asked_at=now,
            expires_at=now + WAITS,
        )
    )
    note(session, now, seat.actor, Action.IDENTITY_ASKED, report_id)
    return identity


def allow(session: Session, now: datetime, seat: Seat, reveal_id: UUID) -> None:
    """A second person agrees. Raises NotAllowed for whoever asked, Stale if it was decided or is over."""
    row = _waiting(session, now, seat, reveal_id)
    values = {"status": RevealStatus.ALLOWED.value, "decided_by": seat.staff_id, "decided_at": now}
    session.run(update(reveal).where(reveal.c.id == reveal_id).values(expires_at=now + LASTS, **values))
    note(session, now, seat.actor, Action.IDENTITY_ALLOWED, row.report_id)


def refuse(session: Session, now: datetime, seat: Seat, reveal_id: UUID) -> None:
    """A second person does not agree. Raises NotAllowed for whoever asked, Stale if it was decided or is over."""
    row = _waiting(session, now, seat, reveal_id)
    values = {"status": RevealStatus.REFUSED.value, "decided_by": seat.staff_id, "decided_at": now}
    session.run(update(reveal).where(reveal.c.id == reveal_id).values(**values))
    note(session, now, seat.actor, Action.IDENTITY_REFUSED, row.report_id)


def number(session: Session, now: datetime, seat: Seat, reveal_id: UUID) -> str:
    """The number, to whoever asked, in the time allowed; each look is in the audit. Raises NotAllowed."""
    asked = session.run(_REVEALS.where(reveal.c.id == reveal_id, visible(seat)).with_for_update(of=reveal)).first()
    if asked is None or asked.sealed is None or not _reveal(session, asked).open_to(seat, now):
        raise NotAllowed("it is not open to this seat, or no longer")
    note(session, now, seat.actor, Action.IDENTITY_REVEALED, asked.report_id)
    return unseal(session.keys.unwrap(asked.data_key, asked.address_id), "address", asked.address_id, asked.sealed)


def waiting(session: Session, now: datetime, seat: Seat) -> list[Reveal]:
    """What this seat could decide on, the longest waiting first: requests of others about reports that it may see."""
    others = reveal.c.asked_by != seat.staff_id, reveal.c.status == RevealStatus.ASKED.value
    statement = _REVEALS.where(*others, reveal.c.expires_at > now, visible(seat)).order_by(reveal.c.id).limit(50)
    return [_reveal(session, row) for row in session.run(statement)]


def own(session: Session, now: datetime, seat: Seat, report_id: UUID) -> Reveal | None:
    """The newest living request of this seat about a report: asked, or allowed and not over."""
    living = reveal.c.status.in_(_LIVING), reveal.c.expires_at > now, reveal.c.asked_by == seat.staff_id
    statement = _REVEALS.where(reveal.c.report_id == report_id, *living, visible(seat)).order_by(reveal.c.id.desc())
    row = session.run(statement.limit(1)).first()
    return _reveal(session, row) if row else None


_REVEALS: Select[Any] = (
    select(reveal, address.c.data_key, address.c.sealed)
    .join(report, report.c.id == reveal.c.report_id)
    .join(address, address.c.id == reveal.c.address_id)
)


def _waiting(session: Session, now: datetime, seat: Seat, reveal_id: UUID) -> Any:
    asked = _REVEALS.where(reveal.c.id == reveal_id, visible(seat)).with_for_update(of=reveal)
    row = session.run(asked).first()
    if row is None or row.status != RevealStatus.ASKED or row.expires_at <= now:
        raise Stale("it no longer waits")
    if row.asked_by == seat.staff_id:
        raise NotAllowed("nobody allows what they asked for themselves")
    return row


def _reveal(session: Session, row: Any) -> Reveal:
    reason = None
    if row.data_key is not None:
        reason = unseal(session.keys.unwrap(row.data_key, row.address_id), "reveal.reason", row.id, row.reason)
    status = RevealStatus(row.status)
    return Reveal(row.id, row.report_id, row.asked_by, row.asked_at, status, reason, row.expires_at)
