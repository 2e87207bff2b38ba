"""A number that is somebody else's now: what the desk still meant to send or to say there goes to nobody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from bot.casework import call_backs
from bot.people import moving
from bot.store import Session
from bot.store.tables import OutboxStatus, outbox
from bot.store.types import moment


def recycle(session: Session, now: datetime, actor: str, staff_id: UUID, contact_id: UUID, link_id: UUID) -> None:
    """Nobody of before is reached by this number. Raises NotAllowed if the contact was not."""
    address_id = moving.recycle(session, now, actor, staff_id, contact_id, link_id)
    waiting = outbox.c.address_id == address_id, outbox.c.status == OutboxStatus.QUEUED.value
    over = {"status": OutboxStatus.CANCELLED.value, "settled_at": moment()}
    session.run(update(outbox).where(*waiting).values(**over))
    call_backs.withdraw(session, now, address_id, actor)
