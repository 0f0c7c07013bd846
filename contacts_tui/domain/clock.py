"""The clock as a parameter: every rule about time is given one.

A clock may be wrong and be set back. What was stored by it then lies in the future, and must not hold anything up until
that comes: a deadline holds no longer than the rule that set it could have set it now.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the present as an aware UTC datetime."""

SKEW = timedelta(seconds=5)
"""How far the clocks of two machines on one store may be apart without anything being taken for a clock that was set
back. Machines that keep the time over the network differ by far less."""


def furthest(now: datetime, longest: timedelta) -> datetime:
    """The latest deadline that can have been set by now, by a rule that sets it `longest` ahead at most."""
    return now + longest + SKEW


def is_over(deadline: datetime, now: datetime, longest: timedelta) -> bool:
    """Whether a deadline has come, or lies further ahead than its rule can have set it: see `furthest`."""
    return deadline <= now or deadline > furthest(now, longest)


def is_past(moment: datetime, now: datetime) -> bool:
    """Whether something that was noted as it happened lies behind: not so when the clock was set back since."""
    return moment <= furthest(now, timedelta())


def utc_now() -> datetime:
    """The machine's clock. The only place that reads it."""
    return datetime.now(UTC)
