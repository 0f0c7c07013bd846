"""When a snoozed person comes back, as it is typed: time zones and their clock changes count."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain import snooze
from contacts_tui.domain.snooze import Wake

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 27, 13, 30, tzinfo=UTC)
"""A Friday, 14:30 in Berlin; clocks go forward on Sunday."""


@pytest.mark.parametrize(
    ("typed", "local"),
    [
        ("2 hours", "2026-03-27 16:30"),
        ("an hour", "2026-03-27 15:30"),
        ("in 30 min", "2026-03-27 15:00"),
        ("2d", "2026-03-29 15:30"),
        ("17:00", "2026-03-27 17:00"),
        ("9", "2026-03-28 09:00"),
        ("9pm", "2026-03-27 21:00"),
        ("12 am", "2026-03-28 00:00"),
        ("Tomorrow", "2026-03-28 09:00"),
        ("tomorrow  9:00", "2026-03-28 09:00"),
        ("monday 9:00", "2026-03-30 09:00"),
        ("next friday 14:00", "2026-04-03 14:00"),
        ("fri", "2026-04-03 09:00"),
        ("next week", "2026-03-30 09:00"),
        ("2026-03-29 2:30", "2026-03-29 03:30"),
        ("2026-10-25 2:30", "2026-10-25 02:30"),
    ],
)
def test_what_is_typed_is_a_moment_of_the_agents_zone(typed: str, local: str) -> None:
    found = snooze.read(typed, NOW, BERLIN)
    assert found.wake is Wake.AT
    assert found.until is not None
    assert f"{found.until.astimezone(BERLIN):%Y-%m-%d %H:%M}" == local
    assert found.until.astimezone(BERLIN).fold == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "nothing was typed"),
        ("yesterday", "isn't a time"),
        ("13pm", "isn't a time"),
        ("25:00", "isn't a time"),
        ("tomorrow 9:75", "isn't a time"),
        ("2026-02-31", "a day of the calendar"),
        ("2020-01-01 9:00", "is over"),
        ("today 9:00", "is over"),
        ("999 weeks", "more than a year"),
        ("before window", "no window"),
    ],
)
def test_what_is_no_time_is_said(typed: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        snooze.read(typed, NOW, BERLIN)


def test_until_they_write_and_before_the_window_closes() -> None:
    assert snooze.read("until reply", NOW, BERLIN) == snooze.Snooze(Wake.REPLY, None)
    closes = NOW + timedelta(hours=3)
    assert snooze.read("before window", NOW, BERLIN, closes) == snooze.Snooze(Wake.WINDOW, NOW + timedelta(hours=2))
    with pytest.raises(ValueError, match="is over"):
        snooze.read("before window", NOW, BERLIN, NOW + timedelta(minutes=30))


@given(st.timedeltas(timedelta(0), timedelta(days=365)), st.booleans())
def test_everything_offered_can_be_chosen(later: timedelta, has_window: bool) -> None:
    now = NOW + later
    closes = now + timedelta(hours=5) if has_window else None
    for words, _ in snooze.choices(now, closes):
        found = snooze.read(words, now, BERLIN, closes)
        assert found.until is None or found.until > now
        assert snooze.told(found, now, BERLIN).startswith("until ")


def test_the_wake_is_told_in_the_agents_time() -> None:
    told = [snooze.told(snooze.read(typed, NOW, BERLIN), NOW, BERLIN) for typed in ("1h", "monday", "2027-01-04")]
    assert told == ["until 15:30", "until Mon 30 March 09:00", "until Mon 4 January 2027 09:00"]
