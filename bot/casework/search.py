"""Search in sealed texts: each word of a report is kept as a keyed hash, and so is its number.

The clock indexes what is new; nothing of it is on the way of a message. Who has the database and not the key file sees
that two reports share a word, and not which. FORGET ME takes the words away at once.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, update

from bot.casework import desk
from bot.casework.desk import Line
from bot.casework.seats import Seat
from bot.conversation.kinds import Kind
from bot.store import Session
from bot.store.sealing import unseal
from bot.store.tables import report, report_word, talk
from bot.store.words import hashed, words_of

#: So many reports are indexed at once, and so many are found.
_AT_ONCE, FOUND = 200, 50
_INDEX = "word"
_INSERT = insert(report_word)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is None or empty does not count. `places` are ids, `until` is that whole day."""

    words: tuple[str, ...] = field(default=(), repr=False)
    kind: Kind | None = None
    places: Sequence[str] = ()
    language: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is looked for."""
        return self == Wanted()


def index_new(session: Session) -> int:
    """Index the reports that are new or were added to; how many. Safe to run twice."""
    waiting = (
        select(report.c.id, report.c.narrative, report.c.talk_id, talk.c.data_key, talk.c.facts)
        .join(talk, talk.c.id == report.c.talk_id)
        .where(report.c.to_index)
        .order_by(report.c.id)
        .limit(_AT_ONCE)
        .with_for_update(of=report, skip_locked=True)
    )
    rows = session.run(waiting).all()
    for row in rows:
        session.run(delete(report_word).where(report_word.c.report_id == row.id))
        for word in sorted({hashed(session.keys, _INDEX, word) for word in _told(session, row)}):
            session.later(_INSERT, {"report_id": row.id, "word": word})
        session.run(update(report).where(report.c.id == row.id).values(to_index=False))
    return len(rows)


def _told(session: Session, row: Any) -> tuple[str, ...]:
    """The words of a report and its number; none of one that was forgotten."""
    if row.data_key is None:
        return ()
    key = session.keys.unwrap(row.data_key, row.talk_id)
    text = unseal(key, "report.narrative", row.id, row.narrative) if row.narrative else ""
    facts = json.loads(unseal(key, "talk.facts", row.talk_id, row.facts)) if row.facts else {}
    return (*words_of(text), str(facts.get("code", "")))


def forget(session: Session, report_id: UUID) -> None:
    """Nothing of it is found any more."""
    session.run(delete(report_word).where(report_word.c.report_id == report_id))


def shares(session: Session, text: str, least: int = 2) -> Any:
    """Whether a report has so many of the words of this text; one that is not indexed yet may have."""
    wanted = [hashed(session.keys, _INDEX, word) for word in words_of(text)]
    having = select(report_word.c.report_id).where(report_word.c.word.in_(wanted)).group_by(report_word.c.report_id)
    return or_(report.c.to_index, report.c.id.in_(having.having(func.count() >= least)))


def find(session: Session, seat: Seat, wanted: Wanted) -> list[Line]:
    """The newest reports that have all of it and that this seat may see, in whatever state; FOUND at most."""
    words = [(report_word.alias(), hashed(session.keys, _INDEX, word)) for word in wanted.words]
    joined = [(each, and_(each.c.report_id == report.c.id, each.c.word == word)) for each, word in words]
    conditions: list[Any] = []
    if wanted.kind:
        conditions.append(report.c.kind == wanted.kind.value)
    if wanted.places:
        conditions.append(report.c.place.in_(wanted.places))
    if wanted.language:
        conditions.append(report.c.language == wanted.language)
    if wanted.since:
        conditions.append(report.c.made_at >= _begins(wanted.since))
    if wanted.until:
        conditions.append(report.c.made_at < _begins(wanted.until) + timedelta(days=1))
    return desk.lines(session, seat, *conditions, most=FOUND, joined=joined)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
