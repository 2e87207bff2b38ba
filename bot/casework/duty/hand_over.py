"""Hand-over notes: what one shift leaves to the next, sealed, for each person until they say that they have read it.

The clock erases them (`keeping/retention.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, exists, insert, select

from bot.casework.seats import Seat, visible
from bot.errors import NotAllowed, Stale
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import hand_over, hand_over_read, staff
from bot.store.types import new_id

LONGEST = 2000
#: So many unread ones stand over the inbox, and so many on the list of the earlier ones.
_OVER_INBOX, _LISTED = 5, 200
_LABEL = "hand_over.text"


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody left, who has read it by name, and whether it is for the officers of the closed queue alone."""

    id: UUID
    text: str = field(repr=False)
    author_id: UUID
    author: str
    made_at: datetime
    closed_queue: bool
    readers: tuple[str, ...] = ()


def write(session: Session, now: datetime, seat: Seat, text: str, *, closed_queue: bool = False) -> None:
    """Leave a note to whoever comes next. Raises NotAllowed for one too long, or not its author's to see."""
    if not text or len(text) > LONGEST or (closed_queue and not seat.sees_closed):
        raise NotAllowed("no such note can be left from this seat")
    identity = new_id()
    values = {"id": identity, "closed_queue": closed_queue, "author_id": seat.staff_id, "made_at": now}
    session.run(insert(hand_over).values(**values, **session.keys.seal_alone(_LABEL, identity, text)))
    note(session, now, seat.actor, Action.HAND_OVER_WRITTEN, identity)


def unread(session: Session, seat: Seat) -> list[Note]:
    """What others left, since this person came to the desk, that they have not read; the newest first."""
    came = select(staff.c.made_at).where(staff.c.id == seat.staff_id).scalar_subquery()
    by_me = hand_over_read.c.hand_over_id == hand_over.c.id, hand_over_read.c.staff_id == seat.staff_id
    theirs = hand_over.c.author_id != seat.staff_id, hand_over.c.made_at >= came, ~exists(select(1).where(*by_me))
    return _notes(session, visible(seat, hand_over), *theirs, most=_OVER_INBOX)


def earlier(session: Session, seat: Seat) -> list[Note]:
    """All notes that are kept, the newest first, each with who has read it."""
    found = _notes(session, visible(seat, hand_over), most=_LISTED)
    columns = hand_over_read.c.hand_over_id, staff.c.name
    readers = select(*columns).join(staff, staff.c.id == hand_over_read.c.staff_id).order_by(hand_over_read.c.read_at)
    of: dict[UUID, list[str]] = {each.id: [] for each in found}
    for row in session.run(readers.where(hand_over_read.c.hand_over_id.in_(of))):
        of[row.hand_over_id].append(row.name)
    return [replace(each, readers=tuple(of[each.id])) for each in found]


def read(session: Session, now: datetime, seat: Seat, note_id: UUID) -> None:
    """This person has read it. Raises NotAllowed if there is none that this seat may see; twice is once."""
    _mine(session, seat, note_id)
    theirs = hand_over_read.c.hand_over_id == note_id, hand_over_read.c.staff_id == seat.staff_id
    if session.run(select(hand_over_read.c.read_at).where(*theirs)).first() is None:
        session.run(insert(hand_over_read).values(hand_over_id=note_id, staff_id=seat.staff_id, read_at=now))
        note(session, now, seat.actor, Action.HAND_OVER_READ, note_id)


def withdraw(session: Session, now: datetime, seat: Seat, note_id: UUID) -> None:
    """Its author takes it back: it is erased. Raises NotAllowed if it is not there, Stale if it is somebody else's."""
    if _mine(session, seat, note_id).author_id != seat.staff_id:
        raise Stale("the note is somebody else's")
    _erase(session, [note_id])
    note(session, now, seat.actor, Action.HAND_OVER_WITHDRAWN, note_id)


def erase(session: Session, before: datetime, most: int) -> int:
    """Erase what was left before then, with its key and who has read it; how many."""
    due = select(hand_over.c.id).where(hand_over.c.made_at < before).order_by(hand_over.c.made_at).limit(most)
    found = list(session.run(due).scalars())
    if found:
        _erase(session, found)
    return len(found)


def _erase(session: Session, ids: Sequence[UUID]) -> None:
    session.run(delete(hand_over_read).where(hand_over_read.c.hand_over_id.in_(ids)))
    session.run(delete(hand_over).where(hand_over.c.id.in_(ids)))


def _mine(session: Session, seat: Seat, note_id: UUID) -> Note:
    """The note, locked. Raises NotAllowed if there is none that this seat may see."""
    session.run(select(hand_over.c.id).where(hand_over.c.id == note_id).with_for_update())
    found = _notes(session, and_(hand_over.c.id == note_id, visible(seat, hand_over)), most=1)
    if not found:
        raise NotAllowed("there is no such note for this seat")
    return found[0]


def _notes(session: Session, *conditions: Any, most: int) -> list[Note]:
    statement = select(hand_over, staff.c.name).join(staff, staff.c.id == hand_over.c.author_id).where(*conditions)
    rows = session.run(statement.order_by(hand_over.c.made_at.desc(), hand_over.c.id.desc()).limit(most))
    return [_note(session, row) for row in rows]


def _note(session: Session, row: Any) -> Note:
    return Note(row.id, session.keys.unseal_of(_LABEL, row), row.author_id, row.name, row.made_at, row.closed_queue)
