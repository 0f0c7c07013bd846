"""The program and the bare app in terminals, as the benchmarks drive them."""

import sys
from pathlib import Path
from statistics import median

from benchmarks.town import LONG_NAME
from tests.e2e.terminal import Terminal

COLUMNS, ROWS = 120, 40
QUIET = 0.3
"""Seconds without output after which an answer counts as whole."""

Milliseconds = float


def bare() -> Terminal:
    """Start the bare app in a terminal."""
    return Terminal([sys.executable, "-m", "benchmarks.bare_app"], columns=COLUMNS, rows=ROWS)


def program(location: str, folder: Path) -> Terminal:
    """Start the program in a terminal as an agent does: without arguments, the store being configured."""
    home = {
        "CONTACTS_TUI_DATABASE_URL": location,
        "CONTACTS_TUI_DATA_FOLDER": str(folder),
        "HOME": str(folder),
        "TWILIO_TOKEN": "0" * 32,
    }
    return Terminal([sys.executable, "-m", "contacts_tui"], columns=COLUMNS, rows=ROWS, environment=home)


def settled(location: str, folder: Path) -> Terminal:
    """Start the program, and wait until its list is shown and at rest."""
    terminal = program(location, folder)
    terminal.wait_for(LONG_NAME, "nothing waiting")
    rest(terminal)
    return terminal


def rest(terminal: Terminal) -> None:
    """Wait until no more output comes, and show it on the terminal's screen."""
    terminal.gather(2 * QUIET)
    terminal.show()


def milliseconds(values: list[float]) -> Milliseconds:
    """Return the median of times in seconds, in milliseconds."""
    return median(values) * 1000
