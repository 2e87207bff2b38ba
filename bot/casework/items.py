"""Items: what a seat of the committee was asked to do about an event, and what it answers.

A seat sees its own items and nothing else; of an event it sees the summary that triage wrote, never what was told. The
seats of Defence and Security see a need for protection: kind, cercle, since when, and the request.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, insert, not_, or_, select, update

from bot.casework import committee, consent, desk, exclusions
from bot.casework.exclusions import Why
from bot.casework.seats import Seat
from bot.conversation.kinds import Kind
from bot.errors import NotAllowed, Stale
from bot.store import Session
from bot.store.audit import Action, note, timeline
from bot.store.sealing import seal, unseal
from bot.store.tables import (
    IncidentStatus,
    ItemStatus,
    committee_seat,
    incident,
    item,
    item_link,
    item_note,
    report,
)
from bot.store.types import Instant, new_id

#: A link is good for so long, and opens on the device that opened it first.
LINK_FOR = timedelta(hours=72)
#: Overdue by so much, an item is the deputy's, too; then the secretariat's; then it stands in the committee's report.
CLIMBS = (
    (timedelta(0), "seat"),
    (timedelta(days=1), "deputy"),
    (timedelta(days=2), "secretariat"),
    (timedelta(days=7), "committee"),
)
_LATE = {where: late for late, where in CLIMBS}
_OPEN = (ItemStatus.SENT, ItemStatus.ACCEPTED, ItemStatus.ASKED)
#: From which states a seat may go to which, and the action in the audit.
_STEPS: dict[ItemStatus, tuple[tuple[ItemStatus, ...], Action]] = {
    ItemStatus.ACCEPTED: ((ItemStatus.SENT, ItemStatus.ASKED), Action.ITEM_ACCEPTED),
    ItemStatus.DECLINED: (_OPEN, Action.ITEM_DECLINED),
    ItemStatus.ASKED: (_OPEN, Action.ITEM_ASKED),
    ItemStatus.DONE: (_OPEN, Action.ITEM_DONE),
}
#: These say why or what in a sentence.
NEEDS_WORDS = frozenset({ItemStatus.DECLINED, ItemStatus.ASKED, ItemStatus.DONE})


class NoConsent(NotAllowed):
    """Whoever told of the event does not want it passed on."""


class ShutOut(NotAllowed):
    """A body that must not hear of the event would be sent it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item as its seat may see it: `summary` is None for a seat that hears of a need for protection alone.

    `place` is the commune, or for such a seat its cercle is shown by whoever draws it (`protection_only`).
    """

    id: UUID
    incident_id: UUID
    seat: str
    title: str
    protection_only: bool
    lead: bool
    status: ItemStatus
    kind: Kind | None
    place: str | None
    urgency: int
    summary: str | None
    request: str
    #: The day, in Bamako: the minute would tell who was on the telephone then.
    since: date
    due_at: datetime
    made_at: datetime

    @property
    def number(self) -> str:
        """How a paper names it without saying what it is about."""
        return self.id.hex[-6:].upper()

    def overdue(self, now: datetime) -> str | None:
        """Where it has climbed to, or None while it is not due or no longer open."""
        if self.status not in _OPEN or now <= self.due_at:
            return None
        return [where for late, where in CLIMBS if now - self.due_at >= late][-1]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said about an item: by the desk or by the seat, what for, and the words."""

    by_desk: bool
    status: ItemStatus
    text: str
    at: datetime


# The summary


@dataclass(frozen=True, slots=True)
class Summary:
    """What leaves triage of an event, and since when."""

    text: str
    at: datetime


def summarise(
    session: Session, now: datetime, seat: Seat, incident_id: UUID, text: str, *, seen: datetime | None
) -> None:
    """This is what leaves triage of the event; `seen` is since when the summary stands that the writer had before them.

    Raises NotAllowed for an event that is not there, Stale if somebody has written another summary since.
    """
    row = session.run(select(incident).where(incident.c.id == incident_id).with_for_update()).first()
    if row is None:
        raise NotAllowed("there is no such incident")
    if row.summary_at != seen:
        raise Stale("the summary is another one now")
    sealed = seal(session.keys.unwrap(row.data_key, row.id), "incident.summary", row.id, text)
    values = {"summary": sealed, "summary_by": seat.staff_id, "summary_at": now, "changed_at": now}
    session.run(update(incident).where(incident.c.id == incident_id).values(**values))
    note(session, now, seat.actor, Action.INCIDENT_SUMMARISED, incident_id)


def summary_of(session: Session, incident_id: UUID) -> Summary | None:
    """The summary as it stands."""
    row = session.run(select(incident).where(incident.c.id == incident_id)).first()
    text = _summary(session, row) if row else None
    return Summary(text, row.summary_at) if row and text is not None else None


def _summary(session: Session, row: Any) -> str | None:
    if row.summary is None:
        return None
    return unseal(session.keys.unwrap(row.data_key, row.id), "incident.summary", row.id, row.summary)


# The desk


def route(
    session: Session,
    now: datetime,
    seat: Seat,
    incident_id: UUID,
    *,
    lead: str,
    contributors: Collection[str],
    request: str,
    due_at: datetime,
) -> list[UUID]:
    """Send the event to these seats, each once; whom the desk leaves out hears nothing of it.

    Raises NotAllowed without a summary, or for an event that is not there, ShutOut if one of the seats must not hear
    of it, NoConsent if whoever told of it said no; Stale for one that is over.
    """
    row = session.run(select(incident).where(incident.c.id == incident_id).with_for_update()).first()
    if row is None or row.summary is None or row.kind is None:
        raise NotAllowed("without a kind and a summary nothing leaves triage")
    if row.status == IncidentStatus.CLOSED:
        raise Stale("the event is over")
    _check_consent(session, incident_id)
    if exclusions.of_incident(session, incident_id).keys() & {lead, *contributors}:
        raise ShutOut("a seat that must not hear of the event is among them")
    codes = {body.code for body in committee.bodies(session)}
    there = set(
        session.run(select(item.c.seat).where(item.c.incident_id == incident_id, item.c.status.in_(_OPEN))).scalars()
    )
    made = []
    for code in dict.fromkeys([lead, *contributors]):
        if code not in codes or code in there:
            continue
        identity = new_id()
        values = {"id": identity, "incident_id": incident_id, "seat": code, "lead": code == lead, "due_at": due_at}
        times = {"made_by": seat.staff_id, "made_at": now, "changed_at": now}
        session.run(insert(item).values(status=ItemStatus.SENT.value, **values, **times))
        _say(session, now, row, identity, ItemStatus.SENT, request, by_desk=True)
        note(session, now, seat.actor, Action.ITEM_SENT, identity, {"seat": code})
        made.append(identity)
    triaged = report.c.incident_id == incident_id, report.c.status.in_(("received", "triaged", "half_told"))
    session.run(update(report).where(*triaged).values(status="routed", changed_at=now))
    return made


def _check_consent(session: Session, incident_id: UUID) -> None:
    if consent.forbids(session, incident_id):
        raise NoConsent("whoever told of it does not want it passed on")


def answer(session: Session, now: datetime, seat: Seat, item_id: UUID, text: str) -> None:
    """The desk answers what a seat asked: it is open to it again. Raises Stale if nothing was asked, and NoConsent."""
    row = _locked(session, item.c.id == item_id)
    if row is None or row.status != ItemStatus.ASKED:
        raise Stale("nothing was asked")
    _check_consent(session, row.incident_id)
    _say(session, now, row, item_id, ItemStatus.SENT, text, by_desk=True)
    _move(session, now, item_id, ItemStatus.SENT)
    note(session, now, seat.actor, Action.ITEM_ANSWERED, item_id)


def withdraw(session: Session, now: datetime, seat: Seat, item_id: UUID) -> None:
    """The seat sees it no more. Raises Stale if it is no longer open."""
    row = _locked(session, item.c.id == item_id)
    if row is None or row.status not in _OPEN:
        raise Stale("the item is no longer open")
    _move(session, now, item_id, ItemStatus.WITHDRAWN)
    note(session, now, seat.actor, Action.ITEM_WITHDRAWN, item_id)


def exclude(session: Session, now: datetime, seat: Seat, incident_id: UUID, code: str, why: Why) -> None:
    """This body must not hear of the event: it finds nothing of it any more. Raises NotAllowed where there is none."""
    if session.run(select(incident.c.id).where(incident.c.id == incident_id)).first() is None:
        raise NotAllowed("there is no such incident")
    _exclude(session, now, seat, incident_id, code, why)
    _take_from(session, now, seat, incident_id, code)


def exclude_from_report(session: Session, now: datetime, seat: Seat, report_id: UUID, code: str, why: Why) -> None:
    """The same of what one report tells, and of the event that it belongs to or will belong to."""
    line = desk.mine(session, seat, report_id)
    _exclude(session, now, seat, report_id, code, why)
    if line.incident_id:
        _take_from(session, now, seat, line.incident_id, code)


def _exclude(session: Session, now: datetime, seat: Seat, subject: UUID, code: str, why: Why) -> None:
    if code not in {body.code for body in committee.bodies(session)}:
        raise NotAllowed("there is no such seat")
    exclusions.add(session, now, seat, subject, code, why)


def _take_from(session: Session, now: datetime, seat: Seat, incident_id: UUID, code: str) -> None:
    theirs = item.c.incident_id == incident_id, item.c.seat == code, item.c.status.in_(_OPEN)
    for item_id in session.run(select(item.c.id).where(*theirs)).scalars().all():
        withdraw(session, now, seat, item_id)


def take_from_excluded(session: Session, now: datetime, seat: Seat, incident_id: UUID) -> None:
    """What a body has of an event from which it is excluded is taken back: a report that said so has joined it."""
    for code in exclusions.of_incident(session, incident_id):
        _take_from(session, now, seat, incident_id, code)


def of_incident(session: Session, incident_id: UUID) -> list[Item]:
    """Every item of an event, for the desk; withdrawn ones, too."""
    rows = session.run(_ITEM.where(item.c.incident_id == incident_id).order_by(item.c.lead.desc(), item.c.id)).all()
    return [_item(session, row) for row in rows]


def overdue(session: Session, now: datetime, where: str = "seat") -> list[Item]:
    """What is open and has climbed so far at least (a name of CLIMBS), the latest first of all."""
    late = _ITEM.where(item.c.status.in_(_OPEN), item.c.due_at < now - _LATE[where]).order_by(item.c.due_at).limit(100)
    return [_item(session, row) for row in session.run(late).all()]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a seat was sent in a time, what of all it has was done or declined in it, and what is open or late now."""

    title: str
    sent: int
    done: int
    declined: int
    open: int
    late: int


def tallies(session: Session, now: datetime, begins: datetime) -> list[Tally]:
    """From that moment on: of each seat that had anything to do, in the order of the policy; no event is named."""
    changed, still_open = item.c.changed_at >= begins, item.c.status.in_(_OPEN)
    counted = {
        "sent": and_(item.c.made_at >= begins, _SEEN),
        "done": and_(changed, item.c.status == ItemStatus.DONE),
        "declined": and_(changed, item.c.status == ItemStatus.DECLINED),
        "open": still_open,
        "late": and_(still_open, item.c.due_at < now),
    }
    columns = committee_seat.c.title, *(func.count().filter(each).label(name) for name, each in counted.items())
    statement = select(*columns).join(item, item.c.seat == committee_seat.c.code).where(or_(*counted.values()))
    seats = committee_seat.c.place, committee_seat.c.code, committee_seat.c.title
    rows = session.run(statement.group_by(*seats).order_by(*seats))
    return [Tally(row.title, row.sent, row.done, row.declined, row.open, row.late) for row in rows]


def waiting(session: Session, now: datetime) -> list[Item]:
    """What of the events that go on waits for the desk, the most urgent first; 100 at most.

    A seat asks for more; or it says that it is not theirs, and nothing was sent to any seat since; or nobody holds the
    seat, and no link leads to the item.
    """
    order = incident.c.urgency, item.c.changed_at, item.c.id
    return [_item(session, row) for row in session.run(_ITEM.where(*_waits(now)).order_by(*order).limit(100)).all()]


def count_waiting(session: Session, now: datetime) -> int:
    """How much that is."""
    joined = select(func.count()).select_from(item).join(incident, incident.c.id == item.c.incident_id)
    return int(session.run(joined.where(*_waits(now))).scalar_one())


def _waits(now: datetime) -> tuple[Any, ...]:
    later = item.alias("later")
    sent_on = exists(select(1).where(later.c.incident_id == item.c.incident_id, later.c.made_at > item.c.changed_at))
    linked = exists(select(1).where(item_link.c.item_id == item.c.id, *_living(now)))
    return incident.c.status == IncidentStatus.OPEN, or_(
        item.c.status == ItemStatus.ASKED,
        and_(item.c.status == ItemStatus.DECLINED, ~sent_on),
        and_(item.c.status == ItemStatus.SENT, committee.is_vacant(item.c.seat), ~linked),
    )


# The seat


#: When the first report of the event came.
_FIRST_TOLD = (
    select(func.coalesce(func.min(report.c.made_at), incident.c.made_at, type_=Instant()))
    .where(report.c.incident_id == incident.c.id)
    .correlate(incident)
    .scalar_subquery()
)
_ITEM: Select[Any] = (
    select(
        item,
        committee_seat.c.title,
        committee_seat.c.protection_only,
        incident.c.kind,
        incident.c.place,
        incident.c.urgency,
        incident.c.summary,
        incident.c.data_key,
        _FIRST_TOLD.label("since"),
    )
    .join(incident, incident.c.id == item.c.incident_id)
    .join(committee_seat, committee_seat.c.code == item.c.seat)
)
_SEEN = item.c.status != ItemStatus.WITHDRAWN.value


def own(session: Session, now: datetime, staff_id: UUID) -> list[Item]:
    """What the seats of this member have to do and have done, what is due first at the top."""
    theirs = _theirs(session, now, staff_id)
    rows = session.run(_ITEM.where(theirs, _SEEN).order_by(item.c.due_at, item.c.id).limit(200)).all()
    found = [_item(session, row) for row in rows]
    return sorted(found, key=lambda each: each.status not in _OPEN)


def look(session: Session, now: datetime, staff_id: UUID, item_id: UUID) -> Item | None:
    """One item of a seat of theirs; None for every other, whether it is there or not."""
    row = session.run(_ITEM.where(item.c.id == item_id, _theirs(session, now, staff_id), _SEEN)).first()
    return _item(session, row) if row else None


def _theirs(session: Session, now: datetime, staff_id: UUID) -> Any:
    """The items of their seats, and of those that they stand in for what the holder is late with.

    Who sits in a body that must not hear of an event finds nothing of it, in whatever other seat they sit.
    """
    sitting = committee.sitting(session, staff_id)
    late = item.c.due_at < now - _LATE["deputy"]
    theirs = or_(item.c.seat.in_(sitting.holds), and_(item.c.seat.in_(sitting.stands_in), late))
    return and_(theirs, not_(exclusions.shut_out(item.c.incident_id, sitting.codes)))


def said_of(session: Session, item_id: UUID) -> list[Said]:
    """What the desk and the seat said about it, in order."""
    columns = item_note, incident.c.id.label("incident_id"), incident.c.data_key
    joined = (
        select(*columns)
        .join(item, item.c.id == item_note.c.item_id)
        .join(incident, incident.c.id == item.c.incident_id)
    )
    rows = session.run(joined.where(item_note.c.item_id == item_id).order_by(item_note.c.id)).all()
    return [
        Said(
            row.by_desk,
            ItemStatus(row.status),
            unseal(session.keys.unwrap(row.data_key, row.incident_id), "item_note.text", row.id, row.text),
            row.at,
        )
        for row in rows
    ]


def step(session: Session, now: datetime, actor: str, item_id: UUID, status: ItemStatus, words: str) -> None:
    """The seat accepts, says "not us", asks, or reports it done. Raises Stale, and NotAllowed without words."""
    allowed, action = _STEPS[status]
    row = _locked(session, item.c.id == item_id)
    if row is None or row.status not in allowed:
        raise Stale("the item has moved on")
    if status in NEEDS_WORDS and not words.strip():
        raise NotAllowed("it takes one sentence")
    _say(session, now, row, item_id, status, words, by_desk=False)
    _move(session, now, item_id, status)
    if status is ItemStatus.ACCEPTED:
        routed = report.c.incident_id == row.incident_id, report.c.status == "routed"
        session.run(update(report).where(*routed).values(status="in_hand", changed_at=now))
    note(session, now, actor, action, item_id)


def add(session: Session, now: datetime, actor: str, item_id: UUID, words: str) -> None:
    """The seat adds what it found. Raises Stale if the item is no longer open, NotAllowed without words."""
    row = _locked(session, item.c.id == item_id)
    if row is None or row.status not in _OPEN:
        raise Stale("the item has moved on")
    if not words.strip():
        raise NotAllowed("it takes one sentence")
    _say(session, now, row, item_id, ItemStatus(row.status), words, by_desk=False)
    note(session, now, actor, Action.ITEM_ADDED_TO, item_id)


def refuse_source(session: Session, now: datetime, actor: str, item_id: UUID) -> None:
    """A seat asked who told: it is refused in writing, and that it asked is in the audit."""
    note(session, now, actor, Action.ITEM_SOURCE_REFUSED, item_id)


def source_refused(session: Session, item_id: UUID) -> datetime | None:
    """When the seat was last refused who told; None if it never asked."""
    refused = (each.at for each in timeline(session, item_id) if each.action is Action.ITEM_SOURCE_REFUSED)
    return max(refused, default=None)


# One-time links


@dataclass(frozen=True, slots=True)
class Link:
    """A link that still opens its item: until when, and since when a device has it (None: nobody's has)."""

    expires_at: datetime
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that this device may use: the item, and how the audit names whoever holds it."""

    item: Item
    actor: str


def make_link(session: Session, now: datetime, seat: Seat, item_id: UUID) -> str:
    """A secret that opens this item on one device, shown once; an older one of the item ends.

    Raises Stale for an item that is not there or no longer open, NoConsent as `route` does.
    """
    row = _locked(session, item.c.id == item_id)
    if row is None or row.status not in _OPEN:
        raise Stale("the item is no longer open")
    _check_consent(session, row.incident_id)
    identity, secret = new_id(), secrets.token_urlsafe(24)
    _end_links(session, now, item_id)
    session.run(
        insert(item_link).values(
            id=identity,
            item_id=item_id,
            secret_hash=_hash(secret),
            device_hash=None,
            expires_at=now + LINK_FOR,
            opened_at=None,
            ended_at=None,
            made_by=seat.staff_id,
            made_at=now,
        )
    )
    note(session, now, seat.actor, Action.LINK_MADE, item_id)
    return secret


def living_links(session: Session, now: datetime, incident_id: UUID) -> dict[UUID, Link]:
    """The links of an event that still open their items, by the items' ids."""
    columns = item.c.id, item_link.c.expires_at, item_link.c.opened_at
    its = select(*columns).select_from(item_link).join(item, item.c.id == item_link.c.item_id)
    living = item.c.incident_id == incident_id, item.c.status.in_(_OPEN), *_living(now)
    return {row.id: Link(row.expires_at, row.opened_at) for row in session.run(its.where(*living))}


def end_link(session: Session, now: datetime, seat: Seat, item_id: UUID) -> None:
    """The link opens nothing any more, not even where it was opened; the seat keeps the item. Raises Stale if none
    is left to end.
    """
    if not _end_links(session, now, item_id):
        raise Stale("no link of the item is left")
    note(session, now, seat.actor, Action.LINK_ENDED, item_id)


def _living(now: datetime) -> tuple[Any, ...]:
    return item_link.c.expires_at > now, item_link.c.ended_at.is_(None)


def _end_links(session: Session, now: datetime, item_id: UUID) -> int:
    theirs = item_link.c.item_id == item_id, *_living(now)
    return session.run(update(item_link).where(*theirs).values(ended_at=now)).rowcount


def open_link(session: Session, now: datetime, secret: str, device: str | None) -> tuple[Opened, str] | None:
    """The item behind a living link, and the device's own secret; None for every other link and device alike.

    The first device that opens it is the only one that ever may.
    """
    theirs = item_link.c.secret_hash == _hash(secret), *_living(now)
    row = session.run(select(item_link).where(*theirs).with_for_update()).first()
    if row is None:
        return None
    if row.device_hash is None:
        device = secrets.token_urlsafe(24)
        values = {"device_hash": _hash(device), "opened_at": now}
        session.run(update(item_link).where(item_link.c.id == row.id).values(**values))
        note(session, now, f"link:{row.id}", Action.LINK_OPENED, row.item_id)
    elif device is None or not secrets.compare_digest(row.device_hash, _hash(device)):
        note(session, now, f"link:{row.id}", Action.LINK_REFUSED, row.item_id)
        return None
    found = session.run(_ITEM.where(item.c.id == row.item_id, _SEEN)).first()
    return (Opened(_item(session, found), f"link:{row.id}"), device) if found else None


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


# Below


def _locked(session: Session, *conditions: Any) -> Any:
    joined = select(item, incident.c.data_key).join(incident, incident.c.id == item.c.incident_id)
    return session.run(joined.where(*conditions).with_for_update(of=item)).first()


def _move(session: Session, now: datetime, item_id: UUID, status: ItemStatus) -> None:
    session.run(update(item).where(item.c.id == item_id).values(status=status.value, changed_at=now))


def _say(
    session: Session, now: datetime, row: Any, item_id: UUID, status: ItemStatus, text: str, *, by_desk: bool
) -> None:
    """Keep words under the key of the event; `row` is the incident, or an item with its event's key."""
    if not text.strip():
        return
    identity = new_id()
    key = session.keys.unwrap(row.data_key, getattr(row, "incident_id", row.id))
    sealed = seal(key, "item_note.text", identity, text)
    values = {"item_id": item_id, "by_desk": by_desk, "status": status.value, "text": sealed, "at": now}
    session.run(insert(item_note).values(id=identity, **values))


def _item(session: Session, row: Any) -> Item:
    summary = None
    key = session.keys.unwrap(row.data_key, row.incident_id)
    if row.summary is not None and not row.protection_only:
        summary = unseal(key, "incident.summary", row.incident_id, row.summary)
    request = _request(session, row.id, key)
    return Item(
        id=row.id,
        incident_id=row.incident_id,
        seat=row.seat,
        title=row.title,
        protection_only=row.protection_only,
        lead=row.lead,
        status=ItemStatus(row.status),
        kind=Kind(row.kind) if row.kind else None,
        place=row.place,
        urgency=row.urgency,
        summary=summary,
        request=request,
        since=row.since.astimezone(UTC).date(),
        due_at=row.due_at,
        made_at=row.made_at,
    )


def _request(session: Session, item_id: UUID, key: bytes) -> str:
    first = select(item_note.c.id, item_note.c.text).where(item_note.c.item_id == item_id, item_note.c.by_desk)
    row = session.run(first.order_by(item_note.c.id).limit(1)).first()
    return unseal(key, "item_note.text", row.id, row.text) if row else ""
