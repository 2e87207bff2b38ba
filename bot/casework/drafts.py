"""Drafts: what somebody has typed and not sent, so that neither a link that fails nor a session that ends loses words.

Each is its author's alone, and sealed under a key of its own, so that deleting its row erases it for good. It goes when
it is sent or discarded, with the words that it is about, and some days later in any case (`keeping/retention.py`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from bot.store import Session, form_tokens
from bot.store.tables import draft, item, staff
from bot.store.types import new_id

#: More than any of these fields takes.
LONGEST = 2000
_LABEL = "draft.text"


class Field(StrEnum):
    """What is being written, by the name that its field has in the form: a reply about a report, the summary of an
    event, the note of a call, what is asked of seats, what a seat is answered, and what it answers.
    """

    REPLY = "text"
    SUMMARY = "summary"
    NOTE = "note"
    REQUEST = "request"
    ANSWER = "answer"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed last, and when it was kept."""

    text: str = field(repr=False)
    kept_at: datetime


def keep(session: Session, now: datetime, staff_id: UUID, about: UUID, what: Field, text: str, token: str) -> None:
    """Keep this in place of what this person had typed there before; no words keep nothing.

    Nothing is kept of a form that was sent: what a page saves by itself may arrive after the act. `about` is the id of
    the report, the event, the call-back or the item.
    """
    _own(session, staff_id)
    if form_tokens.is_used(session, token):
        return
    _delete(session, staff_id, about, what)
    if not text.strip():
        return
    identity = new_id()
    values = {"id": identity, "staff_id": staff_id, "about": about, "field": what.value, "kept_at": now}
    session.run(insert(draft).values(**values, **session.keys.seal_alone(_LABEL, identity, text[:LONGEST])))


def of(session: Session, staff_id: UUID, about: UUID) -> Mapping[Field, Draft]:
    """What this person has typed there and not sent."""
    rows = session.run(select(draft).where(draft.c.staff_id == staff_id, draft.c.about == about))
    return {Field(row.field): Draft(session.keys.unseal_of(_LABEL, row), row.kept_at) for row in rows}


def discard(session: Session, staff_id: UUID, about: UUID, what: Field) -> None:
    """It was sent, or is not wanted any more."""
    _own(session, staff_id)
    _delete(session, staff_id, about, what)


def forget(session: Session, abouts: Any) -> None:
    """Whatever anybody typed about these is gone; `abouts` are ids, or select them."""
    session.run(delete(draft).where(draft.c.about.in_(abouts)))


def forget_events(session: Session, incident_ids: Collection[UUID]) -> None:
    """Whatever anybody typed about these events, and to and from the seats that were asked."""
    forget(session, incident_ids)
    forget(session, select(item.c.id).where(item.c.incident_id.in_(incident_ids)))


def erase(session: Session, before: datetime, most: int) -> int:
    """Erase what was kept before then; how many."""
    due = select(draft.c.id).where(draft.c.kept_at < before).order_by(draft.c.kept_at).limit(most)
    found = list(session.run(due).scalars())
    if found:
        session.run(delete(draft).where(draft.c.id.in_(found)))
    return len(found)


def _own(session: Session, staff_id: UUID) -> None:
    """One at a time for each person: an act and a save of the same form are served in some order."""
    session.run(select(staff.c.id).where(staff.c.id == staff_id).with_for_update())


def _delete(session: Session, staff_id: UUID, about: UUID, what: Field) -> None:
    mine = draft.c.staff_id == staff_id, draft.c.about == about, draft.c.field == what.value
    session.run(delete(draft).where(*mine))
