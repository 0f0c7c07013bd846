"""A store that is being filled: what helps to find rows is made at the end, of all of them at once.

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
    """Make the indexes of the search, and what the server knows of its tables, at the end of the block."""
    found = connection.exec_driver_sql(_INDEXES).all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for _, definition in found:
        connection.exec_driver_sql(definition)
    connection.exec_driver_sql("ANALYZE")
