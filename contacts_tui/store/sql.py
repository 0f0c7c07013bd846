"""Statements: written once against the tables, compiled once for the engine, and run through the driver.

A statement is an expression of SQLModel in which `param` stands for each value that a call gives by name. Values and
rows have the columns' types: a time is an aware datetime, a JSON column what it holds.
"""

import importlib
import json
from collections.abc import Callable, Generator, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Dialect, Integer, Select, String, TypeDecorator, column, event, func
from sqlalchemy import insert as insert_into
from sqlalchemy import select as any_columns
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement, ReturnTypeFromArgs
from sqlalchemy.sql.sqltypes import NullType
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel, select

from contacts_tui.store.timestamps import microseconds, moment

Row = tuple[Any, ...]
_Convert = Callable[[Any], Any]

_DRIVER = "driver"
"""Under which a session keeps its driver's connection and dialect for as long as its transaction lasts."""


class Statement:
    """A statement, compiled at its first use."""

    __slots__ = ("_build", "_columns", "_compiled")

    def __init__(self, build: Callable[[Dialect], Any], columns: Sequence[str] = ()) -> None:
        """`build` makes the expression. `columns` are those that an INSERT fills, each with a value of the call."""
        self._build = build
        self._columns = list(columns)
        self._compiled: dict[str, _Compiled] = {}

    def compiled(self, dialect: Dialect) -> "_Compiled":
        """Return the statement as the driver takes it."""
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _Compiled(self._build(dialect), dialect, self._columns)
        return found


class Each(FunctionElement[Any]):
    """The values of a set, as rows of one column `value`."""

    name = "each"
    inherit_cache = True


class Greatest(ReturnTypeFromArgs[Any]):
    """The greatest of several values of the first one's type; NULL when one of them is."""

    name = "greatest"
    inherit_cache = True


class _ValueSet(TypeDecorator[Iterable[Any]]):
    """Any number of values as one. The driver adapts a list: see the backend."""

    impl = Integer
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        """`of` is the type of each value."""
        super().__init__()
        self.of = of

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        """To a list."""
        return list(value or ())


@compiles(Each)
def _each(element: Each, compiler: SQLCompiler, **options: Any) -> str:
    (values,) = element.clauses
    assert isinstance(values.type, _ValueSet)
    array = f"{compiler.dialect.type_compiler_instance.process(values.type.of)}[]"
    return f"(SELECT unnest(CAST({compiler.process(values, **options)} AS {array})) AS value)"


class _Param(BindParameter[Any]):
    inherit_cache = True


class _Compiled:
    """A statement's text, the order of its values, and what converts these and the columns of its rows."""

    __slots__ = ("_names", "_results", "text")

    text: str

    def __init__(self, expression: Any, dialect: Dialect, columns: list[str]) -> None:
        for part in visitors.iterate(expression):
            if isinstance(part, BindParameter) and not isinstance(part, _Param):
                # What always is the same stands in the text, where indexes of some rows are chosen by it.
                part.literal_execute = True
        found = expression.compile(dialect=dialect, column_keys=columns or None)
        expanded = found.construct_expanded_state(dict.fromkeys(columns))
        self.text = expanded.statement
        self._names: list[tuple[str | None, Any]] = []
        """For each question mark the value's name and what converts it, or None and the value that it always has."""
        for name in expanded.positiontup:
            bound = found.binds.get(name)
            convert = None if bound is None else bound.type.dialect_impl(dialect).bind_processor(dialect)
            if isinstance(bound, _Param) or name in columns:
                if bound is not None and isinstance(bound.type, NullType):
                    raise TypeError(f"no column says what type the value “{name}” has: give it to `param`")
                self._names.append((name, convert))
            else:
                value = expanded.parameters[name]
                self._names.append((None, value if convert is None else convert(value)))
        self._results: list[tuple[int, _Convert]] = []
        if found.returning or expression.is_select:
            for place, result in enumerate(expression.exported_columns):
                if convert := result.type.dialect_impl(dialect).result_processor(dialect, None):
                    self._results.append((place, convert))

    def values(self, given: dict[str, Any]) -> list[Any]:
        """Return the values in the driver's order. Raises KeyError for one that the call doesn't give."""
        return [
            known if name is None else given[name] if known is None else known(given[name])
            for name, known in self._names
        ]

    def row(self, found: Row) -> Row:
        """Return a row with its columns' types."""
        if not self._results:
            return found
        row = list(found)
        for place, convert in self._results:
            row[place] = convert(row[place])
        return tuple(row)


def param(name: str, type_: Any = None) -> Any:
    """Return the place of a value of the call. Its type is that of the column beside it, or `type_`.

    In an UPDATE the name can't be that of a column of the table.
    """
    return _Param(name, None, type_=type_, required=False)


def statement(build: Callable[[], Any]) -> Statement:
    """Return the statement whose expression `build` makes."""
    return Statement(lambda _: build())


def query(*columns: Any) -> Any:
    """Return a SELECT of any columns, typed as loosely as rows are."""
    return any_columns(*columns)


def insertion(table: type[SQLModel], *columns: str, returning: Any = None) -> Statement:
    """Return a statement that inserts a row; name every column that isn't to be NULL.

    `returning` is a column of the row to be `returned`.
    """
    return Statement(
        lambda _: insert_into(table) if returning is None else insert_into(table).returning(returning), columns
    )


def upsert(build: Callable[[Callable[..., Any]], Any], *columns: str) -> Statement:
    """Return a statement that inserts a row or changes the one that is there.

    `build` makes the expression with the engine's own `insert`, which knows `on_conflict_do_update`.
    """
    return Statement(
        lambda dialect: build(importlib.import_module(f"sqlalchemy.dialects.{dialect.name}").insert), columns
    )


def one(session: Session, statement: Statement | str, *places: Any, **values: Any) -> Any:
    """Return the first row, or None."""
    cursor, compiled = _run(session, statement, places, values)
    row = cursor.fetchone()
    return row if row is None or compiled is None else compiled.row(row)


def several(session: Session, statement: Statement | str, *places: Any, **values: Any) -> list[Any]:
    """Return every row."""
    cursor, compiled = _run(session, statement, places, values)
    rows = cursor.fetchall()
    return rows if compiled is None else [compiled.row(row) for row in rows]


def each(session: Session, statement: Statement | str, *places: Any, **values: Any) -> Generator[Any]:
    """Yield row by row; those that nobody asks for are never read."""
    cursor, compiled = _run(session, statement, places, values)
    try:
        for row in cursor:
            yield row if compiled is None else compiled.row(row)
    finally:
        cursor.close()


def write(session: Session, statement: Statement | str, *places: Any, **values: Any) -> Any:
    """Run a statement that writes, and return the driver's cursor."""
    cursor, _ = _run(session, statement, places, values)
    session.expire_all()
    return cursor


def returned(session: Session, statement: Statement, **values: Any) -> Any:
    """Run a statement that writes, and return the first row of what it returns, or None."""
    row = one(session, statement, **values)
    session.expire_all()
    return row


def members(name: str, type_: Any) -> Select[Any]:
    """Return a subquery of any number of values that a call gives as one, for `in_`."""
    table = Each(_Param(name, None, type_=_ValueSet(type_), required=False)).table_valued(column("value", type_))
    return select(table.c.value)


def _run(
    session: Session, statement: Statement | str, places: tuple[Any, ...], values: dict[str, Any]
) -> tuple[Any, _Compiled | None]:
    session.flush()
    held: tuple[Any, Dialect] | None = session.info.get(_DRIVER)
    driver, dialect = _hold(session) if held is None else held
    if isinstance(statement, str):
        return driver.execute(statement, values or places), None
    compiled = statement.compiled(dialect)
    return driver.execute(compiled.text, compiled.values(values)), compiled


def _hold(session: Session) -> tuple[Any, Dialect]:
    """Keep what every statement of a transaction needs: asking for it takes as long as a small statement."""
    connection = session.connection()
    driver = connection.connection.driver_connection
    session.info[_DRIVER] = driver, connection.dialect
    return driver, connection.dialect


@event.listens_for(Session, "after_transaction_end")
def _let_go(session: Any, _: Any) -> None:
    session.info.pop(_DRIVER, None)


def stored(at: datetime | None) -> int | None:
    """A time as a column keeps it."""
    return None if at is None else microseconds(at)


def read(value: int | None) -> datetime | None:
    """A time as a column kept it."""
    return None if value is None else moment(value)


def among(values: Iterable[int | str]) -> str:
    """Any number of values as one, for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(values))


def as_json(value: Any) -> str:
    """A JSON column's text, as the mapped classes write it."""
    return json.dumps(value)


def from_json(value: str) -> Any:
    """What a JSON column's text says."""
    return json.loads(value)


def ids_among(ids: Iterable[int]) -> Select[int]:
    """A subquery of these ids, for `in_`."""
    return select(func.json_each(json.dumps(list(ids))).table_valued(column("value", Integer)).c.value)


def texts_among(texts: Iterable[str]) -> Select[str]:
    """A subquery of these texts, for `in_`."""
    return select(func.json_each(json.dumps(list(texts))).table_valued(column("value", String)).c.value)
