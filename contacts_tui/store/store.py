"""The one boundary: every service call reaches the database through here, as one transaction."""

import asyncio
import concurrent.futures
import functools
import logging
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlmodel import Session

from contacts_tui.domain.change import Change
from contacts_tui.domain.clock import Clock, utc_now
from contacts_tui.store import attachments, schema
from contacts_tui.store.engine import open_engine, store_path, use_write_ahead_log
from contacts_tui.store.errors import StoreError, in_words, no_writes
from contacts_tui.store.feed import Feed
from contacts_tui.store.gathering import Call, GatheredCall, Gathering, Outcome, tell

P = ParamSpec("P")
T = TypeVar("T")

READERS = 3
"""Threads that read. Writes have one thread: SQLite takes one writer at a time anyway."""
CLOSE_WAIT = 5.0
"""Seconds that `close` waits for calls that were accepted; whatever has not begun then is refused, and logged."""

_log = logging.getLogger(__name__)

_MIGRATED = "the store {path} was brought to this program's form; a copy of it as it was before is kept: {copy}"


class Store:
    """An open store. A function given to it gets a session and the clock before its own arguments.

    `run` and `call` write: one transaction, committed when the function returns, rolled back when it raises.
    `run_gathered` does so for many at once.
    `read` and `call_read` read the store as it was at one moment, never wait for a writer, and can't write.
    All raise StoreError when the database fails; what the function itself raises passes unchanged.
    """

    def __init__(self, location: str, clock: Clock) -> None:
        """See `open`."""
        self._path = store_path(location)
        self._clock = clock
        with in_words(self._path):
            self._writer = open_engine(location)
            self._reader = open_engine(location, writes=False)
            try:
                use_write_ahead_log(self._writer)
                copy = schema.ensure(self._writer, clock())
            except BaseException:
                self._writer.dispose()
                raise
        self._notice = "" if copy is None else _MIGRATED.format(path=self._path, copy=copy)
        self._feed = Feed(self._reader)
        self._one_writer = threading.Lock()
        self._gathering = Gathering()
        self._write_thread = concurrent.futures.ThreadPoolExecutor(1, "store-write")
        self._read_threads = concurrent.futures.ThreadPoolExecutor(READERS, "store-read")
        self._running: set[concurrent.futures.Future[Any]] = set()
        self._closed = False

    @classmethod
    def open(cls, location: str, clock: Clock = utc_now) -> Self:
        """Opens the store, making or migrating it when needed. Raises StoreError."""
        return cls(location, clock)

    @property
    def clock(self) -> Clock:
        """The clock that functions are given."""
        return self._clock

    @property
    def notice(self) -> str:
        """What the person who opened the store has to know of that, in one sentence; mostly nothing."""
        return self._notice

    @property
    def files(self) -> Path:
        """The folder of the files that go with messages; made when the first one does."""
        return attachments.folder_of(self._path)

    def run(
        self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Coroutine[Any, Any, T]:
        """Runs a writing function on the store's write thread.

        It is accepted when this is called, before anybody waits for it, and a caller who is cancelled doesn't take it
        back. Its failure is logged when nobody waits for it any more.
        """
        call = functools.partial(self.call, function, *args, **kwargs)
        try:
            accepted = asyncio.wrap_future(self._submit(self._write_thread, call))
        except StoreError as error:
            accepted = _failed(error)
        return self._outcome_of(accepted)

    def run_gathered(
        self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Coroutine[Any, Any, T]:
        """As `run`, but those that wait at the same time are committed together, and return after that.

        When one of them raises, nothing of the group is stored and each runs again in a transaction of its own, so
        that one can't fail the others. A function given to this has no other effect than what it stores.
        """
        waiting = GatheredCall(lambda session, clock: function(session, clock, *args, **kwargs))
        if self._gathering.add(waiting):
            try:
                self._submit(self._write_thread, self._write_gathered)
            except StoreError:
                self._refuse_gathered()
        return self._outcome_of(waiting.future)

    async def read(self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a reading function on one of the store's read threads. A caller who is cancelled takes it back."""
        call = functools.partial(self.call_read, function, *args, **kwargs)
        return await asyncio.wrap_future(self._submit(self._read_threads, call))

    def call(self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a writing function on this thread."""
        # Within the process writers queue up here for as long as it takes; SQLite's own wait, which gives up, is
        # left to other processes.
        with (
            self._one_writer,
            in_words(self._path),
            Session(self._writer, expire_on_commit=False) as session,
        ):
            result = function(session, self._clock, *args, **kwargs)
            session.commit()
            return result

    def call_read(self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a reading function on this thread."""
        with in_words(self._path), no_writes(), Session(self._reader) as session:
            result = function(session, self._clock, *args, **kwargs)
            # What was added and never flushed would be lost without a word.
            session.flush()
            return result

    def follow(self) -> AsyncIterator[tuple[Change, ...]]:
        """The change feed from now on, whoever writes, for the running event loop. Ends when the store is closed."""
        with in_words(self._path):
            return self._feed.follow()

    def close(self) -> None:
        """Ends followers, lets calls that were accepted finish (see CLOSE_WAIT), and closes the file."""
        if self._closed:
            return
        self._closed = True
        self._feed.close()
        self._write_thread.shutdown(wait=False)
        self._read_threads.shutdown(wait=False)
        late = concurrent.futures.wait(tuple(self._running), CLOSE_WAIT).not_done
        if late:
            _log.warning("%d calls to the store did not end before it was closed", len(late))
            # Those that have not begun never will, and who waits for them is told.
            self._write_thread.shutdown(wait=False, cancel_futures=True)
            self._read_threads.shutdown(wait=False, cancel_futures=True)
            self._refuse_gathered()
        self._writer.dispose()
        self._reader.dispose()

    def _write_gathered(self) -> None:
        """On the write thread: stores the calls that wait, and tells how each went."""
        group = self._gathering.take()
        tell(group, self._outcomes([each.call for each in group]))

    def _outcomes(self, calls: list[Call]) -> list[Outcome]:
        try:
            return [(result, None) for result in self._call_together(calls)]
        except _OneFailed:
            return [self._outcome(call) for call in calls]
        except BaseException as error:
            return [(None, error)] * len(calls)

    def _call_together(self, calls: list[Call]) -> list[Any]:
        """The results of all calls, in one transaction. Raises _OneFailed, or StoreError when none can be stored."""
        with self._one_writer, in_words(self._path), Session(self._writer, expire_on_commit=False) as session:
            # The transaction begins here: a lock that can't be had is no fault of a call.
            session.connection()
            try:
                results = [call(session, self._clock) for call in calls]
                session.flush()
            except Exception as error:
                raise _OneFailed from error
            session.commit()
            return results

    def _outcome(self, call: Call) -> Outcome:
        try:
            return self.call(call), None
        except Exception as error:
            return None, error

    async def _outcome_of(self, accepted: asyncio.Future[T]) -> T:
        """What came of an accepted write. Whoever stops waiting leaves it alone."""
        await asyncio.wait({accepted})
        if accepted.cancelled():
            raise self._is_closed()
        return accepted.result()

    def _refuse_gathered(self) -> None:
        group = self._gathering.take()
        tell(group, [(None, self._is_closed())] * len(group))

    def _submit(
        self, threads: concurrent.futures.ThreadPoolExecutor, call: Callable[[], T]
    ) -> concurrent.futures.Future[T]:
        try:
            future = threads.submit(call)
        except RuntimeError as error:
            # They take nothing more from `close` on.
            raise self._is_closed() from error
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def _is_closed(self) -> StoreError:
        return StoreError(f"the store {self._path} is closed; nothing was stored")


def _failed(error: StoreError) -> "asyncio.Future[Any]":
    """The outcome of a call that was not accepted."""
    outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    outcome.set_exception(error)
    return outcome


class _OneFailed(Exception):
    """One of several calls in a transaction raised; nothing is stored."""
