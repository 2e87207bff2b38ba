"""Guessing: tries are counted before they are looked at, and each failure past the fifth waits longer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.store import Session
from bot.store.sealing import Keys
from bot.store.tables import sign_in_failure

#: So many failures are free; each further one doubles the wait, from one second to sixty.
_FREE_FAILURES, _LONGEST_WAIT = 5, 60
_FORGIVEN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Guess:
    """Whose guesses are counted together; opaque, so that a dump tells no address and no wrong username."""

    key: bytes = field(repr=False)


def guess(keys: Keys, what: str, value: str) -> Guess:
    """The count for an account, a known browser or a network address."""
    return Guess(keys.blind("sign-in", f"{what}|{value}"))


def admit(session: Session, now: datetime, guesses: Iterable[Guess]) -> float:
    """Seconds to wait before another try; 0.0 counts this one as failed until `forgive` takes it back.

    The count is made before the password is looked at, so that many tries at once don't pass as one. A try that is
    told to wait counts nothing: nobody can lengthen another's wait by knocking.
    """
    session.run(delete(sign_in_failure).where(sign_in_failure.c.last_at < now - _FORGIVEN))
    found = {each.key: _failures(session, each) for each in sorted(guesses, key=lambda each: each.key)}
    wait = max((_wait(row, now) for row in found.values() if row is not None), default=0.0)
    if wait > 0:
        return wait
    for key, row in found.items():
        if row is None:
            session.run(insert(sign_in_failure).values(key=key, count=1, last_at=now))
        else:
            counted = update(sign_in_failure).where(sign_in_failure.c.key == key)
            session.run(counted.values(count=row.count + 1, last_at=now))
    return 0.0


def forgive(session: Session, guesses: Iterable[Guess]) -> None:
    """The try was right: these counts start again."""
    session.run(delete(sign_in_failure).where(sign_in_failure.c.key.in_([each.key for each in guesses])))


def take_back(session: Session, one: Guess) -> None:
    """The try was right: it does not count, but those before it do."""
    session.run(
        update(sign_in_failure)
        .where(sign_in_failure.c.key == one.key, sign_in_failure.c.count > 0)
        .values(count=sign_in_failure.c.count - 1)
    )


def _failures(session: Session, one: Guess) -> Any:
    return session.run(select(sign_in_failure).where(sign_in_failure.c.key == one.key).with_for_update()).first()


def _wait(row: Any, now: datetime) -> float:
    if row.count < _FREE_FAILURES:
        return 0.0
    whole: int = min(_LONGEST_WAIT, 2 ** min(row.count - _FREE_FAILURES, 6))
    past: float = (now - row.last_at).total_seconds()
    return max(0.0, whole - past)
