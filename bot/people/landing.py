"""How the good rows of a file land: what they would change is planned, then all of it is written, or nothing.

A number that is known changes nobody: its contact is put into the group that the row names. Whoever left a group at
their own wish is not put back, and whoever said STOP stays silent.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, select

from bot.errors import Stale
from bot.languages.problem import N_, Problem
from bot.people import groups
from bot.people.addresses import new_address
from bot.people.contacts import Details, sealed
from bot.people.memberships import left_by_themselves
from bot.people.names import differ, index_words, sounds
from bot.people.reading import BadRow, Entry, GroupNamed
from bot.store import Session
from bot.store.sealing import Keys, unseal
from bot.store.tables import address, contact, contact_address, contact_group, contact_word, member
from bot.store.types import new_id

#: So many are asked for in one question, and so often is told how far it is.
_AT_ONCE = 1_000


@dataclass(slots=True)
class Counts:
    """What an import changes: contacts that are new, and that are known; who is put into a group; groups that are new;
    who stays out of one at their own wish; who said STOP and stays silent.
    """

    fresh: int = 0
    known: int = 0
    memberships: int = 0
    groups: int = 0
    stay_out: int = 0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class _Link:
    """How a known contact is reached."""

    id: UUID
    person: int
    living: bool
    name: frozenset[str] = field(repr=False)


@dataclass(slots=True)
class _Number:
    """A number that has an address here; `links` are those of contacts, over ones too."""

    address_id: UUID
    silent: bool
    links: list[_Link] = field(default_factory=list)

    @property
    def living(self) -> list[_Link]:
        return [each for each in self.links if each.living]


@dataclass(slots=True)
class _Person:
    """Somebody of the file: what their first row says, the groups of all their rows, where they are known from."""

    entry: Entry
    groups: list[tuple[GroupNamed, Entry]] = field(default_factory=list)
    number: _Number | None = None
    link: _Link | None = None


@dataclass(slots=True)
class Plan:
    """What would be written, and each bad row with what is wrong."""

    counts: Counts = field(default_factory=Counts)
    bad: list[BadRow] = field(default_factory=list)
    people: list[_Person] = field(default_factory=list, repr=False)
    known_groups: dict[GroupNamed, UUID] = field(default_factory=dict, repr=False)


def plan(session: Session, read: Iterable[Entry | BadRow], checked: Callable[[int], None] = lambda _: None) -> Plan:
    """What these rows would change, as things stand; `checked` hears of how many rows the number was looked up."""
    made = Plan()
    rows: Counter[str] = Counter()
    people: dict[tuple[str, int | None], _Person] = {}
    for each in read:
        if isinstance(each, BadRow):
            made.bad.append(each)
            continue
        person = people.setdefault((each.uri, each.person), _Person(each))
        rows[each.uri] += 1
        if each.group:
            person.groups.append((each.group, each))
    numbers = _numbers(session, rows, checked)
    for (uri, _), person in people.items():
        problem = _recognise(person, numbers.get(uri))
        if problem:
            made.bad.append(BadRow(person.entry.row, problem))
        else:
            made.people.append(person)
    _settle_groups(session, made)
    made.bad.sort(key=lambda bad: bad.row)
    return made


def _recognise(person: _Person, number: _Number | None) -> Problem | None:
    """Find who of a known number this is; or what is wrong."""
    person.number = number
    living = number.living if number else []
    digit = person.entry.person
    if digit is None:
        if len(living) > 1:
            return Problem(N_("Several people share this telephone: write which one in the column person."))
        person.link = living[0] if living else None
    elif number:
        person.link = next((each for each in living if each.person == digit), None)
        if person.link is None and any(each.person == digit for each in number.links):
            return Problem(N_("This digit was somebody else's on this telephone: take the next one."))
    if person.link and differ(sounds(person.entry.name), person.link.name):
        return Problem(N_("This number is that of a contact with another name: look at that contact first."))
    return None


def _numbers(session: Session, rows: Counter[str], checked: Callable[[int], None]) -> dict[str, _Number]:
    """The numbers of these that are addresses here, with who is reached there; of each, how many rows have it."""
    found: dict[str, _Number] = {}
    done = 0
    link_columns = contact_address.c.id.label("link_id"), contact_address.c.person, contact_address.c.ended_at
    contact_columns = contact.c.id.label("contact_id"), contact.c.data_key, contact.c.name
    statement = (
        select(address.c.id, address.c.hash, address.c.opted_out_at, *link_columns, *contact_columns)
        .outerjoin(contact_address, contact_address.c.address_id == address.c.id)
        .outerjoin(contact, contact.c.id == contact_address.c.contact_id)
    )
    for some in _chunks(list(rows)):
        by_hash = {session.keys.blind("address", uri): uri for uri in some}
        for row in session.run(statement.where(address.c.hash.in_(by_hash))):
            uri = by_hash[row.hash]
            number = found.setdefault(uri, _Number(row.id, row.opted_out_at is not None))
            if row.link_id is not None:
                name = sounds(_name(session.keys, row))
                number.links.append(_Link(row.link_id, row.person, row.ended_at is None, name))
        done += sum(rows[uri] for uri in some)
        checked(done)
    return found


def _name(keys: Keys, row: Any) -> str | None:
    if row.data_key is None or row.name is None:
        return None
    return unseal(keys.unwrap(row.data_key, row.contact_id), "contact.name", row.contact_id, row.name)


def _settle_groups(session: Session, made: Plan) -> None:
    """Which groups there are, and who is in them already or left them; then count."""
    named = {group for person in made.people for group, _ in person.groups}
    made.known_groups = _known_groups(session, named)
    inside, left = _memberships(session, [person.link.id for person in made.people if person.link])
    counts = made.counts
    for person in made.people:
        counts.known += person.link is not None
        counts.fresh += person.link is None
        counts.silent += person.number is not None and person.number.silent
        kept = []
        for group, entry in person.groups:
            there = (person.link.id if person.link else None, made.known_groups.get(group))
            counts.stay_out += there in left and there not in inside
            if there not in inside and there not in left:
                kept.append((group, entry))
        person.groups = kept
        counts.memberships += len(kept)
    used = {group for person in made.people for group, _ in person.groups}
    counts.groups = len(used - made.known_groups.keys())


def _known_groups(session: Session, named: set[GroupNamed]) -> dict[GroupNamed, UUID]:
    wanted = {
        (group.kind.value, group.place, groups.title_hash(session.keys, group.kind, group.place, group.title)): group
        for group in named
    }
    found: dict[GroupNamed, UUID] = {}
    for row in session.run(select(contact_group)) if wanted else ():
        group = wanted.get((row.kind, row.place, row.title_hash))
        if group:
            found[group] = row.id
    return found


def _memberships(session: Session, link_ids: Sequence[UUID]) -> tuple[set[tuple[Any, Any]], set[tuple[Any, Any]]]:
    """By link and group: who is in it, and who left it at their own wish."""
    inside: set[tuple[Any, Any]] = set()
    left: set[tuple[Any, Any]] = set()
    columns = member.c.contact_address_id, member.c.group_id, member.c.ended_at, left_by_themselves().label("left")
    for some in _chunks(link_ids):
        for row in session.run(select(*columns).where(member.c.contact_address_id.in_(some))):
            if row.ended_at is None:
                inside.add((row.contact_address_id, row.group_id))
            elif row.left:
                left.add((row.contact_address_id, row.group_id))
    return inside, left


# Writing


class Prepared:
    """The rows of a plan, sealed, table by table in the order in which they can be written."""

    def __init__(self) -> None:
        self.rows: dict[Table, list[tuple[Any, ...]]] = defaultdict(list)
        self.columns: dict[Table, tuple[str, ...]] = {}

    def add(self, table: Table, values: Mapping[str, Any]) -> None:
        """One row; those of one table have the same columns in the same order."""
        self.columns.setdefault(table, tuple(values))
        self.rows[table].append(tuple(values.values()))


def prepare(
    keys: Keys, now: datetime, made: Plan, channel: str, prepared: Callable[[int], None] = lambda _: None
) -> Prepared:
    """Seal what is to be written; it takes most of the time, and no transaction is open meanwhile.

    `channel` carries what we say to a number that never wrote; `prepared` hears how many people are done.
    """
    found = Prepared()
    group_ids = dict(made.known_groups)
    for number, person in enumerate(made.people, start=1):
        link_id = person.link.id if person.link else _add_person(found, keys, now, person, channel)
        for group, entry in person.groups:
            if group not in group_ids:
                group_ids[group] = _add_group(found, keys, now, group)
            _add_member(found, now, group_ids[group], link_id, entry)
        if number % _AT_ONCE == 0:
            prepared(number)
    return found


def _add_person(found: Prepared, keys: Keys, now: datetime, person: _Person, channel: str) -> UUID:
    entry, contact_id, link_id = person.entry, new_id(), new_id()
    if person.number:
        address_id = person.number.address_id
    else:
        address_id = new_id()
        found.add(address, new_address(keys, now, address_id, entry.uri, channel))
    details = Details(entry.name, entry.languages, entry.place, entry.consent)
    found.add(contact, {"id": contact_id, "made_at": now, **sealed(keys, now, contact_id, details)})
    link = {"id": link_id, "contact_id": contact_id, "address_id": address_id, "made_at": now}
    found.add(contact_address, {**link, "person": _digit(person)})
    for word in index_words(keys, entry.name):
        found.add(contact_word, {"word": word, "contact_id": contact_id})
    return link_id


def _digit(person: _Person) -> int:
    """The digit of a new person: the one in the file, else the next that nobody had."""
    if person.entry.person is not None:
        return person.entry.person
    return max((each.person for each in person.number.links), default=0) + 1 if person.number else 1


def _add_group(found: Prepared, keys: Keys, now: datetime, group: GroupNamed) -> UUID:
    identity = new_id()
    columns = groups.columns(keys, now, identity, group.kind, group.place, group.title)
    found.add(contact_group, {**columns, "made_at": now})
    return identity


def _add_member(found: Prepared, now: datetime, group_id: UUID, link_id: UUID, entry: Entry) -> None:
    values = {"id": new_id(), "group_id": group_id, "contact_address_id": link_id, "role": entry.role.value}
    found.add(member, {**values, "made_at": now})


ORDER = (address, contact, contact_address, contact_word, contact_group, member)


def write(session: Session, made: Plan, prepared: Prepared) -> None:
    """Write it all. Raises Stale or Duplicate where things no longer stand as they were planned."""
    _check_unchanged(session, made)
    for table in ORDER:
        if prepared.rows[table]:
            session.insert_many(table, prepared.columns[table], prepared.rows[table])


def _check_unchanged(session: Session, made: Plan) -> None:
    """Lock the addresses that were known: nobody is put on a list who has just asked to be forgotten."""
    known = {
        person.number.address_id: session.keys.blind("address", person.entry.uri)
        for person in made.people
        if person.number
    }
    for some in _chunks(list(known)):
        statement = select(address.c.id, address.c.hash).where(address.c.id.in_(some)).order_by(address.c.id)
        rows = session.run(statement.with_for_update()).all()
        if len(rows) != len(some) or any(row.hash != known[row.id] for row in rows):
            raise Stale("an address has changed")
    for some in _chunks([person.link.id for person in made.people if person.link]):
        living = select(func.count()).where(contact_address.c.id.in_(some), contact_address.c.ended_at.is_(None))
        if session.run(living).scalar_one() != len(some):
            raise Stale("a contact is reached elsewhere now")


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
