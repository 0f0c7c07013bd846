"""When a server ends: on a signal, or when the process that started it is gone."""

import asyncio
import os
import signal
import sys
import threading


def stop_event(*, with_stdin: bool) -> asyncio.Event:
    """An event that is set on SIGTERM and SIGINT and, if asked for, when stdin reaches its end.

    A parent that holds the other end of stdin takes us along even when it is killed without warning.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if with_stdin:
        threading.Thread(target=_await_end_of_stdin, args=(loop, stop), name="stdin", daemon=True).start()
    return stop


def _await_end_of_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # Read from the descriptor: a thread that sits in sys.stdin's own lock would hold up the interpreter's end.
    descriptor = sys.stdin.fileno()
    while os.read(descriptor, 4096):
        pass
    loop.call_soon_threadsafe(stop.set)
