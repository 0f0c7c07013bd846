"""What people see as one character stays one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.graphemes import graphemes


@pytest.mark.parametrize(
    "seen",
    [
        ["p", "l", "a", "i", "n"],
        ["a", "👨\u200d👩\u200d👧\u200d👦", "b"],
        ["🇩🇪", "🇫🇷"],
        ["e\u0301", "👍🏽", "क्षि", "\u1100\u1161\u11a8"],
        ["a", "\r\n", "b"],
        [],
    ],
)
def test_clusters(seen: list[str]) -> None:
    assert list(graphemes("".join(seen))) == seen


@given(st.text(st.characters(), max_size=60))
def test_nothing_is_lost(text: str) -> None:
    assert "".join(graphemes(text)) == text
