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
"""How often a message is begun anew because the interface was killed under the agent's hands."""
IDLE = 0.2
REFUSED = "Not sent, your text is kept."
"""What the interface says of a message that wasn't stored: right while the store's server is away, wrong else."""
ASKED = "They were answered since you began"
"""What it asks where another agent was quicker; this one sends all the same."""
NOT_OPENED = "The store could not be opened"
"""What it says at its start then."""


@dataclass(frozen=True, slots=True)
class StoreAtHand:
    """The store, for a thread."""

    location: str
    endings: Callable[[], int]
    """Another number after each time that its server ended or cut connections."""

    def has(self, text: str) -> bool:
        """Whether it has a message of this text."""
        return bool(self._rows("SELECT 1 FROM message WHERE body = ?", text))

    def endings_so_far(self) -> int:
        """How many endings there were, when the store can be asked: one that goes on is over then."""
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
    """One interface in a terminal, and the hands on its keys. Killed, it is started again, and the agent goes on."""

    def __init__(self, name: str, command: list[str], folder: Path, store: "StoreAtHand") -> None:
        super().__init__(name=name, daemon=True)
        self.typed: list[str] = []
        """What stood in the thread after Enter."""
        self.trouble: list[str] = []
        """What an agent would complain of, with the screen."""
        self.work: queue.SimpleQueue[Type | None] = queue.SimpleQueue()
        """What is to be written; None ends the thread when everything before it is done."""
        self.done = 0
        self._command = command
        self._folder = folder
        self._store = store
        self._terminal: Terminal | None = None
        self._killed = threading.Event()
        self._abandoned = False

    def kill(self) -> None:
        """kill -9, from another thread."""
        terminal = self._terminal
        if terminal is not None:
            self._killed.set()
            terminal.signal(signal.SIGKILL)

    def abandon(self) -> None:
        """Ends it for good, from another thread, whatever it does."""
        self._abandoned = True
        self.kill()

    def run(self) -> None:
        """Sits here until the work ends."""
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
                # It was killed after the commit and before the bubble.
                return

    def _type(self, step: Type) -> None:
        """From the list of people to the bubble in the thread, and back."""
        terminal = self._terminal
        assert terminal is not None
        # In one piece, as fast hands do it: whoever is found is meant, not who was under the cursor before.
        terminal.type(f"/{step.person.code}\r")
        terminal.wait_for(f"to {step.person.code}", limit=LIMIT)
        # What was typed before a kill is still there as a draft.
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
        """Whether the composer is empty again and the text in the thread, or above what the screen shows of it.

        It stands there when the clock was moved back: what came before is dated later then.
        """
        return " 0/" in terminal.text and (text in terminal.text or self._store.has(text))

    def _leave(self) -> None:
        assert self._terminal is not None
        self._terminal.press("ctrl+q")
        code = self._terminal.wait_exit(LIMIT)
        if code:
            self.trouble.append(f"{self.name}: ended with {code}")


def _wait_opened(terminal: Terminal) -> None:
    """Waits until the list of people can be used. Fails as soon as it never will be."""
    seen = ("sorted by last message", "⏎ open")
    terminal.wait_until(
        lambda: all(words in terminal.text for words in seen) or NOT_OPENED in terminal.text, repr(seen), LIMIT
    )
    if NOT_OPENED in terminal.text:
        raise AssertionError(f"the store was not opened:\n{terminal.text}")
