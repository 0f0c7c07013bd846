"""Search as one types, in the largest store: what the service takes, and what the agent waits for."""

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
"""As many, where a repetition takes milliseconds: a noisy one of few would decide."""
LIMIT_MS = 50


def figures(location: str, folder: Path) -> list[Figure]:
    """Both for each term; the aim is at the slowest."""
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
    """Milliseconds, in this process, for the ids that match and the lines of those in view."""
    with closing(Store.open(location)) as store:

        def once(term: str) -> float:
            began = perf_counter()
            ids = store.call_read(people.search, term, FOUND).ids
            store.call_read(people.rows, ids[:ROWS])
            return (perf_counter() - began) * 1000

        return {term: median(once(term) for _ in range(IN_PROCESS)) for term in TERMS}


def _end_to_end(location: str, folder: Path) -> dict[str, float]:
    """Milliseconds from the last letter's key until the list on the terminal has changed for the last time."""
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
    """Shows what was gathered, and returns when the list under its heading came to what it is in the end."""
    changed = terminal.wait_for(heading)
    shown = _list(terminal)
    while terminal.show_next():
        if (now := _list(terminal)) != shown:
            shown, changed = now, terminal.shown_at
    return changed


def _list(terminal: Terminal) -> list[str]:
    """The lines that hold people: not the field over them, and not the status under them."""
    return terminal.lines[2:-2]
