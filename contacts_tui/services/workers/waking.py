"""Brings snoozed people back when their time comes."""

import asyncio
import contextlib

from contacts_tui.services import queue
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

PAUSE = 5.0
"""Seconds between two looks."""


async def keep_waking(store: Store, stop: asyncio.Event) -> None:
    """Open whose snooze is over until `stop` is set. A busy store is tried again at the next look."""
    while not stop.is_set():
        with contextlib.suppress(StoreError):
            if await store.read(queue.is_wake_due):
                await store.run(queue.wake)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PAUSE)
