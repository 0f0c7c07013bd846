"""Who runs out of time first: states of people in the queue, and the deadline of one who waits."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from contacts_tui.domain.durations import remaining_short
from contacts_tui.domain.snooze import Snooze, Wake, told
from contacts_tui.domain.working_hours import WorkingHours


class State(StrEnum):
    """Where a person stands in the queue. A new message of theirs opens."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class AnswerTarget:
    """How soon an inbox answers, counted in its working hours; no span means that it has no target."""

    within: timedelta | None
    hours: WorkingHours

    def due(self, waiting_since: datetime) -> datetime | None:
        """Return when an answer to a message of then is due, or None."""
        return None if self.within is None else self.hours.after(waiting_since, self.within)


DEFAULT_TARGET = AnswerTarget(timedelta(hours=1), WorkingHours("", ((),) * 7))
"""The target of an inbox for which nobody chose one: an hour, at any time."""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A person in the queue. One entry, whatever number of channels they wrote on."""

    contact_id: int
    state: State
    waiting_since: datetime | None
    """The first message of theirs that nobody answered, by the provider's time; None when nothing waits."""
    deadline: datetime | None
    """When the person who waits runs out of time; None when nothing waits, or nothing ends."""
    wake: Wake | None
    wake_at: datetime | None
    """When a snoozed person comes back, unless they write before; None when only that brings them back."""
    assignee: str
    """The agent the person belongs to; empty for nobody."""


def standing_words(entry: QueueEntry, now: datetime) -> str:
    """Return where a person stands: "waiting 14 m, due in 46 m", "snoozed until 14:00", "open", "closed"."""
    parts = []
    if entry.state is State.SNOOZED:
        snooze = Snooze(entry.wake or Wake.REPLY, entry.wake_at)
        parts.append(f"snoozed {told(snooze, now, now.astimezone().tzinfo or UTC)}")
    if entry.waiting_since is not None:
        parts.append(f"waiting {remaining_short(max(now - entry.waiting_since, timedelta()))}")
        if entry.deadline is not None:
            late = now - entry.deadline
            parts.append(f"{remaining_short(late)} late" if late >= timedelta() else f"due in {remaining_short(-late)}")
    return ", ".join(parts or [entry.state.value])


def deadline(waiting_since: datetime | None, target: AnswerTarget, window: datetime | None) -> datetime | None:
    """Return the earlier of the answer's due time and the end of the first open window (less the safety margin).

    None for a person who doesn't wait, and when neither ends.
    """
    if waiting_since is None:
        return None
    return min((end for end in (target.due(waiting_since), window) if end is not None), default=None)
