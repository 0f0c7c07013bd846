"""The statements of a store by plain psycopg: recorded while a service stores, and run again on a copy of the store."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psycopg

from contacts_tui.store.backends.postgresql.location import parse

_APART = "SELECT setval(quote_ident(sequencename), 10000000 * row_number() OVER ()) FROM pg_sequences"
"""Ids of different tables, and numbers of other kinds, are never the same then."""


@dataclass(slots=True)
class Statement:
    """One that was run within a transaction."""

    text: str
    values: Any
    many: bool = False
    """Whether there are several sets of values."""
    made: int | None = None
    """The id that it gave a new row."""


@dataclass(slots=True)
class Recording:
    """Transactions that were committed, each as its statements."""

    transactions: list[list[Statement]] = field(default_factory=list)


def set_ids_apart(location: str) -> None:
    """See to it that an id can be told from any other number in what is recorded."""
    with closing(psycopg.connect(parse(location).address, autocommit=True)) as connection:
        connection.execute(_APART)


@contextmanager
def recorded() -> Iterator[Recording]:
    """Record what this process stores on servers within the block."""
    recording, under_way = Recording(), list[Statement]()
    execute, execute_many, commit = psycopg.Cursor.execute, psycopg.Cursor.executemany, psycopg.Connection.commit

    def one(cursor: psycopg.Cursor[Any], text: Any, values: Any = None, **options: Any) -> Any:
        done = execute(cursor, text, values, **options)
        if text.startswith("BEGIN"):
            under_way.clear()
        else:
            under_way.append(Statement(text, values, made=_made(cursor, text)))
        return done

    def many(cursor: psycopg.Cursor[Any], text: Any, values: Any, **options: Any) -> None:
        under_way.append(Statement(text, list(values), many=True))
        execute_many(cursor, text, under_way[-1].values, **options)

    def ended(connection: psycopg.Connection[Any]) -> None:
        commit(connection)
        recording.transactions.append(under_way.copy())

    with (
        patch.object(psycopg.Cursor, "execute", one),
        patch.object(psycopg.Cursor, "executemany", many),
        patch.object(psycopg.Connection, "commit", ended),
    ):
        yield recording


def _made(cursor: psycopg.Cursor[Any], text: str) -> int | None:
    if not (text.startswith("INSERT") and " RETURNING " in text and cursor.pgresult is not None):
        return None
    told = cursor.pgresult.get_value(0, 0)
    return None if told is None else int(told)


def replay(ready: Any, location: str, transactions: list[list[Statement]]) -> None:
    """Run transactions by plain psycopg, as soon as everybody is ready; new rows get ids of their own."""
    with closing(psycopg.connect(parse(location).address)) as connection:
        ready.wait()
        for statements in transactions:
            ids: dict[Any, Any] = {}
            for each in statements:
                if each.many:
                    connection.cursor().executemany(each.text, [_with(ids, values) for values in each.values])
                    continue
                cursor = connection.execute(each.text, None if each.values is None else _with(ids, each.values))
                if each.made is not None:
                    ids[each.made] = cursor.fetchone()[0]  # type: ignore[index]
                elif cursor.description:
                    cursor.fetchall()
            connection.commit()


def _with(ids: dict[Any, Any], values: Any) -> list[Any]:
    return [ids.get(value, value) if type(value) is int else value for value in values]
