"""What an agent got done since the program began: people answered, closed and snoozed, and how long they had waited."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from statistics import median

from contacts_tui.domain.durations import remaining_short
from contacts_tui.services.queue import Kind


class SessionTally:
    """Counts of one agent in one program."""

    def __init__(self) -> None:
        self._waits: list[timedelta] = []
        self._done: Counter[Kind] = Counter()

    def answered(self, wait: timedelta) -> None:
        """Count an answer to a person who had waited for this long."""
        self._waits.append(max(wait, timedelta()))

    def not_answered(self, wait: timedelta) -> None:
        """Take back the count of an answer to a person who had waited for this long."""
        if (known := max(wait, timedelta())) in self._waits:
            self._waits.remove(known)

    def did(self, kind: Kind, contact_ids: Iterable[int], *, undone: bool = False) -> None:
        """Count an action on people; `undone` takes the count back."""
        self._done[kind] += len(tuple(contact_ids)) * (-1 if undone else 1)

    @property
    def words(self) -> str:
        """Everything on one line: "2 answered, 1 closed, 0 snoozed; median wait 14 m, longest 2 h"."""
        counts = f"{len(self._waits)} answered, {self._done[Kind.CLOSE]} closed, {self._done[Kind.SNOOZE]} snoozed"
        if not self._waits:
            return counts
        middle = timedelta(seconds=median(wait.total_seconds() for wait in self._waits))
        return f"{counts}; median wait {remaining_short(middle)}, longest {remaining_short(max(self._waits))}"
