"""Reports: filed by a talk, added to and completed by what the person says; what the desk does is in `desk`.

The text is sealed under the key of the talk it came in.
"""

import hmac
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, insert, select, update

from bot.casework.apart import set_apart
from bot.casework.call_backs import ask_call_back
from bot.casework.codes import code_hash
from bot.casework.states import OPEN
from bot.conversation.kinds import CLOSED, USUAL_URGENCY, Kind
from bot.conversation.lexicon import Suggestion
from bot.conversation.outcomes import ReportSoFar
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import seal, unseal
from bot.store.tables import ReportStatus, Veracity, address, incident, report, talk

#: How soon an answer is needed, as urgency: somebody who needs it right away is never below P2.
_AT_LEAST = {"now": 2, "today": 3}
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
    half_told: bool = False
    suggested_incident_id: UUID | None = None

    @property
    def about(self) -> Kind:
        """What it may be about: the closed queue wins over everything, then what the sender chose by number."""
        if self.suggestion.kind in CLOSED:
            return self.suggestion.kind
        return self.kind or self.suggestion.kind or Kind.OTHER

    @property
    def urgency(self) -> int:
        """The urgency that triage starts from, 1 to 4."""
        usual = USUAL_URGENCY[self.about] if self.kind else self.suggestion.urgency
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


def file(session: Session, now: datetime, source: Source, filing: Filing, *, over: bool = False) -> None:
    """A new report with the id, text and code that its talk gave it.

    An address may be given the same number twice; with `over` its older report gives the number up.
    """
    if over:
        taken = report.c.code_hash == code_hash(session, source.address_hash, filing.code)
        session.run(update(report).where(taken).values(code_hash=os.urandom(32)))
    identity, suggestion, needed = filing.id, filing.suggestion, filing.answer_needed
    session.later(
        _INSERT,
        {
            "id": identity,
            "address_id": source.address_id,
            "talk_id": source.talk_id,
            "status": (ReportStatus.HALF_TOLD if filing.half_told else ReportStatus.RECEIVED).value,
            "closed_queue": suggestion.closed or filing.about in CLOSED,
            "exercise": source.exercise,
            "urgency": filing.urgency,
            "kind": None,
            "suggested_kind": filing.about.value,
            "place": filing.place,
            "place_confirmed": False,
            "language": source.language,
            "channel": source.channel,
            "answer_needed": needed,
            "call": None,
            "suggested_incident_id": filing.suggested_incident_id,
            "veracity": Veracity.NEW.value if filing.kind is Kind.RUMOUR else None,
            "code_hash": code_hash(session, source.address_hash, filing.code),
            "to_index": True,
            "narrative": seal(source.data_key, "report.narrative", identity, filing.text),
            "seen_at": None,
            "made_at": now,
            "changed_at": now,
        },
    )
    note(session, now, "sender", Action.REPORT_RECEIVED, identity, {"channel": source.channel})


def add_text(session: Session, now: datetime, report_id: UUID, text: str, suggestion: Suggestion) -> None:
    """More words on the same event: kept with the report, which is unread again; it may only become more urgent.

    They may come in a later talk than the report did; the report stays sealed under its own talk's key.
    """
    sealed_by = select(report, talk.c.data_key).join(talk, talk.c.id == report.c.talk_id)
    row = session.run(sealed_by.where(report.c.id == report_id).with_for_update(of=report)).one()
    data_key = session.keys.unwrap(row.data_key, row.talk_id)
    before = unseal(data_key, "report.narrative", report_id, row.narrative) if row.narrative else ""
    whole = f"{before}\n{text}" if before else text
    back = {"status": ReportStatus.RECEIVED.value} if row.status not in OPEN else {}
    session.run(
        update(report)
        .where(report.c.id == report_id)
        .values(
            narrative=seal(data_key, "report.narrative", report_id, whole),
            urgency=min(row.urgency, suggestion.urgency),
            seen_at=None,
            to_index=True,
            changed_at=now,
            **back,
        )
    )
    if suggestion.closed and not row.closed_queue:
        set_apart(session, now, "sender", report_id)
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


_TOLD = (
    update(report)
    .where(report.c.id == bindparam("of_report"), report.c.status == ReportStatus.HALF_TOLD.value)
    .values(status=ReportStatus.RECEIVED.value)
)


def complete(
    session: Session, now: datetime, report_id: UUID, address_id: UUID, talk_id: UUID, so_far: ReportSoFar
) -> None:
    """The sender has told all; whoever may be called becomes a call-back task."""
    note(session, now, "sender", Action.REPORT_COMPLETED, report_id)
    if so_far.text is not None:
        session.later(_TOLD, {"of_report": report_id})
    if so_far.call not in (None, "no"):
        ask_call_back(session, now, address_id, talk_id, report_id, so_far.language, so_far.call, rang=False)


def helped(session: Session, now: datetime, report_id: UUID, answer: str) -> None:
    """Whether what was done helped; a report that did not help is back in the inbox, unread."""
    again = {"status": ReportStatus.RECEIVED.value, "seen_at": None, "changed_at": now} if answer == "no" else {}
    session.run(update(report).where(report.c.id == report_id).values(helped=answer, **again))
    note(session, now, "sender", Action.REPORT_HELPED, report_id, {"helped": answer})


def latest(session: Session, address_id: UUID) -> Any:
    """The newest report of this address (id, made_at, talk_id), or None."""
    statement = select(report.c.id, report.c.made_at, report.c.talk_id).where(report.c.address_id == address_id)
    return session.run(statement.order_by(report.c.made_at.desc()).limit(1)).first()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a report stands, how far what it asks is known to be true, and the incident that says so."""

    status: ReportStatus
    veracity: Veracity | None
    incident_id: UUID | None


def status_of(session: Session, address_hash: bytes, code: str) -> Standing | None:
    """Where the report with this code of this address stands; None for every wrong code, and for a right one once
    somebody else has the number.
    """
    wanted = code_hash(session, address_hash, code)
    columns = report.c.status, report.c.code_hash, report.c.veracity, report.c.incident_id, incident.c.id
    # What it asks and was told at once, before a person has joined them.
    told = and_(incident.c.id == report.c.suggested_incident_id, report.c.incident_id.is_(None))
    statement = select(*columns, incident.c.veracity.label("told")).outerjoin(incident, told)
    theirs = statement.join(address, address.c.id == report.c.address_id).where(address.c.ended_at.is_(None))
    row = session.run(theirs.where(report.c.code_hash == wanted)).first()
    if row is None or not hmac.compare_digest(row.code_hash, wanted):
        return None
    if row.told and Veracity(row.told).is_settled:
        return Standing(ReportStatus(row.status), Veracity(row.told), row.id)
    veracity = Veracity(row.veracity) if row.veracity else None
    return Standing(ReportStatus(row.status), veracity, row.incident_id)
