"""Run every benchmark, or those that are named, and print their figures: `python -m benchmarks [NAME...]`.

A first part, such as `team`, names all benchmarks whose names begin with it.
"""

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
    town,
    viewing,
    working,
)
from benchmarks.figures import Figure, table
from benchmarks.team import agents, large, receiving, sending
from contacts_tui.domain.clock import utc_now
from tests import offline

SIZES = (1_000, 100_000)
"""People in the stores."""

_NEED_STORES = {"starting", "working", "searching", "viewing", "people", "team_large"}
"""The benchmarks that need stores full of people, which take a while to make."""

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
    "team_sending": ("A store for a team: sending", sending.figures),
    "team_receiving": ("A store for a team: receiving", receiving.figures),
    "team_agents": ("A store for a team: a hundred agents", agents.figures),
    "team_large": (f"A store for a team: {max(SIZES):,} people", large.figures),
    "memory": ("Memory of serve", lambda stores, folder: memory.figures(folder)),
}


def main(names: Sequence[str]) -> int:
    """Print a table for each benchmark. Return 1 when a target is missed, 2 for an unknown name."""
    if unknown := [name for name in names if not _named([name])]:
        _say(f"no benchmark is named {', '.join(unknown)}: choose from {', '.join(BENCHMARKS)}")
        return 2
    offline.stay_here()
    missed = False
    _say(f"{utc_now():%Y-%m-%d}, {cpu_count()} cores, Python {platform.python_version()}, {platform.system()}\n")
    with tempfile.TemporaryDirectory(prefix="contacts-tui-bench-") as temporary:
        folder = Path(temporary)
        chosen = _named(names) if names else list(BENCHMARKS)
        stores = {people: town.place(people, folder) for people in SIZES} if _NEED_STORES & set(chosen) else {}
        for name in chosen:
            title, measure = BENCHMARKS[name]
            found = measure(stores, folder)
            _say(table(title, found))
            missed = missed or any(figure.is_missed for figure in found)
    return int(missed)


def _named(names: Sequence[str]) -> list[str]:
    return [known for known in BENCHMARKS if any(f"{known}_".startswith(f"{name}_") for name in names)]


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
