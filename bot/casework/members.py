"""Members of groups on the telephone: invited by a code, asked each week and each month by the clock.

Who is in which group, and on its list, is `bot.people.memberships`.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, insert, or_, select, update

from bot import talks
from bot.casework.call_backs import ask_call_back
from bot.casework.seats import Seat
from bot.casework.telling import asking
from bot.casework.telling.asking import Here
from bot.channels import Channel
from bot.conversation.outcomes import StillMember, WeeklySituation
from bot.people import contacts, memberships, moving
from bot.people.contacts import Details, next_person
from bot.people.memberships import ASKED_EVERY, MEMBERS, is_listed
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import GroupKind, address, contact_address, contact_group, invitation, member, weekly
from bot.store.types import new_id
from bot.talks import Talk, Talks

INVITED_FOR = timedelta(days=30)
STAND_IN_FOR = timedelta(days=7)
#: Monday and Wednesday (0 and 2), in the hours of the desk; Mali's time is UTC all year.
ASKING_DAY, REMINDING_DAY = 0, 2
HOURS = range(8, 18)
_AT_ONCE = 200


def week_of(now: datetime) -> str:
    """The week by ISO 8601: `2026-W48`."""
    year, week, _ = now.isocalendar()
    return f"{year}-W{week:02}"


# Invitations


def invite(session: Session, now: datetime, seat: Seat, group_id: UUID) -> str:
    """A new code of eight digits for one person, good for `INVITED_FOR`; it is kept as a hash only."""
    code = f"{secrets.randbelow(10**8):08}"
    identity = _invite(session, now, code, group_id, INVITED_FOR)
    note(session, now, seat.actor, Action.MEMBER_INVITED, identity, {"group": str(group_id)})
    return code


def _invite(session: Session, now: datetime, code: str, group_id: UUID, lasts: timedelta) -> UUID:
    identity = new_id()
    session.run(
        insert(invitation).values(
            id=identity,
            code_hash=session.keys.blind("invitation", code),
            group_id=group_id,
            expires_at=now + lasts,
            used_at=None,
            made_at=now,
        )
    )
    return identity


_LIVING = invitation.c.used_at.is_(None)


def invited(session: Session, now: datetime, code: str) -> UUID | None:
    """The living invitation with this code; None for a wrong, a used and an old one alike."""
    hashed = session.keys.blind("invitation", code)
    found = select(invitation.c.id).where(invitation.c.code_hash == hashed, _LIVING, invitation.c.expires_at > now)
    identity: UUID | None = session.run(found.order_by(invitation.c.made_at.desc()).limit(1)).scalar()
    return identity


def person_joining(session: Session, address_id: UUID, invitation_id: UUID) -> int:
    """The digit, from 1, of who joins by this invitation on this telephone.

    Whom the secretariat has put on the list of the same group, and who never confirmed, confirms it by that; anybody
    else is one more person on the telephone.
    """
    group_id = session.run(select(invitation.c.group_id).where(invitation.c.id == invitation_id)).scalar_one()
    waiting = _waiting(session, address_id, group_id)
    return waiting.person if waiting else next_person(session, address_id)


def _waiting(session: Session, address_id: UUID, group_id: UUID) -> Any:
    statement = (
        select(member.c.id, contact_address.c.person)
        .join(contact_address, contact_address.c.id == member.c.contact_address_id)
        .where(contact_address.c.address_id == address_id, contact_address.c.ended_at.is_(None))
        .where(member.c.group_id == group_id, member.c.ended_at.is_(None), member.c.confirmed_at.is_(None))
        .order_by(contact_address.c.person)
    )
    return session.run(statement.limit(1)).first()


def join(session: Session, now: datetime, joining: Talk) -> None:
    """They agreed: one invitation, one member; of two who use the same code at once, the second joins nothing."""
    used = (
        update(invitation)
        .where(invitation.c.id == UUID(joining.facts["invitation"]), _LIVING, invitation.c.expires_at > now)
        .values(used_at=now)
        .returning(invitation.c.group_id)
    )
    group_id = session.run(used).scalar()
    if group_id is None:
        return
    waiting = _waiting(session, joining.address_id, group_id)
    if waiting:
        session.run(update(member).where(member.c.id == waiting.id).values(confirmed_at=now, asked_at=now))
        identity: UUID = waiting.id
    else:
        identity = _newcomer(session, now, joining, group_id)
    note(session, now, "sender", Action.MEMBER_JOINED, identity, {"group": str(group_id)})


def _newcomer(session: Session, now: datetime, joining: Talk, group_id: UUID) -> UUID:
    """Somebody who told us no name."""
    known = joining.language_known
    contact_id = contacts.keep(session, now, Details(languages=(known,) if known else ()))
    person = next_person(session, joining.address_id)
    there = contacts.link(session, now, contact_id, joining.address_id, person)
    return memberships.enrol(session, now, group_id, there, confirmed_at=now)


# Answers


def record(session: Session, now: datetime, heard: Talk, outcome: WeeklySituation) -> None:
    """What a member answered this week: kept once, and acted upon."""
    identity = UUID(heard.facts["member"])
    own = weekly.c.member_id == identity, weekly.c.week == heard.facts["week"]
    values = {"answer": outcome.state, "services": outcome.services, "answered_at": now}
    session.run(update(weekly).where(*own).values(**values))
    if outcome.weeks:
        until = now + timedelta(weeks=outcome.weeks)
        session.run(update(member).where(member.c.id == identity).values(paused_until=until))
    if outcome.state == "stand_in":
        group_id = session.run(select(member.c.group_id).where(member.c.id == identity)).scalar_one()
        _invite(session, now, str(heard.facts["code"]), group_id, STAND_IN_FOR)
    if outcome.hour not in (None, "no"):
        language = heard.language_known
        ask_call_back(session, now, heard.address_id, heard.id, None, language, outcome.hour, rang=False)
    note(session, now, "sender", Action.MEMBER_ANSWERED, identity)


def confirm(session: Session, now: datetime, heard: Talk, outcome: StillMember) -> None:
    """Still the same person, or off the lists: of every group they are in, for it is about them and their number."""
    identity = UUID(heard.facts["member"])
    there: UUID | None = session.run(select(member.c.contact_address_id).where(member.c.id == identity)).scalar()
    if there is None:
        return
    values = {"confirmed_at": now} if outcome.answer == "still" else {"ended_at": now}
    theirs = member.c.contact_address_id == there, member.c.ended_at.is_(None)
    session.run(update(member).where(*theirs).values(**values))
    if outcome.answer == "replaced":
        contacts.unlink(session, now, there)
        _retire_unless_shared(session, now, heard.address_id)
    action = Action.MEMBER_CONFIRMED if outcome.answer == "still" else Action.MEMBER_LEFT
    note(session, now, "sender", action, identity)


def _retire_unless_shared(session: Session, now: datetime, address_id: UUID) -> None:
    """Where nobody else of before is on the telephone, what was told from it must not be answered to who has it now."""
    living = contact_address.c.address_id == address_id, contact_address.c.ended_at.is_(None)
    if not session.run(select(contact_address.c.id).where(*living).limit(1)).first():
        moving.retire(session, now, address_id)


# The clock


def _may_be_asked(now: datetime) -> Any:
    return and_(member.c.ended_at.is_(None), asking.may_be_written_to(), ~asking.busy(now, address.c.id))


def ask_all(session: Session, now: datetime, conversations: Talks, wires: Mapping[str, Channel]) -> int:
    """Ask whoever is to be asked now, one question to a telephone at a time; how many. Safe to run twice."""
    if now.hour not in HOURS:
        return 0
    asked = _ask_weekly(session, now, conversations, wires) if now.weekday() == ASKING_DAY else 0
    asked += _remind(session, now, conversations, wires) if now.weekday() == REMINDING_DAY else 0
    return asked + _ask_to_confirm(session, now, conversations, wires)


_ASKED = (
    member.c.id,
    member.c.group_id,
    member.c.contact_address_id,
    member.c.confirmed_at,
    contact_address.c.contact_id,
    contact_address.c.address_id,
    contact_address.c.person,
    address.c.channel,
    address.c.language,
)


def _due(session: Session, now: datetime, *conditions: Any) -> Sequence[Any]:
    """The members to be asked, one of each telephone; the addresses are locked against a turn of theirs."""
    statement = (
        select(*_ASKED)
        .select_from(MEMBERS)
        .join(address, address.c.id == contact_address.c.address_id)
        .where(_may_be_asked(now), *conditions)
        .order_by(contact_address.c.address_id, contact_address.c.person, member.c.made_at)
        .limit(_AT_ONCE)
        .with_for_update(of=address)
    )
    first: dict[UUID, Any] = {}
    for row in session.run(statement):
        first.setdefault(row.address_id, row)
    return list(first.values())


def _ask_weekly(session: Session, now: datetime, conversations: Talks, wires: Mapping[str, Channel]) -> int:
    week = week_of(now)
    due = _due(session, now, is_listed(now), contact_group.c.kind == GroupKind.CELL.value, ~_was_asked(week))
    # Whoever is in a group by two telephones is one person: asked once, on the one that they confirmed last.
    once = {(row.group_id, row.contact_id): row for row in sorted(due, key=lambda row: row.confirmed_at)}
    for row in once.values():
        opened = _ask(session, now, conversations, wires, row, "situation", f"weekly:{row.id.hex}:{week}", week=week)
        if opened:
            values = {"member_id": row.id, "week": week, "talk_id": opened.id, "asked_at": now}
            session.run(insert(weekly).values(**values))
    return len(once)


def _was_asked(week: str) -> Any:
    """Whether the person of this membership was asked this week, on any of their telephones."""
    same, there = member.alias(), contact_address.alias()
    asked = weekly.join(same, same.c.id == weekly.c.member_id).join(there, there.c.id == same.c.contact_address_id)
    theirs = same.c.group_id == member.c.group_id, there.c.contact_id == contact_address.c.contact_id
    whole = select(1).select_from(asked).where(weekly.c.week == week, same.c.ended_at.is_(None), *theirs)
    return exists(whole.correlate(member, contact_address))


def _remind(session: Session, now: datetime, conversations: Talks, wires: Mapping[str, Channel]) -> int:
    """Once, the same question again, while it still stands open."""
    week = week_of(now)
    columns = weekly.c.member_id, weekly.c.talk_id, address.c.channel
    statement = (
        select(*columns)
        .join(member, member.c.id == weekly.c.member_id)
        .join(contact_address, contact_address.c.id == member.c.contact_address_id)
        .join(address, address.c.id == contact_address.c.address_id)
        .where(weekly.c.week == week, weekly.c.answered_at.is_(None), weekly.c.reminded_at.is_(None))
        .where(_may_be_asked(now), is_listed(now))
        .limit(_AT_ONCE)
        .with_for_update(of=address)
    )
    reminded = 0
    for row in session.run(statement).all():
        own = weekly.c.member_id == row.member_id, weekly.c.week == week
        session.run(update(weekly).where(*own).values(reminded_at=now))
        waiting, wire = talks.load(session, row.talk_id), wires.get(row.channel)
        if waiting is None or waiting.asked is None or wire is None:
            continue
        here = Here(wire, session, now)
        text = conversations.ask_again(waiting, here).in_words
        asking.write(here, waiting, text, f"weekly:{row.member_id.hex}:{week}:again")
        reminded += 1
    return reminded


def _ask_to_confirm(session: Session, now: datetime, conversations: Talks, wires: Mapping[str, Channel]) -> int:
    """Whoever confirmed long ago; of those who never did, only whom the desk had asked. Once for all their groups."""
    long_ago = or_(member.c.confirmed_at.is_(None), member.c.confirmed_at <= now - ASKED_EVERY)
    due = _due(session, now, long_ago, member.c.asked_at <= now - ASKED_EVERY)
    for row in due:
        _ask(session, now, conversations, wires, row, "confirm", f"confirm:{row.id.hex}:{now.date().isoformat()}")
        theirs = member.c.contact_address_id == row.contact_address_id, member.c.asked_at.is_not(None)
        session.run(update(member).where(*theirs).values(asked_at=now))
    return len(due)


def _ask(
    session: Session,
    now: datetime,
    conversations: Talks,
    wires: Mapping[str, Channel],
    row: Any,
    flow: str,
    cause: str,
    **facts: Any,
) -> Talk | None:
    wire = wires.get(row.channel)
    if wire is None:
        return None
    known = {"language": row.language, "person": row.person, "member": str(row.id), **facts}
    return asking.ask(Here(wire, session, now), conversations, row.address_id, flow, cause, **known)
