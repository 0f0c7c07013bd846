"""How long any provider is waited for."""

from dataclasses import dataclass

CONNECT_TIMEOUT = 8.0
"""Seconds to a connection, TLS included."""
READ_TIMEOUT = 20.0
"""Seconds of silence from a provider before an answer counts as missing."""
WRITE_TIMEOUT = 5.0
"""Seconds in which nothing of a request could be written."""
POOL_TIMEOUT = 5.0
"""Seconds to wait for a free connection."""
TOTAL_TIMEOUT = 40.0
"""Seconds for one send altogether: an answer that drips in must end too. Longer than those before it together.
A send that carries files gets the time that these take besides."""
SLOWEST_LINE = 50_000
"""Bytes a second of the slowest line that is waited for: about 0.4 Mbit/s, which is a poor mobile uplink, or a DSL one
that somebody else uses too. What is slower than that is taken for a line that stopped: 50 MB get 18 minutes."""
HELD_BYTES = 4 * 1024 * 1024
"""Bytes that an operating system takes off us before they have left: Linux and macOS keep 4 MiB at most, unless told
otherwise. For as long as these take, nothing more can be written, and no answer can come."""
LISTING_TIMEOUT = 120.0
"""Seconds for a list of many pages, or a file, altogether."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """The times of one request, in seconds. Others than the defaults are for slow lines and for tests."""

    connect: float = CONNECT_TIMEOUT
    read: float = READ_TIMEOUT
    write: float = WRITE_TIMEOUT
    pool: float = POOL_TIMEOUT
    total: float = TOTAL_TIMEOUT
    listing: float = LISTING_TIMEOUT
    slowest: float = SLOWEST_LINE
    """Bytes a second, unlike the others."""

    def sending(self, size: int) -> float:
        """Seconds for one send whose files have so many bytes together."""
        return self.total + size / self.slowest

    def draining(self, size: int) -> float:
        """Seconds in which the end of a request of so many bytes may lie in the system's hands, and nothing is seen."""
        return min(size, HELD_BYTES) / self.slowest
