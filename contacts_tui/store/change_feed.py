"""Follows the change feed: whoever writes, in this process or another, every follower hears of it."""

import asyncio
import contextlib
import logging
import sqlite3
import threading
import weakref
from collections.abc import AsyncIterator

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from contacts_tui.domain.change import Change
from contacts_tui.store import changes
from contacts_tui.store.database import Database
from contacts_tui.store.errors import StoreLost

_log = logging.getLogger(__name__)

POLL_INTERVAL = 0.06
"""Seconds between two looks at whether anybody wrote. One look costs some 10 µs on a thread of its own."""
_BATCH = 500
"""Changes read at once."""


class Follower(AsyncIterator[tuple[Change, ...]]):
    """Yields all changes since it was made, each once and in order; those that came meanwhile, together."""

    def __init__(self) -> None:
        """Belongs to the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._pending: list[Change] = []
        self._ended = False
        self._woken = asyncio.Event()

    async def __anext__(self) -> tuple[Change, ...]:
        """The next changes, at least one. Ends when the store is closed."""
        while not self._pending:
            if self._ended:
                raise StopAsyncIteration
            self._woken.clear()
            await self._woken.wait()
        batch, self._pending = tuple(self._pending), []
        return batch

    def deliver(self, batch: list[Change], *, end: bool = False) -> None:
        """Hands over changes from another thread; with `end`, the last."""
        # A loop that has ended has nobody left who waits.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._take, batch, end)

    def _take(self, batch: list[Change], end: bool) -> None:
        self._pending += batch
        self._ended = end
        self._woken.set()


class Feed:
    """One thread that watches a store for all followers of this process."""

    def __init__(self, database: Database) -> None:
        """Nothing runs before the first `follow`."""
        self._database = database
        self._reader = database.reader
        self._followers: weakref.WeakSet[Follower] = weakref.WeakSet()
        self._guard = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._seq = 0
        self._ended = False

    def follow(self) -> Follower:
        """A follower of every change committed from now on. It is forgotten when nobody holds it any more."""
        follower = Follower()
        with self._guard:
            if self._thread is None:
                with Session(self._reader) as session:
                    self._seq = changes.latest(session)
                # Of its own: `data_version` tells of the commits of all others, and this one never writes.
                connection = self._reader.raw_connection()
                self._thread = threading.Thread(target=self._watch, args=(connection,), name="store-feed", daemon=True)
                self._thread.start()
            self._followers.add(follower)
            if self._ended:
                follower.deliver([], end=True)
        return follower

    def close(self) -> None:
        """Ends every follower."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        self._end()

    def _watch(self, connection: PoolProxiedConnection) -> None:
        try:
            seen, is_failing = None, False
            while not self._stopped.wait(POLL_INTERVAL):
                try:
                    self._database.check()
                    (version,) = connection.cursor().execute("PRAGMA data_version").fetchone()
                    if version != seen:
                        self._deliver_new()
                        seen = version
                    is_failing = False
                except (sqlite3.Error, DBAPIError):
                    # Locked, or the disk is in trouble: nothing was skipped, the next look makes up for it.
                    continue
                except StoreLost:
                    # What came since can't be told: whoever follows has to look at `Store.lost`.
                    self._end()
                    return
                except Exception:
                    # Whatever it is, the next look tries again: no follower may wait for ever.
                    if not is_failing:
                        _log.exception("the change feed can't be read now, and is tried again")
                    is_failing = True
        finally:
            connection.close()

    def _end(self) -> None:
        with self._guard:
            self._ended = True
            followers = tuple(self._followers)
        for follower in followers:
            follower.deliver([], end=True)

    def _deliver_new(self) -> None:
        while True:
            with self._guard, Session(self._reader) as session:
                batch = changes.since(session, self._seq, _BATCH)
                if not batch:
                    batch = changes.if_put_back(session, self._seq)
                if batch:
                    self._seq = batch[-1].seq
                    for follower in tuple(self._followers):
                        follower.deliver(batch)
            if len(batch) < _BATCH:
                return
