"""The road from a phone to the database, for tests: real parts, a real store, no network."""

from collections.abc import Callable
from typing import Any

import pytest

from bot import main
from bot.channels.simulator import Simulator
from bot.channels.telegram import Telegram
from bot.config import Settings
from bot.languages.catalogue import Catalogues
from bot.places.gazetteer import Gazetteer
from bot.store import Store
from flows import FLOWS
from tests.chat import Phone, Road


@pytest.fixture(scope="session")
def catalogues() -> Catalogues:
    """The shipped catalogues, drafts included."""
    return Catalogues.load(main.LOCALES, "bot", drafts=True)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The shipped gazetteer."""
    return Gazetteer.load()


@pytest.fixture
def make_road(store: Store, catalogues: Catalogues, gazetteer: Gazetteer) -> Callable[..., Road]:
    """Builds a road over this test's store; other flows, verbs, wire or doorbell by name."""

    def make(**changes: Any) -> Road:
        speech = {"catalogues": catalogues, "gazetteer": gazetteer}
        return Road.build(store, **{"wire": Simulator(), "flows": FLOWS, "verbs": main.VERBS, **speech, **changes})

    return make


@pytest.fixture
def road(make_road: Callable[..., Road]) -> Road:
    """The road as it is, over the simulated wire."""
    return make_road()


@pytest.fixture
def phone(road: Road) -> Phone:
    """A stranger's phone."""
    return road.phone()


@pytest.fixture
def telegram(settings: Callable[..., Settings]) -> Telegram:
    """A wire with buttons and without missed calls; it never connects."""
    return Telegram(settings(telegram_bot_token="1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", telegram_secret="s" * 32))
