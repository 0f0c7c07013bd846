"""The start: how long until something stands on the screen, and until one can work; and the memory of it."""

from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks.driving import QUIET, bare, program
from benchmarks.figures import Figure
from benchmarks.town import LAST_WORDS, LONG_NAME, SHORT_NAME
from tests.e2e.terminal import Terminal

ROUNDS = 9
"""Starts of each, taken in turns, so that a noisy moment hits all alike."""


def figures(stores: Mapping[int, str], folder: Path) -> list[Figure]:
    """Starts of the bare app and of the program on each store, in turns."""
    bare_frames: list[float] = []
    frames: dict[int, list[float]] = {people: [] for people in stores}
    lists: dict[int, list[float]] = {people: [] for people in stores}
    bare_peaks, peaks = [], []
    turns = list(stores.items())
    for _ in range(ROUNDS):
        # Who comes right after the bare app changes: it would find the machine in another state each time.
        turns.reverse()
        first, peak = _bare_start()
        bare_frames.append(first)
        bare_peaks.append(peak)
        for people, location in turns:
            first, moved, peak = _program_start(location, folder)
            frames[people].append(first)
            lists[people].append(moved)
            peaks.append(peak)
    base, small, large = median(bare_frames), min(stores), max(stores)
    found = [Figure("bare Textual app, first frame", base * 1000, "ms")]
    for people in stores:
        found += [
            Figure(f"first frame, {people:,} people: to the bare app's", median(frames[people]) / base, "×", 1.3),
            Figure(f"list that moves, {people:,} people: to the bare app's", median(lists[people]) / base, "×", 2.5),
        ]
    growth = median(lists[large]) / median(lists[small])
    return [
        *found,
        Figure(f"list that moves: {large:,} people to {small:,}", growth, "×", 1.15),
        Figure("bare Textual app, peak memory", median(bare_peaks) / 1024, "MB"),
        Figure("peak memory with a list and a thread: to the bare app's", max(peaks) / median(bare_peaks), "×", 4),
    ]


def _bare_start() -> tuple[float, int]:
    """Seconds to the first frame, and peak memory after a key."""
    with bare() as terminal:
        terminal.wait_bytes(b"0 presses")
        terminal.press("j")
        terminal.gather(QUIET)
        first = terminal.wait_for("A bare app", "0 presses")
        terminal.wait_for("1 presses")
        return first - terminal.started, terminal.peak_kb()


def _program_start(location: str, folder: Path) -> tuple[float, float, int]:
    """Seconds to the first frame and to a list whose cursor has moved, and peak memory with a thread open too."""
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
