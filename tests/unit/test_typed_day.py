"""Days as agents type them: always the last one that is meant."""

from datetime import date

import pytest

from contacts_tui.domain.typed_day import past_day

TODAY = date(2026, 11, 17)  # A Tuesday.


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("Yesterday", date(2026, 11, 16)),
        ("monday", date(2026, 11, 16)),
        ("tue", date(2026, 11, 10)),
        ("last friday", date(2026, 11, 13)),
        ("2026-3-30", date(2026, 3, 30)),
        ("30 march", date(2026, 3, 30)),
        ("30. Mar", date(2026, 3, 30)),
        ("march 30", date(2026, 3, 30)),
        ("march 30, 2024", date(2024, 3, 30)),
        ("24 dec", date(2025, 12, 24)),
        ("17 november", TODAY),
        ("29 february", date(2024, 2, 29)),
    ],
)
def test_a_day_is_the_last_one_of_its_name(text: str, day: date) -> None:
    assert past_day(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "mo", "31 june", "2026-02-30", "blue pot", "30", "12 monkeys", "march"])
def test_what_names_no_day_is_none(text: str) -> None:
    assert past_day(text, TODAY) is None
