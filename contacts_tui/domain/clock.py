"""The clock as a parameter of every rule about time.

A clock may be wrong and be set back. What was stored before then lies in the future, and must not delay anything until
that time: a deadline counts only as far ahead as its rule could set it now.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the present as an aware UTC datetime."""

SKEW = timedelta(seconds=5)
"""How far the clocks of two machines on one store may differ before a time counts as set by a clock that was set back.
Machines that synchronise their clocks over the network differ by far less."""


def furthest(now: datetime, longest: timedelta) -> datetime:
    """Return the latest deadline that can have been set by now, by a rule that sets it at most `longest` ahead."""
    return now + longest + SKEW


def is_over(deadline: datetime, now: datetime, longest: timedelta) -> bool:
    """Return whether a deadline has passed, or is further ahead than its rule can have set it (see `furthest`)."""
    return deadline <= now or deadline > furthest(now, longest)


def is_past(moment: datetime, now: datetime) -> bool:
    """Return whether a recorded moment is in the past, up to SKEW; it isn't when the clock was set back since."""
    return moment <= furthest(now, timedelta())


def utc_now() -> datetime:
    """Return the time of the machine's clock, in UTC. Nothing else reads it."""
    return datetime.now(UTC)
