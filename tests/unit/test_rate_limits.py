"""How fast a sender may begin."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.rate_limits import BURST, RATES, after, room

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=1)


@pytest.mark.parametrize("channel", Channel)
def test_no_second_holds_more_than_the_rate(channel: Channel) -> None:
    begun: list[datetime] = []
    free_at, now = LONG_AGO, NOON
    while now < NOON + timedelta(seconds=4):
        if count := room(channel, free_at, now):
            free_at = after(channel, free_at, now, count)
            begun += [now] * count
        now += timedelta(milliseconds=3)
    busiest = max(sum(at <= other < at + timedelta(seconds=1) for other in begun) for at in begun)
    assert RATES[channel] - BURST <= busiest <= RATES[channel]


def test_a_pause_ends_without_a_burst() -> None:
    until = NOON + timedelta(seconds=7)
    assert room(Channel.SMS, until, NOON) == 0
    assert room(Channel.SMS, until, until - timedelta(microseconds=1)) == 0
    assert room(Channel.SMS, until, until) == 1


def test_after_a_rest_a_burst_may_begin() -> None:
    assert room(Channel.TELEGRAM, LONG_AGO, NOON) == BURST
    assert room(Channel.TELEGRAM, after(Channel.TELEGRAM, LONG_AGO, NOON, BURST), NOON) == 0
