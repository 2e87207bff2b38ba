"""A file of contacts from its bytes to the tables, by the command: checked as a whole, written as a whole."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from bot.people import landing
from bot.people.landing import Plan
from bot.people.reading import read_entries
from bot.people.spreadsheet import read_rows
from bot.places.gazetteer import Gazetteer
from bot.store import Session, Store
from bot.store.audit import Action, note


def check(session: Session, gazetteer: Gazetteer, content: bytes) -> Plan:
    """What a file would change, and each bad row. Raises BadFile."""
    return landing.plan(session, read_entries(read_rows(content), gazetteer))


def write(
    store: Store,
    now: datetime,
    actor: str,
    made: Plan,
    channel: str,
    *,
    prepared: Callable[[int], None] = lambda _: None,
) -> None:
    """Write a plan without a bad row, in one transaction.

    `prepared` hears now and then how many people are ready to be written; the writing itself is the quick part.
    Raises Stale or Duplicate if somebody changed the same people meanwhile.
    """
    rows = landing.prepare(store.keys, now, made, channel, prepared)
    with store.writing() as session:
        landing.write(session, made, rows)
        note(session, now, actor, Action.CONTACTS_IMPORTED, "file", asdict(made.counts))
