"""A copy of a store's database as it was at one moment, taken while others read and write it."""

import contextlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from contacts_tui.store import attachments
from contacts_tui.store.backends.sqlite.engines import connect_to_read
from contacts_tui.store.backup import Progress

_PAGES = 1024
"""Pages copied at once: 4 MiB, some milliseconds."""


def copy(source: Path, target: Path, progress: Progress | None = None) -> None:
    """Copy the database at `source` into a new file that only its owner can read, and bring that to the disk.

    Raise FileExistsError when there is something at `target`, OSError when it can't be written, and sqlite3.Error or
    StoreError when the source can't be read; the unfinished copy is removed then.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with (
            closing(connect_to_read(source)) as reader,
            closing(sqlite3.connect(target)) as writer,
        ):
            # One transaction over all pages: otherwise each write of another process would begin the copy anew.
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            reader.backup(writer, pages=_PAGES, progress=_reported(progress))
        attachments.sync(target)
        attachments.sync(target.parent)
    except BaseException:
        for path in (target, target.with_name(f"{target.name}-journal")):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        raise


def _reported(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    if progress is None:
        return None
    return lambda _status, remaining, total: progress(total - remaining, total)
