"""Time counted in working hours."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain import working_hours
from contacts_tui.domain.working_hours import Span, WorkingHours

HOURS = working_hours.parse("mon-fri 9-12:30 13:30-18, sat 10-14", "Europe/Berlin")
DAY = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(
    lambda edges: tuple(Span(*pair) for pair in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)
ANY = st.builds(WorkingHours, st.just("Europe/Berlin"), st.tuples(*[DAY] * 7))
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=270)).map(datetime(2026, 3, 1, tzinfo=UTC).__add__)


@pytest.mark.parametrize(
    ("start", "worked", "end"),
    [
        ("2026-03-27 10:00", 60, "2026-03-27 11:00"),
        ("2026-03-27 12:00", 60, "2026-03-27 14:00"),
        ("2026-03-27 17:30", 60, "2026-03-28 10:30"),
        ("2026-03-28 13:30", 60, "2026-03-30 09:30"),
        ("2026-03-29 03:00", 60, "2026-03-30 10:00"),
    ],
)
def test_only_working_hours_count(start: str, worked: int, end: str) -> None:
    zone = working_hours.zone_of("Europe/Berlin")
    begin = datetime.fromisoformat(start).replace(tzinfo=zone).astimezone(UTC)
    assert f"{HOURS.after(begin, timedelta(minutes=worked)).astimezone(zone):%Y-%m-%d %H:%M}" == end


@given(ANY)
def test_hours_are_read_as_they_were_written(hours: WorkingHours) -> None:
    assert working_hours.parse(working_hours.written(hours), "Europe/Berlin") == hours


@given(ANY, MOMENTS, st.integers(1, 3000))
def test_no_work_is_done_before_it_is_due(hours: WorkingHours, start: datetime, minutes: int) -> None:
    worked = timedelta(minutes=minutes)
    end = hours.after(start, worked)
    assert end >= start + worked
    assert hours.after(start, worked + timedelta(minutes=1)) > end


def test_without_hours_time_runs_on() -> None:
    always = working_hours.parse("", "")
    start = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    assert always.after(start, timedelta(hours=1)) == start + timedelta(hours=1)
    assert always.contains(start)
    assert not HOURS.contains(start)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mon", "has no hours"),
        ("foo 9-18", "a weekday"),
        ("mon 9", "aren't hours"),
        ("mon 18-9", "ends before it begins"),
        ("mon 9-25", "ends before it begins"),
        ("mon 9:70-10", "isn't a time"),
        ("mon 9-12 11-13", "overlap"),
        ("mon 9-12, mon-fri 13-14", "twice"),
    ],
)
def test_a_mistake_is_one_sentence(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        working_hours.parse(text, "Europe/Berlin")


def test_a_time_zone_that_is_none() -> None:
    with pytest.raises(ValueError, match="Europe/Berlin"):
        working_hours.parse("mon 9-18", "Mars/Phobos")
