"""When people and numbers part: another number, a telephone no longer theirs, a number that is somebody else's now.

A number that was given to somebody else leaves its row: all that was told from it stays there and is answered to
nobody, and whoever has the number now begins as a stranger.
"""

import os
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update

from bot.errors import NotAllowed
from bot.people.addresses import reach, uri_of
from bot.people.contacts import NumberTaken, link, next_person, unlink
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import address, contact, contact_address, member


def give_number(
    session: Session,
    now: datetime,
    actor: str,
    contact_id: UUID,
    uri: str,
    channel: str,
    *,
    instead_of: UUID | None = None,
    shared: bool = False,
) -> None:
    """The contact is reached at this address, too, or instead of by an older link, whose groups come along.

    Nobody said yes on the new number yet, so it is on no list before they do. Raises NumberTaken as `make` does, and
    NotAllowed if there is no such contact or link.
    """
    if not session.run(select(contact.c.id).where(contact.c.id == contact_id, contact.c.merged_into.is_(None))).first():
        raise NotAllowed("there is no such contact")
    address_id = reach(session, now, uri, channel)
    living = contact_address.c.address_id == address_id, contact_address.c.ended_at.is_(None)
    there = session.run(select(contact_address.c.contact_id).where(*living)).scalars().all()
    if contact_id in there:
        raise NotAllowed("they are reached there")
    if there and not shared:
        raise NumberTaken(there[0])
    fresh = link(session, now, contact_id, address_id, next_person(session, address_id))
    if instead_of:
        _living_link(session, contact_id, instead_of)
        unlink(session, now, instead_of)
        theirs = member.c.contact_address_id == instead_of, member.c.ended_at.is_(None)
        moved = {"contact_address_id": fresh, "confirmed_at": None, "asked_at": None}
        session.run(update(member).where(*theirs).values(**moved))
    note(session, now, actor, Action.CONTACT_CHANGED, contact_id, {"what": "number"})


def leave_number(session: Session, now: datetime, actor: str, staff_id: UUID, contact_id: UUID, link_id: UUID) -> None:
    """They are not reached there any more, and in no group by it. Raises NotAllowed if they were not."""
    _living_link(session, contact_id, link_id)
    _end_links(session, now, staff_id, contact_address.c.id == link_id)
    note(session, now, actor, Action.CONTACT_CHANGED, contact_id, {"what": "number_left"})


def recycle(session: Session, now: datetime, actor: str, staff_id: UUID, contact_id: UUID, link_id: UUID) -> UUID:
    """Somebody else has this number now; nobody of before is reached by it. The id of the address that is over.

    Raises NotAllowed if the contact was not reached there.
    """
    address_id = _living_link(session, contact_id, link_id)
    session.run(select(address.c.id).where(address.c.id == address_id).with_for_update())
    _end_links(session, now, staff_id, contact_address.c.address_id == address_id)
    retire(session, now, address_id)
    note(session, now, actor, Action.CONTACT_CHANGED, contact_id, {"what": "number_recycled"})
    return address_id


def retire(session: Session, now: datetime, address_id: UUID) -> None:
    """Nothing is found by this address or sent to it any more; a message from its number makes another."""
    over = update(address).where(address.c.id == address_id, address.c.ended_at.is_(None))
    session.run(over.values(ended_at=now, hash=os.urandom(32)))


def take_number_back(session: Session, now: datetime, actor: str, contact_id: UUID, link_id: UUID) -> None:
    """They are reached there after all, and in their groups as before.

    Raises NotAllowed for what they said themselves, and once somebody else has written from the number or is on it.
    """
    row = session.run(_over(contact_id, link_id)).first()
    if row is None or row.by_themselves or row.person_taken:
        raise NotAllowed("this is not the desk's to take back")
    if row.recycled_at is not None:
        _revive(session, row)
    session.run(update(contact_address).where(contact_address.c.id == link_id).values(ended_at=None))
    theirs = member.c.contact_address_id == link_id, member.c.ended_at == row.ended_at, member.c.ended_by.is_not(None)
    session.run(update(member).where(*theirs).values(ended_at=None, ended_by=None))
    note(session, now, actor, Action.CONTACT_CHANGED, contact_id, {"what": "number_taken_back"})


def _revive(session: Session, row: Any) -> None:
    uri = uri_of(session.keys, row.address_id, row.data_key, row.sealed)
    hashed = session.keys.blind("address", uri) if uri else None
    if hashed is None or session.run(select(address.c.id).where(address.c.hash == hashed)).first():
        raise NotAllowed("somebody else has written from this number")
    session.run(update(address).where(address.c.id == row.address_id).values(ended_at=None, hash=hashed))


def _over(contact_id: UUID, link_id: UUID) -> Any:
    """The link that is over, with what stands in the way of taking it back."""
    other = contact_address.alias()
    taken = exists(
        select(1).where(
            other.c.address_id == contact_address.c.address_id,
            other.c.person == contact_address.c.person,
            other.c.ended_at.is_(None),
        )
    )
    said = exists(
        select(1).where(
            member.c.contact_address_id == contact_address.c.id,
            member.c.ended_at == contact_address.c.ended_at,
            member.c.ended_by.is_(None),
        )
    )
    columns = contact_address.c.address_id, contact_address.c.ended_at, address.c.data_key, address.c.sealed
    marks = address.c.ended_at.label("recycled_at"), taken.label("person_taken"), said.label("by_themselves")
    return (
        select(*columns, *marks)
        .join(address, address.c.id == contact_address.c.address_id)
        .where(contact_address.c.id == link_id, contact_address.c.contact_id == contact_id)
        .where(contact_address.c.ended_at.is_not(None), address.c.forgotten_at.is_(None))
        .with_for_update(of=address)
    )


def _living_link(session: Session, contact_id: UUID, link_id: UUID) -> UUID:
    theirs = contact_address.c.id == link_id, contact_address.c.contact_id == contact_id
    living = select(contact_address.c.address_id).where(*theirs, contact_address.c.ended_at.is_(None))
    found: UUID | None = session.run(living).scalar()
    if found is None:
        raise NotAllowed("they are not reached there")
    return found


def _end_links(session: Session, now: datetime, staff_id: UUID, which: Any) -> None:
    """End these links, and the memberships by them, at one moment: so that it can be undone as one."""
    links = select(contact_address.c.id).where(which, contact_address.c.ended_at.is_(None))
    theirs = member.c.contact_address_id.in_(links), member.c.ended_at.is_(None)
    session.run(update(member).where(*theirs).values(ended_at=now, ended_by=staff_id))
    session.run(update(contact_address).where(which, contact_address.c.ended_at.is_(None)).values(ended_at=now))
