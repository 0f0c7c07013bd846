"""Moving in the list, and opening threads."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.driving import COLUMNS, QUIET, ROWS, milliseconds, rest, settled
from benchmarks.figures import Figure
from benchmarks.town import LAST_WORDS, LONG, LONG_NAME, SHORT, SHORT_NAME
from tests.e2e.terminal import Terminal

IN_VIEW = 25
"""Moves down, and as many up again, for which the list need not scroll."""
TURNS = 2
SCROLLING = 50
"""Moves that each scroll the list."""
PAUSE = 0.05
"""Seconds without output between two moves."""
OPENINGS = 15
"""Openings of each thread, in turns."""


@dataclass(frozen=True, slots=True)
class Move:
    """What one cursor move cost, on average."""

    size: float
    """Bytes."""
    processor: float
    """Milliseconds of processor time of the program."""
    answer: float
    """Milliseconds from the key to the last byte: the median."""


def figures(stores: Mapping[int, str], folder: Path) -> list[Figure]:
    """Measure moving on each store, and opening threads in the largest."""
    found = []
    processor = {}
    for people, location in stores.items():
        in_view, scrolling = _moves(location, folder)
        processor[people] = in_view.processor
        found += [
            Figure(f"a cursor move at {COLUMNS}×{ROWS}, {people:,} people", in_view.size, "bytes", 1000),
            Figure(f"a cursor move, {people:,} people", in_view.processor, "ms of processor time"),
            Figure(f"a cursor move, {people:,} people: key to last byte", in_view.answer, "ms"),
            Figure(f"a cursor move that scrolls, {people:,} people", scrolling.size, "bytes"),
            Figure(f"a cursor move that scrolls, {people:,} people: key to last byte", scrolling.answer, "ms"),
        ]
    small, large = min(stores), max(stores)
    long, short = _openings(stores[large], folder)
    return [
        *found,
        Figure(f"processor time of a move: {large:,} people to {small:,}", processor[large] / processor[small], "×"),
        Figure(f"opening a thread of {SHORT} messages: key to last words", short, "ms"),
        Figure(f"opening a thread: {LONG:,} messages to {SHORT}", long / short, "×", 1.5),
    ]


def _moves(location: str, folder: Path) -> tuple[Move, Move]:
    """Return the cost of moves in view, and of moves that scroll."""
    with settled(location, folder) as terminal:
        terminal.press("j", "k")
        rest(terminal)
        in_view = _average(terminal, ["j", "k"] * TURNS, IN_VIEW)
        terminal.press(*["j"] * ROWS)
        rest(terminal)
        return in_view, _average(terminal, ["j"], SCROLLING)


def _average(terminal: Terminal, keys: list[str], times: int) -> Move:
    """Press each of these keys so many times in a row. Return the average cost of a press."""
    mark, before = terminal.mark(), terminal.cpu_ms()
    answers = []
    for key in keys:
        for _ in range(times):
            pressed = terminal.press(key)
            answers.append(terminal.answer(PAUSE) - pressed)
    processor = terminal.cpu_ms() - before
    return Move(len(terminal.since(mark)) / len(answers), processor / len(answers), milliseconds(answers))


def _openings(location: str, folder: Path) -> tuple[float, float]:
    """Return the milliseconds from the key until the last words of the long and of the short thread are shown."""
    times: dict[str, list[float]] = {LONG_NAME: [], SHORT_NAME: []}
    with settled(location, folder) as terminal:
        # The first opening imports what later ones need.
        _open(terminal, LONG_NAME)
        for _ in range(OPENINGS):
            for name, key in ((SHORT_NAME, "j"), (LONG_NAME, "k")):
                terminal.press(key)
                rest(terminal)
                times[name].append(_open(terminal, name))
    return milliseconds(times[LONG_NAME]), milliseconds(times[SHORT_NAME])


def _open(terminal: Terminal, name: str) -> float:
    pressed = terminal.press("enter")
    terminal.gather(QUIET)
    shown = terminal.wait_for(LAST_WORDS, f"to {name}")
    rest(terminal)
    terminal.press("escape")
    terminal.wait_for("⏎ details")
    terminal.press("escape")
    terminal.wait_for(LONG_NAME, SHORT_NAME)
    rest(terminal)
    return shown - pressed
