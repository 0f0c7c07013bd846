"""A moment as an agent types it, in their time zone: a span, or a day with or without a time."""

import re
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from contacts_tui.domain import working_hours

LONGEST = timedelta(days=366)
"""How far ahead a moment may be: a later one is probably a mistake."""
MORNING = 9 * 60
"""The local time when a day is typed without one, in minutes after midnight."""
USUAL = (("1 hour", "1 hour"), ("tomorrow 9:00", "Tomorrow 9:00"), ("monday 9:00", "Monday 9:00"))
"""The choices that are offered without typing: the words that `read` reads, and their labels."""

_UNITS = {"m": 60, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600, "d": 86400, "day": 86400}
_UNITS |= {"w": 604800, "wk": 604800, "week": 604800}
_SPAN = re.compile(r"(?:in )?(\d{1,4}|an?)\s*([a-z]+?)s?")
_TIME = re.compile(r"(?:at )?(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)?")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_HOW = "write for example 2 hours, tomorrow 9:00, next friday 14:00 or 2026-03-30 8:00"


def read(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that was typed: "2 hours", "17:00", "next friday 14:00", "2026-03-30 8:00".

    A time that a change of clocks skips is the one after it; of a time that comes twice, the first counts.
    Raise ValueError with a sentence when the text can't be read, and as `checked` does.
    """
    return checked(_moment(" ".join(text.lower().split()), now, zone), now)


def told(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a future moment in words: "Tue 31 March 09:00", and only the time when it is today."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%B}{year} {local:%H:%M}"


def checked(until: datetime, now: datetime) -> datetime:
    """Return the moment. Raise ValueError with a sentence when it is over, or more than `LONGEST` ahead."""
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
    """Return the day at the beginning of a text (None without one), and the rest. Raise ValueError for a wrong date."""
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
