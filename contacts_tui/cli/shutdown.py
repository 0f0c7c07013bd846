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
