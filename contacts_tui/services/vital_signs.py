"""The signs that a receiver works: it can write, messages leave, providers are polled, and no message is missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import inboxes
from contacts_tui.store import gaps, outbox, receivers, settings

OLDEST_DUE = timedelta(minutes=10)
"""How long a message may be due: longer than the pauses of a sender with a rate limit."""
OLDEST_ANSWER = timedelta(minutes=3)
"""How long ago a polled provider may have answered. The time is noted to the minute."""

_WRITTEN = "written_at"


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """The state of a store's work."""

    oldest_due: datetime | None
    """Since when the message that waits longest has been due; None when none is."""
    due: int
    """Messages that are due to be sent."""
    unasked: tuple[Inbox, ...]
    """Inboxes whose provider has to be polled, and hasn't answered lately."""
    gaps: int
    """How many gaps are open."""
    unknown: int
    """Messages whose outcome is unknown."""

    def is_late(self, now: datetime) -> bool:
        """Return whether a message has been due for too long."""
        return self.oldest_due is not None and now - self.oldest_due > OLDEST_DUE

    def are_good(self, now: datetime) -> bool:
        """Return whether no sign is bad: no message is late, no provider is silent, no gap is open."""
        return not self.is_late(now) and not self.unasked and not self.gaps


def write(session: Session, clock: Clock) -> None:
    """Write a small value, to show whether the store can be written."""
    settings.put_quietly(session, _WRITTEN, clock().isoformat())


def read(session: Session, clock: Clock) -> VitalSigns:
    """Return the vital signs now."""
    now = clock()
    oldest, due = outbox.oldest_due(session, now)
    connected = inboxes.listed(session, clock)
    return VitalSigns(
        oldest_due=oldest,
        due=due,
        unasked=tuple(inbox for inbox in connected if inbox.is_polled and _is_unasked(session, inbox, now)),
        gaps=len(gaps.open_gaps(session)),
        unknown=outbox.unknowns(session),
    )


def _is_unasked(session: Session, inbox: Inbox, now: datetime) -> bool:
    times = (receivers.answered_at(session, inbox.id), inbox.connected_at)
    return now - max((at for at in times if at is not None), default=now) > OLDEST_ANSWER
