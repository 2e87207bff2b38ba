"""Rights: what an administrator changes at once. What needs a second person is asked for and waits."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from bot.errors import NotAllowed
from bot.staff import invitations, second_person
from bot.staff.accounts import Member, end_sessions_of, lock_everybody, write
from bot.staff.roles import GUARDED, Role
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import StaffRequestKind


class LastAdministrator(NotAllowed):
    """Nobody would be left to give anybody a role."""


def change_roles(session: Session, now: datetime, by: UUID, staff_id: UUID, roles: Collection[str]) -> frozenset[str]:
    """Give them these roles and no others; the guarded ones that are new wait for a second person and are returned.

    What changes, changes at once: every session of theirs ends. Raises LastAdministrator, and NotAllowed for nobody.
    """
    members = lock_everybody(session)
    member = _there(members, staff_id)
    asked = (frozenset(roles) - member.roles) & GUARDED
    kept = frozenset(roles) - asked
    if not asked and kept == member.roles:
        return asked
    if Role.ADMINISTRATOR in member.roles - kept:
        _keep_an_administrator(members, staff_id)
        second_person.withdraw_all(session, now, staff_id)
    if asked:
        second_person.request(session, now, by, StaffRequestKind.ROLES, staff_id, asked)
    if kept != member.roles:
        write(session, now, staff_id, roles=sorted(kept))
        end_sessions_of(session, staff_id)
    detail = {"what": "rights", "roles": sorted(kept), "asked": sorted(asked)}
    note(session, now, f"staff:{by}", Action.STAFF_CHANGED, staff_id, detail)
    return asked


def suspend(session: Session, now: datetime, by: UUID, staff_id: UUID) -> None:
    """From now on they may not sign in; every session, link and request of theirs ends. So ends an invitation, too.

    Raises LastAdministrator, and NotAllowed for oneself and for whoever is suspended already.
    """
    members = lock_everybody(session)
    member = _there(members, staff_id)
    if by == staff_id or member.suspended:
        raise NotAllowed("they can't be suspended")
    _keep_an_administrator(members, staff_id)
    write(session, now, staff_id, active=False)
    end_sessions_of(session, staff_id)
    invitations.end(session, now, staff_id)
    second_person.withdraw_all(session, now, staff_id)
    note(session, now, f"staff:{by}", Action.STAFF_SUSPENDED, staff_id)


def bring_back(session: Session, now: datetime, by: UUID, staff_id: UUID) -> frozenset[str]:
    """They may sign in again; their guarded roles wait for a second person, as new ones would, and are returned.

    Raises NotAllowed unless they are suspended.
    """
    member = _there(lock_everybody(session), staff_id)
    if not member.suspended:
        raise NotAllowed("they are not suspended")
    asked = member.roles & GUARDED
    write(session, now, staff_id, active=True, roles=sorted(member.roles - asked))
    if asked:
        second_person.request(session, now, by, StaffRequestKind.ROLES, staff_id, asked)
    note(session, now, f"staff:{by}", Action.STAFF_RETURNED, staff_id, {"asked": sorted(asked)})
    return asked


def _there(members: Mapping[UUID, Member], staff_id: UUID) -> Member:
    if staff_id not in members:
        raise NotAllowed("there is no such member of staff")
    return members[staff_id]


def _keep_an_administrator(members: Mapping[UUID, Member], without: UUID) -> None:
    others = (each for each in members.values() if each.active and each.id != without)
    if not any(Role.ADMINISTRATOR in each.roles for each in others):
        raise LastAdministrator("the last administrator stays")
