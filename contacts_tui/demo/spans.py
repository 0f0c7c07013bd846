"""Spans of time as the demo's files write them."""

import re
from datetime import timedelta

_SPAN = re.compile(r"(\d+)([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def span(text: str) -> timedelta:
    """Return the span that a text such as "2d 3h" says."""
    return timedelta(**{_UNITS[unit]: int(amount) for amount, unit in _SPAN.findall(text)})
