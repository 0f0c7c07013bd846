"""Limits how often what may have changed is read again: soon, and never so often that it slows everything down."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import perf_counter

from contacts_tui.error_log import log_error

REST = 10
"""After a run, rest for this many times its duration: runs never take more than a tenth of the time."""


LONGEST_PAUSE = 60.0
"""Seconds at most before a job that keeps failing is tried again; the first pause is one second."""

_log = logging.getLogger(__name__)


class Throttle:
    """Runs a job again whenever it is asked to; requests that come while it runs or rests count as one."""

    def __init__(
        self,
        job: Callable[[], Awaitable[None]],
        failed: Callable[[Exception], None],
        least: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Run `job`, then rest `least()` seconds or more. `failed` gets what it raises, once until it works again."""
        self._job = job
        self._failed = failed
        self._least = least
        self._failures = 0
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Have the job run as soon as it has rested from its last run."""
        self._asked.set()

    async def run(self) -> None:
        """Run the job as asked, until cancelled. A job that fails is tried again by itself, after growing pauses."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            began = perf_counter()
            try:
                await self._job()
            except Exception as error:
                await self._rest_from(error)
            else:
                self._failures = 0
                await asyncio.sleep(max(self._least(), REST * (perf_counter() - began)))

    async def _rest_from(self, error: Exception) -> None:
        self._failures += 1
        log_error(_log, f"a refresh failed for the {self._failures}. time", error)
        if self._failures == 1:
            self._failed(error)
        self._asked.set()
        await asyncio.sleep(min(2.0 ** min(self._failures - 1, 10), LONGEST_PAUSE))
