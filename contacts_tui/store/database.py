"""One process's connections to a store's file, and the proof before each use that it is still that file."""

import contextlib
import logging
import os
import secrets
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Never

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from contacts_tui.store import deadline, guard, schema
from contacts_tui.store.engine import (
    NO_INDEX,
    Mode,
    named_path,
    open_engine,
    store_path,
    use_write_ahead_log,
    why_not_written,
)
from contacts_tui.store.errors import ReadOnlyStore, StoreBusy, StoreError, StoreLost, error_name, in_words, no_writes
from contacts_tui.store.revision import APPLICATION_ID, HEAD, REVISION_QUERY

_log = logging.getLogger(__name__)

_MIGRATED = "the store {path} was upgraded for this program; a copy of the old one is kept: {copy}"
_WITHOUT_LOG = "what was written last to the store {path} is missing here: its log {log} can't be used without writing"
_BUSY = "the store {path} is busy: this program has too much to store; nothing was stored: try again"
_BEHIND = (
    "the store {path} has the form of another contacts-tui (revision {found}; this program knows {known}), and it "
    "can't be brought to this one: {why}"
)
_AGAIN = "nothing was stored: restart this program to use the one that is there now"
_LOST = {
    guard.Gone: (
        "the store {path} was moved or deleted while this program used it; nothing was stored: put it or a backup back "
        "(`contacts-tui store restore`), and restart this program"
    ),
    guard.Replaced: "the store {path} was replaced by another file while this program used it; " + _AGAIN,
    guard.Overwritten: "the store {path} was overwritten by another program while this one used it; " + _AGAIN,
}
_OTHER_REVISION = (
    "the store {path} was converted by another contacts-tui (revision {found}; this program knows {known}) "
    "while this program used it; nothing was stored: update this program if necessary, and restart it"
)
_LOG_KEPT = (
    "the log of the store that was replaced lies in %s: what was stored last is in it; put it beside that store, under "
    "the store's name and -wal, before that is opened"
)
_LOG_WAIT = 2000
"""Milliseconds to wait for others who still use the log of a store that was replaced."""
_FOREIGN = "the store {path} became another program's database while this program used it; nothing was stored"


class Database:
    """See the module. Sessions come from `writing` and `reading`."""

    def __init__(self, location: str, now: datetime, tell: schema.Tell = schema.tell_nobody) -> None:
        """Opens the file, making or migrating it when needed. One that has this program's form isn't locked for that.

        `tell` hears what takes long.

        Raises StoreError.
        """
        self.path = store_path(location)
        self.read_only = why_not_written(self.path) if os.path.isfile(self.path) else ""
        """Why nothing can be stored, as a sentence; mostly empty."""
        self.notice = ""
        """What the person who opened the store has to know of that, in one sentence; mostly nothing."""
        self.commits = 0
        """Transactions committed so far."""
        self._lost: StoreLost | None = None
        self._losing = threading.Lock()
        self._one_writer = threading.Lock()
        self._schema_version = -1
        self._writer: Engine | None = None
        self._own: PoolProxiedConnection | None = None
        """Proven to be on the file that was opened: whatever connects later goes by the path, to what is there then."""
        with in_words(self.path):
            if self.read_only:
                self._guard = _guard(self.path, location)
                self.reader = self._opened_to_read(location)
                """The engine for reading."""
            else:
                self._writer = open_engine(location)
                self._guard = _guard(self.path, location)
                self.reader = open_engine(location, Mode.READ)
                try:
                    if not schema.is_ready(self.reader):
                        tell(schema.WAITING)
                        use_write_ahead_log(self._writer)
                        if copy := schema.ensure(self._writer, now, tell):
                            self.notice = _MIGRATED.format(path=self.path, copy=copy)
                        schema.is_ready(self.reader)
                except BaseException:
                    self.close()
                    raise
                self._own = self._writer.raw_connection()
                self._own.cursor().execute("PRAGMA schema_version").fetchone()
            self._guard.begin()
        try:
            self.check()
        except BaseException:
            self.close()
            raise

    @property
    def lost(self) -> StoreLost | None:
        """Why this process can't go on with the store; None while it can."""
        return self._lost

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction, committed at the end of the block, rolled back when it raises.

        Within the process writers queue up here for as long as it takes, or until their deadline; SQLite's own wait,
        which gives up, is left to other processes. Raises StoreError.
        """
        if self._writer is None:
            raise ReadOnlyStore(self.read_only)
        if not self._one_writer.acquire(timeout=deadline.left(threading.TIMEOUT_MAX)):
            raise StoreBusy(_BUSY.format(path=self.path))
        try:
            with self._checked(), in_words(self.path), Session(self._writer, expire_on_commit=False) as session:
                # The transaction begins here: a lock that can't be had is no fault of who writes.
                self._check_revision(session)
                self._guard.check(is_writing=True)
                if deadline.is_over():
                    raise StoreBusy(_BUSY.format(path=self.path))
                yield session
                session.commit()
                self.commits += 1
                # Committed to a file that was put aside meanwhile is not stored.
                self._guard.check(is_writing=False)
        finally:
            self._one_writer.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The store of one moment. Raises StoreError."""
        with self._checked(), in_words(self.path), no_writes(), Session(self.reader) as session:
            self._guard.check(is_writing=False)
            self._check_revision(session)
            yield session
            # What was added and never flushed would be lost without a word.
            session.flush()

    def check(self) -> None:
        """Whether the file is still the one that was opened. Raises StoreLost."""
        with self._checked():
            self._guard.check(is_writing=False)

    def close(self) -> None:
        """Closes the file."""
        if self._own is not None:
            self._own.close()
        if self._writer is not None:
            self._writer.dispose()
        self.reader.dispose()
        self._guard.close()

    @contextmanager
    def _checked(self) -> Iterator[None]:
        """Refuses what can't be done any more. Of an error inside, the file may be the true cause."""
        if self._lost is not None:
            raise self._lost
        try:
            yield
        except guard.Changed as changed:
            self._lose(changed)
        except StoreLost as error:
            self._lost = self._lost or error
            raise
        except StoreError:
            try:
                self._guard.check(is_writing=False)
            except guard.Changed as changed:
                self._lose(changed)
            raise

    def _check_revision(self, session: Session) -> None:
        connection = session.connection().connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        (version,) = connection.execute("PRAGMA schema_version").fetchone()
        if version == self._schema_version:
            return
        found = connection.execute(REVISION_QUERY).fetchone()
        if found is None or found[1] != APPLICATION_ID:
            raise StoreLost(_FOREIGN.format(path=self.path))
        if found[0] != HEAD:
            raise StoreLost(_OTHER_REVISION.format(path=self.path, found=found[0], known=HEAD))
        self._schema_version = version

    def _lose(self, changed: guard.Changed) -> Never:
        with self._losing:
            if self._lost is None:
                self._lost = StoreLost(_LOST[type(changed)].format(path=self.path))
                with contextlib.suppress(OSError, sqlite3.Error, DBAPIError):
                    self._part_with_log(overwritten=isinstance(changed, guard.Overwritten))
        raise self._lost from changed

    def _part_with_log(self, *, overwritten: bool) -> None:
        """Sees to it that the log of the store that was opened isn't taken for the log of the one that is there now.

        A store that was put elsewhere gets what is in its log. One that was overwritten must not get it: its log is
        copied beside it, and emptied.
        """
        if self._own is None or not self._guard.owns_log():
            return
        if not overwritten and self._guard.is_in_place():
            # Another has the name, and this one its log.
            return
        log = self.path.with_name(f"{self.path.name}-wal")
        aside = self.path.with_name(f"{log.name}-of-replaced-{os.getpid()}-{secrets.token_hex(4)}")
        if overwritten:
            descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(descriptor, "wb") as copy, log.open("rb") as source:
                shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
            os.truncate(log, 0)
            log.unlink()
        else:
            # At once, so that nobody who opens the path from now on finds it. Whoever has it open still has it.
            log.rename(aside)
        self.path.with_name(f"{self.path.name}-shm").unlink(missing_ok=True)
        if not overwritten and _took_its_log(self._own):
            aside.unlink()
        else:
            _log.error(_LOG_KEPT, aside)

    def _opened_to_read(self, location: str) -> Engine:
        """An engine that reads what can't be written, with its log if that can be. Raises StoreError."""
        log = self.path.with_name(f"{self.path.name}-wal")
        for mode in (Mode.READ_ONLY, Mode.IMMUTABLE):
            engine = open_engine(location, mode)
            try:
                with engine.connect() as connection:
                    found = schema.revision(connection)
            except DBAPIError as error:
                engine.dispose()
                if mode is Mode.READ_ONLY and error_name(error.orig or error) in NO_INDEX:
                    continue
                raise
            if found != HEAD:
                engine.dispose()
                raise StoreError(_BEHIND.format(path=self.path, found=found or "none", known=HEAD, why=self.read_only))
            if mode is Mode.IMMUTABLE and log.exists() and log.stat().st_size:
                self.notice = _WITHOUT_LOG.format(path=self.path, log=log)
            return engine
        raise AssertionError("both ways were tried")


def _took_its_log(connection: PoolProxiedConnection) -> bool:
    """Brings everything in a store's log into its file. False where somebody who stands still is in the way."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_LOG_WAIT}")
    for mode in ("PASSIVE", "FULL"):
        _, frames, taken = cursor.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        if frames >= 0 and taken == frames:
            return True
    return False


def _guard(path: Path, location: str) -> guard.Guard:
    """Raises StoreError for a file that can't be read."""
    try:
        return guard.Guard(path, named_path(location))
    except OSError as error:
        raise StoreError(f"the store {path} can't be read: {error.strerror}; its owner can change that") from error
