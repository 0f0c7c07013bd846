"""Textual's driver for a terminal that can't be trusted: its bytes need not be UTF-8, and it may be gone at any time.

Textual 8.2.8 ends the program at a byte that isn't UTF-8, reads in an endless loop from a terminal that was closed, and
waits forever for its threads: for the one that reads, and through a full queue for the one that writes.
"""

import contextlib
import os
import queue
import selectors
import signal
import sys
import termios
import threading
from codecs import getincrementaldecoder
from typing import Any, cast

from textual._parser import ParseError
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from contacts_tui.terminal import notices
from contacts_tui.terminal.input_parser import InputParser
from contacts_tui.terminal.output import TerminalOutput

PATIENCE = 2.0
"""Seconds that a thread of the driver, and a terminal that takes nothing, are given once the program is to end."""

_READ = 4096
_LOOK = 0.1

_SANE = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # the mouse
    "\x1b[?2004l\x1b[?2048l\x1b[?1004l"  # brackets around what is pasted, reports of size and of focus
    "\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"  # lines that wrap, the keyboard, the screen of before, the cursor
)


class TerminalDriver(LinuxDriver):
    """Reads keys and writes frames. Failures in its threads are reported to the app, never lost in a thread."""

    class NotText(Message):
        """The terminal sent bytes that aren't UTF-8."""

    class HungUp(Message):
        """The terminal was closed."""

    class Failed(Message):
        """Reading from the terminal failed because of a bug in the program."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        """Make the driver as in Textual; frames go to standard output where standard error is no terminal."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        streams = (stream for stream in (sys.__stderr__, sys.__stdout__) if stream is not None and stream.isatty())
        self._output = TerminalOutput(next(streams, sys.__stdout__).fileno())  # type: ignore[union-attr]
        self._file = cast(Any, self._output)
        self._reader: threading.Thread | None = None
        self._is_lent = False
        """Whether another program has the terminal: nothing of ours may be written then."""
        self._title = ""
        """The title that the terminal was given; empty while it has its own."""

    def suspend_application_mode(self) -> None:
        """Lend the terminal to another program, or to the shell."""
        super().suspend_application_mode()
        self._is_lent = True

    def resume_application_mode(self) -> None:
        """Take the terminal back."""
        self._is_lent = False
        self._output.go_on()
        super().resume_application_mode()
        if title := self._title:
            self._title = ""
            self.set_title(title)

    def _sigcont_application(self, *values: Any) -> None:
        """Resume as in Textual, but a program that has left the terminal for good doesn't take it again."""
        if not self._app._exit:
            super()._sigcont_application(*values)

    def set_title(self, text: str) -> None:
        """Give the terminal a title; its own one comes back when the program ends, or lends the terminal to another."""
        if not self._title:
            self.write(notices.KEEP_TITLE)
        self._title = text
        self.write(notices.title(text))

    def stop_application_mode(self) -> None:
        """Leave the terminal, at the end or to lend it, with its own title given back."""
        if self._title:
            self.write(notices.GIVE_TITLE_BACK)
        super().stop_application_mode()

    def end_within(self, seconds: float) -> None:
        """Give a terminal that takes nothing this many seconds at most. Safe anywhere, also in a signal handler."""
        self._output.end_within(seconds)

    def give_back(self) -> None:
        """Reset the terminal, past the queue, for an end that can't wait. May be called from any thread."""
        with contextlib.suppress(OSError):
            os.write(self._output.fileno(), ((notices.GIVE_TITLE_BACK if self._title else "") + _SANE).encode())
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def send_message(self, message: Message) -> None:
        """Send a message to the app, from any thread. Drop it when the app has ended, as when the terminal closes."""
        with contextlib.suppress(RuntimeError):  # The loop is closed.
            self._loop.call_soon_threadsafe(self._app.post_message, message)

    # Writing.

    def write(self, data: str) -> None:
        """Queue a text for the writing thread. Drop it while the terminal is lent, or when it is gone."""
        if self._is_lent:
            return
        writer = self._writer_thread
        assert writer is not None, "only in application mode"
        while not self._output.is_gone:
            try:
                writer._queue.put(data, timeout=_LOOK)
            except queue.Full:
                if self._output.is_out_of_time:
                    self._output.is_gone = True
            else:
                return

    def close(self) -> None:
        """Let the writing thread finish, as long as there is time: see PATIENCE."""
        if self._writer_thread is None:
            return
        self._output.end_within(PATIENCE)
        with contextlib.suppress(queue.Full):
            self._writer_thread._queue.put(None, timeout=PATIENCE)
        self._writer_thread.join(PATIENCE)

    # Reading.

    def _run_input_thread(self) -> None:
        """Read on a daemon thread: Textual's own would delay the end of the process."""
        self._reader = threading.Thread(target=self._read_keys, name="terminal-input", daemon=True)
        self._reader.start()

    def disable_input(self) -> None:
        """End the reading thread, as Textual does, but wait for it PATIENCE seconds at most."""
        if self.exit_event.is_set():
            return
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        self._disable_mouse_support()
        self.exit_event.set()
        if self._key_thread is not None:
            self._key_thread.join(PATIENCE)
        if self._reader is not None:
            self._reader.join(PATIENCE)
            if self._reader.is_alive():
                return
        self.exit_event.clear()
        with contextlib.suppress(termios.error):
            termios.tcflush(self.fileno, termios.TCIFLUSH)

    def _disable_mouse_support(self) -> None:
        """Disable the mouse as in Textual, and its reports in pixels, which Textual forgets."""
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")

    def _read_keys(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            self.send_message(self.Failed(error))

    def run_input_thread(self) -> None:
        """Turn what the terminal sends into events, until the app ends or the terminal is gone."""
        parser = InputParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        told = False
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_LOOK):
                    data = self._read()
                    if not data:
                        self._output.is_gone = self._output.is_gone or self.input_tty
                        self.send_message(self.HungUp())
                        return
                    text = decode(data)
                    if not told and "\ufffd" in text and "\ufffd".encode() not in data:
                        told = True
                        self.send_message(self.NotText())
                    for event in parser.feed(text) if text else ():
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
            with contextlib.suppress(EOFError, ParseError):
                for _ in parser.feed(""):
                    pass

    def _read(self) -> bytes:
        """Return the bytes that can be read; none when the terminal is gone."""
        try:
            return os.read(self.fileno, _READ)
        except OSError:
            return b""
