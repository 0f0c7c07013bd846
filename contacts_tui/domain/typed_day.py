"""A day of the past as an agent types it."""

import re
from datetime import date, timedelta

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.? ([a-z]{3,})\.?(?: (\d{4}))?")
_MONTH_FIRST = re.compile(r"([a-z]{3,})\.? (\d{1,2})(?:,? (\d{4}))?")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def past_day(text: str, today: date) -> date | None:
    """Return the day that a text such as `2026-03-30`, `30 march`, `friday` or `yesterday` means; None for other texts.

    A weekday is the last one before today; a date without its year is the last one up to today.
    """
    typed = " ".join(text.lower().split()).removeprefix("last ")
    if typed in ("today", "yesterday"):
        return today - timedelta(days=typed == "yesterday")
    for place, name in enumerate(_DAYS):
        if len(typed) >= 3 and name.startswith(typed):
            return today - timedelta(days=(today.weekday() - place - 1) % 7 + 1)
    if match := _ISO.fullmatch(typed):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(typed):
        return _last(match[2], int(match[1]), match[3], today)
    if match := _MONTH_FIRST.fullmatch(typed):
        return _last(match[1], int(match[2]), match[3], today)
    return None


def _last(name: str, day: int, year: str | None, today: date) -> date | None:
    month = next((place for place, full in enumerate(_MONTHS, 1) if full.startswith(name)), None)
    if month is None:
        return None
    if year is not None:
        return _day(int(year), month, day)
    # The 29th of February comes every four years, or after eight around a century.
    found = (_day(today.year - back, month, day) for back in range(9))
    return next((each for each in found if each is not None and each <= today), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
