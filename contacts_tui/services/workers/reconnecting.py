"""Tells when the store can't be reached for a while, and when it can be again. The store itself goes on trying."""

import asyncio
import contextlib

from contacts_tui.services.supervision import Tell
from contacts_tui.store.store import Store

PAUSE = 1.0
"""Seconds between two looks: what is over sooner needs no words."""


async def keep_telling(store: Store, stop: asyncio.Event, tell: Tell) -> None:
    """Tell each interruption once, and its end, until `stop` is set."""
    told = False
    while not stop.is_set():
        if bool(store.interruption) is not told:
            told = not told
            sentence = store.interruption or "the store can be reached again, and nothing was missed"
            tell(f"{sentence[:1].upper()}{sentence[1:]}.")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PAUSE)
