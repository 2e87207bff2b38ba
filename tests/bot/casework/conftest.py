"""Two people at the desk: one who sees the closed queue, and one who does not."""

import pytest

from tests.bot.casework.clerk import Clerk
from tests.chat import TRUSTED, USUAL, Road


@pytest.fixture
def usual(road: Road) -> Clerk:
    """Somebody who may not see the closed queue."""
    return Clerk(road, USUAL)


@pytest.fixture
def trusted(road: Road) -> Clerk:
    """Somebody who may."""
    return Clerk(road, TRUSTED)
