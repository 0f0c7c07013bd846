"""The driver after the end: a terminal that closes then, or a program that goes on, restarts nothing."""

import asyncio
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from textual.app import App

from contacts_tui.terminal.driver import TerminalDriver

TAKEN = (signal.SIGTSTP, signal.SIGCONT)
"""The signals that Textual's driver handles from the beginning."""


@pytest.fixture
def ended() -> Iterator[TerminalDriver]:
    """Yield the driver of an app that was told to end, and whose loop is closed."""
    before = {number: signal.getsignal(number) for number in TAKEN}

    async def make() -> TerminalDriver:
        app: App[Any] = App()
        driver = TerminalDriver(app)
        app.exit()
        return driver

    yield asyncio.run(make())
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.filterwarnings("error")
def test_a_terminal_that_closes_after_the_end_is_told_to_nobody(ended: TerminalDriver) -> None:
    ended.send_message(TerminalDriver.HungUp())


def test_a_program_that_goes_on_after_its_end_takes_no_terminal(ended: TerminalDriver) -> None:
    signal.raise_signal(signal.SIGCONT)
    assert ended._writer_thread is None
