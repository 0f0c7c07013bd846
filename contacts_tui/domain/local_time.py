"""The time on this machine and in a person's time zone, and whether it is night there."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NIGHT_BEGINS, NIGHT_ENDS = 22, 7
"""The hours between which a message should rather wait for the morning."""


def here(moment: datetime) -> str:
    """Return a moment as text in this machine's time zone, to the second."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def at(time_zone: str, now: datetime) -> datetime | None:
    """Return a moment in a time zone (an IANA name); None for an empty or unknown one."""
    try:
        return now.astimezone(ZoneInfo(time_zone)) if time_zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_night(local: datetime) -> bool:
    """Return whether a local time is at night, when people sleep."""
    return local.hour >= NIGHT_BEGINS or local.hour < NIGHT_ENDS


def words(time_zone: str, now: datetime) -> str:
    """Return the time in a time zone, and whether it is night: "02:14 there, night"; empty for an unknown zone."""
    local = at(time_zone, now)
    if local is None:
        return ""
    return f"{local:%H:%M} there" + (", night" if is_night(local) else "")
