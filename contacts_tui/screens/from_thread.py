"""What another thread tells a screen: now and then, so that the screen has time for keys."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_PAUSE = 0.2
"""Seconds between two values that are passed on; those between them are out of date by then."""


def from_thread(function: Callable[[T], None]) -> Callable[[T], None]:
    """Return what a thread may call in place of a function of the running event loop; it doesn't wait for that."""
    loop = asyncio.get_running_loop()
    due = 0.0

    def call(value: T) -> None:
        nonlocal due
        now = time.monotonic()
        if now >= due:
            due = now + _PAUSE
            loop.call_soon_threadsafe(function, value)

    return call
