"""Standard output and error: failing to report is not failing to do, so writing to them never raises.

What can't be shown on standard output is told on standard error, as far as that is there.
"""

import io
import os
import sys
from typing import TextIO

from contacts_tui.cli.exit import Exit
from contacts_tui.paths import PROGRAM

MOST_TOLD = 20
"""Lines of what could not be shown that are told on standard error."""
LONGEST_TOLD = 2000
"""Characters of each."""


class Streams:
    """The streams of this process, and whether what was written to standard output arrived."""

    def __init__(self) -> None:
        self.only_tells = False
        """Whether all that the command does is to tell something: then it fails when nobody reads it."""
        self._reason = ""
        """Why standard output can't be written; empty as long as it can."""
        self._reader_left = False
        self._told = 0

    def prepare(self) -> None:
        """Have a place for whatever is written, and a form for every character.

        The place of a descriptor that was closed would be taken by the next file that is opened, such as the store.
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
        """Write to standard output, at once."""
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
        """Write a line to standard error, under the program's name. Where it can't be written nobody is told."""
        self.warn(f"{PROGRAM}: {line}\n")

    def warn(self, text: str) -> None:
        """Write to standard error, where that can be written."""
        try:
            _put(sys.stderr, text)
        except (OSError, ValueError):
            _silence(sys.stderr)

    def final_status(self, code: int) -> int:
        """Return the exit status of a command that would end with `code`: what was done decides."""
        if sys.stdout is not None:
            self.write("")
        # What an interface couldn't write to a terminal that is gone waits there: see `_silence`.
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
    """What is still in the buffer can't be written either: Python would complain, and end with a status of its own."""
    if stream is None:
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return


streams = Streams()
"""Those of this process."""
