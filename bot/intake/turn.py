"""A turn: one message on its way through, and the rows it is read from and written to."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, exists, insert, literal, select, true, update

from bot import talks
from bot.channels import Channel
from bot.conversation.outcomes import Outcome
from bot.delivery.outbox import Patience, rides_again
from bot.messages import Inbound, Outbound
from bot.people.addresses import REPLY_BURST, new_address
from bot.store import Session
from bot.store.sealing import seal, unseal
from bot.store.tables import OutboxStatus, address, message, outbox, talk
from bot.store.types import among, new_id
from bot.talks import Talk

#: A sender gets REPLY_BURST replies at once, and one more every so many seconds.
REPLY_SECONDS = 30.0
#: The same answer to a repeated webhook is only given for so long.
REPEAT = timedelta(seconds=60)


@dataclass(slots=True)
class Sender:
    """The locked address of the sender, and how it will be written back."""

    id: UUID
    hash: bytes
    language: str | None = None
    opted_out: bool = False
    tokens: float = REPLY_BURST
    same_reply: bytes | None = None
    same_replies: int = 0
    code_tries: int = 0
    code_tried_at: datetime | None = None
    fresh: bool = False


@dataclass(slots=True)
class Turn:
    """One message on its way through: what came, who sent it, the talk it belongs to, what is to be written after."""

    session: Session
    inbound: Inbound
    wire: Channel
    now: datetime
    sender: Sender
    waiting: bool = False
    talk: Talk | None = None
    outcome: Outcome | None = None
    #: The first try met something that was there already.
    again: bool = False
    acts: list[Callable[[], None]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words that were sent."""
        return self.inbound.text

    @property
    def channel(self) -> str:
        """The wire that carries what we say to this sender, now and later."""
        return self.wire.replies_by or self.wire.name

    @property
    def language(self) -> str:
        """The language we answer in: the talk's, else the sender's, else French."""
        return self.talk.language if self.talk else self.sender.language or "fr"


_ADDRESS = (
    select(
        address.c.id,
        address.c.language,
        address.c.opted_out_at,
        address.c.heard_at,
        address.c.reply_tokens,
        address.c.same_reply,
        address.c.same_replies,
        address.c.code_tries,
        address.c.code_tried_at,
    )
    .where(address.c.hash == bindparam("hash"))
    .with_for_update()
)
_by_hash = select(address.c.id).where(address.c.hash == bindparam("hash")).scalar_subquery()
_TALK = (
    select(talk)
    .where(talk.c.address_id == _by_hash)
    .order_by(case((talk.c.status == "open", 0), else_=1), talk.c.opened_at.desc())
    .limit(1)
)
_known_message = exists(
    select(1).where(message.c.channel == bindparam("of_channel"), message.c.provider_id == bindparam("provider"))
)
_unsent_message = exists(
    select(1).where(
        outbox.c.address_id == _by_hash,
        among(outbox.c.status, "queued", "sending"),
        among(outbox.c.status, "queued") | (outbox.c.token > 0),
    )
)
_one_row = select(literal(1).label("one")).subquery("one_row")
_newest_talk = _TALK.subquery("newest_talk")
#: One row in any case; the talk's columns are empty where there is none. Not one statement with the lock: what this
#: one sees must be what is there once the lock is held.
_SITUATION = select(_known_message.label("known"), _unsent_message.label("waiting"), _newest_talk).select_from(
    _one_row.outerjoin(_newest_talk, true())
)
_NEW_ADDRESS = insert(address)
_HEARD = (
    update(address)
    .where(address.c.id == bindparam("of_address"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "channel", "language", "heard_at", "reply_tokens", "same_reply", "same_replies", "code_tries",
                "code_tried_at",
            )
        }
    )
)  # fmt: skip
_NEW_MESSAGE = insert(message)


def open_turn(session: Session, inbound: Inbound, wire: Channel, now: datetime) -> tuple[Turn, bool]:
    """Who sent it, locked, with their newest talk; and whether the message is already here."""
    hashed = session.keys.blind("address", inbound.address)
    addresses, (situation,) = session.fetch(
        (_ADDRESS, {"hash": hashed}),
        (_SITUATION, {"of_channel": inbound.channel, "provider": inbound.provider_id, "hash": hashed}),
    )
    sender = _known(addresses[0], hashed, now) if addresses else Sender(new_id(), hashed, fresh=True)
    turn = Turn(session, inbound, wire, now, sender, situation.waiting)
    if situation.known:
        return turn, True
    if sender.fresh:
        _make_sender(turn)
    if situation.data_key is not None:
        turn.talk = talks.restore(session, situation)
    return turn, False


def open_talk_of(session: Session, hashed: bytes) -> Any:
    """The open talk of this address, or its newest one, or None."""
    rows = session.fetch((_TALK, {"hash": hashed}))[0]
    return rows[0] if rows else None


def repeated(turn: Turn, patience: Patience) -> Outbound | None:
    """The answer that was given before, while nothing proves that it arrived; None after that."""
    row = turn.session.run(
        select(outbox, message.c.body, message.c.talk_id, talk.c.data_key)
        .join(message, message.c.id == outbox.c.message_id)
        .join(talk, talk.c.id == message.c.talk_id)
        .where(outbox.c.cause == cause(turn.inbound))
    ).first()
    unproved = OutboxStatus.SENDING if turn.wire.has_receipts else OutboxStatus.SENT
    if row is None or row.token or row.status != unproved or turn.now - row.made_at > REPEAT:
        return None
    if row.body is None or row.data_key is None:
        return None  # whoever asked to be forgotten is, to the last word of the answer
    if turn.wire.has_receipts and not rides_again(turn.session, row.id, patience):
        return None
    key = turn.session.keys.unwrap(row.data_key, row.talk_id)
    return Outbound(row.id, 1, turn.inbound.address, unseal(key, "message.body", row.message_id, row.body))


def cause(inbound: Inbound) -> str:
    """What a reply is caused by; unique in the outbox."""
    return f"reply:{inbound.channel}:{inbound.provider_id}"


def _known(row: Any, hashed: bytes, now: datetime) -> Sender:
    quiet = max(0.0, (now - row.heard_at).total_seconds())
    return Sender(
        row.id,
        hashed,
        row.language,
        row.opted_out_at is not None,
        min(REPLY_BURST, row.reply_tokens + quiet / REPLY_SECONDS),
        row.same_reply if quiet < 3600 else None,
        row.same_replies,
        row.code_tries,
        row.code_tried_at,
    )


def _make_sender(turn: Turn) -> None:
    made = new_address(turn.session.keys, turn.now, turn.sender.id, turn.inbound.address, turn.channel)
    turn.session.later(_NEW_ADDRESS, made)


def write_sender(turn: Turn) -> None:
    """Write back what the turn made of its sender."""
    sender = turn.sender
    turn.session.later(
        _HEARD,
        {
            "of_address": sender.id,
            "new_channel": turn.channel,
            "new_language": sender.language,
            "new_heard_at": turn.now,
            "new_reply_tokens": sender.tokens,
            "new_same_reply": sender.same_reply,
            "new_same_replies": sender.same_replies,
            "new_code_tries": sender.code_tries,
            "new_code_tried_at": sender.code_tried_at,
        },
    )


def keep_message(turn: Turn, kept: Talk) -> None:
    """Keep what was sent, sealed with its talk."""
    identity = new_id()
    turn.session.later(
        _NEW_MESSAGE,
        {
            "id": identity,
            "talk_id": kept.id,
            "outbound": False,
            "channel": turn.inbound.channel,
            "provider_id": turn.inbound.provider_id,
            "kind": turn.inbound.kind.value,
            "body": seal(kept.data_key, "message.body", identity, _body(turn.inbound)),
            "media": seal(kept.data_key, "message.media", identity, _media(turn.inbound))
            if turn.inbound.media
            else None,
            "at": turn.now,
        },
    )


def _media(inbound: Inbound) -> str:
    return json.dumps([[each.kind, each.reference, each.content_type] for each in inbound.media])


def _body(inbound: Inbound) -> str:
    if inbound.press:
        return f"[{inbound.press.value}]"
    return inbound.text or "".join(f"[{each.kind}]" for each in inbound.media)
