"""Fixtures of the store tests: a store on a real file, with a clock that the test moves."""

from collections.abc import Iterator

import pytest

from contacts_tui.store.store import Store
from tests.new_store import open_store
from tests.services.world import MovableClock


@pytest.fixture
def clock() -> MovableClock:
    """Return a clock that stands still until a test moves it."""
    return MovableClock()


@pytest.fixture
def store(location: str, clock: MovableClock) -> Iterator[Store]:
    """Yield a new store."""
    opened = open_store(location, clock)
    yield opened
    opened.close()
