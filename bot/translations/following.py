"""Every process says what the desk has approved, without a restart and without a question to the store in a turn."""

import logging
import threading

from bot.errors import KunnafoniError
from bot.languages.catalogue import Catalogues
from bot.store import Store
from bot.translations.wordings import overlay, version

log = logging.getLogger(__name__)

#: An approval is said by every process after this at the latest.
SECONDS = 5.0


class Follower:
    """Keeps one process's catalogues as the desk has them."""

    def __init__(self, store: Store, catalogues: Catalogues) -> None:
        self._store = store
        self._catalogues = catalogues
        self._version: tuple[int, ...] = ()

    def look(self) -> bool:
        """Lay the desk's wordings over the catalogues if they have changed since; whether they had."""
        with self._store.reading() as session:
            found = version(session)
            if found == self._version:
                return False
            wordings = overlay(session, drafts=self._catalogues.drafts)
        self._catalogues.lay_over(wordings)
        self._version = found
        return True

    def run(self, stop: threading.Event) -> None:
        """Look every few seconds until `stop`; while the store is away, what was said last is said on."""
        while not stop.wait(SECONDS):
            try:
                self.look()
            except KunnafoniError as problem:
                log.warning("the wordings stay as they are", extra={"why": type(problem).__name__})
