"""What time it is here and where a person is, and whether they sleep by it."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NIGHT_BEGINS, NIGHT_ENDS = 22, 7
"""Hours between which a message is better left for the morning."""


def here(moment: datetime) -> str:
    """Return a moment in this machine's zone, to the second."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def at(time_zone: str, now: datetime) -> datetime | None:
    """Return a moment as clocks show it in a time zone (an IANA name); None for one that isn't known here."""
    try:
        return now.astimezone(ZoneInfo(time_zone)) if time_zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_night(local: datetime) -> bool:
    """Return whether people sleep at this hour."""
    return local.hour >= NIGHT_BEGINS or local.hour < NIGHT_ENDS


def words(time_zone: str, now: datetime) -> str:
    """Return what time it is there, with a word when it is night: "02:14 there, night"; empty when nobody knows."""
    local = at(time_zone, now)
    if local is None:
        return ""
    return f"{local:%H:%M} there" + (", night" if is_night(local) else "")
