"""Work that goes on behind the requests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


class Tasks:
    """The background tasks of one sandbox: none outlives it, and none is collected half done."""

    def __init__(self) -> None:
        """None yet."""
        self._running: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> int:
        """How many have not ended yet: deliveries under way, webhooks to be posted, people about to answer."""
        return len(self._running)

    def start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run `work` beside the requests."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def stop(self) -> None:
        """Cancel everything and wait until it has ended."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
