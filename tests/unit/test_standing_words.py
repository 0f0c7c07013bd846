"""A person's place in the queue, in words; and what an agent has done."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts_tui.domain.snooze import Wake
from contacts_tui.domain.urgency import QueueEntry, State, standing_words
from contacts_tui.screens.session_tally import SessionTally
from contacts_tui.services.queue import Kind

NOW = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)


def entry(state: State, waited: int | None = None, left: int | None = None, wake: Wake | None = None) -> QueueEntry:
    """Return an entry with minutes waited and left; a snooze at a time ends ten minutes from now."""
    until = NOW + timedelta(minutes=10) if wake is Wake.AT else None
    since = None if waited is None else NOW - timedelta(minutes=waited)
    deadline = None if left is None else NOW + timedelta(minutes=left)
    return QueueEntry(1, state, since, deadline, wake, until, "")


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (entry(State.OPEN), "open"),
        (entry(State.CLOSED), "closed"),
        (entry(State.OPEN, waited=14, left=46), "waiting 14 m, due in 46 m"),
        (entry(State.OPEN, waited=14), "waiting 14 m"),
        (entry(State.OPEN, waited=90, left=-30), "waiting 1 h 30 m, 30 m late"),
        (entry(State.OPEN, waited=-1, left=46), "waiting 0 m, due in 46 m"),
        (entry(State.SNOOZED, wake=Wake.REPLY), "snoozed until they write"),
        (entry(State.SNOOZED, waited=5, wake=Wake.REPLY), "snoozed until they write, waiting 5 m"),
    ],
)
def test_a_standing_is_told_in_words(standing: QueueEntry, words: str) -> None:
    assert standing_words(standing, NOW) == words


def test_a_snooze_says_until_when_by_the_clock_on_the_wall() -> None:
    local = (NOW + timedelta(minutes=10)).astimezone()
    assert standing_words(entry(State.SNOOZED, wake=Wake.AT), NOW) == f"snoozed until {local:%H:%M}"


def test_a_tally_counts_what_was_done_and_not_undone() -> None:
    tally = SessionTally()
    assert tally.words == "0 answered, 0 closed, 0 snoozed"
    for minutes in (2, 14, 120):
        tally.answered(timedelta(minutes=minutes))
    tally.answered(timedelta(hours=5))
    tally.not_answered(timedelta(hours=5))
    tally.did(Kind.CLOSE, [1, 2, 3])
    tally.did(Kind.SNOOZE, [4])
    tally.did(Kind.CLOSE, [2], undone=True)
    assert tally.words == "3 answered, 2 closed, 1 snoozed; median wait 14 m, longest 2 h"
