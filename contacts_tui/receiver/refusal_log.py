"""Logging what is refused, such that somebody who is refused a thousand times doesn't fill the log."""

import asyncio
import logging
from collections import Counter

QUIET = 60.0
"""Seconds after a line in which further refusals alike are counted and not written."""

_LOG = logging.getLogger(__name__)


class RefusalLog:
    """The refusals of one receiver. The first of each kind is logged at once, those alike as a number."""

    def __init__(self, quiet: float = QUIET) -> None:
        """`quiet`: seconds between two lines alike."""
        self._quiet = quiet
        self._more: Counter[tuple[str, str]] = Counter()
        self._waiting: set[tuple[str, str]] = set()

    def add(self, path: str, reason: str) -> None:
        """Tell that a request to `path` was refused, and why. Called on the event loop."""
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
