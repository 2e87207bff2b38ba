"""What became of it, told to whoever agreed: what was found out, or that it is done, and whether it helped.

The desk decides, the clock tells: a moment later, so that a slip can be taken back, and at an hour they can be reached.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from bot import talks
from bot.casework.telling import answers, asking
from bot.casework.telling.asking import Here
from bot.casework.telling.reach import AGREED, agreed, is_their_hour
from bot.channels import Channel
from bot.conversation.words import found_out
from bot.errors import KunnafoniError, StoreAway
from bot.languages.catalogue import SOURCE
from bot.store import Duplicate, Session, Store
from bot.store.audit import Action, note
from bot.store.tables import address, report
from bot.talks import Talk, Talks

log = logging.getLogger(__name__)

#: So long the desk may think again before somebody is told.
THINKING = timedelta(minutes=2)
_AT_ONCE = 200


class Telling(StrEnum):
    """What is to be told: what was found out, or that it is done."""

    VERDICT = "verdict"
    DONE = "done"


def tell(session: Session, now: datetime, report_id: UUID, what: Telling) -> None:
    """Have the reporter told in a moment, if they agreed; a later word replaces one that nobody heard yet."""
    theirs = report.c.id == report_id, report.c.answer_needed.in_(AGREED), report.c.closed_queue.is_(False)
    session.run(update(report).where(*theirs).values(tell=what.value, tell_at=now + THINKING))


def keep_back(session: Session, report_id: UUID, what: Telling) -> None:
    """What nobody heard yet is not told."""
    waiting = report.c.id == report_id, report.c.tell == what.value
    session.run(update(report).where(*waiting).values(tell=None, tell_at=None))


@dataclass(frozen=True, slots=True)
class _House:
    conversations: Talks
    wires: Mapping[str, Channel]


def tell_all(store: Store, now: datetime, conversations: Talks, wires: Mapping[str, Channel]) -> int:
    """Tell whoever is due and can be reached now, each in a transaction of its own; how many.

    Safe to run twice, and by two processes at once; one that can't be told keeps nobody else waiting.
    """
    columns = report.c.id, report.c.address_id, report.c.tell, report.c.answer_needed, report.c.call
    due = select(*columns).where(report.c.tell.is_not(None), report.c.tell_at <= now)
    with store.reading() as session:
        rows = session.run(due.order_by(report.c.tell_at, report.c.id).limit(_AT_ONCE)).all()
    house = _House(conversations, wires)
    return sum(_try(store, now, house, row) for row in rows if is_their_hour(now, row.answer_needed, row.call))


def _try(store: Store, now: datetime, house: _House, row: Any) -> bool:
    try:
        with store.writing() as session:
            return _tell(session, now, house, row)
    except Duplicate:  # it stands in the outbox already
        with store.writing() as session:
            keep_back(session, row.id, Telling(row.tell))
    except StoreAway:
        raise
    except KunnafoniError:
        log.exception("a report can't be told about", extra={"report": str(row.id)})
    return False


def _tell(session: Session, now: datetime, house: _House, row: Any) -> bool:
    """Lock the address as a turn does, then take the task: only one process finds it still there."""
    columns = address.c.id, address.c.channel, address.c.language, asking.busy(now, address.c.id).label("busy")
    locked = select(*columns, asking.may_be_written_to().label("reachable")).where(address.c.id == row.address_id)
    person = session.run(locked.with_for_update(of=address)).first()
    wire = house.wires.get(person.channel) if person else None
    if person is not None and person.reachable and (wire is None or (person.busy and row.tell == Telling.DONE)):
        return False
    task = _take(session, now, row.id)
    about = talks.load(session, task.talk_id) if task else None
    if task is None or about is None or person is None or not person.reachable or wire is None:
        return False
    here = Here(wire, session, now)
    cause = f"tell:{row.id.hex}:{task.tell}:{task.tell_at.timestamp():.0f}"
    _say(here, house.conversations, task, about, person.language or about.language, cause)
    note(session, now, "clock", Action.REPORT_TOLD, row.id, {"told": task.tell})
    return True


def _take(session: Session, now: datetime, report_id: UUID) -> Any:
    """What is to be told, taken so that nobody else tells it; None if it was taken back or may not be told any more."""
    waiting = report.c.id == report_id, report.c.tell.is_not(None), report.c.tell_at <= now
    task = session.run(select(report).where(*waiting).with_for_update()).first()
    if task is None:
        return None
    session.run(update(report).where(report.c.id == report_id).values(tell=None, tell_at=None))
    return task if agreed(task.answer_needed, closed_queue=task.closed_queue) else None


def _say(here: Here, conversations: Talks, task: Any, about: Talk, language: str, cause: str) -> None:
    code = str(about.facts.get("code", ""))
    if task.tell == Telling.DONE:
        facts = {"language": language or SOURCE, "code": code}
        asking.ask(here, conversations, about.address_id, "helped", cause, task.id, **facts)
        return
    sentence = answers.told(here.session, here.now, task.incident_id, language)
    text = found_out(conversations.gettext(language), task.veracity, code, sentence.text if sentence else None)
    asking.write(here, about, conversations.as_shown(text, language, here.wire), cause)
