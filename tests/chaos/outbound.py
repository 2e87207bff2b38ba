"""Sending: rows are queued in lumps; while one is under way workers are killed, at times the database is stopped."""

import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select

from bot import talks
from bot.channels.twilio_sms import TwilioSms
from bot.delivery import outbox as box
from bot.delivery.outbox import Lane
from bot.errors import StoreAway
from bot.intake.turn import open_turn
from bot.messages import Inbound
from bot.store.tables import outbox
from tests.chaos.house import LATENCY, House, house
from tests.chaos.programs import wait_for
from tests.chaos.verdict import Verdict, out_of_order


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of it."""

    sends: int
    kills: int
    stops: int
    workers: int = 4
    at_once: int = 2
    people: int = 150
    clock_kills: int = 0


FULL = Dose(sends=3_000, kills=112, stops=2, clock_kills=6)
SMALL = Dose(sends=100, kills=8, stops=1, at_once=4, people=30, clock_kills=1)

_LANES = (Lane.CONVERSATION, Lane.CONVERSATION, Lane.URGENT, Lane.CAMPAIGN)
#: One message in so many has the same text as the one before it to the same person.
_TWINS = 8


@dataclass
class _Person:
    number: str
    address_id: UUID
    talk_id: UUID
    data_key: bytes = field(repr=False)
    last: str = ""


def run(dose: Dose, build: str = "Build", seed: int = 1) -> Verdict:
    """Shake the house while it sends, and compare what was queued with what the provider has."""
    with house(build, seed) as shaken:
        people = [_meet(shaken, number) for number in range(dose.people)]
        shaken.open(web=1, workers=dose.workers)
        queue = _Queue(shaken, people)
        began = time.monotonic()
        _shake(shaken, dose, queue)
        unsettled = shaken.settle(60)
        return _judge(shaken, queue, unsettled, time.monotonic() - began, build)


def _meet(shaken: House, number: int) -> _Person:
    """Somebody whom we may write to."""
    wire = TwilioSms(shaken.settings)
    phone = f"+2237{number:07d}"
    now = datetime.now(UTC)
    with shaken.store.writing() as session:
        turn, _ = open_turn(session, Inbound(wire.name, f"SM{number:032x}", f"tel:{phone}", "bonjour"), wire, now)
        talk = talks.open_talk(now, turn.sender.id, "menu", {})
        talks.save(session, talk, now)
    return _Person(phone, turn.sender.id, talk.id, talk.data_key)


class _Queue:
    """Queues rows and remembers them: to whom, in which lane, with what text."""

    def __init__(self, shaken: House, people: list[_Person]) -> None:
        self._house = shaken
        self._people = people
        self.expected: Counter[tuple[str, str]] = Counter()
        self.lanes: dict[str, Lane] = {}
        self.count = 0

    def add(self, most: int) -> None:
        """Queue so many, in one transaction; again if the database was away, for the cause is unique."""
        lump = [self._next() for _ in range(most)]
        for _ in range(20):
            try:
                self._put(lump)
                return
            except StoreAway:
                time.sleep(0.5)
        raise StoreAway("the database does not come back")

    def _put(self, lump: list[tuple[int, _Person, str, Lane]]) -> None:
        now = datetime.now(UTC)
        with self._house.store.writing() as session:
            present = select(func.count()).select_from(outbox).where(outbox.c.cause == f"chaos:{lump[0][0]}")
            if session.run(present).scalar_one():
                return
            for number, person, text, lane in lump:
                box.put(
                    session,
                    now,
                    cause=f"chaos:{number}",
                    talk_id=person.talk_id,
                    data_key=person.data_key,
                    address_id=person.address_id,
                    channel="twilio-sms",
                    text=text,
                    lane=lane,
                )

    def _next(self) -> tuple[int, _Person, str, Lane]:
        chance, number = self._house.chance, self.count
        self.count += 1
        person = chance.choice(self._people)
        if person.last and chance.randrange(_TWINS) == 0:
            text = person.last
        else:
            text = person.last = f"Message {number}"
            self.lanes[text] = chance.choice(_LANES)
        self.expected[person.number, text] += 1
        return number, person, text, self.lanes[text]


def _shake(shaken: House, dose: Dose, queue: _Queue) -> None:
    steps = dose.kills // dose.at_once
    lump = -(-dose.sends // steps)
    stops = _spread(dose.stops, steps)
    clock_kills = _spread(dose.clock_kills, steps)
    for step in range(steps):
        shaken.await_ready(shaken.workers, dose.workers)
        before = len(shaken.provider.ledger)
        queue.add(min(lump, dose.sends - queue.count))
        with suppress(TimeoutError):
            wait_for(lambda seen=before: len(shaken.provider.ledger) > seen, "the lump to be under way", 3.0)
        time.sleep(shaken.chance.uniform(0.0, 2 * LATENCY))
        shaken.kill(shaken.workers, dose.at_once)
        if step in clock_kills:
            shaken.kill(shaken.clocks, 1)
        if step in stops:
            shaken.stop_database(shaken.chance.uniform(0.3, 1.5))


def _spread(many: int, steps: int) -> set[int]:
    return {steps * (number + 1) // (many + 1) for number in range(many)}


def _judge(shaken: House, queue: _Queue, unsettled: int, seconds: float, build: str) -> Verdict:
    ledger = list(shaken.provider.ledger)
    had = Counter((accepted.to, accepted.body) for accepted in ledger)
    with shaken.store.reading() as session:
        statement = select(
            func.count(), func.sum(outbox.c.attempt - 1), func.count().filter(outbox.c.status == "failed")
        )
        found, again, failed = session.run(statement.select_from(outbox)).one()
    orders: dict[tuple[str, Lane], list[int]] = defaultdict(list)
    for accepted in ledger:
        if accepted.body in queue.lanes:
            orders[accepted.to, queue.lanes[accepted.body]].append(int(accepted.body.split()[1]))
    figures = {
        "queued": queue.count,
        "at the provider": len(ledger),
        "kill -9 of workers": shaken.kills["worker"],
        "kill -9 of the clock": shaken.kills["clock"],
        "database stopped": shaken.stops,
        "attempts after the first": int(again or 0),
        "errors logged": shaken.errors(),
        "seconds": round(seconds, 1),
    }
    broken = {
        "lost": (queue.expected - had).total(),
        "sent twice": (had - queue.expected).total(),
        "not final": unsettled,
        "given up": int(failed),
        "rows gone": queue.count - int(found),
        "out of order": sum(out_of_order(numbers) for numbers in orders.values()),
    }
    return Verdict(f"sending ({build})", figures, broken)
