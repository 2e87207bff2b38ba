"""The house as it is, and the ways in which it could have been built wrongly: the negative controls."""

import queue
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import update

from bot import clock
from bot.channels import Channel
from bot.clock import Duty
from bot.intake import Intake
from bot.main import Parts
from bot.messages import Inbound, Outbound
from bot.store import Session
from bot.store.spool import Spool
from bot.store.tables import outbox
from bot.store.types import moment


class Build:
    """The house as it is."""

    def parts(self, parts: Parts) -> Parts:
        """The parts of a process."""
        return parts

    def duties(self, parts: Parts) -> Sequence[Duty]:
        """What the clock does."""
        return clock.duties(parts.store, parts.channels, parts.intake, parts.spool, parts.patience)


class SendsAgain(Build):
    """Broken: what a dead worker was sending is sent again, without asking the provider."""

    def duties(self, parts: Parts) -> Sequence[Duty]:
        """The duties with another end of leases."""

        def act() -> None:
            with parts.store.writing() as session:
                _queue_again(session)

        kept = [duty for duty in super().duties(parts) if not duty.name.startswith(("end leases", "settle unknown"))]
        return [*kept, Duty("end leases", 0.5, act)]


def _queue_again(session: Session) -> None:
    over = outbox.c.lease_until < moment()
    session.run(
        update(outbox)
        .where(outbox.c.status.in_(("sending", "unknown")), over)
        .values(status="queued", lease_until=None)
    )


class GivesUp(Build):
    """Broken: what a dead worker was sending is taken for sent."""

    def duties(self, parts: Parts) -> Sequence[Duty]:
        """The duties with another end of leases."""

        def act() -> None:
            with parts.store.writing() as session:
                statement = update(outbox).where(outbox.c.status.in_(("sending", "unknown")))
                session.run(statement.where(outbox.c.lease_until < moment()).values(status="sent", lease_until=None))

        kept = [duty for duty in super().duties(parts) if not duty.name.startswith(("end leases", "settle unknown"))]
        return [*kept, Duty("end leases", 1.0, act)]


class AnswersFirst(Build):
    """Broken: the webhook is answered before its transaction, which a thread then does."""

    def parts(self, parts: Parts) -> Parts:
        """The parts with a hasty intake."""
        return replace(parts, intake=_Hasty(parts.intake))


class _Hasty:
    def __init__(self, careful: Intake) -> None:
        self._careful = careful
        self._waiting: queue.SimpleQueue[tuple[Inbound, Channel, datetime]] = queue.SimpleQueue()
        threading.Thread(target=self._work_off, daemon=True).start()

    def receive(self, inbound: Inbound, wire: Channel, now: datetime, *, inline: bool = True) -> Outbound | None:
        if not inline:
            return self._careful.receive(inbound, wire, now, inline=False)
        self._waiting.put((inbound, wire, now))
        return None

    def _work_off(self) -> None:
        while True:
            inbound, wire, now = self._waiting.get()
            self._careful.receive(inbound, wire, now, inline=False)


class SpoolsInMemory(Build):
    """Broken: what comes while the database is away is only remembered, and kept when there is time."""

    def parts(self, parts: Parts) -> Parts:
        """The parts with a careless spool."""
        return replace(parts, spool=_Careless(parts.settings.spool, parts.keys))


class _Careless(Spool):
    #: Seconds until what was taken is on the disk.
    LATER = 5.0

    def keep(self, inbound: Inbound, received: float) -> None:
        later = threading.Timer(self.LATER, super().keep, (inbound, received))
        later.daemon = True
        later.start()


class TakesTurns(Build):
    """Broken: what comes while a sender's earlier messages still wait in the spool goes past them."""

    def parts(self, parts: Parts) -> Parts:
        """The parts with a forgetful spool."""
        return replace(parts, spool=_Forgetful(parts.settings.spool, parts.keys))


class _Forgetful(Spool):
    def holds(self, address: str) -> bool:
        return False


BUILDS: dict[str, type[Build]] = {
    each.__name__: each for each in (Build, SendsAgain, GivesUp, AnswersFirst, SpoolsInMemory, TakesTurns)
}
