"""Engines on the store: where the file is, who may read it, and how its transactions begin."""

import sqlite3
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from contacts_tui.store import deadline, json_columns
from contacts_tui.store.backends.protocol import Backend
from contacts_tui.store.backends.sqlite import errors, expressions, files, write_lock
from contacts_tui.store.errors import ReadOnlyStore, StoreError

BUSY_TIMEOUT = 10.0
"""Seconds that a connection waits for another process to finish writing before the store counts as busy.

That is long enough for the import of some ten thousand people, and less than the 15 seconds after which Twilio gives up
a webhook.
"""

_OLDEST_SQLITE = (3, 38)
"""The first with JSON functions built in; trigram search needs 3.34."""
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    # A webhook is answered with 200 once its message is committed, so a commit has to survive a power cut; in
    # WAL mode NORMAL would not.
    "PRAGMA synchronous = FULL",
    # Deleted data of a forgotten person is overwritten in free pages, too. Most builds of SQLite do so anyway.
    "PRAGMA secure_delete = ON",
)


class Mode(StrEnum):
    """How an engine opens the file: what is behind the `?` of SQLite's URI."""

    WRITE = ""
    """Every transaction takes the write lock as it begins: it waits for its turn then, and isn't refused half-way."""
    READ = "mode=rw"
    """Every transaction reads the store as of one moment and waits for no writer, and SQLite refuses to write in it."""
    READ_ONLY = "mode=ro"
    """Like READ, where nothing can be written. The log and its index are used when they are there."""
    IMMUTABLE = "mode=ro&immutable=1"
    """Like READ_ONLY, where no index of the log can be made: the log is left out."""


def open_engine(path: Path, mode: Mode, backend: Backend) -> Engine:
    """Return an engine on the store at `path`; the file is made when it is missing and can be written.

    Raise StoreError.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old: Python needs one built with 3.38 or newer")
    writes = mode is Mode.WRITE
    if writes:
        files.prepare(path)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"{path.as_uri()}?{mode.value}" if mode.value else path,
            uri=bool(mode.value),
            # The driver would begin transactions by itself, and only before some statements; we begin them all.
            isolation_level=None,
            timeout=BUSY_TIMEOUT,
            check_same_thread=False,
        )

    def begin(connection: Connection) -> None:
        if writes:
            write_lock.execute(connection.connection.cursor(), "BEGIN IMMEDIATE", path, deadline.left(BUSY_TIMEOUT))
        else:
            _begin_to_read(connection)

    engine = _engine(backend, connect, begin)

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if not writes:
            connection.execute("PRAGMA query_only = ON")

    return engine


def engine_to_look(path: Path, patience: float, backend: Backend) -> Engine:
    """Return an engine that reads a store as a whole: see `connect_to_read`."""
    return _engine(backend, lambda: connect_to_read(path, patience), _begin_to_read)


def _engine(backend: Backend, connect: Callable[[], sqlite3.Connection], begin: Callable[[Connection], None]) -> Engine:
    expressions.adapt()
    engine = create_engine(
        URL.create("sqlite", database=backend.name),
        creator=connect,
        json_deserializer=json_columns.load,
        execution_options={"backend": backend},
    )
    event.listen(engine, "begin", begin)
    return engine


def _begin_to_read(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def connect_to_read(path: Path, timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """Connect to a store to read it as a whole: nothing is written, and no process has to wait.

    Raise sqlite3.Error, and ReadOnlyStore when the log can't be read because nothing can be written beside it.
    """
    for mode in (Mode.READ_ONLY, Mode.IMMUTABLE):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{mode.value}", uri=True, timeout=timeout, isolation_level=None
        )
        try:
            connection.execute("PRAGMA schema_version").fetchone()
        except sqlite3.Error as error:
            connection.close()
            if mode is Mode.IMMUTABLE or not path.is_file() or errors.code(error) not in errors.NO_INDEX:
                raise
            log = files.log_of(path)
            if files.size(log):
                raise ReadOnlyStore(
                    f"the latest of the store {path} lies in {log.name}, which can only be read where something can be "
                    "written beside it: copy both files to such a place, and name the copy by --database"
                ) from error
        else:
            return connection
    raise AssertionError("both ways were tried")


def use_write_ahead_log(engine: Engine) -> None:
    """Put the store in WAL mode, in which readers never wait for a writer. The file keeps the mode.

    SQLite doesn't wait for the lock that the switch needs, so this waits: otherwise one of two processes that open a
    new store at once would get "locked" here.
    """
    connection = engine.raw_connection()
    try:
        write_lock.execute(
            connection.cursor(), "PRAGMA journal_mode = WAL", Path(str(engine.url.database)), BUSY_TIMEOUT
        )
    finally:
        connection.close()
