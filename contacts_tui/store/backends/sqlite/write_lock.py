"""Turns to write among the programs on one store.

SQLite gives its lock to the process that happens to try when it is free. One that waits tries ever more seldom, in the
end ten times a second, so a program that writes without a pause keeps all others out, and they give up. Here a process
that waits shows so by a lock on the store's folder and tries often, and a newcomer lets those that wait go first.
"""

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine.interfaces import DBAPICursor

from contacts_tui.store.backends.sqlite import errors

AFTER_YOU = 0.005
"""Seconds for which a newcomer waits: time for several tries of those that wait already."""
LOOK = 0.002
"""Seconds between two tries to take a lock that another process has."""


def execute(cursor: DBAPICursor, statement: str, path: Path, patience: float) -> None:
    """Execute a statement that needs the write lock of the store at `path`, as soon as it is this program's turn.

    Raise sqlite3.OperationalError when that doesn't come within `patience` seconds, or for any other reason. From then
    on the connection waits up to `patience` seconds for any lock (its busy timeout).
    """
    deadline = time.monotonic() + patience
    with _waiting_room(path) as room:
        if _is_taken(room):
            time.sleep(AFTER_YOU)
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            while not _has_executed(cursor, statement, deadline):
                _sit_down(room)
                time.sleep(LOOK)
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")


def _has_executed(cursor: DBAPICursor, statement: str, deadline: float) -> bool:
    try:
        cursor.execute(statement)
    except sqlite3.OperationalError as error:
        if errors.code(error) != "SQLITE_BUSY" or time.monotonic() > deadline:
            raise
        return False
    return True


@contextmanager
def _waiting_room(path: Path) -> Iterator[int | None]:
    """Open the store's folder for the time of the block; closing it ends its lock. None when it can't be opened."""
    try:
        room = os.open(path.parent, os.O_RDONLY)
    except OSError:
        yield None
        return
    try:
        yield room
    finally:
        os.close(room)


def _is_taken(room: int | None) -> bool:
    """Return whether another process waits."""
    if room is None:
        return False
    try:
        fcntl.flock(room, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    fcntl.flock(room, fcntl.LOCK_UN)
    return False


def _sit_down(room: int | None) -> None:
    """Show newcomers that this process waits. When that can't be shown, it waits all the same."""
    if room is not None:
        with contextlib.suppress(OSError):
            fcntl.flock(room, fcntl.LOCK_SH | fcntl.LOCK_NB)
