"""People in and out: an import beside an interface on the same store, its undo, an export, and one person forgotten."""

import contextlib
import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import quantiles

from benchmarks.driving import settled
from benchmarks.figures import Figure
from benchmarks.town import LONG, LONG_NAME
from contacts_tui.services import forgetting, people
from contacts_tui.store.store import Store
from tests.e2e.terminal import Terminal

ROWS = (1, 10_000, 100_000)
"""Rows of the files; the import of the first shows what the start of a command costs."""
RATE = 3_000
"""The target: rows a second."""
PAUSE = 0.05
"""Seconds without output between two keys, or the next change of a list that follows the import."""
ALONE = 100
"""Keys that are pressed while nothing else goes on."""
LOOK = 0.01
"""Seconds between two looks at a command."""
VIEWS = 18
"""Columns of the views, to the left of the list."""
_GIVEN = ("Ann", "Ben", "Carla", "Dmitri", "Leïla", "Jürgen", "Noor", "Priya", "Zoë", "Amara")
_FAMILY = ("Lee", "Baker", "Nuñez", "Ivanov", "Haddad", "Weber", "Okafor", "Nair", "Kraus", "Eze")
_NUMBERS = ("+49 151 {:08d}", "+234 803 {:07d}", "+33 6 {:08d}", "+91 98 {:08d}", "+44 77 {:08d}")


def figures(location: str, folder: Path) -> list[Figure]:
    """Measure import, undo and export by commands, and forgetting in this process."""
    files = {rows: written(folder / f"{rows}.csv", rows) for rows in ROWS}
    one, some, most = ROWS
    ended = {rows: run(location, folder, "people", "import", str(files[rows])) for rows in (one, some)}
    with settled(location, folder) as terminal:
        alone = _p95(terminal, lambda pressed: pressed < ALONE)
        ended[most] = importing = _Command(location, folder, "people", "import", str(files[most]))
        beside = _p95(terminal, lambda _: importing.is_running())
    undone = run(location, folder, "people", "undo")
    again = run(location, folder, "people", "import", str(files[most]))
    exported = run(location, folder, "people", "export", str(folder / "out.csv"))
    rate = most / ended[most].seconds
    return [
        Figure(f"import of {most:,} rows beside an interface", rate, "rows/s"),
        Figure(f"{RATE:,} rows a second to that", RATE / rate, "×", 1.0),
        Figure(f"import of {most:,} rows alone", most / again.seconds, "rows/s"),
        Figure("rows a second of the import's processor time", most / ended[most].processor, "rows/s"),
        Figure(f"memory: {some:,} rows above one row", ended[some].peak - ended[one].peak, "MB", 60),
        Figure(f"memory: {most:,} rows above one row", ended[most].peak - ended[one].peak, "MB", 60),
        Figure("a key in the interface, nothing else going on: p95", alone, "ms"),
        Figure("a key in the interface during the import: p95", beside, "ms", 50),
        Figure(f"undo of {most - some:,} people", (most - some) / undone.seconds, "people/s"),
        Figure(f"export of {most:,} people as CSV", most / exported.seconds, "people/s"),
        Figure("export to import, alone", exported.seconds / again.seconds, "×", 1.0),
        Figure(f"forgetting a person with {LONG:,} messages", _forget(location), "s", 2.0),
    ]


def written(path: Path, rows: int) -> Path:
    """Write a file of so many people to import, and return its path."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream).writerow
        write(("Name", "Phone", "E-mail", "Company", "Tags", "Notes"))
        for place in range(rows):
            name = f"{_GIVEN[place % 10]} {_FAMILY[place // 10 % 10]} {place}"
            number = _NUMBERS[place % 5].format(place)
            write((name, number, f"p{place}@x{place % 97}.example", f"Firm {place % 500}", "vip", "a note"))
    return path


class _Command:
    """A command while it runs."""

    def __init__(self, location: str, folder: Path, *words: str) -> None:
        command = [sys.executable, "-m", "contacts_tui", "--database", location, *words]
        environment = os.environ | {"HOME": str(folder), "CONTACTS_TUI_DATA_FOLDER": str(folder)}
        self._words = words
        self._began = time.perf_counter()
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
        self.seconds = 0.0
        """How long it took, exact to LOOK seconds or the time of a key."""
        self.processor = 0.0
        """Seconds of processor time, which depend less on what else the machine does."""
        self.peak = 0.0
        """The most memory that it held, in megabytes."""

    def is_running(self) -> bool:
        """Return whether it still runs, and note its memory and times. It must not end with an error."""
        with contextlib.suppress(OSError):
            stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            # These are all that the kernel tells of a process that has ended.
            self.processor = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
            for line in Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii").splitlines():
                if line.startswith("VmHWM:"):
                    self.peak = int(line.split()[1]) / 1000
        if self._process.poll() is None:
            return True
        self.seconds = self.seconds or time.perf_counter() - self._began
        assert self._process.returncode == 0, f"{self._words} ended with {self._process.returncode}"
        return False


def run(location: str, folder: Path, *words: str) -> _Command:
    """Run a command to its end, and return it with its times and memory."""
    command = _Command(location, folder, *words)
    while command.is_running():
        time.sleep(LOOK)
    return command


def _p95(terminal: Terminal, goes_on: Callable[[int], bool]) -> float:
    """Press keys while `goes_on(keys so far)`. Return the p95 of the milliseconds until the list's cursor moved."""
    answers: list[float] = []
    while goes_on(len(answers)):
        others = (_cursor(terminal), None)
        pressed = terminal.press("j" if len(answers) % 2 == 0 else "k")
        moved = terminal.wait_until(partial(_is_elsewhere, terminal, others), "the cursor to move")
        answers.append(moved - pressed)
        terminal.gather(PAUSE)
        terminal.show()
    return quantiles(answers, n=20)[-1] * 1000


def _is_elsewhere(terminal: Terminal, others: Collection[int | None]) -> bool:
    return _cursor(terminal) not in others


def _cursor(terminal: Terminal) -> int | None:
    """Return the line of the list's cursor on the terminal; None while it is being drawn."""
    return next((row for row, line in enumerate(terminal.lines) if "▸" in line[VIEWS:]), None)


def _forget(location: str) -> float:
    with closing(Store.open(location)) as store:
        long = store.call_read(people.find, LONG_NAME)
        began = time.perf_counter()
        forgetting.forget(store, "Kim", long.id)
        return time.perf_counter() - began
