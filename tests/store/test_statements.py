"""Every statement of the store is valid for SQLite, and compiles for PostgreSQL."""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import Any

import psycopg
import pytest
from psycopg.pq import ExecStatus
from sqlmodel import Session

from contacts_tui import store as store_room
from contacts_tui.domain.clock import Clock
from contacts_tui.store.backends.postgresql.dialect import Dialect
from contacts_tui.store.sql import Statement
from contacts_tui.store.store import Store

_POSTGRESQL = Dialect()


def _within(name: str, found: object) -> Iterator[tuple[str, Statement]]:
    """Yield the statements in a module's variable, which may be a collection of them, with their names."""
    if isinstance(found, Statement):
        yield name, found
    elif isinstance(found, Mapping):
        for key, value in found.items():
            yield from _within(f"{name}[{key}]", value)
    elif isinstance(found, (tuple, list)):
        for place, value in enumerate(found):
            yield from _within(f"{name}[{place}]", value)


def _statements() -> Iterable[tuple[str, Statement]]:
    for module in pkgutil.iter_modules(store_room.__path__):
        if not module.ispkg:
            for name, value in vars(importlib.import_module(f"{store_room.__name__}.{module.name}")).items():
                yield from _within(f"{module.name}.{name}", value)


_STATEMENTS = dict(_statements())


@pytest.mark.parametrize("name", _STATEMENTS)
def test_a_statement_compiles_for_postgresql(name: str) -> None:
    assert _STATEMENTS[name].compiled(_POSTGRESQL).text.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))


def test_the_database_takes_every_statement(store: Store, engine: str) -> None:
    def refused(session: Session, _: Clock) -> dict[str, str]:
        connection, found = session.connection(), {}
        driver: Any = connection.connection.driver_connection
        for name, statement in _STATEMENTS.items():
            text = statement.compiled(connection.dialect).text
            if complaint := _REFUSALS[engine](driver, text):
                found[name] = f"{complaint}: {text}"
        return found

    assert store.call_read(refused) == {}


def _refusal_of_sqlite(driver: sqlite3.Connection, text: str) -> str:
    try:
        driver.execute(f"EXPLAIN {text}", [None] * text.count("?"))
    except sqlite3.Error as error:
        return str(error)
    return ""


def _refusal_of_postgresql(driver: "psycopg.Connection[Any]", text: str) -> str:
    """Return why the server can't prepare a statement, with numbers for its values, as they are sent there."""
    numbers = count(1)
    numbered = re.sub("%[s%]", lambda place: f"${next(numbers)}" if place[0] == "%s" else "%", text)
    driver.execute("SAVEPOINT statement")
    result = driver.pgconn.prepare(b"", numbered.encode())
    driver.execute("ROLLBACK TO statement")
    return "" if result.status == ExecStatus.COMMAND_OK else result.get_error_message()


_REFUSALS: dict[str, Callable[[Any, str], str]] = {
    "sqlite": _refusal_of_sqlite,
    "postgresql": _refusal_of_postgresql,
}
