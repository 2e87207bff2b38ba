"""The sweep: what a killed worker or a missing receipt left behind is settled here, never by blind sending.

An attempt whose fate nobody knows is asked for at the provider. On a wire where that is impossible, a conversation is
sent once more and marked as a possible duplicate; a campaign message stays unknown and is shown.
"""

import logging
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, case, literal, select, update

from bot.channels import Channel
from bot.delivery import outbox as box
from bot.delivery.outbox import MOST_LOST, PATIENCE, Claimed, Lane, Patience
from bot.delivery.receipts import note_receipt
from bot.errors import RetryLater
from bot.messages import Receipt
from bot.store import Session, Store
from bot.store.tables import OutboxStatus, outbox
from bot.store.types import moment, seconds_since

log = logging.getLogger(__name__)

_MOST = 200


def end_leases(session: Session, patience: Patience = PATIENCE) -> int:
    """Rows whose worker is gone become unknown; a reply that rode in an answer may be looked up at once."""
    grace = case((outbox.c.token == 0, moment()), else_=moment(literal(patience.grace)))
    ended = session.run(
        update(outbox)
        .where(outbox.c.id.in_(_unlocked(outbox.c.status == "sending", outbox.c.lease_until < moment())))
        .values(status="unknown", lease_until=grace)
    )
    expired = session.run(
        update(outbox)
        .where(outbox.c.id.in_(_unlocked(outbox.c.status == "queued", outbox.c.expires_at < moment())))
        .values(status=OutboxStatus.EXPIRED.value, settled_at=moment())
    )
    return ended.rowcount + expired.rowcount


def _unlocked(*conditions: ColumnElement[bool]) -> Select[tuple[int]]:
    """The rows that nobody is writing just now: to wait for one while holding others would be a deadlock."""
    return select(outbox.c.id).where(*conditions).with_for_update(skip_locked=True)


def settle_unknown(store: Store, channel: Channel, patience: Patience = PATIENCE) -> int:
    """Ask the provider about this channel's unknown rows whose grace is over; how many were settled."""
    with store.writing() as session:
        due = _due(session, channel.name, patience)
    settled = 0
    for place, claimed in enumerate(due, start=1):
        others = frozenset() if claimed.provider_id else _of_others(store, claimed)
        try:
            found = channel.look_up(claimed.outbound, claimed.provider_id, claimed.since, others)
        except NotImplementedError:
            settled += _without_look_up(store, claimed)
            continue
        except Exception as failure:  # noqa: BLE001 - one message that can't be asked for must not hide the others
            if not isinstance(failure, RetryLater):
                log.error("a channel failed in its own way", extra={"failure": type(failure).__name__})
            _ask_next_time(store, due[place:])
            break
        with store.writing() as session:
            _write_down(session, claimed, found)
        settled += 1
    return settled


def _ask_next_time(store: Store, unasked: Sequence[Claimed]) -> None:
    """Give back what was not asked for, so that next time it comes before the one that the provider did not answer."""
    ids = [claimed.outbound.id for claimed in unasked]
    with store.writing() as session:
        session.run(
            update(outbox).where(outbox.c.id.in_(ids), outbox.c.status == "unknown").values(lease_until=moment())
        )


def _due(session: Session, channel: str, patience: Patience) -> list[Claimed]:
    due = _unlocked(outbox.c.channel == channel, outbox.c.status == "unknown", outbox.c.lease_until <= moment())
    ids = session.run(
        update(outbox)
        .where(outbox.c.id.in_(select(due.order_by(outbox.c.id).limit(_MOST).cte("due"))))
        .values(lease_until=moment(literal(patience.lease)))
        .returning(outbox.c.id)
    ).scalars()
    return box.load(session, list(ids))


def _of_others(store: Store, claimed: Claimed) -> frozenset[str]:
    """The provider's ids of other messages to the same person: a look-up by text must not take one of them for ours."""
    ours = outbox.alias("ours")
    statement = (
        select(outbox.c.provider_id)
        .join(ours, ours.c.address_id == outbox.c.address_id)
        .where(ours.c.id == claimed.outbound.id, outbox.c.id != ours.c.id, outbox.c.provider_id.is_not(None))
        .order_by(outbox.c.id.desc())
        .limit(_MOST)
    )
    with store.reading() as session:
        return frozenset(session.run(statement).scalars())


def _write_down(session: Session, claimed: Claimed, found: Receipt | None) -> None:
    if found is None:
        box.again(session, claimed, "not found at the provider", 0.0, most=MOST_LOST)
        return
    now = session.run(select(moment())).scalar_one()
    receipt = Receipt(
        claimed.channel, found.status, found.provider_id, claimed.outbound.id, claimed.outbound.attempt, found.code
    )
    note_receipt(session, receipt, now)


def _without_look_up(store: Store, claimed: Claimed) -> int:
    with store.writing() as session:
        if claimed.lane is Lane.CAMPAIGN or claimed.possible_duplicate:
            session.run(update(outbox).where(outbox.c.id == claimed.outbound.id).values(lease_until=None))
            return 0
        box.again(session, claimed, "sent again: nobody knows", 0.0, possible_duplicate=True)
    return 1


def oldest_unsent(session: Session) -> float:
    """How many seconds the oldest waiting message has waited; 0 if none does."""
    statement = (
        select(seconds_since(outbox.c.made_at)).where(outbox.c.status == "queued").order_by(outbox.c.id).limit(1)
    )
    return float(session.run(statement).scalar() or 0.0)
