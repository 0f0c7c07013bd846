"""Spans of time in words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.durations import ago_short, ago_words, remaining_short, remaining_words


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (timedelta(hours=23, minutes=58, seconds=59), "23 h 58 m left"),
        (timedelta(hours=3, minutes=12), "3 h 12 m left"),
        (timedelta(hours=3), "3 h left"),
        (timedelta(minutes=41, seconds=30), "41 m left"),
        (timedelta(seconds=59), "under 1 m left"),
        (timedelta(0), "0 m left"),
        (timedelta(seconds=-5), "0 m left"),
        (timedelta(days=6, hours=3), "6 d 3 h left"),
    ],
)
def test_time_left(delta: timedelta, words: str) -> None:
    assert remaining_words(delta) == words
    assert words == f"{remaining_short(delta)} left"


@pytest.mark.parametrize(
    ("delta", "short", "words"),
    [
        (timedelta(seconds=-30), "now", "just now"),
        (timedelta(seconds=59), "now", "just now"),
        (timedelta(minutes=1), "1 m", "1 m ago"),
        (timedelta(minutes=14, seconds=50), "14 m", "14 m ago"),
        (timedelta(hours=3, minutes=59), "3 h", "3 h ago"),
        (timedelta(days=2), "2 d", "2 d ago"),
        (timedelta(weeks=5), "5 w", "5 w ago"),
        (timedelta(days=364), "52 w", "52 w ago"),
        (timedelta(days=800), "2 y", "2 y ago"),
    ],
)
def test_time_gone_by(delta: timedelta, short: str, words: str) -> None:
    assert ago_short(delta) == short
    assert ago_words(delta) == words


@given(st.timedeltas())
def test_no_span_is_too_strange_and_columns_stay_narrow(delta: timedelta) -> None:
    assert ago_short(delta)
    assert remaining_short(delta)
    if delta < timedelta(days=365 * 99):
        assert len(ago_short(delta)) <= 4
