"""Lists of people that somebody sent: each waits, sealed, for a worker, which lands it whole or not at all.

The file is destroyed as soon as its import has ended, whichever way; the database refuses it in an import that is over.
Whoever works on one holds a lease with a fencing token, so that a worker that was taken for dead lands nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, insert, literal, or_, select, update

from bot.errors import KunnafoniError, NotAllowed, Stale
from bot.languages.problem import Problem
from bot.people.landing import Counts
from bot.people.reading import BadRow
from bot.people.spreadsheet import LARGEST_FILE
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import seal, unseal_bytes
from bot.store.tables import ImportStatus, contact_import, staff
from bot.store.types import moment, new_id

#: A file waits no longer than this, and its bad rows are named no longer, whatever happens; what came of it is
#: remembered for so long.
WAITS, REMEMBERED = timedelta(days=1), timedelta(days=30)
#: A list at which workers failed or died so often is not begun anew.
MOST_ATTEMPTS = 3
#: How the audit names what no person did.
WORKER = "worker"
_CONTENT, _BAD = "contact_import.content", "contact_import.bad"
_LISTED = 10
_UNENDED = contact_import.c.ended_at.is_(None)


class Lost(KunnafoniError):
    """The import is no longer this worker's: it was stopped, or another worker has it."""


@dataclass(frozen=True, slots=True)
class Import:
    """Where a list stands, and what came of it; `named` says whether its bad rows are still kept."""

    id: UUID
    status: ImportStatus
    only_check: bool
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None
    rows_read: int
    rows_checked: int
    people: int
    people_ready: int
    bad_rows: int
    named: bool
    counts: Counts | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A list in the hands of a worker."""

    id: UUID
    token: int
    only_check: bool
    actor: str


# Whoever sends lists


def begin(session: Session, now: datetime, staff_id: UUID, file: bytes, *, only_check: bool) -> UUID:
    """Keep this file for a worker, which writes it or only checks it. Raises NotAllowed for one that is too large."""
    if len(file) > LARGEST_FILE:
        raise NotAllowed("no file is taken that is so large")
    identity = new_id()
    values = {"id": identity, "status": ImportStatus.WAITING.value, "only_check": only_check}
    sealed = session.keys.seal_alone(_CONTENT, identity, file)
    session.run(insert(contact_import).values(**values, staff_id=staff_id, begun_at=now, **sealed))
    note(session, now, f"staff:{staff_id}", Action.IMPORT_BEGUN, identity)
    return identity


def recent(session: Session) -> list[Import]:
    """What was sent last, by anybody; the newest first."""
    return [_import(row) for row in session.run(_known().order_by(contact_import.c.id.desc()).limit(_LISTED))]


def find(session: Session, import_id: UUID) -> Import | None:
    """This import."""
    row = session.run(_known().where(contact_import.c.id == import_id)).first()
    return _import(row) if row else None


def bad_rows(session: Session, import_id: UUID) -> list[BadRow]:
    """What was wrong, by row; row 0 is the file as a whole. Nothing once it is kept no longer."""
    columns = contact_import.c.id, contact_import.c.data_key, contact_import.c.bad
    row = session.run(select(*columns).where(contact_import.c.id == import_id)).first()
    if row is None or row.bad is None:
        return []
    return [BadRow(number, Problem(*problem)) for number, *problem in json.loads(session.keys.unseal_of(_BAD, row))]


def stop(session: Session, now: datetime, staff_id: UUID, import_id: UUID) -> None:
    """Nothing of it is written, and the file is destroyed. Raises NotAllowed for none, Stale for one that has ended."""
    if find(session, import_id) is None:
        raise NotAllowed("there is no such import")
    if not _end(session, now, ImportStatus.STOPPED, contact_import.c.id == import_id):
        raise Stale("the import has ended")
    note(session, now, f"staff:{staff_id}", Action.IMPORT_STOPPED, import_id)


# Workers


def waits(session: Session) -> bool:
    """Whether there is something for a worker to do."""
    return session.run(_due(contact_import.c.id)).first() is not None


def claim(session: Session, now: datetime, lease: float) -> Claimed | None:
    """The list that has waited longest, for so many seconds this worker's. One that was begun too often is broken."""
    columns = contact_import.c.id, contact_import.c.token, contact_import.c.attempts, contact_import.c.only_check
    due = _due(*columns, contact_import.c.staff_id).with_for_update(skip_locked=True)
    while (row := session.run(due).first()) is not None:
        this = contact_import.c.id == row.id
        if row.attempts < MOST_ATTEMPTS:
            fresh = {"status": ImportStatus.READING.value, "rows_read": 0, "rows_checked": 0}
            fresh |= {"people": 0, "people_ready": 0, "token": row.token + 1, "attempts": row.attempts + 1}
            session.run(update(contact_import).where(this).values(**fresh, lease_until=moment(literal(lease))))
            return Claimed(row.id, row.token + 1, row.only_check, f"staff:{row.staff_id}")
        _end(session, now, ImportStatus.BROKEN, this)
        note(session, now, WORKER, Action.IMPORT_BROKEN, row.id)
    return None


def content(session: Session, claimed: Claimed) -> bytes:
    """The file. Raises Lost."""
    row = session.run(select(contact_import.c.data_key, contact_import.c.content).where(*_held(claimed))).first()
    if row is None:
        raise Lost("the import is no longer this worker's")
    return unseal_bytes(session.keys.unwrap(row.data_key, claimed.id), _CONTENT, claimed.id, row.content)


def advance(session: Session, claimed: Claimed, lease: float, **how_far: Any) -> None:
    """Say how far it is, and keep it for longer. Raises Lost."""
    values = {**how_far, "lease_until": moment(literal(lease))}
    if not session.run(update(contact_import).where(*_held(claimed)).values(**values)).rowcount:
        raise Lost("the import is no longer this worker's")


def give_back(session: Session, claimed: Claimed, *, counted: bool) -> None:
    """Somebody else is to begin it anew; `counted` as one of the attempts that it has."""
    attempts = contact_import.c.attempts - (0 if counted else 1)
    values = {"status": ImportStatus.WAITING.value, "lease_until": None, "attempts": attempts}
    session.run(update(contact_import).where(*_held(claimed)).values(**values))


def finish(session: Session, now: datetime, claimed: Claimed, counts: Counts) -> None:
    """It was written, in this transaction; or it was only to be checked, and every row is right. Raises Lost."""
    status = ImportStatus.CHECKED if claimed.only_check else ImportStatus.LANDED
    if not _end(session, now, status, *_held(claimed), counts=asdict(counts)):
        raise Lost("the import is no longer this worker's")
    if claimed.only_check:
        note(session, now, claimed.actor, Action.IMPORT_CHECKED, claimed.id)
    else:
        note(session, now, claimed.actor, Action.CONTACTS_IMPORTED, claimed.id, asdict(counts))


def refuse(session: Session, now: datetime, claimed: Claimed, bad: Sequence[BadRow]) -> None:
    """These rows are wrong (row 0: the file as a whole), so nothing is written. Raises Lost."""
    row = session.run(select(contact_import.c.data_key).where(*_held(claimed))).first()
    if row is None:
        raise Lost("the import is no longer this worker's")
    said = json.dumps([[each.row, each.problem.sentence, dict(each.problem.values)] for each in bad])
    sealed = seal(session.keys.unwrap(row.data_key, claimed.id), _BAD, claimed.id, said)
    number = sum(1 for each in bad if each.row)
    named = {"data_key": row.data_key, "bad": sealed, "bad_rows": number}
    if not _end(session, now, ImportStatus.REFUSED, *_held(claimed), **named):
        raise Lost("the import is no longer this worker's")
    note(session, now, claimed.actor, Action.IMPORT_REFUSED, claimed.id, {"bad_rows": number})


# The clock


def erase(session: Session, now: datetime, most: int) -> int:
    """Whatever waits since a day is broken and destroyed, bad rows are named no longer; how many imports."""
    before = contact_import.c.begun_at < now - WAITS
    erased = 0
    for import_id in session.run(select(contact_import.c.id).where(before, _UNENDED).limit(most)).scalars().all():
        if _end(session, now, ImportStatus.BROKEN, contact_import.c.id == import_id):
            note(session, now, "clock", Action.IMPORT_BROKEN, import_id)
            erased += 1
    named = update(contact_import).where(before, contact_import.c.data_key.is_not(None), ~_UNENDED)
    erased += session.run(named.values(data_key=None, bad=None)).rowcount
    erased += session.run(delete(contact_import).where(contact_import.c.begun_at < now - REMEMBERED)).rowcount
    return erased


def _due(*columns: Any) -> Select[Any]:
    free = or_(contact_import.c.lease_until.is_(None), contact_import.c.lease_until < moment())
    return select(*columns).where(_UNENDED, free).order_by(contact_import.c.id).limit(1)


def _held(claimed: Claimed) -> tuple[ColumnElement[bool], ...]:
    return contact_import.c.id == claimed.id, contact_import.c.token == claimed.token, _UNENDED


def _end(session: Session, now: datetime, status: ImportStatus, *which: ColumnElement[bool], **values: Any) -> bool:
    """End it, and destroy the file and, unless `values` say otherwise, its key; whether it had not ended before."""
    nothing = {"content": None, "data_key": None, "lease_until": None}
    ended = {"status": status.value, "ended_at": now, **nothing, **values}
    return bool(session.run(update(contact_import).where(*which, _UNENDED).values(**ended)).rowcount)


def _known() -> Select[Any]:
    kept = contact_import.c.bad.is_not(None).label("named")
    shown = [each for each in contact_import.c if each.name not in {"content", "bad", "data_key"}]
    return select(*shown, kept, staff.c.name).join(staff, staff.c.id == contact_import.c.staff_id)


def _import(row: Any) -> Import:
    return Import(
        row.id,
        ImportStatus(row.status),
        row.only_check,
        row.name,
        row.begun_at,
        row.ended_at,
        row.rows_read,
        row.rows_checked,
        row.people,
        row.people_ready,
        row.bad_rows,
        row.named,
        Counts(**row.counts) if row.counts else None,
    )
