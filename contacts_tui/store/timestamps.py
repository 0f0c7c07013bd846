"""Times as the store keeps them: whole microseconds since 1970, which sort and compare as numbers."""

from datetime import UTC, datetime, timedelta

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of what never happened, where it has to sort before all times."""

_MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """Return a time as the store keeps it. Raise ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone can't be stored")
    return (at - NEVER) // _MICROSECOND


def moment(stored: int) -> datetime:
    """Return a stored time as an aware UTC datetime; the first or the last possible one for what can't be a time."""
    return NEVER + timedelta(microseconds=max(_FIRST, min(stored, _LAST)))


_FIRST = microseconds(datetime(2, 1, 1, tzinfo=UTC))
_LAST = microseconds(datetime(9998, 1, 1, tzinfo=UTC))
"""A year within the limits of a datetime, so that it can be converted to any zone."""
