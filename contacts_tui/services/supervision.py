"""What runs by itself in a process: when it fails it is logged, told, and begun again after a growing pause."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

FIRST_PAUSE = 1.0
"""Seconds until what failed is begun again; doubled after each further failure."""
LONGEST_PAUSE = 60.0

Tell = Callable[[str], object]
"""Takes a sentence for whoever looks after the process."""

_log = logging.getLogger(__name__)


async def keep_going(
    what: str,
    begin: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
    tell: Tell,
    *,
    first_pause: float = FIRST_PAUSE,
) -> None:
    """Run `begin()` until `stop` is set, again and again when it fails or ends by itself. Only cancellation ends it.

    It is told once until it has run for longer than LONGEST_PAUSE, and logged each time.
    """
    clock = asyncio.get_running_loop().time
    failures = 0
    while not stop.is_set():
        began = clock()
        why = "it ended by itself"
        try:
            await begin()
        except Exception as error:
            _log.exception("%s failed", what)
            why = getattr(error, "sentence", type(error).__name__)
        if stop.is_set():
            return
        if clock() - began > LONGEST_PAUSE:
            failures = 0
        failures += 1
        pause = min(first_pause * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
        _log.error("%s begins again in %.0f s: %s", what, pause, why)
        if failures == 1:
            tell(f"{what} failed and begins again: {why}. The log has the details.")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
