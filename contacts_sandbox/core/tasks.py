"""Work in the background, beside the requests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


class Tasks:
    """The background tasks of one sandbox: none outlives it, and none is garbage-collected before its end."""

    def __init__(self) -> None:
        """Start without tasks."""
        self._running: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> int:
        """How many have not ended yet: deliveries under way, webhooks to be posted, people about to answer."""
        return len(self._running)

    def start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run `work` in the background, and return its task."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def stop(self) -> None:
        """Cancel all tasks, and wait until they have ended."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
