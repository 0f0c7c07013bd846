"""One job for each file: no module grows so long that it has two."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MOST = 400
"""Lines of a module at most. A longer module is split by its subjects."""


@pytest.mark.parametrize("folder", ["contacts_tui", "contacts_sandbox", "tests", "benchmarks", ".ci"])
def test_no_module_is_longer_than_four_hundred_lines(folder: str) -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST} == {}
