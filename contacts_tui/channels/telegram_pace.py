"""Telegram's speed limits, kept within a program: between the parts of a message, which the outbox hands on as one.

A part that comes too soon waits here, before its request: a wait of a second is no failed try that an agent should
read of. It has an end, though, for it holds one of the outbox's places; what would have to wait longer goes back with
the time that it should come again.

Whole messages are paced by the outbox for all programs on a store, and Telegram judges across all programs of a bot.
"""

import asyncio
from collections import deque
from datetime import timedelta
from typing import Final

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.pace import CHAT_INTERVALS, RATES

CHAT_INTERVAL: Final = CHAT_INTERVALS[Channel.TELEGRAM].total_seconds()
"""Seconds between two messages to one person."""
OVERALL: Final = RATES[Channel.TELEGRAM]
"""Messages of a bot in a second."""
LONGEST_WAIT: Final = 10.0
"""Seconds that a message waits at most before its request."""

_FORGET: Final = 1000
"""Chats remembered before those that may be written to again are forgotten."""


class Pace:
    """When each bot may write next. Times are an event loop's, in seconds."""

    def __init__(self, chat_interval: float = CHAT_INTERVAL, overall: int = OVERALL) -> None:
        """Other values are for tests, and for bots to which Telegram allows more."""
        self._interval = chat_interval
        self._overall = overall
        self._chats: dict[tuple[int, str], float] = {}
        self._latest: dict[int, deque[float]] = {}

    async def turn(self, inbox_id: int, chat: str) -> timedelta | None:
        """Wait until a message may leave. When that is too long: nothing is waited for, and how long is returned."""
        now = asyncio.get_running_loop().time
        wait = self.chat_wait(inbox_id, chat, now())
        if wait > LONGEST_WAIT:
            return timedelta(seconds=wait)
        await asyncio.sleep(wait)
        await asyncio.sleep(self.overall_wait(inbox_id, now()))
        return None

    def chat_wait(self, inbox_id: int, chat: str, now: float) -> float:
        """Seconds until the person may be written to; up to LONGEST_WAIT the place is taken."""
        at = max(now, self._chats.get((inbox_id, chat), now))
        if at - now <= LONGEST_WAIT:
            if len(self._chats) >= _FORGET:
                self._chats = {key: free for key, free in self._chats.items() if free > now}
            self._chats[inbox_id, chat] = at + self._interval
        return at - now

    def overall_wait(self, inbox_id: int, now: float) -> float:
        """Seconds until the bot may write to anyone; the place is taken."""
        latest = self._latest.setdefault(inbox_id, deque(maxlen=self._overall))
        at = max(now, latest[0] + 1.0) if len(latest) == self._overall else now
        latest.append(at)
        return at - now
