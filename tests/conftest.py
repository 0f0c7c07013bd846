"""What holds for every test: it stays on this machine, hypothesis has no deadline, and what was run again is told."""

import faulthandler

import pytest
from hypothesis import settings

from tests import offline

offline.stay_here()

# A test on a slow machine may take as long as it takes.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


LEAVING = 600
"""Seconds in which a process of the suite has to be gone when its tests are over; others may still be at long ones."""


def pytest_unconfigure() -> None:
    """See to it that nothing that a test left behind keeps the process alive: where it hangs is told, and it ends."""
    faulthandler.dump_traceback_later(LEAVING, exit=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell at the end who was asked for outside of this machine, and in vain, and, where that was asked for
    (`make test`), which tests were run again, by name."""
    if reached := offline.reached():
        terminalreporter.section("asked for outside of this machine")
        for line in reached:
            terminalreporter.line(line)
    if not terminalreporter.config.getoption("reruns", None):
        return
    again = sorted({report.nodeid for report in terminalreporter.stats.get("rerun", ())})
    terminalreporter.section(f"run again: {len(again) or 'none'}")
    for name in again:
        terminalreporter.line(name)
