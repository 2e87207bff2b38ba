"""The outbox on both databases."""

import pytest

from bot.store import Store
from tests.post import Person, Post


@pytest.fixture
def post(store: Store) -> Post:
    """An empty outbox and a provider that takes everything."""
    return Post(store)


@pytest.fixture
def person(post: Post) -> Person:
    """Somebody to write to."""
    return post.person()
