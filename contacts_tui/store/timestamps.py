"""Times as the store keeps them: whole microseconds since 1970, which sort and compare as numbers."""

from datetime import UTC, datetime, timedelta

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where a time must sort but nothing happened yet."""

_MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """A time as the store keeps it. Raises ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone can't be stored")
    return (at - NEVER) // _MICROSECOND


def moment(stored: int) -> datetime:
    """A stored time as an aware UTC datetime; the first or the last one, when what is stored can't be a time."""
    return NEVER + timedelta(microseconds=max(_FIRST, min(stored, _LAST)))


_FIRST = microseconds(datetime(2, 1, 1, tzinfo=UTC))
_LAST = microseconds(datetime(9998, 1, 1, tzinfo=UTC))
"""A year from what a datetime can hold, so that it can be told in any zone."""
