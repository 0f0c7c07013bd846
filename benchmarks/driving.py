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
    """The bare app, just started."""
    return Terminal([sys.executable, "-m", "benchmarks.bare_app"], columns=COLUMNS, rows=ROWS)


def program(location: str, folder: Path) -> Terminal:
    """The program, just started as an agent does: without arguments, the store being configured."""
    home = {
        "CONTACTS_TUI_DATABASE_URL": location,
        "CONTACTS_TUI_DATA_FOLDER": str(folder),
        "HOME": str(folder),
        "TWILIO_TOKEN": "0" * 32,
    }
    return Terminal([sys.executable, "-m", "contacts_tui"], columns=COLUMNS, rows=ROWS, environment=home)


def settled(location: str, folder: Path) -> Terminal:
    """The program with its list shown, and at rest."""
    terminal = program(location, folder)
    terminal.wait_for(LONG_NAME, "nothing waiting")
    rest(terminal)
    return terminal


def rest(terminal: Terminal) -> None:
    """Lets everything that is under way come to its end, and brings it to the screen."""
    terminal.gather(2 * QUIET)
    terminal.show()


def milliseconds(values: list[float]) -> Milliseconds:
    """The middle one of times in seconds."""
    return median(values) * 1000
