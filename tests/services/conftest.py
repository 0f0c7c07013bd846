"""Fixtures of the service tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A store, two inboxes and a clock."""
    made = World(tmp_path)
    yield made
    made.store.close()
