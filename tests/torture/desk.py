"""An agent at a real interface: finds people by keys, reads what they wrote, and writes to them by keys."""

import contextlib
import queue
import signal
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from tests.e2e.terminal import Terminal
from tests.torture.processes import ROOT, surroundings
from tests.torture.steps import Type

LIMIT = 60.0
"""Seconds in which the screen has to show what a key did: everything else runs on the same machine."""
MOST_TRIES = 4
"""How often a message is begun anew because the interface was killed under the agent's hands."""
IDLE = 0.2


class Desk(threading.Thread):
    """One interface in a terminal, and the hands on its keys. Killed, it is started again, and the agent goes on."""

    def __init__(self, name: str, command: list[str], folder: Path, store: Path) -> None:
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
            if self._terminal is not None:
                self._terminal.close()

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
        if self._terminal is not None:
            self._terminal.close()
        while not self._abandoned:
            self._killed.clear()
            terminal = self._terminal = Terminal(
                self._command, environment=dict(surroundings(self._folder)), columns=100, rows=30, folder=ROOT
            )
            try:
                terminal.wait_for("sorted by last message", "⏎ open", limit=LIMIT)
                return terminal
            except AssertionError:
                terminal.close()
                if not self._killed.is_set():
                    raise
        raise AssertionError("abandoned")

    def _write(self, step: Type) -> None:
        for _ in range(MOST_TRIES):
            try:
                self._type(step)
                self.typed.append(step.text)
                return
            except AssertionError as error:
                if not self._killed.is_set():
                    self.trouble.append(f"{self.name}, writing {step.text!r}: {error}")
            self._open()
            if self._is_stored(step.text):
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
        terminal.wait_until(lambda: self._is_sent(terminal, step.text), f"{step.text!r} in the thread", LIMIT)
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
        return " 0/" in terminal.text and (text in terminal.text or self._is_stored(text))

    def _is_stored(self, text: str) -> bool:
        with closing(sqlite3.connect(f"{self._store.as_uri()}?mode=ro", uri=True)) as store:
            return store.execute("SELECT 1 FROM message WHERE body = ?", (text,)).fetchone() is not None

    def _leave(self) -> None:
        assert self._terminal is not None
        self._terminal.press("ctrl+q")
        code = self._terminal.wait_exit(LIMIT)
        if code:
            self.trouble.append(f"{self.name}: ended with {code}")
