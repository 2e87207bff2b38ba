"""Memberships: who is in which group, as what, and whether they said lately that they still are.

Who has not confirmed for `CONFIRMED_FOR` is on no list any more; nothing of them is deleted by that.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, or_, select, update

from bot.errors import NotAllowed, Stale
from bot.people.addresses import masked, uri_of
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import GroupKind, MemberRole, address, contact_address, contact_group, member
from bot.store.types import new_id

#: A member is asked each month, and is on the lists for so long after the last yes.
CONFIRMED_FOR = timedelta(days=45)
ASKED_EVERY = timedelta(days=30)


#: Members with the address they are asked on and the group they are in, to select from.
MEMBERS = member.join(contact_address, contact_address.c.id == member.c.contact_address_id).join(
    contact_group, contact_group.c.id == member.c.group_id
)


class Standing(StrEnum):
    """Where a membership stands."""

    LISTED = "listed"
    PAUSED = "paused"
    UNCONFIRMED = "unconfirmed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Membership:
    """One contact in one group; `own_wish` where they ended it themselves, which nobody undoes for them."""

    id: UUID
    contact_id: UUID
    group_id: UUID
    kind: GroupKind
    place: str | None
    role: MemberRole
    standing: Standing
    person: int
    confirmed_at: datetime | None
    paused_until: datetime | None
    made_at: datetime
    ended_at: datetime | None
    own_wish: bool
    shown: str = field(repr=False)


def is_paused(now: datetime) -> Any:
    """Whether a membership that goes on is paused."""
    return and_(member.c.ended_at.is_(None), member.c.paused_until.is_not(None), member.c.paused_until > now)


def is_listed(now: datetime) -> Any:
    """Who is on a list that could harm: confirmed not long ago, not ended, not paused."""
    awake = or_(member.c.paused_until.is_(None), member.c.paused_until <= now)
    lately = and_(member.c.confirmed_at.is_not(None), member.c.confirmed_at > now - CONFIRMED_FOR)
    return and_(member.c.ended_at.is_(None), lately, awake)


def addresses_of(kind: GroupKind) -> Any:
    """The addresses of the living members of groups of this kind, as a sub-query."""
    return (
        select(contact_address.c.address_id)
        .select_from(MEMBERS)
        .where(contact_group.c.kind == kind.value, member.c.ended_at.is_(None))
    )


def enrol(
    session: Session,
    now: datetime,
    group_id: UUID,
    contact_address_id: UUID,
    role: MemberRole = MemberRole.MEMBER,
    *,
    confirmed_at: datetime | None = None,
) -> UUID:
    """One more in a group; with `confirmed_at` they said yes themselves. Raises Duplicate if they are in it."""
    identity = new_id()
    session.run(
        insert(member).values(
            id=identity,
            group_id=group_id,
            contact_address_id=contact_address_id,
            role=role.value,
            confirmed_at=confirmed_at,
            asked_at=confirmed_at,
            paused_until=None,
            ended_at=None,
            ended_by=None,
            made_at=now,
        )
    )
    return identity


def add(
    session: Session, now: datetime, actor: str, group_id: UUID, contact_address_id: UUID, role: MemberRole
) -> None:
    """Put them into a group. Raises NotAllowed if they left it at their own wish, Stale if they are in it."""
    theirs = member.c.group_id == group_id, member.c.contact_address_id == contact_address_id
    if session.run(select(member.c.id).where(*theirs, member.c.ended_at.is_(None))).first():
        raise Stale("they are in this group")
    if session.run(select(member.c.id).where(*theirs, left_by_themselves())).first():
        raise NotAllowed("they left this group at their own wish")
    identity = enrol(session, now, group_id, contact_address_id, role)
    note(session, now, actor, Action.MEMBER_ADDED, identity)


def left_by_themselves() -> Any:
    """Whether a membership was ended by whoever's it was, and not by the desk."""
    return and_(member.c.ended_at.is_not(None), member.c.ended_by.is_(None))


def end(session: Session, now: datetime, actor: str, staff_id: UUID, member_id: UUID) -> None:
    """They are no longer in the group. Raises Stale if that was ended before."""
    living = member.c.id == member_id, member.c.ended_at.is_(None)
    if not session.run(update(member).where(*living).values(ended_at=now, ended_by=staff_id)).rowcount:
        raise Stale("the membership is over")
    note(session, now, actor, Action.MEMBER_ENDED, member_id)


def take_back(session: Session, now: datetime, actor: str, member_id: UUID) -> None:
    """They are in the group after all, as before.

    Raises NotAllowed for what they ended themselves, or if they are not reached any more or are in it again.
    """
    row = session.run(
        select(member.c.group_id, member.c.contact_address_id)
        .join(contact_address, contact_address.c.id == member.c.contact_address_id)
        .where(member.c.id == member_id, member.c.ended_by.is_not(None), contact_address.c.ended_at.is_(None))
    ).first()
    if row is None:
        raise NotAllowed("what they ended themselves, or who is not reached any more, is not taken back")
    again = member.c.group_id == row.group_id, member.c.contact_address_id == row.contact_address_id
    if session.run(select(member.c.id).where(*again, member.c.ended_at.is_(None))).first():
        raise NotAllowed("they are in this group again")
    session.run(update(member).where(member.c.id == member_id).values(ended_at=None, ended_by=None))
    note(session, now, actor, Action.MEMBER_TAKEN_BACK, member_id)


def change_role(session: Session, now: datetime, actor: str, member_id: UUID, role: MemberRole) -> None:
    """They are this in the group from now on. Raises Stale if the membership is over."""
    living = member.c.id == member_id, member.c.ended_at.is_(None)
    if not session.run(update(member).where(*living).values(role=role.value)).rowcount:
        raise Stale("the membership is over")
    note(session, now, actor, Action.MEMBER_CHANGED, member_id, {"role": role.value})


def have_asked(session: Session, now: datetime, actor: str, group_id: UUID) -> int:
    """Have the clock ask whoever in this group has never confirmed; how many. Each is asked once by this."""
    waiting = member.c.group_id == group_id, member.c.ended_at.is_(None), member.c.confirmed_at.is_(None)
    never = update(member).where(*waiting, member.c.asked_at.is_(None)).values(asked_at=now - ASKED_EVERY)
    asked: int = session.run(never).rowcount
    note(session, now, actor, Action.GROUP_ASKED, group_id, {"members": asked})
    return asked


# Looking


def of_group(session: Session, now: datetime, group_id: UUID, most: int) -> list[Membership]:
    """The members of a group, focal points first, what is over last; `most` of them."""
    return _found(session, now, member.c.group_id == group_id, most=most)


def of_contact(session: Session, now: datetime, contact_id: UUID) -> list[Membership]:
    """The groups that a contact is in or was in."""
    return _found(session, now, contact_address.c.contact_id == contact_id, most=1000)


def look(session: Session, now: datetime, member_id: UUID) -> Membership | None:
    """One membership, or None."""
    found = _found(session, now, member.c.id == member_id, most=1)
    return found[0] if found else None


def _found(session: Session, now: datetime, condition: Any, *, most: int) -> list[Membership]:
    columns = (
        contact_address.c.contact_id,
        contact_address.c.person,
        contact_group.c.kind,
        contact_group.c.place,
        address.c.id.label("address_id"),
        address.c.data_key,
        address.c.sealed,
        is_listed(now).label("is_listed"),
        is_paused(now).label("is_paused"),
    )
    statement = (
        select(member, *columns)
        .select_from(MEMBERS)
        .join(address, address.c.id == contact_address.c.address_id)
        .where(condition)
        .order_by(member.c.ended_at.is_not(None), member.c.role, member.c.made_at, member.c.id)
        .limit(most)
    )
    return [_membership(session, row) for row in session.run(statement)]


def _membership(session: Session, row: Any) -> Membership:
    return Membership(
        row.id,
        row.contact_id,
        row.group_id,
        GroupKind(row.kind),
        row.place,
        MemberRole(row.role),
        _standing(row),
        row.person,
        row.confirmed_at,
        row.paused_until,
        row.made_at,
        row.ended_at,
        row.ended_at is not None and row.ended_by is None,
        masked(uri_of(session.keys, row.address_id, row.data_key, row.sealed)),
    )


def _standing(row: Any) -> Standing:
    if row.ended_at is not None:
        return Standing.ENDED
    if row.is_listed:
        return Standing.LISTED
    return Standing.PAUSED if row.is_paused else Standing.UNCONFIRMED
