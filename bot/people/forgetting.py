"""Forgetting a contact: with the last address that reaches them, all that is known of the person goes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from bot.store import Session
from bot.store.tables import address, contact, contact_address, contact_word, member, weekly


def forget_address(session: Session, address_id: UUID) -> None:
    """Nobody is reached here any more, nor was; whoever was reached nowhere else is not known here at all.

    Somebody who is reached elsewhere too stays a contact: what they asked is that this number be forgotten.
    """
    there = select(contact_address.c.contact_id).where(contact_address.c.address_id == address_id)
    contacts = session.run(there.distinct()).scalars().all()
    _leave(session, contact_address.c.address_id == address_id)
    elsewhere = exists(
        select(1).where(contact_address.c.contact_id == contact.c.id, contact_address.c.ended_at.is_(None))
    )
    gone = session.run(select(contact.c.id).where(contact.c.id.in_(contacts), ~elsewhere)).scalars().all()
    forget_contacts(session, gone)


def forget_contacts(session: Session, contact_ids: Sequence[UUID]) -> None:
    """Nothing is left of these persons, nor of the addresses that were theirs before."""
    if not contact_ids:
        return
    former = select(contact_address.c.address_id).where(contact_address.c.contact_id.in_(contact_ids))
    over = address.c.id.in_(former), address.c.ended_at.is_not(None)
    session.run(update(address).where(*over).values(sealed=None, data_key=None))
    _leave(session, contact_address.c.contact_id.in_(contact_ids))
    session.run(delete(contact_word).where(contact_word.c.contact_id.in_(contact_ids)))
    session.run(delete(contact).where(contact.c.id.in_(contact_ids) | contact.c.merged_into.in_(contact_ids)))


def _leave(session: Session, which: object) -> None:
    links = select(contact_address.c.id).where(which)  # type: ignore[arg-type]
    members = select(member.c.id).where(member.c.contact_address_id.in_(links))
    session.run(delete(weekly).where(weekly.c.member_id.in_(members)))
    session.run(delete(member).where(member.c.contact_address_id.in_(links)))
    session.run(delete(contact_address).where(which))  # type: ignore[arg-type]
