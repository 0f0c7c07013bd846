"""Gaps: spans of time in which people may have written while nobody received it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """Why it isn't proven that everything came in."""

    STOPPED = "stopped"
    """No receiver ran."""
    STALLED = "stalled"
    """A receiver stood still: stopped by a signal, on a suspended machine, kept waiting by the store."""
    REFUSED = "refused"
    """A webhook was answered with an error, or with nothing, and so not stored."""
    ASKED = "asked"
    """Somebody wants it looked through."""
    EXPIRED = "expired"
    """Nobody received for longer than the provider keeps what it couldn't hand over."""

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
    """A span of time of which it isn't proven that everything came in to an inbox."""

    id: int
    inbox_id: int
    reason: Reason
    since: datetime
    until: datetime
    is_lost: bool
    """Whether the provider can't give back what came in meanwhile: somebody has to take note of it."""
    taken: int = 0
    """Messages that were missed and have been taken in since."""
    cursor: str = ""
    """Where the provider's list goes on; empty at its beginning and at its end."""
    is_listed: bool = False
    """Whether the list was read to its end, so that only what was found has to be taken in."""
    read: int = 0
    """Messages of the list that were read so far."""
    reported_up_to: int = 0
    """The id of the last message of ours whose status was asked for."""
    tries: int = 0
    """Failures in a row."""
    not_before: datetime | None = None
    """When the provider may be asked again after a failure."""
    code: str = ""
    """What the last failure was; empty when there was none since."""
    closed_at: datetime | None = None
    closed_by: str = ""
    """Who took note of a gap that can't be closed; empty for one that was closed by what came in."""

    def sentence(self, now: datetime) -> str:
        """Since when messages may be missing, and what is done about it. Times are local."""
        if self.is_lost:
            return f"lost messages from {_clock(self.since, now)} to {_clock(self.until, now)}: {self.reason.words}"
        doing = "can't catch up yet" if self.code else "catching up"
        return f"may be missing messages since {_clock(self.since, now)}: {doing}"


@dataclass(frozen=True, slots=True)
class MissedMessage:
    """A message that a provider lists as one that a person wrote to us."""

    provider_id: str
    at: datetime
    """By the provider's clock."""
    files: int
    """How many files it has; where they are is asked for when it is taken in."""
    raw: Mapping[str, object]
    """What the list says of it, by the names of a webhook's fields."""


def _clock(at: datetime, now: datetime) -> str:
    """A local time, with its day when that is not today."""
    local = at.astimezone()
    return f"{local:%H:%M}" if local.date() == now.astimezone().date() else f"{local:%d %b %H:%M}"
