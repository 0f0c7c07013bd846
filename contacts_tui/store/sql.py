"""Statements: written once against the tables, compiled once for the engine, and run through the driver.

A statement is an expression of SQLModel in which `param` stands for each value that a call gives by name. Values and
rows have the columns' types: a time is an aware datetime, a JSON column what it holds.
"""

import importlib
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from inspect import signature
from itertools import chain
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    Dialect,
    Engine,
    Integer,
    Select,
    column,
    delete,
    event,
    update,
)
from sqlalchemy import insert as insert_into
from sqlalchemy import select as any_columns
from sqlmodel import Session, SQLModel, select

from contacts_tui.store import backends
from contacts_tui.store.compiled import Compiled, Param, Row
from contacts_tui.store.expressions import Each, ValueSet

Kind = TypeVar("Kind")

AT_ONCE = 100
"""Rows of one INSERT: drivers take some thousand values."""
_DRIVER = "driver"
"""The key under which a session keeps what `_hold` returns, for as long as its transaction lasts."""

_Held = tuple[Any, Dialect, Callable[[str, Any], object]]
"""The driver's connection, its dialect, and the function that runs a statement whose result isn't needed."""


class Statement:
    """A statement, compiled at its first use."""

    __slots__ = ("_build", "_columns", "_compiled")

    def __init__(self, build: Callable[[Dialect], Any], columns: Sequence[str] = ()) -> None:
        """Take the expression from `build`; an INSERT fills each of `columns` with a value of the call."""
        self._build = build
        self._columns = list(columns)
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: Dialect) -> "Compiled":
        """Return the statement as the driver of this dialect takes it."""
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = Compiled(self._build(dialect), dialect, self._columns)
        return found


class Record(Generic[Kind]):
    """A dataclass or named tuple as rows hold it: the columns of its fields in their order, and one way to read it."""

    def __init__(
        self,
        kind: type[Kind],
        table: type[SQLModel],
        read: Mapping[str, Callable[[Any], Any]] | None = None,
        **columns: Any,
    ) -> None:
        """Take each field from the column of its name, or that in `columns`; `read` turns values into the field's."""
        names = list(signature(kind).parameters)
        self.columns = [columns[name] if name in columns else getattr(table, name) for name in names]
        self._kind = kind
        self._table = table
        self._reads = [(place, read[name]) for place, name in enumerate(names) if read and name in read]

    def query(self, *conditions: Any) -> Any:
        """Return a SELECT of the records for which all of these conditions hold."""
        return any_columns(*self.columns).where(*conditions)

    def lookup(self, *by: str, where: Sequence[Any] = (), order: Any = (), limit: int | str = 0) -> Statement:
        """Return a statement that selects the records with given values in these columns: see the function `lookup`."""
        return lookup(self._table, by, *self.columns, where=where, order=order, limit=limit)

    def of(self, row: Row) -> Kind:
        """Return the record that a row of these columns holds."""
        values = list(row)
        for place, read_value in self._reads:
            values[place] = read_value(values[place])
        return self._kind(*values)

    def one(self, session: Session, statement: Statement, **values: Any) -> Kind | None:
        """Return the record of the first row, or None."""
        row = one(session, statement, **values)
        return None if row is None else self.of(row)

    def existing(self, session: Session, statement: Statement, **values: Any) -> Kind:
        """Return the record of the first row. Raise LookupError when there is none."""
        found = self.one(session, statement, **values)
        if found is None:
            raise LookupError(f"there is no {self._kind.__name__} with {values}")
        return found

    def several(self, session: Session, statement: Statement, **values: Any) -> tuple[Kind, ...]:
        """Return the record of every row."""
        return tuple(map(self.of, several(session, statement, **values)))


def param(name: str, type_: Any = None) -> Any:
    """Return the place of a value that each call gives. Its type is that of the column beside it, or `type_`.

    In an UPDATE the name can't be that of a column of the table.
    """
    return Param(name, None, type_=type_, required=False)


def statement(build: Callable[[], Any]) -> Statement:
    """Return the statement whose expression `build` makes."""
    return Statement(lambda _: build())


def query(*columns: Any) -> Any:
    """Return a SELECT of any columns, typed as loosely as rows are."""
    return any_columns(*columns)


def lookup(
    table: type[SQLModel],
    by: str | Sequence[str],
    *columns: Any,
    where: Sequence[Any] = (),
    order: Any = (),
    limit: int | str = 0,
) -> Statement:
    """Return a statement that selects columns of the rows with given values in the columns `by`.

    Columns are named, or expressions. `where` are further conditions, `order` one expression or more, and `limit` a
    number or the name of a value.
    """

    def build(_: Dialect) -> Any:
        found = any_columns(*(_column(table, each) for each in columns)).where(*_equal(table, by), *where)
        for each in order if isinstance(order, (tuple, list)) else (order,):
            found = found.order_by(_column(table, each))
        return found.limit(param(limit, Integer()) if isinstance(limit, str) else limit) if limit else found

    return Statement(build)


def insertion(table: type[SQLModel], *columns: str) -> Statement:
    """Return a statement that inserts a row; name every column that isn't to be NULL."""
    return Statement(lambda _: insert_into(table), columns)


def replacement(table: type[SQLModel], by: Sequence[str], *columns: str) -> Statement:
    """Return a statement that inserts a row, or changes these columns of the one with its values in `by`."""

    def build(insert: Callable[..., Any]) -> Any:
        put = insert(table)
        changed = {name: put.excluded[name] for name in columns}
        return put.on_conflict_do_update(index_elements=[getattr(table, name) for name in by], set_=changed)

    return upsert(build, *by, *columns)


def blank(table: type[SQLModel]) -> dict[str, Any]:
    """Return the default values of a table's columns, by name; columns without a default are left out."""
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in table.model_fields.items()
        if not field.is_required()
    }


def upsert(build: Callable[[Callable[..., Any]], Any], *columns: str) -> Statement:
    """Return a statement that inserts a row or changes the one that is there.

    `build` makes the expression with the engine's own `insert`, which knows `on_conflict_do_update`.
    """
    return Statement(
        lambda dialect: build(importlib.import_module(f"sqlalchemy.dialects.{dialect.name}").insert), columns
    )


def change(
    table: type[SQLModel],
    by: str | Sequence[str],
    *columns: str,
    where: Sequence[Any] = (),
    returning: Sequence[str] = (),
    **values: Any,
) -> Statement:
    """Return a statement that changes rows with given values in the columns `by`, for which `where` holds too.

    The named columns get values of the call; `values` are expressions for others. `returning` are columns that
    the first row gives back: see `one`.
    """

    def build(_: Dialect) -> Any:
        given = {name: param(name) for name in columns}
        change = update(table).where(*_equal(table, by), *where).values(given | values)
        return change.returning(*(getattr(table, name) for name in returning)) if returning else change

    return Statement(build)


def removal(table: type[SQLModel], *by: str, where: Sequence[Any] = ()) -> Statement:
    """Return a statement that removes the rows with given values in these columns, for which `where` holds too."""
    return Statement(lambda _: delete(table).where(*_equal(table, by), *where))


def _equal(table: type[SQLModel], names: str | Sequence[str]) -> list[Any]:
    return [getattr(table, name) == param(name) for name in ((names,) if isinstance(names, str) else names)]


def _column(table: type[SQLModel], named: Any) -> Any:
    return getattr(table, named) if isinstance(named, str) else named


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
    """Yield row by row; rows that the caller doesn't ask for are never read, and only a few are held at a time."""
    driver, dialect, _ = session.info.get(_DRIVER) or _hold(session)
    stream = backends.of_bind(session.bind).stream
    compiled = None
    if isinstance(statement, str):
        cursor = stream(driver, statement, values or places)
    else:
        compiled = statement.compiled(dialect)
        cursor = stream(driver, compiled.text, compiled.values(values))
    try:
        for row in cursor:
            yield row if compiled is None else compiled.row(row)
    finally:
        cursor.close()


def write(session: Session, statement: Statement | str, *places: Any, **values: Any) -> None:
    """Run a statement that writes, without waiting for its result: see `protocol.Backend.later`."""
    _, dialect, later = session.info.get(_DRIVER) or _hold(session)
    if isinstance(statement, str):
        later(statement, values or places)
    else:
        compiled = statement.compiled(dialect)
        later(compiled.text, compiled.values(values))


def changed(session: Session, statement: Statement | str, *places: Any, **values: Any) -> int:
    """Run a statement that writes, and return how many rows it changed."""
    return int(_run(session, statement, places, values)[0].rowcount)


def inserted(session: Session, statement: Statement, **values: Any) -> int:
    """Run an `insertion`, and return the id of the new row."""
    cursor, _ = _run(session, statement, (), values)
    return backends.of_bind(session.bind).new_id(cursor)


def write_all(session: Session, statement: Statement, rows: Iterable[dict[str, Any]]) -> None:
    """Run a writing statement once for each row."""
    driver, dialect, _ = session.info.get(_DRIVER) or _hold(session)
    compiled = statement.compiled(dialect)
    driver.cursor().executemany(compiled.text, compiled.every(rows))


def insert_all(session: Session, statement: Statement, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows with an `insertion`, many by one statement.

    An engine may write out full-text indexes at each statement that adds to a table with a trigger, which takes longer
    than all else.
    """
    driver, dialect, _ = session.info.get(_DRIVER) or _hold(session)
    compiled = statement.compiled(dialect)
    values = compiled.every(rows)
    for begin in range(0, len(values), AT_ONCE):
        some = values[begin : begin + AT_ONCE]
        driver.execute(compiled.text_for(len(some)), list(chain.from_iterable(some)))


def write_each(session: Session, statement: str, rows: Sequence[Row]) -> None:
    """Run a statement of the backend's own once for each row; the values are given by their place."""
    driver, _, _ = session.info.get(_DRIVER) or _hold(session)
    driver.cursor().executemany(statement, rows)


def driver(session: Session) -> Any:
    """Return the driver's connection, for what only the backend of this driver can ask of it."""
    return (session.info.get(_DRIVER) or _hold(session))[0]


def members(name: str, type_: Any) -> Select[Any]:
    """Return a subquery of any number of values that a call gives as one list, for `in_`."""
    table = Each(Param(name, None, type_=ValueSet(type_), required=False)).table_valued(column("value", type_))
    return select(table.c.value)


def among(column: Any, name: str) -> Any:
    """Return the condition that a column's value is one of those that a call gives as one list."""
    return column.in_(members(name, column.type))


def _run(
    session: Session, statement: Statement | str, places: tuple[Any, ...], values: dict[str, Any]
) -> tuple[Any, Compiled | None]:
    held: _Held | None = session.info.get(_DRIVER)
    driver, dialect, _ = _hold(session) if held is None else held
    if isinstance(statement, str):
        return driver.execute(statement, values or places), None
    compiled = statement.compiled(dialect)
    return driver.execute(compiled.text, compiled.values(values)), compiled


def on_driver(engine: Engine, driver: Any) -> Session:
    """Return a session whose statements go to this connection of the driver, and that begins no transaction on it."""
    session = Session(engine)
    session.info[_DRIVER] = driver, engine.dialect, backends.of_bind(engine).later(driver)
    return session


def _hold(session: Session) -> _Held:
    """Keep and return what every statement of a transaction needs: asking for it takes as long as a small statement."""
    connection = session.connection()
    driver = connection.connection.driver_connection
    held = session.info[_DRIVER] = driver, connection.dialect, backends.of_bind(session.bind).later(driver)
    return held


@event.listens_for(Session, "after_transaction_end")
def _let_go(session: Any, _: Any) -> None:
    session.info.pop(_DRIVER, None)
