"""Turns to write among the programs on one store.

SQLite lets its lock be taken by whoever happens to ask when it is free. It looks for it ever more seldom, up to ten
times a second, so a program that writes without a pause keeps all others out, and they give up. Here whoever waits
says so by a lock on the store's folder and looks often, and whoever comes to write lets those who wait go first.
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
"""Seconds for which a newcomer stands back: several looks of those who wait."""
LOOK = 0.002
"""Seconds between two looks at a lock that somebody else has."""


def execute(cursor: DBAPICursor, statement: str, path: Path, patience: float) -> None:
    """Executes a statement that needs the lock of the store at `path`, as soon as it is this program's turn.

    Raises sqlite3.OperationalError when that doesn't come within `patience` seconds, or for any other reason. The
    connection goes on to wait that long for whatever else it needs.
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
    """The folder's descriptor; closing it ends whatever lock it has. None where a folder can't be opened."""
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
    """Whether somebody waits."""
    if room is None:
        return False
    try:
        fcntl.flock(room, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    fcntl.flock(room, fcntl.LOCK_UN)
    return False


def _sit_down(room: int | None) -> None:
    """Lets newcomers see that somebody waits. Where that can't be shown, it is waited all the same."""
    if room is not None:
        with contextlib.suppress(OSError):
            fcntl.flock(room, fcntl.LOCK_SH | fcntl.LOCK_NB)
