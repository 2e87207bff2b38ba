"""Into the closed queue: what a report leaves behind outside, and what must not stay there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from bot.casework import drafts, exclusions, interpreting
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import DeskMessageStatus, IncidentStatus, ItemStatus, desk_message, incident, item, report


def set_apart(session: Session, now: datetime, actor: str, report_id: UUID) -> None:
    """The report is in the closed queue from now on, and nothing of it is left for those who may not see that.

    It leaves its event, whose summary may tell of it and is destroyed; of an event that nobody else tells of, the
    committee sees nothing any more. What was to be told or written to the person is not. The act is the caller's to
    note.
    """
    row: Any = session.run(select(report.c.incident_id).where(report.c.id == report_id)).one()
    if row.incident_id:
        # What the reporter asked for holds on for the event that the others tell of.
        exclusions.settle(session, row.incident_id)
    nothing = {"incident_id": None, "suggested_incident_id": None, "veracity": None, "tell": None, "tell_at": None}
    session.run(update(report).where(report.c.id == report_id).values(closed_queue=True, **nothing, changed_at=now))
    drafts.forget(session, [report_id])
    interpreting.forget(session, [report_id])
    waiting = desk_message.c.report_id == report_id, desk_message.c.status == DeskMessageStatus.WAITING.value
    dropped = {"status": DeskMessageStatus.DROPPED.value, "text": None}
    session.run(update(desk_message).where(*waiting).values(**dropped))
    if row.incident_id:
        _clear(session, now, actor, row.incident_id)


def _clear(session: Session, now: datetime, actor: str, incident_id: UUID) -> None:
    gone = {"summary": None, "summary_by": None, "summary_at": None, "changed_at": now}
    left = session.run(select(report.c.id).where(report.c.incident_id == incident_id).limit(1)).first()
    over = {} if left else {"status": IncidentStatus.CLOSED.value}
    session.run(update(incident).where(incident.c.id == incident_id).values(**gone, **over))
    drafts.forget_events(session, [incident_id])
    if left:
        return
    seen = item.c.incident_id == incident_id, item.c.status != ItemStatus.WITHDRAWN.value
    values = {"status": ItemStatus.WITHDRAWN.value, "changed_at": now}
    taken = session.run(update(item).where(*seen).values(**values).returning(item.c.id)).scalars()
    for item_id in taken.all():
        note(session, now, actor, Action.ITEM_WITHDRAWN, item_id)
