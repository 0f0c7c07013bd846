"""How a process ends on a signal, or with the process that started it."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from contacts_tui.cli.deadline import Deadline

T = TypeVar("T")

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Signals that end a program in order."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` as `asyncio.run` does, but don't wait for threads that can't be stopped, as when opening a store."""

    async def with_threads() -> T:
        asyncio.get_running_loop().set_default_executor(_LeftBehind(thread_name_prefix="asyncio"))
        return await main

    return asyncio.run(with_threads())


def heeded(number: signal.Signals) -> bool:
    """Return whether to handle a signal: one that nohup or a shell's background ignores has to stay ignored."""
    return signal.getsignal(number) is not signal.SIG_IGN


def heed_signals(begin: Callable[[], object], end: Callable[[signal.Signals], object]) -> None:
    """Handle the STOPPING signals: call `begin` at once, even while the loop is blocked, and `end` from the loop."""
    loop = asyncio.get_running_loop()

    def told(number: int, _frame: object) -> None:
        begin()
        with contextlib.suppress(RuntimeError):  # The loop has ended already.
            loop.call_soon_threadsafe(end, signal.Signals(number))

    for number in filter(heeded, STOPPING):
        signal.signal(number, told)


def ignore_signals() -> None:
    """Ignore the STOPPING signals from now on: the program is ending already, with the status that it has."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def stop_event(*, with_stdin: bool) -> asyncio.Event:
    """Return an event that is set on SIGTERM, SIGINT and SIGHUP and, `with_stdin`, when stdin reaches its end.

    So a parent that holds the other end of stdin also ends this process when it is killed without warning. From then
    on the process has END_LIMIT seconds.
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
    # Read from the descriptor: a thread that holds sys.stdin's own lock would delay the interpreter's end.
    if sys.stdin is not None:
        descriptor = sys.stdin.fileno()
        while os.read(descriptor, 4096):
            pass
    loop.call_soon_threadsafe(end)


class _LeftBehind(ThreadPoolExecutor):
    """A pool of threads that is not waited for at the end."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work, cancel what hasn't begun, and don't wait for the rest."""
        super().shutdown(wait=False, cancel_futures=True)
