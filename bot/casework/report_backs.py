"""What we heard, what was done: for a commune or a group, counted over a month, and told to its cells and associations.

The desk words the message, a second person approves it, and the clock sends it to the members who are on a list. Small
numbers are not shown, so that nobody can be picked out of them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, insert, select, update

from bot import talks
from bot.casework.members import HOURS
from bot.casework.seats import Seat
from bot.casework.telling import asking
from bot.casework.telling.asking import Here
from bot.channels import Channel
from bot.conversation.kinds import Kind
from bot.delivery.outbox import Lane
from bot.errors import NotAllowed, Stale
from bot.languages.catalogue import LANGUAGES, WORKING
from bot.people.memberships import MEMBERS, is_listed
from bot.store import Session, Store
from bot.store.audit import Action, note
from bot.store.tables import (
    GroupKind,
    TalkStatus,
    address,
    contact_address,
    contact_group,
    incident,
    item,
    report,
    report_back,
    report_back_sent,
)
from bot.store.types import new_id
from bot.talks import Talks

#: A number below this is not shown (one of fewer people could be recognised).
FEWEST = 5
MOST_SEGMENTS = 2
PAGE = 50
_AT_ONCE = 200
#: An approved message that could not be sent for so long is not sent any more.
_STALE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class About:
    """Whose month it is: a place with all that lies in it, a group, or both; `places` are the ids."""

    month: date
    place: str | None = None
    places: Sequence[str] = ()
    group: GroupKind | None = None

    @property
    def begins(self) -> datetime:
        """The first moment of the month."""
        return datetime.combine(self.month.replace(day=1), time(), UTC)

    @property
    def ends(self) -> datetime:
        """The first moment of the next one."""
        return datetime.combine((self.month.replace(day=1) + timedelta(days=32)).replace(day=1), time(), UTC)


@dataclass(frozen=True, slots=True)
class Since:
    """A time whose reports are counted from everywhere, for a meeting of the committee."""

    begins: datetime
    ends: datetime
    places: Sequence[str] = ()
    group: GroupKind | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Reports by kind, where there were enough of them, and what became of all that are counted here.

    What there was too little of stands together under `others`, or is not counted where that is too little, too.
    """

    kinds: tuple[tuple[Kind, int], ...]
    others: int
    done: int
    helped: int
    answered_items: int

    @property
    def reports(self) -> int:
        """All that are counted here."""
        return sum(number for _, number in self.kinds) + self.others


@dataclass(frozen=True, slots=True)
class ReportBack:
    """One message about a month: worded, approved, sent or withdrawn."""

    id: UUID
    place: str | None
    group: GroupKind | None
    month: date
    language: str
    text: str
    made_by: UUID
    made_at: datetime
    approved_at: datetime | None
    sent: int


@dataclass(frozen=True, slots=True)
class House:
    """What the clock needs for sending: the wires, and the ids of a place with all that lies in it."""

    wires: Mapping[str, Channel]
    within: Callable[[str | None], Sequence[str]]


# Counting


def heard(session: Session, about: About | Since) -> Heard:
    """The reports of that time, none of the closed queue and no exercise, each small number hidden."""
    kind = func.coalesce(report.c.kind, report.c.suggested_kind).label("kind")
    columns = kind, report.c.status, report.c.helped
    rows = session.run(_reports(select(*columns), about)).all()
    counted = Counter(row.kind or Kind.OTHER.value for row in rows)
    shown = {name for name, number in counted.items() if number >= FEWEST}
    kinds = tuple((Kind(name), number) for name, number in counted.most_common() if name in shown)
    others = sum(number for name, number in counted.items() if name not in shown)
    others = others if others >= FEWEST else 0
    within = [row for row in rows if others or (row.kind or Kind.OTHER.value) in shown]
    done = sum(row.status in ("answered", "closed") for row in within)
    helped = sum(row.helped == "yes" for row in within)
    return Heard(kinds, others, _enough(done), _enough(helped), _enough(_items_done(session, about)))


def _enough(number: int) -> int:
    return number if number >= FEWEST else 0


def _reports(columns: Select[Any], about: About | Since) -> Select[Any]:
    its = columns.where(
        report.c.made_at >= about.begins,
        report.c.made_at < about.ends,
        report.c.closed_queue.is_(False),
        report.c.exercise.is_(False),
        report.c.status != "set_aside",
    )
    if about.places:
        its = its.where(report.c.place.in_(about.places))
    if about.group:
        of_group = select(1).select_from(MEMBERS).where(contact_address.c.address_id == report.c.address_id)
        of_group = of_group.where(contact_group.c.kind == about.group.value)
        its = its.where(exists(of_group.correlate(report)))
    return its


def _items_done(session: Session, about: About | Since) -> int:
    """How often a body of the committee reported something done about an event of theirs."""
    events = _reports(select(report.c.incident_id), about).where(report.c.incident_id.is_not(None))
    done = select(func.count()).select_from(item).join(incident, incident.c.id == item.c.incident_id)
    return session.run(done.where(item.c.status == "done", incident.c.id.in_(events))).scalar() or 0


# Wording and approving


def propose(session: Session, now: datetime, seat: Seat, about: About, language: str, text: str) -> UUID:
    """Word the message in a language; it takes the place of one for the same month and language that waits."""
    same = (
        report_back.c.place.is_not_distinct_from(about.place),
        report_back.c.group.is_not_distinct_from(about.group.value if about.group else None),
        report_back.c.month == about.month,
        report_back.c.language == language,
        report_back.c.approved_at.is_(None),
        report_back.c.withdrawn_at.is_(None),
    )
    session.run(update(report_back).where(*same).values(withdrawn_at=now))
    identity = new_id()
    whose = {"place": about.place, "group": about.group.value if about.group else None, "month": about.month}
    words = {"language": language, "text": text, "made_by": seat.staff_id, "made_at": now}
    session.run(insert(report_back).values(id=identity, **whose, **words))
    note(session, now, seat.actor, Action.REPORT_BACK_WORDED, identity)
    return identity


def approve(session: Session, now: datetime, seat: Seat, identity: UUID) -> None:
    """A second person has read this very text: from now on it is sent. Raises NotAllowed for its author, Stale."""
    living = report_back.c.id == identity, report_back.c.approved_at.is_(None), report_back.c.withdrawn_at.is_(None)
    row = session.run(select(report_back.c.made_by).where(*living).with_for_update()).first()
    if row is None:
        raise Stale("the text no longer waits")
    if row.made_by == seat.staff_id:
        raise NotAllowed("nobody approves what they wrote themselves")
    values = {"approved_by": seat.staff_id, "approved_at": now}
    session.run(update(report_back).where(report_back.c.id == identity).values(**values))
    note(session, now, seat.actor, Action.REPORT_BACK_APPROVED, identity)


def withdraw(session: Session, now: datetime, seat: Seat, identity: UUID) -> None:
    """Whoever has not got it yet does not get it. Raises Stale if it was withdrawn before."""
    living = report_back.c.id == identity, report_back.c.withdrawn_at.is_(None)
    if not session.run(update(report_back).where(*living).values(withdrawn_at=now)).rowcount:
        raise Stale("the text is withdrawn")
    note(session, now, seat.actor, Action.REPORT_BACK_WITHDRAWN, identity)


_SENT = (
    select(func.count())
    .select_from(report_back_sent)
    .where(report_back_sent.c.report_back_id == report_back.c.id)
    .correlate(report_back)
    .scalar_subquery()
    .label("sent")
)


def newest(session: Session) -> list[ReportBack]:
    """The messages that were not withdrawn, the newest first; PAGE at most."""
    order = report_back.c.made_at.desc(), report_back.c.id
    living = select(report_back, _SENT).where(report_back.c.withdrawn_at.is_(None)).order_by(*order)
    return [_report_back(row) for row in session.run(living.limit(PAGE))]


def _report_back(row: Any) -> ReportBack:
    return ReportBack(
        row.id,
        row.place,
        GroupKind(row.group) if row.group else None,
        row.month,
        row.language,
        row.text,
        row.made_by,
        row.made_at,
        row.approved_at,
        row.sent,
    )


# Sending


def audience(session: Session, now: datetime, about: About) -> int:
    """How many telephones a message about this would go to now."""
    theirs = _members(select(contact_address.c.address_id).distinct(), now, about)
    return session.run(select(func.count()).select_from(theirs.subquery())).scalar() or 0


def _members(columns: Select[Any], now: datetime, about: About) -> Select[Any]:
    theirs = columns.select_from(MEMBERS).join(address, address.c.id == contact_address.c.address_id)
    theirs = theirs.where(is_listed(now), asking.may_be_written_to())
    if about.places:
        theirs = theirs.where(contact_group.c.place.in_(about.places))
    return theirs.where(contact_group.c.kind == about.group.value) if about.group else theirs


def send_due(store: Store, now: datetime, conversations: Talks, house: House) -> int:
    """Send what is approved to whoever is on the list, each telephone in the best of its languages; how many.

    Safe to run twice. Another text in a language that is approved later for the same month goes out as well.
    """
    if now.hour not in HOURS:
        return 0
    approved = report_back.c.approved_at > now - _STALE, report_back.c.withdrawn_at.is_(None)
    with store.reading() as session:
        rows = session.run(select(report_back).where(*approved).order_by(report_back.c.id)).all()
    months: dict[Any, dict[str, Any]] = {}
    for row in rows:
        months.setdefault((row.month, row.place, row.group), {})[row.language] = row
    sent = 0
    for (month, place, group), by_language in months.items():
        about = About(month, place, house.within(place), GroupKind(group) if group else None)
        with store.writing() as session:
            sent += _send(session, now, conversations, house.wires, about, by_language)
    return sent


def _send(
    session: Session,
    now: datetime,
    conversations: Talks,
    wires: Mapping[str, Channel],
    about: About,
    by_language: Mapping[str, Any],
) -> int:
    ids = [row.id for row in by_language.values()]
    had = select(1).where(
        report_back_sent.c.address_id == contact_address.c.address_id, report_back_sent.c.report_back_id.in_(ids)
    )
    columns = select(contact_address.c.address_id, address.c.channel, address.c.language)
    waiting = (
        _members(columns, now, about)
        .where(~exists(had.correlate(contact_address)))
        .order_by(contact_address.c.address_id)
    )
    people = {row.address_id: row for row in session.run(waiting.limit(_AT_ONCE).with_for_update(of=address))}
    for person in people.values():
        words = _words_for(person.language or WORKING, by_language)
        wire = wires.get(person.channel)
        if words is None or wire is None:
            continue
        told = talks.open_talk(now, person.address_id, "report_back", {"language": words.language})
        told.status = TalkStatus.DONE
        talks.save(session, told, now)
        text = conversations.as_shown(words.text, words.language, wire)
        cause = f"report_back:{words.id.hex}:{person.address_id.hex}"
        asking.write(Here(wire, session, now), told, text, cause, Lane.CAMPAIGN)
        session.run(insert(report_back_sent).values(report_back_id=words.id, address_id=person.address_id, at=now))
    return len(people)


def _words_for(language: str, by_language: Mapping[str, Any]) -> Any:
    order = [language, *LANGUAGES[language].fallbacks, WORKING] if language in LANGUAGES else [WORKING]
    return next((by_language[tag] for tag in order if tag in by_language), None)
