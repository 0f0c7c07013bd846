"""What holds for every test: it stays on this machine, hypothesis has no deadline, tests that ran again are listed."""

import contextlib
import faulthandler
import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from contacts_sandbox.database_server import own_server
from contacts_tui import paths
from tests import offline
from tests.postgresql import OWN_SERVER, Databases

offline.stay_here()

# A suite holds so many objects that looking for garbage at Python's usual rate takes a seventh of its time.
gc.set_threshold(50_000, 50, 100)

# A test on a slow machine may take as long as it takes.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


LEAVING = 600
"""Seconds in which a process of the suite has to be gone when its tests are over; others may still be at long ones."""


ENGINES = ("sqlite", "postgresql")
"""The databases for tests that take `engine`, `location`, `store` or `world`, unless the marker `engine` names one."""

_for_all_processes = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the database server that the processes of a suite share; one process alone starts it when it needs it."""
    config.addinivalue_line("markers", "engine(*names): the databases that the test is about, of sqlite and postgresql")
    if config.getoption("numprocesses", None) and OWN_SERVER not in os.environ:
        os.environ[OWN_SERVER] = _for_all_processes.enter_context(own_server()).address()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of a store on each database."""
    if "engine" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("engine")
        metafunc.parametrize("engine", marker.args if marker else ENGINES)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Yield what makes and drops databases on a server."""
    with contextlib.ExitStack() as stack:
        server = os.environ.get(OWN_SERVER) or stack.enter_context(own_server()).address()
        made = Databases(server)
        yield made
        made.close()


@pytest.fixture
def location(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Yield the address of the test's store: no file yet, or a database with empty tables."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    # This machine's copies of files are kept there.
    monkeypatch.setenv(paths.FOLDER_VARIABLE, str(tmp_path))
    databases: Databases = request.getfixturevalue("databases")
    made = databases.store()
    yield made
    databases.drop(made)


def pytest_unconfigure() -> None:
    """End the process when something that a test left behind keeps it alive, and print where it hangs."""
    _for_all_processes.close()
    faulthandler.dump_traceback_later(LEAVING, exit=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List at the end the addresses outside of this machine that were asked for in vain, and, with `--reruns` (`make
    test`), which tests were run again, by name, and why.
    """
    if reached := offline.reached():
        terminalreporter.section("asked for outside of this machine")
        for line in reached:
            terminalreporter.line(line)
    if not terminalreporter.config.getoption("reruns", None):
        return
    reports = terminalreporter.stats.get("rerun", ())
    again = sorted({report.nodeid for report in reports})
    for report in reports:
        terminalreporter.section(f"why {report.nodeid} was run again", sep="-")
        terminalreporter.line(report.longreprtext)
    terminalreporter.section(f"run again: {len(again) or 'none'}")
    for name in again:
        terminalreporter.line(name)
