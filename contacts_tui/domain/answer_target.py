"""Answer targets as people write them: `30m`, `1h30m` or `none`, in hours such as `mon-fri 9-18`."""

import re
from datetime import timedelta

from contacts_tui.domain import working_hours
from contacts_tui.domain.urgency import AnswerTarget

NONE = "none"
"""Stands for no target."""

USUAL = "usual"
"""Stands for the usual target, for an inbox without one of its own."""

ALWAYS = "always"
"""Stands for working hours that never end."""

LONGEST = timedelta(days=30)
"""The longest target."""

_SPAN = re.compile(r"(?:(?P<hours>\d{1,3}) ?h)? ?(?:(?P<minutes>\d{1,5}) ?m)?")


def read_within(text: str) -> timedelta | None:
    """Return the time of a written target; None for `none`. Raise ValueError with a sentence when it can't be read."""
    if text == NONE:
        return None
    match = _SPAN.fullmatch(text.strip())
    within = timedelta() if match is None else timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
    if not timedelta() < within <= LONGEST:
        raise ValueError(f"“{text}” isn't a time to answer in: write 30m, 2h, or {NONE}; {LONGEST.days} days at most")
    return within


def write_within(within: timedelta | None) -> str:
    """Return the text that `read_within` reads as this time, in whole minutes."""
    if within is None:
        return NONE
    hours, minutes = divmod(within // timedelta(minutes=1), 60)
    return f"{hours}h" * bool(hours) + f"{minutes}m" * bool(minutes)


def changed(target: AnswerTarget, *, within: str = "", hours: str = "", time_zone: str = "") -> AnswerTarget:
    """Return a target with these values, as written, in the place of its own; an empty text changes nothing.

    Raise ValueError with a sentence when one can't be read.
    """
    written = working_hours.written(target.hours) if not hours else "" if hours == ALWAYS else hours
    return AnswerTarget(
        read_within(within) if within else target.within,
        working_hours.parse(written, time_zone or target.hours.time_zone),
    )


def words(target: AnswerTarget) -> str:
    """Return a target in words: "1h", "30m in mon-fri 9-18, Europe/Berlin", "none"."""
    if target.within is None or target.hours.is_always:
        return write_within(target.within)
    zone = target.hours.time_zone
    return f"{write_within(target.within)} in {working_hours.written(target.hours)}{f', {zone}' if zone else ''}"
