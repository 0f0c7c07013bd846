"""SQLite: a store in a file."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from contacts_tui.store import schema, sql
from contacts_tui.store.backends.people_queries import PeopleQueries
from contacts_tui.store.backends.protocol import Concern, Space
from contacts_tui.store.backends.sqlite import backup, copies, errors, files, new_file
from contacts_tui.store.backends.sqlite.engines import Mode, engine_to_look, open_engine, use_write_ahead_log
from contacts_tui.store.backends.sqlite.opened import OpenedFile
from contacts_tui.store.backends.sqlite.people import people
from contacts_tui.store.backends.sqlite.revision import APPLICATION_ID, REVISION_QUERY
from contacts_tui.store.backends.sqlite.search import Search
from contacts_tui.store.backup import Backup, Progress
from contacts_tui.store.errors import StoreError

_DROP_LAST_GIVEN = "DELETE FROM sqlite_sequence WHERE name = ? AND seq < ?"
_KEEP_LAST_GIVEN = (
    "INSERT INTO sqlite_sequence (name, seq) SELECT name, ? FROM sqlite_master WHERE type = 'table' AND name = ? "
    "AND sql LIKE '%AUTOINCREMENT%' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?)"
)


class SQLite:
    """Implements `protocol.Backend`."""

    search = Search()
    """See the protocol."""
    rest = 0.0
    """See the protocol."""

    def __init__(self, path: str) -> None:
        """Take `path` for the store's file, which may not exist yet, or for a link to it. Raise StoreError."""
        if not path or path.startswith(":memory:") or "\0" in path:
            raise StoreError("the store needs a file: write sqlite:///path")
        self.named = Path(path).absolute()
        """The path that was asked for, which may be a symbolic link."""
        self.path = Path(os.path.realpath(self.named))
        """The file, behind all symbolic links: its log and its folder of files are beside it."""

    @property
    def name(self) -> str:
        """See the protocol."""
        return str(self.path)

    @property
    def files(self) -> Path:
        """See the protocol."""
        return files.folder_of(self.path)

    def later(self, driver: sqlite3.Connection) -> Callable[[str, Any], object]:
        """See the protocol. The statement runs at once: nothing is gained by keeping it back."""
        return driver.execute

    def stream(self, driver: sqlite3.Connection, text: str, values: Any) -> sqlite3.Cursor:
        """See the protocol."""
        return driver.execute(text, values)

    def ids_taken(self, session: Session, table: str, highest: int, column: str = "id") -> None:
        """See the protocol. SQLite itself sees which ids are there; a table that gives none twice keeps the highest."""
        sql.write(session, _DROP_LAST_GIVEN, table, highest)
        sql.write(session, _KEEP_LAST_GIVEN, highest, table, table)

    def last_id(self, session: Session, table: str, column: str) -> int:
        """See the protocol."""
        (given,) = sql.one(session, "SELECT max(seq) FROM sqlite_sequence WHERE name = ?", table)
        (highest,) = sql.one(session, f'SELECT max("{column}") FROM "{table}"')
        return max(given or 0, highest or 0)

    def kept_text(self, text: str) -> str:
        """See the protocol."""
        return text

    def kept_json(self, text: str) -> str:
        """See the protocol."""
        return text

    def hold_file(self, session: Session, name: str) -> None:
        """See the protocol. Every file in the folder is a part of the store already."""

    def find_file(self, session: Session, name: str) -> Path:
        """See the protocol."""
        return self.files / name

    def held_files(self, session: Session) -> set[str]:
        """See the protocol. The database holds no files: they are in the folder."""
        return set()

    def file_content(self, session: Session, name: str) -> Iterator[bytes]:
        """See the protocol."""
        with suppress(FileNotFoundError), (self.files / name).open("rb") as stream:
            yield from files.pieces(stream)

    def add_file(self, session: Session, name: str, content: IO[bytes]) -> None:
        """See the protocol."""
        self.files.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.write(self.files / name, files.pieces(content))

    def drop_files(self, session: Session, names: Iterable[str]) -> None:
        """See the protocol. The database holds no files: they are in the folder alone."""

    def engine(self, mode: Mode = Mode.WRITE) -> Engine:
        """Return an engine on the file, which is made when it is missing and can be written. Raise StoreError."""
        return open_engine(self.path, mode, self)

    def people(self, session: Session) -> PeopleQueries:
        """See the protocol."""
        driver = session.connection().connection.driver_connection
        assert driver is not None
        return people(driver.execute)

    def new_id(self, cursor: sqlite3.Cursor) -> int:
        """See the protocol. A statement that returns the id would cost twice as much."""
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    @contextmanager
    def new_store(self, now: datetime) -> Iterator[Session]:
        """See the protocol. The file is made under another name, and becomes the store at the end."""
        with new_file.beside(self.path) as path, self.in_words():
            engine = SQLite(str(path)).engine()
            try:
                with engine.begin() as connection, Session(connection) as session:
                    schema.make(connection, now)
                    yield session
                use_write_ahead_log(engine)
            finally:
                engine.dispose()

    def exists(self) -> bool:
        """See the protocol."""
        return self.path.exists()

    def open(self, now: datetime, tell: schema.Tell) -> OpenedFile:
        """See the protocol."""
        return OpenedFile(self, now, tell)

    @contextmanager
    def look(self, patience: float) -> Iterator[Session]:
        """See the protocol."""
        if not self.path.is_file():
            raise StoreError(f"there is no store at {self.path}: name it by --database")
        engine = engine_to_look(self.path, patience, self)
        try:
            with self.in_words(), Session(engine) as session:
                yield session
        finally:
            engine.dispose()

    def space(self) -> Space:
        """See the protocol."""
        disk = os.statvfs(self.path)
        return Space(
            size=files.size(self.path),
            log_size=files.size(files.log_of(self.path)),
            free=disk.f_bavail * disk.f_frsize,
            files=sum(1 for _ in self.files.iterdir()) if self.files.is_dir() else 0,
            engine=f"SQLite {sqlite3.sqlite_version}",
            tables={},
        )

    def exposure(self) -> str:
        """See the protocol."""
        mode = stat.S_IMODE(self.path.stat().st_mode)
        return f"others can open {self.path} ({mode:04o}): chmod 600 {self.path}" if mode & 0o077 else ""

    def damage(self, session: Session, *, quickly: bool = False) -> str:
        """See the protocol."""
        check = "PRAGMA quick_check(1)" if quickly else "PRAGMA integrity_check(20)"
        try:
            told = [str(row[0]) for row in sql.several(session, check)]
        except sqlite3.DatabaseError as error:
            told = [str(error)]
        return "" if told == ["ok"] else "; ".join(told)

    def concerns(self, session: Session) -> Iterator[Concern]:
        """See the protocol. A file has no activity of its own."""
        return iter(())

    def dangling(self, session: Session) -> list[str]:
        """See the protocol."""
        return [row[0] for row in sql.several(session, 'SELECT DISTINCT "table" FROM pragma_foreign_key_check')]

    def take_backup(self, target: Path, now: datetime, progress: Progress | None) -> Backup:
        """See the protocol."""
        return backup.take(self.path, target, now, progress)

    def restore(self, folder: Path, now: datetime) -> tuple[Backup, Path | None]:
        """See the protocol."""
        return backup.restore(folder, self.path, now)

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

    def begin_history(self, connection: Connection) -> None:
        """See the protocol. The first migration makes the first tables."""

    def mark(self, connection: Connection) -> None:
        """See the protocol."""
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def keep(self, revision: str, now: datetime) -> Path:
        """See the protocol. The copy is beside the store, named by its revision and the time (UTC)."""
        copy = self.path.with_name(f"{self.path.name}-revision-{revision}-{now:%Y%m%dT%H%M%S%fZ}")
        try:
            copies.copy(self.path, copy)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"the store {self.path} has to be upgraded, and it can't be copied before that ({error}): "
                f"free some space for a copy in {self.path.parent}; nothing was changed"
            ) from error
        return copy
