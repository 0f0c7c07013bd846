"""One process's connections to a store on a server, and the check at each new one that it is still that store."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Engine, event
from sqlmodel import Session

from contacts_tui.store import schema
from contacts_tui.store.backends.postgresql import connections, engines
from contacts_tui.store.backends.postgresql.autocommit import AutocommitSessions
from contacts_tui.store.backends.postgresql.connections import WHICH
from contacts_tui.store.backends.postgresql.engines import Mode
from contacts_tui.store.backends.postgresql.watch import ServerWatch
from contacts_tui.store.errors import StoreError, StoreLost
from contacts_tui.store.revision import HEAD

if TYPE_CHECKING:
    from contacts_tui.store.backends.postgresql.backend import PostgreSQL

_UPGRADED = "the store {name} was upgraded for this program"
_BEHIND = (
    "the store {name} has the form of another contacts-tui (revision {found}; this program knows {known}), and it "
    "can't be brought to this one: {why}"
)
_REPLICA = "the store {name} can't be written: its server is a replica; name the one that it follows"
_NO_RIGHT = "the store {name} can't be written: your role may only read it; its owner can give it more rights"
_REPLACED = (
    "the store {name} was replaced by another while this program used it; nothing was stored: restart this program "
    "to use the one that is there now"
)
_MAY_WRITE = (
    "SELECT pg_is_in_recovery(), to_regclass('message') IS NULL OR has_table_privilege('message', 'INSERT') "
    "AND has_table_privilege('change', 'INSERT')"
)


class OpenedDatabase:
    """Implements `protocol.Opened`."""

    def __init__(self, store: "PostgreSQL", now: datetime, tell: schema.Tell) -> None:
        """Open the store, making or migrating it when needed. Call `tell` with what takes long. Raise StoreError."""
        self._store = store
        self.read_only = ""
        """See the protocol."""
        self.notice = ""
        """See the protocol."""
        self.writer: Engine | None = None
        """See the protocol."""
        self._lost: StoreLost | None = None
        self._which = self._make_ready(now, tell)
        self.reader = self._engine(Mode.READ)
        """See the protocol."""
        self._alone = AutocommitSessions(self._connect, self.reader)
        if not self.read_only:
            self.writer = self._engine(Mode.WRITE)

    def check(self, *, is_writing: bool = False) -> None:
        """See the protocol. A connection can't lead to another store later: each is checked when it is new."""
        if self._lost is not None:
            raise self._lost

    def form(self, session: Session) -> object:
        """See the protocol."""
        return session.connection().info[engines.FORM]

    def leave_no_trace(self) -> str:
        """See the protocol. The server overwrites nothing at once, and only its administrator can make it do so."""
        if self.writer is not None:
            connection = connections.connect(self._store.location)
            try:
                connection.execute("VACUUM")
            finally:
                connection.close()
        return (
            "the server's files and log hold it until they are used again, and other machines may have copies of "
            "files: docs/team.md says what its administrator can do"
        )

    def watch(self) -> ServerWatch:
        """See the protocol."""
        return ServerWatch(self._store.location, self._which, self.reader)

    def autocommit(self) -> AbstractContextManager[Session]:
        """See the protocol."""
        return self._alone.session()

    def close(self) -> None:
        """See the protocol."""
        self._alone.close()
        if self.writer is not None:
            self.writer.dispose()
        self.reader.dispose()

    def _engine(self, mode: Mode) -> Engine:
        engine = self._store.engine(mode)
        event.listen(engine, "connect", self._prove)
        return engine

    def _connect(self) -> "psycopg.Connection[Any]":
        driver = connections.connect(self._store.location)
        try:
            self._prove(driver)
        except BaseException:
            driver.close()
            raise
        return driver

    def _prove(self, driver: Any, *_: Any) -> None:
        if driver.execute(WHICH).fetchone()[0] != self._which:
            self._lost = self._lost or StoreLost(_REPLACED.format(name=self._store.name))
            raise self._lost

    def _make_ready(self, now: datetime, tell: schema.Tell) -> str:
        """Make or upgrade the store when needed, and return what tells it from others. Raise StoreError."""
        engine = self._store.engine(Mode.LOOK)
        try:
            with engine.connect() as connection:
                is_replica, may_write = connection.exec_driver_sql(_MAY_WRITE).one()
                if is_replica or not may_write:
                    self.read_only = (_REPLICA if is_replica else _NO_RIGHT).format(name=self._store.name)
                found = self._store.revision(connection)
            if found != HEAD:
                if self.read_only:
                    raise StoreError(
                        _BEHIND.format(name=self._store.name, found=found or "none", known=HEAD, why=self.read_only)
                    )
                self._make(now, tell)
                if found is not None:
                    self.notice = _UPGRADED.format(name=self._store.name)
            with engine.connect() as connection:
                return str(connection.exec_driver_sql(WHICH).scalar_one())
        finally:
            engine.dispose()

    def _make(self, now: datetime, tell: schema.Tell) -> None:
        tell(schema.WAITING)
        engine = self._store.engine(Mode.MAKE)
        try:
            schema.ensure(engine, now, tell)
        finally:
            engine.dispose()
