"""Retention: what was told to us is kept for so long and no longer, and then erased for good by the clock.

First goes the link from a report to whoever told it, later the words; the event stays, with its kind, place and times.
Words go by destroying the key they were sealed under, so that no copy of the database brings them back after the next
rotation of the keys.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select, update

from bot.casework import calls, drafts, interpreting, search, thread
from bot.casework.duty import hand_over
from bot.casework.keeping.forgetting import UNSETTLED, destroy_words
from bot.errors import KunnafoniError
from bot.people import imports
from bot.people.addresses import nobody
from bot.store import Session, Store
from bot.store.audit import Action, note
from bot.store.tables import (
    CallBackStatus,
    IncidentStatus,
    TalkStatus,
    address,
    call_back,
    contact_address,
    duty_phone,
    form_token,
    incident,
    item,
    item_note,
    message,
    outbox,
    report,
    retention_period,
    reveal,
    rumour_answer,
    rumour_check,
    sighting,
    subscription,
    talk,
)
from bot.store.types import among

#: So much is erased in one transaction, and so many of them follow one another in one run.
_AT_ONCE, _MOST_RUNS = 200, 50
#: A form that was sent is not sent again after so long.
_FORMS = timedelta(days=2)
LONGEST = 730
#: How the audit names what runs by itself.
SUBJECT = "retention"


class Kept(StrEnum):
    """What is kept for a number of days."""

    LINK = "link"
    CLOSED_LINK = "closed_link"
    TEXT = "text"
    TALK = "talk"
    EVENT = "event"
    HAND_OVER = "hand_over"
    DRAFT = "draft"


#: Days, from the plan of the house; to be confirmed by whoever answers for the data. A report counts from its closing
#: (link) and from its coming (text), a conversation that tells of nothing from its last word, an event from its end.
USUAL: Mapping[Kept, int] = {
    Kept.LINK: 30,
    Kept.CLOSED_LINK: 1,
    Kept.TEXT: 180,
    Kept.TALK: 30,
    Kept.EVENT: 180,
    Kept.HAND_OVER: 30,
    Kept.DRAFT: 7,
}


class NoPeriod(KunnafoniError):
    """The number of days is none that a desk could mean."""


@dataclass(frozen=True, slots=True)
class Period:
    """How many days something is kept, and who said so when (None: it came with the program)."""

    kept: Kept
    days: int
    staff_id: UUID | None = None
    made_at: datetime | None = None


def periods(session: Session) -> Mapping[Kept, Period]:
    """The periods of today; of each the newest row counts."""
    last = select(func.max(retention_period.c.id)).group_by(retention_period.c.kept)
    rows = session.run(select(retention_period).where(retention_period.c.id.in_(last)))
    said = {Kept(row.kept): Period(Kept(row.kept), row.days, row.staff_id, row.made_at) for row in rows}
    return {kept: said.get(kept, Period(kept, days)) for kept, days in USUAL.items()}


def change(session: Session, now: datetime, staff_id: UUID, kept: Kept, days: int) -> None:
    """From now on this is kept for so many days, from 1 to LONGEST. Raises NoPeriod."""
    if not 1 <= days <= LONGEST:
        raise NoPeriod("a number of days from 1 to two years")
    session.run(insert(retention_period).values(kept=kept.value, days=days, staff_id=staff_id, made_at=now))
    note(session, now, f"staff:{staff_id}", Action.RETENTION_CHANGED, kept.value, {"days": days})


def enforce(store: Store, now: datetime) -> Counter[str]:
    """Erase what has been kept long enough; how much of each. It may be stopped at any point and run again."""
    with store.reading() as session:
        ends = {kept: now - timedelta(days=period.days) for kept, period in periods(session).items()}
    erased: Counter[str] = Counter()
    for name, step in _steps(now, ends):
        for _ in range(_MOST_RUNS):
            with store.writing() as session:
                number = step(session)
            erased[name] += number
            if number < _AT_ONCE:
                break
    if erased.total():
        with store.writing() as session:
            note(session, now, "clock", Action.RETENTION_ENFORCED, SUBJECT, {**+erased})
    return +erased


def overdue(session: Session, now: datetime) -> int:
    """How many reports are older than their words may be and still open: nothing is taken from under the desk."""
    before = now - timedelta(days=periods(session)[Kept.TEXT].days)
    waiting = select(report.c.id).where(report.c.made_at < before, ~_ENDED, report.c.narrative.is_not(None))
    return session.run(select(func.count()).select_from(waiting.limit(1000).subquery())).scalar() or 0


def _steps(now: datetime, ends: Mapping[Kept, datetime]) -> Sequence[tuple[str, Callable[[Session], int]]]:
    """In this order: an address can only go when nothing leads to it any more."""
    link = ends[Kept.LINK]
    return (
        ("link", lambda session: _cut_links(session, now, link, closed_queue=False)),
        ("closed_link", lambda session: _cut_links(session, now, ends[Kept.CLOSED_LINK], closed_queue=True)),
        ("text", lambda session: _erase_texts(session, now, ends[Kept.TEXT])),
        ("talk", lambda session: _erase_talks(session, ends[Kept.TALK])),
        ("event", lambda session: _erase_events(session, ends[Kept.EVENT])),
        ("hand_over", lambda session: hand_over.erase(session, ends[Kept.HAND_OVER], _AT_ONCE)),
        ("draft", lambda session: drafts.erase(session, ends[Kept.DRAFT], _AT_ONCE)),
        ("import", lambda session: imports.erase(session, now, _AT_ONCE)),
        ("address", lambda session: _drop_addresses(session, now, link)),
        ("form", lambda session: _drop_forms(session, now - _FORMS)),
    )


_ENDED = among(report.c.status, "closed", "set_aside")


# The link


def _cut_links(session: Session, now: datetime, before: datetime, *, closed_queue: bool) -> int:
    """Of reports that were closed before then, nothing leads to a telephone any more: not the report, its talks, its
    messages or its call-backs. One with a message still under way waits for it.
    """
    under_way = exists(
        select(1)
        .select_from(outbox)
        .join(message, message.c.id == outbox.c.message_id)
        .join(talk, talk.c.id == message.c.talk_id)
        .where(talk.c.report_id == report.c.id, UNSETTLED)
        .correlate(report)
    )
    due = (
        select(report.c.id)
        .where(_ENDED, report.c.address_id.is_not(None), report.c.changed_at < before)
        .where(report.c.closed_queue.is_(closed_queue), ~under_way)
        .order_by(report.c.changed_at)
        .limit(_AT_ONCE)
        .with_for_update(of=report, skip_locked=True)
    )
    reports = list(session.run(due).scalars())
    if not reports:
        return 0
    unlinked = nobody(session, now)
    talks = select(talk.c.id).where(talk.c.report_id.in_(reports))
    messages = select(message.c.id).where(message.c.talk_id.in_(talks))
    session.run(update(outbox).where(outbox.c.message_id.in_(messages)).values(address_id=unlinked))
    session.run(update(talk).where(talk.c.report_id.in_(reports)).values(address_id=unlinked, contact_id=None))
    calls.forget_notes(session, call_back.c.report_id.in_(reports))
    done = {"status": CallBackStatus.DONE.value, "address_id": None, "talk_id": None}
    session.run(update(call_back).where(call_back.c.report_id.in_(reports)).values(**done))
    session.run(delete(reveal).where(reveal.c.report_id.in_(reports)))
    for identity in reports:
        nothing = {"address_id": None, "code_hash": os.urandom(32), "tell": None, "tell_at": None}
        session.run(update(report).where(report.c.id == identity).values(**nothing))
        note(session, now, "clock", Action.REPORT_UNLINKED, identity)
    return len(reports)


# Words


def _erase_texts(session: Session, now: datetime, before: datetime) -> int:
    """Of reports that came before then and are done, every word goes, with the index that finds it and the keys."""
    due = (
        select(report.c.id)
        .where(_ENDED, report.c.narrative.is_not(None), report.c.made_at < before)
        .order_by(report.c.made_at)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    reports = list(session.run(due).scalars())
    for identity in reports:
        search.forget(session, identity)
        thread.forget(session, identity)
        session.run(update(report).where(report.c.id == identity).values(narrative=None, to_index=False))
        note(session, now, "clock", Action.REPORT_ERASED, identity)
    if reports:
        drafts.forget(session, reports)
        interpreting.forget(session, reports)
        destroy_words(session, select(talk.c.id).where(talk.c.report_id.in_(reports)))
    return len(reports)


def _erase_talks(session: Session, before: datetime) -> int:
    """Conversations that tell of nothing (a menu, a command, a question of the week) keep their words no longer."""
    due = (
        select(talk.c.id)
        .where(talk.c.report_id.is_(None), talk.c.data_key.is_not(None), talk.c.heard_at < before)
        .where(talk.c.status != TalkStatus.OPEN.value)
        .order_by(talk.c.heard_at)
        .limit(_AT_ONCE)
    )
    talks = list(session.run(due).scalars())
    if talks:
        destroy_words(session, talks)
    return len(talks)


def _erase_events(session: Session, before: datetime) -> int:
    """Of events that were over before then, the summary goes, what the seats wrote, what sources said of a rumour and
    its answers; the audit says what was done.
    """
    due = (
        select(incident.c.id)
        .where(incident.c.status == IncidentStatus.CLOSED.value, incident.c.data_key.is_not(None))
        .where(incident.c.changed_at < before)
        .order_by(incident.c.changed_at)
        .limit(_AT_ONCE)
    )
    events = list(session.run(due).scalars())
    if events:
        drafts.forget_events(session, events)
        session.run(
            delete(item_note).where(item_note.c.item_id.in_(select(item.c.id).where(item.c.incident_id.in_(events))))
        )
        for table in (rumour_answer, rumour_check):
            session.run(delete(table).where(table.c.incident_id.in_(events)))
        session.run(update(sighting).where(sighting.c.incident_id.in_(events)).values(words=None))
        session.run(update(incident).where(incident.c.id.in_(events)).values(summary=None, data_key=None))
    return len(events)


# Addresses and forms


def _drop_addresses(session: Session, now: datetime, before: datetime) -> int:
    """The number of whoever nothing leads to any more: no report, no talk with words, no contact, no wish to be left
    alone (which is kept with the number it protects), and who was not heard since then.
    """
    at_it = (
        select(1).where(report.c.address_id == address.c.id),
        select(1).where(talk.c.address_id == address.c.id, talk.c.data_key.is_not(None)),
        select(1).where(contact_address.c.address_id == address.c.id, contact_address.c.ended_at.is_(None)),
        select(1).where(subscription.c.address_id == address.c.id),
        select(1).where(call_back.c.address_id == address.c.id, call_back.c.status == CallBackStatus.OPEN.value),
        select(1).where(outbox.c.address_id == address.c.id, UNSETTLED),
        select(1).where(duty_phone.c.address_id == address.c.id, duty_phone.c.ended_at.is_(None)),
    )
    unused = [~exists(each.correlate(address)) for each in at_it]
    due = (
        select(address.c.id)
        .where(address.c.sealed.is_not(None), address.c.forgotten_at.is_(None), address.c.opted_out_at.is_(None))
        .where(address.c.heard_at < before, *unused)
        .order_by(address.c.heard_at)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    addresses = list(session.run(due).scalars())
    for identity in addresses:
        nothing = {"sealed": None, "data_key": None, "language": None, "hash": os.urandom(32), "forgotten_at": now}
        session.run(update(address).where(address.c.id == identity).values(**nothing))
    return len(addresses)


def _drop_forms(session: Session, before: datetime) -> int:
    session.run(delete(form_token).where(form_token.c.used_at < before))
    return 0
