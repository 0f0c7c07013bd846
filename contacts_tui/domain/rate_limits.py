"""When an inbox may begin to send its next message, by the rate of its connector."""

from datetime import datetime, timedelta

from contacts_tui.domain.limits import Limits

LONGEST_CHAT_WAIT = timedelta(seconds=1)
"""No connector demands a longer pause between two messages to one person."""
LONGEST_OWN_WAIT = timedelta(seconds=1)
"""No inbox has to wait for longer than this by its own rate."""
LONGEST_ASKED_WAIT = timedelta(hours=1)
"""The longest wait that a provider can ask for: one try too early does no harm, while a wrong header could delay the
messages for days."""

BURST = 8
"""How many messages an inbox may begin to send at once after a pause. They count towards its rate of that second. An
inbox that may send fewer than twice as many in a second begins them one by one."""


def room(limits: Limits, free_at: datetime, now: datetime) -> int:
    """Return how many messages of an inbox may begin now, when the next one was to begin at `free_at`."""
    step = _step(limits)
    ahead = _paid_until(limits, free_at, now) - now
    return max(0, (_burst(limits) * step - ahead) // step)


def after(limits: Limits, free_at: datetime, now: datetime, begun: int) -> datetime:
    """Return when the next message of the inbox may begin, after `begun` more messages began now."""
    step = _step(limits)
    return _paid_until(limits, free_at, now) + begun * step - (_burst(limits) - 1) * step


def _burst(limits: Limits) -> int:
    return BURST if limits.rate >= 2 * BURST else 1


def _step(limits: Limits) -> timedelta:
    """Return the time between two messages, such that a second holds no more than the rate, even with a burst."""
    burst = _burst(limits)
    return timedelta(seconds=1) / (limits.rate - burst if burst > 1 else limits.rate)


def _paid_until(limits: Limits, free_at: datetime, now: datetime) -> datetime:
    return max(free_at + (_burst(limits) - 1) * _step(limits), now)
