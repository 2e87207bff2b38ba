"""The duty rota: who of the desk is on duty from hour to hour, in which languages, and where somebody is missing.

Every act is one change, which the next one may take back. What was on the rota stays in its rows.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update

from bot.casework.duty.hours import FARTHEST, Span
from bot.casework.seats import Seat
from bot.errors import NotAllowed, Stale
from bot.store import Duplicate, Session
from bot.store.audit import Action, note
from bot.store.tables import DutyLine, duty_profile, report, rota_change, shift, staff
from bot.store.types import new_id

Line = DutyLine
#: What a person must be to be on duty on a line; the names are those of the panel's roles.
ROLES: Mapping[Line, frozenset[str]] = {
    Line.DESK: frozenset({"secretary", "triage", "closed_queue"}),
    Line.CLOSED_QUEUE: frozenset({"closed_queue"}),
}
WEEK = timedelta(days=7)
#: A language counts as spoken to us for so long after somebody wrote in it.
HEARD_FOR = timedelta(days=30)
#: So long a change may be taken back.
UNDO_FOR = timedelta(days=1)


class NoShift(NotAllowed):
    """The hours are none, or the day is past or too far ahead."""


class Overlaps(NotAllowed):
    """This person is on duty at that time already."""


class Change(StrEnum):
    """What somebody did to the rota."""

    ADDED = "added"
    REMOVED = "removed"
    SWAPPED = "swapped"
    COPIED = "copied"


_ACTIONS = {
    Change.ADDED: Action.SHIFT_ADDED,
    Change.REMOVED: Action.SHIFT_REMOVED,
    Change.SWAPPED: Action.SHIFT_SWAPPED,
    Change.COPIED: Action.SHIFT_COPIED,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the desk: the languages they work in, and whether they say that they take calls as a woman."""

    id: UUID
    name: str
    roles: frozenset[str]
    languages: tuple[str, ...] = ()
    as_woman: bool = False

    def may_take(self, line: Line) -> bool:
        """Whether they may be on duty there."""
        return bool(self.roles & ROLES[line])


@dataclass(frozen=True, slots=True)
class Shift:
    """One person on one line, from one hour of a day to another."""

    id: UUID
    line: Line
    day: date
    span: Span
    person: Person

    @property
    def counts(self) -> bool:
        """Whether they are still who may do it: who has left the desk leaves a gap."""
        return self.person.may_take(self.line)


class Lack(StrEnum):
    """What is missing at some hour."""

    NOBODY = "nobody"
    WOMAN = "woman"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours of a day in which something is missing."""

    span: Span
    lack: Lack
    language: str = ""


@dataclass(frozen=True, slots=True)
class LastChange:
    """What was done to the rota last, by whom, and when."""

    id: int
    what: Change
    by: str
    at: datetime


# Reading


_PERSON = select(staff.c.id, staff.c.name, staff.c.roles, staff.c.active, duty_profile).outerjoin(
    duty_profile, duty_profile.c.staff_id == staff.c.id
)


def people(session: Session) -> list[Person]:
    """Everybody who may be on duty, by name."""
    found = [_person(row) for row in session.run(_PERSON.where(staff.c.active).order_by(staff.c.name, staff.c.id))]
    return [person for person in found if person.may_take(Line.DESK)]


def person_of(session: Session, staff_id: UUID) -> Person | None:
    """This person, if they may be on duty."""
    return next((person for person in people(session) if person.id == staff_id), None)


def shifts(session: Session, since: date, days: int = 7) -> list[Shift]:
    """Who is on duty in these days, by day and hour."""
    return _shifts(session, shift.c.day >= since, shift.c.day < since + timedelta(days=days))


def on_duty(session: Session, now: datetime, line: Line) -> list[Shift]:
    """Who is on duty at this moment."""
    now = now.astimezone(UTC)
    found = _shifts(session, shift.c.day == now.date(), shift.c.line == line.value)
    return [each for each in found if each.counts and each.span.holds(now.hour)]


def _shifts(session: Session, *conditions: Any) -> list[Shift]:
    statement = _PERSON.add_columns(
        shift.c.id.label("shift_id"), shift.c.line, shift.c.day, shift.c.opens, shift.c.closes
    )
    statement = statement.join(shift, shift.c.staff_id == staff.c.id).where(shift.c.removed_in.is_(None), *conditions)
    rows = session.run(statement.order_by(shift.c.day, shift.c.opens, shift.c.closes, staff.c.name, shift.c.id))
    return [Shift(row.shift_id, Line(row.line), row.day, Span(row.opens, row.closes), _person(row)) for row in rows]


def _person(row: Any) -> Person:
    return Person(
        row.id,
        row.name,
        frozenset(row.roles if row.active else ()),
        tuple(row.languages or ()),
        bool(row.as_woman),
    )


def languages_heard(session: Session, now: datetime, line: Line) -> list[str]:
    """The languages in which people have written of late, to this line alone."""
    theirs = report.c.made_at > now - HEARD_FOR, report.c.closed_queue.is_(line is Line.CLOSED_QUEUE)
    statement = select(report.c.language).where(*theirs, report.c.language.is_not(None)).distinct()
    return sorted(session.run(statement).scalars())


def gaps(staffed: Span | None, present: Collection[Shift], languages: Sequence[str]) -> list[Gap]:
    """Where the staffed hours of a day lack somebody, a woman or a language; hours in a row are one gap."""
    found: dict[tuple[Lack, str], list[Span]] = {}
    for hour in range(staffed.opens, staffed.closes) if staffed else ():
        there = [each.person for each in present if each.counts and each.span.holds(hour)]
        for lack in _lacks(there, languages):
            spans = found.setdefault(lack, [])
            if spans and spans[-1].closes == hour:
                spans[-1] = Span(spans[-1].opens, hour + 1)
            else:
                spans.append(Span(hour, hour + 1))
    return sorted(
        (Gap(span, *lack) for lack, spans in found.items() for span in spans),
        key=lambda gap: (gap.span.opens, gap.span.closes),
    )


def _lacks(there: Sequence[Person], languages: Sequence[str]) -> Iterator[tuple[Lack, str]]:
    if not there:
        yield Lack.NOBODY, ""
        return
    if not any(person.as_woman for person in there):
        yield Lack.WOMAN, ""
    spoken = {tag for person in there for tag in person.languages}
    yield from ((Lack.LANGUAGE, tag) for tag in languages if tag not in spoken)


def last_change(session: Session, now: datetime) -> LastChange | None:
    """The newest change that may still be taken back."""
    statement = select(rota_change, staff.c.name).join(staff, staff.c.id == rota_change.c.staff_id)
    newest = statement.where(rota_change.c.undone_at.is_(None)).order_by(rota_change.c.id.desc()).limit(1)
    row = session.run(newest).first()
    if row is None or now - row.made_at > UNDO_FOR:
        return None
    return LastChange(row.id, Change(row.what), row.name, row.made_at)


# Changing


def set_profile(
    session: Session, now: datetime, seat: Seat, staff_id: UUID, languages: Collection[str], *, as_woman: bool
) -> None:
    """The languages somebody works in, and whether they take calls as a woman, as they say it of themselves."""
    values = {"languages": sorted(set(languages)), "as_woman": as_woman, "changed_at": now}
    theirs = update(duty_profile).where(duty_profile.c.staff_id == staff_id)
    if not session.run(theirs.values(**values)).rowcount:
        session.run(insert(duty_profile).values(staff_id=staff_id, **values))
    note(session, now, seat.actor, Action.STAFF_PROFILE_CHANGED, staff_id)


def languages_of(session: Session, staff_id: UUID) -> tuple[str, ...]:
    """The languages that somebody of the staff works in."""
    found = session.run(select(duty_profile.c.languages).where(duty_profile.c.staff_id == staff_id)).scalar()
    return tuple(found or ())


def set_languages(session: Session, now: datetime, seat: Seat, staff_id: UUID, languages: Collection[str]) -> None:
    """The languages that somebody works in; what else they say of themselves stays."""
    as_woman = session.run(select(duty_profile.c.as_woman).where(duty_profile.c.staff_id == staff_id)).scalar()
    set_profile(session, now, seat, staff_id, languages, as_woman=bool(as_woman))


def add(
    session: Session, now: datetime, seat: Seat, line: Line, staff_id: UUID, days: Collection[date], span: Span
) -> None:
    """Somebody is on duty on these days. Raises NoShift, NotAllowed or Overlaps; then none of the days is kept."""
    if not days or not 0 <= span.opens < span.closes <= 24:
        raise NoShift("a shift begins before it ends")
    person = person_of(session, staff_id)
    if person is None or not person.may_take(line):
        raise NotAllowed("this person can't be on duty there")
    change = _change(session, now, seat, Change.ADDED)
    for day in sorted(set(days)):
        _put(session, now, change, line, staff_id, day, span)


def remove(session: Session, now: datetime, seat: Seat, shift_id: UUID) -> None:
    """They are not on duty then after all. Raises Stale if the shift is gone, NoShift if its day has passed."""
    found = _living(session, now, shift_id)
    _take(session, _change(session, now, seat, Change.REMOVED), found)


def swap(session: Session, now: datetime, seat: Seat, one_id: UUID, other_id: UUID) -> None:
    """Two people take each other's shift. Raises Stale, NoShift, NotAllowed or Overlaps."""
    one, other = _living(session, now, one_id), _living(session, now, other_id)
    if one.person.id == other.person.id:
        raise NotAllowed("nobody swaps with themselves")
    if not (one.person.may_take(other.line) and other.person.may_take(one.line)):
        raise NotAllowed("one of them can't be on duty there")
    change = _change(session, now, seat, Change.SWAPPED)
    _take(session, change, one, other)
    _put(session, now, change, one.line, other.person.id, one.day, one.span)
    _put(session, now, change, other.line, one.person.id, other.day, other.span)


def copy_week(session: Session, now: datetime, seat: Seat, monday: date) -> tuple[int, int]:
    """The same week once more, seven days later: how many shifts, and how many found their place taken or past."""
    wanted = [each for each in shifts(session, monday) if each.counts]
    free = [each for each in wanted if _fits(session, now, each.line, each.person.id, each.day + WEEK, each.span)]
    if free:
        change = _change(session, now, seat, Change.COPIED)
        for each in free:
            _put(session, now, change, each.line, each.person.id, each.day + WEEK, each.span)
    return len(free), len(wanted) - len(free)


def undo(session: Session, now: datetime, seat: Seat, change_id: int) -> None:
    """The rota is as it was before its newest change. Raises Stale if it has been changed since, or too long ago."""
    newest = last_change(session, now)
    undone = update(rota_change).where(rota_change.c.id == change_id, rota_change.c.undone_at.is_(None))
    if newest is None or newest.id != change_id or not session.run(undone.values(undone_at=now)).rowcount:
        raise Stale("the rota has been changed since")
    session.run(update(shift).where(shift.c.removed_in == change_id).values(removed_in=None))
    session.run(update(shift).where(shift.c.made_in == change_id).values(removed_in=change_id))
    note(session, now, seat.actor, Action.SHIFT_UNDONE, str(change_id))


def _change(session: Session, now: datetime, seat: Seat, what: Change) -> int:
    """The next change. Two at the same instant are one too many: its number is taken. Raises Stale."""
    number = (session.run(select(func.max(rota_change.c.id))).scalar() or 0) + 1
    try:
        session.run(insert(rota_change).values(id=number, what=what.value, staff_id=seat.staff_id, made_at=now))
    except Duplicate:
        raise Stale("somebody else has just changed the rota") from None
    note(session, now, seat.actor, _ACTIONS[what], str(number))
    return number


def _living(session: Session, now: datetime, shift_id: UUID) -> Shift:
    found = next(iter(_shifts(session, shift.c.id == shift_id)), None)
    if found is None:
        raise Stale("the shift is no longer on the rota")
    _check_day(now, found.day)
    return found


def _check_day(now: datetime, day: date) -> None:
    """Raises NoShift for a day that has passed or that nobody plans yet."""
    today = now.astimezone(UTC).date()
    if not today <= day < today + timedelta(days=FARTHEST):
        raise NoShift("the day has passed, or is too far ahead")


def _fits(session: Session, now: datetime, line: Line, staff_id: UUID, day: date, span: Span) -> bool:
    try:
        _check_day(now, day)
    except NoShift:
        return False
    return not _overlapping(session, line, staff_id, day, span)


def _overlapping(session: Session, line: Line, staff_id: UUID, day: date, span: Span) -> bool:
    theirs = shift.c.staff_id == staff_id, shift.c.day == day, shift.c.line == line.value, shift.c.removed_in.is_(None)
    apart = or_(shift.c.closes <= span.opens, shift.c.opens >= span.closes)
    return session.run(select(shift.c.id).where(*theirs, ~apart).limit(1)).first() is not None


def _put(session: Session, now: datetime, change: int, line: Line, staff_id: UUID, day: date, span: Span) -> None:
    _check_day(now, day)
    if _overlapping(session, line, staff_id, day, span):
        raise Overlaps("this person is on duty at that time already")
    values = {"line": line.value, "day": day, "opens": span.opens, "closes": span.closes}
    session.run(insert(shift).values(id=new_id(), staff_id=staff_id, made_in=change, **values))


def _take(session: Session, change: int, *taken: Shift) -> None:
    session.run(update(shift).where(shift.c.id.in_([each.id for each in taken])).values(removed_in=change))
