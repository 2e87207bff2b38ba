"""The same act on several reports: each in a transaction of its own, so that one that can't be done keeps no other.

All or nothing would be wrong here: a colleague who opens one of twenty-five reports meanwhile would undo the work on
all others. What could not be done is said for each. Joining is one act, for an event is one thing: what can't be part
of it is left out before.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bot.casework import desk, incidents, locks
from bot.casework.locks import Held
from bot.casework.seats import Seat
from bot.errors import NotAllowed, Stale
from bot.store import Duplicate, Session, Store, form_tokens
from bot.store.audit import Action, note

#: More than a page of the inbox is never chosen at once.
MOST = desk.PAGE


class Why(StrEnum):
    """Why an act was not done on a report."""

    NOT_THERE = "not_there"
    HELD = "held"
    STALE = "stale"
    ALREADY = "already"
    CLOSED = "closed"


@dataclass(slots=True)
class Result:
    """On which reports it was done, and why not on the others; in the order in which they were chosen."""

    done: list[UUID] = field(default_factory=list)
    refused: dict[UUID, Why] = field(default_factory=dict)


def each(
    store: Store,
    now: datetime,
    seat: Seat,
    token: str,
    report_ids: Sequence[UUID],
    act: Callable[[Session, UUID], None],
) -> Result:
    """Do the act on each report that nobody else works on. The same form sent again does what is left of it."""
    result = Result()
    for report_id in dict.fromkeys(report_ids[:MOST]):
        why = _try(store, now, seat, _token_of(token, report_id), report_id, act)
        if why is None:
            result.done.append(report_id)
        else:
            result.refused[report_id] = why
    return result


def _try(
    store: Store, now: datetime, seat: Seat, token: str, report_id: UUID, act: Callable[[Session, UUID], None]
) -> Why | None:
    try:
        with store.writing() as session:
            locks.hold(session, now, seat, report_id)
            form_tokens.use(session, now, token)
            act(session, report_id)
    except Duplicate:
        return Why.ALREADY
    except Held:
        return _refused(store, now, seat, report_id, Why.HELD)
    except Stale:
        return _refused(store, now, seat, report_id, Why.STALE)
    except NotAllowed:
        return _refused(store, now, seat, report_id, Why.NOT_THERE)
    return None


def _token_of(token: str, report_id: UUID) -> str:
    """A form's own token for one of its reports."""
    return hashlib.blake2b(f"{token}|{report_id}".encode(), digest_size=24).hexdigest()


def _refused(store: Store, now: datetime, seat: Seat, report_id: UUID, why: Why) -> Why:
    # The audit is read by others than the closed queue is.
    detail = {"page": "bulk"} if why is Why.CLOSED else {"page": "bulk", "why": why.value}
    with store.writing() as session:
        note(session, now, seat.actor, Action.REPORT_REFUSED, report_id, detail)
    return why


def join(store: Store, now: datetime, seat: Seat, token: str, report_ids: Sequence[UUID]) -> tuple[Result, UUID | None]:
    """All of these that can be part of an event tell of one; its id, or None if fewer than two can."""
    result, incident_id = Result(), None
    chosen = list(dict.fromkeys(report_ids[:MOST]))
    for report_id in chosen:
        why = _can_not_join(store, now, seat, report_id)
        if why:
            result.refused[report_id] = _refused(store, now, seat, report_id, why)
    fit = [report_id for report_id in chosen if report_id not in result.refused]
    if len(fit) < 2:
        return result, None
    try:
        with store.writing() as session:
            locks.hold(session, now, seat, *fit)
            form_tokens.use(session, now, token)
            incident_id = incidents.join(session, now, seat, fit[0], fit[1:])
    except Duplicate:
        result.refused.update(dict.fromkeys(fit, Why.ALREADY))
    except (Held, Stale, NotAllowed):
        # Between the look and the act somebody was faster, or the event is over: nothing of it is done.
        result.refused.update({each: _refused(store, now, seat, each, Why.STALE) for each in fit})
    else:
        result.done = fit
    return result, incident_id


def _can_not_join(store: Store, now: datetime, seat: Seat, report_id: UUID) -> Why | None:
    with store.reading() as session:
        line = desk.look(session, seat, report_id)
        lock = locks.held(session, now, [report_id]).get(report_id)
    if line is None:
        return Why.NOT_THERE
    if line.closed_queue:
        return Why.CLOSED
    return Why.HELD if lock and lock.staff_id != seat.staff_id else None
