"""Calls that wait for the store at the same time and share one transaction, and so one wait for the disk."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store import deadline

Call = Callable[[Session, Clock], Any]
Outcome = tuple[Any, BaseException | None]

_log = logging.getLogger(__name__)


class GroupedCall:
    """A call, and the event loop's future that waits for its outcome."""

    def __init__(self, call: Call) -> None:
        """Make a call whose outcome belongs to the running event loop."""
        self.call = call
        self.by = deadline.current()
        """The moment of the monotonic clock until which its caller can wait; None without a deadline."""
        self.future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def outcome(self) -> Any:
        """Wait without a deadline; return the result or raise the error. A cancelled caller doesn't stop the call."""
        try:
            return await self.future
        except asyncio.CancelledError:
            told_late(self.future)
            raise


class GroupCommit:
    """The calls that wait to be run as one group."""

    def __init__(self) -> None:
        self._waiting: list[GroupedCall] = []
        self._guard = threading.Lock()

    def add(self, call: GroupedCall) -> bool:
        """Add a call. Return True for the first of a group: a `take` then has to be scheduled."""
        with self._guard:
            self._waiting.append(call)
            return len(self._waiting) == 1

    def take(self) -> list[GroupedCall]:
        """Remove and return all calls that wait."""
        with self._guard:
            group, self._waiting = self._waiting, []
            return group


def tell(group: Sequence[GroupedCall], outcomes: Sequence[Outcome]) -> None:
    """Deliver outcomes to the waiting callers, from another thread; wake each event loop only once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Outcome]]] = {}
    for each, outcome in zip(group, outcomes, strict=True):
        by_loop.setdefault(each.future.get_loop(), []).append((each.future, outcome))
    for loop, told in by_loop.items():
        # In an event loop that has ended no caller waits any more.
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, told)


def _resolve(told: Sequence[tuple[asyncio.Future[Any], Outcome]]) -> None:
    for future, (result, error) in told:
        if future.done():
            if error is not None:
                _log_abandoned(error)
        elif error is None:
            future.set_result(result)
        else:
            future.set_exception(error)


def told_late(accepted: "asyncio.Future[Any]") -> None:
    """Log the failure of a call whose caller gave up waiting."""
    if not accepted.cancelled() and (error := accepted.exception()) is not None:
        _log_abandoned(error)


def _log_abandoned(error: BaseException) -> None:
    _log.warning("an abandoned call to the store failed: %s", error)
