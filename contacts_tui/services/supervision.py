"""Supervision of a process's workers: a failure is logged, told and counted, and the worker restarts after a pause."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from enum import Enum

from contacts_tui.error_log import log_error
from contacts_tui.services import counts

FIRST_PAUSE = 1.0
"""Seconds until a worker that failed restarts; doubled after each further failure."""
LONGEST_PAUSE = 60.0

Tell = Callable[[str], object]
"""Takes a sentence for the agent or administrator at the process."""

_log = logging.getLogger(__name__)


class Worker(Enum):
    """What runs by itself in a process, by its name in sentences. Its metric has the member's name: see `count`."""

    OUTBOX = "The outbox"
    POLLING = "Polling"
    NAMES = "Fetching profile names"
    MAINTENANCE = "Maintenance"
    WAKING = "Looking for whose time has come"
    RECONNECTING = "Telling of the store"
    HEARTBEAT = "The receiver's heartbeat"
    CATCHING_UP = "Catching up"
    CHANGES = "Following changes"
    ARRIVALS = "Telling what came in"
    PRESENCE = "Seeing who is there"
    BACKGROUND = "A background service"


def count(worker: Worker) -> None:
    """Count a failure after which a worker, or a part of it, restarts by itself."""
    counts.restarts[worker.name.lower()] += 1


async def keep_going(
    worker: Worker,
    begin: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
    tell: Tell,
    *,
    first_pause: float = FIRST_PAUSE,
) -> None:
    """Run `begin()` until `stop` is set, again whenever it fails or ends. Only cancellation ends this earlier.

    Each failure is logged and counted; `tell` gets only the first, until a run has lasted longer than LONGEST_PAUSE.
    """
    what = worker.value
    clock = asyncio.get_running_loop().time
    failures = 0
    while not stop.is_set():
        began = clock()
        why = "it ended without an error"
        try:
            await begin()
        except Exception as error:
            log_error(_log, f"{what} failed", error)
            why = getattr(error, "sentence", type(error).__name__)
        if stop.is_set():
            return
        if clock() - began > LONGEST_PAUSE:
            failures = 0
        failures += 1
        count(worker)
        pause = min(first_pause * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
        _log.error("%s restarts in %.0f s: %s", what, pause, why)
        if failures == 1:
            tell(f"{what} failed and restarts: {why}. The log has the details.")
        await wait_at_most(pause, stop)


async def wait_at_most(seconds: float, event: asyncio.Event) -> None:
    """Wait until an event is set, or for this many seconds.

    `asyncio.wait_for` forgets a cancellation that comes as the event is set, up to Python 3.11: a worker that waits in
    a loop would then never end.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
