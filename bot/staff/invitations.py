"""Invitations: a link that opens an account once. Whoever comes by it chooses the password that nobody else knows."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update

from bot.errors import NotAllowed, Stale
from bot.staff import second_person
from bot.staff.accounts import MEMBER, Member, add, end_sessions_of, lock_everybody, member_of, write
from bot.staff.roles import GUARDED
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import StaffRequestKind, staff, staff_invitation
from bot.store.types import new_id

#: A link is good for so long.
INVITED_FOR = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a new link is for, its secret, and which of the roles wait for a second person."""

    staff_id: UUID
    secret: str
    asked: frozenset[str] = frozenset()


def invite(
    session: Session, now: datetime, by: UUID, username: str, name: str, roles: Collection[str], language: str
) -> Invited:
    """A new member, who may sign in once they have come by the link. Raises Duplicate if the username is taken."""
    asked = frozenset(roles) & GUARDED
    given = frozenset(roles) - asked
    staff_id = add(session, now, username, name, None, given, language)
    if asked:
        second_person.request(session, now, by, StaffRequestKind.ROLES, staff_id, asked)
    detail = {"roles": sorted(given), "asked": sorted(asked)}
    note(session, now, f"staff:{by}", Action.STAFF_INVITED, staff_id, detail)
    return Invited(staff_id, _link(session, now, by, staff_id), asked)


def invite_again(session: Session, now: datetime, by: UUID, staff_id: UUID) -> Invited:
    """A new link, for whoever lost the first or forgot their password; the older one ends.

    Raises NotAllowed unless the link alone opens nothing that is somebody's: they never came, or have a second factor.
    """
    member = lock_everybody(session).get(staff_id)
    if member is None or (member.joined and not (member.active and member.has_second_factor)):
        raise NotAllowed("there is nobody to invite again")
    end(session, now, staff_id)
    note(session, now, f"staff:{by}", Action.STAFF_LINKED, staff_id)
    return Invited(staff_id, _link(session, now, by, staff_id))


def open_until(session: Session, now: datetime) -> dict[UUID, datetime]:
    """To whose accounts a link still leads, and until when."""
    living = staff_invitation.c.ended_at.is_(None), staff_invitation.c.expires_at > now
    rows = session.run(select(staff_invitation.c.staff_id, staff_invitation.c.expires_at).where(*living))
    return {row.staff_id: row.expires_at for row in rows}


def opened(session: Session, now: datetime, secret: str) -> Member | None:
    """Whom this link is for; None for one that is unknown, used, replaced or too old."""
    living = staff_invitation.c.secret_hash == _hash(secret), staff_invitation.c.expires_at > now
    joined = select(*MEMBER).join(staff_invitation, staff_invitation.c.staff_id == staff.c.id)
    row = session.run(joined.where(*living, staff_invitation.c.ended_at.is_(None))).first()
    return member_of(row) if row else None


def accept(session: Session, now: datetime, secret: str, password_hash: str) -> Member:
    """Use the link up: this is the password from now on, and every older session ends. Raises Stale if it is used."""
    member = opened(session, now, secret)
    unused = staff_invitation.c.secret_hash == _hash(secret), staff_invitation.c.ended_at.is_(None)
    if member is None or not session.run(update(staff_invitation).where(*unused).values(ended_at=now)).rowcount:
        raise Stale("the link was used")
    write(session, now, member.id, password_hash=password_hash, active=True)
    end_sessions_of(session, member.id)
    what = Action.STAFF_CHANGED if member.joined else Action.STAFF_JOINED
    note(session, now, f"staff:{member.id}", what, member.id, {"what": "password"} if member.joined else {})
    return member


def end(session: Session, now: datetime, staff_id: UUID) -> None:
    """No link to this account opens any longer."""
    living = staff_invitation.c.staff_id == staff_id, staff_invitation.c.ended_at.is_(None)
    session.run(update(staff_invitation).where(*living).values(ended_at=now))


def _link(session: Session, now: datetime, by: UUID, staff_id: UUID) -> str:
    secret = secrets.token_urlsafe(24)
    values = {"staff_id": staff_id, "secret_hash": _hash(secret), "made_by": by, "made_at": now}
    session.run(insert(staff_invitation).values(id=new_id(), **values, expires_at=now + INVITED_FOR, ended_at=None))
    return secret


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
