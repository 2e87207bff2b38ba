"""What tests of delivery share: people to write to, a provider that does as it is told, and the clock of the outbox."""

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, literal, select, update

from bot import talks
from bot.delivery import outbox as box
from bot.delivery.outbox import Lane
from bot.errors import Refused
from bot.messages import Answer, Inbound, Outbound, Receipt, Request
from bot.store import Store
from bot.store.sealing import new_data_key, seal
from bot.store.tables import OutboxStatus, address, outbox
from bot.store.types import moment, new_id

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_causes = itertools.count()


class Provider:
    """A wire whose provider is in this process: it takes, refuses or loses messages as the test says."""

    name = "wire"
    address_kind = "tel"
    is_sms = True
    has_buttons = False
    hears_calls = False
    has_media = False
    has_receipts = True
    answers_inline = True
    replies_by = "wire"

    def __init__(self, per_second: float = 1000.0, burst: int = 1000) -> None:
        self.per_second, self.burst = per_second, burst
        self.got: list[Outbound] = []
        self.asked: list[Outbound] = []
        self.others: list[frozenset[str]] = []
        self.says: Callable[[Outbound], str | None] = lambda outbound: f"P{outbound.id}.{outbound.attempt}"
        self.knows: Callable[[Outbound], Receipt | None] = lambda outbound: None
        self._lock = threading.Lock()

    def reaches(self, address: str) -> bool:
        """Whoever wrote can be answered."""
        return True

    def verify(self, request: Request) -> None:
        """Everything is genuine here."""

    def read(self, request: Request) -> Inbound | Receipt | None:
        """Nothing comes in by this wire."""
        return None

    def reply(self, outbound: Outbound | None) -> Answer:
        """The words themselves."""
        return Answer(outbound.text if outbound else "")

    def send(self, outbound: Outbound) -> str | None:
        """Note it, and do as told."""
        with self._lock:
            self.got.append(outbound)
        return self.says(outbound)

    def look_up(
        self, outbound: Outbound, provider_id: str | None, since: float, others: frozenset[str] = frozenset()
    ) -> Receipt | None:
        """Note who asks, and answer as told."""
        self.asked.append(outbound)
        self.others.append(others)
        return self.knows(outbound)

    def fetch(self, reference: str) -> bytes:
        """Nothing is kept here."""
        raise Refused("media")

    def close(self) -> None:
        """Nothing to give back."""

    @property
    def texts(self) -> list[str]:
        """What arrived, in order."""
        return [outbound.text for outbound in self.got]


def raises(failure: Exception) -> Callable[[Outbound], Any]:
    """A provider's answer that is this failure."""

    def act(outbound: Outbound) -> Any:
        raise failure

    return act


@dataclass
class Person:
    """Somebody with one address and one talk."""

    post: "Post"
    id: UUID
    talk_id: UUID
    data_key: bytes = field(repr=False)

    def put(self, text: str = "words", **changes: Any) -> int:
        """A message to them in the outbox; the number of its row."""
        with self.post.store.writing() as session:
            cause = changes.pop("cause", f"desk:{next(_causes)}")
            given: dict[str, Any] = {"channel": "wire", "lane": Lane.CONVERSATION, "text": text, **changes}
            pending = box.put(
                session, NOW, cause=cause, talk_id=self.talk_id, data_key=self.data_key, address_id=self.id, **given
            )
        return int(pending.rows[0].id)


@dataclass
class Post:
    """The outbox of a store."""

    store: Store
    provider: Provider = field(default_factory=Provider)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def person(self) -> Person:
        """Somebody new."""
        identity, key = new_id(), new_data_key()
        uri = f"tel:+2237{next(self._numbers):07}"
        with self.store.writing() as session:
            session.run(
                insert(address).values(
                    id=identity,
                    kind="tel",
                    hash=session.keys.blind("address", uri),
                    data_key=session.keys.wrap(key, identity),
                    sealed=seal(key, "address", identity, uri),
                    channel="wire",
                    heard_at=NOW,
                    reply_tokens=9.0,
                    same_replies=0,
                    code_tries=0,
                    made_at=NOW,
                )
            )
            talk = talks.open_talk(NOW, identity, "desk", {})
            talks.save(session, talk, NOW)
        return Person(self, identity, talk.id, talk.data_key)

    def row(self, number: int) -> Any:
        """The row of one message."""
        with self.store.reading() as session:
            return session.run(select(outbox).where(outbox.c.id == number)).one()

    def status(self, *numbers: int) -> list[str]:
        """The states of these messages."""
        return [self.row(number).status for number in numbers]

    def claim(self, most: int = 100, **changes: Any) -> list[box.Claimed]:
        """Claim as a sender of the provider's wire does."""
        given = {"rate": self.provider.per_second, "burst": self.provider.burst, **changes}
        with self.store.writing() as session:
            return box.claim(session, self.provider.name, most, **given)

    def write(self, act: Callable[..., Any], *arguments: Any, **changes: Any) -> Any:
        """Do something in a transaction of its own: `post.write(box.taken, claimed, "P1")`."""
        with self.store.writing() as session:
            return act(session, *arguments, **changes)

    def set(self, number: int, **values: Any) -> None:
        """Make a row what it would be by another road."""
        with self.store.writing() as session:
            session.run(update(outbox).where(outbox.c.id == number).values(**values))

    def lapse(self, *numbers: int, column: str = "lease_until", seconds: float = 1.0) -> None:
        """Let a moment of these rows lie in the past."""
        for number in numbers:
            self.set(number, **{column: moment(literal(-seconds))})

    def force(self, number: int, status: OutboxStatus, **values: Any) -> None:
        """Make the row stand in this state, as if everything before had happened."""
        sending = status in (OutboxStatus.SENDING, OutboxStatus.UNKNOWN)
        lease = moment(literal(60.0)) if sending else None
        self.set(number, **{"status": status.value, "lease_until": lease, "sending_at": moment(), **values})
