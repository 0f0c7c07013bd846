"""How often to read again what may have changed: soon, and never so often that it hurts."""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter

REST = 10
"""After a reading, rest for this many times what it took: readings never take more than a tenth of the time."""


class Pace:
    """Runs a job again whenever it is asked to; asks that come while it runs or rests are one."""

    def __init__(self, job: Callable[[], Awaitable[None]]) -> None:
        self._job = job
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Has the job run, as soon as it has rested from its last time."""
        self._asked.set()

    async def run(self) -> None:
        """Serves asks until it is cancelled. The job handles its own errors."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            began = perf_counter()
            await self._job()
            await asyncio.sleep(REST * (perf_counter() - began))
