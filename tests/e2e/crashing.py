"""The interface as a user runs it, with a fault behind ctrl+x, or, for `opening`, with a store that never opens.

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
    """A widget that can't be drawn."""

    def render(self) -> RenderResult:
        """Raise an unforeseen error."""
        raise ZeroDivisionError("a mistake while drawing")


class Uncomposable(Screen[None]):
    """A screen that can't be composed."""

    def compose(self) -> ComposeResult:
        """Raise an unforeseen error."""
        raise ZeroDivisionError("a mistake while composing")


class CrashingApp(ContactsApp):
    """The usual interface, until ctrl+x is pressed."""

    # Else Textual would look for the file beside this module.
    CSS_PATH = str(Path(contacts_tui.__file__).with_name("screens") / "people" / "people_screen.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+x", "fail", priority=True)]

    fault = ""

    async def action_fail(self) -> None:
        """Fail in the way that was asked for."""
        await getattr(self, f"in_{self.fault}")()

    async def in_handler(self) -> None:
        """Fail in the handler of a key."""
        raise ZeroDivisionError("a mistake in a handler")

    async def in_frame(self) -> None:
        """Fail while a widget is drawn."""
        await self.screen.mount(Unpaintable())

    async def in_compose(self) -> None:
        """Fail while a screen is composed."""
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
        """Call `panic`, with which Textual itself gives up."""
        self.panic("a mistake of Textual's")

    async def in_hanging(self) -> None:
        """Block the event loop for an hour, and have SIGTERM sent to this process meanwhile."""
        threading.Timer(0.2, os.kill, (os.getpid(), 15)).start()
        time.sleep(3600)  # noqa: ASYNC251 (what it is for)

    async def _divide(self) -> None:
        await asyncio.sleep(0)
        raise ZeroDivisionError("a mistake of ours")

    def _wrongly(self) -> bytes:
        raise ZeroDivisionError("a mistake while reading")


class StuckSession(AgentSession):
    """A session whose store never opens, as on a disk that hangs."""

    def _open(self) -> Store:
        while True:
            time.sleep(1)


if __name__ == "__main__":
    log_to("interface", "info")
    CrashingApp.fault = sys.argv[2]
    session = (StuckSession if CrashingApp.fault == "opening" else AgentSession)(sys.argv[1], "Kim", view=EVERYBODY)
    ended = run_app(lambda ending: CrashingApp(session, background=[send_what_waits], on_ending=ending))
    # As `cli.main` does: output that a closed terminal doesn't take any more is no failure.
    code = streams.final_status(ended)
    leave_in_time(code)
    sys.exit(code)
