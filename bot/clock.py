"""What runs by itself: a list of duties, each with its seconds. One process at a time does them, by a lease in the
database; two would be harmless.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, or_, update

from bot.casework import locks, members, report_backs, search, subscriptions, thread
from bot.casework.duty import duty_phone
from bot.casework.keeping import forgetting, retention
from bot.casework.telling import telling
from bot.casework.thread import Means
from bot.channels import Channel
from bot.delivery.outbox import PATIENCE, Patience
from bot.delivery.sweep import end_leases, settle_unknown
from bot.errors import StoreAway
from bot.intake import Intake
from bot.people.addresses import Telephone
from bot.store import Duplicate, Session, Store, audit
from bot.store.spool import Spool
from bot.store.tables import TalkStatus, lease, talk
from bot.store.types import moment
from bot.talks import Talks

log = logging.getLogger(__name__)

_LEASE_SECONDS = 15.0
#: A question nobody answered for so long is let go; what was said is kept.
_IDLE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do every so many seconds."""

    name: str
    seconds: float
    act: Callable[[], object]


class Clock:
    """Does each duty when it is due, while this process holds the lease."""

    def __init__(self, store: Store, duties: Sequence[Duty]) -> None:
        self._store = store
        self._duties = duties
        self._due = {duty.name: 0.0 for duty in duties}
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"[:64]

    def run(self, stop: threading.Event) -> None:
        """Do what is due until `stop` is set."""
        while not stop.wait(0.5):
            try:
                if self.holds_lease():
                    self.tick(time.monotonic())
            except StoreAway:
                stop.wait(1.0)
            except Exception:
                log.exception("the clock stumbled")
                stop.wait(1.0)

    def tick(self, now: float) -> None:
        """Do the duties that are due; one that fails does not keep the others waiting."""
        for duty in self._duties:
            if now < self._due[duty.name]:
                continue
            self._due[duty.name] = now + duty.seconds
            try:
                duty.act()
            except StoreAway:
                raise
            except Exception:
                log.exception("a duty failed", extra={"duty": duty.name})

    def holds_lease(self) -> bool:
        """Take or keep the lease; False while another living process has it."""
        values = {"holder": self._holder, "until": moment(_LEASE_SECONDS)}
        with self._store.writing() as session:
            mine = or_(lease.c.holder == self._holder, lease.c.until < moment())
            if session.run(update(lease).where(lease.c.name == "clock", mine).values(**values)).rowcount:
                return True
        try:
            with self._store.writing() as session:
                session.run(insert(lease).values(name="clock", **values))
        except Duplicate:
            return False
        return True


def duties(
    store: Store, channels: Mapping[str, Channel], intake: Intake, spool: Spool, patience: Patience = PATIENCE
) -> list[Duty]:
    """The list: what is done, and how often."""
    found = [
        Duty("drain the spool", 2.0, lambda: drain_spool(spool, channels, intake)),
        Duty("end leases", 2.0, lambda: _in_writing(store, lambda session: end_leases(session, patience))),
        Duty("link the audit", 1.0, lambda: _in_writing(store, lambda session: audit.link_new(session, _now()))),
        Duty("check the audit", 10.0, AuditCheck(store).step),
        Duty("index words", 3.0, lambda: _in_writing(store, search.index_new)),
        Duty("finish forgetting", 30.0, lambda: _in_writing(store, forgetting.finish)),
        Duty("keep no longer", 300.0, lambda: keep_no_longer(store, spool, _now())),
        Duty("empty the log", 60.0, store.empty_log),
        Duty("let old talks go", 3600.0, lambda: _in_writing(store, _let_go)),
        Duty("let old locks go", 3600.0, lambda: _in_writing(store, lambda session: locks.let_go(session, _now()))),
    ]
    found.extend(
        Duty(f"settle unknown {name}", 3.0, lambda wire=wire: settle_unknown(store, wire, patience))  # type: ignore[misc]
        for name, wire in channels.items()
    )
    return found


class AuditCheck:
    """Walks along the whole chain of the audit once a day, a stretch at a time, so that no other duty waits for it."""

    _EVERY = timedelta(days=1)

    def __init__(self, store: Store, most: int = 10_000) -> None:
        self._store, self._most = store, most
        self._walked: audit.Chain | None = None

    def step(self, now: datetime | None = None) -> None:
        """The next stretch, if a walk is due; what it found is an entry of the audit."""
        at = now or _now()
        with self._store.reading() as session:
            if self._walked is None:
                last = audit.last_checked(session)
                if last and at - last.at < self._EVERY:
                    return
            before = self._walked or audit.Chain()
            chain = audit.verify(session, before, self._most)
        over = chain.broken_at is not None or chain.linked - before.linked < self._most
        self._walked = None if over else chain
        if over:
            _in_writing(self._store, lambda session: audit.note_checked(session, at, "clock", chain))


def keep_no_longer(store: Store, spool: Spool, now: datetime) -> None:
    """Erase what has been kept as long as it may be, in the database and in the spool."""
    retention.enforce(store, now)
    with store.reading() as session:
        days = retention.periods(session)[retention.Kept.TEXT].days
    spool.expire((now - timedelta(days=days)).timestamp())


def ask_members(store: Store, conversations: Talks, channels: Mapping[str, Channel]) -> Duty:
    """The weekly and the monthly question, to whom it is due."""

    def ask() -> None:
        _in_writing(store, lambda session: members.ask_all(session, _now(), conversations, channels))

    return Duty("ask members", 600.0, ask)


def send_what_waits(store: Store, means: Means) -> Duty:
    """What the desk wrote or asked, when its hour has come."""
    return Duty("send what waits", 10.0, lambda: thread.send_waiting(store, _now(), means))


def tell_reporters(store: Store, conversations: Talks, channels: Mapping[str, Channel]) -> Duty:
    """What the desk found out or did, to those who agreed to be told."""

    def tell() -> None:
        telling.tell_all(store, _now(), conversations, channels)

    return Duty("tell reporters", 20.0, tell)


def ring_duty_phone(store: Store, conversations: Talks, telephone: Telephone) -> Duty:
    """Outside the desk's hours, the duty phone for a report of a life in danger that nobody has read."""

    def ring() -> None:
        duty_phone.ring_all(store, _now(), telephone, conversations.gettext(duty_phone.LANGUAGE))

    return Duty("ring the duty phone", 5.0, ring)


def send_report_backs(store: Store, conversations: Talks, house: report_backs.House) -> Duty:
    """What was heard and done in a month, to the cells and associations it is approved for."""
    return Duty("send report-backs", 60.0, lambda: report_backs.send_due(store, _now(), conversations, house))


def send_peace(store: Store, conversations: Talks, channels: Mapping[str, Channel]) -> Duty:
    """The message of the week, to whoever asked for it and on the day they chose."""
    return Duty("send peace messages", 60.0, lambda: subscriptions.send_due(store, _now(), conversations, channels))


def drain_spool(spool: Spool, channels: Mapping[str, Channel], intake: Intake) -> int:
    """Bring what was spooled into the database, in order; how many. Stops at once while the database is away.

    One that can't be taken stays for a person to look at and keeps nobody else waiting.
    """
    drained = 0
    for path, inbound, received in spool.waiting():
        wire = channels.get(inbound.channel)
        if wire is None:
            continue
        try:
            intake.receive(inbound, wire, datetime.fromtimestamp(received, UTC), inline=False)
        except StoreAway:
            break
        except Exception:
            log.exception("a spooled message can't be taken", extra={"channel": inbound.channel})
            continue
        spool.done(path)
        drained += 1
    return drained


def _in_writing(store: Store, act: Callable[..., object]) -> None:
    with store.writing() as session:
        act(session)


def _let_go(session: Session) -> None:
    statement = update(talk).where(talk.c.status == TalkStatus.OPEN.value, talk.c.heard_at < _now() - _IDLE)
    session.run(statement.values(status=TalkStatus.LEFT.value, ended_at=_now()))


def _now() -> datetime:
    return datetime.now(UTC)
