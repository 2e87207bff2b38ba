"""Translation tasks: a message in a language that nobody on duty reads, put into words that they do.

The translator gets what a person of the desk has redacted, its language and nothing else: no report, place, number or
identity. Of the closed queue nothing is given to anybody. A task is sealed under a key of its own and goes with the
words that it was made of. It is offered to whoever has its language.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, insert, select, update

from bot.casework.duty import rota
from bot.casework.seats import Seat, lock, visible
from bot.casework.states import IS_OPEN
from bot.errors import NotAllowed, Stale
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import seal
from bot.store.tables import duty_profile, report, staff, translation_task
from bot.store.types import new_id

LONGEST = 2000
_TEXT, _TRANSLATION = "translation_task.text", "translation_task.translation"
_LISTED = 50
#: What a person must be to be given anything; the name is that of the panel's role.
_ROLE = "translator"
_OPEN = translation_task.c.translated_at.is_(None)


@dataclass(frozen=True, slots=True)
class Task:
    """What a translator sees of a message."""

    id: UUID
    language: str
    text: str = field(repr=False)
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Translated:
    """What the desk sees: what was given away, and what came back by whom."""

    task: Task
    translation: str | None = field(repr=False)
    translated_by: UUID | None
    translated_at: datetime | None


def ask(session: Session, now: datetime, seat: Seat, report_id: UUID, text: str, language: str) -> None:
    """Give this redacted text to the translators, to whom nothing says what it is of.

    Raises NotAllowed for a report of the closed queue or of another seat, Stale while another text of it waits.
    """
    closed = lock(session, seat, report_id)
    if closed or not text or len(text) > LONGEST:
        raise NotAllowed("nothing of this report can be given to a translator")
    if session.run(select(translation_task.c.id).where(translation_task.c.report_id == report_id, _OPEN)).first():
        raise Stale("another text of this report waits")
    identity = new_id()
    sealed = session.keys.seal_alone(_TEXT, identity, text)
    values = {"id": identity, "report_id": report_id, "language": language, "asked_by": seat.staff_id, "asked_at": now}
    session.run(insert(translation_task).values(**values, **sealed))
    note(session, now, seat.actor, Action.TRANSLATION_TASK_ASKED, report_id, {"language": language})


def waiting(session: Session, staff_id: UUID) -> list[Task]:
    """What waits for this translator, in the languages that they have, the longest first; of reports that are done
    nothing does.
    """
    theirs = translation_task.c.language.in_(rota.languages_of(session, staff_id))
    statement = _waiting().where(theirs).order_by(translation_task.c.asked_at, translation_task.c.id).limit(_LISTED)
    return [_task(session, row) for row in session.run(statement)]


def waiting_for_others(session: Session, staff_id: UUID) -> list[str]:
    """The languages that this translator does not have and in which something waits."""
    asked = set(session.run(_waiting().with_only_columns(translation_task.c.language).distinct()).scalars())
    return sorted(asked.difference(rota.languages_of(session, staff_id)))


def has_translator(session: Session, language: str) -> bool:
    """Whether somebody may be given a message in this language."""
    profiles = select(staff.c.roles, duty_profile.c.languages).where(duty_profile.c.staff_id == staff.c.id)
    rows = session.run(profiles.where(staff.c.active))
    return any(_ROLE in row.roles and language in row.languages for row in rows)


def translate(session: Session, now: datetime, staff_id: UUID, task_id: UUID, text: str) -> None:
    """What it says in the desk's language; the report is unread. Raises Stale for one that waits no more, NotAllowed
    for a language that this translator does not have.
    """
    row = session.run(_waiting().where(translation_task.c.id == task_id).with_for_update(of=translation_task)).first()
    if row is None:
        raise Stale("nobody waits for this any more")
    if not text or len(text) > LONGEST or row.language not in rota.languages_of(session, staff_id):
        raise NotAllowed("no such translation")
    sealed = seal(session.keys.unwrap(row.data_key, row.id), _TRANSLATION, row.id, text)
    values = {"translation": sealed, "translated_by": staff_id, "translated_at": now}
    session.run(update(translation_task).where(translation_task.c.id == task_id).values(**values))
    session.run(update(report).where(report.c.id == row.report_id).values(seen_at=None, changed_at=now))
    note(session, now, f"staff:{staff_id}", Action.TRANSLATION_TASK_DONE, row.report_id)


def withdraw(session: Session, now: datetime, seat: Seat, report_id: UUID, task_id: UUID) -> None:
    """Nobody is to translate it any more: it is erased. Raises NotAllowed, and Stale if it came back already."""
    lock(session, seat, report_id)
    this = translation_task.c.id == task_id, translation_task.c.report_id == report_id, _OPEN
    if not session.run(delete(translation_task).where(*this)).rowcount:
        raise Stale("it was translated, or taken back before")
    note(session, now, seat.actor, Action.TRANSLATION_TASK_WITHDRAWN, report_id)


def of(session: Session, seat: Seat, report_id: UUID) -> list[Translated]:
    """What was given to translators of this report, in order; nothing of one that the seat may not see."""
    statement = select(translation_task).join(report, report.c.id == translation_task.c.report_id)
    rows = session.run(statement.where(report.c.id == report_id, visible(seat)).order_by(translation_task.c.id))
    return [_translated(session, row) for row in rows]


def forget(session: Session, report_ids: Collection[UUID]) -> None:
    """Nothing is left of what was given away of these reports, nor of what came back."""
    session.run(delete(translation_task).where(translation_task.c.report_id.in_(report_ids)))


def _waiting() -> Select[Any]:
    joined = select(translation_task).join(report, report.c.id == translation_task.c.report_id)
    return joined.where(_OPEN, IS_OPEN, report.c.closed_queue.is_(False))


def _task(session: Session, row: Any) -> Task:
    return Task(row.id, row.language, session.keys.unseal_of(_TEXT, row), row.asked_at)


def _translated(session: Session, row: Any) -> Translated:
    words = None if row.translation is None else session.keys.unseal_of(_TRANSLATION, row)
    return Translated(_task(session, row), words, row.translated_by, row.translated_at)
