"""How long a caller can wait for the store: for this process's queue, for its turn to write, for the lock."""

import contextvars
import time
from collections.abc import Iterator
from contextlib import contextmanager

_by: contextvars.ContextVar[float | None] = contextvars.ContextVar("store_deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Make every call to a store in the block end, in success or with a StoreError, within `seconds` from now.

    A call that has not begun by then never does. An earlier deadline around this one stays in force.
    """
    with by(time.monotonic() + seconds):
        yield


@contextmanager
def by(moment: float | None) -> Iterator[None]:
    """Set a deadline for the block as `within` does, at a moment of the monotonic clock; with None, change nothing."""
    before = _by.get()
    token = _by.set(before if moment is None else moment if before is None else min(before, moment))
    try:
        yield
    finally:
        _by.reset(token)


def current() -> float | None:
    """Return the moment of the monotonic clock, in seconds, by which a call made now has to end; None without one."""
    return _by.get()


def left(most: float) -> float:
    """Return how many seconds a call may wait now: `most` at most, and 0 once the deadline is over."""
    moment = _by.get()
    return most if moment is None else max(0.0, min(most, moment - time.monotonic()))


def is_over() -> bool:
    """Return whether there is a deadline and it has passed."""
    moment = _by.get()
    return moment is not None and time.monotonic() >= moment
