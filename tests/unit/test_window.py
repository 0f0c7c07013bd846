"""The window, exact to the second."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain import window
from contacts_tui.domain.clock import SKEW

WROTE = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
USABLE = window.LENGTH - window.SAFETY_MARGIN
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30))


def test_the_provider_closes_24_hours_after_the_last_inbound_message() -> None:
    assert window.closes_at(WROTE) == WROTE + timedelta(hours=24)


def test_free_text_stops_at_the_safety_margin_to_the_second() -> None:
    assert window.is_open(WROTE, WROTE + USABLE - SECOND)
    assert not window.is_open(WROTE, WROTE + USABLE)


@given(spans)
def test_open_is_exactly_the_time_before_the_margin(since: timedelta) -> None:
    assert window.is_open(WROTE, WROTE + since) is (since < USABLE)


def test_a_contact_who_never_wrote_has_no_window() -> None:
    assert not window.is_open(None, WROTE)


def test_the_provider_is_believed_when_it_says_closed() -> None:
    refused = WROTE + timedelta(hours=1)
    assert not window.is_open(WROTE, refused + SECOND, refused)
    assert not window.is_open(WROTE, WROTE + SECOND, WROTE)


def test_a_new_message_opens_the_window_after_a_refusal() -> None:
    refused = WROTE - SECOND
    assert window.is_open(WROTE, WROTE + SECOND, refused)
    assert window.usable_until(WROTE, WROTE + SECOND, refused) == WROTE + USABLE


def test_a_refusal_long_after_the_end_does_not_move_the_end() -> None:
    now = WROTE + timedelta(days=3)
    assert window.usable_until(WROTE, now, now - timedelta(hours=1)) == WROTE + USABLE


def test_a_refusal_dated_a_little_ahead_of_our_clock_closes_at_once() -> None:
    now = WROTE + timedelta(hours=2)
    assert not window.is_open(WROTE, now, now + SKEW)


def test_a_refusal_of_a_clock_that_was_set_back_since_closes_nothing() -> None:
    now = WROTE + timedelta(hours=2)
    assert window.is_open(WROTE, now, now + timedelta(hours=1)), "what came in since can't be compared with it"


@given(spans)
def test_an_inbound_message_from_the_future_opens_no_more_than_24_hours(ahead: timedelta) -> None:
    until = window.usable_until(WROTE + ahead, WROTE)
    assert until - WROTE == USABLE
    assert window.is_open(WROTE + ahead, WROTE)


@given(spans, st.none() | spans, spans)
def test_a_window_that_has_closed_stays_closed(since: timedelta, refused: timedelta | None, later: timedelta) -> None:
    closed_at = None if refused is None else WROTE + refused
    if not window.is_open(WROTE, WROTE + since, closed_at):
        assert not window.is_open(WROTE, WROTE + since + later, closed_at)


def test_the_human_agent_tag_has_seven_days() -> None:
    end = WROTE + timedelta(days=7) - window.SAFETY_MARGIN
    assert window.is_open(WROTE, end - SECOND, length=window.HUMAN_AGENT_LENGTH)
    assert not window.is_open(WROTE, end, length=window.HUMAN_AGENT_LENGTH)
