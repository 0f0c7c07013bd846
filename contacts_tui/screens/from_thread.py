"""Reports from another thread to a screen, passed on so rarely that the screen has time for keys."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_PAUSE = 0.2
"""Seconds between two values that are passed on: by then, those between them are out of date."""


def from_thread(function: Callable[[T], None]) -> Callable[[T], None]:
    """Return a function that a thread calls so that the event loop calls `function`, at most once in _PAUSE."""
    loop = asyncio.get_running_loop()
    due = 0.0

    def call(value: T) -> None:
        nonlocal due
        now = time.monotonic()
        if now >= due:
            due = now + _PAUSE
            loop.call_soon_threadsafe(function, value)

    return call
