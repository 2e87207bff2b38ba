"""Who may be written to, and from when: the one rule for what the clock tells, the desk answers and the desk asks.

Somebody agreed who said how soon they need an answer. Whoever wrote in the last 24 hours is in conversation: an answer
is no surprise on their screen. Who needs no answer gets none, and of the closed queue nobody is written to who has not
just come back. The hour is one they named, or the day; whoever needs it right away, or has the phone in hand, hears at
once. Of a number that a clerk entered nothing is told but whether its owner agreed, or any number could be tried.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select

from bot.store.tables import address, report, talk

#: The channel of what a clerk entered for somebody.
DESK = "desk"
#: What a person may have answered to "you need an answer" that means: write to me.
AGREED = ("now", "today", "week")
#: The hours of a person's day (Mali's time is UTC all year), and those that they named for a call.
HOURS = range(7, 19)
_NAMED = {"morning": range(7, 12), "afternoon": range(12, 17), "evening": range(17, 20)}
#: So long after their last message somebody is in conversation, and so long they have the phone in hand.
CONVERSATION = timedelta(hours=24)
IN_HAND = timedelta(minutes=30)


class When(StrEnum):
    """Why it goes out when it does."""

    RIGHT_AWAY = "right_away"
    IN_HAND = "in_hand"
    NAMED = "named"
    DAY = "day"


class Not(StrEnum):
    """Why nothing may be written."""

    GONE = "gone"
    UNASKED = "unasked"
    UNSAFE = "unsafe"
    STOPPED = "stopped"
    NO_NEED = "no_need"
    NOT_AGREED = "not_agreed"
    SHELTERED = "sheltered"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether somebody may be written to: `at` is from when on, or None and `why` says why not."""

    at: datetime | None
    why: When | Not


@dataclass(frozen=True, slots=True)
class Person:
    """What decides it: what they answered, where their report is, when they were heard last, what they asked for."""

    answer_needed: str | None
    call: str | None
    closed_queue: bool
    heard_at: datetime | None
    stopped: bool = False
    unsafe: bool = False
    entered: bool = False


def agreed(answer_needed: str | None, *, closed_queue: bool) -> bool:
    """Whether somebody may be written to unasked: who wanted an answer, and nobody of the closed queue."""
    return answer_needed in AGREED and not closed_queue


def reach(now: datetime, person: Person) -> Reach:
    """Whether this person may be written to, and from when."""
    refusal = _refusal(person)
    if refusal:
        return Reach(None, refusal)
    assert person.heard_at is not None
    found = _from_when(now, person, person.heard_at)
    assert found.at is not None
    if agreed(person.answer_needed, closed_queue=person.closed_queue):
        return found
    in_conversation = not person.entered and found.at <= person.heard_at + CONVERSATION
    return found if in_conversation else Reach(None, Not.SHELTERED if person.closed_queue else Not.NOT_AGREED)


def _refusal(person: Person) -> Not | None:
    if person.entered:
        silent = person.answer_needed not in AGREED or person.stopped or person.unsafe or person.heard_at is None
        return Not.UNASKED if silent else None
    if person.heard_at is None:
        return Not.GONE
    if person.stopped:
        return Not.STOPPED
    if person.unsafe:
        return Not.UNSAFE
    return Not.NO_NEED if person.answer_needed == "none" else None


def _from_when(now: datetime, person: Person, heard_at: datetime) -> Reach:
    if person.answer_needed == "now":
        return Reach(now, When.RIGHT_AWAY)
    if now - heard_at <= IN_HAND and not person.entered:
        return Reach(now, When.IN_HAND)
    hours = _NAMED.get(person.call or "", HOURS)
    return Reach(_next(now, hours), When.DAY if hours is HOURS else When.NAMED)


def is_their_hour(now: datetime, answer_needed: str | None, call: str | None) -> bool:
    """Whether somebody who agreed hears it now, or later in the hours that they named."""
    return answer_needed == "now" or now.hour in _NAMED.get(call or "", HOURS)


def _next(now: datetime, hours: range) -> datetime:
    """The first moment from now on that lies in these hours of a day."""
    if now.hour in hours:
        return now
    first = now.replace(hour=hours.start, minute=0, second=0, microsecond=0)
    return first if first > now else first + timedelta(days=1)


_DECIDES: Select[Any] = select(
    report.c.id,
    report.c.address_id,
    report.c.talk_id,
    report.c.answer_needed,
    report.c.call,
    report.c.closed_queue,
    report.c.language,
    report.c.channel.label("came_by"),
    talk.c.data_key,
    address.c.channel,
    address.c.heard_at,
    address.c.opted_out_at,
    address.c.forgotten_at,
    address.c.ended_at,
    address.c.unsafe_at,
    address.c.language.label("spoken"),
).join(talk, talk.c.id == report.c.talk_id)
#: What decides it, and where to write, of a report: with somebody to write to, or with nobody, too.
PERSON = _DECIDES.join(address, address.c.id == report.c.address_id)
ANYBODY = _DECIDES.outerjoin(address, address.c.id == report.c.address_id)


def person_of(row: Any) -> Person:
    """The person of a row of PERSON or ANYBODY."""
    gone = row.forgotten_at or row.ended_at or row.data_key is None or not row.channel
    return Person(
        row.answer_needed,
        row.call,
        row.closed_queue,
        None if gone else row.heard_at,
        stopped=row.opted_out_at is not None,
        unsafe=row.unsafe_at is not None,
        entered=row.came_by == DESK,
    )
