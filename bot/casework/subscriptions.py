"""Who asked for a peace message each week. An address without a row here gets none."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert

from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import subscription


def subscribe(session: Session, now: datetime, address_id: UUID, day: str, theme: str | None) -> None:
    """They want it on this day; what they wanted before no longer counts."""
    session.run(delete(subscription).where(subscription.c.address_id == address_id))
    session.run(insert(subscription).values(address_id=address_id, day=day, theme=theme, made_at=now))
    note(session, now, "sender", Action.ADDRESS_SUBSCRIBED, address_id)


def unsubscribe(session: Session, now: datetime, address_id: UUID) -> None:
    """They want no more of them."""
    if session.run(delete(subscription).where(subscription.c.address_id == address_id)).rowcount:
        note(session, now, "sender", Action.ADDRESS_UNSUBSCRIBED, address_id)
