"""The audit: who did what to which thing, in opaque ids, linked into a chain that shows any later change.

An entry is a plain insert, so that nobody waits for the chain; the clock links the new ones each second, and what
counts as proved is shown as "linked up to".
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update

from bot.store.session import Session
from bot.store.tables import audit

_BEGINNING = bytes(32)
#: Whose entries those of the chain itself are.
CHAIN = "audit"
#: An entry is linked only when it is this old, so that a slower transaction with a lower id can't be passed by.
_SETTLED_SECONDS = 2.0


class Action(StrEnum):
    """Every kind of entry, `noun.verbed`."""

    REPORT_RECEIVED = "report.received"
    REPORT_ENTERED = "report.entered"
    REPORT_ADDED_TO = "report.added_to"
    REPORT_COMPLETED = "report.completed"
    REPORT_SEEN = "report.seen"
    MEDIA_OPENED = "media.opened"
    REPORT_CONFIRMED = "report.confirmed"
    REPORT_REPLIED = "report.replied"
    REPORT_JUDGED = "report.judged"
    REPORT_SET_ASIDE = "report.set_aside"
    REPORT_TAKEN_BACK = "report.taken_back"
    REPORT_CLOSED = "report.closed"
    REPORT_TOLD = "report.told"
    REPORT_HELPED = "report.helped"
    REPORT_UNLINKED = "report.unlinked"
    REPORT_ERASED = "report.erased"
    REPORT_REFUSED = "report.refused"
    REPORT_ASKED = "report.asked"
    REPORT_ANSWERED = "report.answered"
    MESSAGE_TAKEN_BACK = "message.taken_back"
    MESSAGE_DROPPED = "message.dropped"
    REPORT_SHELTERED = "report.sheltered"
    REPORT_RELEASED = "report.released"
    REPORT_JOINED = "report.joined"
    REPORT_SPLIT = "report.split"
    REPORT_TAKEN_OVER = "report.taken_over"
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_DECIDED = "incident.decided"
    INCIDENT_JUDGED = "incident.judged"
    INCIDENT_CLOSED = "incident.closed"
    INCIDENT_REOPENED = "incident.reopened"
    INCIDENT_SUMMARISED = "incident.summarised"
    SIGHTING_NOTED = "sighting.noted"
    SIGHTING_WITHDRAWN = "sighting.withdrawn"
    CHECK_NOTED = "check.noted"
    CHECK_WITHDRAWN = "check.withdrawn"
    ANSWER_WRITTEN = "answer.written"
    ANSWER_APPROVED = "answer.approved"
    ANSWER_WITHDRAWN = "answer.withdrawn"
    ITEM_SENT = "item.sent"
    ITEM_ANSWERED = "item.answered"
    ITEM_ACCEPTED = "item.accepted"
    ITEM_DECLINED = "item.declined"
    ITEM_ASKED = "item.asked"
    ITEM_ADDED_TO = "item.added_to"
    ITEM_DONE = "item.done"
    ITEM_WITHDRAWN = "item.withdrawn"
    ITEM_SOURCE_REFUSED = "item.source_refused"
    ITEM_REFUSED = "item.refused"
    LINK_MADE = "link.made"
    LINK_OPENED = "link.opened"
    LINK_REFUSED = "link.refused"
    LINK_ENDED = "link.ended"
    SEAT_RENAMED = "seat.renamed"
    SEAT_TAKEN = "seat.taken"
    SEAT_LEFT = "seat.left"
    SEAT_EXCLUDED = "seat.excluded"
    SEAT_READMITTED = "seat.readmitted"
    VIEW_SAVED = "view.saved"
    VIEW_DELETED = "view.deleted"
    VIEW_BROUGHT_BACK = "view.brought_back"
    TARGET_CHANGED = "target.changed"
    HOURS_CHANGED = "hours.changed"
    SHIFT_ADDED = "shift.added"
    SHIFT_REMOVED = "shift.removed"
    SHIFT_SWAPPED = "shift.swapped"
    SHIFT_COPIED = "shift.copied"
    SHIFT_UNDONE = "shift.undone"
    HAND_OVER_WRITTEN = "hand_over.written"
    HAND_OVER_READ = "hand_over.read"
    HAND_OVER_WITHDRAWN = "hand_over.withdrawn"
    DUTY_PHONE_SET = "duty_phone.set"
    DUTY_PHONE_CONFIRMED = "duty_phone.confirmed"
    DUTY_PHONE_REFUSED = "duty_phone.refused"
    DUTY_PHONE_REMOVED = "duty_phone.removed"
    DUTY_PHONE_RANG = "duty_phone.rang"
    MASKING_CHANGED = "masking.changed"
    CALL_BACK_ASKED = "call_back.asked"
    CALL_BACK_DONE = "call_back.done"
    CALL_BACK_TRIED = "call_back.tried"
    CALL_BACK_SHOWN = "call_back.shown"
    CALL_BACK_REFUSED = "call_back.refused"
    TALK_BROKE = "talk.broke"
    ADDRESS_OPTED_OUT = "address.opted_out"
    ADDRESS_OPTED_IN = "address.opted_in"
    ADDRESS_SUBSCRIBED = "address.subscribed"
    ADDRESS_UNSUBSCRIBED = "address.unsubscribed"
    CONTACT_MADE = "contact.made"
    CONTACT_CHANGED = "contact.changed"
    CONTACT_MERGED = "contact.merged"
    CONTACT_SPLIT = "contact.split"
    CONTACTS_IMPORTED = "contacts.imported"
    IMPORT_BEGUN = "import.begun"
    IMPORT_CHECKED = "import.checked"
    IMPORT_REFUSED = "import.refused"
    IMPORT_STOPPED = "import.stopped"
    IMPORT_BROKEN = "import.broken"
    GROUP_MADE = "group.made"
    GROUP_CHANGED = "group.changed"
    GROUP_ASKED = "group.asked"
    MEMBER_ADDED = "member.added"
    MEMBER_CHANGED = "member.changed"
    MEMBER_ENDED = "member.ended"
    MEMBER_TAKEN_BACK = "member.taken_back"
    MEMBER_INVITED = "member.invited"
    MEMBER_JOINED = "member.joined"
    MEMBER_ANSWERED = "member.answered"
    MEMBER_CONFIRMED = "member.confirmed"
    MEMBER_LEFT = "member.left"
    INFO_PUBLISHED = "info.published"
    INFO_APPROVED = "info.approved"
    INFO_WITHDRAWN = "info.withdrawn"
    TRANSLATION_TASK_ASKED = "translation_task.asked"
    TRANSLATION_TASK_DONE = "translation_task.done"
    TRANSLATION_TASK_WITHDRAWN = "translation_task.withdrawn"
    TRANSLATION_PROPOSED = "translation.proposed"
    TRANSLATION_APPROVED = "translation.approved"
    TRANSLATION_WITHDRAWN = "translation.withdrawn"
    TRANSLATION_IMPORTED = "translation.imported"
    SPELLING_CHANGED = "spelling.changed"
    LEXICON_CHANGED = "lexicon.changed"
    REPORT_BACK_WORDED = "report_back.worded"
    REPORT_BACK_APPROVED = "report_back.approved"
    REPORT_BACK_WITHDRAWN = "report_back.withdrawn"
    IDENTITY_ASKED = "identity.asked"
    IDENTITY_ALLOWED = "identity.allowed"
    IDENTITY_REFUSED = "identity.refused"
    IDENTITY_REVEALED = "identity.revealed"
    ADDRESS_FORGOTTEN = "address.forgotten"
    STAFF_SIGNED_IN = "staff.signed_in"
    STAFF_SIGN_IN_REFUSED = "staff.sign_in_refused"
    STAFF_SIGNED_OUT = "staff.signed_out"
    STAFF_MADE = "staff.made"
    STAFF_CHANGED = "staff.changed"
    STAFF_PROFILE_CHANGED = "staff.profile_changed"
    STAFF_INVITED = "staff.invited"
    STAFF_JOINED = "staff.joined"
    STAFF_LINKED = "staff.linked"
    STAFF_SUSPENDED = "staff.suspended"
    STAFF_RETURNED = "staff.returned"
    STAFF_REQUESTED = "staff.requested"
    STAFF_APPROVED = "staff.approved"
    STAFF_DECLINED = "staff.declined"
    STAFF_WITHDRAWN = "staff.withdrawn"
    STAFF_REFUSED = "staff.refused"
    RETENTION_CHANGED = "retention.changed"
    RETENTION_ENFORCED = "retention.enforced"
    KEYS_ROTATED = "keys.rotated"
    AUDIT_CHECKED = "audit.checked"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit, as a timeline shows it."""

    id: int
    at: datetime
    actor: str
    action: Action
    subject: str
    detail: Mapping[str, Any]


_NOTE = insert(audit)


def note(
    session: Session,
    now: datetime,
    actor: str,
    action: Action,
    subject: UUID | str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry with the transaction; `detail` holds opaque ids and states, never a number, name or text."""
    values = {"at": now, "actor": actor, "action": action.value, "subject": str(subject), "detail": dict(detail or {})}
    session.later(_NOTE, values)


def timeline(session: Session, subject: UUID | str) -> list[Entry]:
    """What happened to this thing, oldest first."""
    rows = session.run(select(audit).where(audit.c.subject == str(subject)).order_by(audit.c.id))
    return [_entry(row) for row in rows]


def newest_of(session: Session, subject: UUID | str, limit: int) -> list[Entry]:
    """The newest entries of one thing that has many, newest first."""
    rows = session.run(select(audit).where(audit.c.subject == str(subject)).order_by(audit.c.id.desc()).limit(limit))
    return [_entry(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: by these, of this kind, on this thing, from one moment to another; empty fields want all."""

    actors: tuple[str, ...] = ()
    action: Action | None = None
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


_EVERYTHING = Wanted()


def newest(session: Session, limit: int, before: int | None = None, wanted: Wanted = _EVERYTHING) -> list[Entry]:
    """The newest entries, newest first; with `before`, those older than the entry of this number."""
    statement = select(audit).where(*_conditions(session, wanted)).order_by(audit.c.id.desc()).limit(limit)
    rows = session.run(statement if before is None else statement.where(audit.c.id < before))
    return [_entry(row) for row in rows]


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actors:
        found.append(audit.c.actor.in_(wanted.actors))
    if wanted.action:
        found.append(audit.c.action == wanted.action.value)
    if wanted.subject:
        found.append(audit.c.subject == wanted.subject)
    if wanted.since:
        found += [audit.c.at >= wanted.since, audit.c.id >= _number_at(session, wanted.since - _DISORDER)]
    if wanted.until:
        found += [audit.c.at < wanted.until, audit.c.id < _number_at(session, wanted.until + _DISORDER)]
    return found


#: Numbers grow with the time, but for transactions that ran side by side; none runs so long.
_DISORDER = timedelta(minutes=5)


def _number_at(session: Session, at: datetime) -> int:
    """The number of the first entry of this moment or later, by halving: so the times need no index of their own."""
    low, high = 0, (session.run(select(func.max(audit.c.id))).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        following = select(audit.c.id, audit.c.at).where(audit.c.id >= middle).order_by(audit.c.id).limit(1)
        row = session.run(following).first()
        if row is None or row.at >= at:
            high = middle
        else:
            low = row.id + 1
    return low


def _entry(row: Any) -> Entry:
    return Entry(row.id, row.at, row.actor, Action(row.action), row.subject, row.detail)


_LINK = update(audit).where(audit.c.id == bindparam("entry"), audit.c.link.is_(None))


def link_new(session: Session, now: datetime, limit: int = 5000) -> int:
    """Link the settled new entries to the chain; how many. One at a time: call it under the clock's lease."""
    last = session.run(
        select(audit.c.link, audit.c.hash).where(audit.c.link.is_not(None)).order_by(audit.c.link.desc()).limit(1)
    )
    row = last.first()
    number, previous = (row.link, row.hash) if row else (0, _BEGINNING)
    fresh = session.run(select(audit).where(audit.c.link.is_(None)).order_by(audit.c.id).limit(limit)).all()
    linked = []
    for entry in fresh:
        if (now - entry.at).total_seconds() < _SETTLED_SECONDS:
            break
        number, previous = number + 1, _hash(number + 1, previous, entry)
        linked.append({"entry": entry.id, "link": number, "hash": previous})
    for values in linked:
        session.later(_LINK, values)
    return len(linked)


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the chain holds, its last entry that does, and the first link that does not (None: all do)."""

    linked: int = 0
    linked_at: datetime | None = None
    broken_at: int | None = None
    entry: int | None = None
    hash: bytes = _BEGINNING


_NOTHING = Chain()


def verify(session: Session, so_far: Chain = _NOTHING, most: int | None = None) -> Chain:
    """Walk the chain: a changed, removed, added or moved entry breaks it at its place.

    It goes on from what was walked before, and so many links at most. A chain whose end was cut off holds up to the
    last earlier walk that still fits.
    """
    rest = select(audit).where(audit.c.link > so_far.linked).order_by(audit.c.link).limit(most)
    chain = so_far
    for entry in session.run(rest).yield_per(1000):
        if entry.link != chain.linked + 1 or entry.hash != _hash(entry.link, chain.hash, entry):
            return replace(chain, broken_at=chain.linked + 1)
        chain = Chain(entry.link, entry.at, None, entry.id, entry.hash)
    is_end = most is None or chain.linked - so_far.linked < most
    return _cut_off(session) or chain if is_end else chain


def _cut_off(session: Session) -> Chain | None:
    """The chain up to the last walk that fits, if what a later one found at its end is not there any more."""
    found = [entry.detail for entry in timeline(session, CHAIN) if entry.action is Action.AUDIT_CHECKED]
    ends = {said["linked"]: said["entry"] for said in found if said["entry"] is not None and not said["broken"]}
    there = {row.link: row for row in session.run(select(audit).where(audit.c.link.in_(ends)))}
    held = _NOTHING
    for link in sorted(ends):
        row = there.get(link)
        if row is None or row.id != ends[link]:
            return replace(held, broken_at=held.linked + 1)
        held = Chain(row.link, row.at, None, row.id, row.hash)
    return None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a walk along the whole chain found, and when."""

    at: datetime
    linked: int
    broken: bool
    entry: int | None
    entry_at: datetime | None


def note_checked(session: Session, now: datetime, actor: str, chain: Chain) -> None:
    """Keep what a walk has found."""
    until = chain.linked_at.isoformat() if chain.linked_at else None
    detail = {"linked": chain.linked, "broken": chain.broken_at is not None, "entry": chain.entry, "entry_at": until}
    note(session, now, actor, Action.AUDIT_CHECKED, CHAIN, detail)


def last_checked(session: Session) -> Checked | None:
    """What the newest walk found."""
    for entry in newest_of(session, CHAIN, 1):
        said = entry.detail
        until = datetime.fromisoformat(said["entry_at"]) if said["entry_at"] else None
        return Checked(entry.at, said["linked"], said["broken"], said["entry"], until)
    return None


def linked_up_to(session: Session) -> int:
    """The number of the newest link."""
    return session.run(select(func.max(audit.c.link))).scalar() or 0


def _hash(number: int, previous: bytes, entry: Any) -> bytes:
    content = json.dumps(
        [
            number,
            previous.hex(),
            entry.id,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor,
            entry.action,
            entry.subject,
            entry.detail,
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).digest()
