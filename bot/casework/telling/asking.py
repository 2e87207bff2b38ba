"""The house speaks first: a question or a few words to somebody who agreed, from the clock or the desk."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, select, update

from bot import talks
from bot.channels import Channel
from bot.conversation.templates import TEMPLATES
from bot.delivery import outbox
from bot.delivery.outbox import Lane
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import DeskMessageStatus, address, desk_message, talk
from bot.talks import Talk, Talks

#: Nobody is asked while an answer to something else is awaited.
BUSY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Here:
    """The wire, the transaction and the time in which something is said."""

    wire: Channel
    session: Session
    now: datetime


def may_be_written_to() -> Any:
    """Whether this address neither said STOP nor FORGET ME, and is still theirs."""
    return and_(address.c.opted_out_at.is_(None), address.c.forgotten_at.is_(None), address.c.ended_at.is_(None))


def busy(now: datetime, address_id: Any, since: timedelta = BUSY) -> Any:
    """Whether this address was asked something, not longer ago than that, that waits for its answer."""
    waits = talk.c.address_id == address_id, talk.c.status == "open", talk.c.heard_at > now - since
    return exists(select(1).where(*waits))


def ask(
    here: Here,
    conversations: Talks,
    address_id: UUID,
    flow: str,
    cause: str,
    report_id: UUID | None = None,
    **facts: Any,
) -> Talk:
    """Open a flow with this address and queue its first words; about a report, the talk carries that."""
    known = {"code": f"{secrets.randbelow(10**8):08}", **facts}
    opened = talks.open_talk(here.now, address_id, flow, known)
    opened.report_id = report_id
    # An older question would catch the answer.
    talks.leave_open(here.session, address_id, here.now)
    here.session.flush()
    spoken = conversations.begin(opened, here)
    talks.save(here.session, opened, here.now)
    write(here, opened, spoken.in_words, cause)
    return opened


def write(here: Here, about: Talk, text: str, cause: str, lane: Lane = Lane.CONVERSATION) -> None:
    """Queue these words in a talk, spelt as the wire carries them. Raises Duplicate where the cause is known."""
    outbox.put(
        here.session,
        here.now,
        cause=cause,
        talk_id=about.id,
        data_key=about.data_key,
        address_id=about.address_id,
        channel=here.wire.name,
        text=text,
        lane=lane,
    )
    here.session.flush()


def overtake(session: Session, now: datetime, actor: str, report_id: UUID) -> None:
    """The report is done: what was to be asked about it at its hour is not asked any more."""
    questions = desk_message.c.template.in_([each.key for each in TEMPLATES.values() if each.asks])
    waits = desk_message.c.report_id == report_id, desk_message.c.status == DeskMessageStatus.WAITING.value
    overtaken = update(desk_message).where(*waits, questions).values(status=DeskMessageStatus.OVERTAKEN.value)
    for _ in range(session.run(overtaken).rowcount):
        note(session, now, actor, Action.MESSAGE_TAKEN_BACK, report_id, {"why": DeskMessageStatus.OVERTAKEN.value})
