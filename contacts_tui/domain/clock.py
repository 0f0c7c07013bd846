"""The clock as a parameter: every rule about time is given one."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present as an aware UTC datetime."""


def utc_now() -> datetime:
    """The machine's clock. The only place that reads it."""
    return datetime.now(UTC)
