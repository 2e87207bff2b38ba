"""What one administrator can't do alone: give a role that opens much, or take away somebody's second factor.

It waits until a second person agrees, who is neither the one who asked nor the one concerned; the database holds that
rule too. What is agreed to is exactly what was asked: whoever changes their mind asks anew.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from bot.errors import NotAllowed, Stale
from bot.staff.accounts import Member, end_sessions_of, lock_everybody, write
from bot.staff.roles import Role
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import StaffRequestKind, StaffRequestStatus, security_key, staff_request
from bot.store.types import new_id

#: What nobody has agreed to by then is off.
OPEN_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Request:
    """Something that waits for a second person."""

    id: UUID
    what: StaffRequestKind
    staff_id: UUID
    roles: tuple[str, ...]
    asked_by: UUID
    asked_at: datetime
    expires_at: datetime


def request(
    session: Session, now: datetime, by: UUID, what: StaffRequestKind, staff_id: UUID, roles: Collection[str] = ()
) -> None:
    """Let it wait; the caller notes it. It takes the place of what waited of the same kind for the same member."""
    _end(session, now, staff_request.c.staff_id == staff_id, staff_request.c.what == what.value)
    session.run(
        insert(staff_request).values(
            id=new_id(),
            what=what.value,
            staff_id=staff_id,
            roles=sorted(roles),
            status=StaffRequestStatus.PENDING.value,
            asked_by=by,
            asked_at=now,
            expires_at=now + OPEN_FOR,
        )
    )


def ask_for_reset(session: Session, now: datetime, by: UUID, staff_id: UUID) -> None:
    """Ask that somebody's lost second factor be taken away. Raises NotAllowed if they have none."""
    member = lock_everybody(session).get(staff_id)
    if member is None or not member.has_second_factor:
        raise NotAllowed("there is no second factor to take away")
    request(session, now, by, StaffRequestKind.SECOND_FACTOR, staff_id)
    detail = {"what": StaffRequestKind.SECOND_FACTOR.value}
    note(session, now, f"staff:{by}", Action.STAFF_REQUESTED, staff_id, detail)


def waiting(session: Session, now: datetime) -> list[Request]:
    """What waits, oldest first."""
    living = staff_request.c.status == StaffRequestStatus.PENDING.value, staff_request.c.expires_at > now
    rows = session.run(select(staff_request).where(*living).order_by(staff_request.c.id))
    return [
        Request(
            row.id,
            StaffRequestKind(row.what),
            row.staff_id,
            tuple(row.roles),
            row.asked_by,
            row.asked_at,
            row.expires_at,
        )
        for row in rows
    ]


def may_decide(asked: Request, decider: Member, members: Mapping[UUID, Member]) -> bool:
    """Whether this member is the second person: another administrator, or an auditor where there is no other."""
    parties = {asked.asked_by, asked.staff_id}
    if decider.id in parties or not decider.active:
        return False
    if Role.ADMINISTRATOR in decider.roles:
        return True
    others = [each for each in members.values() if _administers(each) and each.id not in parties]
    return Role.AUDITOR in decider.roles and not others


def approve(session: Session, now: datetime, by: UUID, request_id: UUID) -> Request:
    """Do what was asked, at once. Raises Stale if it no longer waits, NotAllowed for anybody but a second person."""
    members, asked = _decide(session, now, by, request_id, StaffRequestStatus.APPROVED)
    member = members[asked.staff_id]
    if asked.what is StaffRequestKind.ROLES:
        write(session, now, member.id, roles=sorted(member.roles.union(asked.roles)))
    else:
        write(session, now, member.id, totp_secret=None, recovery_codes=[])
        session.run(delete(security_key).where(security_key.c.staff_id == member.id))
    end_sessions_of(session, member.id)
    _note(session, now, by, Action.STAFF_APPROVED, asked)
    return asked


def decline(session: Session, now: datetime, by: UUID, request_id: UUID) -> Request:
    """The second person says no. Raises Stale and NotAllowed as `approve` does."""
    _, asked = _decide(session, now, by, request_id, StaffRequestStatus.REFUSED)
    _note(session, now, by, Action.STAFF_DECLINED, asked)
    return asked


def withdraw(session: Session, now: datetime, by: UUID, request_id: UUID) -> Request:
    """Whoever asked takes it back. Raises Stale if it no longer waits or is another's."""
    asked = _waiting(session, now, request_id)
    if asked.asked_by != by or not _end(session, now, staff_request.c.id == request_id):
        raise Stale("it no longer waits")
    _note(session, now, by, Action.STAFF_WITHDRAWN, asked)
    return asked


def withdraw_all(session: Session, now: datetime, staff_id: UUID) -> None:
    """Nothing that this member asked, and nothing that was asked for them, waits any longer."""
    _end(session, now, or_(staff_request.c.asked_by == staff_id, staff_request.c.staff_id == staff_id))


def _decide(
    session: Session, now: datetime, by: UUID, request_id: UUID, status: StaffRequestStatus
) -> tuple[dict[UUID, Member], Request]:
    """Who is a second person is read under a lock, so that it is still true when the decision is written."""
    members = lock_everybody(session)
    asked = _waiting(session, now, request_id)
    if not _administers(members[asked.asked_by]):
        raise Stale("whoever asked may no longer ask")
    if not may_decide(asked, members[by], members):
        raise NotAllowed("only a second person decides this")
    pending = staff_request.c.id == request_id, staff_request.c.status == StaffRequestStatus.PENDING.value
    decided = update(staff_request).where(*pending).values(status=status.value, decided_by=by, decided_at=now)
    if not session.run(decided).rowcount:
        raise Stale("somebody else has decided it")
    return members, asked


def _waiting(session: Session, now: datetime, request_id: UUID) -> Request:
    found = next((each for each in waiting(session, now) if each.id == request_id), None)
    if found is None:
        raise Stale("it no longer waits")
    return found


def _administers(member: Member) -> bool:
    return member.active and Role.ADMINISTRATOR in member.roles


def _end(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> int:
    pending = update(staff_request).where(staff_request.c.status == StaffRequestStatus.PENDING.value, *conditions)
    return session.run(pending.values(status=StaffRequestStatus.WITHDRAWN.value, decided_at=now)).rowcount


def _note(session: Session, now: datetime, by: UUID, action: Action, asked: Request) -> None:
    detail = {"what": asked.what.value, "roles": list(asked.roles)}
    note(session, now, f"staff:{by}", action, asked.staff_id, detail)
