"""What a desk changes while people talk: every process follows, without a restart and without a question in a turn."""

import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from bot.errors import KunnafoniError
from bot.store.session import Session, Store

log = logging.getLogger(__name__)

#: What a desk changes is known to every process after this at the latest.
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing to follow: a mark that differs as soon as it does, and what takes it over."""

    mark: Callable[[Session], Hashable]
    take: Callable[[Session], None]


class Follower:
    """Keeps what one process knows as the desk has it."""

    def __init__(self, store: Store, *followed: Followed) -> None:
        self._store = store
        self._marks: dict[Followed, Hashable] = dict.fromkeys(followed)

    def look(self) -> bool:
        """Take over whatever has changed since; whether anything had. Raises StoreAway, and then nothing is changed."""
        changed = False
        with self._store.reading() as session:
            for followed, known in self._marks.items():
                mark = followed.mark(session)
                if mark != known:
                    followed.take(session)
                    self._marks[followed] = mark
                    changed = True
        return changed

    def run(self, stop: threading.Event) -> None:
        """Look every few seconds until `stop`; while the store is away, what was known last is used on."""
        while not stop.wait(SECONDS):
            try:
                self.look()
            except KunnafoniError as problem:
                log.warning("what the desk says is not looked at", extra={"why": type(problem).__name__})
