"""A store of very many people on a server: its way there, the start, the search, an import."""

import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks import people, searching, starting
from benchmarks.figures import Figure
from benchmarks.searching import TERMS
from benchmarks.team.places import FILE, SERVER, server
from contacts_tui.domain.clock import utc_now
from contacts_tui.services import store_copy

ROWS = 20_000
"""Rows that are imported."""
RATE = 2_000
"""The target: rows a second."""


def figures(stores: Mapping[int, str], folder: Path) -> list[Figure]:
    """Measure the largest store, copied to a server, beside itself."""
    size = max(stores)
    with server() as databases:
        at = {FILE: stores[size], SERVER: databases.new()}
        began = time.perf_counter()
        copied = store_copy.copy(at[FILE], at[SERVER], "Kim", utc_now, lambda done, of: None)
        rows = sum(copied.counts.values()) / (time.perf_counter() - began)
        return [
            Figure(f"{FILE} to {SERVER}: rows copied and compared", rows, "/s"),
            *_starts(at, folder),
            *_searches(at),
            *_imports(at, folder),
        ]


def _starts(at: Mapping[str, str], folder: Path) -> list[Figure]:
    starts = starting.started(at, folder)
    found = [Figure("bare Textual app, first frame", 1000 * median(starts.bare), "ms")]
    for name in at:
        on_server = name == SERVER
        found += [
            Figure(f"{name}: first frame to the bare app's", starts.first_frame(name), "×", 1.5 if on_server else None),
            Figure(
                f"{name}: list that moves to the bare app's",
                starts.list_that_moves(name),
                "×",
                2.8 if on_server else None,
            ),
        ]
    return found


def _searches(at: Mapping[str, str]) -> list[Figure]:
    times = {name: searching.service(location) for name, location in at.items()}
    found = [Figure(f"{name}: search for “{term}”", each[term], "ms") for term in TERMS for name, each in times.items()]
    slowest = max(times[SERVER].values()) / max(times[FILE].values())
    return [*found, Figure(f"slowest search, {SERVER} to {FILE}", slowest, "×", 2)]


def _imports(at: Mapping[str, str], folder: Path) -> list[Figure]:
    file = people.written(folder / "team.csv", ROWS)
    found = []
    for name, location in at.items():
        took = people.run(location, folder, "people", "import", str(file))
        found += [
            Figure(f"{name}: import, rows a second", ROWS / took.seconds, "rows/s"),
            Figure(f"{name}: import, rows a second of its processor time", ROWS / took.processor, "rows/s"),
        ]
        if name == SERVER:
            found.append(Figure(f"{RATE:,} rows a second to the import's", RATE * took.seconds / ROWS, "×", 1))
    return found
