"""The shop in whose store the programs work."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Yield a store with people who have just written."""
    made = Shop(tmp_path)
    yield made
    made.store.close()
