"""Standard output and error: a command whose report fails hasn't failed itself, so writing to them never raises.

What can't be written to standard output goes to standard error, if that can be written.
"""

import io
import os
import sys
from typing import TextIO

from contacts_tui.cli.exit import Exit
from contacts_tui.paths import PROGRAM

MOST_TOLD = 20
"""The most lines that go to standard error because standard output can't be written."""
LONGEST_TOLD = 2000
"""The most characters of each of these lines."""


class Streams:
    """The streams of this process, and whether what was written to standard output arrived."""

    def __init__(self) -> None:
        self.only_tells = False
        """Whether the command only prints something: then it fails when that can't be written."""
        self._reason = ""
        """Why standard output can't be written; empty as long as it can."""
        self._reader_left = False
        self._told = 0

    def prepare(self) -> None:
        """Open closed standard descriptors on the null device, and let the streams escape what they can't encode.

        Otherwise the next file that is opened, such as the store, would take the place of a closed descriptor.
        """
        for descriptor in range(3):
            try:
                os.fstat(descriptor)
            except OSError:
                os.open(os.devnull, os.O_RDWR)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads standard output at a terminal."""
        return sys.stdout is not None and not sys.stdout.closed and sys.stdout.isatty()

    def write(self, text: str) -> None:
        """Write to standard output at once. Once that fails, write what a command did to standard error instead."""
        if not (self._reason or self._reader_left):
            try:
                _put(sys.stdout, text)
            except BrokenPipeError:
                self._reader_left = True
                _silence(sys.stdout)
            except (OSError, ValueError) as error:
                self._reason = str(getattr(error, "strerror", "") or error)
                _silence(sys.stdout)
                self._tell_reason()
        if self._reason and not self.only_tells and text.strip() and self._told < MOST_TOLD:
            self._told += 1
            self.complain(" ".join(text.split())[:LONGEST_TOLD])

    def complain(self, line: str) -> None:
        """Write a line to standard error, after the program's name. Do nothing where it can't be written."""
        self.warn(f"{PROGRAM}: {line}\n")

    def warn(self, text: str) -> None:
        """Write to standard error, where that can be written."""
        try:
            _put(sys.stderr, text)
        except (OSError, ValueError):
            _silence(sys.stderr)

    def final_status(self, code: int) -> int:
        """Return the exit status: `code`, or PIPE_CLOSED or NOT_SHOWN when a command that only prints couldn't."""
        if sys.stdout is not None:
            self.write("")
        # What an interface couldn't write to a closed terminal is still in the buffer: see `_silence`.
        self.warn("")
        if code != Exit.DONE or not self.only_tells:
            return code
        if self._reader_left:
            return Exit.PIPE_CLOSED
        return Exit.NOT_SHOWN if self._reason else code

    def _tell_reason(self) -> None:
        what = "the answer can't be shown" if self.only_tells else "this can't be shown, but was done"
        self.complain(f"{what}: standard output can't be written ({self._reason})")


def _put(stream: TextIO | None, text: str) -> None:
    if stream is None:
        raise ValueError("it is closed")
    stream.write(text)
    stream.flush()


def _silence(stream: TextIO | None) -> None:
    """Point a stream at the null device: Python would complain of the unwritten buffer, and end with another status."""
    if stream is None:
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return


streams = Streams()
"""The streams of this process."""
