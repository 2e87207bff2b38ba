"""News that the desk keeps for everybody: one text per topic, place and language, until a day. None is sent after it.

The texts are public and lie in clear.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from bot.casework.seats import Seat
from bot.errors import NotAllowed, Stale
from bot.languages import Folding, gsm7
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import info
from bot.store.types import new_id

#: Peace messages: nobody reads one that a second person has not approved.
PEACE = ("tales", "help")
TOPICS = ("river", "rain", "market", "birth", "identity", "school", "hours", *PEACE)
#: A text is at most so many SMS once folded, and holds for at most so long.
MOST_SEGMENTS = 2
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class News:
    """One text; `place` is None for the whole country."""

    id: UUID
    topic: str
    place: str | None
    language: str
    text: str
    expires_at: datetime
    made_at: datetime
    made_by: UUID
    approved_at: datetime | None = None

    @property
    def heard_from(self) -> datetime:
        """When it was made, or of a peace message approved."""
        return self.approved_at or self.made_at

    @property
    def waits(self) -> bool:
        """Whether nobody is told this before a second person has approved it."""
        return self.topic in PEACE and self.approved_at is None


def segments(text: str, language: str, folding: Folding) -> int:
    """How many SMS the text takes as a phone gets it."""
    return gsm7.count(folding.for_sms(text, language)).segments


def publish(
    session: Session,
    now: datetime,
    seat: Seat,
    topic: str,
    place: str | None,
    language: str,
    text: str,
    expires_at: datetime,
) -> UUID:
    """From now on this is what the topic says there; it takes the place of what was said before.

    A peace message takes the place of another that waits for its second person; `approve` makes it heard.
    """
    _make_way(session, now, topic, place, language, only_waiting=topic in PEACE)
    identity = new_id()
    session.run(
        insert(info).values(
            id=identity,
            topic=topic,
            place=place,
            language=language,
            text=text,
            expires_at=expires_at,
            made_by=seat.staff_id,
            made_at=now,
            withdrawn_at=None,
        )
    )
    note(session, now, seat.actor, Action.INFO_PUBLISHED, identity, {"topic": topic})
    return identity


def _make_way(
    session: Session, now: datetime, topic: str, place: str | None, language: str, *, only_waiting: bool = False
) -> None:
    before = update(info).where(
        info.c.topic == topic,
        info.c.place.is_not_distinct_from(place),
        info.c.language == language,
        info.c.withdrawn_at.is_(None),
    )
    session.run((before.where(info.c.approved_at.is_(None)) if only_waiting else before).values(withdrawn_at=now))


def approve(session: Session, now: datetime, seat: Seat, identity: UUID) -> None:
    """A second person has read this very text; it is heard in the place of what was heard before.

    Raises NotAllowed for whoever wrote it, Stale if it no longer waits.
    """
    waiting = select(info).where(info.c.id == identity, info.c.withdrawn_at.is_(None), info.c.approved_at.is_(None))
    row = session.run(waiting.with_for_update()).first()
    if row is None or row.topic not in PEACE:
        raise Stale("the text no longer waits")
    if row.made_by == seat.staff_id:
        raise NotAllowed("nobody approves what they wrote themselves")
    _make_way(session, now, row.topic, row.place, row.language)
    values = {"withdrawn_at": None, "approved_by": seat.staff_id, "approved_at": now}
    session.run(update(info).where(info.c.id == identity).values(**values))
    note(session, now, seat.actor, Action.INFO_APPROVED, identity, {"topic": row.topic})


def withdraw(session: Session, now: datetime, seat: Seat, identity: UUID) -> None:
    """It is no longer sent. Raises Stale if it was withdrawn before."""
    changed = session.run(
        update(info).where(info.c.id == identity, info.c.withdrawn_at.is_(None)).values(withdrawn_at=now)
    )
    if not changed.rowcount:
        raise Stale("the news is no longer there")
    note(session, now, seat.actor, Action.INFO_WITHDRAWN, identity)


def listed(session: Session) -> list[News]:
    """Everything that was not withdrawn, what ends first at the top; what has expired stands there until renewed."""
    statement = select(info).where(info.c.withdrawn_at.is_(None)).order_by(info.c.expires_at, info.c.id).limit(500)
    return [_news(row) for row in session.run(statement)]


def peace(session: Session, now: datetime) -> list[News]:
    """The peace messages for the whole country that a second person approved and whose time is not over."""
    living = info.c.withdrawn_at.is_(None), info.c.expires_at > now, info.c.approved_at.is_not(None)
    statement = select(info).where(info.c.topic.in_(PEACE), info.c.place.is_(None), *living)
    return [_news(row) for row in session.run(statement)]


def _news(row: Any) -> News:
    return News(
        row.id,
        row.topic,
        row.place,
        row.language,
        row.text,
        row.expires_at,
        row.made_at,
        row.made_by,
        row.approved_at,
    )


def find(session: Session, now: datetime, topic: str, places: Sequence[str], languages: Sequence[str]) -> str | None:
    """The living text of this topic for the nearest of `places` (None counts as the last), in the best of `languages`.

    A text that has expired, or expires now, is never given, nor a peace message that nobody else has approved.
    """
    statement = select(info.c.place, info.c.language, info.c.text).where(
        info.c.topic == topic,
        info.c.withdrawn_at.is_(None),
        info.c.expires_at > now,
        info.c.topic.not_in(PEACE) | info.c.approved_at.is_not(None),
        info.c.place.is_(None) | info.c.place.in_(places),
        info.c.language.in_(languages),
    )
    near: list[str | None] = [*places, None]
    rows = sorted(session.run(statement), key=lambda row: (near.index(row.place), languages.index(row.language)))
    return rows[0].text if rows else None
