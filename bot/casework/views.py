"""Saved views: the filters of the inbox that somebody uses every day, under a name of their own.

Only fields of the filter are kept, never words that were searched for; the name is sealed, as people write in it what
they like.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from bot.casework.seats import Seat
from bot.errors import KunnafoniError, NotAllowed
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import Keys, seal, unseal
from bot.store.tables import saved_view, staff
from bot.store.types import new_id

MOST, LONGEST_NAME = 12, 30
#: A deleted view can be brought back for so long.
UNDO = timedelta(minutes=10)


class NoView(KunnafoniError):
    """The view has no name or no filter."""


class TooMany(KunnafoniError):
    """There are `MOST` views already."""


@dataclass(frozen=True, slots=True)
class View:
    """One view: what it is called, and the fields of the filter."""

    id: UUID
    name: str = field(repr=False)
    query: Mapping[str, str]


def save(session: Session, now: datetime, seat: Seat, name: str, query: Mapping[str, str]) -> None:
    """Keep these fields under this name. Raises NoView and TooMany."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not query:
        raise NoView("a view has a name and a filter")
    _make_room(session, now, seat)
    identity = new_id()
    values = {"id": identity, "staff_id": seat.staff_id, "query": dict(query), "made_at": now}
    session.run(insert(saved_view).values(**values, name=seal(_key(session.keys), "saved_view.name", identity, name)))
    note(session, now, seat.actor, Action.VIEW_SAVED, identity)


def remove(session: Session, now: datetime, seat: Seat, view_id: UUID) -> None:
    """Take the view out of the list; `bring_back` undoes it for a while. Raises NotAllowed for another's."""
    own = _own(seat, view_id), saved_view.c.deleted_at.is_(None)
    if not session.run(update(saved_view).where(*own).values(deleted_at=now)).rowcount:
        raise NotAllowed("there is no such view of this person")
    note(session, now, seat.actor, Action.VIEW_DELETED, view_id)


def bring_back(session: Session, now: datetime, seat: Seat, view_id: UUID) -> None:
    """The view is in the list again. Raises NotAllowed for another's, and when it is too late; TooMany."""
    _make_room(session, now, seat)
    own = _own(seat, view_id), saved_view.c.deleted_at > now - UNDO
    if not session.run(update(saved_view).where(*own).values(deleted_at=None)).rowcount:
        raise NotAllowed("there is no such view of this person")
    note(session, now, seat.actor, Action.VIEW_BROUGHT_BACK, view_id)


def of(session: Session, seat: Seat) -> list[View]:
    """Their views, in the order in which they were saved."""
    return _views(session, saved_view.c.staff_id == seat.staff_id, saved_view.c.deleted_at.is_(None))


def removed(session: Session, now: datetime, seat: Seat) -> list[View]:
    """Those of theirs that can still be brought back."""
    return _views(session, saved_view.c.staff_id == seat.staff_id, saved_view.c.deleted_at > now - UNDO)


def _make_room(session: Session, now: datetime, seat: Seat) -> None:
    """Of two forms at one instant the second waits here, and counts what the first has kept."""
    session.run(select(staff.c.id).where(staff.c.id == seat.staff_id).with_for_update())
    theirs = saved_view.c.staff_id == seat.staff_id
    session.run(delete(saved_view).where(theirs, saved_view.c.deleted_at <= now - UNDO))
    living = select(func.count()).select_from(saved_view).where(theirs, saved_view.c.deleted_at.is_(None))
    if session.run(living).scalar_one() >= MOST:
        raise TooMany("there is no room for another view")


def _own(seat: Seat, view_id: UUID) -> Any:
    return (saved_view.c.id == view_id) & (saved_view.c.staff_id == seat.staff_id)


def _views(session: Session, *conditions: Any) -> list[View]:
    key = _key(session.keys)
    rows = session.run(select(saved_view).where(*conditions).order_by(saved_view.c.id))
    return [View(row.id, unseal(key, "saved_view.name", row.id, row.name), row.query) for row in rows]


def _key(keys: Keys) -> bytes:
    return keys.derive("saved views")
