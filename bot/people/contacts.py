"""Contacts: persons, with what a secretary may know of them. Name and consent are sealed under the contact's own key.

A telephone may be shared: each person on it has a digit, from 1, and keeps it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select, update

from bot.errors import KunnafoniError, NotAllowed
from bot.people.addresses import masked, reach, uri_of
from bot.people.names import index_words
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import Keys, new_data_key, seal, unseal
from bot.store.tables import address, contact, contact_address, contact_word
from bot.store.types import new_id

#: So many are found at once.
FOUND = 50


class NumberTaken(KunnafoniError):
    """Another contact is reached by this address; `contact_id` is one of them."""

    def __init__(self, contact_id: UUID) -> None:
        super().__init__("this number is another contact's")
        self.contact_id = contact_id


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a person; `languages` are tags, the one to write in first, `consent` where it comes from."""

    name: str | None = field(default=None, repr=False)
    languages: tuple[str, ...] = ()
    place: str | None = None
    consent: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Contact:
    """One person."""

    id: UUID
    details: Details
    made_at: datetime
    merged_into: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """One way to reach a contact: a masked address, which person they are there, who shares it (ids of contacts)."""

    id: UUID
    address_id: UUID
    kind: str
    channel: str
    shown: str
    person: int
    shared_with: tuple[UUID, ...]
    opted_out_at: datetime | None
    made_at: datetime
    ended_at: datetime | None
    #: Since when a call there would endanger them, and since when the number is somebody else's.
    unsafe_at: datetime | None = None
    recycled_at: datetime | None = None


def make(
    session: Session, now: datetime, actor: str, uri: str, channel: str, details: Details, *, shared: bool = False
) -> UUID:
    """A new contact, reached at this address; their id.

    Raises NumberTaken if somebody is reached there already, unless the telephone is `shared`.
    """
    address_id = reach(session, now, uri, channel)
    other = session.run(select(contact_address.c.contact_id).where(*_living_at(address_id)).limit(1)).scalar()
    if other is not None and not shared:
        raise NumberTaken(other)
    identity = keep(session, now, details)
    link(session, now, identity, address_id, next_person(session, address_id))
    note(session, now, actor, Action.CONTACT_MADE, identity)
    return identity


def keep(session: Session, now: datetime, details: Details) -> UUID:
    """Write a person down who is not reached anywhere yet."""
    identity = new_id()
    session.run(insert(contact).values(id=identity, made_at=now, **sealed(session.keys, now, identity, details)))
    _index(session, identity, details.name)
    return identity


def sealed(keys: Keys, now: datetime, identity: UUID, details: Details) -> dict[str, Any]:
    """The columns of these details; a person of whom nothing is told needs no key."""
    key = new_data_key() if details.name or details.consent else None
    return {
        "data_key": keys.wrap(key, identity) if key else None,
        "name": seal(key, "contact.name", identity, details.name) if key and details.name else None,
        "languages": " ".join(details.languages),
        "place": details.place,
        "consent": seal(key, "contact.consent", identity, details.consent) if key and details.consent else None,
        "changed_at": now,
    }


def link(session: Session, now: datetime, contact_id: UUID, address_id: UUID, person: int) -> UUID:
    """From now on the contact is reached at this address, as this person on it."""
    identity = new_id()
    values = {"id": identity, "contact_id": contact_id, "address_id": address_id, "person": person, "made_at": now}
    session.run(insert(contact_address).values(**values, ended_at=None))
    return identity


def unlink(session: Session, now: datetime, contact_address_id: UUID) -> None:
    """The contact is not reached there any more."""
    own = contact_address.c.id == contact_address_id, contact_address.c.ended_at.is_(None)
    session.run(update(contact_address).where(*own).values(ended_at=now))


def next_person(session: Session, address_id: UUID) -> int:
    """The digit of the next person at this address; a digit is never given twice."""
    last = select(func.max(contact_address.c.person)).where(contact_address.c.address_id == address_id)
    return int(session.run(last).scalar() or 0) + 1


def edit(session: Session, now: datetime, actor: str, contact_id: UUID, details: Details) -> None:
    """What is known of them is this. Raises NotAllowed if there is no such contact."""
    values = sealed(session.keys, now, contact_id, details)
    if not session.run(update(contact).where(contact.c.id == contact_id).values(**values)).rowcount:
        raise NotAllowed("there is no such contact")
    session.run(delete(contact_word).where(contact_word.c.contact_id == contact_id))
    _index(session, contact_id, details.name)
    note(session, now, actor, Action.CONTACT_CHANGED, contact_id)


# Two contacts, one person


def merge(session: Session, now: datetime, actor: str, contact_id: UUID, other_id: UUID) -> None:
    """The other contact is this person: their numbers and groups are this one's; what is told of this one stands.

    `split` undoes it. Raises NotAllowed for what is not two contacts, or if another was merged into the other one.
    """
    both = session.run(_both(contact_id, other_id)).all()
    under = session.run(select(contact.c.id).where(contact.c.merged_into == other_id).limit(1)).first()
    if len(both) != len((contact_id, other_id)) or under:
        raise NotAllowed("these are not two contacts")
    theirs = update(contact_address).where(contact_address.c.contact_id == other_id)
    session.run(theirs.values(contact_id=contact_id, merged_from=other_id))
    session.run(update(contact).where(contact.c.id == other_id).values(merged_into=contact_id, changed_at=now))
    session.run(delete(contact_word).where(contact_word.c.contact_id == other_id))
    note(session, now, actor, Action.CONTACT_MERGED, contact_id, {"other": str(other_id)})


def split(session: Session, now: datetime, actor: str, contact_id: UUID, other_id: UUID) -> None:
    """They are two after all, each with what was theirs. Raises NotAllowed unless they were merged."""
    joined = contact.c.id == other_id, contact.c.merged_into == contact_id
    row = session.run(select(contact).where(*joined).with_for_update()).first()
    if row is None:
        raise NotAllowed("these were not merged")
    session.run(update(contact).where(*joined).values(merged_into=None, changed_at=now))
    theirs = contact_address.c.merged_from == other_id, contact_address.c.contact_id == contact_id
    session.run(update(contact_address).where(*theirs).values(contact_id=other_id, merged_from=None))
    _index(session, other_id, _contact(session, row).details.name)
    note(session, now, actor, Action.CONTACT_SPLIT, contact_id, {"other": str(other_id)})


def merged(session: Session, contact_id: UUID) -> list[Contact]:
    """Who was merged into this contact."""
    rows = session.run(select(contact).where(contact.c.merged_into == contact_id).order_by(contact.c.id))
    return [_contact(session, row) for row in rows]


def _both(contact_id: UUID, other_id: UUID) -> Any:
    whole = contact.c.id.in_([contact_id, other_id]), contact.c.merged_into.is_(None)
    return select(contact.c.id).where(*whole).order_by(contact.c.id).with_for_update()


def _index(session: Session, contact_id: UUID, name: str | None) -> None:
    for word in index_words(session.keys, name):
        session.run(insert(contact_word).values(word=word, contact_id=contact_id))


# Looking


def look(session: Session, contact_id: UUID) -> Contact | None:
    """One contact, or None."""
    row = session.run(select(contact).where(contact.c.id == contact_id)).first()
    return _contact(session, row) if row else None


def by_address(session: Session, uri: str) -> list[Contact]:
    """Who is reached at exactly this address; whether anybody ever wrote from it is not told."""
    hashed_uri = session.keys.blind("address", uri)
    there = (
        select(1)
        .join(address, address.c.id == contact_address.c.address_id)
        .where(contact_address.c.contact_id == contact.c.id, contact_address.c.ended_at.is_(None))
        .where(address.c.hash == hashed_uri)
    )
    return _found(session, exists(there))


def by_name(session: Session, words: str) -> list[Contact]:
    """Who has all of these words in their name, the newest first; FOUND at most."""
    wanted = index_words(session.keys, words)
    if not wanted:
        return []
    return _found(
        session,
        *(
            exists(select(1).where(contact_word.c.contact_id == contact.c.id, contact_word.c.word == word))
            for word in wanted
        ),
    )


def _found(session: Session, *conditions: Any) -> list[Contact]:
    whole = select(contact).where(contact.c.merged_into.is_(None), *conditions)
    rows = session.run(whole.order_by(contact.c.made_at.desc(), contact.c.id.desc()).limit(FOUND))
    return [_contact(session, row) for row in rows]


def reached(session: Session, contact_id: UUID) -> list[Reached]:
    """How a contact is reached, and was before; what is over comes last."""
    columns = address.c.kind, address.c.channel, address.c.data_key, address.c.sealed, address.c.opted_out_at
    marks = address.c.unsafe_at, address.c.ended_at.label("recycled_at")
    own = [each for each in contact_address.c if each.name != "contact_id"]
    statement = (
        select(*own, *columns, *marks)
        .join(address, address.c.id == contact_address.c.address_id)
        .where(contact_address.c.contact_id == contact_id)
        .order_by(contact_address.c.ended_at.is_not(None), contact_address.c.made_at)
    )
    return [_reached(session, contact_id, row) for row in session.run(statement).all()]


def names(session: Session, contact_ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """The names of these contacts; None for whoever told none."""
    rows = session.run(select(contact).where(contact.c.id.in_(contact_ids)))
    return {row.id: _contact(session, row).details.name for row in rows}


def count(session: Session) -> int:
    """How many contacts there are."""
    return int(session.run(select(func.count()).where(contact.c.merged_into.is_(None))).scalar_one())


def _living_at(address_id: UUID) -> tuple[Any, ...]:
    return contact_address.c.address_id == address_id, contact_address.c.ended_at.is_(None)


def _contact(session: Session, row: Any) -> Contact:
    name = consent = None
    if row.data_key is not None:
        key = session.keys.unwrap(row.data_key, row.id)
        name = unseal(key, "contact.name", row.id, row.name) if row.name else None
        consent = unseal(key, "contact.consent", row.id, row.consent) if row.consent else None
    details = Details(name, tuple(row.languages.split()), row.place, consent)
    return Contact(row.id, details, row.made_at, row.merged_into)


def _reached(session: Session, contact_id: UUID, row: Any) -> Reached:
    others = select(contact_address.c.contact_id).where(*_living_at(row.address_id)).order_by(contact_address.c.person)
    shared = () if row.ended_at else tuple(each for each in session.run(others).scalars() if each != contact_id)
    uri = uri_of(session.keys, row.address_id, row.data_key, row.sealed)
    return Reached(
        row.id,
        row.address_id,
        row.kind,
        row.channel,
        masked(uri),
        row.person,
        shared,
        row.opted_out_at,
        row.made_at,
        row.ended_at,
        row.unsafe_at,
        row.recycled_at,
    )
