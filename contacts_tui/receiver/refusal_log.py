"""Logging refusals, without filling the log when a client is refused a thousand times."""

import asyncio
import logging
from collections import Counter

QUIET = 60.0
"""Seconds after a line in which further refusals of the same kind are counted instead of logged."""

_LOG = logging.getLogger(__name__)


class RefusalLog:
    """The log of one receiver's refusals. The first of a kind is logged at once, further ones as a number."""

    def __init__(self, quiet: float = QUIET) -> None:
        """Set `quiet`: the seconds between two lines of the same kind."""
        self._quiet = quiet
        self._more: Counter[tuple[str, str]] = Counter()
        self._waiting: set[tuple[str, str]] = set()

    def add(self, path: str, reason: str) -> None:
        """Log that a request to `path` was refused, and why. Call it on the event loop."""
        key = path, reason
        if key in self._waiting:
            self._more[key] += 1
            return
        _LOG.warning("%s: refused: %s", path, reason)
        self._wait(key)

    def _wait(self, key: tuple[str, str]) -> None:
        self._waiting.add(key)
        asyncio.get_running_loop().call_later(self._quiet, self._tell, key)

    def _tell(self, key: tuple[str, str]) -> None:
        self._waiting.discard(key)
        if more := self._more.pop(key, 0):
            _LOG.warning("%s: refused %d more times in %.0f s: %s", key[0], more, self._quiet, key[1])
            self._wait(key)
