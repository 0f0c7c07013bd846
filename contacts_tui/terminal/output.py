"""Output to the terminal, which never raises, and never waits for a terminal longer than the program has time."""

import contextlib
import os
import select
import time

_LOOK = 0.1
"""Seconds between two looks at whether the terminal takes something, or there is no time left."""
_PIECE = 4096
"""Bytes written at once to a terminal where a write can block."""


class TerminalOutput:
    """A terminal as a file to write text to. What can't be written is dropped."""

    def __init__(self, descriptor: int) -> None:
        """Write to the terminal of `descriptor`, opened anew where that is possible, so that a write can't block."""
        self._descriptor = descriptor
        with contextlib.suppress(OSError):
            self._descriptor = os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        self._can_block = os.get_blocking(self._descriptor)
        self._pending: list[str] = []
        self._until: float | None = None
        self.is_gone = False
        """Whether nothing is written any more: the terminal is closed, or took nothing until the time was up."""

    def end_within(self, seconds: float) -> None:
        """Give a terminal that takes nothing this many seconds at most; the first call counts. Safe from any thread."""
        if self._until is None:
            self._until = time.monotonic() + seconds

    def go_on(self) -> None:
        """Remove the time limit, because the program comes back to the terminal."""
        self._until = None

    def write(self, text: str) -> None:
        """Keep the text for the next flush."""
        self._pending.append(text)

    def flush(self) -> None:
        """Write what was kept, in few system calls: after each one another thread may run, for 5 ms."""
        is_full = self._can_block
        data = memoryview("".join(self._pending).encode("utf-8", "replace"))
        self._pending.clear()
        while data and not self.is_gone:
            try:
                if not is_full or select.select([], [self._descriptor], [], _LOOK)[1]:
                    data = data[os.write(self._descriptor, data[:_PIECE] if self._can_block else data) :]
                    is_full = self._can_block
            except BlockingIOError:
                is_full = True
            except (OSError, ValueError):
                self.is_gone = True
            if self.is_out_of_time:
                self.is_gone = True

    @property
    def is_out_of_time(self) -> bool:
        """Whether the program has to end now, written or not."""
        return self._until is not None and time.monotonic() > self._until

    def isatty(self) -> bool:
        """Return True: it is a terminal."""
        return True

    def fileno(self) -> int:
        """Return the terminal's descriptor."""
        return self._descriptor
