"""The time-outs of requests to any provider."""

from dataclasses import dataclass

CONNECT_TIMEOUT = 8.0
"""Seconds to make a connection, TLS included."""
READ_TIMEOUT = 20.0
"""Seconds of silence from a provider before an answer counts as missing."""
WRITE_TIMEOUT = 5.0
"""Seconds without any progress in writing a request, before it fails."""
POOL_TIMEOUT = 5.0
"""Seconds to wait for a free connection."""
TOTAL_TIMEOUT = 40.0
"""Seconds for one send altogether, so that an answer which trickles in ends too. Longer than the times above together.
A send with files gets the time that these take in addition."""
SLOWEST_LINE = 50_000
"""Bytes a second of the slowest connection that is supported: about 0.4 Mbit/s, which is a poor mobile uplink, or a
shared DSL one. A slower connection counts as one that stopped: 50 MB get 18 minutes."""
HELD_BYTES = 4 * 1024 * 1024
"""Bytes that an operating system buffers before they have left: Linux and macOS keep 4 MiB at most, unless configured
otherwise. While these are on their way, nothing more can be written, and no answer can come."""
LISTING_TIMEOUT = 120.0
"""Seconds for a list of many pages, or a file, altogether."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """The times of one request, in seconds. Values other than the defaults are for slow connections and for tests."""

    connect: float = CONNECT_TIMEOUT
    read: float = READ_TIMEOUT
    write: float = WRITE_TIMEOUT
    pool: float = POOL_TIMEOUT
    total: float = TOTAL_TIMEOUT
    listing: float = LISTING_TIMEOUT
    slowest: float = SLOWEST_LINE
    """Bytes a second, unlike the others."""

    def sending(self, size: int) -> float:
        """Return the seconds for one send whose files have `size` bytes together."""
        return self.total + size / self.slowest

    def draining(self, size: int) -> float:
        """Return the seconds for which the end of a request of `size` bytes may wait in the system's buffer."""
        return min(size, HELD_BYTES) / self.slowest
