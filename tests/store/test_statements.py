"""Every statement of the store compiles for SQLite and for PostgreSQL."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql.base import PGDialect

from contacts_tui import store
from contacts_tui.store import json_columns
from contacts_tui.store.sql import Statement

_DIALECTS: Mapping[str, Dialect] = {
    # What is compiled here may be used by the tests after this one: JSON is read as in a store.
    "sqlite": sqlite.dialect(json_deserializer=json_columns.load),
    "postgresql": PGDialect(paramstyle="format"),  # type: ignore[no-untyped-call]  # SQLAlchemy's own
}


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
    for module in pkgutil.iter_modules(store.__path__):
        if not module.ispkg:
            for name, value in vars(importlib.import_module(f"{store.__name__}.{module.name}")).items():
                yield from _within(f"{module.name}.{name}", value)


_STATEMENTS = dict(_statements())


@pytest.mark.parametrize("dialect", _DIALECTS)
@pytest.mark.parametrize("name", _STATEMENTS)
def test_a_statement_compiles_for_each_database(name: str, dialect: str) -> None:
    compiled = _STATEMENTS[name].compiled(_DIALECTS[dialect])
    assert compiled.text.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))
