"""How long a caller can wait for the store: for this process's queue, for the turn to write, for its lock."""

import contextvars
import time
from collections.abc import Iterator
from contextlib import contextmanager

_by: contextvars.ContextVar[float | None] = contextvars.ContextVar("store_deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Every call to a store that is made inside ends, in success or with a StoreError, within `seconds` from now.

    What has not begun by then never does. An earlier deadline around this one holds on.
    """
    with by(time.monotonic() + seconds):
        yield


@contextmanager
def by(moment: float | None) -> Iterator[None]:
    """As `within`, by a moment of the monotonic clock; None leaves everything as it is."""
    before = _by.get()
    token = _by.set(before if moment is None else moment if before is None else min(before, moment))
    try:
        yield
    finally:
        _by.reset(token)


def current() -> float | None:
    """The moment of the monotonic clock by which a call made here has to end; None without one."""
    return _by.get()


def left(most: float) -> float:
    """Seconds that may be waited now: at most `most`, and none once the deadline is over."""
    moment = _by.get()
    return most if moment is None else max(0.0, min(most, moment - time.monotonic()))


def is_over() -> bool:
    """Whether there is a deadline and it has passed."""
    moment = _by.get()
    return moment is not None and time.monotonic() >= moment
