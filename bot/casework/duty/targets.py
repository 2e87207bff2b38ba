"""How soon the desk looks at a report: minutes of staffed time for each urgency, as this desk has set them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select

from bot.casework.duty.hours import Hours
from bot.errors import KunnafoniError
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import target

_DAY = 12 * 60
#: P1 in 15 minutes, P2 in 2 hours, P3 in a day of twelve hours and P4 in three, of staffed time.
USUAL: Mapping[int, int] = {1: 15, 2: 120, 3: _DAY, 4: 3 * _DAY}
LONGEST = 30 * _DAY


class NoTarget(KunnafoniError):
    """The urgency is none, or the time is none that a desk could mean."""


def targets(session: Session) -> Mapping[int, int]:
    """Minutes of staffed time for each urgency; of each the newest row counts."""
    last = select(func.max(target.c.id)).group_by(target.c.urgency)
    rows = session.run(select(target.c.urgency, target.c.minutes).where(target.c.id.in_(last)))
    return {**USUAL, **{row.urgency: row.minutes for row in rows}}


def change(session: Session, now: datetime, staff_id: UUID, urgency: int, minutes: int) -> None:
    """From now on reports of this urgency are due after so many minutes of staffed time. Raises NoTarget."""
    if urgency not in USUAL or not 0 < minutes <= LONGEST:
        raise NoTarget("an urgency from 1 to 4 and at most thirty days")
    session.run(insert(target).values(urgency=urgency, minutes=minutes, staff_id=staff_id, made_at=now))
    note(session, now, f"staff:{staff_id}", Action.TARGET_CHANGED, f"P{urgency}", {"minutes": minutes})


def due(made_at: datetime, minutes: int, hours: Hours) -> datetime:
    """When so many minutes of staffed time have passed since then; of a desk that never opens, at no time ahead."""
    left = timedelta(minutes=minutes)
    for opens, closes in hours.spans(made_at):
        if opens + left <= closes:
            return opens + left
        left -= closes - opens
    return datetime.max.replace(tzinfo=UTC)


def late_before(now: datetime, minutes: int, hours: Hours) -> datetime:
    """What came before this moment is late now; of a desk that never opened, nothing is."""
    left = timedelta(minutes=minutes)
    for opens, closes in hours.spans_back(now):
        if closes - left >= opens:
            return closes - left
        left -= closes - opens
    return datetime.min.replace(tzinfo=UTC)
