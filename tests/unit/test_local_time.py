"""What time it is where a person is."""

from datetime import UTC, datetime

import pytest

from contacts_tui.domain import local_time

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour", "words"),
    [
        ("Africa/Lagos", 12, "13:00 there"),
        ("Africa/Lagos", 20, "21:00 there"),
        ("Africa/Lagos", 21, "22:00 there, night"),
        ("Asia/Tokyo", 21, "06:00 there, night"),
        ("Asia/Tokyo", 22, "07:00 there"),
        ("America/New_York", 12, "07:00 there"),
        ("", 12, ""),
        ("Mars/Base", 12, ""),
        ("../../etc/passwd", 12, ""),
    ],
)
def test_the_time_there_and_a_word_at_night(zone: str, hour: int, words: str) -> None:
    assert local_time.words(zone, NOON.replace(hour=hour)) == words
