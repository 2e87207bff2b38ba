"""Whether what somebody told may be passed on, without their name and number.

It is asked when it matters. Who was not asked counts as before: a summary that names nobody is what this service is
for, and a village would wait for ever if silence were a no. Who says no is heard, whatever the others say.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from bot.store import Session
from bot.store.tables import report


def unwilling(session: Session, incident_id: UUID) -> frozenset[UUID]:
    """The reports of an event whose words must not be passed on: a telephone that said no says so of all it told."""
    rows = _rows(session, incident_id)
    against = {_source(row) for row in rows if row.consent == "no"}
    return frozenset(row.id for row in rows if _source(row) in against)


def forbids(session: Session, incident_id: UUID) -> bool:
    """Whether everybody who told of it said no: then nothing of it may leave the desk."""
    rows = _rows(session, incident_id)
    return bool(rows) and len(unwilling(session, incident_id)) == len(rows)


def _rows(session: Session, incident_id: UUID) -> Any:
    columns = report.c.id, report.c.address_id, report.c.consent
    return session.run(select(*columns).where(report.c.incident_id == incident_id)).all()


def _source(row: Any) -> UUID:
    """The telephone; of somebody who is forgotten each report stands for itself."""
    source: UUID = row.address_id or row.id
    return source
