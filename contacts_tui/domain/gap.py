"""Gaps: spans of time in which people may have written while no process received it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """Why it isn't certain that everything was received."""

    STOPPED = "stopped"
    """No receiver ran."""
    STALLED = "stalled"
    """A receiver was suspended: by a signal, with its machine, or waiting for the store."""
    REFUSED = "refused"
    """A webhook was answered with an error, or not at all, and so not stored."""
    ASKED = "asked"
    """An agent asked to check this span."""
    EXPIRED = "expired"
    """No process received for longer than the provider keeps undelivered messages."""

    @property
    def words(self) -> str:
        """The reason as a clause."""
        return _WORDS.get(self, self.value)


_WORDS = {
    Reason.STOPPED: "no receiver was running",
    Reason.STALLED: "the receiver was suspended",
    Reason.REFUSED: "webhooks could not be stored",
    Reason.ASKED: "requested by hand",
    Reason.EXPIRED: "nothing was received for longer than the provider keeps messages",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A span of time in which an inbox may not have received everything."""

    id: int
    inbox_id: int
    reason: Reason
    since: datetime
    until: datetime
    is_lost: bool
    """Whether the provider can't list the messages of that time, so that a person has to acknowledge the gap."""
    taken: int = 0
    """The number of missed messages that have been received since."""
    cursor: str = ""
    """The cursor of the next page of the provider's list; empty at its beginning and at its end."""
    is_listed: bool = False
    """Whether the list was read to its end, so that only the messages found have to be received."""
    read: int = 0
    """The number of messages of the list that were read so far."""
    reported_up_to: int = 0
    """The id of the last message of ours whose status was asked for."""
    tries: int = 0
    """The number of failures in a row."""
    not_before: datetime | None = None
    """When the provider may be asked again after a failure."""
    code: str = ""
    """The code of the last failure; empty after a success."""
    closed_at: datetime | None = None
    closed_by: str = ""
    """Who acknowledged a gap of lost messages; empty for one that was closed by receiving its messages."""

    def sentence(self, now: datetime) -> str:
        """Return since when messages may be missing, and what is being done about it. Times are local."""
        if self.is_lost:
            return f"lost messages from {_clock(self.since, now)} to {_clock(self.until, now)}: {self.reason.words}"
        doing = "can't catch up yet" if self.code else "catching up"
        return f"may be missing messages since {_clock(self.since, now)}: {doing}"


@dataclass(frozen=True, slots=True)
class MissedMessage:
    """An inbound message in a provider's list."""

    provider_id: str
    at: datetime
    """By the provider's clock."""
    files: int
    """How many files it has; their addresses are asked for when it is received."""
    raw: Mapping[str, object]
    """The list's record of it, by the names of a webhook's fields."""


def _clock(at: datetime, now: datetime) -> str:
    """Return a local time, with its day when that is not today."""
    local = at.astimezone()
    return f"{local:%H:%M}" if local.date() == now.astimezone().date() else f"{local:%d %b %H:%M}"
