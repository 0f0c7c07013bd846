"""Which inbound messages an agent is notified of, by which signals, and when not."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

PAUSE = timedelta(seconds=5)
"""The least time between two sounds, however many messages arrive."""

_HOURS = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?")


class Signal(StrEnum):
    """How a terminal notifies the agent."""

    BELL = "bell"
    OSC9 = "osc9"
    """A desktop notification: iTerm2, WezTerm, kitty, Ghostty, Windows Terminal."""
    OSC777 = "osc777"
    """A desktop notification with a title: foot, rxvt-unicode, Ghostty, WezTerm."""
    TITLE = "title"
    """The count of people in the terminal's title."""


class Whose(StrEnum):
    """Whose people an agent is notified of."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of every day without sounds, in minutes after midnight; they may extend past midnight."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What an agent is notified of, and how."""

    signals: frozenset[Signal] = frozenset()
    whose: frozenset[Whose] = frozenset()
    quiet: Quiet | None = None

    def concern(self, assignee: str, agent: str) -> bool:
        """Return whether the agent is notified of a person with this assignee; empty for an unassigned one."""
        if Whose.ALL in self.whose:
            return True
        return (Whose.MINE if assignee == agent else Whose.UNASSIGNED if not assignee else Whose.ALL) in self.whose

    def are_quiet(self, now: datetime, zone: ZoneInfo) -> bool:
        """Return whether `now` is in the quiet hours, in the agent's time zone."""
        if self.quiet is None:
            return False
        local = now.astimezone(zone)
        minute, begin, end = local.hour * 60 + local.minute, self.quiet.begin, self.quiet.end
        return begin <= minute < end if begin < end else minute >= begin or minute < end


def quiet_hours(text: str) -> Quiet | None:
    """Return the hours of a text like `22:00-7:00`; None for an empty one. Raise ValueError with a sentence."""
    if not text.strip():
        return None
    match = _HOURS.fullmatch(text.strip())
    hours = match and [int(part or 0) for part in match.groups()]
    if not hours or hours[0] > 23 or hours[2] > 24 or max(hours[1], hours[3]) > 59 or (hours[2] == 24 and hours[3]):
        raise ValueError(f"“{text}” aren't hours: write 22:00-7:00")
    begin, end = hours[0] * 60 + hours[1], (hours[2] * 60 + hours[3]) % (24 * 60)
    if begin == end:
        raise ValueError(f"“{text}” ends when it begins: for no sound at all, set no signals")
    return Quiet(begin, end)


def rules(signals: str, whose: str, quiet: str) -> Rules:
    """Return the rules of these settings: words with spaces between, and hours. Raise ValueError for bad hours."""
    told = frozenset(Signal(word) for word in signals.split() if word in set(Signal))
    return Rules(told, frozenset(Whose(word) for word in whose.split() if word in set(Whose)), quiet_hours(quiet))
