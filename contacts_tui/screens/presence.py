"""Tells the other programs on the store which person this one has open, and reads whom they have open."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from contacts_tui import services
from contacts_tui.domain.presence import Presence

if TYPE_CHECKING:
    from contacts_tui.screens.session import AgentSession

BEAT = 1.0
"""Seconds between two readings of what the others have open."""
RENEWED = 2.5
"""Seconds after which a program stores anew whom it has open: less than half of the time for which this counts."""
PAUSE = 3.0
"""Seconds without a key after which the agent no longer counts as writing."""

Publish = Callable[[tuple[Presence, ...]], object]


class PresenceWatch:
    """One agent's program among the others: screens set what is open, and learn what the others have open.

    A key costs nothing here: the store is told when writing begins and when it pauses, and once in RENEWED seconds.
    """

    def __init__(self, agent: str) -> None:
        """Begin with no person open; `agent` uses this program."""
        self._nobody = Presence(os.urandom(16).hex(), agent, 0, is_writing=False)
        self._here = self._nobody
        self._owner: object = None
        """The screen that has the person open."""
        self._typed_at = -PAUSE
        self._told = self._nobody
        self._told_at = -RENEWED
        self._changed = asyncio.Event()
        self.others: tuple[Presence, ...] = ()
        """What the other programs have open, as read last."""

    def open(self, owner: object, contact_id: int) -> None:
        """Set the person whom a screen, the `owner`, has open."""
        self._owner = owner
        self._set(replace(self._nobody, contact_id=contact_id))

    def leave(self, owner: object) -> None:
        """Set that a screen has no person open any more, unless another screen has opened one meanwhile."""
        if self._owner is owner:
            self._owner = None
            self._set(self._nobody)

    def typed(self, text: str) -> None:
        """Set that the agent typed just now; with a blank `text`, the whole of what they wrote, they aren't writing."""
        self._typed_at = time.monotonic()
        self._set(replace(self._here, is_writing=bool(text.strip()) and self._owner is not None))

    def _set(self, here: Presence) -> None:
        if here != self._here:
            self._here = here
            self._changed.set()

    async def run(self, session: "AgentSession", publish: Publish) -> None:
        """Store what is open here, and read what the others have open, until cancelled; `publish` gets each change."""
        try:
            while True:
                if time.monotonic() - self._typed_at >= PAUSE:
                    self._set(replace(self._here, is_writing=False))
                self._changed.clear()
                try:
                    found = await (self._look(session) if session.store.read_only else self._tell(session))
                except Exception as error:
                    if not hasattr(error, "sentence"):
                        raise
                    # That a store is busy or gone is told by those who work with it.
                    found = self.others
                if found != self.others:
                    self.others = found
                    publish(found)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(BEAT):
                        await self._changed.wait()
        finally:
            if self._told != self._nobody:
                with contextlib.suppress(Exception):  # The entry expires by itself.
                    await session.store.run_lockless(services.presence.leave, self._nobody.process)

    async def _tell(self, session: "AgentSession") -> tuple[Presence, ...]:
        """Store what is open here, if that is new or has to be renewed. Return what the others have open."""
        here, before, now = self._here, self._told, time.monotonic()
        if here == self._nobody:
            if before != here:
                await session.store.run_lockless(services.presence.leave, here.process)
        elif here != before or now - self._told_at >= RENEWED:
            # Before it is stored: if this is cancelled meanwhile, `run` takes the entry back.
            self._told, self._told_at = here, now
            tell = services.presence.renew if here == before else services.presence.show
            return await session.store.run_lockless(tell, here)
        self._told = here
        return await self._look(session)

    async def _look(self, session: "AgentSession") -> tuple[Presence, ...]:
        return await session.peek(services.presence.others, self._nobody.process)
