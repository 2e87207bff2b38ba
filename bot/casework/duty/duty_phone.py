"""The duty phone: outside the desk's hours an SMS tells one phone of each line that something waits, and no more.

Who reads along learns of no event, kind or place; the text is the same for the closed queue, which has a phone of its
own. The clock rings, never the turn of whoever told us.
"""

import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import phonenumbers
from phonenumbers import PhoneNumberType
from sqlalchemy import and_, exists, func, insert, select, update

from bot import talks
from bot.casework.duty import hours
from bot.casework.duty.hours import Hours
from bot.casework.duty.rota import ROLES, Line
from bot.casework.seats import Seat
from bot.casework.states import RINGING
from bot.casework.telling.asking import may_be_written_to
from bot.conversation.questions import Gettext
from bot.delivery import outbox
from bot.delivery.outbox import Lane
from bot.errors import NotAllowed, Stale
from bot.languages.text import digits
from bot.people.addresses import Telephone, masked, reach, uri_of
from bot.store import Duplicate, Session, Store
from bot.store.audit import Action, note
from bot.store.tables import TalkStatus, address, duty_phone, duty_ring, report, staff
from bot.store.types import new_id

#: The phone rings at most so often, until somebody opens the panel; what came so shortly before the desk closed rings.
EVERY = timedelta(minutes=15)
#: A code that was not typed in for so long, or wrongly so often, proves nothing any more.
CODE_FOR, CODE_TRIES = timedelta(hours=24), 5
#: The desk speaks French; where numbers of others may be written to, they are named here.
LANGUAGE, COUNTRIES = "fr", ("ML",)


class NoPhone(NotAllowed):
    """The number is none that we may write to."""


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone of a line: its number masked, whether a code has proved it, and whether it may be written to."""

    id: UUID
    line: Line
    masked: str
    made_at: datetime
    confirmed_at: datetime | None
    reachable: bool

    @property
    def rings(self) -> bool:
        """Whether it would ring now."""
        return self.confirmed_at is not None and self.reachable


@dataclass(frozen=True, slots=True)
class Ring:
    """When a line's phone rang last, and who then opened the panel when."""

    rung_at: datetime
    answered_at: datetime | None
    answered_by: str | None


# The number


_LIVING = duty_phone.c.ended_at.is_(None)
_PHONE = (
    select(duty_phone, address.c.data_key, address.c.sealed, may_be_written_to().label("reachable"))
    .join(address, address.c.id == duty_phone.c.address_id)
    .where(_LIVING)
)


def phones(session: Session) -> Mapping[Line, Phone]:
    """The phone of each line that has one."""
    return {Line(row.line): _phone(session, row) for row in session.run(_PHONE)}


def _phone(session: Session, row: Any) -> Phone:
    uri = uri_of(session.keys, row.address_id, row.data_key, row.sealed)
    reachable = bool(row.reachable) and uri is not None
    return Phone(row.id, Line(row.line), masked(uri), row.made_at, row.confirmed_at, reachable)


def set_phone(
    session: Session, now: datetime, seat: Seat, telephone: Telephone, line: Line, number: str, _: Gettext
) -> None:
    """This phone rings for the line as soon as the code that it is sent now has been typed in.

    Raises NoPhone for a number that we may not write to, NotAllowed for one that wants no messages.
    """
    uri = _uri(telephone, number)
    address_id = reach(session, now, uri, telephone.channel)
    if not session.run(select(may_be_written_to()).where(address.c.id == address_id)).scalar():
        raise NotAllowed("this phone asked for no more messages")
    identity, code = new_id(), f"{secrets.randbelow(10**6):06}"
    _end(session, now, line)
    session.run(
        insert(duty_phone).values(
            id=identity,
            line=line.value,
            address_id=address_id,
            code_hash=_code_hash(session, identity, code),
            tries=0,
            staff_id=seat.staff_id,
            made_at=now,
        )
    )
    text = _("Kunnafoni: your code is %(code)s.", code=code)
    _write(session, now, telephone, address_id, text, f"duty:{identity.hex}")
    note(session, now, seat.actor, Action.DUTY_PHONE_SET, identity, {"line": line.value})


def confirm(session: Session, now: datetime, seat: Seat, line: Line, code: str) -> bool:
    """Whether this is the code that the line's phone was sent; from now on it rings. Raises Stale if none waits."""
    theirs = duty_phone.c.line == line.value, _LIVING, duty_phone.c.confirmed_at.is_(None)
    row = session.run(select(duty_phone).where(*theirs).with_for_update()).first()
    if row is None:
        raise Stale("no phone waits for a code")
    living = row.tries < CODE_TRIES and now - row.made_at < CODE_FOR
    right = living and secrets.compare_digest(row.code_hash, _code_hash(session, row.id, digits(code).strip()))
    changed = {"confirmed_at": now} if right else {"tries": row.tries + int(living)}
    session.run(update(duty_phone).where(duty_phone.c.id == row.id).values(**changed))
    note(session, now, seat.actor, Action.DUTY_PHONE_CONFIRMED if right else Action.DUTY_PHONE_REFUSED, row.id)
    return right


def remove(session: Session, now: datetime, seat: Seat, line: Line) -> None:
    """No phone rings for this line. Raises Stale if none did."""
    ended = _end(session, now, line)
    if ended is None:
        raise Stale("the line has no phone")
    note(session, now, seat.actor, Action.DUTY_PHONE_REMOVED, ended)


def _end(session: Session, now: datetime, line: Line) -> UUID | None:
    living = update(duty_phone).where(duty_phone.c.line == line.value, _LIVING)
    ended: UUID | None = session.run(living.values(ended_at=now).returning(duty_phone.c.id)).scalar()
    return ended


def _code_hash(session: Session, identity: UUID, code: str) -> bytes:
    return session.keys.blind("duty-phone", f"{identity}|{code}")


def _uri(telephone: Telephone, number: str) -> str:
    """The address of this number. Raises NoPhone."""
    uri = telephone.address(number)
    if uri is None or (telephone.kind == "tel" and not _is_allowed(uri.partition(":")[2])):
        raise NoPhone("not a mobile number of a country that we write to")
    return uri


def _is_allowed(e164: str) -> bool:
    parsed = phonenumbers.parse(e164)
    mobile = phonenumbers.number_type(parsed) in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return mobile and phonenumbers.region_code_for_number(parsed) in COUNTRIES


def _write(session: Session, now: datetime, telephone: Telephone, address_id: UUID, text: str, cause: str) -> None:
    """Queue these words before all others, in a talk of their own. Raises Duplicate where the cause is known."""
    opened = talks.open_talk(now, address_id, "duty", {"language": LANGUAGE})
    opened.status = TalkStatus.DONE
    talks.save(session, opened, now)
    outbox.put(
        session,
        now,
        cause=cause,
        talk_id=opened.id,
        data_key=opened.data_key,
        address_id=address_id,
        channel=telephone.channel,
        text=text,
        lane=Lane.URGENT,
    )
    session.flush()


# Ringing


def ring_all(store: Store, now: datetime, telephone: Telephone, _: Gettext) -> int:
    """Ring for each line whose desk is closed while a report of a life in danger waits; how many rang.

    Safe to run twice, and by two processes at once: of two rings with one number, the second is none.
    """
    if not telephone.channel:
        return 0
    with store.reading() as session:
        staffed = hours.hours(session)
        due = [] if staffed.staffed(now) else [line for line in Line if _is_due(session, now, line, staffed)]
    rung = 0
    for line in due:
        with suppress(Duplicate), store.writing() as session:
            rung += _ring(session, now, telephone, line, staffed, _)
    return rung


def _is_due(session: Session, now: datetime, line: Line, staffed: Hours) -> bool:
    """Whether something waits unread that came since the desk closed, and since somebody last opened the panel."""
    last = session.run(_LAST.where(duty_ring.c.line == line.value)).first()
    if last is not None and now - last.rung_at < EVERY:
        return False
    since = staffed.closed_since(now) - EVERY
    if last is not None and last.answered_at is not None:
        since = max(since, last.answered_at)
    waits = select(report.c.id).where(*_waiting(line), report.c.changed_at > since).limit(1)
    return session.run(waits).first() is not None


_LAST = select(duty_ring).order_by(duty_ring.c.id.desc()).limit(1)


def _waiting(line: Line) -> tuple[Any, ...]:
    """Unread reports of a life in danger on this line; an exercise wakes nobody."""
    return *RINGING, report.c.closed_queue.is_(line is Line.CLOSED_QUEUE), report.c.exercise.is_(False)


def _ring(session: Session, now: datetime, telephone: Telephone, line: Line, staffed: Hours, _: Gettext) -> bool:
    """Lock the phone, then look again: another clock may just have rung."""
    row = session.run(_PHONE.where(duty_phone.c.line == line.value).with_for_update(of=address)).first()
    if row is None or not _phone(session, row).rings or not _is_due(session, now, line, staffed):
        return False
    number = (session.run(select(func.max(duty_ring.c.id))).scalar() or 0) + 1
    session.run(insert(duty_ring).values(id=number, line=line.value, phone_id=row.id, rung_at=now))
    text = _("Kunnafoni: something waits for you at the office.")
    _write(session, now, telephone, row.address_id, text, f"duty:ring:{number}")
    note(session, now, "clock", Action.DUTY_PHONE_RANG, row.id)
    return True


def rings(session: Session) -> Mapping[Line, Ring]:
    """For each line, when its phone rang last."""
    newest = select(func.max(duty_ring.c.id)).group_by(duty_ring.c.line)
    statement = select(duty_ring, staff.c.name).outerjoin(staff, staff.c.id == duty_ring.c.answered_by)
    rows = session.run(statement.where(duty_ring.c.id.in_(newest)))
    return {Line(row.line): Ring(row.rung_at, row.answered_at, row.name) for row in rows}


def unanswered(session: Session, roles: Collection[str]) -> bool:
    """Whether a phone rang for a line of these roles, and nobody has opened the panel since."""
    return bool(session.run(select(exists(select(1).where(_unanswered(roles))))).scalar())


def answer(session: Session, now: datetime, staff_id: UUID, roles: Collection[str]) -> None:
    """Somebody has opened the panel: for their lines the phone rings for what comes from now on."""
    session.run(update(duty_ring).where(_unanswered(roles)).values(answered_at=now, answered_by=staff_id))


def _unanswered(roles: Collection[str]) -> Any:
    theirs = [line.value for line in Line if ROLES[line].intersection(roles)]
    return and_(duty_ring.c.answered_at.is_(None), duty_ring.c.line.in_(theirs))
