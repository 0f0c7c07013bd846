"""The open connections of a receiver: how many there may be, and which ones are closed for a new one."""

from collections import Counter
from collections.abc import Callable
from typing import Protocol

MOST_CONNECTIONS = 500
"""The most open connections. Each costs a descriptor, of which a process has 1024 by default, and up to 96 KiB."""
READ_AT_ONCE = 32 * 1024
"""Bytes that are read from a connection before the next one has its turn; most webhooks have one or two thousand.
asyncio would read 256 KiB of each: 50 MB, when two hundred begin to send at the same moment."""


class Connection(Protocol):
    """What the limit needs to know of a connection."""

    @property
    def address(self) -> str:
        """The client's address."""

    @property
    def is_silent(self) -> bool:
        """Whether no request is being answered: it is idle, or a request's headers aren't complete."""

    @property
    def is_sending_body(self) -> bool:
        """Whether a request's headers have arrived and its body hasn't yet."""

    def cut_off(self) -> None:
        """Close the connection."""


class Connections:
    """The connections of one receiver, in the order in which they were opened."""

    def __init__(self, most: int = MOST_CONNECTIONS) -> None:
        """Set `most`: how many connections there may be."""
        self._most = most
        self.read_buffer = memoryview(bytearray(READ_AT_ONCE))
        """The buffer into which bytes are read. Connections are read one after the other, so one is enough for all."""
        self._open: dict[Connection, None] = {}

    def add(self, connection: Connection) -> bool:
        """Add a new connection; return False when there is no room, since all others are being answered.

        To make room, a silent connection is closed, else one whose body isn't complete: the oldest one of the address
        that has the most of these. Behind a proxy all have the same address.
        """
        if len(self._open) >= self._most:
            victim = self._victim(lambda each: each.is_silent)
            victim = victim or self._victim(lambda each: each.is_sending_body)
            if victim is None:
                return False
            self.remove(victim)
            victim.cut_off()
        self._open[connection] = None
        return True

    def remove(self, connection: Connection) -> None:
        """Forget a connection that is closed."""
        self._open.pop(connection, None)

    def _victim(self, may_go: Callable[[Connection], bool]) -> Connection | None:
        candidates = [each for each in self._open if may_go(each)]
        if not candidates:
            return None
        counts = Counter(each.address for each in candidates)
        most = max(counts.values())
        return next(each for each in candidates if counts[each.address] == most)
