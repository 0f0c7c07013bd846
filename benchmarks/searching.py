"""Search while typing, in the largest store: what the service takes, and what the agent waits for."""

from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.driving import QUIET, ROWS, rest, settled
from benchmarks.figures import Figure
from benchmarks.town import LONG_NAME, RARE
from contacts_tui.screens.people.people_reading import FOUND
from contacts_tui.services import people
from contacts_tui.store.store import Store
from tests.e2e.terminal import Terminal

TERMS = {
    "a": "one letter, in every name or address",
    "or": "two letters, in very many",
    "maria": "a given name of one in forty",
    "maria okafor": "two words of a name",
    "order": "a word of every second message",
    "example": "part of every address",
    "thank you": "two common words in a row",
    "fuga": "part of a less common word",
    RARE: "a word of twenty messages",
    "99999": "part of a number",
    "+1 202 013": "the beginning of many numbers",
    "qqqq": "nothing",
}
"""What is typed, and how common it is."""

REPEATS = 5
IN_PROCESS = 15
"""Repeats in this process. They take milliseconds, and noise would decide among fewer."""
LIMIT_MS = 50


def figures(location: str, folder: Path) -> list[Figure]:
    """Measure the service and the program for each term; the target is for the slowest."""
    in_process = service(location)
    ends = _end_to_end(location, folder)
    found = []
    for term, what in TERMS.items():
        found += [
            Figure(f"“{term}” ({what}): service", in_process[term], "ms"),
            Figure(f"“{term}”: key to new list", ends[term], "ms"),
        ]
    return [
        *found,
        Figure("the slowest, service: search and the rows of a screen", max(in_process.values()), "ms", LIMIT_MS),
        Figure("the slowest, last key to new list on the terminal", max(ends.values()), "ms", LIMIT_MS),
    ]


def service(location: str) -> dict[str, float]:
    """Return by term the milliseconds, in this process, to find the matching ids and read the rows in view."""
    with closing(Store.open(location)) as store:

        def once(term: str) -> float:
            began = perf_counter()
            ids = store.call_read(people.search, term, FOUND).ids
            store.call_read(people.rows, ids[:ROWS])
            return (perf_counter() - began) * 1000

        return {term: median(once(term) for _ in range(IN_PROCESS)) for term in TERMS}


def _end_to_end(location: str, folder: Path) -> dict[str, float]:
    """Return by term the milliseconds from the last letter's key until the list's last change on the terminal."""
    with settled(location, folder) as terminal:
        terminal.press("/")
        rest(terminal)
        return {term: median(_typed(terminal, term) for _ in range(REPEATS)) for term in TERMS}


def _typed(terminal: Terminal, term: str) -> float:
    if term[:-1]:
        terminal.type(term[:-1])
        rest(terminal)
    pressed = terminal.type(term[-1])
    terminal.answer(QUIET)
    changed = _last_change(terminal, f"Matches for “{term}”")
    terminal.press("escape")
    terminal.wait_for(LONG_NAME)
    rest(terminal)
    terminal.press("/")
    rest(terminal)
    return (changed - pressed) * 1000


def _last_change(terminal: Terminal, heading: str) -> float:
    """Show the gathered output. Return the time of the last change of the list under `heading`."""
    changed = terminal.wait_for(heading)
    shown = _list(terminal)
    while terminal.show_next():
        if (now := _list(terminal)) != shown:
            shown, changed = now, terminal.shown_at
    return changed


def _list(terminal: Terminal) -> list[str]:
    """Return the lines that hold people, without the field above them and the status below them."""
    return terminal.lines[2:-2]
