"""A report on a span of days: how many people were answered and how soon, and how many messages came in each hour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from contacts_tui.domain import working_hours
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.durations import remaining_short

LIMITS = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(days=1),
)
"""Answers are counted by the first of these times in which they came; a last group is of those that took longer."""

QUARTER = timedelta(minutes=15)
"""In every time zone, an hour begins at a quarter of an hour of UTC."""


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How long people waited for their answers."""

    count: int
    median: timedelta | None
    """None without any answer, as is `longest`."""
    longest: timedelta | None
    spread: tuple[int, ...]
    """The number of answers within each of `LIMITS`, and of those that took longer."""

    @property
    def words(self) -> str:
        """ "12 answered, median wait 14 m, longest 2 h", or "0 answered"."""
        if self.median is None or self.longest is None:
            return "0 answered"
        return (
            f"{self.count:,} answered, median wait {remaining_short(self.median)}, "
            f"longest {remaining_short(self.longest)}"
        )


@dataclass(frozen=True, slots=True)
class AgentTotals:
    """What one agent did."""

    agent: str
    """Empty for what no agent did, such as answers of a program."""
    answers: AnswerTimes
    closed: int
    snoozed: int


@dataclass(frozen=True, slots=True)
class ChannelTotals:
    """What was answered on one channel."""

    channel: Channel
    answers: AnswerTimes


@dataclass(frozen=True, slots=True)
class WaitingNow:
    """The open people who are waiting at the moment of the report."""

    people: int
    late: int
    """How many of them are past their deadline."""
    longest: timedelta | None
    """How long the first of them has waited; None when no person waits."""


@dataclass(frozen=True, slots=True)
class HourLoad:
    """The load of one hour of the clock."""

    begins: datetime
    """In UTC: the hour that local clocks show twice a year is there twice."""
    received: int
    """The number of inbound messages."""
    answered: int
    """The number of people who were answered."""


@dataclass(frozen=True, slots=True)
class Period:
    """The time from one moment to another, in a time zone."""

    since: datetime
    until: datetime
    """Not included; it may lie ahead."""
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Report:
    """What was done from one moment to another, by all agents or by one."""

    since: datetime
    until: datetime
    agent: str
    """The agent whose answers, closed, snoozed and waiting people are counted; empty for all agents'."""
    answers: AnswerTimes
    closed: int
    snoozed: int
    waiting: WaitingNow
    hours: tuple[HourLoad, ...]
    """Every hour of the period, also empty ones. Inbound messages are counted for all agents together."""
    channels: tuple[ChannelTotals, ...]
    """The channels with answers, in the channels' order."""
    agents: tuple[AgentTotals, ...]
    """The agents who did something, by name."""

    @property
    def words(self) -> str:
        """The totals on one line."""
        answered, comma, waits = self.answers.words.partition(", ")
        return f"{answered}, {self.closed:,} closed, {self.snoozed:,} snoozed{f'; {waits}' if comma else ''}"


def answer_times(seconds: Iterable[float]) -> AnswerTimes:
    """Return the count, median, longest and spread of these waits."""
    waits = sorted(seconds)
    if not waits:
        return AnswerTimes(0, None, None, (0,) * (len(LIMITS) + 1))
    spread = [0] * (len(LIMITS) + 1)
    for wait in waits:
        spread[next((place for place, most in enumerate(LIMITS) if wait <= most.total_seconds()), len(LIMITS))] += 1
    middle, longest = timedelta(seconds=round(median(waits))), timedelta(seconds=round(waits[-1]))
    return AnswerTimes(len(waits), middle, longest, tuple(spread))


def last_days(now: datetime, days: int, zone: ZoneInfo) -> Period:
    """Return the last `days` days, from the first one's midnight to the end of today."""
    today = now.astimezone(zone).date()
    return days_between(today - timedelta(days=days - 1), today, zone)


def days_between(first: date, last: date, zone: ZoneInfo) -> Period:
    """Return the time from the first day's midnight to the end of the last one. Raise ValueError when it is empty."""
    since = working_hours.local(first, 0, zone)
    until = working_hours.local(last + timedelta(days=1), 0, zone)
    if since >= until:
        raise ValueError("the first day lies after the last one: choose an earlier first day")
    return Period(since, until, zone)


def hour_loads(
    period: Period, now: datetime, received: Mapping[datetime, int], answered: Mapping[datetime, int]
) -> tuple[HourLoad, ...]:
    """Return every hour of the period that has begun, by the clocks of its time zone.

    `received` and `answered` are counts by the beginnings of quarters of an hour.
    """
    hours: dict[datetime, list[int]] = {}
    begin, end = quarter(period.since), min(period.until, quarter(now) + QUARTER)
    for place in range((end - begin) // QUARTER):
        at = begin + place * QUARTER
        local = at.astimezone(period.zone)
        counts = hours.setdefault(at - timedelta(minutes=local.minute), [0, 0])
        counts[0] += received.get(at, 0)
        counts[1] += answered.get(at, 0)
    return tuple(HourLoad(begins, *counts) for begins, counts in hours.items())


def quarter(at: datetime) -> datetime:
    """Return the beginning of a moment's quarter of an hour."""
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
