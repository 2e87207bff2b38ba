"""Accounts: who may sign in, and as what."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from bot.staff.roles import KEYED
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import security_key, staff, staff_session
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
    joined: bool
    has_app: bool
    keys: int
    recovery_codes: int

    @property
    def has_second_factor(self) -> bool:
        """Whether a password alone does not open their account."""
        return self.has_app or self.keys > 0

    @property
    def needs_key(self) -> bool:
        """Whether a role of theirs asks for a security key."""
        return not KEYED.isdisjoint(self.roles)

    @property
    def lacks_key(self) -> bool:
        """Whether a role of theirs asks for a security key, and they have none yet."""
        return self.needs_key and not self.keys

    @property
    def takes_app_codes(self) -> bool:
        """Whether the app's code is proof enough; where a role asks for a key it no longer is, once there is one."""
        return self.has_app and not (self.needs_key and self.keys)

    @property
    def suspended(self) -> bool:
        """Whether they came once and may not sign in now."""
        return self.joined and not self.active


#: The columns that `member_of` reads.
MEMBER = (
    staff,
    select(func.count())
    .select_from(security_key)
    .where(security_key.c.staff_id == staff.c.id)
    .scalar_subquery()
    .label("keys"),
)


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
    identity = add(session, now, username, name, password_hash, roles, language)
    note(session, now, actor, Action.STAFF_MADE, identity, {"roles": sorted(set(roles))})
    return identity


def add(
    session: Session,
    now: datetime,
    username: str,
    name: str,
    password_hash: str | None,
    roles: Iterable[str],
    language: str,
) -> UUID:
    """The row of a new member, who may sign in if there is a password; the caller notes it. Raises Duplicate."""
    identity = new_id()
    session.run(
        insert(staff).values(
            id=identity,
            username=_username(username),
            name=name,
            password_hash=password_hash,
            active=password_hash is not None,
            roles=sorted(set(roles)),
            language=language,
            totp_secret=None,
            totp_step=0,
            recovery_codes=[],
            made_at=now,
            changed_at=now,
        )
    )
    return identity


def find(session: Session, username: str) -> tuple[Member, str] | None:
    """The active member of this name and their password's hash."""
    row = session.run(select(*MEMBER).where(staff.c.username == _username(username), staff.c.active)).first()
    return (member_of(row), row.password_hash) if row else None


def everybody(session: Session) -> list[Member]:
    """All members, whether they may sign in or not, by name."""
    return [member_of(row) for row in session.run(select(*MEMBER).order_by(staff.c.name, staff.c.id))]


def lock_everybody(session: Session) -> dict[UUID, Member]:
    """All members, so that nobody's rights change before this transaction ends; always locked in the same order."""
    rows = session.run(select(*MEMBER).order_by(staff.c.id).with_for_update(key_share=True, of=staff))
    return {row.id: member_of(row) for row in rows}


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
    write(session, now, staff_id, **values)
    note(session, now, actor, Action.STAFF_CHANGED, staff_id, {"what": what})


def write(session: Session, now: datetime, staff_id: UUID, **values: Any) -> None:
    """Change columns of theirs; the caller notes it."""
    session.run(update(staff).where(staff.c.id == staff_id).values(**values, changed_at=now))


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
        joined=row.password_hash is not None,
        has_app=row.totp_secret is not None,
        keys=row.keys,
        recovery_codes=len(row.recovery_codes),
    )


def end_sessions_of(session: Session, staff_id: UUID) -> None:
    """Sign them out everywhere."""
    session.run(delete(staff_session).where(staff_session.c.staff_id == staff_id))
