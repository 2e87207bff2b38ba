"""The desk: what it sees of the reports, and what it does with them.

Each question and each act is a seat's: what the seat may not see is not there for it. Each act writes one entry in the
audit, which is the report's timeline.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    FromClause,
    Select,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from bot.casework.apart import set_apart
from bot.casework.seats import Seat, visible
from bot.casework.states import IS_OPEN, OPEN, RINGING
from bot.casework.telling import asking, telling
from bot.casework.telling.telling import Telling
from bot.conversation.kinds import CLOSED, Kind
from bot.errors import NotAllowed, Stale
from bot.messages import Media
from bot.store import Session
from bot.store.audit import Action, note, timeline
from bot.store.sealing import unseal
from bot.store.tables import ReportStatus, Veracity, message, report, talk
from bot.store.tables import outbox as outbox_table
from bot.store.types import among


@dataclass(frozen=True, slots=True)
class Line:
    """One report as a list shows it: opened text, no number."""

    id: UUID
    status: ReportStatus
    urgency: int
    kind: Kind | None
    suggested_kind: Kind | None
    place: str | None
    place_confirmed: bool
    language: str | None
    channel: str
    answer_needed: str | None
    call: str | None
    closed_queue: bool
    exercise: bool
    unread: bool
    made_at: datetime
    changed_at: datetime
    narrative: str | None
    veracity: Veracity | None = None
    tell: Telling | None = None
    helped: str | None = None
    incident_id: UUID | None = None
    consent: str | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message of a conversation: from us or from them, its text, what came with it, and what became of ours."""

    id: UUID
    outbound: bool
    kind: str
    text: str | None
    at: datetime
    channel: str
    delivery: str | None
    possible_duplicate: bool
    talk_id: UUID | None = None
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the inbox and where the next one starts (None: this is the last)."""

    lines: tuple[Line, ...]
    older: str | None


_LINE = select(report, talk.c.data_key).join(talk, talk.c.id == report.c.talk_id)
#: How a report that a clerk entered came to us.
PAGE = 25
#: More reports than this in one state are "many".
MOST_COUNTED = 1_000
MOST_RINGING = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the inbox is looked at; what is None, empty or False does not count. `places` are ids.

    `late_before` says of each urgency what came so early that it is late, if nobody has decided on it.
    """

    kind: Kind | None = None
    urgency: int | None = None
    places: Sequence[str] = ()
    language: str | None = None
    channel: str | None = None
    unread: bool = False
    call: bool = False
    late_before: Mapping[int, datetime] | None = None

    def conditions(self) -> Iterator[Any]:
        """As the query says it."""
        if self.kind:
            undecided = and_(report.c.kind.is_(None), report.c.suggested_kind == self.kind.value)
            yield or_(and_(report.c.kind.is_not(None), report.c.kind == self.kind.value), undecided)
        if self.places:
            yield report.c.place.in_(self.places)
        for name in ("urgency", "language", "channel"):
            if getattr(self, name):
                yield report.c[name] == getattr(self, name)
        if self.unread:
            yield report.c.seen_at.is_(None)
        if self.call:
            yield among(report.c.call, "now", "morning", "afternoon", "evening")
        if self.late_before is not None:
            yield _late(self.late_before)


def _late(before: Mapping[int, datetime]) -> Any:
    early = [and_(report.c.urgency == urgency, report.c.made_at < at) for urgency, at in before.items()]
    return and_(among(report.c.status, "received", "half_told"), or_(*early))


_ALL = Filter()


def inbox(
    session: Session, seat: Seat, *, status: str = "open", after: str | None = None, wanted: Filter = _ALL
) -> Found:
    """A page of reports, the most urgent first and within that the newest; `status` is open, or one state."""
    statement = _LINE.where(IS_OPEN if status == "open" else report.c.status == status, visible(seat))
    statement = statement.where(*wanted.conditions())
    if after:
        statement = _after(statement, after)
    rows = session.run(statement.order_by(report.c.urgency, report.c.made_at.desc(), report.c.id).limit(PAGE + 1)).all()
    lines = tuple(_line(session, row) for row in rows[:PAGE])
    older = f"{lines[-1].urgency}|{lines[-1].made_at.isoformat()}|{lines[-1].id}" if len(rows) > PAGE else None
    return Found(lines, older)


def _after(statement: Select[Any], mark: str) -> Select[Any]:
    try:
        urgency, made_at, identity = mark.split("|")
        place = (int(urgency), datetime.fromisoformat(made_at).astimezone(UTC), UUID(identity))
    except (ValueError, OverflowError):
        return statement
    if place[0] not in range(1, 5):
        return statement
    same = and_(report.c.urgency == place[0], report.c.made_at == place[1], report.c.id > place[2])
    older = and_(report.c.urgency == place[0], report.c.made_at < place[1])
    return statement.where(or_(report.c.urgency > place[0], older, same))


def first_of_all(session: Session, seat: Seat, most: int = 5) -> list[Line]:
    """What matters first: of all that nobody has decided on, the most urgent, and of these the oldest."""
    oldest = [_oldest(state, level, seat, most) for state in ("received", "half_told") for level in range(1, 5)]
    order = report.c.urgency, report.c.made_at, report.c.id
    statement = _LINE.where(report.c.id.in_(union_all(*oldest))).order_by(*order).limit(most)
    return [_line(session, row) for row in session.run(statement)]


def _oldest(state: str, level: int, seat: Seat, most: int) -> Select[Any]:
    """Read from the end of an index, so that it costs the same however many are waiting."""
    of_level = among(report.c.status, state), report.c.urgency == literal_column(str(level)), visible(seat)
    theirs = select(report.c.id).where(*of_level).order_by(report.c.made_at, report.c.id.desc()).limit(most)
    return select(theirs.subquery().c.id)


def newest_change(session: Session, seat: Seat) -> str:
    """A mark that differs as soon as the inbox differs: how many are open and when the last one changed."""
    statement = select(func.count(), func.max(report.c.changed_at)).where(IS_OPEN, visible(seat))
    row: Any = session.run(statement).one()
    return f"{row[0]}-{row[1].timestamp() if row[1] else 0}"


def ringing(session: Session, seat: Seat) -> int:
    """How many reports of a life in danger nobody has opened yet; a hundred are many."""
    theirs = select(report.c.id).where(*RINGING, visible(seat)).limit(MOST_RINGING)
    return int(session.run(select(func.count()).select_from(theirs.subquery())).scalar_one())


def counts(session: Session, seat: Seat) -> dict[str, int]:
    """How many reports stand in each state; it counts no further than MOST_COUNTED, however many there are."""
    of_state = [_counted(state.value, seat) for state in ReportStatus]
    return {row.status: row.number for row in session.run(union_all(*of_state)) if row.number}


def _counted(state: str, seat: Seat) -> Select[str, int]:
    theirs = select(report.c.id).where(among(report.c.status, state), visible(seat)).limit(literal(MOST_COUNTED))
    return select(literal(state).label("status"), func.count().label("number")).select_from(theirs.subquery())


def look(session: Session, seat: Seat, report_id: UUID) -> Line | None:
    """One report, or None if there is none that this seat may see."""
    row = session.run(_LINE.where(report.c.id == report_id, visible(seat))).first()
    return _line(session, row) if row else None


def is_there(session: Session, seat: Seat, report_id: UUID) -> bool:
    """Whether there is such a report for this seat."""
    return session.run(select(report.c.id).where(report.c.id == report_id, visible(seat))).first() is not None


def lines(
    session: Session, seat: Seat, *conditions: Any, most: int, joined: Sequence[tuple[FromClause, Any]] = ()
) -> list[Line]:
    """The newest reports of these conditions that this seat may see, so many at most.

    What is `joined`, each with its condition, is an index by the ids of reports, which grow with time: then the newest
    are those that were filed last, and are found without looking at the others; only what was found is read whole.
    """
    statement = _LINE.where(*conditions, visible(seat)).order_by(report.c.made_at.desc(), report.c.id.desc())
    if joined:
        newest = select(report.c.id).where(*conditions, visible(seat)).order_by(report.c.id.desc()).limit(most)
        for table, condition in joined:
            newest = newest.join(table, condition)
        statement = _LINE.where(report.c.id.in_(newest.correlate(None))).order_by(report.c.id.desc())
    return [_line(session, row) for row in session.run(statement.limit(most))]


def conversation(session: Session, seat: Seat, report_id: UUID) -> list[Spoken]:
    """All messages of the talks that carry this report, oldest first; an erased text is None."""
    statement = (
        select(message, talk.c.data_key, outbox_table.c.status, outbox_table.c.possible_duplicate)
        .join(talk, talk.c.id == message.c.talk_id)
        .join(report, report.c.id == talk.c.report_id)
        .outerjoin(outbox_table, outbox_table.c.message_id == message.c.id)
        .where(report.c.id == report_id, visible(seat))
        .order_by(message.c.at, message.c.outbound, message.c.id)
    )
    return [_spoken(session, row) for row in session.run(statement)]


def mark_seen(session: Session, now: datetime, seat: Seat, report_id: UUID) -> None:
    """The report has been opened by a person; the first time is in the audit."""
    first = session.run(
        update(report).where(report.c.id == report_id, report.c.seen_at.is_(None), visible(seat)).values(seen_at=now)
    )
    if first.rowcount:
        note(session, now, seat.actor, Action.REPORT_SEEN, report_id)


def confirm(
    session: Session, now: datetime, seat: Seat, report_id: UUID, *, kind: Kind, place: str | None, urgency: int
) -> None:
    """Kind, place and urgency as a person decided them. A kind of the closed queue moves the report there."""
    line = mine(session, seat, report_id)
    _decide(session, now, seat, replace(line, place=place, place_confirmed=place is not None), kind, urgency)


def sort(session: Session, now: datetime, seat: Seat, report_id: UUID, *, kind: Kind, urgency: int) -> None:
    """Kind and urgency as `confirm` has them; nobody has looked at the place, which stays as it is."""
    _decide(session, now, seat, mine(session, seat, report_id), kind, urgency)


def _decide(session: Session, now: datetime, seat: Seat, line: Line, kind: Kind, urgency: int) -> None:
    status = (
        ReportStatus.TRIAGED.value if line.status in (ReportStatus.RECEIVED, ReportStatus.HALF_TOLD) else line.status
    )
    session.run(
        update(report)
        .where(report.c.id == line.id)
        .values(
            kind=kind.value,
            place=line.place,
            place_confirmed=line.place_confirmed,
            urgency=urgency,
            status=status,
            changed_at=now,
        )
    )
    if kind in CLOSED and not line.closed_queue:
        set_apart(session, now, seat.actor, line.id)
    # The audit is read by others than the closed queue is.
    sheltered = line.closed_queue or kind in CLOSED
    detail = {"urgency": urgency} if sheltered else {"kind": kind.value, "place": line.place, "urgency": urgency}
    note(session, now, seat.actor, Action.REPORT_CONFIRMED, line.id, detail)


def judge(session: Session, now: datetime, seat: Seat, report_id: UUID, veracity: Veracity) -> None:
    """How far it is known whether it is true. What is settled is told to whoever agreed, to others by STATUS.

    A later one replaces it; what is being checked again is not told.
    """
    if mine(session, seat, report_id).veracity is veracity:
        return
    session.run(update(report).where(report.c.id == report_id).values(veracity=veracity.value, changed_at=now))
    note(session, now, seat.actor, Action.REPORT_JUDGED, report_id, {"veracity": veracity.value})
    if veracity.is_settled:
        telling.tell(session, now, report_id, Telling.VERDICT)
    else:
        telling.keep_back(session, report_id, Telling.VERDICT)


def close(session: Session, now: datetime, seat: Seat, report_id: UUID) -> None:
    """It is done: whoever agreed is told, and asked whether it helped; a question that waits is not asked any more.
    `take_back` undoes it, but for that. Raises Stale.
    """
    line = mine(session, seat, report_id)
    if line.status not in OPEN:
        raise Stale("the report is no longer open")
    _move(session, now, report_id, ReportStatus.CLOSED)
    asking.overtake(session, now, seat.actor, report_id)
    note(session, now, seat.actor, Action.REPORT_CLOSED, report_id)
    telling.tell(session, now, report_id, Telling.DONE)


def set_aside(session: Session, now: datetime, seat: Seat, report_id: UUID, reason: str) -> None:
    """Out of the inbox, with one of a few reasons; `take_back` undoes it. Raises Stale if it is not open."""
    line = mine(session, seat, report_id)
    if line.status not in OPEN:
        raise Stale("the report is no longer open")
    _move(session, now, report_id, ReportStatus.SET_ASIDE)
    asking.overtake(session, now, seat.actor, report_id)
    note(session, now, seat.actor, Action.REPORT_SET_ASIDE, report_id, {"reason": reason})


def take_back(session: Session, now: datetime, seat: Seat, report_id: UUID) -> None:
    """Back into the inbox, as triaged if its kind was decided. Raises Stale if it is there already."""
    line = mine(session, seat, report_id)
    if line.status in OPEN:
        raise Stale("the report is in the inbox")
    telling.keep_back(session, report_id, Telling.DONE)
    _move(session, now, report_id, ReportStatus.TRIAGED if line.kind else ReportStatus.RECEIVED)
    note(session, now, seat.actor, Action.REPORT_TAKEN_BACK, report_id)


def undo_set_aside(session: Session, now: datetime, seat: Seat, report_id: UUID) -> None:
    """Back into the inbox, as `take_back` does it, what this seat itself has set aside.

    Raises Stale if a colleague has decided something else meanwhile: that is theirs to undo.
    """
    line = mine(session, seat, report_id)
    asides = [entry.actor for entry in timeline(session, report_id) if entry.action is Action.REPORT_SET_ASIDE]
    if line.status is not ReportStatus.SET_ASIDE or asides[-1:] != [seat.actor]:
        raise Stale("it is not as this seat has left it")
    take_back(session, now, seat, report_id)


def mine(session: Session, seat: Seat, report_id: UUID) -> Line:
    """The report, locked to be worked on. Raises NotAllowed if there is none that this seat may see."""
    row = session.run(_LINE.where(report.c.id == report_id, visible(seat)).with_for_update(of=report)).first()
    if row is None:
        raise NotAllowed("there is no such report for this seat")
    return _line(session, row)


def _move(session: Session, now: datetime, report_id: UUID, status: ReportStatus) -> None:
    session.run(update(report).where(report.c.id == report_id).values(status=status.value, changed_at=now))


def _line(session: Session, row: Any) -> Line:
    text = None
    if row.data_key is not None and row.narrative is not None:
        text = unseal(session.keys.unwrap(row.data_key, row.talk_id), "report.narrative", row.id, row.narrative)
    return Line(
        id=row.id,
        status=ReportStatus(row.status),
        urgency=row.urgency,
        kind=Kind(row.kind) if row.kind else None,
        suggested_kind=Kind(row.suggested_kind) if row.suggested_kind else None,
        place=row.place,
        place_confirmed=row.place_confirmed,
        language=row.language,
        channel=row.channel,
        answer_needed=row.answer_needed,
        call=row.call,
        closed_queue=row.closed_queue,
        exercise=row.exercise,
        unread=row.seen_at is None,
        made_at=row.made_at,
        changed_at=row.changed_at,
        narrative=text,
        veracity=Veracity(row.veracity) if row.veracity else None,
        tell=Telling(row.tell) if row.tell else None,
        helped=row.helped,
        incident_id=row.incident_id,
        consent=row.consent,
    )


def _spoken(session: Session, row: Any) -> Spoken:
    text = None
    media: list[list[str]] = []
    if row.data_key is not None and row.body is not None:
        key = session.keys.unwrap(row.data_key, row.talk_id)
        text = unseal(key, "message.body", row.id, row.body)
        media = json.loads(unseal(key, "message.media", row.id, row.media)) if row.media is not None else []
    return Spoken(
        row.id,
        row.outbound,
        row.kind,
        text,
        row.at,
        row.channel,
        row.status if row.outbound else None,
        bool(row.possible_duplicate),
        row.talk_id,
        tuple(Media(kind, reference, content_type) for kind, reference, content_type in media),
    )
