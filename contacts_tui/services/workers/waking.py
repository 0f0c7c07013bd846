"""Waking snoozed people, and releasing scheduled messages, when their time comes."""

import asyncio
import contextlib

from contacts_tui.services import queue, scheduled
from contacts_tui.services.supervision import wait_at_most
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

PAUSE = 5.0
"""Seconds between two looks."""


async def keep_waking(store: Store, stop: asyncio.Event) -> None:
    """Open people whose snooze is over and queue due messages, until `stop` is set. Try again when the store fails."""
    while not stop.is_set():
        with contextlib.suppress(StoreError):
            if await store.read(queue.is_wake_due):
                await store.run(queue.wake)
            if await store.read(scheduled.is_due):
                await store.run(scheduled.release)
        await wait_at_most(PAUSE, stop)
