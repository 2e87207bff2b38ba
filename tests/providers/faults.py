"""What can go wrong between us and a provider, as a script or by chance."""

import random
import threading
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Where a call breaks. Only the kinds `…_AFTER_ACCEPT` leave the message in the ledger."""

    DROP_BEFORE_BODY = "the connection is reset before the body is read"
    DROP_AFTER_BODY = "the connection is reset after the body, nothing is taken"
    DROP_AFTER_ACCEPT = "the message is taken and the connection reset"
    HALF_ANSWER_AFTER_ACCEPT = "the message is taken and the answer breaks off in the middle"
    NONSENSE_AFTER_ACCEPT = "the message is taken and the answer is no JSON"
    SILENCE = "nothing is taken and nothing answered"
    SILENCE_AFTER_ACCEPT = "the message is taken and nothing answered"
    TOO_MANY = "429, with `retry_after` seconds or, if None, without"
    SERVER_ERROR = "500, nothing is taken"
    SERVER_ERROR_AFTER_ACCEPT = "500, although the message is taken"
    REFUSED = "`status` and the provider's `code`, nothing is taken"

    @property
    def accepts(self) -> bool:
        """Whether the message is in the ledger all the same."""
        return self.name.endswith("_AFTER_ACCEPT")


@dataclass(frozen=True)
class Planned:
    """One fault and its figures."""

    fault: Fault
    retry_after: int | None = None
    status: int = 400
    code: int = 0


class Faults:
    """The faults to come: scripted ones first, in order; then, by chance, one of the others."""

    def __init__(self, seed: int = 0) -> None:
        self.met: Counter[Fault] = Counter()
        self._script: deque[Planned] = deque()
        self._chance = 0.0
        self._kinds: tuple[Fault, ...] = ()
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def add(
        self, fault: Fault, *, times: int = 1, retry_after: int | None = None, status: int = 400, code: int = 0
    ) -> None:
        """The next `times` sends meet this fault."""
        with self._lock:
            self._script.extend([Planned(fault, retry_after, status, code)] * times)

    def chance(self, share: float, kinds: Iterable[Fault]) -> None:
        """This share (0 to 1) of all sends meets one of these kinds."""
        with self._lock:
            self._chance, self._kinds = share, tuple(kinds)

    def next(self) -> Planned | None:
        """What the send that arrives now meets."""
        with self._lock:
            planned = None
            if self._script:
                planned = self._script.popleft()
            elif self._kinds and self._random.random() < self._chance:
                planned = Planned(self._random.choice(self._kinds), retry_after=1)
            if planned:
                self.met[planned.fault] += 1
            return planned
