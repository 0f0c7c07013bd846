"""An adapter's connections, opened at its first request.

httpx costs some 160 ms to import, an SDK as much again, and reading the certificates is slow too: none of it happens
before a request leaves, nor on the event loop.
"""

import asyncio
import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from contacts_tui.channels.timeouts import Timeouts

if TYPE_CHECKING:
    import httpx


class Connections:
    """One pool of connections. Belongs to the event loop on which it is used."""

    def __init__(self, timeouts: Timeouts, modules: Sequence[str], *, for_long_polls: bool = False) -> None:
        """Take the `modules` that the first request imports, too.

        Connections for long polls are not limited: each inbox holds one, and none may wait for another's.
        """
        self._timeouts = timeouts
        self._modules = modules
        self._for_long_polls = for_long_polls
        self._pool: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    async def get(self) -> "httpx.AsyncClient":
        """Return the pool; open it first if needed."""
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncio.to_thread(self._open)
            return self._pool

    async def aclose(self) -> None:
        """Close the pool; the next request opens another."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await pool.aclose()

    def _open(self) -> "httpx.AsyncClient":
        for module in ("anyio.streams.tls", *self._modules):
            _load(module)
        from contacts_tui.channels.transport import MOST_CONNECTIONS, new_pool

        return new_pool(self._timeouts, None if self._for_long_polls else MOST_CONNECTIONS)


def _load(module: str) -> None:
    try:
        importlib.import_module(module)
    except SystemError:
        # Some versions of Python raise this when two threads build syntax trees at once
        # (github.com/python/cpython/issues/106905), and anyio builds some as it is imported. A second try succeeds.
        importlib.import_module(module)
