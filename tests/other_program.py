"""Another program on a store: it stores, reads and locks past our program, by the database's own driver."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg

from contacts_tui.store.backends.postgresql.engines import LOCK

_FILE = "sqlite:///"
_TABLES = {
    True: "SELECT name FROM sqlite_master WHERE type = 'table'",
    False: "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()",
}


def execute(location: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Run a statement in a transaction of its own, with a `?` for each value, and return its rows."""
    with _connected(location) as connection, connection:
        found = _executed(connection, location, statement, values)
        return list(found.fetchall()) if found.description else []


def run_script(location: str, script: str) -> None:
    """Run several statements without values."""
    with _connected(location) as connection, connection:
        if location.startswith(_FILE):
            connection.executescript(script)
        else:
            connection.execute(script)


def records(location: str, statement: str, *values: object) -> list[dict[str, Any]]:
    """Run a statement that reads, as `execute` does, and return its rows by the names of their columns."""
    with _connected(location) as connection, connection:
        found = _executed(connection, location, statement, values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]


def tables(location: str) -> list[str]:
    """Return the names of all tables."""
    return [name for (name,) in execute(location, _TABLES[location.startswith(_FILE)])]


@contextmanager
def locked(location: str) -> Iterator[None]:
    """Hold the right to write for the time of the block."""
    with _connected(location) as connection:
        if location.startswith(_FILE):
            connection.execute("BEGIN IMMEDIATE")
        else:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
        connection.execute("ROLLBACK")


def _executed(connection: Any, location: str, statement: str, values: tuple[object, ...]) -> Any:
    if values and not location.startswith(_FILE):
        statement = statement.replace("?", "%s")
    return connection.execute(statement, *([values] if values else []))


def _connected(location: str) -> Any:
    if location.startswith(_FILE):
        return closing(sqlite3.connect(location.removeprefix(_FILE), timeout=20))
    return closing(psycopg.connect(location))
