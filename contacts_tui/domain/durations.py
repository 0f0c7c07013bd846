"""Spans of time in words: how long ago, and how much is left."""

from datetime import timedelta

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_YEAR = timedelta(days=365)


def remaining_short(delta: timedelta) -> str:
    """Return a span for a narrow column: "23 h 58 m", "41 m", "6 d 3 h". Round down; "0 m" when nothing is left."""
    if delta < _MINUTE:
        return "under 1 m" if delta > timedelta(0) else "0 m"
    if delta >= 2 * _DAY:
        return _two(delta // _DAY, "d", delta % _DAY // _HOUR, "h")
    return _two(delta // _HOUR, "h", delta % _HOUR // _MINUTE, "m")


def remaining_words(delta: timedelta) -> str:
    """Return the time that is left, as a state: "3 h 12 m left"."""
    return f"{remaining_short(delta)} left"


def ago_short(delta: timedelta) -> str:
    """Return how long ago something was, for a narrow column: "now", "2 m", "1 h", "3 d", "5 w", "2 y". Round down.

    A negative span (a clock ahead of ours) counts as now.
    """
    if delta < _MINUTE:
        return "now"
    if delta < _HOUR:
        return f"{delta // _MINUTE} m"
    if delta < _DAY:
        return f"{delta // _HOUR} h"
    if delta < _WEEK:
        return f"{delta // _DAY} d"
    if delta < _YEAR:
        return f"{delta // _WEEK} w"
    return f"{delta // _YEAR} y"


def ago_words(delta: timedelta) -> str:
    """Return how long ago something was, for a sentence: "just now", "14 m ago", "3 h ago", "2 d ago"."""
    return "just now" if delta < _MINUTE else f"{ago_short(delta)} ago"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    """Return both parts, without one that is zero."""
    parts = ((large, large_unit), (small, small_unit))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount)
