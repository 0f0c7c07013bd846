"""When a snoozed person comes back: by choice, or as an agent types it, in the agent's time zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from contacts_tui.domain import working_hours

BEFORE_WINDOW = timedelta(hours=1)
"""How long before a window closes the person comes back, when that was chosen."""
LONGEST = timedelta(days=366)
"""The longest snooze that makes sense: more is a slip of the hand."""
MORNING = 9 * 60
"""The local time of a day that is named without a time, in minutes after midnight."""

_UNITS = {"m": 60, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600, "d": 86400, "day": 86400}
_UNITS |= {"w": 604800, "wk": 604800, "week": 604800}
_SPAN = re.compile(r"(?:in )?(\d{1,4}|an?)\s*([a-z]+?)s?")
_TIME = re.compile(r"(?:at )?(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)?")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_HOW = "write for example 2 hours, tomorrow 9:00, next friday 14:00 or 2026-03-30 8:00"


class Wake(StrEnum):
    """What brings a snoozed person back, besides a new message of theirs, which always does."""

    AT = "at"
    """A moment."""
    REPLY = "reply"
    """Nothing else."""
    WINDOW = "window"
    """`BEFORE_WINDOW` before the window closes that is open now."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """How long a person sleeps; `until` is None when only their reply wakes them."""

    wake: Wake
    until: datetime | None


def read(text: str, now: datetime, zone: ZoneInfo, window_until: datetime | None = None) -> Snooze:
    """Return the snooze that was typed: a span, a day with or without a time, `until reply`, or `before window`.

    `window_until` is when the first open window of the person closes; None without one.
    Raises ValueError with a sentence for what can't be read, for a moment that is over, and for one more than
    `LONGEST` away.
    """
    typed = " ".join(text.lower().split())
    if typed in ("until reply", "reply", "until they write"):
        return Snooze(Wake.REPLY, None)
    if typed in ("before window", "window", "before the window closes"):
        if window_until is None:
            raise ValueError("no window of this person is open: choose a time instead")
        return Snooze(Wake.WINDOW, _checked(window_until - BEFORE_WINDOW, now))
    return Snooze(Wake.AT, _checked(_moment(typed, now, zone), now))


def choices(now: datetime, zone: ZoneInfo, window_until: datetime | None) -> tuple[tuple[str, str], ...]:
    """Return what is offered without typing: the words that `read` takes, and what they are called."""
    offered = [("1 hour", "1 hour"), ("tomorrow 9:00", "Tomorrow 9:00"), ("monday 9:00", "Monday 9:00")]
    offered.append(("until reply", "Until they write"))
    if window_until is not None and window_until - BEFORE_WINDOW > now:
        offered.append(("before window", "1 hour before the window closes"))
    return tuple(offered)


def told(snooze: Snooze, now: datetime, zone: tzinfo) -> str:
    """Return when the person comes back, in words: "until Tue 31 March 09:00"."""
    if snooze.until is None:
        return "until they write"
    local, today = snooze.until.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"until {local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"until {local:%a} {local.day} {local:%B}{year} {local:%H:%M}"


def _checked(until: datetime, now: datetime) -> datetime:
    if until <= now:
        raise ValueError("that time is over: choose a later one")
    if until - now > LONGEST:
        raise ValueError("that is more than a year away: choose an earlier time")
    return until


def _moment(typed: str, now: datetime, zone: ZoneInfo) -> datetime:
    if (span := _SPAN.fullmatch(typed)) and span[2] in _UNITS:
        return now + timedelta(seconds=(1 if span[1].startswith("a") else int(span[1])) * _UNITS[span[2]])
    today = now.astimezone(zone).date()
    day, rest = _day(typed, today)
    if not rest:
        if day is None:
            raise ValueError(f"“{typed}” isn't a time: {_HOW}" if typed else f"nothing was typed: {_HOW}")
        return working_hours.local(day, MORNING, zone)
    time = _TIME.fullmatch(rest)
    minutes = None if time is None else _minutes(time)
    if minutes is None:
        raise ValueError(f"“{typed}” isn't a time: {_HOW}")
    if day is not None:
        return working_hours.local(day, minutes, zone)
    at = working_hours.local(today, minutes, zone)
    return at if at > now else working_hours.local(today + timedelta(days=1), minutes, zone)


def _day(typed: str, today: date) -> tuple[date | None, str]:
    """Return the day that a text begins with, and what follows; None where it begins with none."""
    words = typed.split(" ")
    if match := _DATE.match(typed):
        try:
            return date(*map(int, match.groups())), typed[match.end() :].strip()
        except ValueError:
            raise ValueError(f"“{match[0]}” isn't a day of the calendar") from None
    if words[0] in ("today", "tomorrow"):
        return today + timedelta(days=words[0] == "tomorrow"), " ".join(words[1:])
    is_next = words[0] in ("next", "on") and len(words) > 1
    name = words[1] if is_next else words[0]
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for place, full in enumerate(names):
        if len(name) >= 3 and full.startswith(name):
            ahead = (place - today.weekday() - 1) % 7 + 1
            return today + timedelta(days=ahead), " ".join(words[2 if is_next else 1 :])
    if is_next and name == "week":
        return today + timedelta(days=7 - today.weekday()), " ".join(words[2:])
    return None, typed


def _minutes(time: re.Match[str]) -> int | None:
    hours, minutes = int(time[1]), int(time[2] or 0)
    if time[3]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if time[3] == "pm" else 0)
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None
