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
"""Seconds for one send altogether: an answer that drips in must end too. Longer than those before it together."""
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
