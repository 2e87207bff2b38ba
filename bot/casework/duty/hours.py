"""When the desk is staffed: hours of each weekday, and of single days, as rows with history. Mali's time is UTC all
year, so an hour here is an hour there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from bot.conversation.questions import Reading
from bot.errors import KunnafoniError
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.following import Followed
from bot.store.tables import desk_hours

#: Nobody plans further ahead, and a desk that opens on none of these days opens never.
FARTHEST = 400
LONGEST_NAME = 40


class NoHours(KunnafoniError):
    """The hours are none, or the day is past or too far ahead."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one hour of a day to another; 24 is its end."""

    opens: int
    closes: int

    def holds(self, hour: int) -> bool:
        """Whether this hour of the day is within it."""
        return self.opens <= hour < self.closes


USUAL = Span(7, 19)


@dataclass(frozen=True, slots=True)
class Dated:
    """What somebody set: the hours of a weekday from a day on, or those of one day with its name; None is closed."""

    day: date
    span: Span | None
    weekday: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of every day: 7 to 19 until somebody sets others."""

    weekdays: Mapping[int, Sequence[Dated]] = field(default_factory=dict)
    days: Mapping[date, Dated] = field(default_factory=dict)

    @classmethod
    def of_rows(cls, rows: Sequence[Dated]) -> "Hours":
        """Those that these rows make together."""
        weekdays: dict[int, list[Dated]] = {}
        for row in sorted((each for each in rows if each.weekday is not None), key=lambda each: each.day, reverse=True):
            assert row.weekday is not None
            weekdays.setdefault(row.weekday, []).append(row)
        return cls(weekdays, {row.day: row for row in rows if row.weekday is None})

    def of(self, day: date) -> Span | None:
        """When the desk is staffed on this day; None if it is not."""
        single = self.days.get(day)
        if single:
            return single.span
        return next((row.span for row in self.weekdays.get(day.weekday(), ()) if row.day <= day), USUAL)

    def staffed(self, moment: datetime) -> bool:
        """Whether the desk is staffed at this moment."""
        moment = moment.astimezone(UTC)
        span = self.of(moment.date())
        return span is not None and span.holds(moment.hour)

    def spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From when to when it is staffed, from this moment on, as far ahead as anybody plans."""
        since = since.astimezone(UTC)
        for ahead in range(FARTHEST):
            day = since.date() + timedelta(days=ahead)
            span = self.of(day)
            if span is None:
                continue
            midnight = datetime.combine(day, time(), UTC)
            closes = midnight + timedelta(hours=span.closes)
            if closes > since:
                yield max(since, midnight + timedelta(hours=span.opens)), closes

    def spans_back(self, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From when to when it was staffed, from this moment backwards, the latest first."""
        until = until.astimezone(UTC)
        for back in range(FARTHEST):
            day = until.date() - timedelta(days=back)
            span = self.of(day)
            if span is None:
                continue
            midnight = datetime.combine(day, time(), UTC)
            opens = midnight + timedelta(hours=span.opens)
            if opens < until:
                yield opens, min(until, midnight + timedelta(hours=span.closes))

    def closed_since(self, now: datetime) -> datetime:
        """When it was last staffed, up to this moment; of a desk that never was, as long ago as anybody plans."""
        return next((closes for _, closes in self.spans_back(now)), now - timedelta(days=FARTHEST))

    def reading(self, now: datetime) -> Reading:
        """What a closing says of when somebody reads: the hours of today, or from when on another day."""
        opens = next((opens for opens, _ in self.spans(now)), None)
        span = self.of(opens.date()) if opens else None
        if opens is None or span is None:
            return Reading()
        return Reading(span.opens, span.closes, "" if self.staffed(now) else opens.strftime("%d/%m"))


class KnownHours:
    """The hours as this process knows them; a follower keeps them as the desk has them."""

    def __init__(self) -> None:
        """Those of a desk that has set none."""
        self.now = Hours()


def hours(session: Session) -> Hours:
    """The hours as they are set: of each weekday from a day on, and of each single day, the newest row counts."""
    return Hours.of_rows(_rows(session))


def _rows(session: Session) -> list[Dated]:
    last = select(func.max(desk_hours.c.id)).group_by(desk_hours.c.weekday, desk_hours.c.day)
    rows = session.run(
        select(desk_hours).where(desk_hours.c.id.in_(last), desk_hours.c.kept).order_by(desk_hours.c.day)
    )
    return [Dated(row.day, _span(row), row.weekday, row.name) for row in rows]


def _span(row: Any) -> Span | None:
    return None if row.opens is None else Span(row.opens, row.closes)


def change(session: Session, now: datetime, staff_id: UUID, wanted: Dated) -> None:
    """From now on these are the hours; what has passed stays as it was. Raises NoHours."""
    today = now.astimezone(UTC).date()
    span = wanted.span
    if not today <= wanted.day < today + timedelta(days=FARTHEST):
        raise NoHours("the day is past, or too far ahead")
    if span and not 0 <= span.opens < span.closes <= 24:
        raise NoHours("the desk opens before it closes")
    if wanted.weekday not in (None, *range(7)) or len(wanted.name) > LONGEST_NAME:
        raise NoHours("there is no such day of the week, or the name is too long")
    _keep(session, now, staff_id, wanted, kept=True)


def take_back(session: Session, now: datetime, staff_id: UUID, day: date) -> None:
    """The day is again as its weekday is; a day that nobody set, or that has passed, stays as it is."""
    found = hours(session).days.get(day)
    if found and day >= now.astimezone(UTC).date():
        _keep(session, now, staff_id, found, kept=False)


def _keep(session: Session, now: datetime, staff_id: UUID, dated: Dated, *, kept: bool) -> None:
    span = dated.span
    values = {"weekday": dated.weekday, "day": dated.day, "name": dated.name, "kept": kept}
    ends = {"opens": span.opens if span else None, "closes": span.closes if span else None}
    session.run(insert(desk_hours).values(**values, **ends, staff_id=staff_id, made_at=now))
    detail = {"weekday": dated.weekday, "kept": kept, **ends}
    note(session, now, f"staff:{staff_id}", Action.HOURS_CHANGED, dated.day.isoformat(), detail)


def follow_hours(known: KnownHours) -> Followed:
    """Keeps a process's hours as the desk has them."""

    def take(session: Session) -> None:
        known.now = hours(session)

    return Followed(lambda session: session.run(select(func.max(desk_hours.c.id))).scalar(), take)
