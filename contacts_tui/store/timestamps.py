"""Times as the store keeps them: whole microseconds since 1970, which sort and compare as numbers."""

from datetime import UTC, datetime, timedelta

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where a time must sort but nothing happened yet."""


def microseconds(at: datetime) -> int:
    """A time as the store keeps it. Raises ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone can't be stored")
    return (at - NEVER) // timedelta(microseconds=1)


def moment(stored: int) -> datetime:
    """A stored time as an aware UTC datetime."""
    return NEVER + timedelta(microseconds=stored)
