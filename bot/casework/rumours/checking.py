"""What people say, and whether it is true: where it is heard, who was asked about it, and what they said.

It hangs on an incident. It counts as confirmed when two sources say the same; a source is a role or a body, never a
private person. Words are sealed under the incident's key.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, or_, select, union_all, update

from bot import talks
from bot.casework import desk
from bot.casework.desk import Line
from bot.casework.masking import own_words, redaction
from bot.casework.masking.marks import Mark
from bot.casework.rumours.recognition import Asked, is_same
from bot.casework.seats import Seat
from bot.casework.states import OPEN
from bot.conversation.kinds import Kind
from bot.errors import NotAllowed
from bot.places.gazetteer import Gazetteer
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import seal, unseal
from bot.store.tables import (
    IncidentStatus,
    Says,
    Through,
    Veracity,
    incident,
    report,
    rumour_answer,
    rumour_check,
    sighting,
    talk,
)
from bot.store.types import among, new_id
from bot.store.words import words_of

#: So many sources must say the same before something counts as confirmed.
SOURCES = 2
PAGE = 50
#: What sources must say for it.
CONFIRMS = {Veracity.CONFIRMED_TRUE: Says.TRUE, Veracity.CONFIRMED_FALSE: Says.FALSE}
#: Shorter words ("le", "les", "des") do not make another source of the same body.
_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where and when it was heard, and through what: told by a report, or noted by the desk (`id`, `staff_id`)."""

    at: datetime
    place: str | None
    through: Through | None
    words: str | None
    report_id: UUID | None = None
    id: UUID | None = None
    staff_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What one source said when the desk asked it."""

    id: UUID
    says: Says
    source: str
    finding: str
    staff_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Rumour:
    """One rumour in a list: since when and where it is heard, how often, and how it was told first."""

    id: UUID
    veracity: Veracity
    status: IncidentStatus
    since: datetime
    sightings: int
    places: tuple[tuple[str | None, int], ...]
    told: str | None


# Where it is heard


def sight(
    session: Session,
    now: datetime,
    seat: Seat,
    incident_id: UUID,
    *,
    through: Through,
    place: str | None,
    heard_at: datetime,
    words: str = "",
) -> UUID:
    """It was heard there, too, as a radio or somebody who called says. Raises NotAllowed for what is not there."""
    key = _key(session, incident_id)
    identity = new_id()
    values = {"id": identity, "incident_id": incident_id, "through": through.value, "place": place}
    sealed = seal(key, "sighting.words", identity, words) if words else None
    made = {"made_by": seat.staff_id, "made_at": now}
    session.run(insert(sighting).values(heard_at=heard_at, words=sealed, **values, **made))
    _touch(session, now, incident_id)
    note(session, now, seat.actor, Action.SIGHTING_NOTED, incident_id, {"through": through.value, "place": place})
    return identity


def take_back_sighting(session: Session, now: datetime, seat: Seat, incident_id: UUID, identity: UUID) -> None:
    """It was noted by mistake. Raises NotAllowed if it is not there any more."""
    _key(session, incident_id)
    its = sighting.c.id == identity, sighting.c.incident_id == incident_id, sighting.c.withdrawn_at.is_(None)
    if not session.run(update(sighting).where(*its).values(withdrawn_at=now)).rowcount:
        raise NotAllowed("there is no such sighting")
    note(session, now, seat.actor, Action.SIGHTING_WITHDRAWN, incident_id)


def sightings(session: Session, seat: Seat, incident_id: UUID) -> list[Sighting]:
    """Each report that joined and each one that the desk noted, the newest first."""
    through = _heard_through(session, incident_id)
    told = [
        Sighting(line.made_at, line.place, through.get(line.id), line.narrative, report_id=line.id)
        for line in desk.lines(session, seat, report.c.incident_id == incident_id, most=500)
    ]
    return sorted([*told, *_noted(session, incident_id)], key=lambda each: each.at, reverse=True)


def _noted(session: Session, incident_id: UUID) -> list[Sighting]:
    its = sighting.c.incident_id == incident_id, sighting.c.withdrawn_at.is_(None)
    rows = session.run(select(sighting, incident.c.data_key).join(incident).where(*its)).all()
    return [
        Sighting(
            row.heard_at,
            row.place,
            Through(row.through),
            _opened(session, row, "sighting.words", row.words),
            id=row.id,
            staff_id=row.made_by,
        )
        for row in rows
    ]


def _heard_through(session: Session, incident_id: UUID) -> dict[UUID, Through]:
    """What the reporters answered to "How did you hear it?", by report."""
    theirs = select(talk, report.c.id.label("told")).join(report, report.c.talk_id == talk.c.id)
    rows = session.run(theirs.where(report.c.incident_id == incident_id, talk.c.data_key.is_not(None)))
    answers = {row.told: talks.restore(session, row).answers.get("through") for row in rows}
    return {told: Through(answer) for told, answer in answers.items() if answer in list(Through)}


# What sources say


def check(
    session: Session, now: datetime, seat: Seat, incident_id: UUID, *, source: str, says: Says, finding: str
) -> UUID:
    """This source was asked, and said so. Raises NotAllowed for a source that names a person, or what is not there."""
    key = _key(session, incident_id)
    if not words_of(source) or named_in(session, source):
        raise NotAllowed("a source is a role or a body")
    identity = new_id()
    sealed = {
        "source": seal(key, "rumour_check.source", identity, source),
        "finding": seal(key, "rumour_check.finding", identity, finding),
    }
    values = {"id": identity, "incident_id": incident_id, "says": says.value, "made_by": seat.staff_id, "made_at": now}
    session.run(insert(rumour_check).values(**sealed, **values))
    _touch(session, now, incident_id)
    note(session, now, seat.actor, Action.CHECK_NOTED, incident_id, {"says": says.value})
    return identity


def named_in(session: Session, source: str) -> list[Mark]:
    """What in the words for a source names a person."""
    return redaction.marks(source, own_words.words(session))


def take_back_check(session: Session, now: datetime, seat: Seat, incident_id: UUID, identity: UUID) -> None:
    """It was noted by mistake. Raises NotAllowed if it is not there, or what is confirmed would rest on too few."""
    _key(session, incident_id)
    its = rumour_check.c.id == identity, rumour_check.c.incident_id == incident_id
    living = rumour_check.c.withdrawn_at.is_(None)
    if not session.run(update(rumour_check).where(*its, living).values(withdrawn_at=now)).rowcount:
        raise NotAllowed("there is no such check")
    veracity = session.run(select(incident.c.veracity).where(incident.c.id == incident_id)).scalar_one()
    if veracity in CONFIRMS and not may_be(session, incident_id, Veracity(veracity)):
        raise NotAllowed("what is confirmed rests on this source")
    note(session, now, seat.actor, Action.CHECK_WITHDRAWN, incident_id)


def checks(session: Session, incident_id: UUID) -> list[Check]:
    """What each source said, in the order it was noted."""
    its = rumour_check.c.incident_id == incident_id, rumour_check.c.withdrawn_at.is_(None)
    statement = select(rumour_check, incident.c.data_key).join(incident).where(*its)
    rows = session.run(statement.order_by(rumour_check.c.made_at, rumour_check.c.id)).all()
    return [
        Check(
            row.id,
            Says(row.says),
            _opened(session, row, "rumour_check.source", row.source) or "",
            _opened(session, row, "rumour_check.finding", row.finding) or "",
            row.made_by,
            row.made_at,
        )
        for row in rows
    ]


def may_be(session: Session, incident_id: UUID, veracity: Veracity) -> bool:
    """Whether enough sources say so: two for what is confirmed, none for all else."""
    wanted = CONFIRMS.get(veracity)
    return wanted is None or agreeing(checks(session, incident_id), wanted) >= SOURCES


def agreeing(found: Iterable[Check], says: Says) -> int:
    """How many different sources say so; the same body asked twice is one."""
    return len({_body(each.source) for each in found if each.says is says})


def _body(source: str) -> frozenset[str]:
    words = words_of(source)
    return frozenset(word for word in words if len(word) >= _LETTERS) or frozenset(words)


# Lists


def listed(session: Session, seat: Seat, veracity: Veracity | None = None) -> list[Rumour]:
    """The rumours of one state, or of all, what changed last at the top; PAGE at most."""
    wanted = incident.c.veracity == veracity.value if veracity else incident.c.veracity.is_not(None)
    rows = session.run(select(incident).where(wanted).order_by(incident.c.changed_at.desc()).limit(PAGE)).all()
    ids = [row.id for row in rows]
    places = _places(session, ids)
    since = _since(session, ids)
    told = _first_words(session, seat, ids)
    return [
        Rumour(
            row.id,
            Veracity(row.veracity),
            IncidentStatus(row.status),
            since.get(row.id, row.made_at),
            places[row.id].total(),
            tuple(places[row.id].most_common()),
            told.get(row.id),
        )
        for row in rows
    ]


def places_of(session: Session, incident_id: UUID) -> list[str]:
    """The places where it was heard, the most often first."""
    return [place for place, _number in _places(session, [incident_id])[incident_id].most_common() if place]


def unopened(session: Session, seat: Seat) -> list[Line]:
    """The open reports that are a rumour, or are likely to be one, and belong to no event yet."""
    asks = or_(
        report.c.kind == Kind.RUMOUR.value, and_(report.c.kind.is_(None), among(report.c.suggested_kind, "rumour"))
    )
    alone = report.c.incident_id.is_(None), report.c.closed_queue.is_(False), report.c.status.in_(OPEN)
    return desk.lines(session, seat, asks, *alone, most=PAGE)


def asked_again(session: Session, seat: Seat, incident_id: UUID, gazetteer: Gazetteer) -> list[Line]:
    """The reports that stand alone and surely ask what this rumour says, or were told so: to be joined by hand."""
    row = session.run(select(incident.c.place).where(incident.c.id == incident_id)).one()
    place = gazetteer.get(row.place) if row.place else None
    told = [each.words for each in sightings(session, seat, incident_id) if each.words]
    known = [Asked.read(line, gazetteer) for words in told for line in words.split("\n")]
    where = gazetteer.of_today(place) if place else None
    its = report.c.suggested_incident_id == incident_id, report.c.incident_id.is_(None), report.c.status.in_(OPEN)
    found = desk.lines(session, seat, *its, report.c.closed_queue.is_(False), most=PAGE)
    others = [line for line in unopened(session, seat) if line.id not in {each.id for each in found}]
    return [*found, *(line for line in others if _asks_one_of(line, known, where, gazetteer))]


def _asks_one_of(line: Line, known: Sequence[Asked], place: str | None, gazetteer: Gazetteer) -> bool:
    asked = [Asked.read(text, gazetteer) for text in (line.narrative or "").split("\n")]
    return any(is_same(each, other, place) for each in asked for other in known)


def _heard(ids: Sequence[UUID]) -> Any:
    """Where and when each of these was heard, by reports and by what the desk noted."""
    told = select(report.c.incident_id, report.c.place, report.c.made_at.label("at")).where(
        report.c.incident_id.in_(ids)
    )
    noted = select(sighting.c.incident_id, sighting.c.place, sighting.c.heard_at.label("at"))
    living = sighting.c.incident_id.in_(ids), sighting.c.withdrawn_at.is_(None)
    return union_all(told, noted.where(*living)).subquery("heard")


def _places(session: Session, ids: Sequence[UUID]) -> dict[UUID, Counter[str | None]]:
    heard = _heard(ids)
    grouped = select(heard.c.incident_id, heard.c.place, func.count().label("number"))
    found: dict[UUID, Counter[str | None]] = {each: Counter() for each in ids}
    for row in session.run(grouped.group_by(heard.c.incident_id, heard.c.place).order_by(heard.c.place)):
        found[row.incident_id][row.place] = row.number
    return found


def _since(session: Session, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    heard = _heard(ids)
    grouped = select(heard.c.incident_id, func.min(heard.c.at).label("since")).group_by(heard.c.incident_id)
    return {row.incident_id: row.since for row in session.run(grouped)}


def _first_words(session: Session, seat: Seat, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What the first report of each of these says, as far as it was not erased."""
    order = func.row_number().over(partition_by=report.c.incident_id, order_by=(report.c.made_at, report.c.id))
    kept = report.c.incident_id.in_(ids), report.c.narrative.is_not(None)
    numbered = select(report.c.id, order.label("number")).where(*kept).subquery("numbered")
    firsts = select(numbered.c.id).where(numbered.c.number == 1)
    lines = desk.lines(session, seat, report.c.id.in_(firsts), most=len(ids))
    return {line.incident_id: line.narrative for line in lines if line.incident_id and line.narrative}


# Both


def move(session: Session, old: UUID, new: UUID) -> None:
    """What is known of one incident is known of another, which takes its reports; sealed anew under that one's key."""
    waiting = report.c.suggested_incident_id == old
    session.run(update(report).where(waiting).values(suggested_incident_id=new))
    for table, names in ((sighting, ("words",)), (rumour_check, ("source", "finding")), (rumour_answer, ("text",))):
        for row in session.run(select(table).where(table.c.incident_id == old)).all():
            sealed = {name: value for name in names if (value := getattr(row, name)) is not None}
            anew = {
                name: _resealed(session, old, new, f"{table.name}.{name}", row.id, value)
                for name, value in sealed.items()
            }
            session.run(update(table).where(table.c.id == row.id).values(incident_id=new, **anew))


def _resealed(session: Session, old: UUID, new: UUID, label: str, identity: UUID, sealed: bytes) -> bytes:
    return seal(_key(session, new), label, identity, unseal(_key(session, old), label, identity, sealed))


def _key(session: Session, incident_id: UUID) -> bytes:
    """The key of an incident, which is locked. Raises NotAllowed for one that is not there or was erased."""
    row = session.run(select(incident.c.data_key).where(incident.c.id == incident_id).with_for_update()).first()
    if row is None or row.data_key is None:
        raise NotAllowed("there is no such incident any more")
    return session.keys.unwrap(row.data_key, incident_id)


def _opened(session: Session, row: Any, label: str, sealed: bytes | None) -> str | None:
    if sealed is None or row.data_key is None:
        return None
    return unseal(session.keys.unwrap(row.data_key, row.incident_id), label, row.id, sealed)


def _touch(session: Session, now: datetime, incident_id: UUID) -> None:
    session.run(update(incident).where(incident.c.id == incident_id).values(changed_at=now))
