"""Fixtures of the interface's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.world import World
from tests.ui.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Sixty people."""
    made = Town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[World]:
    """A store without people."""
    made = World(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def world(nobody: World) -> World:
    """A store without people, where a test adds its own."""
    return nobody
