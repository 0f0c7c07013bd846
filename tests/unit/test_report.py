"""What a report counts: days of an agent's calendar, hours of an agent's clock, waits in their order."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contacts_tui.domain.report import answer_times, days_between, hour_loads, last_days
from contacts_tui.domain.working_hours import parse

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 17, 12, 30, tzinfo=UTC)


def test_days_begin_at_the_agents_midnight_and_end_now() -> None:
    period = last_days(NOW, 7, KOLKATA)
    assert (period.since, period.until) == (
        datetime(2026, 11, 10, 18, 30, tzinfo=UTC),
        datetime(2026, 11, 17, 18, 30, tzinfo=UTC),
    )
    whole = days_between(date(2026, 11, 15), date(2026, 11, 15), BERLIN)
    assert (whole.since, whole.until) == (
        datetime(2026, 11, 14, 23, tzinfo=UTC),
        datetime(2026, 11, 15, 23, tzinfo=UTC),
    )
    with pytest.raises(ValueError, match="earlier first day"):
        days_between(date(2026, 11, 16), date(2026, 11, 15), BERLIN)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 15), 24)]
)
def test_a_day_on_which_the_clocks_change_has_the_hours_it_has(day: date, hours: int) -> None:
    loads = hour_loads(days_between(day, day, BERLIN), NOW, {}, {})
    assert len(loads) == hours
    shown = [load.begins.astimezone(BERLIN).hour for load in loads]
    assert shown == sorted(shown)
    assert (shown[0], shown[-1]) == (0, 23)


def test_an_hour_gathers_its_quarters_also_where_it_begins_at_half_past() -> None:
    period = last_days(NOW, 1, KOLKATA)
    quarters = {NOW.replace(hour=7, minute=minute): 1 for minute in (0, 15, 30, 45)}
    loads = {load.begins: (load.received, load.answered) for load in hour_loads(period, NOW, quarters, {NOW: 3})}
    assert loads[NOW.replace(hour=6, minute=30)] == (2, 0)
    assert loads[NOW.replace(hour=7, minute=30)] == (2, 0)
    assert (max(loads), loads[NOW]) == (NOW, (0, 3)), "later hours have not begun"


def test_waits_are_told_by_the_middle_the_longest_and_how_they_spread() -> None:
    found = answer_times([60, 300, 301, 3600, 90_000])
    assert (found.median, found.longest) == (timedelta(seconds=301), timedelta(hours=25))
    assert found.spread == (2, 1, 1, 0, 0, 1)
    assert found.words == "5 answered, median wait 5 m, longest 25 h"
    nothing = answer_times([])
    assert (nothing.median, nothing.spread, nothing.words) == (None, (0,) * 6, "0 answered")


def test_only_working_hours_count_between_two_moments() -> None:
    hours = parse("mon-fri 9-17, sat 10-12", "Europe/Berlin")
    friday = datetime(2026, 3, 27, 15, tzinfo=UTC)
    assert hours.between(friday, friday + timedelta(minutes=20)) == timedelta(minutes=20)
    # An hour of Friday, two of Saturday, one of Monday, the day after the clocks went forward.
    assert hours.between(friday, datetime(2026, 3, 30, 8, tzinfo=UTC)) == timedelta(hours=4)
    assert hours.between(friday, friday - timedelta(hours=1)) == timedelta()
    assert parse("", "").between(friday, friday + timedelta(days=3)) == timedelta(days=3)
