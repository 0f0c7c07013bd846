"""The one boundary: every service call reaches the database through here, as one transaction."""

import asyncio
import concurrent.futures
import contextvars
import functools
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlmodel import Session

from contacts_tui.domain.change import Change
from contacts_tui.domain.clock import Clock, utc_now
from contacts_tui.store import deadline, schema
from contacts_tui.store.change_feed import ChangeFeed
from contacts_tui.store.database import Database
from contacts_tui.store.errors import Contradiction, StoreBusy, StoreError, StoreLost
from contacts_tui.store.group_commit import Call, GroupCommit, GroupedCall, Outcome, tell, told_late

P = ParamSpec("P")
T = TypeVar("T")

READERS = 3
"""Threads that read. Writes have one thread: a store takes one writer at a time anyway."""
CLOSE_WAIT = 5.0
"""Seconds that `close` waits for calls that were accepted; whatever has not begun then is refused, and logged."""

_log = logging.getLogger(__name__)


class Store:
    """An open store. A function given to it gets a session and the clock before its own arguments.

    `run` and `call` write: one transaction, committed when the function returns, rolled back when it raises.
    `run_grouped` does so for many calls at once.
    `read` and `call_read` read the store as it was at one moment, never wait for a writer, and can't write.
    All raise StoreError when the database fails; what the function itself raises passes unchanged. `deadline.within`
    around a call says how long it may take.
    """

    def __init__(self, location: str, clock: Clock, tell: schema.Tell = schema.tell_nobody) -> None:
        """Open the store: see `open`."""
        self._clock = clock
        self._database = Database(location, clock(), tell)
        self._backend = self._database.backend
        self._feed = ChangeFeed(self._database)
        self._group_commit = GroupCommit()
        self._write_thread = concurrent.futures.ThreadPoolExecutor(1, "store-write")
        self._read_threads = concurrent.futures.ThreadPoolExecutor(READERS, "store-read")
        self._running: set[concurrent.futures.Future[Any]] = set()
        self._closed = False

    @classmethod
    def open(cls, location: str, clock: Clock = utc_now, tell: schema.Tell = schema.tell_nobody) -> Self:
        """Open the store, making or migrating it when needed. Raise StoreError.

        A store that can't be written is opened for reading: see `read_only`. `tell` is called on this thread with what
        takes long: waiting for another program, bringing the tables up to date.
        """
        return cls(location, clock, tell)

    @property
    def clock(self) -> Clock:
        """The clock that functions are given."""
        return self._clock

    @property
    def notice(self) -> str:
        """What the person who opened the store has to know about the opening, in one sentence; mostly empty."""
        return self._database.opened.notice

    @property
    def read_only(self) -> str:
        """Why nothing can be stored, as a sentence; empty where it can. Every write raises ReadOnlyStore then."""
        return self._database.opened.read_only

    @property
    def lost(self) -> StoreLost | None:
        """Why this process can't go on with the store (it was replaced), or None. Followers end then."""
        return self._database.lost

    @property
    def interruption(self) -> str:
        """Why the feed tells of no changes at present (the server is out of reach), as a sentence; mostly empty.

        It ends by itself, and no change is missed then.
        """
        return self._feed.interruption

    @property
    def rest(self) -> float:
        """Seconds to wait between two reads of the same sums, for a caller that reads them after each change."""
        return self._backend.rest

    @property
    def commits(self) -> int:
        """Transactions that this process has committed."""
        return self._database.commits

    @property
    def files(self) -> Path:
        """The folder of the files that go with messages; made with the first one."""
        return self._backend.files

    def run(
        self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Coroutine[Any, Any, T]:
        """Run a writing function on the store's write thread.

        The function is accepted at this call, before anything awaits the result, and a cancelled caller doesn't take it
        back. Its failure is logged when no caller waits for it any more.
        """
        return self._accepted(functools.partial(self.call, function, *args, **kwargs))

    def run_lockless(
        self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Coroutine[Any, Any, T]:
        """Run a writing function as `run` does, for what no other write depends on and no follower is told of.

        Presences are such. On a server it waits for no writer, no writer waits for it, and each statement is stored by
        itself.
        """
        return self._accepted(functools.partial(self.call_lockless, function, *args, **kwargs))

    def run_grouped(
        self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Coroutine[Any, Any, T]:
        """Run a writing function as `run` does, but commit it together with those that wait at the same time.

        When one of them raises, nothing of the group is stored and each runs again in a transaction of its own, so
        that one can't fail the others. A function given to this must have no other effect than what it stores.
        """
        waiting = GroupedCall(lambda session, clock: function(session, clock, *args, **kwargs))
        if self._group_commit.add(waiting):
            try:
                self._submit(self._write_thread, self._write_grouped)
            except StoreError:
                self._refuse_grouped()
        return self._outcome_of(waiting.future) if waiting.by is not None else waiting.outcome()

    async def read(self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a reading function on one of the store's read threads. A cancelled caller takes it back."""
        call = functools.partial(self.call_read, function, *args, **kwargs)
        return await asyncio.wrap_future(self._submit(self._read_threads, call))

    async def peek(self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a reading function as `read` does; on a server without a transaction.

        It is for what is asked every second by one statement, or by several that needn't see the same moment.
        """
        call = functools.partial(self.call_peek, function, *args, **kwargs)
        return await asyncio.wrap_future(self._submit(self._read_threads, call))

    def call(self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a writing function on this thread."""
        with self._database.writing() as session:
            return function(session, self._clock, *args, **kwargs)

    def call_lockless(
        self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a writing function as `run_lockless` does, on this thread."""
        with self._database.autocommit(is_writing=True) as session:
            return function(session, self._clock, *args, **kwargs)

    def call_read(self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a reading function on this thread."""
        with self._database.reading() as session:
            return function(session, self._clock, *args, **kwargs)

    def call_peek(self, function: Callable[Concatenate[Session, Clock, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a reading function as `peek` does, on this thread."""
        with self._database.autocommit() as session:
            return function(session, self._clock, *args, **kwargs)

    def leave_no_trace(self) -> str:
        """Clear what was deleted out of the store's files.

        Return what still holds it, as a clause that says what to do; empty when nothing does.
        """
        with self._backend.in_words():
            return self._database.opened.leave_no_trace()

    def follow(self) -> AsyncIterator[tuple[Change, ...]]:
        """Return the change feed from now on, whichever process writes, for the running event loop.

        It ends when the store is closed or lost.
        """
        with self._backend.in_words():
            return self._feed.follow()

    def close(self) -> None:
        """End followers, let calls that were accepted finish (see CLOSE_WAIT), and close the store."""
        if self._closed:
            return
        self._closed = True
        self._feed.close()
        self._write_thread.shutdown(wait=False)
        self._read_threads.shutdown(wait=False)
        late = concurrent.futures.wait(tuple(self._running), CLOSE_WAIT).not_done
        if late:
            _log.warning("%d calls to the store did not end before it was closed", len(late))
            # Calls that have not begun never will, and their callers get an error.
            self._write_thread.shutdown(wait=False, cancel_futures=True)
            self._read_threads.shutdown(wait=False, cancel_futures=True)
            self._refuse_grouped()
        self._database.close()

    def _accepted(self, call: Callable[[], T]) -> Coroutine[Any, Any, T]:
        """Submit a call to the write thread, and return a coroutine that waits for its outcome."""
        try:
            accepted = asyncio.wrap_future(self._submit(self._write_thread, call))
        except StoreError as error:
            accepted = _failed(error)
        return self._outcome_of(accepted)

    def _write_grouped(self) -> None:
        """Run the calls that wait as one group, on the write thread, and deliver the outcome of each."""
        group = self._group_commit.take()
        tell(group, self._outcomes(group))

    def _outcomes(self, group: list[GroupedCall]) -> list[Outcome]:
        # The latest deadline of the group: a caller with an earlier one gets its error from `_outcome_of`.
        moments = [each.by for each in group if each.by is not None]
        try:
            with deadline.by(max(moments) if len(moments) == len(group) and moments else None):
                return [(result, None) for result in self._call_together([each.call for each in group])]
        except _OneFailed:
            return [self._outcome(each) for each in group]
        except BaseException as error:
            return [(None, error)] * len(group)

    def _call_together(self, calls: list[Call]) -> list[Any]:
        """Return the results of all calls, run in one transaction.

        Raise _OneFailed when one of them raises, and StoreError when none can be stored.
        """
        try:
            with self._database.writing() as session:
                try:
                    return [call(session, self._clock) for call in calls]
                except Exception as error:
                    raise _OneFailed from error
        except Contradiction as error:
            # One of the calls stored it; a database may find that out only when all is committed.
            raise _OneFailed from error

    def _outcome(self, one: GroupedCall) -> Outcome:
        try:
            with deadline.by(one.by):
                return self.call(one.call), None
        except Exception as error:
            return None, error

    async def _outcome_of(self, accepted: asyncio.Future[T]) -> T:
        """Wait for an accepted write, and return its result; neither a cancelled caller nor a deadline stops it."""
        moment = deadline.current()
        try:
            await asyncio.wait({accepted}, timeout=None if moment is None else max(0.0, moment - time.monotonic()))
        except asyncio.CancelledError:
            accepted.add_done_callback(told_late)
            raise
        if not accepted.done():
            accepted.add_done_callback(told_late)
            raise StoreBusy(f"the store {self._backend.name} is busy: this took too long; try again")
        if accepted.cancelled():
            raise self._is_closed()
        return accepted.result()

    def _refuse_grouped(self) -> None:
        group = self._group_commit.take()
        tell(group, [(None, self._is_closed())] * len(group))

    def _submit(
        self, threads: concurrent.futures.ThreadPoolExecutor, call: Callable[[], T]
    ) -> concurrent.futures.Future[T]:
        try:
            # A thread doesn't have this call's context, which holds its deadline.
            future = threads.submit(contextvars.copy_context().run, call)
        except RuntimeError as error:
            # The threads accept nothing more from `close` on.
            raise self._is_closed() from error
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def _is_closed(self) -> StoreError:
        return StoreError(f"the store {self._backend.name} is closed; nothing was stored")


def _failed(error: StoreError) -> "asyncio.Future[Any]":
    """Return the outcome of a call that was not accepted."""
    outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    outcome.set_exception(error)
    return outcome


class _OneFailed(Exception):
    """One of several calls in a transaction raised; nothing is stored."""
