"""One process's connections to a store's file, and the check before each use that it is still that file."""

import contextlib
import logging
import os
import secrets
import shutil
import threading
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from contacts_tui.store import schema
from contacts_tui.store.backends.sqlite import errors, files, guard
from contacts_tui.store.backends.sqlite.engines import Mode, use_write_ahead_log
from contacts_tui.store.errors import StoreError, StoreLost
from contacts_tui.store.revision import HEAD

if TYPE_CHECKING:
    from contacts_tui.store.backends.sqlite.backend import SQLite

_log = logging.getLogger(__name__)

POLL_INTERVAL = 0.06
"""Seconds between two checks for commits. A check costs some 10 µs, on a thread of its own."""

_MIGRATED = "the store {path} was upgraded for this program; a copy of the old one is kept: {copy}"
_WITHOUT_LOG = "what was written last to the store {path} is missing here: its log {log} can't be used without writing"
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
_LOG_KEPT = (
    "the log of the store that was replaced lies in %s: what was stored last is in it; put it beside that store, under "
    "the store's name and -wal, before that is opened"
)
_LOG_WAIT = 2000
"""Milliseconds to wait for processes that still use the log of a store that was replaced."""


class OpenedFile:
    """Implements `protocol.Opened`."""

    def __init__(self, store: "SQLite", now: datetime, tell: schema.Tell) -> None:
        """Open the file, making or migrating it when needed. One that has this program's form isn't locked for that.

        `tell` is called with what takes long. Raise StoreError.
        """
        self._store = store
        self._path = store.path
        self.read_only = files.why_not_written(self._path) if os.path.isfile(self._path) else ""
        """See the protocol."""
        self.notice = ""
        """See the protocol."""
        self.writer: Engine | None = None
        """See the protocol."""
        self._lost: StoreLost | None = None
        self._losing = threading.Lock()
        self._own: PoolProxiedConnection | None = None
        """A connection to the file that was opened: one that is made later is to whatever is at the path then."""
        if self.read_only:
            self._guard = _guard(store)
            self.reader = self._opened_to_read()
            """See the protocol."""
        else:
            self.writer = store.engine()
            self._guard = _guard(store)
            self.reader = store.engine(Mode.READ)
            try:
                self._make_ready(self.writer, now, tell)
            except BaseException:
                self.close()
                raise
            self._own = self.writer.raw_connection()
            self._own.cursor().execute("PRAGMA schema_version").fetchone()
        self._guard.begin()

    def check(self, *, is_writing: bool = False) -> None:
        """See the protocol."""
        try:
            self._guard.check(is_writing=is_writing)
        except guard.Changed as changed:
            with self._losing:
                if self._lost is None:
                    self._lost = StoreLost(_LOST[type(changed)].format(path=self._path))
                    with contextlib.suppress(OSError, *errors.DRIVER_ERRORS):
                        self._part_with_log(overwritten=isinstance(changed, guard.Overwritten))
            raise self._lost from changed

    def form(self, session: Session) -> object:
        """See the protocol."""
        driver = session.connection().connection.driver_connection
        assert driver is not None
        return driver.execute("PRAGMA schema_version").fetchone()

    def leave_no_trace(self) -> str:
        """See the protocol. What is deleted is overwritten in the file; the log, which had it still, is emptied."""
        if self._own is not None:
            blocked, _, _ = self._own.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not blocked:
                return ""
        return (
            "another program still reads an older state of the store: the store's log holds it until that one ends; "
            "run `contacts-tui store backup` only after that"
        )

    def watch(self) -> "FileWatch":
        """See the protocol."""
        return FileWatch(self.reader)

    def close(self) -> None:
        """See the protocol."""
        if self._own is not None:
            self._own.close()
        if self.writer is not None:
            self.writer.dispose()
        self.reader.dispose()
        self._guard.close()

    def autocommit(self) -> None:
        """See the protocol. A file has one writer at a time, whatever is written."""

    def _make_ready(self, writer: Engine, now: datetime, tell: schema.Tell) -> None:
        if self._is_ready():
            return
        tell(schema.WAITING)
        use_write_ahead_log(writer)
        if copy := schema.ensure(writer, now, tell):
            self.notice = _MIGRATED.format(path=self._path, copy=copy)
        self._is_ready()

    def _is_ready(self) -> bool:
        """Return whether the store has this program's form already, without locking it. Raise StoreError."""
        with self.reader.connect() as connection:
            logged = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
            return logged and self._store.revision(connection) == HEAD

    def _part_with_log(self, *, overwritten: bool) -> None:
        """Keep the log of the store that was opened from being taken for the log of the one that is there now.

        A store that was moved gets what is in its log. One that was overwritten must not get it: its log is copied
        beside it, and emptied.
        """
        if self._own is None or not self._guard.owns_log():
            return
        if not overwritten and self._guard.is_in_place():
            # A link leads to another store now; the one that was opened is in its place, with its log.
            return
        log = files.log_of(self._path)
        aside = self._path.with_name(f"{log.name}-of-replaced-{os.getpid()}-{secrets.token_hex(4)}")
        if overwritten:
            descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(descriptor, "wb") as copy, log.open("rb") as source:
                shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
            os.truncate(log, 0)
            log.unlink()
        else:
            # At once, so that no process that opens the path from now on finds it. Processes that have it open keep it.
            log.rename(aside)
        files.index_of(self._path).unlink(missing_ok=True)
        if not overwritten and _took_its_log(self._own):
            aside.unlink()
        else:
            _log.error(_LOG_KEPT, aside)

    def _opened_to_read(self) -> Engine:
        """Return an engine for a store that can't be written; it reads the log, too, where it can. Raise StoreError."""
        for mode in (Mode.READ_ONLY, Mode.IMMUTABLE):
            engine = self._store.engine(mode)
            try:
                with engine.connect() as connection:
                    found = self._store.revision(connection)
            except DBAPIError as error:
                engine.dispose()
                if mode is Mode.READ_ONLY and errors.code(error) in errors.NO_INDEX:
                    continue
                raise
            if found != HEAD:
                engine.dispose()
                raise StoreError(_BEHIND.format(path=self._path, found=found or "none", known=HEAD, why=self.read_only))
            log = files.log_of(self._path)
            if mode is Mode.IMMUTABLE and files.size(log):
                self.notice = _WITHOUT_LOG.format(path=self._path, log=log)
            return engine
        raise AssertionError("both ways were tried")


class FileWatch:
    """Implements `protocol.Watch`: a connection can ask SQLite whether others have committed."""

    def __init__(self, reader: Engine) -> None:
        """Watch by a connection of `reader`, which never writes: SQLite tells it of the commits of all others."""
        self._reader = reader
        self._connection = reader.raw_connection()
        # SQLite opens the file only at the first statement: this opens the one that is there now.
        self._connection.cursor().execute("PRAGMA schema_version").fetchone()
        self._stopped = threading.Event()
        self._seen: int | None = None

    def wait(self) -> bool:
        """See the protocol."""
        if self._stopped.wait(POLL_INTERVAL):
            return False
        seen = self._seen
        (self._seen,) = self._connection.cursor().execute("PRAGMA data_version").fetchone()
        return self._seen != seen

    def session(self) -> Session:
        """See the protocol."""
        return Session(self._reader)

    def stop(self) -> None:
        """See the protocol."""
        self._stopped.set()

    def close(self) -> None:
        """See the protocol."""
        self._connection.close()


def _took_its_log(connection: PoolProxiedConnection) -> bool:
    """Bring everything in a store's log into its file; return False when another process holds that up for too long."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_LOG_WAIT}")
    for mode in ("PASSIVE", "FULL"):
        _, frames, taken = cursor.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        if frames >= 0 and taken == frames:
            return True
    return False


def _guard(store: "SQLite") -> guard.Guard:
    """Return the guard of a store's file. Raise StoreError for a file that can't be read."""
    try:
        return guard.Guard(store.path, store.named)
    except OSError as error:
        raise StoreError(
            f"the store {store.path} can't be read: {error.strerror}; its owner can change that"
        ) from error
