"""How a process ends: on a signal, with the process that started it, and in time, whatever hangs."""

import asyncio
import contextlib
import faulthandler
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

END_LIMIT = 15.0
"""Seconds in which a program that was told to end is gone: longer than a busy store is waited for, so that what there
is to store is stored."""
LEFT_OVER_LIMIT = 2.0
"""Seconds given to threads that are still busy when everything is stored and closed."""

_TELLING = 1.0

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Signals that end a program in order."""

_log = logging.getLogger(__name__)


class Deadline:
    """Ends the process when it has not ended by itself."""

    def __init__(self, code: Callable[[], int], last: Callable[[], None] = lambda: None) -> None:
        """`code` tells the exit status; `last` is called before, such as to give a terminal back."""
        self._code = code
        self._last = last
        self._at: float | None = None
        self._guard = threading.RLock()  # A signal may come in the middle of `begin`.

    def begin(self, seconds: float = END_LIMIT) -> None:
        """From now on the process has so long; what was said before holds if it is sooner."""
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
        # What hangs may hold the lock of the log or of the terminal: neither is waited for.
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
    """See to it that threads which are still busy don't hold up the end: everything is done, stored and closed."""
    main = threading.main_thread()
    if any(each is not main and not each.daemon for each in threading.enumerate()):
        Deadline(lambda: code).begin(LEFT_OVER_LIMIT)


def run(main: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, but at the end no thread is waited for that nobody can stop, such as one that opens a store."""

    async def with_threads() -> T:
        asyncio.get_running_loop().set_default_executor(_LeftBehind(thread_name_prefix="asyncio"))
        return await main

    return asyncio.run(with_threads())


def heeded(number: signal.Signals) -> bool:
    """Whether the signal is for this process: nohup and a shell's background ignore one for it, which has to stay."""
    return signal.getsignal(number) is not signal.SIG_IGN


def heed_signals(begin: Callable[[], object], end: Callable[[signal.Signals], object]) -> None:
    """Have STOPPING end the program: `begin` is called at once, even while the loop is blocked; `end` by the loop."""
    loop = asyncio.get_running_loop()

    def told(number: int, _frame: object) -> None:
        begin()
        with contextlib.suppress(RuntimeError):  # The loop has ended already.
            loop.call_soon_threadsafe(end, signal.Signals(number))

    for number in filter(heeded, STOPPING):
        signal.signal(number, told)


def ignore_signals() -> None:
    """At the end of a program that heeded them: it ends already, with the status that it has."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def stop_event(*, with_stdin: bool) -> asyncio.Event:
    """An event that is set on SIGTERM, SIGINT and SIGHUP and, if asked for, when stdin reaches its end.

    A parent that holds the other end of stdin takes us along even when it is killed without warning. From then on the
    process has END_LIMIT seconds.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    deadline = Deadline(lambda: 1)

    def end() -> None:
        deadline.begin()
        stop.set()

    heed_signals(deadline.begin, lambda _: stop.set())
    if with_stdin:
        threading.Thread(target=_await_end_of_stdin, args=(loop, end), name="stdin", daemon=True).start()
    return stop


def _await_end_of_stdin(loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> None:
    # Read from the descriptor: a thread that sits in sys.stdin's own lock would hold up the interpreter's end.
    if sys.stdin is not None:
        descriptor = sys.stdin.fileno()
        while os.read(descriptor, 4096):
            pass
    loop.call_soon_threadsafe(end)


class _LeftBehind(ThreadPoolExecutor):
    """Threads that nobody waits for at the end."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work."""
        super().shutdown(wait=False, cancel_futures=True)
