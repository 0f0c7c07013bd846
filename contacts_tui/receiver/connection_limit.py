"""The open connections of a receiver: how many there may be, and which ones make room for a new one."""

from collections import Counter
from collections.abc import Callable
from typing import Protocol

MOST_CONNECTIONS = 500
"""Connections at once. Each costs a descriptor, of which a process has 1024 by default, and up to 96 KiB of buffer."""
READ_AT_ONCE = 32 * 1024
"""Bytes that are read of a connection before the next one has its turn; most webhooks have one or two thousand. asyncio
would read 256 KiB of each: 50 MB, when two hundred begin to send in the same moment."""


class Connection(Protocol):
    """What has to be known of a connection."""

    @property
    def address(self) -> str:
        """Who is at its other end."""

    @property
    def is_silent(self) -> bool:
        """Whether it says nothing between two requests, or its headers aren't whole."""

    @property
    def is_sending_body(self) -> bool:
        """Whether the headers of a request are there and its body isn't."""

    def cut_off(self) -> None:
        """Close it."""


class Connections:
    """The connections of one receiver, in the order in which they came."""

    def __init__(self, most: int = MOST_CONNECTIONS) -> None:
        """`most`: how many there may be."""
        self._most = most
        self.read_buffer = memoryview(bytearray(READ_AT_ONCE))
        """What is read of a connection; of one after the other, so one is enough for all."""
        self._open: dict[Connection, None] = {}

    def add(self, connection: Connection) -> bool:
        """Take a new connection in; False when there is no room, since all others are being answered.

        Where there is none, a silent one is cut off first, then one whose body isn't whole: of those whose address has
        the most of them, the one that has been there longest. Behind a proxy all have one address.
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
