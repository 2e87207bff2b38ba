"""Incidents: what happened, told by one report or by many. A person joins them and takes them apart again.

What is found out of an incident, and its end, go to all of its reports; a report that joins later is told what is known
already. A report of the closed queue belongs to no incident.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, or_, select, update

from bot.casework import desk, exclusions, items
from bot.casework.alike import WINDOW_HOURS, Alike, Told, compare
from bot.casework.desk import Line
from bot.casework.rumours import checking
from bot.casework.seats import Seat
from bot.casework.states import OPEN
from bot.casework.telling import telling
from bot.casework.telling.telling import Telling
from bot.conversation.kinds import CLOSED, Kind
from bot.errors import NotAllowed, Stale
from bot.people.memberships import addresses_of
from bot.places.gazetteer import Gazetteer, Level
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import new_data_key
from bot.store.tables import GroupKind, IncidentStatus, Veracity, incident, report
from bot.store.types import new_id

#: So many reports are compared with one, and so many of them are suggested.
_COMPARED, SUGGESTED = 120, 5
PAGE = 50


@dataclass(frozen=True, slots=True)
class Incident:
    """One event as the desk sees it."""

    id: UUID
    kind: Kind | None
    place: str | None
    urgency: int
    status: IncidentStatus
    veracity: Veracity | None
    made_at: datetime
    changed_at: datetime
    reports: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Who tells of it: how many reports, from how many telephones, how many of these are of cells; where."""

    reports: int
    sources: int
    cells: int
    places: tuple[tuple[str | None, int], ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A report that may tell of the same event, and why."""

    line: Line
    alike: Alike


# What may be one event


def suggest(session: Session, seat: Seat, line: Line, gazetteer: Gazetteer) -> list[Suggested]:
    """The reports that most likely tell of the same event and are not joined with it yet, the likeliest first."""
    if line.closed_queue:
        return []
    window = timedelta(hours=WINDOW_HOURS)
    others = desk.lines(
        session,
        seat,
        report.c.id != line.id,
        report.c.closed_queue.is_(False),
        report.c.made_at.between(line.made_at - window, line.made_at + window),
        or_(report.c.incident_id.is_(None), report.c.incident_id.is_distinct_from(line.incident_id)),
        _near(line, gazetteer),
        most=_COMPARED,
    )
    own = _told(line, gazetteer)
    found = [Suggested(other, alike) for other in others if (alike := compare(own, _told(other, gazetteer)))]
    return sorted(found, key=lambda each: (-each.alike.score, each.line.made_at))[:SUGGESTED]


def _near(line: Line, gazetteer: Gazetteer) -> Any:
    """The same cercle; where the place is not known on either side, what is still open."""
    unplaced = and_(report.c.place.is_(None), report.c.status.in_(OPEN))
    cercle = _cercle(line.place, gazetteer)
    if cercle is None:
        return report.c.place == line.place if line.place else report.c.status.in_(OPEN)
    return or_(report.c.place.in_(gazetteer.ids_within(cercle)), unplaced)


def _cercle(place_id: str | None, gazetteer: Gazetteer) -> str | None:
    place = gazetteer.get(place_id) if place_id else None
    if place is None:
        return None
    return next((each.id for each in gazetteer.path(place) if each.level is Level.CERCLE), None)


def _told(line: Line, gazetteer: Gazetteer) -> Told:
    kind = line.kind or line.suggested_kind
    cercle = _cercle(line.place, gazetteer)
    place = gazetteer.get(line.place) if line.place else None
    names = tuple(place.names) if place else ()
    return Told(kind, line.kind is not None, line.place, cercle, line.made_at, line.narrative or "", names)


# What the desk does


def join(session: Session, now: datetime, seat: Seat, report_id: UUID, others: Sequence[UUID]) -> UUID:
    """These reports tell of one event; its id. Of several incidents the oldest takes the reports of the others.

    A report that joins what is known already is told that. Raises NotAllowed for a report that this seat may not see
    or that is of the closed queue, Stale if the event is over.
    """
    lines = [desk.mine(session, seat, each) for each in sorted({report_id, *others})]
    if any(line.closed_queue for line in lines):
        raise NotAllowed("a report of the closed queue belongs to no incident")
    known = {line.incident_id for line in lines if line.incident_id}
    own = (
        _oldest(session, known)
        if known
        else _open(session, now, seat, next(each for each in lines if each.id == report_id))
    )
    for old in known - {own.id}:
        lines += [line for line in reports_of(session, seat, old) if line not in lines]
        exclusions.settle(session, old, own.id)
        checking.move(session, old, own.id)
        _finish(session, now, old)
    joining = [line for line in lines if line.incident_id != own.id]
    for line in joining:
        session.run(update(report).where(report.c.id == line.id).values(incident_id=own.id, changed_at=now))
        note(session, now, seat.actor, Action.REPORT_JOINED, line.id, {"incident": str(own.id)})
    items.take_from_excluded(session, now, seat, own.id)
    veracity = _joint({own.veracity, *(line.veracity for line in lines)})
    if veracity:
        _spread(session, now, seat, own, veracity)
    urgency = min(own.urgency, *(line.urgency for line in lines))
    session.run(update(incident).where(incident.c.id == own.id).values(urgency=urgency, changed_at=now))
    identity: UUID = own.id
    return identity


def add(session: Session, now: datetime, seat: Seat, incident_id: UUID, others: Sequence[UUID]) -> None:
    """These reports tell of this incident, too. Raises NotAllowed where nobody tells of it any more, else as `join`."""
    own = next(iter(reports_of(session, seat, incident_id)), None)
    if own is None:
        raise NotAllowed("no report is left that others could join")
    join(session, now, seat, own.id, others)


def take_up(session: Session, now: datetime, seat: Seat, report_id: UUID) -> UUID:
    """Somebody looks into whether it is true what this report says; the incident that it hangs on. Raises as `join`."""
    identity = desk.mine(session, seat, report_id).incident_id or join(session, now, seat, report_id, [])
    unasked = incident.c.id == identity, incident.c.veracity.is_(None)
    session.run(update(incident).where(*unasked).values(veracity=Veracity.NEW.value, changed_at=now))
    return identity


def _joint(known: Collection[str | None]) -> Veracity | None:
    """What is known of several that are one: what is settled for one; two answers that differ are checked anew."""
    settled = {veracity for each in known if each and (veracity := Veracity(each)).is_settled}
    if len(settled) == 1:
        return settled.pop()
    return Veracity.UNDER_CHECK if settled or Veracity.UNDER_CHECK in known else None


def _oldest(session: Session, known: set[UUID]) -> Any:
    rows = session.run(select(incident).where(incident.c.id.in_(known)).order_by(incident.c.id).with_for_update()).all()
    if any(row.status == IncidentStatus.CLOSED for row in rows):
        raise Stale("the event is over")
    return rows[0]


def _open(session: Session, now: datetime, seat: Seat, line: Line) -> Any:
    identity, kind = new_id(), line.kind or line.suggested_kind
    values = {
        "id": identity,
        "data_key": session.keys.wrap(new_data_key(), identity),
        "kind": kind.value if kind else None,
        "place": line.place,
        "urgency": line.urgency,
        "status": IncidentStatus.OPEN.value,
        "veracity": Veracity.NEW.value if kind is Kind.RUMOUR else None,
        "made_at": now,
        "changed_at": now,
    }
    session.run(insert(incident).values(**values))
    note(session, now, seat.actor, Action.INCIDENT_OPENED, identity)
    return session.run(select(incident).where(incident.c.id == identity)).one()


def split(session: Session, now: datetime, seat: Seat, report_id: UUID) -> None:
    """This report tells of something else, of which nothing is known; an event that nobody tells of is over.

    Raises Stale if it belongs to none.
    """
    line = desk.mine(session, seat, report_id)
    if line.incident_id is None:
        raise Stale("the report belongs to no incident")
    veracity = Veracity.NEW.value if line.veracity else None
    values = {"incident_id": None, "suggested_incident_id": None, "veracity": veracity, "changed_at": now}
    session.run(update(report).where(report.c.id == report_id).values(**values))
    telling.keep_back(session, report_id, Telling.VERDICT)
    note(session, now, seat.actor, Action.REPORT_SPLIT, report_id, {"incident": str(line.incident_id)})
    if not session.run(select(report.c.id).where(report.c.incident_id == line.incident_id).limit(1)).first():
        _finish(session, now, line.incident_id)


def decide(
    session: Session, now: datetime, seat: Seat, incident_id: UUID, *, kind: Kind, place: str | None, urgency: int
) -> None:
    """Kind, place and urgency as a person decided them. Raises NotAllowed for a kind of the closed queue."""
    row = _mine(session, incident_id)
    if kind in CLOSED:
        raise NotAllowed("a kind of the closed queue belongs to no incident")
    veracity = row.veracity or (Veracity.NEW.value if kind is Kind.RUMOUR else None)
    values = {"kind": kind.value, "place": place, "urgency": urgency, "veracity": veracity, "changed_at": now}
    session.run(update(incident).where(incident.c.id == incident_id).values(**values))
    detail = {"kind": kind.value, "place": place, "urgency": urgency}
    note(session, now, seat.actor, Action.INCIDENT_DECIDED, incident_id, detail)


def judge(session: Session, now: datetime, seat: Seat, incident_id: UUID, veracity: Veracity) -> None:
    """How far it is known whether it is true, for all of its reports: whoever agreed is told what is settled.

    Raises NotAllowed for what is confirmed as long as two sources don't say so.
    """
    row = _mine(session, incident_id)
    if row.veracity != veracity and not checking.may_be(session, incident_id, veracity):
        raise NotAllowed("two sources must say so")
    _spread(session, now, seat, row, veracity)


def _spread(session: Session, now: datetime, seat: Seat, row: Any, veracity: Veracity) -> None:
    for line in reports_of(session, seat, row.id):
        desk.judge(session, now, seat, line.id, veracity)
    if row.veracity != veracity:
        values = {"veracity": veracity.value, "changed_at": now}
        session.run(update(incident).where(incident.c.id == row.id).values(**values))
        note(session, now, seat.actor, Action.INCIDENT_JUDGED, row.id, {"veracity": veracity.value})


def close(session: Session, now: datetime, seat: Seat, incident_id: UUID) -> None:
    """It is over: all of its reports are done, and whoever agreed is told. Raises Stale if it was over before."""
    row = _mine(session, incident_id)
    if row.status == IncidentStatus.CLOSED:
        raise Stale("the event is over")
    for line in reports_of(session, seat, incident_id):
        if line.status in OPEN:
            desk.close(session, now, seat, line.id)
    _finish(session, now, incident_id)
    note(session, now, seat.actor, Action.INCIDENT_CLOSED, incident_id)


def reopen(session: Session, now: datetime, seat: Seat, incident_id: UUID) -> None:
    """It is not over: its closed reports are in the inbox again. Raises Stale if it is open."""
    row = _mine(session, incident_id)
    if row.status == IncidentStatus.OPEN:
        raise Stale("the event is not over")
    for line in reports_of(session, seat, incident_id):
        if line.status == "closed":
            desk.take_back(session, now, seat, line.id)
    values = {"status": IncidentStatus.OPEN.value, "changed_at": now}
    session.run(update(incident).where(incident.c.id == incident_id).values(**values))
    note(session, now, seat.actor, Action.INCIDENT_REOPENED, incident_id)


def _finish(session: Session, now: datetime, incident_id: UUID) -> None:
    values = {"status": IncidentStatus.CLOSED.value, "changed_at": now}
    session.run(update(incident).where(incident.c.id == incident_id).values(**values))


def _mine(session: Session, incident_id: UUID) -> Any:
    row = session.run(select(incident).where(incident.c.id == incident_id).with_for_update()).first()
    if row is None:
        raise NotAllowed("there is no such incident")
    return row


# What the desk sees


_REPORTS = (
    select(func.count())
    .select_from(report)
    .where(report.c.incident_id == incident.c.id)
    .correlate(incident)
    .scalar_subquery()
)


def listed(session: Session, status: IncidentStatus) -> list[Incident]:
    """The incidents that are open, or over, the most urgent first and within that the newest; PAGE at most."""
    order = incident.c.urgency, incident.c.changed_at.desc()
    statement = select(incident, _REPORTS.label("reports")).where(incident.c.status == status.value)
    return [_incident(row) for row in session.run(statement.order_by(*order).limit(PAGE))]


def look(session: Session, incident_id: UUID) -> Incident | None:
    """One incident, or None."""
    row = session.run(select(incident, _REPORTS.label("reports")).where(incident.c.id == incident_id)).first()
    return _incident(row) if row else None


def reports_of(session: Session, seat: Seat, incident_id: UUID) -> list[Line]:
    """Its reports, the oldest first."""
    return desk.lines(session, seat, report.c.incident_id == incident_id, most=1000)[::-1]


def count(session: Session, incident_id: UUID) -> Counted:
    """How many tell of it, and where; a telephone counts once, however often it told."""
    its = report.c.incident_id == incident_id
    of_cell = report.c.address_id.in_(addresses_of(GroupKind.CELL))
    cells = func.count(report.c.address_id.distinct()).filter(of_cell)
    row: Any = session.run(select(func.count(), func.count(report.c.address_id.distinct()), cells).where(its)).one()
    places = Counter(session.run(select(report.c.place).where(its)).scalars())
    return Counted(row[0], row[1], row[2], tuple(places.most_common()))


def _incident(row: Any) -> Incident:
    return Incident(
        row.id,
        Kind(row.kind) if row.kind else None,
        row.place,
        row.urgency,
        IncidentStatus(row.status),
        Veracity(row.veracity) if row.veracity else None,
        row.made_at,
        row.changed_at,
        row.reports,
    )
