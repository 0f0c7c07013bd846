"""SQLite: a store in a file."""

import os
import sqlite3
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from contacts_tui.store.backends.sqlite import copies, errors
from contacts_tui.store.backends.sqlite.connections import Mode, open_engine
from contacts_tui.store.backends.sqlite.opened import OpenedFile
from contacts_tui.store.backends.sqlite.revision import APPLICATION_ID, REVISION_QUERY
from contacts_tui.store.errors import StoreError
from contacts_tui.store.schema import Tell


class SQLite:
    """Fills `protocol.Backend`."""

    def __init__(self, path: str) -> None:
        """`path` is a file that there may not be yet, or a link to it. Raises StoreError."""
        if not path or path.startswith(":memory:") or "\0" in path:
            raise StoreError("the store needs a file: write sqlite:///path")
        self.named = Path(path).absolute()
        """The path that was asked for, which may be a symbolic link."""
        self.path = Path(os.path.realpath(self.named))
        """The file, behind all symbolic links: its log and its files lie beside it."""

    @property
    def name(self) -> str:
        """See the protocol."""
        return str(self.path)

    @property
    def files(self) -> Path:
        """See the protocol."""
        return self.path.with_name(f"{self.path.name}-files")

    def engine(self, mode: Mode = Mode.WRITE) -> Engine:
        """Return an engine on the file, which is made when it is missing and can be written. Raises StoreError."""
        return open_engine(self.path, mode, self)

    def open(self, now: datetime, tell: Tell) -> OpenedFile:
        """See the protocol."""
        return OpenedFile(self, now, tell)

    def in_words(self) -> AbstractContextManager[None]:
        """See the protocol."""
        return errors.in_words(self.path)

    def revision(self, connection: Connection) -> str | None:
        """See the protocol."""
        try:
            row = connection.exec_driver_sql(REVISION_QUERY).one_or_none()
        except OperationalError as error:
            if errors.code(error) != "SQLITE_ERROR":
                raise
            row = None
            if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one() == 0:
                return None
        if row is None or row[1] != APPLICATION_ID:
            raise StoreError(
                f"{self.path} is a database of another program, not a contacts-tui store: "
                "choose another file; nothing was changed"
            )
        return str(row[0])

    def mark(self, connection: Connection) -> None:
        """See the protocol."""
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def keep(self, revision: str, now: datetime) -> Path:
        """See the protocol. The copy lies beside the store, named by its revision and the time (UTC)."""
        copy = self.path.with_name(f"{self.path.name}-revision-{revision}-{now:%Y%m%dT%H%M%S%fZ}")
        try:
            copies.copy(self.path, copy)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"the store {self.path} has to be upgraded, and it can't be copied before that ({error}): "
                f"free some space for a copy in {self.path.parent}; nothing was changed"
            ) from error
        return copy
