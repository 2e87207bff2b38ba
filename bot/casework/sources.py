"""The weight of a source: what became of what this telephone told before. It hides nothing and is shown.

Only what was confirmed counts: what is probable or could not be checked weighs nothing. Nor does it make something that
people say any truer that many of them say it.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, exists, func, select

from bot.casework.seats import Seat, visible
from bot.people.memberships import addresses_of
from bot.store import Session
from bot.store.tables import GroupKind, contact_address, report


@dataclass(frozen=True, slots=True)
class Source:
    """Earlier reports of the same telephone: how many, found true, found false, told by others too; is it a cell's?"""

    earlier: int = 0
    true: int = 0
    false: int = 0
    corroborated: int = 0
    of_cell: bool = False

    @property
    def weight(self) -> int:
        """Above 0: what it told was true more often than not."""
        return self.true + self.corroborated - 2 * self.false


def source_of(session: Session, seat: Seat, report_id: UUID) -> Source:
    """The source of a report by the earlier ones that the seat may see; of a forgotten one nothing is known."""
    own: Any = session.run(select(report.c.address_id, report.c.made_at).where(report.c.id == report_id)).first()
    if own is None or own.address_id is None:
        return Source()
    other = report.alias("other")
    by_others = exists(
        select(1).where(other.c.incident_id == report.c.incident_id, other.c.address_id != report.c.address_id)
    )
    earlier = report.c.address_id == own.address_id, report.c.made_at < own.made_at, visible(seat)

    def number(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    true, false = report.c.veracity == "confirmed_true", report.c.veracity == "confirmed_false"
    no_rumour = report.c.veracity.is_(None)
    row: Any = session.run(
        select(func.count(), number(true), number(false), number(and_(no_rumour, by_others))).where(*earlier)
    ).one()
    cells = addresses_of(GroupKind.CELL).where(contact_address.c.address_id == own.address_id)
    of_cell = session.run(cells.limit(1)).first() is not None
    return Source(int(row[0]), int(row[1]), int(row[2]), int(row[3]), of_cell)
