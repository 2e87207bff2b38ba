"""A house with people in it, on both databases, and short words for what they do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from bot import staff
from bot.staff import Member, second_person
from bot.store import Session, Store
from bot.store.audit import Entry, newest
from bot.store.tables import SignInStage

Found = TypeVar("Found")


@dataclass
class House:
    """The store, the time, and everybody who works here by the name they sign in with."""

    store: Store
    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    ids: dict[str, UUID] = field(default_factory=dict)

    def has(self, username: str, *roles: str) -> UUID:
        """Somebody works here."""
        made = self.does(
            lambda session: staff.make(session, self.now, "command", username, username.title(), "none", roles)
        )
        self.ids[username] = made
        return made

    def does(self, act: Callable[[Session], Found]) -> Found:
        """One transaction."""
        with self.store.writing() as session:
            return act(session)

    def member(self, username: str) -> Member:
        """How they stand now."""
        with self.store.reading() as session:
            return next(each for each in staff.everybody(session) if each.username == username)

    def comes_in(self, username: str) -> str:
        """A session of theirs."""
        return self.does(
            lambda session: staff.open_session(session, self.now, self.ids[username], SignInStage.FULL, proved=True)
        )

    def is_in(self, identity: str) -> bool:
        """Whether this session still lives."""
        with self.store.reading() as session:
            return staff.signed_in(session, self.now, identity) is not None

    def waiting(self) -> list[second_person.Request]:
        """What waits for a second person."""
        with self.store.reading() as session:
            return second_person.waiting(session, self.now)

    def later(self, **span: float) -> None:
        """Time passes."""
        self.now += timedelta(**span)

    def entries(self) -> list[Entry]:
        """The audit but for the making of the people, newest first."""
        with self.store.reading() as session:
            return [entry for entry in newest(session, 100) if entry.action != "staff.made"]
