"""Who asked for a peace message each week, and its sending. An address without a row here gets none.

On their day each gets the oldest text that they have not had; where the desk has approved nothing since, they get none
that week, rather than the same again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, insert, or_, select, update

from bot import talks
from bot.casework import infos
from bot.casework.infos import News
from bot.casework.members import HOURS
from bot.casework.telling import asking
from bot.casework.telling.asking import Here
from bot.channels import Channel
from bot.delivery.outbox import Lane
from bot.languages.catalogue import LANGUAGES, WORKING
from bot.store import Session, Store
from bot.store.audit import Action, note
from bot.store.tables import TalkStatus, address, subscription
from bot.talks import Talks

#: The days that somebody can choose, as the calendar counts them; Mali's time is UTC all year.
_DAYS = {4: "friday", 6: "sunday", 0: "monday"}
_AT_ONCE = 200


def subscribe(session: Session, now: datetime, address_id: UUID, day: str, theme: str | None) -> None:
    """They want it on this day; what they wanted before no longer counts, what they had does."""
    row = session.run(select(subscription.c.sent_at, subscription.c.had).where(_of(address_id))).first()
    session.run(delete(subscription).where(_of(address_id)))
    had = {"sent_at": row.sent_at, "had": row.had} if row else {}
    session.run(insert(subscription).values(address_id=address_id, day=day, theme=theme, made_at=now, **had))
    note(session, now, "sender", Action.ADDRESS_SUBSCRIBED, address_id)


def unsubscribe(session: Session, now: datetime, address_id: UUID) -> None:
    """They want no more of them."""
    if session.run(delete(subscription).where(_of(address_id))).rowcount:
        note(session, now, "sender", Action.ADDRESS_UNSUBSCRIBED, address_id)


def _of(address_id: UUID) -> Any:
    return subscription.c.address_id == address_id


def send_due(store: Store, now: datetime, conversations: Talks, wires: Mapping[str, Channel]) -> int:
    """Send today's message to whoever chose this day and has not had it; how many. Safe to run twice."""
    day = _DAYS.get(now.weekday())
    if day is None or now.hour not in HOURS:
        return 0
    with store.reading() as session:
        texts = infos.peace(session, now)
        waiting = [row.address_id for row in session.run(_waiting(now, day, texts))] if texts else []
    sent = 0
    for start in range(0, len(waiting), _AT_ONCE):
        with store.writing() as session:
            sent += _send(session, now, conversations, wires, texts, waiting[start : start + _AT_ONCE])
    return sent


def _waiting(now: datetime, day: str, texts: Sequence[News]) -> Any:
    newest = max(each.heard_from for each in texts)
    columns = select(subscription.c.address_id).join(address, address.c.id == subscription.c.address_id)
    new = or_(subscription.c.had.is_(None), subscription.c.had < newest)
    due = columns.where(subscription.c.day == day, new, _not_today(now), asking.may_be_written_to())
    return due.order_by(subscription.c.address_id)


def _not_today(now: datetime) -> Any:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return or_(subscription.c.sent_at.is_(None), subscription.c.sent_at < today)


def _send(
    session: Session,
    now: datetime,
    conversations: Talks,
    wires: Mapping[str, Channel],
    texts: Sequence[News],
    ids: Sequence[UUID],
) -> int:
    """Lock the addresses as a turn does: nothing can slip past a STOP or a "no more" of the same instant."""
    columns = subscription.c.address_id, subscription.c.theme, subscription.c.had, address.c.channel, address.c.language
    people = (
        select(*columns)
        .join(address, address.c.id == subscription.c.address_id)
        .where(subscription.c.address_id.in_(ids), _not_today(now), asking.may_be_written_to())
        .order_by(subscription.c.address_id)
        .with_for_update(of=address)
    )
    sent = 0
    for person in session.run(people).all():
        text, wire = _next(texts, person), wires.get(person.channel)
        if text is None or wire is None:
            continue
        once = and_(_of(person.address_id), _not_today(now))
        if session.run(update(subscription).where(once).values(sent_at=now, had=text.heard_from)).rowcount:
            _put(Here(wire, session, now), conversations, text, person.address_id)
            sent += 1
    return sent


def _next(texts: Sequence[News], person: Any) -> News | None:
    """The oldest text of their theme that they have not had, in the first of their languages that has one."""
    tag = person.language or WORKING
    new = [
        text
        for text in texts
        if person.theme in (None, text.topic) and (not person.had or text.heard_from > person.had)
    ]
    for language in (tag, *(LANGUAGES[tag].fallbacks if tag in LANGUAGES else ()), WORKING):
        theirs = [text for text in new if text.language == language]
        if theirs:
            return min(theirs, key=lambda text: text.heard_from)
    return None


def _put(here: Here, conversations: Talks, text: News, address_id: UUID) -> None:
    told = talks.open_talk(here.now, address_id, "peace", {"language": text.language})
    told.status = TalkStatus.DONE
    talks.save(here.session, told, here.now)
    words = conversations.as_shown(text.text, text.language, here.wire)
    cause = f"peace:{address_id.hex}:{here.now.date().isoformat()}"
    asking.write(here, told, words, cause, Lane.CAMPAIGN)
