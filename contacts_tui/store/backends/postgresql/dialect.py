"""How statements are written for PostgreSQL, so that the same one means the same as in SQLite."""

from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import JSON
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGTypeCompiler
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from contacts_tui.store.backends.postgresql import errors
from contacts_tui.store.expressions import Each, Greatest, ValueSet

DIALECT = "postgresql.contacts_tui"
"""The scheme of the address of an engine that uses this dialect."""
TRANSACTION = "transaction"
"""The key under which a connection's `info` has the number of the transaction that writes."""


class _Types(PGTypeCompiler):
    """Integers have 64 bits, and texts are compared by their characters' code points, in whatever language."""

    def visit_INTEGER(self, type_: Any, **_: Any) -> str:  # SQLAlchemy's
        return "BIGINT"

    def visit_VARCHAR(self, type_: Any, *, type_expression: Any = None, **_: Any) -> str:
        # Only a column's own type takes a collation: a cast can't.
        return "TEXT" if type_expression is None else 'TEXT COLLATE "C"'


class Dialect(PGDialect_psycopg):
    """SQLAlchemy's dialect for psycopg, with values given by their place."""

    type_compiler_cls = _Types
    supports_statement_cache = True

    was_committed: Callable[[str], bool]
    """Asks on another connection whether a transaction that writes was committed: see `engines`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(paramstyle="format", use_native_hstore=False, **options)  # type: ignore[no-untyped-call]

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit. When the connection is cut before the answer comes, ask the server what became of the transaction.

        Raise psycopg.OperationalError when nothing was stored, and StoreError when the server can't say.
        """
        try:
            dbapi_connection.commit()
        except psycopg.OperationalError as error:
            transaction = dbapi_connection.info.get(TRANSACTION)
            if transaction is None or not errors.is_cut(error) or not self.was_committed(transaction):
                raise

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back, unless the connection was cut: the server has rolled back by itself then."""
        if not dbapi_connection.closed:
            dbapi_connection.rollback()


registry.register(DIALECT, __name__, Dialect.__name__)


@compiles(Each, "postgresql")
def _each(element: Each, compiler: SQLCompiler, **options: Any) -> str:
    (values,) = element.clauses
    given = compiler.process(values, **options)
    if isinstance(values.type, JSON):
        # The texts of a function would be compared by the rules of the server's language.
        return f'LATERAL (SELECT value COLLATE "C" AS value FROM json_array_elements_text({given}))'
    assert isinstance(values.type, ValueSet)
    of = compiler.dialect.type_compiler_instance.process(values.type.of)
    return f"(SELECT unnest(CAST({given} AS {of}[])) AS value)"


@compiles(Greatest, "postgresql")
def _greatest(element: Greatest, compiler: SQLCompiler, **options: Any) -> str:
    # The server's own `greatest` ignores NULLs.
    values = [compiler.process(each, **options) for each in element.clauses]
    known = " AND ".join(f"{value} IS NOT NULL" for value in values)
    return f"CASE WHEN {known} THEN greatest({', '.join(values)}) END"
