"""Fixtures of the service tests."""

from collections.abc import Iterator

import pytest

from tests.services.world import World


@pytest.fixture
def world(location: str) -> Iterator[World]:
    """Yield a world with a store, two inboxes and a clock."""
    made = World(location)
    yield made
    made.store.close()
