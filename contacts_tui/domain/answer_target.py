"""How soon an inbox answers, as people write it: `30m`, `1h30m` or `none`, in hours such as `mon-fri 9-18`."""

import re
from datetime import timedelta

from contacts_tui.domain import working_hours
from contacts_tui.domain.urgency import AnswerTarget

NONE = "none"
"""Written for an inbox that has no target."""

USUAL = "usual"
"""Written for an inbox that has no target of its own."""

ALWAYS = "always"
"""Written for hours without an end."""

LONGEST = timedelta(days=30)
"""A target is no longer than that."""

_SPAN = re.compile(r"(?:(?P<hours>\d{1,3}) ?h)? ?(?:(?P<minutes>\d{1,5}) ?m)?")


def read_within(text: str) -> timedelta | None:
    """Return the time that a target gives; None for `none`. Raise ValueError with a sentence for anything else."""
    if text == NONE:
        return None
    match = _SPAN.fullmatch(text.strip())
    within = timedelta() if match is None else timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
    if not timedelta() < within <= LONGEST:
        raise ValueError(f"“{text}” isn't a time to answer in: write 30m, 2h, or {NONE}; {LONGEST.days} days at most")
    return within


def write_within(within: timedelta | None) -> str:
    """Return the text that `read_within` reads as this time."""
    if within is None:
        return NONE
    hours, minutes = divmod(within // timedelta(minutes=1), 60)
    return f"{hours}h" * bool(hours) + f"{minutes}m" * bool(minutes)


def changed(target: AnswerTarget, *, within: str = "", hours: str = "", time_zone: str = "") -> AnswerTarget:
    """Return a target with what is written changed in it; an empty text leaves what is there.

    Raise ValueError with a sentence.
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
