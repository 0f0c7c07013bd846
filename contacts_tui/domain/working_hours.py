"""Working hours by weekday and time zone, and spans of time counted only within them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_HOURS = re.compile(r"(?P<from>\d{1,2}(?::\d\d)?)-(?P<to>\d{1,2}(?::\d\d)?)")
_LONGEST_LOOK = 366
"""How many days ahead working hours are searched."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time from one local time of a day to another, in minutes after midnight; the end is at most 1440."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The spans of each weekday, Monday first, in a time zone. Without any span, the hours are always."""

    time_zone: str
    days: tuple[tuple[Span, ...], ...]

    @property
    def is_always(self) -> bool:
        """Whether every moment counts."""
        return not any(self.days)

    def after(self, start: datetime, worked: timedelta) -> datetime:
        """Return the moment at which `worked` has passed since `start`, counted within the hours.

        When the hours are always, or too short for it in a year, that is simply `start` plus `worked`. A moment between
        two spans is the end of the earlier one.
        """
        if self.is_always:
            return start + worked
        left = worked
        for begin, end in self._spans(start):
            begin = max(begin, start)
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return start + worked

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from one moment to a later one; zero for an earlier one."""
        if self.is_always or end <= start:
            return max(end - start, timedelta())
        days = (end - start) // timedelta(days=1) + 2
        spans = ((max(begin, start), min(until, end)) for begin, until in self._spans(start, days))
        return sum((until - begin for begin, until in spans if until > begin), timedelta())

    def contains(self, moment: datetime) -> bool:
        """Return whether a moment is within the hours."""
        return self.is_always or any(begin <= moment < end for begin, end in self._spans(moment, days=1))

    def _spans(self, start: datetime, days: int = _LONGEST_LOOK) -> list[tuple[datetime, datetime]]:
        """Return the spans in the next `days` days that end after `start`, in order, as moments in UTC."""
        zone = zone_of(self.time_zone)
        first = start.astimezone(zone).date()
        found = []
        for ahead in range(days):
            day = first + timedelta(days=ahead)
            for span in self.days[day.weekday()]:
                begin, end = local(day, span.begin, zone), local(day, span.end, zone)
                if end > max(begin, start):
                    found.append((begin, end))
        return found


def parse(text: str, time_zone: str) -> WorkingHours:
    """Return the hours of a line like `mon-fri 9-12:30 13-18, sat 10-14`; an empty one means always.

    Raise ValueError with a sentence for anything else.
    """
    zone_of(time_zone)
    days: list[tuple[Span, ...]] = [()] * 7
    for part in filter(None, (part.strip().lower() for part in text.split(","))):
        names, *spans = part.split()
        if not spans:
            raise ValueError(f"“{part}” has no hours: write for example mon-fri 9-18")
        for day in _weekdays(names):
            if days[day]:
                raise ValueError(f"{DAYS[day]} stands there twice: write all its hours together")
            days[day] = tuple(sorted((_span(span) for span in spans), key=lambda span: span.begin))
            if any(one.end > other.begin for one, other in zip(days[day], days[day][1:], strict=False)):
                raise ValueError(f"hours of {DAYS[day]} overlap: {' '.join(spans)}")
    return WorkingHours(time_zone, tuple(days))


def written(hours: WorkingHours) -> str:
    """Return the line that `parse` reads as these hours."""
    parts = []
    for spans, days in groupby(range(7), key=lambda day: hours.days[day]):
        if spans:
            first, *_, last = [*days] * 2
            name = DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"
            parts.append(" ".join((name, *(f"{_clock(span.begin)}-{_clock(span.end)}" for span in spans))))
    return ", ".join(parts)


def local(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC of a local time of a day, in minutes after midnight.

    A time that a change of clocks skips is later by as much as the clocks went forward; of a time that comes twice, the
    first counts.
    """
    midnight = datetime.combine(day, time(), zone)
    return (midnight + timedelta(minutes=minutes)).replace(fold=0).astimezone(UTC)


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone with this IANA name; UTC for an empty one. Raise ValueError with a sentence."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"“{name}” isn't a time zone: write one like Europe/Berlin") from error


def _weekdays(names: str) -> list[int]:
    first, dash, last = names.partition("-")
    try:
        begin, end = DAYS.index(first[:3]), DAYS.index((last if dash else first)[:3])
    except ValueError:
        raise ValueError(f"“{names}” isn't a weekday: write mon, or mon-fri") from None
    return [day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)]


def _span(text: str) -> Span:
    match = _HOURS.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text}” aren't hours: write 9-18 or 9:30-18:00")
    begin, end = _minutes(match["from"]), _minutes(match["to"])
    if not begin < end <= 24 * 60:
        raise ValueError(f"“{text}” ends before it begins: hours lie within one day, 0-24")
    return Span(begin, end)


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    if int(minutes or 0) > 59:
        raise ValueError(f"“{clock}” isn't a time: write for example 9:30")
    return int(hours) * 60 + int(minutes or 0)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}" if minutes % 60 else str(minutes // 60)
