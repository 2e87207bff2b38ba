"""Somebody at the desk, for tests: what they ask and do, each in a transaction of its own.

clerk = Clerk(road, USUAL)
clerk.asks(desk.look, line.id)
clerk.does(desk.set_aside, line.id, "test")
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.casework import desk, reports
from bot.casework.desk import Line
from bot.casework.reports import Filing, Source
from bot.casework.seats import Seat
from bot.conversation.kinds import Kind
from bot.conversation.lexicon import Lexicon
from bot.store.audit import Action
from bot.store.tables import ReportStatus, address, audit, talk
from bot.store.types import new_id
from tests.chat import Road

_LEXICON = Lexicon.load()

ATTACK = "attaque a konna des gens armes"
WELL = "le puits est sec"
#: Words that the lexicon takes to the closed queue.
TAKEN = "mon frere a ete enleve"


@dataclass(frozen=True)
class Clerk:
    """One seat, and the road that its reports come by."""

    road: Road
    seat: Seat

    def asks(self, question: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What the desk's question answers to this seat."""
        with self.road.store.reading() as session:
            return question(session, self.seat, *arguments, **named)

    def does(self, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Do this act of the desk, now."""
        with self.road.store.writing() as session:
            return act(session, self.road.now, self.seat, *arguments, **named)

    def sees(self) -> set[Line]:
        """The reports on the first page of every state."""
        return {line for status in ReportStatus for line in self.asks(desk.inbox, status=status).lines}


def file_reports(road: Road, kinds: Iterable[Kind], *, seconds: float = 1) -> None:
    """File a report of each kind by a phone that has spoken before, so many seconds after the one before it."""
    (row,) = road.rows(talk.c.id, talk.c.data_key, talk.c.address_id)
    (sender,) = road.rows(address.c.hash)
    with road.store.writing() as session:
        key = session.keys.unwrap(row.data_key, row.id)
        source = Source(row.id, key, row.address_id, sender.hash, "simulator", "fr", exercise=False)
        for number, kind in enumerate(kinds):
            road.later(seconds=seconds)
            # Codes that no phone would be given: nothing here may meet another's by chance.
            filing = Filing(new_id(), str(kind), _LEXICON.suggest(""), f"{road.now.timestamp():.0f}{number}", kind=kind)
            reports.file(session, road.now, source, filing)


def times(road: Road, action: Action) -> int:
    """How often the audit says that this was done."""
    return len(road.rows(audit.c.id, action=action.value))
