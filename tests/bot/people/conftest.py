"""Somebody in the secretariat, for tests: what they do and see, each in a transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot import staff
from tests.chat import USUAL, Road


@dataclass(frozen=True)
class Secretary:
    """A member of staff at the road's desk."""

    road: Road
    actor: str = USUAL.actor

    def does(self, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Do this act, now, in their name."""
        with self.road.store.writing() as session:
            return act(session, self.road.now, self.actor, *arguments, **named)

    def asks(self, question: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What is known."""
        with self.road.store.reading() as session:
            return question(session, *arguments, **named)


@pytest.fixture
def secretary(road: Road) -> Secretary:
    """A secretary."""
    with road.store.writing() as session:
        staff_id = staff.make(session, road.now, "command", "awa", "Awa", "nothing fits this", ["secretary"])
    return Secretary(road, f"staff:{staff_id}")
