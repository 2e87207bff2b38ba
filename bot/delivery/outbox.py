"""The outbox: put a message in, claim some to send, say what became of them.

States only rise: queued < sending < unknown < sent < failed < delivered; cancelled, expired and refused are final too.
All times are the database's clock, so that several machines agree on a lease.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, insert, literal, or_, select, update

from bot.errors import SealError
from bot.messages import Outbound
from bot.store import Duplicate, Pending, Session
from bot.store.sealing import seal, unseal
from bot.store.tables import OutboxStatus, address, message, outbox, pace, talk
from bot.store.types import among, moment, new_id, seconds_since

log = logging.getLogger(__name__)

#: A message that the provider would not take so often is given up and shown to the desk.
MOST_ATTEMPTS = 5
#: A message whose sender died so often before the provider had it is given up too: it may be what kills them.
MOST_LOST = 25


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds: a process is dead whose `lease` is over, a receipt is missing after the `grace`.

    The lease is longer than one call to a provider may take.
    """

    lease: float = 60.0
    grace: float = 60.0


PATIENCE = Patience()


class Lane(IntEnum):
    """Who goes first; order holds per address within a lane."""

    URGENT = 0
    CONVERSATION = 1
    CAMPAIGN = 2


#: A state may only be replaced by one to its right.
RISING = (
    OutboxStatus.QUEUED,
    OutboxStatus.SENDING,
    OutboxStatus.UNKNOWN,
    OutboxStatus.SENT,
    OutboxStatus.FAILED,
    OutboxStatus.DELIVERED,
)
UNSETTLED = (OutboxStatus.QUEUED, OutboxStatus.SENDING, OutboxStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One row that this worker, and nobody else, may send until its lease ends; `token` fences late writers."""

    outbound: Outbound
    token: int
    channel: str
    provider_id: str | None = None
    since: float = 0.0
    lane: Lane = Lane.CONVERSATION
    possible_duplicate: bool = field(default=False)


_INSERT_MESSAGE = insert(message)


def _insert_outbox(status: OutboxStatus) -> Any:
    sending = status is not OutboxStatus.QUEUED
    values = {
        "status": status.value,
        "attempt": 1 if sending else 0,
        "token": 0,
        "possible_duplicate": False,
        "made_at": moment(),
        "not_before": moment(bindparam("after", 0.0)),
        "lease_until": moment(bindparam("grace")) if status is OutboxStatus.SENDING else None,
        "sending_at": moment() if sending else None,
        "settled_at": moment() if status is OutboxStatus.SENT else None,
    }
    given: dict[str, Any] = {name: bindparam(name) for name in ("cause", "message_id", "address_id", "channel", "lane")}
    return insert(outbox).values(**values, **given).returning(outbox.c.id)


_PUT = {status: _insert_outbox(status) for status in (OutboxStatus.QUEUED, OutboxStatus.SENDING, OutboxStatus.SENT)}


def put(
    session: Session,
    now: datetime,
    *,
    cause: str,
    talk_id: UUID,
    data_key: bytes,
    address_id: UUID,
    channel: str,
    text: str,
    lane: Lane = Lane.CONVERSATION,
    status: OutboxStatus = OutboxStatus.QUEUED,
    after: float = 0.0,
    patience: Patience = PATIENCE,
) -> Pending:
    """Queue the message with its sealed text; the row's id is in the pending rows after the flush.

    `status` is SENDING or SENT for a reply that rides in the webhook's answer. A `cause` that is already there raises
    Duplicate at the flush: whatever caused the message has caused it already.
    """
    identity = new_id()
    body = seal(data_key, "message.body", identity, text)
    session.later(
        _INSERT_MESSAGE,
        {
            "id": identity,
            "talk_id": talk_id,
            "outbound": True,
            "channel": channel,
            "provider_id": None,
            "kind": "text",
            "body": body,
            "at": now,
        },
    )
    row = {"cause": cause, "message_id": identity, "address_id": address_id, "channel": channel, "lane": int(lane)}
    grace = {"grace": patience.grace} if status is OutboxStatus.SENDING else {}
    return session.later(_PUT[status], {**row, **grace, "after": after})


_earlier = outbox.alias("earlier")
#: Seconds that a look-up may take after the grace: so long an unknown message holds back those behind it. A clock that
#: was killed is replaced after 15 s, and its successor may have two hundred others to ask for first.
_SETTLING = 120.0


def _blocked(patience: Patience) -> ColumnElement[bool]:
    """Whether an earlier message to the same person in the same lane may still have to go first."""
    held = moment(literal(-(patience.lease + patience.grace + _SETTLING)))
    unknown = and_(
        among(_earlier.c.status, "unknown"), _earlier.c.lease_until.is_not(None), _earlier.c.sending_at > held
    )
    return exists(
        select(1).where(
            _earlier.c.address_id == outbox.c.address_id,
            _earlier.c.lane == outbox.c.lane,
            _earlier.c.id < outbox.c.id,
            or_(among(_earlier.c.status, "queued", "sending"), unknown),
        )
    )


_REFILL = (
    update(pace)
    .where(pace.c.channel == bindparam("of_channel"))
    .values(
        tokens=case(
            (
                pace.c.tokens + seconds_since(pace.c.refilled_at) * bindparam("rate") < bindparam("burst"),
                pace.c.tokens + seconds_since(pace.c.refilled_at) * bindparam("rate"),
            ),
            else_=bindparam("burst"),
        ),
        refilled_at=moment(),
    )
    .returning(pace.c.tokens)
)
_TAKE = update(pace).where(pace.c.channel == bindparam("of_channel")).values(tokens=pace.c.tokens - bindparam("taken"))
_SHOWN = (
    select(
        outbox.c.id,
        outbox.c.attempt,
        outbox.c.token,
        outbox.c.channel,
        outbox.c.provider_id,
        outbox.c.sending_at,
        outbox.c.lane,
        outbox.c.possible_duplicate,
        message.c.id.label("message_id"),
        message.c.body,
        talk.c.id.label("talk_id"),
        talk.c.data_key,
        address.c.id.label("address_id"),
        address.c.sealed,
        address.c.data_key.label("address_key"),
    )
    .join(message, message.c.id == outbox.c.message_id)
    .join(talk, talk.c.id == message.c.talk_id)
    .join(address, address.c.id == outbox.c.address_id)
)


def claim(
    session: Session, channel: str, most: int, *, rate: float, burst: int, patience: Patience = PATIENCE
) -> list[Claimed]:
    """Up to `most` rows to send now on this channel, within its pace (`rate` a second, at most `burst` at once).

    The rows are `sending` under a lease; a later message of the same address and lane waits for the earlier one.
    """
    granted = int(_refilled(session, channel, rate, burst))
    if granted < 1 or most < 1:
        return []
    ready = (
        select(outbox.c.id)
        .where(
            outbox.c.channel == channel,
            among(outbox.c.status, "queued"),
            outbox.c.not_before <= moment(),
            ~_blocked(patience),
        )
        .order_by(outbox.c.lane, outbox.c.id)
        .limit(min(most, granted))
        .with_for_update(skip_locked=True)
        # Named apart, so that it runs once: PostgreSQL may run a sub-query again for each row, and its limit with it.
        .cte("ready")
    )
    claimed = (
        session.run(
            update(outbox)
            .where(outbox.c.id.in_(select(ready.c.id)), outbox.c.status == "queued")
            .values(
                status="sending",
                attempt=outbox.c.attempt + 1,
                token=outbox.c.token + 1,
                lease_until=moment(literal(patience.lease)),
                sending_at=moment(),
                provider_id=None,
            )
            .returning(outbox.c.id)
        )
        .scalars()
        .all()
    )
    if not claimed:
        return []
    session.later(_TAKE, {"of_channel": channel, "taken": float(len(claimed))})
    return load(session, claimed)


def load(session: Session, ids: Sequence[int]) -> list[Claimed]:
    """These rows, opened; one whose key was erased or whose words are damaged is left out and keeps nobody waiting."""
    rows = session.run(_SHOWN.where(outbox.c.id.in_(ids)).order_by(outbox.c.lane, outbox.c.id)).all()
    return [claimed for row in rows if (claimed := _opened(session, row))]


def _refilled(session: Session, channel: str, rate: float, burst: int) -> float:
    values = {"of_channel": channel, "rate": float(rate), "burst": float(burst)}
    found = session.run(_REFILL, values).scalar()
    if found is not None:
        return float(found)
    with suppress(Duplicate), session.connection.begin_nested():  # another sender of this channel was faster
        session.run(insert(pace).values(channel=channel, tokens=float(burst), refilled_at=moment()))
    return float(session.run(_REFILL, values).scalar_one())


def _opened(session: Session, row: Any) -> Claimed | None:
    if row.sealed is None or row.body is None:
        return None
    try:
        key = session.keys.unwrap(row.data_key, row.talk_id)
        address_key = session.keys.unwrap(row.address_key, row.address_id)
        person = unseal(address_key, "address", row.address_id, row.sealed)
        outbound = Outbound(row.id, row.attempt, person, unseal(key, "message.body", row.message_id, row.body))
    except SealError:
        log.error("a message can't be opened", extra={"outbox": row.id})
        return None
    since = row.sending_at.timestamp() if row.sending_at else 0.0
    return Claimed(outbound, row.token, row.channel, row.provider_id, since, Lane(row.lane), row.possible_duplicate)


def taken(session: Session, claimed: Claimed, provider_id: str | None) -> None:
    """The provider has it. A receipt that was faster is not lowered."""
    session.later(_TAKEN, {"row": claimed.outbound.id, "given_token": claimed.token, "given_id": provider_id})


_OWN = and_(
    outbox.c.id == bindparam("row"),
    outbox.c.token == bindparam("given_token"),
    among(outbox.c.status, "sending", "unknown"),
)
_TAKEN = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.token == bindparam("given_token"))
    .values(
        # Queued under the same token: a look-up came too early and nobody has claimed the row since.
        status=case((among(outbox.c.status, "queued", "sending", "unknown"), "sent"), else_=outbox.c.status),
        provider_id=func.coalesce(outbox.c.provider_id, bindparam("given_id")),
        settled_at=moment(),
    )
)
_UNCERTAIN = (
    update(outbox)
    .where(_OWN)
    .values(status="unknown", code=bindparam("given_code"), lease_until=moment(bindparam("grace")))
)
_ENDED = (
    update(outbox)
    .where(_OWN)
    .values(status=bindparam("final"), code=bindparam("given_code"), settled_at=moment(), lease_until=None)
)
_AGAIN = (
    update(outbox)
    .where(_OWN)
    .values(
        status=case((outbox.c.attempt >= bindparam("most"), "failed"), else_="queued"),
        code=bindparam("given_code"),
        not_before=moment(bindparam("wait")),
        lease_until=None,
        settled_at=case((outbox.c.attempt >= bindparam("most"), moment()), else_=None),
        possible_duplicate=outbox.c.possible_duplicate.op("OR")(bindparam("maybe")),
    )
)


def uncertain(session: Session, claimed: Claimed, code: str, patience: Patience = PATIENCE) -> None:
    """Nobody knows whether the provider has it: the receipt or, after the grace, a look-up will tell."""
    row = {"row": claimed.outbound.id, "given_token": claimed.token, "given_code": code[:64]}
    session.later(_UNCERTAIN, {**row, "grace": patience.grace})


def ended(session: Session, claimed: Claimed, status: OutboxStatus, code: str) -> None:
    """It will never be sent: failed, or refused because the person wants no messages."""
    session.later(
        _ENDED,
        {
            "row": claimed.outbound.id,
            "given_token": claimed.token,
            "final": status.value,
            "given_code": code[:64],
        },
    )


def again(
    session: Session,
    claimed: Claimed,
    code: str,
    seconds: float,
    *,
    possible_duplicate: bool = False,
    most: int = MOST_ATTEMPTS,
) -> None:
    """The provider surely does not have it: another attempt in `seconds`, or failed after `most` of them."""
    values = {"row": claimed.outbound.id, "given_token": claimed.token, "given_code": code[:64], "wait": float(seconds)}
    session.later(_AGAIN, {**values, "maybe": possible_duplicate, "most": most})


def rides_again(session: Session, row: int, patience: Patience = PATIENCE) -> bool:
    """Whether the answer to a repeated webhook may carry this reply once more; its look-up then waits for the proof."""
    statement = update(outbox).where(outbox.c.id == row, outbox.c.token == 0, outbox.c.status == "sending")
    return session.run(statement.values(lease_until=moment(literal(patience.grace)))).rowcount == 1


def unsettled(session: Session, channel: str) -> int:
    """How many messages of this channel wait or hang."""
    statement = select(func.count()).select_from(outbox)
    counted = statement.where(outbox.c.channel == channel, outbox.c.status.in_([each.value for each in UNSETTLED]))
    return int(session.run(counted).scalar_one())
