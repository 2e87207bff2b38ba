"""A crowd that writes to one store: who they are, what they sent, and whether every promise to them was kept."""

import json
import random
import threading
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bot.casework import desk, members, thread
from bot.casework.telling import telling
from bot.casework.thread import Means
from bot.channels import Channel
from bot.conversation.templates import TEMPLATES
from bot.delivery.receipts import note_receipt
from bot.errors import NotAllowed, Stale
from bot.intake import Intake
from bot.languages.text import tidy
from bot.messages import Delivery, Inbound, Outbound, Receipt
from bot.people import groups
from bot.store import Session, Store
from bot.store.sealing import unseal
from bot.store.tables import GroupKind, Veracity, address, call_back, message, report, talk
from tests.chat import TRUSTED
from tests.fuzz.messages import REPORTS, Message, Writer
from tests.fuzz.oracle import Broken, Vocabulary, check_answer, check_kept

#: How often, per message, the desk does something and the clock speaks.
_DESK_ACTS = 0.005
#: Whoever has written so often leaves, and a stranger comes.
_LIFE = 60
_START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Person:
    """Somebody with a phone, and the newest thing they sent and heard."""

    wire: Channel
    address: str
    writer: Writer
    now: datetime
    sent: int = 0
    language: str | None = None
    newest: Inbound | None = None
    heard: Outbound | None = None


@dataclass
class Crowd:
    """People who write by turns. A broken promise raises Broken, and `history` tells what led to it."""

    store: Store
    intake: Intake
    wires: list[Channel]
    means: Means
    vocabulary: Vocabulary
    seed: int
    size: int = 30
    counts: Counter[str] = field(default_factory=Counter)
    history: list[tuple[str, Message]] = field(default_factory=list)
    _sent: dict[str, str] = field(default_factory=dict)
    _first_words: dict[str, str] = field(default_factory=dict)
    _people: list[Person] = field(default_factory=list)
    _codes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._numbers = iter(range(1, 10**7))
        self._people = [self._stranger() for _ in range(self.size)]

    def write(self, most: int) -> None:
        """So many messages, then a look at what is kept."""
        for _ in range(most):
            place = self.chance.randrange(self.size)
            person = self._people[place]
            if person.sent >= _LIFE:
                person = self._people[place] = self._stranger()
            if self.chance.random() < _DESK_ACTS:
                self._desk_acts(person.now)
            self.turn(person, self._first(person) or person.writer.message())
        self.look()

    def _desk_acts(self, now: datetime) -> None:
        """The secretariat invites, the desk finds out, asks or closes, and the clock speaks to whoever it is about."""
        with self.store.writing() as session:
            self._codes.append(_invite(session, now))
            for row in session.run(select(report.c.id).order_by(report.c.changed_at.desc()).limit(20)).all():
                act = self.chance.choice((self._judges, self._closes, self._asks))
                with suppress(NotAllowed, Stale):
                    act(session, now, row.id)
        latest = max(now, *(person.now for person in self._people))
        monday = latest.replace(hour=9) + timedelta(days=7 - latest.weekday())
        self.clock(
            self.chance.choice((latest.replace(hour=10) + timedelta(days=1), monday, monday + timedelta(days=35)))
        )

    def _judges(self, session: Session, now: datetime, report_id: uuid.UUID) -> None:
        desk.judge(session, now, TRUSTED, report_id, self.chance.choice(list(Veracity)))

    def _closes(self, session: Session, now: datetime, report_id: uuid.UUID) -> None:
        desk.close(session, now, TRUSTED, report_id)

    def _asks(self, session: Session, now: datetime, report_id: uuid.UUID) -> None:
        template = self.chance.choice(list(TEMPLATES.values()))
        thread.ask(session, now, TRUSTED, report_id, template, self._name(), self.means)

    def clock(self, moment: datetime) -> None:
        """It is this time for everybody, and the clock speaks to whoever is due."""
        spoken = {wire.name: wire for wire in self.wires}
        self.counts["told"] += telling.tell_all(self.store, moment, self.means.conversations, spoken)
        thread.send_waiting(self.store, moment, self.means)
        with self.store.writing() as session:
            self.counts["asked"] += members.ask_all(session, moment, self.means.conversations, spoken)
        for person in self._people:
            person.now = moment

    def _stranger(self) -> Person:
        wire = self.chance.choice(self.wires)
        number = next(self._numbers)
        value = {"tel": f"+2237{number:07d}", "sim": f"7{number:07d}", "telegram": str(7_000_000 + number)}
        writer = Writer(random.Random(self.chance.random()), codes=self._codes)
        return Person(wire, f"{wire.address_kind}:{value[wire.address_kind]}", writer, _START)

    def _first(self, person: Person) -> Message | None:
        """Every second stranger begins with a report in plain words."""
        if person.sent or self.chance.random() < 0.5:
            return None
        text = self.chance.choice(REPORTS)
        self._first_words[person.address] = text
        return Message(text)

    def turn(self, person: Person, said: Message, *, alone: bool = False) -> None:
        """One message of this person, and a look at the answer."""
        self.history.append((person.address, said))
        person.now += timedelta(seconds=said.after)
        person.sent += 1
        if said.again and person.newest:
            inbound = person.newest
            self.counts["repeated"] += 1
        else:
            text, kind, press, media = tidy(said.text), said.kind, said.press, said.media
            inbound = Inbound(person.wire.name, self._name(), person.address, text, kind, press, media)
            named = f"[{press.value}]" if press else "".join(f"[{each.kind}]" for each in media)
            self._sent[inbound.provider_id] = said.text or named
        person.newest = inbound
        self.counts[inbound.kind.value] += 1
        if not alone and self.chance.random() < 0.01:
            heard = self._at_once(person, inbound)
        else:
            heard = self.intake.receive(inbound, person.wire, person.now)
        if heard is None:
            self.counts["not answered"] += 1
            return
        self._hear(person, heard)

    def _name(self) -> str:
        return uuid.UUID(int=self.chance.getrandbits(128)).hex

    def _at_once(self, person: Person, inbound: Inbound) -> Outbound | None:
        """The same message twice and another one, all at the same instant."""
        other = Inbound(person.wire.name, self._name(), person.address, "1")
        self._sent[other.provider_id] = "1"
        self.counts["at once"] += 1
        heard: list[Outbound | None] = []
        failures: list[BaseException] = []

        def send(each: Inbound) -> None:
            try:
                heard.append(self.intake.receive(each, person.wire, person.now))
            except BaseException as failure:  # noqa: BLE001 - carried over to the test's own thread
                failures.append(failure)

        threads = [threading.Thread(target=send, args=(each,)) for each in (inbound, inbound, other)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        if failures:
            raise failures[0]
        return next((each for each in heard if each), None)

    def _hear(self, person: Person, heard: Outbound) -> None:
        self.counts["answered"] += 1
        person.heard = heard
        person.writer.buttons = [button.data for button in heard.buttons]
        language = self._language(person) if self.chance.random() < 0.05 else None
        check_answer(heard.text, self.vocabulary, language=language, sms=person.wire.is_sms)
        if person.wire.has_receipts and self.chance.random() < 0.9:
            receipt = Receipt(person.wire.name, Delivery.DELIVERED, id=heard.id, attempt=heard.attempt)
            with self.store.writing() as session:
                note_receipt(session, receipt, person.now)

    def _language(self, person: Person) -> str | None:
        """The language they chose, if they have only ever chosen one; the answer may still be in the one before."""
        with self.store.reading() as session:
            hashed = session.keys.blind("address", person.address)
            chosen = session.run(select(address.c.language).where(address.c.hash == hashed)).scalar()
        self.counts["language looked at"] += 1
        before, person.language = person.language, chosen
        return chosen if chosen and chosen == before else None

    def look(self) -> None:
        """Look into the store: everything is there once, one open talk at most for each, nothing broke."""
        with self.store.reading() as session:
            rows = session.run(
                select(message.c.id, message.c.provider_id, message.c.body, talk.c.id.label("talk"), talk.c.data_key)
                .join(talk, talk.c.id == message.c.talk_id)
                .where(message.c.outbound.is_(False))
            ).all()
            kept = [
                (row.provider_id, unseal(session.keys.unwrap(row.data_key, row.talk), "message.body", row.id, row.body))
                for row in rows
                if row.body is not None
            ]
            erased = {row.provider_id for row in rows if row.body is None}
            # A choice of language may interrupt another talk, which then goes on.
            open_talks = select(talk.c.address_id).where(talk.c.status == "open", talk.c.flow != "welcome")
            if session.run(open_talks.group_by(talk.c.address_id).having(func.count() > 1)).first():
                raise Broken("somebody has two open talks")
            if session.run(select(talk.c.id).where(talk.c.status == "broken")).first():
                raise Broken("a flow broke")
            lives: dict[str, list[uuid.UUID]] = {}
            for row in session.run(select(address).where(address.c.sealed.is_not(None))):
                who = unseal(session.keys.unwrap(row.data_key, row.id), "address", row.id, row.sealed)
                if row.forgotten_at:
                    self._first_words.pop(who, None)
                lives.setdefault(who, []).append(row.id)
        check_kept({name: text for name, text in self._sent.items() if name not in erased}, kept)
        self._look_for_reports(lives)
        self.counts["kept"] = len(kept)
        with self.store.reading() as session:
            for row in session.run(select(talk.c.flow, func.count().label("number")).group_by(talk.c.flow)):
                self.counts[f"flow {row.flow}"] = row.number
            chosen = select(talk.c.id, talk.c.answers, talk.c.data_key)
            for row in session.run(chosen.where(talk.c.flow == "menu", talk.c.answers.is_not(None))):
                answers = unseal(session.keys.unwrap(row.data_key, row.id), "talk.answers", row.id, row.answers)
                self.counts[f"service {json.loads(answers).get('service')}"] += 1

    def _look_for_reports(self, lives: Mapping[str, Sequence[uuid.UUID]]) -> None:
        """Whoever began with a report has one that holds their words, also if the number is somebody else's by now:
        then it is of another address of the same `lives`.
        """
        with self.store.reading() as session:
            for person, words in self._first_words.items():
                rows = session.run(
                    select(report.c.id, report.c.narrative, talk.c.id.label("talk"), talk.c.data_key)
                    .join(talk, talk.c.id == report.c.talk_id)
                    .where(report.c.address_id.in_(lives.get(person, ())))
                ).all()
                texts = [
                    unseal(session.keys.unwrap(row.data_key, row.talk), "report.narrative", row.id, row.narrative)
                    for row in rows
                    if row.data_key
                ]
                if not any(words in text for text in texts):
                    raise Broken(f"no report holds {words!r}")


def _one_more(wire: Channel, seed: int, which: int) -> str:
    """The address of somebody who is not of the crowd."""
    number = seed % 10**6 * 10 + which
    value = {"tel": f"+2236{number:07d}", "sim": f"8{number:07d}", "telegram": str(80_000_000 + number)}
    return f"{wire.address_kind}:{value[wire.address_kind]}"


def stubborn(crowd: Crowd, wire: Channel) -> None:
    """Three replies that fit no option: each is explained, and then a person is offered."""
    person = Person(wire, _one_more(wire, crowd.seed, 0), Writer(random.Random(crowd.seed)), _START)
    misfits = crowd.chance.sample(("9", "77", "👍", "!!!", "88", "❤️", "\u202e", "½", "ⵣ"), 3)
    crowd.turn(person, Message(REPORTS[0]), alone=True)
    crowd.turn(person, Message("1"), alone=True)
    explained = []
    for misfit in misfits:
        crowd.turn(person, Message(misfit), alone=True)
        explained.append(person.heard.text if person.heard else "")
    with crowd.store.reading() as session:
        hashed = session.keys.blind("address", person.address)
        asked = select(func.count()).select_from(call_back).join(address, address.c.id == call_back.c.address_id)
        offered = session.run(asked.where(address.c.hash == hashed)).scalar_one()
    if not offered:
        raise Broken(f"three misfits {misfits} and nobody is offered: {explained}")
    if explained[0] == explained[2]:
        raise Broken(f"three misfits {misfits} and the same words: {explained[0]!r}")


def _invite(session: Session, now: datetime) -> str:
    """A code to join the only cell there is."""
    cell = groups.make(session, now, TRUSTED.actor, GroupKind.CELL, None)
    return members.invite(session, now, TRUSTED, cell)


def membership(crowd: Crowd, wire: Channel) -> None:
    """Somebody joins and is asked each week and each month, and answers anything at all."""
    person = Person(wire, _one_more(wire, crowd.seed, 2), Writer(random.Random(crowd.seed)), _START)
    with crowd.store.writing() as session:
        code = _invite(session, person.now)
    for said in ("langue", "1", f"inscription {code}", "1"):
        crowd.turn(person, Message(said), alone=True)
    monday = _START + timedelta(days=7)
    for moment in (monday, monday + timedelta(days=2), monday + timedelta(days=35)):
        crowd.clock(moment)
        person.now = moment
        for _ in range(3):
            crowd.turn(person, person.writer.message(), alone=True)


def after_a_week(crowd: Crowd, wire: Channel) -> None:
    """An answer that comes after a week is the answer to the question that was asked."""
    person = Person(wire, _one_more(wire, crowd.seed, 1), Writer(random.Random(crowd.seed)), _START)
    for said in (Message(REPORTS[0]), Message("1"), Message("2", after=7 * 86_400.0)):
        crowd.turn(person, said, alone=True)
    with crowd.store.reading() as session:
        hashed = session.keys.blind("address", person.address)
        needed = select(report.c.answer_needed).join(address, address.c.id == report.c.address_id)
        found = session.run(needed.where(address.c.hash == hashed)).scalars().all()
    if found != ["today"]:
        raise Broken(f"an answer after a week was read as {found}")
