"""The program as it is, but for its clock, which the driver moves.

    python -m tests.torture.program CLOCK [ARGUMENT...]

CLOCK is the file of a `SharedClock`; the arguments are those of `contacts-tui`. The machine's clock is read in one
place only, and that place is exchanged before anything else of the program is imported.
"""

import sys
from pathlib import Path

from contacts_tui.domain import clock
from tests.torture.clock import SharedClock


def use_clock(file: str) -> SharedClock:
    """Make everything of the program that is imported from here on use this clock, and return it."""
    shared = SharedClock(Path(file))
    clock.utc_now = shared
    return shared


if __name__ == "__main__":
    use_clock(sys.argv[1])
    from contacts_tui.cli.main import main

    sys.exit(main(sys.argv[2:]))
