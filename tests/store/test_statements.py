"""Every statement of the store is one for SQLite, and compiles for PostgreSQL."""

import importlib
import pkgutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

import pytest
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlmodel import Session

from contacts_tui import store as store_room
from contacts_tui.domain.clock import Clock
from contacts_tui.store.sql import Statement
from contacts_tui.store.store import Store

_POSTGRESQL = PGDialect(paramstyle="format")  # type: ignore[no-untyped-call]  # SQLAlchemy's own


def _within(name: str, found: object) -> Iterator[tuple[str, Statement]]:
    """The statements in a module's variable, which may be a collection of them."""
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


def test_sqlite_takes_every_statement(store: Store) -> None:
    def refused(session: Session, _: Clock) -> dict[str, str]:
        connection, found = session.connection(), {}
        driver = connection.connection.driver_connection
        assert driver is not None
        for name, statement in _STATEMENTS.items():
            text = statement.compiled(connection.dialect).text
            try:
                driver.execute(f"EXPLAIN {text}", [None] * text.count("?"))
            except sqlite3.Error as error:
                found[name] = f"{error}: {text}"
        return found

    assert store.call_read(refused) == {}
