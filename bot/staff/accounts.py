"""Accounts: who may sign in, and as what."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import staff, staff_session
from bot.store.types import new_id


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff, without their secrets."""

    id: UUID
    username: str
    name: str
    roles: frozenset[str]
    language: str
    active: bool
    has_second_factor: bool
    recovery_codes: int


def make(
    session: Session,
    now: datetime,
    actor: str,
    username: str,
    name: str,
    password_hash: str,
    roles: Iterable[str],
    language: str = "fr",
) -> UUID:
    """A new member, who may sign in at once. Raises Duplicate if the username is taken."""
    identity = new_id()
    session.run(
        insert(staff).values(
            id=identity,
            username=_username(username),
            name=name,
            password_hash=password_hash,
            active=True,
            roles=sorted(set(roles)),
            language=language,
            totp_secret=None,
            totp_step=0,
            recovery_codes=[],
            made_at=now,
            changed_at=now,
        )
    )
    note(session, now, actor, Action.STAFF_MADE, identity, {"roles": sorted(set(roles))})
    return identity


def find(session: Session, username: str) -> tuple[Member, str] | None:
    """The active member of this name and their password's hash."""
    row = session.run(select(staff).where(staff.c.username == _username(username), staff.c.active)).first()
    return (member_of(row), row.password_hash) if row else None


def names(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """What colleagues call them."""
    if not ids:
        return {}
    rows = session.run(select(staff.c.id, staff.c.name).where(staff.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def change_password(session: Session, now: datetime, actor: str, staff_id: UUID, password_hash: str) -> None:
    """From now on this one; every session of theirs ends."""
    change(session, now, actor, staff_id, "password", password_hash=password_hash)
    end_sessions_of(session, staff_id)


def change_language(session: Session, now: datetime, staff_id: UUID, language: str) -> None:
    """The language of their panel."""
    session.run(update(staff).where(staff.c.id == staff_id).values(language=language, changed_at=now))


def change_rights(
    session: Session, now: datetime, actor: str, staff_id: UUID, roles: Iterable[str], *, active: bool = True
) -> None:
    """What they may do; at once, because every session of theirs ends."""
    change(session, now, actor, staff_id, "rights", roles=sorted(set(roles)), active=active)
    end_sessions_of(session, staff_id)


def change(session: Session, now: datetime, actor: str, staff_id: UUID, what: str, **values: Any) -> None:
    """Change columns of theirs, with the one entry that says `what`."""
    session.run(update(staff).where(staff.c.id == staff_id).values(**values, changed_at=now))
    note(session, now, actor, Action.STAFF_CHANGED, staff_id, {"what": what})


def _username(text: str) -> str:
    return text.strip().casefold()[:64]


def member_of(row: Any) -> Member:
    """The member that a row of the table tells of."""
    return Member(
        id=row.id,
        username=row.username,
        name=row.name,
        roles=frozenset(row.roles),
        language=row.language,
        active=row.active,
        has_second_factor=row.totp_secret is not None,
        recovery_codes=len(row.recovery_codes),
    )


def end_sessions_of(session: Session, staff_id: UUID) -> None:
    """Sign them out everywhere."""
    session.run(delete(staff_session).where(staff_session.c.staff_id == staff_id))
