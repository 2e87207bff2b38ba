"""Forgetting: who asks for it is no longer known here, at once; the event they told of stays, without them.

What they wrote, the keys it was sealed under and the link from report to address go in the same transaction. The
address itself and the answer to it are kept, unfindable, until that answer has left, and then go too.
"""

import os
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from bot.casework import calls, drafts, interpreting, search, thread
from bot.people.forgetting import forget_address
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import (
    OutboxStatus,
    address,
    call_back,
    message,
    outbox,
    report,
    report_back_sent,
    reveal,
    subscription,
    talk,
)
from bot.store.types import moment

#: What may still be sent, or is asked for at the provider; an unknown one without a lease is neither any more.
UNSETTLED = outbox.c.status.in_(("queued", "sending")) | (
    (outbox.c.status == "unknown") & outbox.c.lease_until.is_not(None)
)

#: A message of which nothing is left.
_UNSAID = {"body": None, "media": None}


def forget(session: Session, now: datetime, address_id: UUID, answer: str) -> None:
    """Cut the link between this address and all it told us, and destroy every word of it; of a report its kind stays,
    its place, its urgency and its state.

    What still waits to be sent to it is cancelled, but for the message whose cause is `answer`.
    """
    session.run(
        update(outbox)
        .where(outbox.c.address_id == address_id, outbox.c.status == "queued", outbox.c.cause != answer)
        .values(status=OutboxStatus.CANCELLED.value, settled_at=moment())
    )
    theirs = select(talk.c.id).where(talk.c.address_id == address_id)
    unsent = select(outbox.c.message_id).where(outbox.c.address_id == address_id, UNSETTLED)
    session.run(update(message).where(message.c.talk_id.in_(theirs), message.c.id.not_in(unsent)).values(**_UNSAID))
    session.run(update(talk).where(talk.c.address_id == address_id).values(facts=None, answers=None, asked=None))
    still_needed = select(message.c.talk_id).where(message.c.id.in_(unsent))
    session.run(
        update(talk).where(talk.c.address_id == address_id, talk.c.id.not_in(still_needed)).values(data_key=None)
    )
    told = session.run(select(report.c.id, report.c.incident_id).where(report.c.address_id == address_id)).all()
    # What is being written of an event may still repeat what they told.
    drafts.forget(session, [row.id for row in told])
    drafts.forget_events(session, [row.incident_id for row in told if row.incident_id is not None])
    interpreting.forget(session, [row.id for row in told])
    for row in told:
        search.forget(session, row.id)
        thread.forget(session, row.id)
        session.run(
            update(report)
            .where(report.c.id == row.id)
            .values(address_id=None, code_hash=os.urandom(32), narrative=None, to_index=False)
        )
    calls.forget(session, address_id)
    session.run(delete(call_back).where(call_back.c.address_id == address_id))
    forget_address(session, address_id)
    for of_address in (subscription, report_back_sent, reveal):
        session.run(delete(of_address).where(of_address.c.address_id == address_id))
    session.run(
        update(address)
        .where(address.c.id == address_id)
        .values(hash=os.urandom(32), language=None, unsafe_at=None, forgotten_at=now)
    )
    note(session, now, "sender", Action.ADDRESS_FORGOTTEN, address_id)


def finish(session: Session) -> int:
    """Destroy the forgotten addresses that nothing waits for any more; how many."""
    waits = exists(select(1).where(outbox.c.address_id == address.c.id, UNSETTLED))
    gone = session.run(
        update(address)
        .where(address.c.forgotten_at.is_not(None), address.c.sealed.is_not(None), ~waits)
        .values(sealed=None, data_key=None)
        .returning(address.c.id)
    )
    identities = gone.scalars().all()
    if identities:
        destroy_words(session, select(talk.c.id).where(talk.c.address_id.in_(identities)))
    return len(identities)


def destroy_words(session: Session, talks: Any) -> None:
    """Every word of these talks, and the keys that could open another copy of them; `talks` are ids, or select them."""
    session.run(update(message).where(message.c.talk_id.in_(talks), message.c.body.is_not(None)).values(**_UNSAID))
    calls.forget_notes(session, call_back.c.talk_id.in_(talks))
    nothing = {"facts": None, "answers": None, "asked": None, "data_key": None}
    session.run(update(talk).where(talk.c.id.in_(talks)).values(**nothing))
