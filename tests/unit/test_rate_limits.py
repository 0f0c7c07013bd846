"""How fast a sender may send."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts_tui.channels import connectors
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.limits import Limits
from contacts_tui.domain.rate_limits import BURST, LONGEST_CHAT_WAIT, LONGEST_OWN_WAIT, after, room
from tests.limits import limits_of

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=1)
SMS, TELEGRAM = limits_of(Channel.SMS), limits_of(Channel.TELEGRAM)


RATES = sorted({each.limits.rate for each in connectors.every()} | {1, 2, BURST, 2 * BURST - 1, 2 * BURST, 500})
"""The rates of all connectors, and others that are possible."""


@pytest.mark.parametrize("rate", RATES)
def test_no_second_holds_more_than_the_rate(rate: int) -> None:
    limits = Limits(rate=rate)
    begun: list[datetime] = []
    free_at, now = LONG_AGO, NOON
    while now < NOON + timedelta(seconds=4):
        if count := room(limits, free_at, now):
            free_at = after(limits, free_at, now, count)
            begun += [now] * count
        now += timedelta(milliseconds=3)
    busiest = max(sum(at <= other < at + timedelta(seconds=1) for other in begun) for at in begun)
    assert rate - BURST <= busiest <= rate
    assert after(limits, LONG_AGO, NOON, room(limits, LONG_AGO, NOON)) - NOON <= LONGEST_OWN_WAIT


def test_no_connector_asks_for_a_longer_pause_than_the_store_waits() -> None:
    assert all(each.limits.chat_interval <= LONGEST_CHAT_WAIT for each in connectors.every())


def test_a_pause_ends_without_a_burst() -> None:
    until = NOON + timedelta(seconds=7)
    assert room(SMS, until, NOON) == 0
    assert room(SMS, until, until - timedelta(microseconds=1)) == 0
    assert room(SMS, until, until) == 1


def test_after_a_rest_a_burst_may_begin() -> None:
    assert room(TELEGRAM, LONG_AGO, NOON) == BURST
    assert room(TELEGRAM, after(TELEGRAM, LONG_AGO, NOON, BURST), NOON) == 0
