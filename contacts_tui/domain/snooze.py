"""When a snoozed person comes back: by choice, or as an agent types it, in the agent's time zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from contacts_tui.domain import typed_time

BEFORE_WINDOW = timedelta(hours=1)
"""How long before a window closes the person comes back, when that was chosen."""


class Wake(StrEnum):
    """What brings a snoozed person back, besides a new message of theirs, which always does."""

    AT = "at"
    """A moment."""
    REPLY = "reply"
    """Nothing else."""
    WINDOW = "window"
    """`BEFORE_WINDOW` before the end of the window that is open now."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """How long a person is snoozed; `until` is None when only their reply brings them back."""

    wake: Wake
    until: datetime | None


def read(text: str, now: datetime, zone: ZoneInfo, window_until: datetime | None = None) -> Snooze:
    """Return the snooze that was typed: a span, a day with or without a time, `until reply`, or `before window`.

    `window_until` is when the first open window of the person closes; None without one.
    Raise ValueError with a sentence when the text can't be read, for `before window` without an open window, and for a
    moment that is over or more than `typed_time.LONGEST` ahead.
    """
    typed = " ".join(text.lower().split())
    if typed in ("until reply", "reply", "until they write"):
        return Snooze(Wake.REPLY, None)
    if typed in ("before window", "window", "before the window closes"):
        if window_until is None:
            raise ValueError("no window of this person is open: choose a time instead")
        return Snooze(Wake.WINDOW, typed_time.checked(window_until - BEFORE_WINDOW, now))
    return Snooze(Wake.AT, typed_time.read(text, now, zone))


def choices(now: datetime, window_until: datetime | None) -> tuple[tuple[str, str], ...]:
    """Return the choices that are offered without typing: the words that `read` reads, and their labels."""
    offered = [*typed_time.USUAL, ("until reply", "Until they write")]
    if window_until is not None and window_until - BEFORE_WINDOW > now:
        offered.append(("before window", "1 hour before the window closes"))
    return tuple(offered)


def told(snooze: Snooze, now: datetime, zone: tzinfo) -> str:
    """Return when the person comes back, in words: "until Tue 31 March 09:00"."""
    if snooze.until is None:
        return "until they write"
    return f"until {typed_time.told(snooze.until, now, zone)}"
