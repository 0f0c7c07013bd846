"""How soon an inbox answers: what may be written, and how it is read."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.answer_target import LONGEST, changed, read_within, words, write_within
from contacts_tui.domain.urgency import DEFAULT_TARGET, AnswerTarget
from contacts_tui.domain.working_hours import parse

OFFICE = AnswerTarget(timedelta(minutes=30), parse("mon-fri 9-18", "Europe/Berlin"))


@given(st.none() | st.integers(1, LONGEST // timedelta(minutes=1)).map(lambda minutes: timedelta(minutes=minutes)))
def test_what_is_written_is_read(within: timedelta | None) -> None:
    assert read_within(write_within(within)) == within


@pytest.mark.parametrize(
    ("text", "minutes"), [("30m", 30), ("2h", 120), ("1h30m", 90), ("1 h 30 m", 90), ("90 m", 90), (" 1h", 60)]
)
def test_hours_and_minutes_in_any_spacing(text: str, minutes: int) -> None:
    assert read_within(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", " ", "30", "soon", "0m", "0h 0m", "-5m", "31 d", "999h", "30m 1h", "1.5h"])
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"write 30m, 2h, or none"):
        read_within(text)


def test_what_is_not_written_stays() -> None:
    assert changed(OFFICE) == OFFICE
    assert changed(OFFICE, within="none") == AnswerTarget(None, OFFICE.hours)
    assert changed(OFFICE, hours="sat 10-14").hours == parse("sat 10-14", "Europe/Berlin")
    assert changed(OFFICE, time_zone="Africa/Lagos").hours == parse("mon-fri 9-18", "Africa/Lagos")
    assert changed(OFFICE, hours="always").hours.is_always


@pytest.mark.parametrize(("part", "says"), [("hours", "isn't a weekday"), ("time_zone", "isn't a time zone")])
def test_hours_and_zones_that_are_none_are_refused(part: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        changed(OFFICE, **{part: "Wonderland 9-18"})


def test_in_words() -> None:
    assert words(DEFAULT_TARGET) == "1h"
    assert words(OFFICE) == "30m in mon-fri 9-18, Europe/Berlin"
    assert words(changed(OFFICE, within="none")) == "none"
