"""Filling a new store: the indexes of the search are made at the end, of all rows at once.

https://www.postgresql.org/docs/current/populate.html
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

_INDEXES = (
    "SELECT quote_ident(indexname), indexdef FROM pg_indexes "
    "WHERE schemaname = current_schema() AND indexdef LIKE '%% USING gin %%'"
)


@contextmanager
def indexed_at_the_end(connection: Connection) -> Iterator[None]:
    """Drop the indexes of the search, and at the end of the block make them and the statistics of the tables anew."""
    found = connection.exec_driver_sql(_INDEXES).all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for _, definition in found:
        connection.exec_driver_sql(definition)
    connection.exec_driver_sql("ANALYZE")
