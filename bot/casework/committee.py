"""The coordination committee: its seats, who holds them, and which seat an event goes to.

Titles and rules are data. The sixteen lines are those of the national policy of 2017 (coordination and evaluation
committee); ministries have changed their names since, so a title may be changed and its code never is.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, exists, insert, or_, select, update

from bot.casework.seats import Seat
from bot.conversation.kinds import Kind
from bot.errors import NotAllowed
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import committee_seat, routing_rule, seat_holder, staff

#: How soon a seat reports what was done, by urgency, where a rule does not say otherwise.
DUE = {1: timedelta(hours=6), 2: timedelta(days=1), 3: timedelta(days=7), 4: timedelta(days=15)}


@dataclass(frozen=True, slots=True)
class Body:
    """One seat: its code for ever and its title of today; a college has several holders.

    `protection_only`: it hears of a need for protection and nothing else (Defence, Security).
    """

    code: str
    title: str
    college: bool
    protection_only: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Who sits in a seat, or stands in for it."""

    seat: str
    staff_id: UUID
    name: str
    deputy: bool


@dataclass(frozen=True, slots=True)
class Route:
    """Where an event of a kind goes: who leads, who contributes, and when it is due."""

    kind: Kind
    lead: str
    contributors: tuple[str, ...]
    due: timedelta

    def without(self, excluded: Collection[str]) -> "Route":
        """The same past the excluded bodies: whoever would contribute first leads then, else the chair, else nobody."""
        left = [code for code in (self.lead, *self.contributors) if code not in excluded]
        if not left and "chair" not in excluded:
            left = ["chair"]
        return replace(self, lead=left[0] if left else "", contributors=tuple(left[1:]))


def bodies(session: Session) -> list[Body]:
    """All seats, in the order of the policy."""
    rows = session.run(select(committee_seat).order_by(committee_seat.c.place))
    return [Body(row.code, row.title, row.college, row.protection_only) for row in rows]


def rename(session: Session, now: datetime, seat: Seat, code: str, title: str) -> None:
    """The title as it is today. Raises NotAllowed for a seat that is not there."""
    changed = session.run(update(committee_seat).where(committee_seat.c.code == code).values(title=title))
    if not changed.rowcount:
        raise NotAllowed("there is no such seat")
    note(session, now, seat.actor, Action.SEAT_RENAMED, code)


def holders(session: Session) -> list[Holder]:
    """Everybody who sits in a seat now."""
    columns = seat_holder.c.seat, seat_holder.c.staff_id, seat_holder.c.deputy, staff.c.name
    statement = select(*columns).join(staff, staff.c.id == seat_holder.c.staff_id).where(staff.c.active)
    rows = session.run(statement.order_by(seat_holder.c.seat, seat_holder.c.deputy, staff.c.name))
    return [Holder(row.seat, row.staff_id, row.name, row.deputy) for row in rows]


def is_vacant(seat: Any) -> Any:
    """As a condition: nobody who may sign in holds this seat, a column, or stands in for it."""
    theirs = select(1).join_from(seat_holder, staff, staff.c.id == seat_holder.c.staff_id)
    return ~exists(theirs.where(seat_holder.c.seat == seat, staff.c.active))


def seat_down(session: Session, now: datetime, seat: Seat, code: str, staff_id: UUID, *, deputy: bool) -> None:
    """From now on they hold this seat, or stand in for it; in a seat that is no college they take the place over.

    What the one before them had open is theirs: items belong to the seat.
    """
    body = session.run(select(committee_seat).where(committee_seat.c.code == code)).first()
    if body is None or session.run(select(staff.c.id).where(staff.c.id == staff_id, staff.c.active)).first() is None:
        raise NotAllowed("there is no such seat or person")
    same = seat_holder.c.seat == code
    theirs = and_(same, seat_holder.c.staff_id == staff_id)
    before = and_(same, seat_holder.c.deputy.is_(deputy))
    session.run(delete(seat_holder).where(theirs if body.college else or_(theirs, before)))
    session.run(insert(seat_holder).values(seat=code, staff_id=staff_id, deputy=deputy, made_at=now))
    note(session, now, seat.actor, Action.SEAT_TAKEN, staff_id, {"seat": code, "deputy": deputy})


def stand_up(session: Session, now: datetime, seat: Seat, code: str, staff_id: UUID) -> None:
    """They leave the seat; whoever comes next finds its items."""
    theirs = seat_holder.c.seat == code, seat_holder.c.staff_id == staff_id
    if session.run(delete(seat_holder).where(*theirs)).rowcount:
        note(session, now, seat.actor, Action.SEAT_LEFT, staff_id, {"seat": code})


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where somebody sits: seats that they hold, or stand in for while nobody holds them; and those with a holder."""

    holds: tuple[str, ...]
    stands_in: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All of them."""
        return self.holds + self.stands_in


def sitting(session: Session, staff_id: UUID) -> Sitting:
    """Where this member of staff sits now."""
    beside = seat_holder.alias("beside")
    held = exists(
        select(1)
        .join_from(beside, staff, staff.c.id == beside.c.staff_id)
        .where(beside.c.seat == seat_holder.c.seat, beside.c.deputy.is_(False), staff.c.active)
    )
    columns = seat_holder.c.seat, and_(seat_holder.c.deputy, held).label("stands_in")
    rows = session.run(select(*columns).where(seat_holder.c.staff_id == staff_id).order_by(seat_holder.c.seat)).all()
    return Sitting(
        tuple(row.seat for row in rows if not row.stands_in), tuple(row.seat for row in rows if row.stands_in)
    )


def route_for(session: Session, kind: Kind, urgency: int, place_path: tuple[str, ...] = ()) -> Route:
    """Where an event goes by the rules: the one that says most (urgency, then place) wins; the chair takes the rest."""
    rows = session.run(select(routing_rule).where(routing_rule.c.kind == kind.value)).all()
    fitting = [row for row in rows if row.urgency in (None, urgency) and (row.place is None or row.place in place_path)]
    best: Any = max(fitting, key=lambda row: (row.urgency is not None, row.place is not None, row.id), default=None)
    if best is None:
        return Route(kind, "chair", (), DUE[urgency])
    due = timedelta(hours=best.due_hours) if best.due_hours else DUE[urgency]
    return Route(kind, best.lead, tuple(best.contributors), due)


def rules(session: Session) -> list[Route]:
    """Every rule, by kind; what a rule does not say of the time is by urgency, shown for the third."""
    rows = session.run(select(routing_rule).order_by(routing_rule.c.kind, routing_rule.c.id))
    return [
        Route(
            Kind(row.kind),
            row.lead,
            tuple(row.contributors),
            timedelta(hours=row.due_hours) if row.due_hours else DUE[row.urgency or 3],
        )
        for row in rows
    ]
