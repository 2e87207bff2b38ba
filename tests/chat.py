"""A phone for tests: what it says goes through the real intake into a real store, and what it hears came back.

phone = road.phone()
phone.says("attaque a konna")
assert "Langue?" in phone.hears
"""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot import main
from bot.casework import call_backs, desk
from bot.casework.betrayal import Reader
from bot.casework.call_backs import CallBack
from bot.casework.desk import Line
from bot.casework.duty.hours import KnownHours
from bot.casework.seats import Seat
from bot.casework.thread import Means
from bot.channels import Channel
from bot.conversation import Flow
from bot.conversation.lexicon import Lexicon
from bot.conversation.outcomes import Outcome
from bot.delivery.queue import Bells, Doorbell
from bot.delivery.receipts import note_receipt
from bot.delivery.sender import Sender
from bot.intake import Intake, Verb
from bot.languages.catalogue import Catalogues
from bot.messages import Delivery, Inbound, InboundKind, Media, Outbound, Press, Receipt
from bot.places.gazetteer import Gazetteer
from bot.store import Store
from bot.store.tables import ReportStatus, outbox
from bot.talks import Talks
from tests.words import code_in

#: A seat that sees everything, and one that does not see the closed queue.
TRUSTED = Seat(uuid.UUID(int=1), sees_closed=True)
USUAL = Seat(uuid.UUID(int=2))


@dataclass
class Road:
    """Everything between a wire and the database, with a clock of its own that only tests move."""

    store: Store
    wire: Channel
    intake: Intake
    talks: Talks
    catalogues: Catalogues
    lexicon: Lexicon
    hours: KnownHours
    means: Means
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def build(
        cls,
        store: Store,
        wire: Channel,
        flows: Mapping[str, Flow],
        verbs: Mapping[type[Outcome], Verb],
        catalogues: Catalogues,
        gazetteer: Gazetteer,
        doorbell: Doorbell | None = None,
        *,
        demo: bool = True,
    ) -> "Road":
        """Join the parts as `bot.main.assemble` does."""
        lexicon, hours = Lexicon.load(), KnownHours()
        talks = Talks(flows, catalogues, gazetteer, main.look_ups(gazetteer, lexicon))
        bell = doorbell or Bells()
        intake = Intake(store, talks, catalogues, gazetteer, verbs, bell, lexicon, hours, demo=demo)
        means = Means(talks, {wire.name: wire}, catalogues, Reader(lexicon, gazetteer))
        return cls(store, wire, intake, talks, catalogues, lexicon, hours, means)

    def phone(self, number: str = "76000001", wire: Channel | None = None) -> "Phone":
        """The phone with this number, on the road's wire or another."""
        wire = wire or self.wire
        return Phone(self, wire, f"{wire.address_kind}:{number}")

    def later(self, **passed: float) -> None:
        """Let time pass: `road.later(hours=25)`."""
        self.now += timedelta(**passed)

    def deliver(self, wire: Channel | None = None) -> int:
        """Send what waits in the outbox; how many messages."""
        return Sender(self.store, wire or self.wire, threading.Event()).drain()

    def reports(self, seat: Seat = TRUSTED) -> list[Line]:
        """All reports that this seat may see, the oldest first."""
        with self.store.reading() as session:
            found = [line for status in ReportStatus for line in desk.inbox(session, seat, status=status).lines]
        return sorted(found, key=lambda line: (line.made_at, line.id))

    def report(self) -> Line:
        """The only report there is."""
        (line,) = self.reports()
        return line

    def call_backs(self) -> list[CallBack]:
        """The open call-back tasks."""
        with self.store.reading() as session:
            return call_backs.open_call_backs(session, TRUSTED)

    def conversation(self, line: Line) -> list[tuple[str, str | None]]:
        """What was said in the talks of a report: who (`we` or `they`) and the text."""
        with self.store.reading() as session:
            spoken = desk.conversation(session, TRUSTED, line.id)
        return [("we" if each.outbound else "they", each.text) for each in spoken]

    def rows(self, *columns: Any, **wanted: Any) -> list[Any]:
        """Rows of a table, or of some of its columns, by plain equality."""
        statement = select(*columns).filter_by(**wanted) if wanted else select(*columns)
        with self.store.reading() as session:
            return list(session.run(statement))

    def outbox(self) -> list[Any]:
        """All rows of the outbox in order."""
        with self.store.reading() as session:
            return list(session.run(select(outbox).order_by(outbox.c.id)))


@dataclass
class Phone:
    """One address on one wire."""

    road: Road
    wire: Channel
    address: str
    heard: list[str] = field(default_factory=list)
    last: Outbound | None = None
    confirms: bool = True

    @property
    def hears(self) -> str:
        """The newest thing we said to it."""
        assert self.heard, "the phone has heard nothing yet"
        return self.heard[-1]

    @property
    def code(self) -> str:
        """The number in the newest closing that it heard."""
        return next(code for text in reversed(self.heard) if (code := code_in(text)))

    def says(self, text: str, *, provider_id: str | None = None, inline: bool = True) -> str | None:
        """Send words; the reply in the same answer, or None."""
        return self.sends(text=text, provider_id=provider_id, inline=inline)

    def bips(self, *, provider_id: str | None = None) -> str | None:
        """Ring and hang up."""
        return self.sends(kind=InboundKind.MISSED_CALL, provider_id=provider_id)

    def shows(self, *media: Media, text: str = "") -> str | None:
        """Send a photo or a voice note."""
        return self.sends(text=text, media=media)

    def presses(self, value: str) -> str | None:
        """Press the button with this value under the newest message."""
        assert self.last
        data = next(each.data for each in self.last.buttons if each.data.endswith(f":{value}"))
        talk, key, _ = data.split(":")
        return self.sends(kind=InboundKind.BUTTON, press=Press(talk, key, value))

    def sends(self, *, provider_id: str | None = None, inline: bool = True, **parts: Any) -> str | None:
        """Hand any envelope to the intake, as the wire would."""
        inbound = Inbound(self.wire.name, provider_id or uuid.uuid4().hex, self.address, **parts)
        self.road.later(seconds=1)
        self.last = self.road.intake.receive(inbound, self.wire, self.road.now, inline=inline)
        if self.last is None:
            return None
        self.heard.append(self.last.text)
        if self.confirms:
            self.confirm()
        return self.last.text

    def confirm(self, status: Delivery = Delivery.DELIVERED) -> None:
        """Let the wire say what became of the newest answer, as the simulator's page does."""
        assert self.last
        receipt = Receipt(self.wire.name, status, id=self.last.id, attempt=self.last.attempt)
        with self.road.store.writing() as session:
            note_receipt(session, receipt, self.road.now)
