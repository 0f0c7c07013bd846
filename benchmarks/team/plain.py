"""The statements of a store by plain psycopg: recorded while a service stores, and run again on a copy of the store."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any
from unittest.mock import patch

import psycopg

from benchmarks.figures import Figure
from benchmarks.team.places import SERVER, together
from contacts_tui.store.backends.postgresql.dialect import Dialect
from contacts_tui.store.backends.postgresql.engines import TAKE_LOCK
from contacts_tui.store.backends.postgresql.location import parse

PSYCOPG, WITHOUT_LOCK = "plain psycopg", "plain psycopg without the lock"
"""The names of a replay of the same statements, and of one that doesn't take the store's lock."""
TARGET = 1 / 0.5
"""How many times as fast as ours plain psycopg may be."""

_APART = "SELECT setval(quote_ident(sequencename), 10000000 * row_number() OVER ()) FROM pg_sequences"
"""Makes the ids of each table differ from those of the others, and from any other number."""


@dataclass(slots=True)
class Statement:
    """A statement that was run within a transaction."""

    text: str
    values: Any
    many: bool = False
    """Whether there are several sets of values."""
    made: int | None = None
    """The id that it gave a new row."""


@dataclass(slots=True)
class Recording:
    """Transactions that were committed, each as its statements. The first one begins it and takes the lock."""

    transactions: list[list[Statement]] = field(default_factory=list)

    def without_lock(self) -> list[list[Statement]]:
        """Return the transactions without taking the lock: two of them would then run at the same time."""
        return [
            [replace(begin, text=begin.text.replace(f"{TAKE_LOCK}; ", "")), *others]
            for begin, *others in self.transactions
        ]


Share = tuple[str, list[list[Statement]]]
"""A store, and the transactions that one connection replays in it."""


def set_ids_apart(location: str) -> None:
    """Move the sequences of ids apart, so that an id can be told from any other number in what is recorded."""
    with closing(psycopg.connect(parse(location).address, autocommit=True)) as connection:
        connection.execute(_APART)


@contextmanager
def recorded() -> Iterator[Recording]:
    """Record what this process stores on servers within the block."""
    recording, under_way = Recording(), list[tuple[Statement, psycopg.Cursor[Any]]]()
    execute, execute_many, commit = psycopg.Cursor.execute, psycopg.Cursor.executemany, Dialect.do_commit

    def one(cursor: psycopg.Cursor[Any], text: Any, values: Any = None, **options: Any) -> Any:
        done = execute(cursor, text, values, **options)
        if text.startswith("BEGIN"):
            under_way.clear()
        under_way.append((Statement(text, values), cursor))
        return done

    def many(cursor: psycopg.Cursor[Any], text: Any, values: Any, **options: Any) -> None:
        statement = Statement(text, list(values), many=True)
        under_way.append((statement, cursor))
        execute_many(cursor, text, statement.values, **options)

    def ended(dialect: Dialect, connection: Any) -> None:
        commit(dialect, connection)
        # Only now have all statements been answered.
        for statement, cursor in under_way:
            statement.made = _made(cursor, statement)
        recording.transactions.append([statement for statement, _ in under_way])

    with (
        patch.object(psycopg.Cursor, "execute", one),
        patch.object(psycopg.Cursor, "executemany", many),
        patch.object(Dialect, "do_commit", ended),
    ):
        yield recording


def _made(cursor: psycopg.Cursor[Any], statement: Statement) -> int | None:
    is_insertion = statement.text.startswith("INSERT") and " RETURNING " in statement.text
    if not is_insertion or statement.many or cursor.pgresult is None:
        return None
    told = cursor.pgresult.get_value(0, 0)
    return None if told is None else int(told)


def shares(location: str, transactions: list[list[Statement]], count: int) -> list[Share]:
    """Return what each of so many connections replays: transactions of people of its own."""
    return [(location, transactions[place::count]) for place in range(count)]


def replayed(each: Sequence[Share]) -> float:
    """Replay the shares, all at once, each by a connection of its own. Return the seconds that it took."""
    taken, failed = together(_replay, each)
    assert not failed, "plain psycopg met an error"
    return taken


def ratios(rates: Mapping[str, Sequence[float]], way: str) -> list[Figure]:
    """Return how many times as fast as ours each replay was. The target is for the one that takes the lock too."""
    return [
        Figure(
            f"{name} to {SERVER}, {way}",
            median(theirs / ours for theirs, ours in zip(rates[name], rates[SERVER], strict=True)),
            "×",
            TARGET if name == PSYCOPG else None,
        )
        for name in (PSYCOPG, WITHOUT_LOCK)
    ]


def _replay(ready: Any, location: str, transactions: list[list[Statement]]) -> None:
    """Run transactions by plain psycopg, as soon as all processes are ready; new rows get ids of their own."""
    with closing(psycopg.connect(parse(location).address, autocommit=True)) as connection:
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
                    continue
                for results in cursor.results():
                    if results.description:
                        results.fetchall()
            connection.commit()


def _with(ids: dict[Any, Any], values: Any) -> list[Any]:
    return [ids.get(value, value) if type(value) is int else value for value in values]
