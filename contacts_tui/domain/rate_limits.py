"""When the next message of a sender may begin, by the rate of its connector."""

from datetime import datetime, timedelta

from contacts_tui.domain.limits import Limits

LONGEST_CHAT_WAIT = timedelta(seconds=1)
"""No connector asks for a longer pause between two messages to one person."""
LONGEST_OWN_WAIT = timedelta(seconds=1)
"""No sender has to wait for longer than this by its own pace."""
LONGEST_ASKED_WAIT = timedelta(hours=1)
"""The longest wait that a provider is believed: one try too early does no harm, a mistyped header would bury the
messages."""

BURST = 8
"""Messages that a sender may begin at once after a pause. They count towards its second. One that may send hardly more
than these in a second begins them one by one."""


def room(limits: Limits, free_at: datetime, now: datetime) -> int:
    """Return how many messages of a sender may begin now, when the next one was to begin at `free_at`."""
    step = _step(limits)
    ahead = _paid_until(limits, free_at, now) - now
    return max(0, (_burst(limits) * step - ahead) // step)


def after(limits: Limits, free_at: datetime, now: datetime, begun: int) -> datetime:
    """Return when the next message of the sender may begin, after `begun` more did now."""
    step = _step(limits)
    return _paid_until(limits, free_at, now) + begun * step - (_burst(limits) - 1) * step


def _burst(limits: Limits) -> int:
    return BURST if limits.rate >= 2 * BURST else 1


def _step(limits: Limits) -> timedelta:
    """Return the time that one message costs: with a burst on top, a second still holds no more than the rate."""
    burst = _burst(limits)
    return timedelta(seconds=1) / (limits.rate - burst if burst > 1 else limits.rate)


def _paid_until(limits: Limits, free_at: datetime, now: datetime) -> datetime:
    return max(free_at + (_burst(limits) - 1) * _step(limits), now)
