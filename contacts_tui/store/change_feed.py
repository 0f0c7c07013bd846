"""The change feed: each write appends to it in its own transaction, and each follower is told, whoever wrote."""

import asyncio
import contextlib
import logging
import threading
import weakref
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, delete, func, or_
from sqlmodel import Session, col

from contacts_tui.domain.change import Change
from contacts_tui.domain.change import ChangeKind as ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import Message
from contacts_tui.domain.unknown_values import is_known, member
from contacts_tui.store import sql
from contacts_tui.store.backends.protocol import Watch
from contacts_tui.store.columns import Instant
from contacts_tui.store.database import Database
from contacts_tui.store.errors import StoreError, StoreLost
from contacts_tui.store.process_tables import ChangeRow

_log = logging.getLogger(__name__)

_BATCH = 500
"""Changes read at once."""


class Follower(AsyncIterator[tuple[Change, ...]]):
    """An iterator over all changes since it was made, each once and in order; those that came meanwhile, together."""

    def __init__(self) -> None:
        """Make a follower for the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._pending: list[Change] = []
        self._ended = False
        self._woken = asyncio.Event()

    async def __anext__(self) -> tuple[Change, ...]:
        """Wait for the next changes and return them, at least one. End when the store is closed or lost."""
        while not self._pending:
            if self._ended:
                raise StopAsyncIteration
            self._woken.clear()
            await self._woken.wait()
        batch, self._pending = tuple(self._pending), []
        return batch

    def deliver(self, batch: list[Change], *, end: bool = False) -> None:
        """Deliver changes from another thread; with `end`, the last ones."""
        # In an event loop that has ended no follower waits any more.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._take, batch, end)

    def _take(self, batch: list[Change], end: bool) -> None:
        self._pending += batch
        self._ended = end
        self._woken.set()


class ChangeFeed:
    """One thread that watches a store for all followers of this process."""

    def __init__(self, database: Database) -> None:
        """Make the feed of `database`; its thread starts at the first `follow`."""
        self._database = database
        self._followers: weakref.WeakSet[Follower] = weakref.WeakSet()
        self._guard = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._watch: Watch | None = None
        self._seq = 0
        self._ended = False
        self.interruption = ""
        """Why no changes come at present, as a sentence; mostly empty."""

    def follow(self) -> Follower:
        """Return a follower of every change committed from now on. The feed forgets it when no code refers to it."""
        follower = Follower()
        with self._guard:
            if self._thread is None:
                # The watch comes first: a commit between these two may be noticed twice, but is never missed.
                self._watch = self._database.opened.watch()
                with self._watch.session() as session:
                    self._seq = latest(session)
                self._thread = threading.Thread(target=self._run, args=(self._watch,), name="store-feed", daemon=True)
                self._thread.start()
            self._followers.add(follower)
            if self._ended:
                follower.deliver([], end=True)
        return follower

    def close(self) -> None:
        """Stop the feed's thread, and end every follower."""
        self._stopped.set()
        if self._watch is not None and self._thread is not None:
            self._watch.stop()
            self._thread.join()
        self._end()

    def _run(self, watch: Watch) -> None:
        try:
            is_due, is_failing = False, False
            while not self._stopped.is_set():
                try:
                    # A failure to read may come from a replaced store: `checked` then raises StoreLost instead.
                    with self._database.checked(), self._database.backend.in_words():
                        is_due = watch.wait() or is_due
                        if self._stopped.is_set():
                            return
                        self._database.check()
                        if is_due or self.interruption:
                            self._deliver_new(watch)
                        if self.interruption:
                            self._deliver_everything(watch)
                    is_due = is_failing = False
                    self.interruption = ""
                except StoreLost:
                    # Later changes can't be read any more: a follower that ends has to look at `Store.lost`.
                    self._end()
                    return
                except StoreError as error:
                    # Locked, failing, or out of reach: no change was skipped, and the next look reads them all.
                    self.interruption = error.sentence
                except Exception:
                    # Whatever the error is, the next look tries again: no follower may wait for ever.
                    if not is_failing:
                        _log.exception("the change feed can't be read now, and is tried again")
                    is_failing = True
        finally:
            watch.close()

    def _end(self) -> None:
        with self._guard:
            self._ended = True
            followers = tuple(self._followers)
        for follower in followers:
            follower.deliver([], end=True)

    def _deliver_everything(self, watch: Watch) -> None:
        """Have every follower read all anew: its reads may have failed. Do nothing in a store without changes."""
        with self._guard, watch.session() as session:
            newest, at = sql.one(session, _LATEST)
            if newest is not None:
                for follower in tuple(self._followers):
                    follower.deliver([Change(newest, at, ChangeKind.EVERYTHING, None, None, None)])

    def _deliver_new(self, watch: Watch) -> None:
        while True:
            with self._guard, watch.session() as session:
                batch = since(session, self._seq, _BATCH)
                if not batch:
                    batch = if_put_back(session, self._seq)
                if batch:
                    self._seq = batch[-1].seq
                    for follower in tuple(self._followers):
                        follower.deliver(batch)
            if len(batch) < _BATCH:
                return


KEPT_FOR = timedelta(hours=24)
"""Changes younger than this are never pruned: a follower may have slept."""
KEPT_ROWS = 10_000
"""This many of the newest changes are never pruned either."""

_INSERT = sql.insertion(ChangeRow, "at", "kind", "contact_id", "conversation_id", "message_id")
_SINCE = sql.statement(
    lambda: (
        sql.query(
            ChangeRow.seq,
            ChangeRow.at,
            ChangeRow.kind,
            ChangeRow.contact_id,
            ChangeRow.conversation_id,
            ChangeRow.message_id,
        )
        .where(col(ChangeRow.seq) > sql.param("seq"))
        .order_by(col(ChangeRow.seq))
        .limit(sql.param("limit", Integer()))
    )
)
_LATEST = sql.statement(lambda: sql.query(func.max(ChangeRow.seq), func.max(ChangeRow.at, type_=Instant)))
_IS_THERE = sql.lookup(ChangeRow, "seq", "seq")
_FIRST_YOUNG = sql.statement(
    lambda: sql.query(func.min(ChangeRow.seq)).where(
        or_(col(ChangeRow.seq) > sql.param("kept"), col(ChangeRow.at) >= sql.param("before"))
    )
)
_PRUNE = sql.statement(lambda: delete(ChangeRow).where(col(ChangeRow.seq) < sql.param("young")))


def record(
    session: Session,
    clock: Clock,
    kind: ChangeKind,
    *,
    contact_id: int | None = None,
    conversation_id: int | None = None,
    message_id: int | None = None,
) -> None:
    """Append a change to the feed, in the running transaction."""
    sql.write(
        session,
        _INSERT,
        at=clock(),
        kind=kind.value,
        contact_id=contact_id,
        conversation_id=conversation_id,
        message_id=message_id,
    )


def record_message(session: Session, clock: Clock, message: Message) -> None:
    """Append to the feed, in the running transaction, that a message was changed in its thread or removed from it."""
    record(
        session,
        clock,
        ChangeKind.MESSAGE,
        contact_id=message.contact_id,
        conversation_id=message.conversation_id,
        message_id=message.id,
    )


def since(session: Session, seq: int, limit: int) -> list[Change]:
    """Return the first `limit` changes after `seq`, oldest first.

    When some of these were pruned already, an EVERYTHING that stands for them comes before the others. A missing number
    alone proves nothing, because a transaction that was rolled back may have had it; but pruning deletes the oldest
    changes up to the first that stays, so it deletes `seq` too.
    """
    changes = [_change(row) for row in sql.several(session, _SINCE, seq=seq, limit=limit)]
    if changes and changes[0].seq != seq + 1 and sql.one(session, _IS_THERE, seq=seq) is None:
        first = changes[0]
        changes.insert(0, Change(first.seq - 1, first.at, ChangeKind.EVERYTHING, None, None, None))
    return changes


def if_put_back(session: Session, seq: int) -> list[Change]:
    """Return an EVERYTHING when the newest change comes before `seq`: an earlier state of the store was put back."""
    newest, at = sql.one(session, _LATEST)
    if newest is None or newest >= seq:
        return []
    return [Change(newest, at, ChangeKind.EVERYTHING, None, None, None)]


def latest(session: Session) -> int:
    """Return the number of the newest change; 0 when there never was one."""
    return sql.one(session, _LATEST)[0] or 0


def prune(session: Session, clock: Clock) -> int:
    """Delete changes older than KEPT_FOR that aren't among the newest KEPT_ROWS, and return how many were deleted."""
    (young,) = sql.one(session, _FIRST_YOUNG, kept=latest(session) - KEPT_ROWS, before=clock() - KEPT_FOR)
    return 0 if young is None else sql.changed(session, _PRUNE, young=young)


def _kind(stored: str) -> ChangeKind:
    """Return the kind of a stored change; EVERYTHING for a kind unknown to this version, which may mean anything."""
    kind = member(ChangeKind, stored)
    return kind if is_known(kind) else ChangeKind.EVERYTHING


def _change(row: tuple[Any, ...]) -> Change:
    seq, at, kind, contact_id, conversation_id, message_id = row
    return Change(
        seq=seq,
        at=at,
        kind=_kind(kind),
        contact_id=contact_id,
        conversation_id=conversation_id,
        message_id=message_id,
    )
