"""What holds for every test: no deadline of hypothesis' own, and a word on what was run again."""

import pytest
from hypothesis import settings

# A test on a slow machine may take as long as it takes.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell at the end which tests were run again, by name, where that was asked for (`make test`)."""
    if not terminalreporter.config.getoption("reruns", None):
        return
    again = sorted({report.nodeid for report in terminalreporter.stats.get("rerun", ())})
    terminalreporter.section(f"run again: {len(again) or 'none'}")
    for name in again:
        terminalreporter.line(name)
