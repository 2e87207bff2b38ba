"""The panel for tests: real rooms, a real store on both databases, no network."""

from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher

from bot import main
from bot.channels.simulator import Simulator
from bot.config import Settings
from bot.languages.catalogue import Catalogues
from bot.places.gazetteer import Gazetteer
from bot.staff import passwords
from bot.store import Store
from bot.store.spool import Spool
from flows import FLOWS
from tests.chat import Phone, Road
from tests.desk import Desk


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hash with less work; what it costs for real has a test of its own."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The shipped gazetteer."""
    return Gazetteer.load()


@pytest.fixture(scope="session")
def bot_catalogues() -> Catalogues:
    """What the bot says."""
    return Catalogues.load(main.LOCALES, "bot", drafts=True)


@pytest.fixture(scope="session")
def catalogues() -> Catalogues:
    """What the panel says."""
    return Catalogues.load(main.LOCALES, "admin", drafts=False)


@pytest.fixture
def road(store: Store, bot_catalogues: Catalogues, gazetteer: Gazetteer) -> Road:
    """The road from the phones, over the simulated wire."""
    return Road.build(store, Simulator(), FLOWS, main.VERBS, bot_catalogues, gazetteer)


@pytest.fixture
def make_desk(
    road: Road, settings: Callable[..., Settings], catalogues: Catalogues, gazetteer: Gazetteer
) -> Callable[..., Desk]:
    """Builds a desk; arguments are settings that differ from a live one's."""

    def make(**changes: Any) -> Desk:
        chosen = settings(**{"demo": False, **changes})
        return Desk.build(road, chosen, catalogues, gazetteer, Spool(chosen.spool, road.store.keys))

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A live desk."""
    return make_desk()


@pytest.fixture
def demo_desk(make_desk: Callable[..., Desk]) -> Desk:
    """A demonstration's desk."""
    return make_desk(demo=True)


@pytest.fixture
def phone(road: Road) -> Phone:
    """A stranger's phone."""
    return road.phone("76123456")
