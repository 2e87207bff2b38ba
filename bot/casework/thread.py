"""Talking back: what the desk writes to a reporter and asks them, and what they answer, in one thread.

The rule of `reach` says whether and when. What has to wait for its hour waits here, not in the outbox, where it would
hold back every reply to the person; when its hour comes the rule is asked again. Until then it can be taken back.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from bot import talks
from bot.casework import desk
from bot.casework.betrayal import Mark, Reader, Why
from bot.casework.call_backs import ask_call_back, withdraw
from bot.casework.masking import own_words
from bot.casework.seats import Seat, visible
from bot.casework.states import OPEN
from bot.casework.telling import asking
from bot.casework.telling.asking import Here
from bot.casework.telling.reach import ANYBODY, PERSON, Not, Reach, person_of, reach
from bot.channels import Channel
from bot.conversation.outcomes import Answered
from bot.conversation.templates import TEMPLATES, Template, speaker, state, voice
from bot.delivery import outbox
from bot.errors import KunnafoniError, NotAllowed, Stale, StoreAway
from bot.languages.catalogue import WORKING, Catalogues, State
from bot.store import Duplicate, Session, Store
from bot.store.audit import Action, note
from bot.store.sealing import seal, unseal
from bot.store.tables import DeskMessageStatus, ReportStatus, address, desk_message, report, talk
from bot.store.types import new_id
from bot.talks import Talk, Talks

log = logging.getLogger(__name__)

#: A question waits while the person answers another, which they do within minutes or not at all.
ANSWERING = timedelta(minutes=5)
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Means:
    """What it takes to speak: talks, wires by name, how far each message is, and who reads a text before it goes."""

    conversations: Talks
    wires: Mapping[str, Channel]
    catalogues: Catalogues
    reader: Reader


class NotReached(NotAllowed):
    """The person may not be written to; `why` says why not."""

    def __init__(self, why: Not) -> None:
        super().__init__("the person may not be written to")
        self.why = why


class Unreviewed(NotAllowed):
    """To somebody of the closed queue only reviewed words of support go."""


class Betrays(NotAllowed):
    """The text would tell whoever reads along; `marks` are what, and `never` whether it may not be sent at all."""

    def __init__(self, marks: tuple[Mark, ...]) -> None:
        super().__init__("the text would betray something")
        self.marks = marks
        self.never = any(mark.why is Why.CLOSED for mark in marks)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something the desk wrote or asked, and by which wire it goes; `text` is known only while it waits."""

    id: UUID
    talk_id: UUID | None
    template: str | None
    text: str | None
    status: DeskMessageStatus
    send_at: datetime
    answered_at: datetime | None
    answer: Any = None
    channel: str = ""


# What the desk sees


def reachable(session: Session, now: datetime, report_id: UUID) -> Reach:
    """Whether the person of this report may be written to, and from when."""
    row = session.run(ANYBODY.where(report.c.id == report_id)).first()
    return reach(now, person_of(row)) if row else Reach(None, Not.GONE)


def entries(session: Session, seat: Seat, report_id: UUID) -> list[Entry]:
    """What the desk wrote and asked about this report, in order; nothing of one that the seat may not see."""
    own = talk.alias("own")
    statement = (
        select(desk_message, talk.c.id.label("of"), talk.c.data_key, own.c.data_key.label("own_key"))
        .join(report, report.c.id == desk_message.c.report_id)
        .join(talk, talk.c.id == report.c.talk_id)
        .outerjoin(own, own.c.id == desk_message.c.talk_id)
        .where(desk_message.c.report_id == report_id, visible(seat))
        .order_by(desk_message.c.id)
    )
    return [_entry(session, row) for row in session.run(statement)]


def _entry(session: Session, row: Any) -> Entry:
    text = answer = None
    if row.text is not None and row.data_key is not None:
        text = unseal(session.keys.unwrap(row.data_key, row.of), "desk_message.text", row.id, row.text)
    if row.answer is not None and row.own_key is not None:
        key = session.keys.unwrap(row.own_key, row.talk_id)
        answer = json.loads(unseal(key, "desk_message.answer", row.id, row.answer))
    status = DeskMessageStatus(row.status)
    return Entry(row.id, row.talk_id, row.template, text, status, row.send_at, row.answered_at, answer)


def read(session: Session, means: Means, text: str, theirs: str | None, written_in: str) -> tuple[Mark, ...]:
    """What speaks against a text to somebody who uses the language `theirs`."""
    marks = means.reader.marks(text, own_words.words(session))
    if theirs and theirs != written_in:
        return (*marks, Mark(theirs, Why.LANGUAGE))
    if not any(state(means.catalogues, written_in, each) is State.REVIEWED for each in TEMPLATES.values()):
        return (*marks, Mark(written_in, Why.UNREVIEWED))
    return marks


# What the desk does


def reply(
    session: Session,
    now: datetime,
    seat: Seat,
    report_id: UUID,
    text: str,
    token: str,
    means: Means,
    *,
    written_in: str = WORKING,
    on_purpose: bool = False,
) -> Entry:
    """Write to the reporter in one's own words, once per form token, on the wire they used last.

    Raises NotReached where the rule says no, Unreviewed for somebody of the closed queue, Betrays where the text is
    marked and not sent on purpose, and Duplicate at the flush if this form was sent before. The address is locked, so
    that nothing is written to whoever says STOP or FORGET ME at the same instant.
    """
    row, found = _person(session, now, seat, report_id)
    if row.closed_queue:
        raise Unreviewed("no free text goes to somebody of the closed queue")
    marks = read(session, means, text, row.language, written_in)
    if Betrays(marks).never or (marks and not on_purpose):
        raise Betrays(marks)
    identity = _keep(session, now, seat, row, f"desk:{token}", found, text=text)
    detail = {"marked": sorted({mark.why.value for mark in marks})} if marks else {}
    note(session, now, seat.actor, Action.REPORT_REPLIED, report_id, detail)
    return _say_if_due(session, now, row, found, identity, means)


def ask(
    session: Session, now: datetime, seat: Seat, report_id: UUID, template: Template, token: str, means: Means
) -> Entry:
    """Ask or say something in ready words, in their language, once per form token; the answer joins the report.

    Raises NotReached where the rule says no, Unreviewed where somebody of the closed queue would get other words than
    reviewed ones of support.
    """
    row, found = _person(session, now, seat, report_id)
    if row.closed_queue and not supports(means.catalogues, template, _tongue(row)):
        raise Unreviewed("only reviewed words of support go to somebody of the closed queue")
    identity = _keep(session, now, seat, row, f"desk:{token}", found, template=template.key)
    note(session, now, seat.actor, Action.REPORT_ASKED, report_id, {"template": template.key})
    return _say_if_due(session, now, row, found, identity, means)


def supports(catalogues: Catalogues, template: Template, tag: str) -> bool:
    """Whether it is of support, and reviewed in the language in which who speaks `tag` gets it."""
    return template.support and state(catalogues, speaker(catalogues, tag, template), template) is State.REVIEWED


def take_back(session: Session, now: datetime, seat: Seat, report_id: UUID, message_id: UUID) -> None:
    """What has not gone out does not. Raises Stale if it has, or was taken back before."""
    desk.mine(session, seat, report_id)
    own = desk_message.c.id == message_id, desk_message.c.report_id == report_id, _WAITS
    values = {"status": DeskMessageStatus.TAKEN_BACK.value, "text": None}
    if not session.run(update(desk_message).where(*own).values(**values)).rowcount:
        raise Stale("it is on its way, or was taken back")
    note(session, now, seat.actor, Action.MESSAGE_TAKEN_BACK, report_id)


def _person(session: Session, now: datetime, seat: Seat, report_id: UUID) -> tuple[Any, Reach]:
    """The locked person of a report that this seat may see, and from when they may be written to."""
    row = session.run(PERSON.where(report.c.id == report_id).with_for_update(of=address)).first()
    if row is None:
        raise NotReached(Not.GONE)
    if row.closed_queue and not seat.sees_closed:
        raise NotAllowed("there is no such report for this seat")
    found = reach(now, person_of(row))
    if isinstance(found.why, Not):
        raise NotReached(found.why)
    return row, found


def _keep(session: Session, now: datetime, seat: Seat, row: Any, cause: str, found: Reach, **said: str) -> UUID:
    identity = new_id()
    key = session.keys.unwrap(row.data_key, row.talk_id)
    session.later(
        insert(desk_message),
        {
            "id": identity,
            "report_id": row.id,
            "cause": cause,
            "template": said.get("template"),
            "text": seal(key, "desk_message.text", identity, said["text"]) if "text" in said else None,
            "status": DeskMessageStatus.WAITING.value,
            "send_at": found.at,
            "staff_id": seat.staff_id,
            "made_at": now,
        },
    )
    session.flush()
    return identity


# Going out


_WAITS = desk_message.c.status == DeskMessageStatus.WAITING.value


def _say_if_due(session: Session, now: datetime, row: Any, found: Reach, identity: UUID, means: Means) -> Entry:
    entry = session.run(select(desk_message).where(desk_message.c.id == identity)).one()
    if found.at is not None and found.at <= now:
        _say(session, now, row, entry, means)
    kept = session.run(select(desk_message).where(desk_message.c.id == identity)).one()
    status = DeskMessageStatus(kept.status)
    return Entry(kept.id, kept.talk_id, kept.template, None, status, kept.send_at, None, channel=row.channel)


def send_waiting(store: Store, now: datetime, means: Means) -> int:
    """Say what is due, each in a transaction of its own; how many. Safe to run twice, and by two processes at once."""
    due = select(desk_message.c.id, desk_message.c.report_id).where(_WAITS, desk_message.c.send_at <= now)
    with store.reading() as session:
        rows = session.run(due.order_by(desk_message.c.send_at, desk_message.c.id).limit(_AT_ONCE)).all()
    return sum(_try(store, now, means, row) for row in rows)


def _try(store: Store, now: datetime, means: Means, due: Any) -> bool:
    """Say one; what can't be said keeps nobody else waiting."""
    try:
        with store.writing() as session:
            return _send(session, now, means, due)
    except Duplicate:  # it stands in the outbox already
        with store.writing() as session:
            _note_sent(session, now, due.id, None)
    except StoreAway:
        raise
    except KunnafoniError:
        log.exception("a message of the desk can't be sent", extra={"report": str(due.report_id)})
    return False


def _send(session: Session, now: datetime, means: Means, due: Any) -> bool:
    """Ask the rule again: what was allowed may be so no more, or not at this hour."""
    row = session.run(PERSON.where(report.c.id == due.report_id).with_for_update(of=address)).first()
    own = select(desk_message).where(desk_message.c.id == due.id, _WAITS, desk_message.c.send_at <= now)
    entry = session.run(own.with_for_update()).first()
    if entry is None:
        return False
    found = reach(now, person_of(row)) if row else Reach(None, Not.GONE)
    template = TEMPLATES.get(entry.template or "")
    sheltered = row is not None and row.closed_queue
    if found.at is None or (sheltered and not (template and supports(means.catalogues, template, _tongue(row)))):
        return _drop(session, now, entry)
    if found.at > now:
        session.run(update(desk_message).where(desk_message.c.id == entry.id).values(send_at=found.at))
        return False
    return _say(session, now, row, entry, means)


def _drop(session: Session, now: datetime, entry: Any) -> bool:
    values = {"status": DeskMessageStatus.DROPPED.value, "text": None}
    session.run(update(desk_message).where(desk_message.c.id == entry.id).values(**values))
    note(session, now, "clock", Action.MESSAGE_DROPPED, entry.report_id)
    return False


def _say(session: Session, now: datetime, row: Any, entry: Any, means: Means) -> bool:
    """Hand it to the outbox; a question stays while the person answers another one."""
    wire, template = means.wires.get(row.channel), TEMPLATES.get(entry.template or "")
    if wire is None or (template and template.asks and _is_answering(session, now, row)):
        return False
    here = Here(wire, session, now)
    if template and template.asks:
        _note_sent(session, now, entry.id, _ask(here, means, row, entry))
        return True
    if template:
        _write(here, row, entry, _words(here, means, row, template))
    else:
        key = session.keys.unwrap(row.data_key, row.talk_id)
        _write(here, row, entry, unseal(key, "desk_message.text", entry.id, entry.text))
        values = {"status": ReportStatus.ANSWERED.value, "changed_at": now}
        # A report that was done before the hour came stays done.
        session.run(update(report).where(report.c.id == row.id, report.c.status.in_(OPEN)).values(**values))
    _note_sent(session, now, entry.id, None)
    return True


def _note_sent(session: Session, now: datetime, identity: UUID, talk_id: UUID | None) -> None:
    values = {"status": DeskMessageStatus.SENT.value, "text": None, "talk_id": talk_id, "send_at": now}
    session.run(update(desk_message).where(desk_message.c.id == identity).values(**values))


def _is_answering(session: Session, now: datetime, row: Any) -> bool:
    waits = select(asking.busy(now, address.c.id, ANSWERING)).where(address.c.id == row.address_id)
    return bool(session.run(waits).scalar())


def _words(here: Here, means: Means, row: Any, template: Template) -> str:
    """A statement as this person's wire carries it."""
    spoken = voice(means.catalogues, _tongue(row), template)
    text = template.words(spoken.gettext, _code(here.session, row))
    return means.conversations.as_shown(text, spoken.tag, here.wire)


def _code(session: Session, row: Any) -> str:
    """The number that the reporter knows the report by."""
    about = talks.load(session, row.talk_id)
    return str(about.facts.get("code", "")) if about else ""


def _write(here: Here, row: Any, entry: Any, text: str) -> None:
    outbox.put(
        here.session,
        here.now,
        cause=entry.cause,
        talk_id=row.talk_id,
        data_key=here.session.keys.unwrap(row.data_key, row.talk_id),
        address_id=row.address_id,
        channel=row.channel,
        text=text,
    )
    here.session.flush()


def _ask(here: Here, means: Means, row: Any, entry: Any) -> UUID:
    facts = {"language": _tongue(row), "code": _code(here.session, row), "template": entry.template}
    opened = asking.ask(here, means.conversations, row.address_id, "question", entry.cause, row.id, **facts)
    if entry.template == "consent":
        asked = func.coalesce(report.c.consent, "asked")
        here.session.run(update(report).where(report.c.id == row.id).values(consent=asked))
    return opened.id


def _tongue(row: Any) -> str:
    """The language in which this person is written to."""
    return str(row.spoken or row.language or WORKING)


# Coming back


def answered(session: Session, now: datetime, heard: Talk, outcome: Answered) -> None:
    """What the person answered is kept with the report, and acted upon; the report is unread."""
    row = session.run(select(desk_message).where(desk_message.c.talk_id == heard.id)).first()
    if row is None:
        return
    sealed = seal(heard.data_key, "desk_message.answer", row.id, json.dumps(outcome.answer, ensure_ascii=False))
    session.run(update(desk_message).where(desk_message.c.id == row.id).values(answer=sealed, answered_at=now))
    if outcome.template == "call":
        _call(session, now, heard, outcome.answer)
    of_report = {"consent": outcome.answer or "no"} if outcome.template == "consent" else {}
    status = session.run(select(report.c.status).where(report.c.id == row.report_id)).scalar()
    again = {} if status in OPEN else {"status": ReportStatus.RECEIVED.value}
    values = {"seen_at": None, "changed_at": now, **of_report, **again}
    session.run(update(report).where(report.c.id == row.report_id).values(**values))
    note(session, now, "sender", Action.REPORT_ANSWERED, row.report_id, {"template": outcome.template})


def _call(session: Session, now: datetime, heard: Talk, hour: str | None) -> None:
    session.run(update(report).where(report.c.id == heard.report_id).values(call=hour or "no"))
    if hour in (None, "no"):
        withdraw(session, now, heard.address_id)
    else:
        ask_call_back(session, now, heard.address_id, heard.id, heard.report_id, heard.language_known, hour, rang=False)


def forget(session: Session, report_id: UUID) -> None:
    """Nothing of what was written and answered is left, and nothing goes out any more."""
    own = desk_message.c.report_id == report_id
    session.run(update(desk_message).where(own, _WAITS).values(status=DeskMessageStatus.DROPPED.value))
    session.run(update(desk_message).where(own).values(text=None, answer=None))
