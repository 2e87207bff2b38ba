"""What somebody told a clerk by telephone, at the door, on the radio or in a letter: a report like any other.

It is sealed like one that came by a wire. Whoever gave a number may ask by STATUS from that telephone, and is written
to only if they agreed. Nothing is sent by entering it: what the clerk says aloud leaves no trace in a thread.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import insert, select

from bot import talks
from bot.casework import calls
from bot.casework.call_backs import ask_call_back
from bot.casework.codes import code_hash, new_code
from bot.casework.seats import Seat
from bot.casework.telling.reach import DESK
from bot.conversation.kinds import CLOSED, Kind
from bot.conversation.lexicon import Suggestion
from bot.people import addresses
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import seal
from bot.store.tables import ReportStatus, TalkStatus, message, report
from bot.store.types import new_id


class Behalf(StrEnum):
    """On whose behalf a clerk enters a report."""

    CALLER = "caller"
    WALK_IN = "walk_in"
    RADIO = "radio"
    LETTER = "letter"


#: Whoever is here or on the line has come back, and may be called whatever was noted before.
_THEMSELVES = (Behalf.CALLER, Behalf.WALK_IN)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told and what the clerk knows of it.

    Without an `address` nobody can be called or written to; `kind` is None while it is not decided.
    """

    behalf: Behalf
    text: str = field(repr=False)
    urgency: int
    kind: Kind | None = None
    place: str | None = None
    language: str | None = None
    address: str | None = field(default=None, repr=False)
    answer_needed: str = "none"
    call: str | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """The report, the number to tell the person, and whether only the officers of the closed queue see it now."""

    id: UUID
    code: str = field(repr=False)
    closed_queue: bool


def enter(session: Session, now: datetime, seat: Seat, told: Told, suggestion: Suggestion, channel: str) -> Entered:
    """File what was told, whole or not at all; a new address is written to by this channel."""
    address_id = addresses.reach(session, now, told.address, channel) if told.address else None
    identity = new_id()
    code, hashed = _code(session, told.address)
    opened = talks.open_talk(now, address_id or addresses.nobody(session, now), DESK, {"code": code})
    opened.facts["language"] = told.language
    opened.report_id, opened.status = identity, TalkStatus.DONE
    talks.save(session, opened, now)
    _keep_message(session, now, opened, told.text)
    closed = suggestion.closed or told.kind in CLOSED
    suggested = suggestion.kind or Kind.OTHER
    session.run(
        insert(report).values(
            id=identity,
            address_id=address_id,
            talk_id=opened.id,
            status=(ReportStatus.TRIAGED if told.kind else ReportStatus.RECEIVED).value,
            closed_queue=closed,
            exercise=False,
            urgency=told.urgency,
            kind=told.kind.value if told.kind else None,
            suggested_kind=suggested.value,
            place=told.place,
            place_confirmed=told.place is not None,
            language=told.language,
            channel=DESK,
            answer_needed=told.answer_needed if address_id else "none",
            call=told.call if address_id else None,
            code_hash=hashed,
            narrative=seal(opened.data_key, "report.narrative", identity, told.text),
            made_at=now,
            changed_at=now,
        )
    )
    note(session, now, seat.actor, Action.REPORT_ENTERED, identity, {"behalf": told.behalf.value})
    if address_id and told.call and (told.behalf in _THEMSELVES or not calls.unsafe_since(session, address_id)):
        ask_call_back(
            session, now, address_id, opened.id, identity, told.language, told.call, rang=False, actor=seat.actor
        )
    return Entered(identity, code, closed)


def _code(session: Session, uri: str | None) -> tuple[str, bytes]:
    """A number for the person, and how it is kept: no other report of their address has it. The address is locked."""
    while True:
        code = new_code()
        hashed = code_hash(session, session.keys.blind("address", uri), code) if uri else os.urandom(32)
        if not session.run(select(report.c.id).where(report.c.code_hash == hashed)).first():
            return code, hashed


def _keep_message(session: Session, now: datetime, opened: talks.Talk, text: str) -> None:
    identity = new_id()
    body = seal(opened.data_key, "message.body", identity, text)
    values = {"id": identity, "talk_id": opened.id, "outbound": False, "channel": DESK, "kind": "text"}
    session.run(insert(message).values(**values, body=body, at=now))
