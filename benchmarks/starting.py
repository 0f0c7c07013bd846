"""The start: how long until the first frame is shown, and until the list can be used; and its memory."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Generic, TypeVar

from benchmarks.driving import QUIET, bare, program
from benchmarks.figures import Figure
from benchmarks.town import LAST_WORDS, LONG_NAME, SHORT_NAME
from tests.e2e.terminal import Terminal

ROUNDS = 9
"""Starts of each, taken in turns, so that a noisy moment hits all alike."""


Which = TypeVar("Which", bound=Hashable)


@dataclass(slots=True)
class Starts(Generic[Which]):
    """Starts of the bare app and of the program on each store."""

    bare: list[float] = field(default_factory=list)
    """Seconds to its first frame."""
    frames: dict[Which, list[float]] = field(default_factory=dict)
    """Seconds to the first frame."""
    lists: dict[Which, list[float]] = field(default_factory=dict)
    """Seconds to a list whose cursor has moved."""
    bare_peaks: list[int] = field(default_factory=list)
    """The most memory that it held, in kilobytes."""
    peaks: list[int] = field(default_factory=list)

    def first_frame(self, which: Which) -> float:
        """Return the ratio of the program's first frame to the bare app's."""
        return median(self.frames[which]) / median(self.bare)

    def list_that_moves(self, which: Which) -> float:
        """Return the ratio of the program's list that moves to the bare app's first frame."""
        return median(self.lists[which]) / median(self.bare)


def figures(stores: Mapping[int, str], folder: Path) -> list[Figure]:
    """Measure starts of the bare app and of the program on each store, in turns."""
    starts = started(stores, folder)
    small, large = min(stores), max(stores)
    found = [Figure("bare Textual app, first frame", median(starts.bare) * 1000, "ms")]
    for people in stores:
        found += [
            Figure(f"first frame, {people:,} people: to the bare app's", starts.first_frame(people), "×", 1.3),
            Figure(f"list that moves, {people:,} people: to the bare app's", starts.list_that_moves(people), "×", 2.5),
        ]
    growth = median(starts.lists[large]) / median(starts.lists[small])
    peaks = max(starts.peaks) / median(starts.bare_peaks)
    return [
        *found,
        Figure(f"list that moves: {large:,} people to {small:,}", growth, "×", 1.15),
        Figure("bare Textual app, peak memory", median(starts.bare_peaks) / 1024, "MB"),
        Figure("peak memory with a list and a thread: to the bare app's", peaks, "×", 4),
    ]


def started(stores: Mapping[Which, str], folder: Path) -> Starts[Which]:
    """Start the bare app and the program on each store, in turns."""
    found: Starts[Which] = Starts()
    turns = list(stores.items())
    for _ in range(ROUNDS):
        # The store that comes right after the bare app changes, because that start finds the machine in another state.
        turns.reverse()
        first, peak = _bare_start()
        found.bare.append(first)
        found.bare_peaks.append(peak)
        for which, location in turns:
            first, moved, peak = _program_start(location, folder)
            found.frames.setdefault(which, []).append(first)
            found.lists.setdefault(which, []).append(moved)
            found.peaks.append(peak)
    return found


def _bare_start() -> tuple[float, int]:
    """Start the bare app. Return the seconds to the first frame, and the peak memory in kilobytes after a key."""
    with bare() as terminal:
        terminal.wait_bytes(b"0 presses")
        terminal.press("j")
        terminal.gather(QUIET)
        first = terminal.wait_for("A bare app", "0 presses")
        terminal.wait_for("1 presses")
        return first - terminal.started, terminal.peak_kb()


def _program_start(location: str, folder: Path) -> tuple[float, float, int]:
    """Start the program. Return seconds to first frame and to moved cursor, and peak kilobytes with a thread open."""
    with program(location, folder) as terminal:
        terminal.wait_bytes(LONG_NAME.encode())
        terminal.press("j")
        terminal.gather(QUIET)
        first = terminal.wait_for("Contacts", "/ name, number")
        moved = terminal.wait_until(lambda: _is_chosen(terminal, SHORT_NAME), "the cursor's move")
        terminal.press("enter")
        terminal.wait_for(LAST_WORDS, f"to {SHORT_NAME}")
        return first - terminal.started, moved - terminal.started, terminal.peak_kb()


def _is_chosen(terminal: Terminal, name: str) -> bool:
    return any("▸" in line and name in line for line in terminal.lines)
