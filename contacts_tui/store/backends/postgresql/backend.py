"""PostgreSQL: a store that the programs of a team share."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from importlib import resources
from itertools import count
from pathlib import Path
from shlex import quote
from typing import IO, Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from contacts_tui import paths
from contacts_tui.store import schema, sql
from contacts_tui.store.backends.people_queries import PeopleQueries
from contacts_tui.store.backends.postgresql import errors, files, search, server_health, texts
from contacts_tui.store.backends.postgresql.connections import WHICH
from contacts_tui.store.backends.postgresql.engines import Mode, open_engine
from contacts_tui.store.backends.postgresql.filling import indexed_at_the_end
from contacts_tui.store.backends.postgresql.location import Location, parse
from contacts_tui.store.backends.postgresql.opened import OpenedDatabase
from contacts_tui.store.backends.postgresql.people import people
from contacts_tui.store.backends.postgresql.pipelined import PipelinedConnection
from contacts_tui.store.backends.protocol import Concern, Space
from contacts_tui.store.backup import Backup, Progress
from contacts_tui.store.errors import StoreError

MARK = "contacts-tui store "
"""Prefix of the comment on the table of revisions; the store's own number follows."""

_ROWS = 1000
"""Rows that a cursor on the server gives at once."""
_CURSORS = count(1)

_REVISIONS = (
    "SELECT obj_description(to_regclass('alembic_version'), 'pg_class'), to_regclass('alembic_version') IS NOT NULL, "
    "EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p'))"
)
_IDS_TAKEN = (
    "SELECT setval(ids, greatest(%s, nextval(ids))) "
    "FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS ids) AS sequence"
)
_LAST_GIVEN = (
    "SELECT max(last_value) FROM pg_sequences "
    "WHERE quote_ident(schemaname) || '.' || quote_ident(sequencename) = pg_get_serial_sequence(%s, %s)"
)
_EXPOSURE = (
    "SELECT (SELECT current_schema() WHERE has_table_privilege('public', 'message', 'SELECT')), "
    "EXISTS (SELECT 1 FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl), "
    "inet_server_addr() IS NULL OR inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1'"
)


class PostgreSQL:
    """Implements `protocol.Backend`."""

    search = search.Search()
    """See the protocol."""
    rest = 1.0
    """See the protocol."""

    def __init__(self, location: str) -> None:
        """Take the store at an address. Raise StoreError when `location` isn't one."""
        try:
            self.location: Location = parse(location)
        except ValueError as error:
            raise StoreError(f"this isn't the address of a PostgreSQL database: {error}") from error

    @property
    def name(self) -> str:
        """See the protocol."""
        return self.location.name

    @property
    def files(self) -> Path:
        """See the protocol."""
        return paths.files_folder(self.name)

    def hold_file(self, session: Session, name: str) -> None:
        """See the protocol."""
        files.hold(session, self.files / name)

    def find_file(self, session: Session, name: str) -> Path:
        """See the protocol."""
        return files.find(session, self.files / name)

    def held_files(self, session: Session) -> set[str]:
        """See the protocol."""
        return files.held(session)

    def file_content(self, session: Session, name: str) -> Iterator[bytes]:
        """See the protocol."""
        return files.content(session, name)

    def add_file(self, session: Session, name: str, content: IO[bytes]) -> None:
        """See the protocol."""
        files.put(session, name, content)

    def drop_files(self, session: Session, names: Iterable[str]) -> None:
        """See the protocol."""
        files.drop(session, list(names))

    def engine(self, mode: Mode) -> Engine:
        """Return an engine for transactions of one kind."""
        return open_engine(self.location, mode, self)

    def people(self, session: Session) -> PeopleQueries:
        """See the protocol."""
        driver: Any = session.connection().connection.driver_connection
        return people(driver.execute)

    def new_id(self, cursor: "psycopg.Cursor[Any]") -> int:
        """See the protocol. An INSERT of one row gives its id back, where the server made it."""
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])

    def later(self, driver: "psycopg.Connection[Any]") -> Callable[[str, Any], object]:
        """See the protocol. On a connection for reading, a statement runs, and is refused, at once."""
        return driver.execute_later if isinstance(driver, PipelinedConnection) else driver.execute

    def stream(self, driver: "psycopg.Connection[Any]", text: str, values: Any) -> "psycopg.ServerCursor[Any]":
        """See the protocol. The cursor is on the server: one of the client's would hold all rows."""
        cursor = driver.cursor(f"each_{next(_CURSORS)}")
        cursor.itersize = _ROWS
        return cursor.execute(text, values)

    def ids_taken(self, session: Session, table: str, highest: int, column: str = "id") -> None:
        """See the protocol."""
        sql.write(session, _IDS_TAKEN, highest, table, column)

    def last_id(self, session: Session, table: str, column: str) -> int:
        """See the protocol."""
        (given,) = sql.one(session, _LAST_GIVEN, table, column)
        (highest,) = sql.one(session, f'SELECT max("{column}") FROM "{table}"')
        return max(given or 0, highest or 0)

    def kept_text(self, text: str) -> str:
        """See the protocol."""
        return texts.text(text)

    def kept_json(self, text: str) -> str:
        """See the protocol."""
        return texts.json_kept(text)

    def open(self, now: datetime, tell: schema.Tell) -> OpenedDatabase:
        """See the protocol."""
        return OpenedDatabase(self, now, tell)

    @contextmanager
    def new_store(self, now: datetime) -> Iterator[Session]:
        """See the protocol. A process that opens the store meanwhile waits."""
        engine = self.engine(Mode.MAKE)
        try:
            with self.in_words(), engine.begin() as connection, Session(connection) as session:
                schema.make(connection, now)
                with indexed_at_the_end(connection):
                    yield session
        finally:
            engine.dispose()

    def exists(self) -> bool:
        """See the protocol."""
        with self.look(0) as session:
            return self.revision(session.connection()) is not None

    @contextmanager
    def look(self, patience: float) -> Iterator[Session]:
        """See the protocol. No process can keep readers out, so `patience` has no effect."""
        engine = self.engine(Mode.LOOK)
        try:
            with self.in_words(), Session(engine) as session:
                yield session
        finally:
            engine.dispose()

    def in_words(self) -> AbstractContextManager[None]:
        """See the protocol."""
        return errors.in_words(self.name)

    def space(self) -> Space:
        """See the protocol. A server doesn't tell how much space is left."""
        with self.look(0) as session:
            return Space(
                size=server_health.size(session),
                log_size=None,
                free=None,
                files=len(files.held(session)),
                engine=server_health.version(session),
                tables=server_health.tables(session),
            )

    def exposure(self) -> str:
        """See the protocol."""
        with self.look(0) as session:
            open_to_all, encrypted, local = sql.one(session, _EXPOSURE)
        if open_to_all:
            return (
                f"every role of the server may read {self.name}: as its owner, REVOKE ALL ON ALL TABLES IN SCHEMA "
                f"{open_to_all} FROM PUBLIC"
            )
        if not (encrypted or local):
            return f"what goes to and from {self.name} can be read on its way: add sslmode=require to the address"
        return ""

    def damage(self, session: Session, *, quickly: bool = False) -> str:
        """See the protocol. The server checks each page as it reads it, and counts those that are damaged."""
        return server_health.damage(session)

    def concerns(self, session: Session) -> Iterator[Concern]:
        """See the protocol."""
        return server_health.concerns(session)

    def dangling(self, session: Session) -> list[str]:
        """See the protocol. The server lets no row refer to nothing."""
        return []

    def take_backup(self, target: Path, now: datetime, progress: Progress | None) -> Backup:
        """See the protocol."""
        raise StoreError(
            f"the store {self.name} is backed up by its server's own means: "
            f"`pg_dump --format=custom --file={quote(str(target))} --dbname={quote(self.name)}`"
        )

    def restore(self, folder: Path, now: datetime) -> tuple[Backup, Path | None]:
        """See the protocol."""
        raise StoreError(
            f"the store {self.name} is put back by its server's own means: stop every program that uses it, and run "
            f"`pg_restore --clean --if-exists --single-transaction --dbname={quote(self.name)} {quote(str(folder))}`"
        )

    def revision(self, connection: Connection) -> str | None:
        """See the protocol."""
        mark, is_there, has_tables = connection.exec_driver_sql(_REVISIONS).one()
        if not is_there and not has_tables:
            return None
        if not is_there or not str(mark).startswith(MARK):
            raise StoreError(
                f"{self.name} is a database of another program, not a contacts-tui store: "
                "choose another database; nothing was changed"
            )
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())

    def begin_history(self, connection: Connection) -> None:
        """See the protocol."""
        with self._refused(errors.NO_EXTENSION):
            connection.exec_driver_sql(search.ADD_EXTENSION)
        with self._refused(errors.NO_TABLES):
            connection.exec_driver_sql(resources.files(__package__).joinpath("first.sql").read_text(encoding="utf-8"))

    @contextmanager
    def _refused(self, sentence: str) -> Iterator[None]:
        """Raise a StoreError with this sentence when the server lacks something, or the role may not do it."""
        try:
            yield
        except DBAPIError as error:
            if not isinstance(error.orig, errors.MISSING):
                raise
            raise StoreError(sentence.format(name=self.name, detail=errors.detail_of(error.orig))) from error

    def keep(self, revision: str, now: datetime) -> None:
        """See the protocol. The administrator keeps copies, and an upgrade happens as a whole or not at all."""

    def mark(self, connection: Connection) -> None:
        """See the protocol."""
        if connection.exec_driver_sql(WHICH).scalar_one() is None:
            connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{MARK}{secrets.token_hex(8)}'")
