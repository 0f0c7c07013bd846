"""Connections to the store: where the file is, who may read it, and how its transactions begin."""

import os
import sqlite3
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from contacts_tui.store import deadline, json_columns, write_lock
from contacts_tui.store.backends import sqlite
from contacts_tui.store.errors import StoreError, error_name

BUSY_TIMEOUT = 10.0
"""Seconds that a connection waits for another process to finish writing before the store counts as busy: long enough
for the import of some ten thousand people, and less than the 15 seconds after which Twilio gives a webhook up."""

NO_INDEX = frozenset({"SQLITE_CANTOPEN", "SQLITE_READONLY"})
"""How SQLite refuses a store whose log would need an index that can't be written."""

_SQLITE = "sqlite:///"
_OLDEST_SQLITE = (3, 38)
"""The first with JSON functions built in; trigram search needs 3.34."""
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    # A webhook is answered with 200 once its message is committed, so a commit has to survive a power cut; in
    # WAL mode NORMAL would not.
    "PRAGMA synchronous = FULL",
)


def store_path(location: str) -> Path:
    """The file of the store at this location, behind all symbolic links: its log and its files lie beside it.

    Raises StoreError for anything but `sqlite:///path`.
    """
    return Path(os.path.realpath(named_path(location)))


def named_path(location: str) -> Path:
    """The path that a store's location names, which may be a symbolic link. Raises StoreError as `store_path` does."""
    if not location.startswith(_SQLITE):
        raise StoreError(f"only SQLite stores can be opened so far: write {_SQLITE}path, not {_scheme(location)}")
    path = location.removeprefix(_SQLITE)
    if not path or path.startswith(":memory:") or "\0" in path:
        raise StoreError(f"the store needs a file: write {_SQLITE}path")
    return Path(path).absolute()


class Mode(StrEnum):
    """How an engine opens the file: what is behind the `?` of SQLite's URI."""

    WRITE = ""
    """Every transaction takes the write lock as it begins: it waits for its turn at its first statement and can't be
    refused half-way."""
    READ = "mode=rw"
    """Every transaction reads the store of one moment and waits for nobody, and SQLite refuses to write in it."""
    READ_ONLY = "mode=ro"
    """As READ, where nothing can be written. The log and its index are used when they are there."""
    IMMUTABLE = "mode=ro&immutable=1"
    """As READ_ONLY, where no index of the log can be made: the log is left out."""


def open_engine(location: str, mode: Mode = Mode.WRITE) -> Engine:
    """An engine on the store at `location`; the file is made when it is missing and can be written.

    Raises StoreError.
    """
    path = store_path(location)
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old: Python needs one built with 3.38 or newer")
    if mode is Mode.WRITE:
        _prepare_file(path)
    writes = mode is Mode.WRITE

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"{path.as_uri()}?{mode.value}" if mode.value else path,
            uri=bool(mode.value),
            # The driver would begin transactions by itself, and only before some statements; we begin them all.
            isolation_level=None,
            timeout=BUSY_TIMEOUT,
            check_same_thread=False,
        )

    sqlite.adapt()
    engine = create_engine(
        URL.create("sqlite", database=str(path)), creator=connect, json_deserializer=json_columns.load
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if not writes:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if writes:
            write_lock.execute(connection.connection.cursor(), "BEGIN IMMEDIATE", path, deadline.left(BUSY_TIMEOUT))
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def connect_to_read(path: Path, timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """Connect to a store for looking at it as a whole: nothing is written, and nobody has to wait.

    Raises sqlite3.Error, and StoreError where the log can't be read because nothing can be written beside it.
    """
    for mode in (Mode.READ_ONLY, Mode.IMMUTABLE):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode.value}", uri=True, timeout=timeout)
        try:
            connection.execute("PRAGMA schema_version").fetchone()
        except sqlite3.Error as error:
            connection.close()
            if mode is Mode.IMMUTABLE or not path.is_file() or error_name(error) not in NO_INDEX:
                raise
            log = path.with_name(f"{path.name}-wal")
            if log.exists() and log.stat().st_size:
                raise StoreError(
                    f"the latest of the store {path} lies in {log.name}, which can only be read where something can be "
                    "written beside it: copy both files to such a place, and name the copy by --database"
                ) from error
        else:
            return connection
    raise AssertionError("both ways were tried")


def use_write_ahead_log(engine: Engine) -> None:
    """Puts the store in WAL mode, in which readers never wait for a writer. The file remembers it.

    SQLite doesn't wait for the lock that the switch needs, so two processes that open a new store at once would
    get "locked" here without patience of our own.
    """
    connection = engine.raw_connection()
    try:
        write_lock.execute(
            connection.cursor(), "PRAGMA journal_mode = WAL", Path(str(engine.url.database)), BUSY_TIMEOUT
        )
    finally:
        connection.close()


def why_not_written(path: Path) -> str:
    """Why an existing store can only be read, as a sentence; empty when it can be written."""
    try:
        is_read_only = bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        is_read_only = False
    if is_read_only:
        return f"the store {path} can't be written: it lies on a file system that is mounted read-only"
    for place, what in ((path, "it"), (path.parent, "its folder")):
        if not os.access(place, os.W_OK):
            why = f"you don't have permission to write to {what}; its owner can change that"
            return f"the store {path} can't be written: {why}"
    return ""


def _prepare_file(path: Path) -> None:
    """Makes folder and file so that nobody else on the machine can read them; what exists stays as it is."""
    if path.is_dir():
        raise StoreError(f"{path} is a folder: the store has to be a file")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder {path.parent} can't be made: {error.strerror}") from error
    try:
        # SQLite gives its -wal and -shm files the permissions of the store itself. A file that is there is not opened:
        # closing it would take away the locks that another connection of this process has on it.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreError(f"the store {path} can't be written: {error.strerror}") from error


def _scheme(location: str) -> str:
    """The part before the address, which may hold a password."""
    scheme, colon, _ = location.partition(":")
    return f"{scheme}:…" if colon else f"“{location}”"
