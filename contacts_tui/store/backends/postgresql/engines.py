"""Engines: how transactions begin.

A transaction that writes begins with the one lock of the store: see docs/decisions/0009-one-lock-for-writers.md.
"""

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

from contacts_tui.store import deadline
from contacts_tui.store.backends.postgresql import connections, errors
from contacts_tui.store.backends.postgresql.commits import was_committed
from contacts_tui.store.backends.postgresql.dialect import DIALECT, TRANSACTION
from contacts_tui.store.backends.postgresql.location import Location
from contacts_tui.store.backends.postgresql.pipelined import PipelinedConnection
from contacts_tui.store.backends.protocol import Backend

BUSY_TIMEOUT = 10.0
"""Seconds that a transaction waits for other writers before the store counts as busy.

They are fewer than the 15 seconds after which Twilio gives up a webhook.
"""

LOCK = 0x43545549
"""The number of the store's lock in its database ("CTUI"). Locks have numbers of their own in each database."""
TAKE_LOCK = f"SELECT pg_advisory_xact_lock({LOCK})"

_STANDSTILL = 30_000
"""Milliseconds after which the server ends a transaction whose program sends nothing any more: others wait for it."""

FORM = "form"
"""The key under which a connection's `info` has the revision that the tables had as its transaction began."""


class Mode(Enum):
    """What the transactions of an engine are for."""

    WRITE = "one writes at a time, and sees all that others stored before"
    READ = "reads the store of one moment, and waits for nobody"
    MAKE = "as WRITE, where there may be no tables yet; waits for as long as it takes"
    LOOK = "as READ, where there may be no tables yet"


_KINDS: dict[Mode, type[psycopg.Connection[Any]]] = {Mode.WRITE: PipelinedConnection}
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_FORM = "SELECT version_num FROM alembic_version"


def open_engine(location: Location, mode: Mode, backend: Backend) -> Engine:
    """Return an engine for transactions of one kind. Nothing is connected yet."""
    engine = create_engine(
        f"{DIALECT.replace('.', '+')}://",
        creator=partial(connections.connect, location, kind=_KINDS.get(mode, psycopg.Connection)),
        execution_options={"backend": backend},
        max_overflow=-1,
        pool_use_lifo=True,
    )
    engine.dialect.was_committed = partial(was_committed, location)  # type: ignore[attr-defined]  # see `Dialect`
    event.listen(engine, "begin", _BEGINNINGS[mode])
    event.listen(engine, "checkout", _refuse_dead)
    return engine


def _begin_writing(connection: Connection) -> None:
    patience = max(1, int(deadline.left(BUSY_TIMEOUT) * 1000))
    _, connection.info[FORM], connection.info[TRANSACTION] = _execute(
        connection,
        "BEGIN",
        f"SET LOCAL lock_timeout = {patience}",
        f"SET LOCAL idle_in_transaction_session_timeout = {_STANDSTILL}",
        TAKE_LOCK,
        # Read after the lock, so that it is what earlier writers have left.
        _FORM,
        "SELECT pg_current_xact_id()::text",
    )


def _begin_reading(connection: Connection) -> None:
    (connection.info[FORM],) = _execute(connection, _BEGIN_READING, _FORM)


def _begin_making(connection: Connection) -> None:
    _execute(connection, "BEGIN", TAKE_LOCK)


def _begin_looking(connection: Connection) -> None:
    _execute(connection, _BEGIN_READING)


_BEGINNINGS: dict[Mode, Callable[[Connection], None]] = {
    Mode.WRITE: _begin_writing,
    Mode.READ: _begin_reading,
    Mode.MAKE: _begin_making,
    Mode.LOOK: _begin_looking,
}


def _execute(connection: Connection, *statements: str) -> list[Any]:
    """Run the first statements of a transaction in one go, and return the first value of each that returns any."""
    text = "; ".join(statements)
    try:
        cursor = _driver_of(connection).execute(text)
    except psycopg.OperationalError as error:
        if not errors.is_cut(error):
            raise
        # Nothing was done on this connection yet: another one can do it all.
        connection.invalidate(error)
        cursor = _driver_of(connection).execute(text)
    found = []
    while True:
        if cursor.description and (row := cursor.fetchone()):
            found.append(row[0])
        if not cursor.nextset():
            return found


def _driver_of(connection: Connection) -> "psycopg.Connection[Any]":
    return connection.connection.driver_connection  # type: ignore[return-value]


def _refuse_dead(driver: "psycopg.Connection[Any]", *_: Any) -> None:
    """Let the pool make a new connection in place of one that was cut while it wasn't in use."""
    if connections.is_dead(driver):
        raise DisconnectionError
