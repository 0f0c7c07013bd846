"""Runs every benchmark, or those that are named, and prints their figures: `python -m benchmarks [NAME...]`."""

import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from os import cpu_count
from pathlib import Path

from benchmarks import (
    catch_up,
    inbound,
    latency,
    memory,
    outbound,
    people,
    searching,
    starting,
    strangers,
    team,
    town,
    viewing,
    working,
)
from benchmarks.figures import Figure, table
from contacts_tui.domain.clock import utc_now
from tests import offline

SIZES = (1_000, 100_000)
"""People in the stores."""

Stores = dict[int, str]

BENCHMARKS: dict[str, tuple[str, Callable[[Stores, Path], list[Figure]]]] = {
    "starting": ("Starting", starting.figures),
    "working": ("Moving and opening", working.figures),
    "searching": (
        f"Searching among {max(SIZES):,} people",
        lambda stores, folder: searching.figures(stores[max(SIZES)], folder),
    ),
    "viewing": (
        f"Views over {max(SIZES):,} people",
        lambda stores, folder: viewing.figures(stores[max(SIZES)]),
    ),
    "people": ("People in and out", lambda stores, folder: people.figures(stores[min(SIZES)], folder)),
    "outbound": ("Sending", lambda stores, folder: outbound.figures(folder)),
    "inbound": ("Receiving", lambda stores, folder: inbound.figures(folder)),
    "catch_up": ("Catching up", lambda stores, folder: catch_up.figures(folder)),
    "strangers": ("Strangers at the receiver", lambda stores, folder: strangers.figures(folder)),
    "latency": ("Between provider and screen", lambda stores, folder: latency.figures(folder)),
    "team": ("A store for a team", lambda stores, folder: team.figures(folder)),
    "memory": ("Memory of serve", lambda stores, folder: memory.figures(folder)),
}


def main(names: Sequence[str]) -> int:
    """Prints a table for each. Returns 1 when a target is missed, 2 for a name that is none."""
    if unknown := [name for name in names if name not in BENCHMARKS]:
        _say(f"no benchmark is named {', '.join(unknown)}: choose from {', '.join(BENCHMARKS)}")
        return 2
    offline.stay_here()
    missed = False
    _say(f"{utc_now():%Y-%m-%d}, {cpu_count()} cores, Python {platform.python_version()}, {platform.system()}\n")
    with tempfile.TemporaryDirectory(prefix="contacts-tui-bench-") as temporary:
        folder = Path(temporary)
        chosen = [BENCHMARKS[name] for name in names or BENCHMARKS]
        stores = {people: town.place(people, folder) for people in SIZES} if _need_stores(names) else {}
        for title, measure in chosen:
            found = measure(stores, folder)
            _say(table(title, found))
            missed = missed or any(figure.is_missed for figure in found)
    return int(missed)


def _need_stores(names: Sequence[str]) -> bool:
    """Whether one of the benchmarks works on the stores full of people: making them takes its time."""
    return not names or bool(set(names) & {"starting", "working", "searching", "viewing", "people"})


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
