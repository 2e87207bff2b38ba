"""Receipts: a provider's word on a message, in any order, repeated, early or late.

A receipt never lowers a state. One of an older attempt counts only if it proves delivery: the person has the message.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, case, select, update

from bot.delivery.outbox import RISING
from bot.messages import Delivery, Receipt
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import OutboxStatus, address, outbox
from bot.store.types import moment

_STATUS = {
    Delivery.SENT: OutboxStatus.SENT,
    Delivery.FAILED: OutboxStatus.FAILED,
    Delivery.DELIVERED: OutboxStatus.DELIVERED,
}


def note_receipt(session: Session, receipt: Receipt, now: datetime) -> bool:
    """Raise the message's state to what the receipt proves; whether anything changed."""
    if receipt.id is None and receipt.provider_id is None:
        return False
    status = _STATUS[receipt.status]
    lower = [each.value for each in RISING[: RISING.index(status)]]
    current = outbox.c.attempt == receipt.attempt if receipt.attempt is not None else outbox.c.attempt > 0
    finds = outbox.c.id == receipt.id if receipt.id is not None else outbox.c.provider_id == receipt.provider_id
    provider = case((current, receipt.provider_id), else_=outbox.c.provider_id)
    statement = (
        update(outbox)
        .where(outbox.c.channel == receipt.channel, finds, outbox.c.status.in_(lower))
        .values(
            status=status.value,
            provider_id=provider if receipt.provider_id else outbox.c.provider_id,
            code=receipt.code[:64] or None,
            settled_at=moment(),
            lease_until=None,
        )
        .returning(outbox.c.address_id)
    )
    if receipt.status is not Delivery.DELIVERED:
        statement = statement.where(current)
    changed = session.run(statement).first()
    if receipt.opted_out:
        _opt_out_of(session, select(outbox.c.address_id).where(outbox.c.channel == receipt.channel, finds), now)
    return changed is not None


def _opt_out_of(session: Session, whose: Select[tuple[UUID]], now: datetime) -> None:
    """They told the provider to stop, whatever the state of the message that says so."""
    found = session.run(whose).first()
    if found:
        opt_out(session, found.address_id, now, "provider")


def opt_out(session: Session, address_id: UUID, now: datetime, actor: str) -> None:
    """This address wants no more messages from us; what still waits for it is cancelled, replies excepted."""
    first = session.run(
        update(address).where(address.c.id == address_id, address.c.opted_out_at.is_(None)).values(opted_out_at=now)
    )
    if first.rowcount:
        note(session, now, actor, Action.ADDRESS_OPTED_OUT, address_id)
    session.run(
        update(outbox)
        .where(outbox.c.address_id == address_id, outbox.c.status == "queued", ~outbox.c.cause.startswith("reply:"))
        .values(status="cancelled", settled_at=moment())
    )


def opted_out(session: Session, address_id: UUID) -> bool:
    """Whether this address said stop."""
    return session.run(select(address.c.opted_out_at).where(address.c.id == address_id)).scalar() is not None
