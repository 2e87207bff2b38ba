"""Groups: cells, associations, committees, radios, leaders, each of a kind and of a place. They are data.

A title is sealed, whatever the kind, for the name of a cell may harm; most need none: "the cell of Konna" is enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, insert, select, update

from bot.errors import NotAllowed
from bot.languages.text import fold
from bot.people.memberships import is_listed, is_paused
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import Keys, new_data_key, seal, unseal
from bot.store.tables import GroupKind, contact_group, member
from bot.store.types import new_id

#: So many are shown at once.
FOUND = 100


@dataclass(frozen=True, slots=True)
class Group:
    """One group; `place` None is the whole country, `title` None is none, or none that whoever asked may see."""

    id: UUID
    kind: GroupKind
    place: str | None
    title: str | None = field(repr=False)
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many living members a group has: on the list, paused, not confirmed."""

    listed: int = 0
    paused: int = 0
    unconfirmed: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is None or empty does not count. `places` are ids."""

    kind: GroupKind | None = None
    places: Sequence[str] = ()


def make(
    session: Session, now: datetime, actor: str, kind: GroupKind, place: str | None, title: str | None = None
) -> UUID:
    """A new group, or the one that there is already of this kind, place and title; its id."""
    known = find(session, kind, place, title)
    if known is not None:
        return known
    identity = new_id()
    session.run(insert(contact_group).values(made_at=now, **columns(session.keys, now, identity, kind, place, title)))
    note(session, now, actor, Action.GROUP_MADE, identity, {"kind": kind.value})
    return identity


def columns(
    keys: Keys, now: datetime, identity: UUID, kind: GroupKind, place: str | None, title: str | None
) -> dict[str, Any]:
    """The row of a group, but for when it was made; one without a title needs no key."""
    key = new_data_key() if title else None
    return {
        "id": identity,
        "kind": kind.value,
        "place": place,
        "data_key": keys.wrap(key, identity) if key else None,
        "title": seal(key, "contact_group.title", identity, title) if key and title else None,
        "title_hash": title_hash(keys, kind, place, title),
        "changed_at": now,
    }


def title_hash(keys: Keys, kind: GroupKind, place: str | None, title: str | None) -> bytes | None:
    """How a title is found again, within its kind and place, however it is accented."""
    return keys.blind("contact_group", f"{kind.value}|{place or ''}|{fold(title)}") if title else None


def find(session: Session, kind: GroupKind, place: str | None, title: str | None = None) -> UUID | None:
    """The group of this kind, place and title."""
    its_place = contact_group.c.place == place if place is not None else contact_group.c.place.is_(None)
    hashed = title_hash(session.keys, kind, place, title)
    its_title = contact_group.c.title_hash == hashed if hashed else contact_group.c.title_hash.is_(None)
    statement = select(contact_group.c.id).where(contact_group.c.kind == kind.value, its_place, its_title)
    found: UUID | None = session.run(statement.order_by(contact_group.c.made_at).limit(1)).scalar()
    return found


def edit(
    session: Session, now: datetime, actor: str, group_id: UUID, kind: GroupKind, place: str | None, title: str | None
) -> None:
    """The group is of this kind, place and title. Raises NotAllowed if there is none, or another one is all that."""
    other = find(session, kind, place, title)
    if other not in (None, group_id):
        raise NotAllowed("another group has this kind, place and title")
    values = columns(session.keys, now, group_id, kind, place, title)
    if not session.run(update(contact_group).where(contact_group.c.id == group_id).values(**values)).rowcount:
        raise NotAllowed("there is no such group")
    note(session, now, actor, Action.GROUP_CHANGED, group_id, {"kind": kind.value})


# Looking


def look(session: Session, group_id: UUID, *, titles: bool) -> Group | None:
    """One group, or None; its title only for who may see `titles`."""
    row = session.run(select(contact_group).where(contact_group.c.id == group_id)).first()
    return _group(session, row, titles=titles) if row else None


def listed(session: Session, now: datetime, wanted: Wanted, *, titles: bool) -> list[tuple[Group, Counts]]:
    """The groups that are looked for, with how many are in each; FOUND at most."""
    conditions = [contact_group.c.kind == wanted.kind.value] if wanted.kind else []
    if wanted.places:
        conditions.append(contact_group.c.place.in_(wanted.places))
    statement = (
        select(contact_group, *_counts(now))
        .outerjoin(member, (member.c.group_id == contact_group.c.id) & member.c.ended_at.is_(None))
        .where(*conditions)
        .group_by(contact_group.c.id)
        .order_by(contact_group.c.kind, contact_group.c.place, contact_group.c.made_at)
        .limit(FOUND)
    )
    rows = session.run(statement).all()
    return [(_group(session, row, titles=titles), Counts(row.listed, row.paused, row.unconfirmed)) for row in rows]


def choices(session: Session) -> list[Group]:
    """Every group, for a secretary who chooses one."""
    statement = select(contact_group).order_by(contact_group.c.kind, contact_group.c.place, contact_group.c.made_at)
    return [_group(session, row, titles=True) for row in session.run(statement)]


def counted(session: Session, now: datetime, group_id: UUID) -> Counts:
    """How many are in this group."""
    own = member.c.group_id == group_id, member.c.ended_at.is_(None)
    row = session.run(select(*_counts(now)).select_from(member).where(*own)).one()
    return Counts(row.listed, row.paused, row.unconfirmed)


def _counts(now: datetime) -> tuple[Any, ...]:
    def number(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    paused = is_paused(now)
    others = member.c.id.is_not(None) & ~is_listed(now) & ~paused
    return (
        number(is_listed(now)).label("listed"),
        number(paused).label("paused"),
        number(others).label("unconfirmed"),
    )


def _group(session: Session, row: Any, *, titles: bool) -> Group:
    title = None
    if titles and row.title is not None:
        title = unseal(session.keys.unwrap(row.data_key, row.id), "contact_group.title", row.id, row.title)
    return Group(row.id, GroupKind(row.kind), row.place, title, row.made_at)
