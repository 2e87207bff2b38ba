"""Sessions: kept on the server under the hash of an id that only the browser knows, and ended there."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, insert, or_, select, update

from bot.staff.accounts import MEMBER, Member, member_of
from bot.store import Session
from bot.store.tables import SignInStage, staff, staff_session

#: A session ends when nobody acts for so long, and so long after the sign-in whatever happens.
IDLE, LONGEST_SESSION = timedelta(minutes=30), timedelta(hours=8)
#: Between the password and the second factor.
_HALF_WAY = timedelta(minutes=10)
#: So long a proved second factor counts as fresh, for acts that one person's open laptop must not do.
FRESH = timedelta(minutes=5)
#: So long it is known whose a session was that ended by itself: what they sent too late is kept for them.
_REMEMBERED = timedelta(days=1)
#: A session is noted as used at most so often, so that looking at a page seldom writes.
_TOUCH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A living session: who, how far they have proved it, and since when."""

    id_hash: bytes
    member: Member
    stage: SignInStage
    made_at: datetime
    seen_at: datetime
    proved_at: datetime | None

    def is_fresh(self, now: datetime) -> bool:
        """Whether the second factor was proved in this session so lately that nobody else sits there now."""
        return self.proved_at is not None and now - self.proved_at <= FRESH


def open_session(session: Session, now: datetime, staff_id: UUID, stage: SignInStage, *, proved: bool = False) -> str:
    """A new session; its id, which only the browser keeps (256 bits of chance). `proved`: by a second factor, now."""
    identity = secrets.token_urlsafe(32)
    session.run(
        insert(staff_session).values(
            id_hash=_id_hash(identity),
            staff_id=staff_id,
            stage=stage.value,
            made_at=now,
            seen_at=now,
            proved_at=now if proved else None,
        )
    )
    session.run(delete(staff_session).where(_expired(now - _REMEMBERED)))
    return identity


def signed_in(session: Session, now: datetime, identity: str) -> SignedIn | None:
    """The living session of this id, or None: unknown, ended, too old, or its member is no longer active."""
    statement: Select[Any] = (
        select(
            *MEMBER,
            staff_session.c.id_hash,
            staff_session.c.stage,
            staff_session.c.made_at.label("opened_at"),
            staff_session.c.seen_at,
            staff_session.c.proved_at,
        )
        .join(staff, staff.c.id == staff_session.c.staff_id)
        .where(staff_session.c.id_hash == _id_hash(identity), staff.c.active, ~_expired(now))
    )
    row = session.run(statement).first()
    if row is None:
        return None
    stage = SignInStage(row.stage)
    if stage is not SignInStage.FULL and now - row.opened_at > _HALF_WAY:
        return None
    return SignedIn(row.id_hash, member_of(row), stage, row.opened_at, row.seen_at, row.proved_at)


def ended(session: Session, now: datetime, identity: str) -> Member | None:
    """Whose the session of this id was, which ended by itself lately and opens nothing; None if it was ended."""
    statement = select(*MEMBER).join(staff_session, staff.c.id == staff_session.c.staff_id)
    full = staff_session.c.stage == SignInStage.FULL.value, staff.c.active, _expired(now)
    row = session.run(statement.where(staff_session.c.id_hash == _id_hash(identity), *full)).first()
    return member_of(row) if row else None


def is_worth_touching(found: SignedIn, now: datetime) -> bool:
    """Whether it was last noted as used so long ago that it should be noted again."""
    return now - found.seen_at > _TOUCH


def touch(session: Session, now: datetime, found: SignedIn) -> None:
    """Somebody acts in this session now."""
    session.run(update(staff_session).where(staff_session.c.id_hash == found.id_hash).values(seen_at=now))


def renew(session: Session, now: datetime, found: SignedIn) -> str:
    """The second factor was proved again: the session's new id; the old one opens nothing any more.

    It still ends so long after the sign-in as before.
    """
    identity = secrets.token_urlsafe(32)
    session.run(
        update(staff_session)
        .where(staff_session.c.id_hash == found.id_hash)
        .values(id_hash=_id_hash(identity), seen_at=now, proved_at=now)
    )
    return identity


def end_session(session: Session, id_hash: bytes) -> None:
    """From now on this id opens nothing, whoever holds a copy."""
    session.run(delete(staff_session).where(staff_session.c.id_hash == id_hash))


def _expired(now: datetime) -> Any:
    return or_(staff_session.c.seen_at < now - IDLE, staff_session.c.made_at < now - LONGEST_SESSION)


def _id_hash(identity: str) -> bytes:
    return hashlib.sha256(identity.encode()).digest()
