"""The house that the tests of this room live in."""

import pytest

from bot.store import Store
from tests.bot.staff.people import House


@pytest.fixture
def house(store: Store) -> House:
    """Two administrators, one auditor and one who reads reports."""
    made = House(store)
    made.has("awa", "administrator")
    made.has("boubou", "administrator")
    made.has("coumba", "auditor")
    made.has("demba", "triage")
    return made
