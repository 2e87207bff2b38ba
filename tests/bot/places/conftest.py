"""One gazetteer for all tests of the places: it never changes."""

import pytest

from bot.places.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()
