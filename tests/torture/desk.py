"""An agent at a real interface: finds people by keys, reads what they wrote, and writes to them by keys."""

import contextlib
import queue
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.terminal import Terminal
from tests.torture import store_book
from tests.torture.processes import ROOT, surroundings
from tests.torture.steps import Type

LIMIT = 60.0
"""Seconds in which the screen has to show what a key did: everything else runs on the same machine."""
MOST_TRIES = 4
"""How often a message is begun anew because the interface was killed while it was typed."""
IDLE = 0.2
REFUSED = "Not sent, your text is kept."
"""What the interface says of a message that wasn't stored: right while the store's server is away, wrong otherwise."""
ASKED = "They were answered since you began"
"""What the interface asks when another agent was quicker; this one sends all the same."""
NOT_OPENED = "The store could not be opened"
"""What the interface says at its start when the store's server is away."""


@dataclass(frozen=True, slots=True)
class StoreAtHand:
    """The store, as a thread can query it."""

    location: str
    endings: Callable[[], int]
    """Returns another number after each time that the server ended or cut connections."""

    def has(self, text: str) -> bool:
        """Return whether the store has a message with this text."""
        return bool(self._rows("SELECT 1 FROM message WHERE body = ?", text))

    def endings_so_far(self) -> int:
        """Return the number of endings as soon as the store answers: an ending that was under way is over then."""
        self._rows("SELECT 1")
        return self.endings()

    def _rows(self, query: str, *values: object) -> list[object]:
        deadline = time.monotonic() + LIMIT
        while (found := store_book.rows(self.location, query, *values)) is None:
            if time.monotonic() > deadline:
                raise AssertionError("the store can't be asked any more")
            time.sleep(0.1)
        return found


class Desk(threading.Thread):
    """One interface in a terminal and the agent who types there. Killed, it is started again, and the agent goes on."""

    def __init__(self, name: str, command: list[str], folder: Path, store: "StoreAtHand") -> None:
        super().__init__(name=name, daemon=True)
        self.typed: list[str] = []
        """Texts that were in the thread after Enter."""
        self.trouble: list[str] = []
        """What an agent would complain of, with the screen."""
        self.work: queue.SimpleQueue[Type | None] = queue.SimpleQueue()
        """The messages to write; None ends the thread when all before it are written."""
        self.done = 0
        self._command = command
        self._folder = folder
        self._store = store
        self._terminal: Terminal | None = None
        self._killed = threading.Event()
        self._abandoned = False

    def kill(self) -> None:
        """Kill the interface with SIGKILL, from another thread."""
        terminal = self._terminal
        if terminal is not None:
            self._killed.set()
            terminal.signal(signal.SIGKILL)

    def abandon(self) -> None:
        """End the thread for good, from another thread, whatever it does."""
        self._abandoned = True
        self.kill()

    def run(self) -> None:
        """Open the interface, write the messages, and quit; note in `trouble` whatever fails."""
        try:
            self._folder.mkdir(exist_ok=True)
            self._open()
            while (step := self._next()) is not None:
                self._write(step)
                self.done += 1
            self._leave()
        except Exception as error:
            self.trouble.append(f"{self.name}: {error}")
        finally:
            self._close()

    def _close(self) -> None:
        if self._terminal is not None:
            self._terminal.close()
            self._terminal = None

    def _next(self) -> Type | None:
        while True:
            with contextlib.suppress(queue.Empty):
                return self.work.get_nowait()
            assert self._terminal is not None
            self._terminal.gather(IDLE, limit=IDLE)
            self._terminal.show()
            if self._killed.is_set():
                self._open()

    def _open(self) -> Terminal:
        self._close()
        while not self._abandoned:
            self._killed.clear()
            endings = self._store.endings_so_far()
            terminal = self._terminal = Terminal(
                self._command, environment=dict(surroundings(self._folder)), columns=100, rows=30, folder=ROOT
            )
            try:
                _wait_opened(terminal)
                return terminal
            except AssertionError:
                self._close()
                if not self._killed.is_set() and self._store.endings_so_far() == endings:
                    raise
        raise AssertionError("abandoned")

    def _write(self, step: Type) -> None:
        for _ in range(MOST_TRIES):
            endings = self._store.endings_so_far()
            try:
                self._type(step)
                self.typed.append(step.text)
                return
            except AssertionError as error:
                if not self._killed.is_set() and self._store.endings_so_far() == endings:
                    self.trouble.append(f"{self.name}, writing {step.text!r}: {error}")
            self._open()
            if self._store.has(step.text):
                # The interface was killed after the commit and before the bubble was shown.
                return

    def _type(self, step: Type) -> None:
        """Type a message, from the list of people to its bubble, and go back. Raise AssertionError when that fails."""
        terminal = self._terminal
        assert terminal is not None
        # In one piece, as an agent types who is fast: the person found is meant, not the one under the cursor before.
        terminal.type(f"/{step.person.code}\r")
        terminal.wait_for(f"to {step.person.code}", limit=LIMIT)
        # A text that was typed before a kill is still there as a draft.
        terminal.press("end", *["backspace"] * 40)
        terminal.type(step.text)
        terminal.wait_for(step.text, limit=LIMIT)
        terminal.press("enter")

        def is_answered() -> bool:
            return self._is_sent(terminal, step.text) or REFUSED in terminal.text

        terminal.wait_until(lambda: is_answered() or ASKED in terminal.text, f"{step.text!r} in the thread", LIMIT)
        if ASKED in terminal.text:
            terminal.press("down", "enter")
            terminal.wait_until(is_answered, f"{step.text!r} in the thread", LIMIT)
        if REFUSED in terminal.text:
            raise AssertionError("the store could not be reached")
        terminal.press("escape")
        terminal.wait_for("⏎ details", limit=LIMIT)
        terminal.press("escape")
        terminal.wait_for(f"Matches for “{step.person.code}”", limit=LIMIT)
        terminal.press("escape")
        terminal.wait_gone("Matches for", limit=LIMIT)

    def _is_sent(self, terminal: Terminal, text: str) -> bool:
        """Return whether the composer is empty again and the text in the thread, or above the part of it that the
        screen shows.

        The text is above that part when the clock was moved back: earlier messages are dated later then.
        """
        return " 0/" in terminal.text and (text in terminal.text or self._store.has(text))

    def _leave(self) -> None:
        assert self._terminal is not None
        self._terminal.press("ctrl+q")
        code = self._terminal.wait_exit(LIMIT)
        if code:
            self.trouble.append(f"{self.name}: ended with {code}")


def _wait_opened(terminal: Terminal) -> None:
    """Wait until the list of people can be used. Raise AssertionError at once when the store could not be opened."""
    seen = ("sorted by last message", "⏎ open")
    terminal.wait_until(
        lambda: all(words in terminal.text for words in seen) or NOT_OPENED in terminal.text, repr(seen), LIMIT
    )
    if NOT_OPENED in terminal.text:
        raise AssertionError(f"the store was not opened:\n{terminal.text}")
