"""The queue by urgency: the states of people, and the deadline of a waiting person."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from contacts_tui.domain.durations import remaining_short
from contacts_tui.domain.snooze import Snooze, Wake, told
from contacts_tui.domain.working_hours import WorkingHours


class State(StrEnum):
    """The state of a person in the queue. A new message of theirs reopens."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class AnswerTarget:
    """How soon an inbox answers, counted in its working hours; `within` is None when it has no target."""

    within: timedelta | None
    hours: WorkingHours

    def due(self, waiting_since: datetime) -> datetime | None:
        """Return when an answer to a message at `waiting_since` is due; None without a target."""
        return None if self.within is None else self.hours.after(waiting_since, self.within)


DEFAULT_TARGET = AnswerTarget(timedelta(hours=1), WorkingHours("", ((),) * 7))
"""The target of an inbox for which none was chosen: an hour, at any time."""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A person in the queue. One entry, whatever number of channels they wrote on."""

    contact_id: int
    state: State
    waiting_since: datetime | None
    """The time of their first unanswered message, by the provider's clock; None when they aren't waiting."""
    deadline: datetime | None
    """When a waiting person runs out of time; None when they aren't waiting, or have no deadline."""
    wake: Wake | None
    wake_at: datetime | None
    """When a snoozed person comes back, unless they write before; None when only that brings them back."""
    assignee: str
    """The assignee; empty for an unassigned person."""


def standing_words(entry: QueueEntry, now: datetime) -> str:
    """Return the state of a person in words: "waiting 14 m, due in 46 m", "snoozed until 14:00", "open", "closed"."""
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

    None for a person who isn't waiting, and without both times.
    """
    if waiting_since is None:
        return None
    return min((end for end in (target.due(waiting_since), window) if end is not None), default=None)
