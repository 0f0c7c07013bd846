"""The interface with faults behind keys, as a user runs it: how does it leave the terminal, and what is in its log?

python -m tests.e2e.crashing LOCATION FAULT
"""

import asyncio
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

import contacts_tui
from contacts_tui.app import ContactsApp
from contacts_tui.cli.deadline import leave_in_time
from contacts_tui.cli.interface import run_app, send_what_waits
from contacts_tui.cli.logs import log_to
from contacts_tui.cli.streams import streams
from contacts_tui.domain.view import EVERYBODY
from contacts_tui.screens.session import AgentSession
from contacts_tui.store.store import Store


class Unpaintable(Widget):
    """Can't be drawn."""

    def render(self) -> RenderResult:
        """Raise an unforeseen error."""
        raise ZeroDivisionError("a mistake while drawing")


class Uncomposable(Screen[None]):
    """Can't be put together."""

    def compose(self) -> ComposeResult:
        """Raise an unforeseen error."""
        raise ZeroDivisionError("a mistake while composing")


class CrashingApp(ContactsApp):
    """As always, until the key is pressed."""

    # Textual looks for it beside the subclass.
    CSS_PATH = str(Path(contacts_tui.__file__).with_name("screens") / "people" / "people_screen.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+x", "fail", priority=True)]

    fault = ""

    async def action_fail(self) -> None:
        """Fail in the way that was asked for."""
        await getattr(self, f"in_{self.fault}")()

    async def in_handler(self) -> None:
        """Fail in what a key does."""
        raise ZeroDivisionError("a mistake in a handler")

    async def in_frame(self) -> None:
        """Fail in what a widget draws."""
        await self.screen.mount(Unpaintable())

    async def in_compose(self) -> None:
        """Fail in the composition of a screen."""
        self.push_screen(Uncomposable())

    async def in_screen(self) -> None:
        """Fail in the screen that has the text, so that it can't store the text by itself."""
        self.screen.call_next(self._divide)

    async def in_worker(self) -> None:
        """Fail in a worker."""
        self.run_worker(self._divide())

    async def in_driver(self) -> None:
        """Fail in the thread that reads the terminal."""
        driver: Any = self._driver
        driver._read = self._wrongly
        self.notify("now")

    async def in_panic(self) -> None:
        """Panic, as Textual's own way to give up."""
        self.panic("a mistake of Textual's")

    async def in_hanging(self) -> None:
        """Block the event loop for good."""
        threading.Timer(0.2, os.kill, (os.getpid(), 15)).start()
        time.sleep(3600)  # noqa: ASYNC251 (what it is for)

    async def _divide(self) -> None:
        await asyncio.sleep(0)
        raise ZeroDivisionError("a mistake of ours")

    def _wrongly(self) -> bytes:
        raise ZeroDivisionError("a mistake while reading")


class StuckSession(AgentSession):
    """A desk whose store never opens, as on a disk that hangs."""

    def _open(self) -> Store:
        while True:
            time.sleep(1)


if __name__ == "__main__":
    log_to("interface", "info")
    CrashingApp.fault = sys.argv[2]
    session = (StuckSession if CrashingApp.fault == "opening" else AgentSession)(sys.argv[1], "Kim", view=EVERYBODY)
    ended = run_app(lambda ending: CrashingApp(session, background=[send_what_waits], on_ending=ending))
    # As `cli.main` ends: what a terminal that is gone doesn't take any more is no failure.
    code = streams.final_status(ended)
    leave_in_time(code)
    sys.exit(code)
