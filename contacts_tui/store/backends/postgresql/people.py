"""The people list's statements for PostgreSQL's driver, which is all that the first page waits for."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from typing import Any, TypeVar

from contacts_tui.store.backends.people_queries import PeopleQueries
from contacts_tui.store.backends.postgresql.location import parse
from contacts_tui.store.revision import HEAD

T = TypeVar("T")

_PATIENCE = 1
"""Seconds that the first page waits for a server. Opening the store waits longer, and says why."""


def people(execute: Callable[[str, Mapping[str, Any]], Iterable[Any]]) -> PeopleQueries:
    """Return the reader of what the people list shows, by the driver's `execute`."""
    return PeopleQueries(execute, limit="%(limit)s", among="= ANY(%(ids)s)", ids=list)


def read_before(location: str, read: Callable[[PeopleQueries], T]) -> T | None:
    """Read a store by a bare connection; return None when it can't simply be read."""
    import psycopg

    try:
        with closing(
            psycopg.connect(parse(location).address, autocommit=True, connect_timeout=_PATIENCE)
        ) as connection:
            if connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,):
                return read(people(connection.execute))
    except (psycopg.Error, ValueError):
        pass
    return None
