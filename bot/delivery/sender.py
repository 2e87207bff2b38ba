"""The sender: claims what waits on one channel, offers it to the provider, writes down what became of it.

No transaction is open while the provider is asked. A sender that dies leaves leases behind, which the sweep settles.
"""

import logging
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.channels import Channel
from bot.delivery import outbox
from bot.delivery.outbox import PATIENCE, Claimed, Patience
from bot.delivery.receipts import opt_out
from bot.errors import OptedOut, Refused, RetryLater, SendError, StoreAway, Uncertain
from bot.store import Session, Store
from bot.store.tables import OutboxStatus
from bot.store.tables import outbox as outbox_table

log = logging.getLogger(__name__)

#: How many messages are at the provider at once.
IN_FLIGHT = 10
#: How long a sender that has nothing to do waits before it looks by itself.
_LOOK_SECONDS = 1.0
_AWAY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Offered:
    """What the provider said to one message: its id, or the reason against."""

    claimed: Claimed
    provider_id: str | None = None
    failure: SendError | None = None


class Sender:
    """Sends what waits on one channel, at most `in_flight` at a time, in the order of lanes and rows."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        bell: threading.Event,
        *,
        in_flight: int = IN_FLIGHT,
        patience: Patience = PATIENCE,
    ) -> None:
        self._store = store
        self._channel = channel
        self._bell = bell
        self._most = in_flight
        self._patience = patience
        self._done: queue.SimpleQueue[_Offered] = queue.SimpleQueue()
        self._flying = 0

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set; a database that is away is waited for."""
        with ThreadPoolExecutor(self._most, f"send-{self._channel.name}") as pool:
            while not stop.is_set():
                try:
                    if not self._step(pool):
                        self._bell.wait(_LOOK_SECONDS)
                        self._bell.clear()
                except StoreAway:
                    stop.wait(_AWAY_SECONDS)
                except Exception:
                    log.exception("a sender stumbled", extra={"channel": self._channel.name})
                    stop.wait(_AWAY_SECONDS)
            self._finish()

    def drain(self) -> int:
        """Send all that may be sent now and return how many were offered."""
        offered = 0
        with ThreadPoolExecutor(self._most) as pool:
            while (started := self._start(pool)) or self._flying:
                offered += started
                self._settle(self._gather(_LOOK_SECONDS))
        return offered

    def _step(self, pool: ThreadPoolExecutor) -> bool:
        self._start(pool)
        if not self._flying:
            return False
        self._settle(self._gather(_LOOK_SECONDS / 10))
        return True

    def _start(self, pool: ThreadPoolExecutor) -> int:
        room = 2 * self._most - self._flying
        if room < self._most:
            return 0
        # Before the claim, for the lease begins within it; half of it is left for the call.
        last_moment = time.monotonic() + self._patience.lease / 2
        with self._store.writing() as session:
            claimed = outbox.claim(
                session,
                self._channel.name,
                room,
                rate=self._channel.per_second,
                burst=self._channel.burst,
                patience=self._patience,
            )
        for each in claimed:
            self._flying += 1
            pool.submit(self._offer, each, last_moment)
        return len(claimed)

    def _offer(self, claimed: Claimed, last_moment: float) -> None:
        if time.monotonic() > last_moment:
            # This process was held up, and others may soon take it for dead: what it has not sent yet is theirs.
            self._done.put(_Offered(claimed, failure=RetryLater("held up", 0.0)))
            return
        try:
            self._done.put(_Offered(claimed, self._channel.send(claimed.outbound)))
        except SendError as failure:
            self._done.put(_Offered(claimed, failure=failure))
        except Exception as failure:  # noqa: BLE001 - whatever a library raises, the row must be settled
            log.error("a channel failed in its own way", extra={"failure": type(failure).__name__})
            self._done.put(_Offered(claimed, failure=Uncertain(type(failure).__name__)))

    def _gather(self, seconds: float) -> list[_Offered]:
        try:
            gathered = [self._done.get(timeout=seconds)]
        except queue.Empty:
            return []
        while not self._done.empty():
            gathered.append(self._done.get())
        self._flying -= len(gathered)
        return gathered

    def _settle(self, gathered: list[_Offered]) -> None:
        if not gathered:
            return
        try:
            with self._store.writing() as session:
                # In one order everywhere, so that two transactions never wait for each other.
                for each in sorted(gathered, key=lambda offered: offered.claimed.outbound.id):
                    _write_down(session, each, self._patience)
        except StoreAway:
            # Kept for when it is back. If we die before, the leases end and the receipts or a look-up settle the rows.
            log.warning("what became of some messages can't be written down yet", extra={"count": len(gathered)})
            self._flying += len(gathered)
            for each in gathered:
                self._done.put(each)
            raise

    def _finish(self) -> None:
        while self._flying:
            gathered = self._gather(12.0)
            if not gathered:
                return
            try:
                self._settle(gathered)
            except StoreAway:
                return


def _write_down(session: Session, offered: _Offered, patience: Patience) -> None:
    claimed, failure = offered.claimed, offered.failure
    if failure is None:
        outbox.taken(session, claimed, offered.provider_id)
    elif isinstance(failure, OptedOut):
        outbox.ended(session, claimed, OutboxStatus.REFUSED, failure.code)
        _opt_out(session, claimed)
    elif isinstance(failure, Refused):
        outbox.ended(session, claimed, OutboxStatus.FAILED, failure.code)
    elif isinstance(failure, RetryLater):
        outbox.again(session, claimed, failure.code, failure.seconds)
    else:
        outbox.uncertain(session, claimed, failure.code, patience)


def _opt_out(session: Session, claimed: Claimed) -> None:
    table = outbox_table
    address_id = session.run(table.select().where(table.c.id == claimed.outbound.id)).one().address_id
    opt_out(session, address_id, datetime.now(UTC), "provider")
