"""Telling when the store can't be reached for a while, and when it can be again. The store itself keeps trying."""

import asyncio

from contacts_tui.services.supervision import Tell, wait_at_most
from contacts_tui.store.store import Store

PAUSE = 1.0
"""Seconds between two looks: an interruption that only one look meets isn't told."""

BACK = "The store can be reached again, and nothing was missed."
"""What is told at the end of an interruption."""

_WORTH_TELLING = 2
"""Looks that meet an interruption before it is told."""


async def keep_telling(store: Store, stop: asyncio.Event, tell: Tell) -> None:
    """Tell each interruption once, and its end, until `stop` is set."""
    met = 0
    while not stop.is_set():
        if sentence := store.interruption:
            met += 1
            if met == _WORTH_TELLING:
                tell(f"{sentence[:1].upper()}{sentence[1:]}.")
        else:
            if met >= _WORTH_TELLING:
                tell(BACK)
            met = 0
        await wait_at_most(PAUSE, stop)
