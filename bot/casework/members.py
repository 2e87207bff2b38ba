"""Members of cells, associations and committees: invited by a code, asked each week and each month by the clock.

Who has not confirmed for `CONFIRMED_FOR` is on no list any more; nothing of them is deleted by that.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, delete, exists, func, insert, select, update

from bot import talks
from bot.casework import asking
from bot.casework.asking import Here
from bot.casework.call_backs import ask_call_back
from bot.casework.seats import Seat
from bot.channels import Channel
from bot.conversation.outcomes import StillMember, WeeklySituation
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import address, invitation, member, weekly
from bot.store.types import new_id
from bot.talks import Talk, Talks

#: A member is asked each month, and is on the lists for so long after the last yes.
ASKED_EVERY = timedelta(days=30)
CONFIRMED_FOR = timedelta(days=45)
INVITED_FOR = timedelta(days=30)
STAND_IN_FOR = timedelta(days=7)
#: Monday and Wednesday (0 and 2), in the hours of the desk; Mali's time is UTC all year.
ASKING_DAY, REMINDING_DAY = 0, 2
HOURS = range(8, 18)
_AT_ONCE = 200


class Group(StrEnum):
    """What somebody is a member of."""

    CELL = "cell"
    ASSOCIATION = "association"
    COMMITTEE = "committee"


def week_of(now: datetime) -> str:
    """The week by ISO 8601: `2026-W48`."""
    year, week, _ = now.isocalendar()
    return f"{year}-W{week:02}"


# Invitations


def invite(session: Session, now: datetime, seat: Seat, group: Group, place: str | None) -> str:
    """A new code of eight digits for one person, good for `INVITED_FOR`; it is kept as a hash only."""
    code = f"{secrets.randbelow(10**8):08}"
    identity = _invite(session, now, code, group.value, place, INVITED_FOR)
    note(session, now, seat.actor, Action.MEMBER_INVITED, identity, {"group": group.value})
    return code


def _invite(session: Session, now: datetime, code: str, group: str, place: str | None, lasts: timedelta) -> UUID:
    identity = new_id()
    session.run(
        insert(invitation).values(
            id=identity,
            code_hash=session.keys.blind("invitation", code),
            group=group,
            place=place,
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


def next_person(session: Session, address_id: UUID) -> int:
    """The digit of the next member on this telephone, from 1."""
    last = session.run(select(func.max(member.c.person)).where(member.c.address_id == address_id)).scalar()
    return int(last or 0) + 1


def join(session: Session, now: datetime, joining: Talk) -> None:
    """They agreed: one invitation, one member; of two who use the same code at once, the second joins nothing."""
    used = (
        update(invitation)
        .where(invitation.c.id == UUID(joining.facts["invitation"]), _LIVING, invitation.c.expires_at > now)
        .values(used_at=now)
        .returning(invitation.c.group, invitation.c.place)
    )
    row = session.run(used).first()
    if row is None:
        return
    identity = new_id()
    session.run(
        insert(member).values(
            id=identity,
            address_id=joining.address_id,
            group=row.group,
            place=row.place,
            person=next_person(session, joining.address_id),
            confirmed_at=now,
            asked_at=now,
            paused_until=None,
            ended_at=None,
            made_at=now,
        )
    )
    note(session, now, "sender", Action.MEMBER_JOINED, identity, {"group": row.group})


def forget(session: Session, address_id: UUID) -> None:
    """Nothing is left of the members on this telephone."""
    theirs = select(member.c.id).where(member.c.address_id == address_id)
    session.run(delete(weekly).where(weekly.c.member_id.in_(theirs)))
    session.run(delete(member).where(member.c.address_id == address_id))


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
        row = session.run(select(member.c.group, member.c.place).where(member.c.id == identity)).one()
        _invite(session, now, str(heard.facts["code"]), row.group, row.place, STAND_IN_FOR)
    if outcome.hour not in (None, "no"):
        language = heard.language_known
        ask_call_back(session, now, heard.address_id, heard.id, None, language, outcome.hour, rang=False)
    note(session, now, "sender", Action.MEMBER_ANSWERED, identity)


def confirm(session: Session, now: datetime, heard: Talk, outcome: StillMember) -> None:
    """Still the same person, or off the lists."""
    identity = UUID(heard.facts["member"])
    values = {"confirmed_at": now} if outcome.answer == "still" else {"ended_at": now}
    session.run(update(member).where(member.c.id == identity).values(**values))
    action = Action.MEMBER_CONFIRMED if outcome.answer == "still" else Action.MEMBER_LEFT
    note(session, now, "sender", action, identity)


# The clock


def _may_be_asked(now: datetime) -> Any:
    return and_(member.c.ended_at.is_(None), asking.may_be_written_to(), ~asking.busy(now, member.c.address_id))


def listed(now: datetime) -> Any:
    """Who is on a list that could harm: confirmed not long ago, not ended, not paused."""
    awake = member.c.paused_until.is_(None) | (member.c.paused_until <= now)
    return and_(member.c.ended_at.is_(None), member.c.confirmed_at > now - CONFIRMED_FOR, awake)


def counted(session: Session, now: datetime) -> Sequence[Any]:
    """For each group: how many are on the list, and how many living members are not (paused or not confirmed)."""
    on_list = func.coalesce(func.sum(case((listed(now), 1), else_=0)), 0)
    statement = (
        select(member.c.group, on_list.label("listed"), (func.count() - on_list).label("others"))
        .where(member.c.ended_at.is_(None))
        .group_by(member.c.group)
        .order_by(member.c.group)
    )
    return session.run(statement).all()


def ask_all(session: Session, now: datetime, conversations: Talks, wires: Mapping[str, Channel]) -> int:
    """Ask whoever is to be asked now, one question to a telephone at a time; how many. Safe to run twice."""
    if now.hour not in HOURS:
        return 0
    asked = _ask_weekly(session, now, conversations, wires) if now.weekday() == ASKING_DAY else 0
    asked += _remind(session, now, conversations, wires) if now.weekday() == REMINDING_DAY else 0
    return asked + _ask_to_confirm(session, now, conversations, wires)


def _due(session: Session, now: datetime, *conditions: Any) -> Sequence[Any]:
    """The members to be asked, one of each telephone; the addresses are locked against a turn of theirs."""
    columns = member.c.id, member.c.address_id, member.c.person, address.c.channel, address.c.language
    statement = (
        select(*columns)
        .join(address, address.c.id == member.c.address_id)
        .where(_may_be_asked(now), *conditions)
        .order_by(member.c.address_id, member.c.person)
        .limit(_AT_ONCE)
        .with_for_update(of=address)
    )
    first: dict[UUID, Any] = {}
    for row in session.run(statement):
        first.setdefault(row.address_id, row)
    return list(first.values())


def _ask_weekly(session: Session, now: datetime, conversations: Talks, wires: Mapping[str, Channel]) -> int:
    week = week_of(now)
    was_asked = exists(select(1).where(weekly.c.member_id == member.c.id, weekly.c.week == week))
    due = _due(session, now, listed(now), member.c.group == Group.CELL.value, ~was_asked)
    for row in due:
        opened = _ask(session, now, conversations, wires, row, "situation", f"weekly:{row.id.hex}:{week}", week=week)
        if opened:
            values = {"member_id": row.id, "week": week, "talk_id": opened.id, "asked_at": now}
            session.run(insert(weekly).values(**values))
    return len(due)


def _remind(session: Session, now: datetime, conversations: Talks, wires: Mapping[str, Channel]) -> int:
    """Once, the same question again, while it still stands open."""
    week = week_of(now)
    columns = weekly.c.member_id, weekly.c.talk_id, address.c.channel
    statement = (
        select(*columns)
        .join(member, member.c.id == weekly.c.member_id)
        .join(address, address.c.id == member.c.address_id)
        .where(weekly.c.week == week, weekly.c.answered_at.is_(None), weekly.c.reminded_at.is_(None))
        .where(_may_be_asked(now), listed(now))
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
    due = _due(session, now, member.c.confirmed_at <= now - ASKED_EVERY, member.c.asked_at <= now - ASKED_EVERY)
    for row in due:
        _ask(session, now, conversations, wires, row, "confirm", f"confirm:{row.id.hex}:{now.date().isoformat()}")
        session.run(update(member).where(member.c.id == row.id).values(asked_at=now))
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
