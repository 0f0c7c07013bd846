"""A process's end within a time limit, whatever hangs. Every command needs this, so it imports nothing heavy."""

import faulthandler
import logging
import os
import threading
import time
from collections.abc import Callable

END_LIMIT = 15.0
"""Seconds in which a program that was told to end has to end: more than it waits for a busy store, so that everything
is stored first."""
LEFT_OVER_LIMIT = 2.0
"""Seconds given to threads that are still busy when everything is stored and closed."""

_TELLING = 1.0

_log = logging.getLogger(__name__)


class Deadline:
    """A time limit, after which the process is ended if it has not ended by itself."""

    def __init__(self, code: Callable[[], int], last: Callable[[], None] = lambda: None) -> None:
        """Use `code` for the exit status, and call `last` before the end, such as to give a terminal back."""
        self._code = code
        self._last = last
        self._at: float | None = None
        self._guard = threading.RLock()  # A signal may come in the middle of `begin`.

    def begin(self, seconds: float = END_LIMIT) -> None:
        """Give the process this many seconds from now on; an earlier deadline stays."""
        at = time.monotonic() + seconds
        with self._guard:
            watched, self._at = self._at is not None, min(at, self._at or at)
        if not watched:
            threading.Thread(target=self._watch, name="deadline", daemon=True).start()

    def _watch(self) -> None:
        while True:
            with self._guard:
                left = (self._at or 0.0) - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(left, 0.1))
        # A thread that hangs may hold the lock of the log or of the terminal: wait for them at most _TELLING seconds.
        telling = threading.Thread(target=self._tell, daemon=True)
        telling.start()
        telling.join(_TELLING)
        os._exit(self._code())

    def _tell(self) -> None:
        self._last()
        _log.error("the program did not end in time; its threads are below")
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.FileHandler) and handler.stream is not None:
                faulthandler.dump_traceback(handler.stream)


def leave_in_time(code: int) -> None:
    """End the process with `code` if threads are busy for LEFT_OVER_LIMIT more: everything is stored and closed."""
    main = threading.main_thread()
    if any(each is not main and not each.daemon for each in threading.enumerate()):
        Deadline(lambda: code).begin(LEFT_OVER_LIMIT)
