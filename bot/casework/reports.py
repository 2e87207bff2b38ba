"""Reports: filed by a talk, completed by its answers, read and acted on by the desk.

The text is sealed under the key of the talk it came in. What the desk sees is here too: the inbox, one report, its
conversation. Each act writes one entry in the audit, which is the report's timeline.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, case, func, insert, or_, select, update

from bot.casework.call_backs import ask_call_back
from bot.conversation.kinds import CLOSED, USUAL_URGENCY, Kind
from bot.conversation.lexicon import Suggestion
from bot.conversation.outcomes import ReportSoFar
from bot.delivery import outbox
from bot.delivery.outbox import Lane
from bot.errors import NotAllowed, Stale
from bot.languages.text import digits
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import seal, unseal
from bot.store.tables import ReportStatus, address, form_token, message, report, talk
from bot.store.tables import outbox as outbox_table

#: How soon an answer is needed, as urgency: somebody who needs it right away is never below P2.
_AT_LEAST = {"now": 2, "today": 3}
OPEN = tuple(each.value for each in ReportStatus if each not in (ReportStatus.CLOSED, ReportStatus.SET_ASIDE))
#: Codes have so many digits, the check digit included, while an address has few.
_CODE_DIGITS = 5
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2), (7, 0, 9, 2, 1, 5, 4, 8, 6, 3), (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6), (6, 1, 2, 3, 0, 4, 5, 9, 7, 8), (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4), (8, 9, 4, 5, 3, 6, 2, 0, 1, 7), (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)  # fmt: skip


def new_code() -> str:
    """A code for a reporter: chance and a check digit that catches one wrong or two swapped digits (Damm 2004)."""
    body = str(secrets.randbelow(9 * 10 ** (_CODE_DIGITS - 2)) + 10 ** (_CODE_DIGITS - 2))
    return body + str(_check(body))


def is_code(text: str) -> bool:
    """Whether these digits end in their check digit."""
    said = digits(text)
    return said.isdecimal() and len(said) >= _CODE_DIGITS and _check(said) == 0


def _check(body: str) -> int:
    interim = 0
    for digit in body:
        interim = _DAMM[interim][int(digit)]
    return interim


def code_hash(session: Session, address_hash: bytes, code: str) -> bytes:
    """How a code is kept: bound to its address, worthless to anybody else."""
    return session.keys.blind("code", f"{address_hash.hex()}|{digits(code)}")


_INSERT = insert(report)


@dataclass(frozen=True, slots=True)
class Filing:
    """What a report says when it is filed; kind and answer_needed are known from a coded line only."""

    id: UUID
    text: str = field(repr=False)
    suggestion: Suggestion
    code: str = field(repr=False)
    place: str | None = None
    kind: Kind | None = None
    answer_needed: str | None = None

    @property
    def urgency(self) -> int:
        """The urgency that triage starts from, 1 to 4."""
        usual = USUAL_URGENCY[self.kind] if self.kind else self.suggestion.urgency
        return min(usual, _AT_LEAST.get(self.answer_needed or "", 4))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report came from: its talk with the key that seals it, the address, the wire."""

    talk_id: UUID
    data_key: bytes = field(repr=False)
    address_id: UUID
    address_hash: bytes
    channel: str
    language: str | None
    exercise: bool


def file(session: Session, now: datetime, source: Source, filing: Filing) -> None:
    """A new report with the id, text and code that its talk gave it."""
    identity, suggestion, kind, needed = filing.id, filing.suggestion, filing.kind, filing.answer_needed
    session.later(
        _INSERT,
        {
            "id": identity,
            "address_id": source.address_id,
            "talk_id": source.talk_id,
            "status": ReportStatus.RECEIVED.value,
            "closed_queue": suggestion.closed,
            "exercise": source.exercise,
            "urgency": filing.urgency,
            "kind": None,
            "suggested_kind": (kind or suggestion.kind or Kind.OTHER).value,
            "place": filing.place,
            "place_confirmed": False,
            "language": source.language,
            "channel": source.channel,
            "answer_needed": needed,
            "call": None,
            "code_hash": code_hash(session, source.address_hash, filing.code),
            "narrative": seal(source.data_key, "report.narrative", identity, filing.text),
            "seen_at": None,
            "made_at": now,
            "changed_at": now,
        },
    )
    note(session, now, "sender", Action.REPORT_RECEIVED, identity, {"channel": source.channel})


def add_text(
    session: Session, now: datetime, report_id: UUID, data_key: bytes, text: str, suggestion: Suggestion
) -> None:
    """More words on the same event: kept with the report, which is unread again; it may only become more urgent."""
    row = session.run(select(report).where(report.c.id == report_id).with_for_update()).one()
    before = unseal(data_key, "report.narrative", report_id, row.narrative) if row.narrative else ""
    whole = f"{before}\n{text}" if before else text
    back = {"status": ReportStatus.RECEIVED.value} if row.status not in OPEN else {}
    session.run(
        update(report)
        .where(report.c.id == report_id)
        .values(
            narrative=seal(data_key, "report.narrative", report_id, whole),
            closed_queue=row.closed_queue or suggestion.closed,
            urgency=min(row.urgency, suggestion.urgency),
            seen_at=None,
            changed_at=now,
            **back,
        )
    )
    note(session, now, "sender", Action.REPORT_ADDED_TO, report_id)


#: A person has decided where it is, be it that nobody can say.
_DECIDED_PLACE = report.c.kind.is_not(None)
_DRAFT = (
    update(report)
    .where(report.c.id == bindparam("of_report"))
    .values(
        language=func.coalesce(bindparam("new_language"), report.c.language),
        answer_needed=func.coalesce(bindparam("new_needed"), report.c.answer_needed),
        place=case((_DECIDED_PLACE, report.c.place), else_=func.coalesce(bindparam("new_place"), report.c.place)),
        call=func.coalesce(bindparam("new_call"), report.c.call),
        urgency=case(
            (report.c.kind.is_(None) & (bindparam("new_urgency") < report.c.urgency), bindparam("new_urgency")),
            else_=report.c.urgency,
        ),
        changed_at=bindparam("new_time"),
    )
)


def update_draft(session: Session, now: datetime, report_id: UUID, so_far: ReportSoFar, urgency: int) -> None:
    """Let the report say what the answers say so far; `urgency` is what it was filed with.

    It never becomes less urgent by that, and what a person of the desk has confirmed stays as it is.
    """
    session.later(
        _DRAFT,
        {
            "of_report": report_id,
            "new_language": so_far.language,
            "new_needed": so_far.answer_needed,
            "new_place": so_far.place,
            "new_call": so_far.call,
            "new_urgency": min(urgency, _AT_LEAST.get(so_far.answer_needed or "", 4)),
            "new_time": now,
        },
    )


def complete(
    session: Session, now: datetime, report_id: UUID, address_id: UUID, talk_id: UUID, so_far: ReportSoFar
) -> None:
    """The sender has told all; whoever may be called becomes a call-back task."""
    note(session, now, "sender", Action.REPORT_COMPLETED, report_id)
    if so_far.call not in (None, "no"):
        ask_call_back(session, now, address_id, talk_id, report_id, so_far.language, so_far.call, rang=False)


def latest(session: Session, address_id: UUID) -> Any:
    """The newest report of this address (id, made_at, talk_id), or None."""
    statement = select(report.c.id, report.c.made_at, report.c.talk_id).where(report.c.address_id == address_id)
    return session.run(statement.order_by(report.c.made_at.desc()).limit(1)).first()


def status_of(session: Session, address_hash: bytes, code: str) -> ReportStatus | None:
    """Where the report with this code of this address stands; None for every wrong code alike."""
    wanted = code_hash(session, address_hash, code)
    row = session.run(select(report.c.status, report.c.code_hash).where(report.c.code_hash == wanted)).first()
    return ReportStatus(row.status) if row and hmac.compare_digest(row.code_hash, wanted) else None


# What the desk sees and does.


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks: the staff member's id, and whether the closed queue is theirs to see."""

    staff_id: UUID
    sees_closed: bool = False

    @property
    def actor(self) -> str:
        """How the audit names them."""
        return f"staff:{self.staff_id}"


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


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message of a conversation: from us or from them, its text, and for ours what became of it."""

    outbound: bool
    kind: str
    text: str | None
    at: datetime
    channel: str
    delivery: str | None
    possible_duplicate: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the inbox and where the next one starts (None: this is the last)."""

    lines: tuple[Line, ...]
    older: str | None


_LINE = select(report, talk.c.data_key).join(talk, talk.c.id == report.c.talk_id)
PAGE = 25


def _visible(seat: Seat) -> Any:
    return True if seat.sees_closed else report.c.closed_queue.is_(False)


def inbox(session: Session, seat: Seat, *, status: str = "open", after: str | None = None) -> Found:
    """A page of reports, the most urgent first and within that the newest; `status` is open, or one state."""
    statuses = OPEN if status == "open" else (status,)
    statement = _LINE.where(report.c.status.in_(statuses), _visible(seat))
    if after:
        statement = _after(statement, after)
    rows = session.run(statement.order_by(report.c.urgency, report.c.made_at.desc(), report.c.id).limit(PAGE + 1)).all()
    lines = tuple(_line(session, row) for row in rows[:PAGE])
    older = f"{lines[-1].urgency}|{lines[-1].made_at.isoformat()}|{lines[-1].id}" if len(rows) > PAGE else None
    return Found(lines, older)


def _after(statement: Select[Any], mark: str) -> Select[Any]:
    try:
        urgency, made_at, identity = mark.split("|")
        place = (int(urgency), datetime.fromisoformat(made_at), UUID(identity))
    except ValueError:
        return statement
    if place[0] not in range(1, 5) or place[1].tzinfo is None:
        return statement
    same = and_(report.c.urgency == place[0], report.c.made_at == place[1], report.c.id > place[2])
    older = and_(report.c.urgency == place[0], report.c.made_at < place[1])
    return statement.where(or_(report.c.urgency > place[0], older, same))


def newest_change(session: Session, seat: Seat) -> str:
    """A mark that differs as soon as the inbox differs: how many are open and when the last one changed."""
    statement = select(func.count(), func.max(report.c.changed_at)).where(report.c.status.in_(OPEN), _visible(seat))
    row: Any = session.run(statement).one()
    return f"{row[0]}-{row[1].timestamp() if row[1] else 0}"


def counts(session: Session, seat: Seat) -> dict[str, int]:
    """How many reports stand in each state."""
    statement = select(report.c.status, func.count()).where(_visible(seat)).group_by(report.c.status)
    rows: Sequence[Any] = session.run(statement).all()
    return {row[0]: row[1] for row in rows}


def look(session: Session, seat: Seat, report_id: UUID) -> Line | None:
    """One report, or None if there is none that this seat may see."""
    row = session.run(_LINE.where(report.c.id == report_id, _visible(seat))).first()
    return _line(session, row) if row else None


def conversation(session: Session, report_id: UUID) -> list[Spoken]:
    """All messages of the talks that carry this report, oldest first; an erased text is None."""
    statement = (
        select(message, talk.c.data_key, outbox_table.c.status, outbox_table.c.possible_duplicate)
        .join(talk, talk.c.id == message.c.talk_id)
        .outerjoin(outbox_table, outbox_table.c.message_id == message.c.id)
        .where(talk.c.report_id == report_id)
        .order_by(message.c.at, message.c.outbound, message.c.id)
    )
    return [_spoken(session, row) for row in session.run(statement)]


def mark_seen(session: Session, now: datetime, seat: Seat, report_id: UUID) -> None:
    """The report has been opened by a person; the first time is in the audit."""
    first = session.run(
        update(report).where(report.c.id == report_id, report.c.seen_at.is_(None), _visible(seat)).values(seen_at=now)
    )
    if first.rowcount:
        note(session, now, seat.actor, Action.REPORT_SEEN, report_id)


def confirm(
    session: Session, now: datetime, seat: Seat, report_id: UUID, *, kind: Kind, place: str | None, urgency: int
) -> None:
    """Kind, place and urgency as a person decided them. A kind of the closed queue moves the report there."""
    line = _mine(session, seat, report_id)
    status = (
        ReportStatus.TRIAGED.value if line.status in (ReportStatus.RECEIVED, ReportStatus.HALF_TOLD) else line.status
    )
    session.run(
        update(report)
        .where(report.c.id == report_id)
        .values(
            kind=kind.value,
            place=place,
            place_confirmed=place is not None,
            urgency=urgency,
            status=status,
            closed_queue=line.closed_queue or kind in CLOSED,
            changed_at=now,
        )
    )
    detail = {"kind": kind.value, "place": place, "urgency": urgency}
    note(session, now, seat.actor, Action.REPORT_CONFIRMED, report_id, detail)


def set_aside(session: Session, now: datetime, seat: Seat, report_id: UUID, reason: str) -> None:
    """Out of the inbox, with one of a few reasons; `take_back` undoes it."""
    line = _mine(session, seat, report_id)
    if line.status not in OPEN:
        raise Stale("the report is no longer open")
    _move(session, now, report_id, ReportStatus.SET_ASIDE)
    note(session, now, seat.actor, Action.REPORT_SET_ASIDE, report_id, {"reason": reason})


def take_back(session: Session, now: datetime, seat: Seat, report_id: UUID) -> None:
    """Back into the inbox."""
    if _mine(session, seat, report_id).status is not ReportStatus.SET_ASIDE:
        raise Stale("the report was not set aside")
    _move(session, now, report_id, ReportStatus.RECEIVED)
    note(session, now, seat.actor, Action.REPORT_TAKEN_BACK, report_id)


def reply(session: Session, now: datetime, seat: Seat, report_id: UUID, text: str, token: str) -> None:
    """Write to the reporter, once per form token, on the wire they used. Raises NotAllowed if nobody can be reached."""
    row = session.run(
        select(
            report.c.talk_id,
            report.c.address_id,
            talk.c.data_key,
            address.c.channel,
            address.c.sealed,
            address.c.opted_out_at,
        )
        .join(talk, talk.c.id == report.c.talk_id)
        .outerjoin(address, address.c.id == report.c.address_id)
        .where(report.c.id == report_id, _visible(seat))
    ).first()
    if row is None or row.sealed is None or row.data_key is None:
        raise NotAllowed("nobody can be reached about this report any more")
    if row.opted_out_at is not None:
        raise NotAllowed("this person asked for no more messages")
    outbox.put(
        session,
        now,
        cause=f"desk:{token}",
        talk_id=row.talk_id,
        data_key=session.keys.unwrap(row.data_key, row.talk_id),
        address_id=row.address_id,
        channel=row.channel,
        text=text,
        lane=Lane.CONVERSATION,
    )
    _move(session, now, report_id, ReportStatus.ANSWERED)
    note(session, now, seat.actor, Action.REPORT_REPLIED, report_id)


def use_token(session: Session, now: datetime, token: str) -> None:
    """Use a form's token up; raises Duplicate at the flush if the same form was sent before."""
    session.run(insert(form_token).values(token=token, used_at=now))


def _mine(session: Session, seat: Seat, report_id: UUID) -> Line:
    row = session.run(_LINE.where(report.c.id == report_id, _visible(seat)).with_for_update(of=report)).first()
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
    )


def _spoken(session: Session, row: Any) -> Spoken:
    text = None
    if row.data_key is not None and row.body is not None:
        text = unseal(session.keys.unwrap(row.data_key, row.talk_id), "message.body", row.id, row.body)
    return Spoken(
        row.outbound,
        row.kind,
        text,
        row.at,
        row.channel,
        row.status if row.outbound else None,
        bool(row.possible_duplicate),
    )
