"""The importer: takes lists of people from the table, one after the other, and lands them.

A worker that dies leaves a lease behind, and another begins the list anew. What it had done is lost, never doubled: the
rows are written in the transaction that ends the import.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from bot.errors import Stale, StoreAway
from bot.people import imports, landing
from bot.people.imports import Claimed, Lost
from bot.people.landing import Plan
from bot.people.reading import BadRow, Entry, read_entries
from bot.people.spreadsheet import BadFile, read_rows
from bot.places.gazetteer import Gazetteer
from bot.store import Duplicate, Session, Store
from bot.store.tables import ImportStatus

log = logging.getLogger(__name__)

#: The name of its doorbell.
BELL = "imports"
#: Much longer than the longest that it goes without saying how far it is.
_LEASE_SECONDS = 120.0
#: It says so after so many rows.
_AT_ONCE = 1_000
_LOOK_SECONDS, _AWAY_SECONDS = 1.0, 2.0


class _Leaving(Exception):
    """This process is to end: another one does the rest."""


def _now() -> datetime:
    return datetime.now(UTC)


class Importer:
    """Lands what waits. `channel` carries what we say to a number that never wrote."""

    def __init__(
        self,
        store: Store,
        gazetteer: Gazetteer,
        channel: str,
        bell: threading.Event,
        *,
        clock: Callable[[], datetime] = _now,
        lease: float = _LEASE_SECONDS,
    ) -> None:
        self._store = store
        self._gazetteer = gazetteer
        self._channel = channel
        self._bell = bell
        self._clock = clock
        self._lease = lease
        self._stop = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; a database that is away is waited for."""
        self._stop = stop
        while not stop.is_set():
            try:
                if not self.step():
                    self._bell.wait(_LOOK_SECONDS)
                    self._bell.clear()
            except StoreAway:
                stop.wait(_AWAY_SECONDS)
            except Exception:
                log.exception("the importer stumbled")
                stop.wait(_AWAY_SECONDS)

    def step(self) -> bool:
        """Take up the list that has waited longest; whether there was one."""
        with self._store.reading() as session:
            if not imports.waits(session):
                return False
        with self._store.writing() as session:
            claimed = imports.claim(session, self._clock(), self._lease)
        if claimed is None:
            return False
        try:
            self._work(claimed)
        except Lost:
            log.info("an import was stopped, or is another worker's")
        except _Leaving:
            self._give_back(claimed, counted=False)
        except StoreAway:
            raise
        except (Stale, Duplicate):
            log.info("an import begins anew: the same people were changed meanwhile")
            self._give_back(claimed)
        except Exception as failure:  # noqa: BLE001 - whatever a library raises, what it says may hold words of the file
            log.error("an import failed", extra={"failure": type(failure).__name__})
            self._give_back(claimed)
        return True

    def _work(self, claimed: Claimed) -> None:
        with self._store.reading() as session:
            content = imports.content(session, claimed)
        try:
            entries = list(self._counted(claimed, read_entries(read_rows(content), self._gazetteer)))
        except BadFile as bad:
            self._end(imports.refuse, claimed, [BadRow(0, bad.problem)])
            return
        self._tell(claimed, status=ImportStatus.CHECKING, rows_read=len(entries))
        with self._store.reading() as session:
            made = landing.plan(session, entries, lambda done: self._tell(claimed, rows_checked=done))
        self._tell(claimed, rows_checked=len(entries), people=len(made.people))
        if made.bad:
            self._end(imports.refuse, claimed, made.bad)
        elif claimed.only_check:
            self._end(imports.finish, claimed, made.counts)
        else:
            self._land(claimed, made)

    def _counted(self, claimed: Claimed, read: Iterable[Entry | BadRow]) -> Iterator[Entry | BadRow]:
        for number, each in enumerate(read, start=1):
            if number % _AT_ONCE == 0:
                self._tell(claimed, rows_read=number)
            yield each

    def _land(self, claimed: Claimed, made: Plan) -> None:
        self._tell(claimed, status=ImportStatus.SEALING)
        rows = landing.prepare(
            self._store.keys, self._clock(), made, self._channel, lambda done: self._tell(claimed, people_ready=done)
        )
        self._tell(claimed, status=ImportStatus.LANDING, people_ready=len(made.people))
        with self._store.writing() as session:
            landing.write(session, made, rows)
            # Last, so that it can be stopped until then.
            imports.finish(session, self._clock(), claimed, made.counts)

    def _tell(self, claimed: Claimed, **how_far: Any) -> None:
        if self._stop.is_set():
            raise _Leaving
        with self._store.writing() as session:
            imports.advance(session, claimed, self._lease, **how_far)

    def _end(self, end: Callable[[Session, datetime, Claimed, Any], None], claimed: Claimed, came: Any) -> None:
        with self._store.writing() as session:
            end(session, self._clock(), claimed, came)

    def _give_back(self, claimed: Claimed, *, counted: bool = True) -> None:
        with self._store.writing() as session:
            imports.give_back(session, claimed, counted=counted)
