"""Waiting for commits: the server notifies the connections that listen.

https://www.postgresql.org/docs/current/sql-notify.html
"""

import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlmodel import Session

from contacts_tui.store import sql
from contacts_tui.store.backends.postgresql import connections, errors
from contacts_tui.store.backends.postgresql.location import Location
from contacts_tui.store.errors import StoreError

CHANNEL = "contacts_tui_change"
"""What a trigger of the table `change` notifies at each commit that adds to it."""

UNTOLD = 5.0
"""Seconds after which a read is due without a notification: a pooler may have taken the listening connection away."""
_AGAIN = (0.1, 0.5, 1.0, 2.0)
"""Seconds between tries to connect to a server that doesn't answer; the last of them stays."""

_TRYING = (
    "the store is out of reach ({why}), and this program keeps trying: what is shown can be read, and nothing can be "
    "sent or stored until it is back"
)

_ANOTHER = (
    "“listen” in the address of the store {name} leads to another store, which knows nothing of this one's changes: "
    "name the server that keeps it"
)


class ServerWatch:
    """Implements `protocol.Watch`."""

    def __init__(self, location: Location, which: str, engine: Engine) -> None:
        """Connect, so that no commit from now on is missed. Raise StoreError.

        `which` tells the store from others: see `connections.WHICH`. Sessions of `engine` read what was committed.
        """
        self._location = location
        self._which = which
        self._engine = engine
        self._tries = 0
        self._stopped = threading.Event()
        self._ending = threading.Lock()
        self._ends: tuple[int, ...] = os.pipe()
        """A pipe: something to read in it stops a wait. Empty when the watch is closed."""
        self._connection: psycopg.Connection[Any] | None = None
        self._session: Session | None = None
        """On that connection."""
        self._is_told_meanwhile = False
        """Whether a notification came while the connection read."""
        self._connect()

    def wait(self) -> bool:
        """See the protocol."""
        if self._connection is None:
            if self._stopped.wait(_AGAIN[min(self._tries, len(_AGAIN) - 1)]):
                return False
            self._tries += 1
            try:
                self._connect()
            except StoreError as error:
                raise StoreError(_TRYING.format(why=errors.reason_of(error.__cause__ or error))) from error
            # Commits in the meantime were notified to no connection of this watch.
            return True
        try:
            return self._is_told(self._connection)
        except psycopg.OperationalError as error:
            self._disconnect()
            raise StoreError(_TRYING.format(why=errors.reason_of(error))) from error

    @contextmanager
    def session(self) -> Iterator[Session]:
        """See the protocol. It reads on the connection that listens: its process on the server was just woken."""
        if self._session is None:
            raise psycopg.OperationalError("there is no connection")
        yield self._session

    def stop(self) -> None:
        """See the protocol."""
        with self._ending:
            self._stopped.set()
            if self._ends:
                os.write(self._ends[1], b".")

    def close(self) -> None:
        """See the protocol."""
        self._disconnect()
        with self._ending:
            for end in self._ends:
                os.close(end)
            self._ends = ()

    def _is_told(self, connection: "psycopg.Connection[Any]") -> bool:
        at_most = 0.0 if self._is_told_meanwhile else UNTOLD
        ready, _, _ = select.select([connection.fileno(), self._ends[0]], [], [], at_most)
        if self._stopped.is_set():
            return False
        self._is_told_meanwhile = False
        if ready:
            connection.pgconn.consume_input()
            if connection.pgconn.status != psycopg.pq.ConnStatus.OK:
                raise psycopg.OperationalError("the server ended it")
            while connection.pgconn.notifies():
                pass
        return True

    def _be_told(self, _: psycopg.Notify) -> None:
        self._is_told_meanwhile = True

    def _connect(self) -> None:
        location = self._location
        connection = connections.connect(location, location.listening)
        try:
            is_another = location.listening != location.address and (
                connection.execute(connections.WHICH).fetchone() != (self._which,)
            )
            if is_another:
                raise StoreError(_ANOTHER.format(name=location.name))
            connection.execute(f"LISTEN {CHANNEL}")
            connection.add_notify_handler(self._be_told)
        except (StoreError, *errors.DRIVER_ERRORS):
            connection.close()
            raise
        self._connection, self._tries = connection, 0
        self._session = sql.on_driver(self._engine, connection)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = self._session = None
